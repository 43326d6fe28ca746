"""The charts of the paper as pictures."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING

from sufficiency.report.content.exhibit import Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.paper import Step, Waterfall
from sufficiency.report.content.tables import Colour
from sufficiency.report.content.words import Bare, plain
from sufficiency.report.maps.style import drawing_style
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, millions
from sufficiency.report.workbook.style import COLOURS, INK, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

WIDE, DOTS = 6.3, 200
"""Inches across a page of A4 between its margins, and dots to the inch."""
APART = 0.085
"""Of the height of a chart: names at the end of lines are no nearer than this."""


def waterfall(shown: Waterfall) -> bytes:
    """From one total to the next, as bars from left to right, each named on its left."""
    with drawing_style():
        picture, axes = _blank(0.5 * len(shown.bars) + 0.5)
        so_far, most = 0.0, max(figure.value for _, figure, _ in shown.bars)
        for at, (_, figure, step) in enumerate(shown.bars):
            total = step is Step.TOTAL
            left = 0.0 if total else so_far - figure.value
            colour = (
                COLOURS[Colour.NOTHING_MORE] if at == 0 else COLOURS[Colour.PLAN] if total else COLOURS[Colour.NEED]
            )
            axes.barh(at, figure.value, left=left, color=colour, height=0.62)
            text = figure.text if total else f"−{Bare(figure).text}"
            axes.text(max(left + figure.value, so_far) + most * 0.012, at, text, va="center", color=INK, fontsize=9)
            so_far = figure.value if total else left
        axes.set_yticks(range(len(shown.bars)), [fill(label, 26) for label, _, _ in shown.bars])
        axes.invert_yaxis()
        axes.set_xlim(0, most * 1.16)
        axes.set_xticks([])
        axes.tick_params(axis="y", length=0, labelsize=9, labelcolor=INK)
        axes.spines["left"].set_visible(True)
        axes.spines["left"].set_color(INK)
        return _png(picture)


def lines(table: Exhibit) -> bytes:
    """Each row of a table of years as a line, named at its end."""
    with drawing_style():
        picture, axes = _blank(2.5)
        ends, most = [], 0.0
        pounds = any(isinstance(cell, Figure) and cell.unit.startswith("£") for row in table.rows for cell in row)
        for at, row in enumerate(table.rows):
            points = [
                (year, cell.value) for year, cell in zip(table.years, row[1:], strict=True) if isinstance(cell, Figure)
            ]
            if points:
                colour = _colour(plain(row[0]), at)
                years, values = zip(*points, strict=True)
                axes.plot(years, values, color=colour, linewidth=2.2, linestyle="-" if at != 1 else "--")
                ends.append((values[-1], plain(row[0]), colour))
                most = max(most, *values)
        least = min(0.0, *(end[0] for end in ends))
        axes.set_ylim(least * 1.08, most * 1.08)
        axes.set_xlim(table.years[0], table.years[-1])
        shown = table.years[:: 2 if len(table.years) > 7 else 1]
        axes.set_xticks(shown, [academic_year(year) for year in shown])
        axes.yaxis.set_major_formatter(lambda value, _: _axis(value, pounds))
        axes.tick_params(labelsize=8, labelcolor=QUIET, length=0)
        axes.grid(axis="y", color="#e4e8ea", linewidth=0.6)
        for height, (value, label, colour) in zip(_spread([end[0] for end in ends], most), ends, strict=True):
            axes.annotate(
                fill(label, 30),
                (table.years[-1], value),
                (table.years[-1] + 0.03 * (table.years[-1] - table.years[0]), height),
                color=colour,
                fontsize=8,
                va="center",
                annotation_clip=False,
            )
        return _png(picture)


def _spread(values: list[float], most: float) -> list[float]:
    """Heights for names, each near its value and none over another."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    heights = list(values)
    for below, above in pairwise(order):
        heights[above] = max(heights[above], heights[below] + most * APART * 1.7)
    return heights


def _colour(label: str, at: int) -> str:
    if DO_NOTHING_MORE in label.lower():
        return COLOURS[Colour.NOTHING_MORE] if at == 0 else QUIET
    return COLOURS[Colour.NEED] if at == 0 else COLOURS[Colour.PLAN]


def _axis(value: float, pounds: bool) -> str:
    return millions(value) if pounds else f"{value:,.0f}"


def _blank(high: float) -> tuple[Picture, Axes]:
    from matplotlib.figure import Figure as Picture

    picture = Picture(figsize=(WIDE, high), dpi=DOTS, layout="constrained")
    axes = picture.add_subplot()
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    return picture, axes


def _png(picture: Picture) -> bytes:
    held = BytesIO()
    picture.savefig(held, format="png", dpi=DOTS, metadata={"Software": None})
    return held.getvalue()
