"""Two dots a row, joined: the plan and doing nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sufficiency.report.content.figure import Figure
from sufficiency.report.page.charts.bars import name_lines
from sufficiency.report.page.charts.scale import Scale, axis_of, tick_words
from sufficiency.report.page.charts.svg import element, picture, printed, text

ROW = 30.0


@dataclass(frozen=True)
class Pair:
    """A row: under the plan, and if nothing more is done."""

    name: str
    plan: Figure
    nothing: Figure


def dots_chart(label: str, rows: list[Pair], width: float, names: float) -> Markup:
    """Pairs of dots on one scale from nothing."""
    ticks = axis_of([one.value for row in rows for one in (row.plan, row.nothing)], from_nothing=True)
    across = Scale(ticks[0], ticks[-1], names + 6, width - 52)
    height = 26 + ROW * len(rows)
    parts = []
    for tick in ticks:
        x = across.at(tick)
        parts.append(element("line", x1=x, x2=x, y1=2, y2=height - 22, class_="zero" if tick == 0 else "grid"))
        parts.append(text(tick_words(tick, rows[0].plan.unit), x, height - 6, class_="tick", text_anchor="middle"))
    for number, row in enumerate(rows):
        top = number * ROW
        y = top + ROW / 2
        plan, nothing = across.at(row.plan.value), across.at(row.nothing.value)
        parts += name_lines(row.name, names, top, ROW)
        parts.append(element("line", x1=plan, x2=nothing, y1=y, y2=y, class_="join"))
        parts.append(element("circle", cx=nothing, cy=y, r=5, class_="dot nothing"))
        parts.append(element("circle", cx=plan, cy=y, r=6, class_="dot plan"))
        for figure, x, style, right in (
            (row.plan, plan, "plan", plan >= nothing),
            (row.nothing, nothing, "nothing", nothing > plan),
        ):
            parts.append(
                printed(
                    figure,
                    "text",
                    x=x + (10 if right else -10),
                    y=y + 4.5,
                    text_anchor="start" if right else "end",
                    class_=f"value {style}",
                )
            )
    return picture(width, height, label, *parts)
