"""The column beside a map that says what its colours, markers and lines mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sufficiency.report.maps.page import SIDE_WIDTH, Page, wrapped
from sufficiency.report.maps.style import INK, QUIET, STRETCH, marker_colours

SWATCH = 0.34
TEXT_LEFT = 0.46
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)


@dataclass(frozen=True)
class Entry:
    """One line of a legend: a patch, a marker (`diameter` in points) or a line (`width` in points), and its words."""

    words: str
    colour: str = ""
    marker: str = ""
    diameter: float = 8.0
    width: float = 0.0
    alpha: float = 1.0
    is_ring: bool = False


@dataclass(frozen=True)
class Block:
    """A part of the legend under a heading; `about` is said in small print below the heading."""

    heading: str
    entries: tuple[Entry, ...]
    about: str = ""


def draw_legend(page: Page, blocks: Sequence[Block]) -> None:
    """The blocks one below the other, in the largest print with which they fit."""
    for size in SIZES:
        if _lay_out(page, blocks, size, draw=False) <= page.side_height:
            break
    _lay_out(page, blocks, size, draw=True)


def _lay_out(page: Page, blocks: Sequence[Block], size: float, draw: bool) -> float:
    line = size * 1.3 / 72
    down = 0.0
    for block in blocks:
        if not block.entries:
            continue
        down = _text(page, 0.0, down, block.heading, size + 0.5, line * 1.05, draw, bold=True)
        if block.about:
            down = _text(page, 0.0, down, block.about, size - 1, line * 0.9, draw, colour=QUIET)
        down += line * 0.25
        for entry in block.entries:
            lines = wrapped(page.figure, entry.words, SIDE_WIDTH - TEXT_LEFT, size)
            height = max(len(lines) * line, (entry.diameter / 72 if entry.marker else 0.0) + 0.03, line) + 0.05
            if draw:
                _swatch(page, entry, down + height / 2, line)
                page.side.text(
                    TEXT_LEFT,
                    down + height / 2,
                    "\n".join(lines),
                    fontsize=size,
                    va="center_baseline" if len(lines) == 1 else "center",
                    linespacing=1.15,
                )
            down += height
        down += line
    return down - line


def _text(
    page: Page,
    left: float,
    down: float,
    text: str,
    size: float,
    line: float,
    draw: bool,
    *,
    bold: bool = False,
    colour: str = INK,
) -> float:
    for words in wrapped(page.figure, text, SIDE_WIDTH - left, size, bold):
        if draw:
            page.side.text(
                left, down, words, fontsize=size, color=colour, fontweight="bold" if bold else "normal", va="top"
            )
        down += line
    return down


def _swatch(page: Page, entry: Entry, middle: float, line: float) -> None:
    if entry.width:
        across = [0.0, SWATCH]
        page.side.add_line(
            Line2D(
                across, [middle, middle], color=entry.colour, lw=entry.width, alpha=entry.alpha, solid_capstyle="butt"
            )
        )
    elif entry.marker:
        page.side.plot(
            [SWATCH / 2],
            [middle],
            marker=entry.marker,
            markersize=entry.diameter * STRETCH.get(entry.marker, 1.0),
            clip_on=False,
            **marker_colours(entry.colour, entry.is_ring),
            linestyle="none",
        )
    else:
        high = line * 0.9
        page.side.add_patch(
            Rectangle((0, middle - high / 2), SWATCH, high, facecolor=entry.colour, edgecolor="#7a7a7a", linewidth=0.5)
        )
