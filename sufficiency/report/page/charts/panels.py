"""The same rows in several panels of bars, a panel a measure, each with its own scale from nothing."""

from __future__ import annotations

from markupsafe import Markup

from sufficiency.report.content.figure import Figure
from sufficiency.report.page.charts.bars import name_lines
from sufficiency.report.page.charts.scale import Scale
from sufficiency.report.page.charts.svg import element, picture, printed, text

ROW, HEAD, BAR, GAP = 32.0, 46.0, 12.0, 16.0

Rows = list[tuple[str, list[Figure | None]]]


def panels_chart(label: str, measures: list[str], rows: Rows, width: float, names: float) -> Markup:
    """Panels side by side; the first row is doing nothing more, the second the plan."""
    room = (width - names) / len(measures)
    height = HEAD + ROW * len(rows) + 4
    parts = []
    for number, (name, _) in enumerate(rows):
        parts += name_lines(name, names - 10, HEAD + number * ROW, ROW)
    for place, measure in enumerate(measures):
        left = names + place * room
        parts.append(_panel(measure, [figures[place] for _, figures in rows], left, room - GAP, height))
    return picture(width, height, label, *parts)


def stacked_panels(label: str, measures: list[str], rows: Rows, width: float, names: float) -> Markup:
    """The same for a phone: a panel below the other."""
    tall = HEAD + ROW * len(rows) + 12
    parts = []
    for place, measure in enumerate(measures):
        shift = f"translate(0 {place * tall:.0f})"
        inside: list[Markup] = []
        for number, (name, _) in enumerate(rows):
            inside += name_lines(name, names - 10, HEAD + number * ROW, ROW)
        inside.append(_panel(measure, [figures[place] for _, figures in rows], names, width - names - 6, tall - 8))
        parts.append(element("g", *inside, transform=shift))
    return picture(width, tall * len(measures), label, *parts)


def _panel(measure: str, figures: list[Figure | None], left: float, room: float, height: float) -> Markup:
    values = [abs(figure.value) for figure in figures if figure is not None]
    across = Scale(0.0, max([*values, 1e-9]), 0.0, room - 56)
    parts = [text(line, left, 14 + 15 * number, class_="head") for number, line in enumerate(_head(measure, room))]
    for number, figure in enumerate(figures):
        if figure is None:
            continue
        top = HEAD + number * ROW + (ROW - BAR) / 2
        style = ("nothing", "plan", "scenario")[min(number, 2)]
        long = max(across.at(abs(figure.value)), 0.6)
        parts.append(element("rect", x=left, y=top, width=long, height=BAR, class_=f"bar {style}"))
        parts.append(printed(figure, "text", x=left + long + 5, y=top + BAR - 1.5, class_=f"value {style}"))
    parts.append(element("line", x1=left, x2=left, y1=HEAD - 2, y2=height - 2, class_="zero"))
    return Markup("").join(parts)


def _head(words: str, room: float) -> list[str]:
    most, lines = max(int(room / 6.3), 8), [""]
    for word in words.split():
        if len(lines[-1]) + len(word) + 1 > most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]
