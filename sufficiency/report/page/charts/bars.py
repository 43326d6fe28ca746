"""Bars: from nothing, each with its name before it and its number behind it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sufficiency.codes import academic_year
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.words import Bare, Shown
from sufficiency.report.page.charts.scale import Scale
from sufficiency.report.page.charts.svg import element, picture, printed, text

ROW, BAR = 34.0, 14.0


@dataclass(frozen=True)
class Bar:
    """A name with one figure, or two to compare (the second in grey, below the first)."""

    name: str
    figure: Shown
    other: Shown | None = None
    before: str = ""


def bars_chart(label: str, bars: list[Bar], width: float, names: float, style: str = "plan") -> Markup:
    """Bars across; `names` is the room for names. Those below nothing go to the left."""
    has_other = any(bar.other is not None for bar in bars)
    row = ROW + (12 if has_other else 0)
    values = [_value(one) for bar in bars for one in (bar.figure, bar.other) if one is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    across = Scale(low, high if high > low else 1.0, names + (58 if low < 0 else 4), width - 70)
    parts = []
    for number, bar in enumerate(bars):
        top = 6 + number * row
        parts += name_lines(bar.name, names, top, row)
        parts += _bar(bar.figure, across, top + (6 if has_other else 9), style, bar.before)
        if bar.other is not None:
            parts += _bar(bar.other, across, top + 6 + BAR + 3, "nothing", "")
    height = 12 + len(bars) * row
    zero = across.at(0)
    parts.append(element("line", x1=zero, x2=zero, y1=2, y2=height - 4, class_="zero"))
    return picture(width, height, label, *parts)


def name_lines(name: str, room: float, top: float, row: float) -> list[Markup]:
    """The name of a row in the `room` before it, on two lines where one is too short."""
    most = int(room / 6.6)
    if len(name) <= most:
        return [text(name, 0, top + row / 2 + 3, class_="row")]
    cut = name.rfind(" ", 0, most + 1)
    first, rest = (name[:cut], name[cut + 1 :]) if cut > 0 else (name[:most], name[most:])
    rest = rest if len(rest) <= most else rest[: most - 1].rstrip() + "…"
    return [
        text(first, 0, top + row / 2 - 4, class_="row"),
        text(rest, 0, top + row / 2 + 10, class_="row"),
    ]


def _value(shown: Shown) -> float:
    return abs(shown.figure.value) if isinstance(shown, Bare) else shown.value


def _bar(figure: Shown, across: Scale, top: float, style: str, before: str) -> list[Markup]:
    start, end = across.at(0), across.at(_value(figure))
    left, wide = min(start, end), max(abs(end - start), 0.6)
    anchor, x = ("end", left - 6) if _value(figure) < 0 else ("start", left + wide + 6)
    value = element(
        "text",
        Markup("") if not before else Markup('<tspan class="quiet">{}</tspan>').format(before + " "),
        printed(figure),
        x=x,
        y=top + BAR - 2,
        class_=f"value {style}",
        text_anchor=anchor,
    )
    return [element("rect", x=left, y=top, width=wide, height=BAR, class_=f"bar {style}"), value]


def columns_chart(label: str, figures: dict[int, Figure], width: float, height: float, style: str = "short") -> Markup:
    """A column a year, each with its number on top."""
    years = sorted(figures)
    top, bottom = 26.0, 26.0
    up = Scale(0.0, max([figure.value for figure in figures.values()] + [1.0]), height - bottom, top)
    step = width / max(len(years), 1)
    wide = min(step * 0.66, 54.0)
    parts = []
    for number, year in enumerate(years):
        x, y = (number + 0.5) * step, up.at(max(figures[year].value, 0.0))
        parts.append(
            element("rect", x=x - wide / 2, y=y, width=wide, height=height - bottom - y, class_=f"bar {style}")
        )
        parts.append(printed(figures[year], "text", x=x, y=y - 6, class_=f"value {style}", text_anchor="middle"))
        words = academic_year(year) if step >= 52 else f"’{year % 100:02d}"
        parts.append(text(words, x, height - 7, class_="tick", text_anchor="middle"))
    base = height - bottom
    parts.append(element("line", x1=0, x2=width, y1=base, y2=base, class_="zero"))
    return picture(width, height, label, *parts)
