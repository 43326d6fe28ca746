"""Lines over years, each named at its end: no legend to look up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from sufficiency.codes import academic_year
from sufficiency.report.content.figure import Figure
from sufficiency.report.page.charts.scale import Scale, apart, axis_of, tick_words
from sufficiency.report.page.charts.svg import element, path_of, picture, printed, text

LABEL = 15.0
"""Least distance between two labels."""


@dataclass(frozen=True)
class Line:
    """Figures by year, drawn in one `style`: plan, nothing, limit (a budget, or places) or need. `stepped`: places,
    which change in September. `name` stands at the end; a line without a name has only its number there.
    """

    name: str
    style: str
    figures: dict[int, Figure]
    stepped: bool = False


@dataclass(frozen=True)
class Frame:
    """How large a drawing is, and the room it leaves at its sides."""

    width: float
    height: float
    left: float = 46.0
    right: float = 150.0
    top: float = 14.0
    bottom: float = 26.0


WIDE, NARROW = Frame(760, 330), Frame(360, 300, left=40, right=104)


def lines_chart(
    label: str, lines: list[Line], frame: Frame, *, from_nothing: bool = True, between: tuple[int, int] | None = None
) -> Markup:
    """Lines over years; `between` names two of them, and what lies between them is tinted."""
    years = sorted({year for line in lines for year in line.figures})
    values = [figure.value for line in lines for figure in line.figures.values()]
    unit = next((figure.unit for line in lines for figure in line.figures.values()), "")
    ticks = axis_of(values, from_nothing=from_nothing)
    across = Scale(years[0], max(years[-1], years[0] + 1), frame.left + 6, frame.width - frame.right)
    up = Scale(ticks[0], ticks[-1], frame.height - frame.bottom, frame.top)
    parts = [_grid(ticks, unit, up, frame), _years(years, across, frame)]
    if between is not None:
        parts.append(_tint(lines[between[0]], lines[between[1]], across, up))
    parts += [_line(line, across, up) for line in lines]
    parts.append(_ends(lines, across, up, frame))
    return picture(frame.width, frame.height, label, *parts)


def _grid(ticks: list[float], unit: str, up: Scale, frame: Frame) -> Markup:
    parts = []
    for tick in ticks:
        y = up.at(tick)
        base = "zero" if tick == 0 else "grid"
        parts.append(element("line", x1=frame.left, x2=frame.width - frame.right + 6, y1=y, y2=y, class_=base))
        parts.append(text(tick_words(tick, unit), frame.left - 6, y + 4, class_="tick", text_anchor="end"))
    return Markup("").join(parts)


def _years(years: list[int], across: Scale, frame: Frame) -> Markup:
    room = max((across.end - across.start) / 58, 1)
    every = max(1, -(-(len(years) - 1) // int(max(room - 1, 1))))
    shown = {years[0], years[-1], *(year for year in years[::every] if years[-1] - year >= every)}
    return Markup("").join(
        text(academic_year(year), across.at(year), frame.height - 7, class_="tick", text_anchor="middle")
        for year in sorted(shown)
    )


def _points(line: Line, across: Scale, up: Scale) -> list[tuple[float, float]]:
    points = [(across.at(year), up.at(figure.value)) for year, figure in sorted(line.figures.items())]
    if not line.stepped:
        return points
    stepped = points[:1]
    for (_, before), (x, y) in pairwise(points):
        stepped += [(x, before), (x, y)]
    return stepped


def _line(line: Line, across: Scale, up: Scale) -> Markup:
    points = _points(line, across, up)
    drawn = element("path", d=path_of(points), class_=f"line {line.style}")
    end = element("circle", cx=points[-1][0], cy=points[-1][1], r=3.2, class_=f"dot {line.style}")
    return drawn + end


def _tint(one: Line, other: Line, across: Scale, up: Scale) -> Markup:
    there = sorted(set(one.figures) & set(other.figures))
    out = [(across.at(year), up.at(one.figures[year].value)) for year in there]
    back = [(across.at(year), up.at(other.figures[year].value)) for year in reversed(there)]
    return element("path", d=path_of(out + back) + "Z", class_="tint")


def _ends(lines: list[Line], across: Scale, up: Scale, frame: Frame) -> Markup:
    ends = [max(line.figures) for line in lines]
    wanted = [up.at(line.figures[year].value) for line, year in zip(lines, ends, strict=True)]
    tall = [LABEL * (1 + (len(line.name) > 0)) for line in lines]
    heights = apart(wanted, max(tall, default=LABEL), frame.top + 4, frame.height - frame.bottom - 14)
    parts = []
    for line, year, y in zip(lines, ends, heights, strict=True):
        x = across.at(year) + 9
        figure = line.figures[year]
        if line.name:
            parts.append(text(line.name, x, y - 2, class_=f"name {line.style}"))
            parts.append(printed(figure, "text", x=x, y=y + 13, class_=f"value {line.style}"))
        else:
            parts.append(printed(figure, "text", x=x, y=y + 5, class_=f"value {line.style}"))
    return Markup("").join(parts)
