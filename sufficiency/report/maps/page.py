"""The page a map is printed on: A4 landscape, with title, panels on one scale, room for the legend, and the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon
from matplotlib_scalebar.scalebar import ScaleBar

from sufficiency.report.maps.classes import round_down
from sufficiency.report.maps.style import BACKDROP, DPI, INK, QUIET, WARNING
from sufficiency.standing import Standing

WIDTH, HEIGHT = 11.69, 8.27
EDGE = 0.45
TITLE_HEIGHT, FOOT_HEIGHT = 0.75, 0.80
SIDE_WIDTH, SIDE_GAP = 2.45, 0.25
CAPTION_HEIGHT, PANEL_GAP = 0.24, 0.12
MARK_SIZE = 10.5
MARGIN = 0.04
"""Share of the areas' width and height left free around them."""

View = tuple[float, float, float, float]


@dataclass(frozen=True)
class Page:
    """A page with its panels ready to draw on.

    `view` is what each panel shows, in metres; `side`, the column for the legend, counts in inches from its top.
    """

    figure: Figure
    panels: tuple[Axes, ...]
    side: Axes
    view: View
    scale: float
    """Inches of panel width, against that of a single map: markers shrink with it."""

    @property
    def side_height(self) -> float:
        """Inches of the side column that the legend may use; scale bar and north arrow stand below."""
        return HEIGHT - 2 * EDGE - TITLE_HEIGHT - FOOT_HEIGHT - 0.75

    def holds(self, points: object) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which of the points [N, 2] are inside the view."""
        x, y = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
        left, bottom, right, top = self.view
        return np.asarray((x >= left) & (x <= right) & (y >= bottom) & (y <= top))


def new_page(
    title: str, subtitle: str, captions: Sequence[str], extent: View, standing: Standing | None = None
) -> Page:
    """A page with one panel for each caption; a single panel has no caption of its own."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    left, bottom = EDGE, EDGE + FOOT_HEIGHT
    width, height = WIDTH - 2 * EDGE - SIDE_WIDTH - SIDE_GAP, HEIGHT - EDGE - TITLE_HEIGHT - bottom
    _title(figure, title, subtitle, standing.mark if standing else "")
    spread = _with_margin(extent)
    caption = CAPTION_HEIGHT if len(captions) > 1 else 0.0
    rows, columns = best_grid(len(captions), width, height, caption, (spread[2] - spread[0]) / (spread[3] - spread[1]))
    wide = (width - PANEL_GAP * (columns - 1)) / columns
    high = (height - PANEL_GAP * (rows - 1)) / rows - caption
    view = _fill(spread, wide / high)
    panels = []
    for place, words in enumerate(captions):
        row, column = divmod(place, columns)
        x, y = left + column * (wide + PANEL_GAP), bottom + height - row * (high + caption + PANEL_GAP) - caption - high
        panels.append(_panel(figure, (x, y, wide, high), view))
        if caption:
            figure.text(x / WIDTH, (y + high + 0.06) / HEIGHT, words, fontsize=9.5, fontweight="bold", va="bottom")
    side = figure.add_axes((1 - (EDGE + SIDE_WIDTH) / WIDTH, bottom / HEIGHT, SIDE_WIDTH / WIDTH, height / HEIGHT))
    side.set(xlim=(0, SIDE_WIDTH), ylim=(height, 0))
    side.set_axis_off()
    _north(side, height)
    _scale_bar(panels[0], (view[2] - view[0]) / wide)
    return Page(figure, tuple(panels), side, view, float(np.sqrt(wide / width)))


def best_grid(count: int, width: float, height: float, caption: float, shape: float) -> tuple[int, int]:
    """Rows and columns in which `count` panels show a map of that shape (width ÷ height) largest."""

    def size(columns: int) -> float:
        rows = -(-count // columns)
        wide = (width - PANEL_GAP * (columns - 1)) / columns
        high = (height - PANEL_GAP * (rows - 1)) / rows - caption
        return round(min(wide, high * shape), 6)

    columns = max(range(1, count + 1), key=lambda columns: (size(columns), -columns))
    return -(-count // columns), columns


def _with_margin(extent: View) -> View:
    across, up = (extent[2] - extent[0]) * MARGIN, (extent[3] - extent[1]) * MARGIN
    return extent[0] - across, extent[1] - up, extent[2] + across, extent[3] + up


def _fill(extent: View, shape: float) -> View:
    """The extent, grown about its middle to the shape of the panel."""
    across, up = extent[2] - extent[0], extent[3] - extent[1]
    more_across, more_up = max(up * shape - across, 0.0) / 2, max(across / shape - up, 0.0) / 2
    return extent[0] - more_across, extent[1] - more_up, extent[2] + more_across, extent[3] + more_up


def _panel(figure: Figure, box: tuple[float, float, float, float], view: View) -> Axes:
    x, y, wide, high = box
    axes = figure.add_axes((x / WIDTH, y / HEIGHT, wide / WIDTH, high / HEIGHT), facecolor=BACKDROP)
    axes.set(xlim=(view[0], view[2]), ylim=(view[1], view[3]), xticks=[], yticks=[], autoscale_on=False, aspect=1)
    axes.spines[:].set_color("#9a9a9a")
    return axes


def _title(figure: Figure, title: str, subtitle: str, mark: str) -> None:
    tag = text_width(figure, mark, MARK_SIZE, bold=True) + 0.45 if mark else 0.0
    top = 1 - EDGE / HEIGHT
    size = fitting_size(figure, title, WIDTH - 2 * EDGE - tag, 17.0, bold=True)
    figure.text(EDGE / WIDTH, top, title, fontsize=size, fontweight="bold", va="top")
    size = fitting_size(figure, subtitle, WIDTH - 2 * EDGE, 10.5)
    figure.text(EDGE / WIDTH, top - 0.38 / HEIGHT, subtitle, fontsize=size, color=QUIET, va="top")
    if mark:
        box = {"boxstyle": "square,pad=0.35", "facecolor": "white", "edgecolor": WARNING, "linewidth": 1.2}
        figure.text(
            1 - (EDGE + 0.06) / WIDTH,
            top - 0.04 / HEIGHT,
            mark,
            fontsize=MARK_SIZE,
            fontweight="bold",
            color=WARNING,
            ha="right",
            va="top",
            bbox=box,
        )


def write_foot(page: Page, notes: Sequence[str], source: str) -> None:
    """The notes, in small print that always fits, and the source line at the foot of the page."""
    source_size = fitting_size(page.figure, source, WIDTH - 2 * EDGE, 8.0)
    page.figure.text(EDGE / WIDTH, EDGE / HEIGHT, source, fontsize=source_size, color=QUIET, va="bottom")
    text = " ".join(notes)
    room = FOOT_HEIGHT - 0.30
    for size in (8.0, 7.5, 7.0, 6.5, 6.0, 5.5):
        lines = wrapped(page.figure, text, WIDTH - 2 * EDGE, size)
        if len(lines) * size * 1.25 / 72 <= room:
            break
    top = (EDGE + FOOT_HEIGHT - 0.10) / HEIGHT
    page.figure.text(EDGE / WIDTH, top, "\n".join(lines), fontsize=size, va="top", linespacing=1.2)


def text_width(figure: Figure, text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in inches."""
    canvas: Any = figure.canvas  # the Agg canvas of `new_page`, which alone can measure text
    font = FontProperties(family="sans-serif", size=size, weight="bold" if bold else "normal")
    across, _, _ = canvas.get_renderer().get_text_width_height_descent(text, font, ismath=False)
    return float(across) / figure.dpi


def fitting_size(figure: Figure, text: str, width: float, size: float, bold: bool = False) -> float:
    """The font size, at most `size`, at which the text fits on one line."""
    share = width / max(text_width(figure, text, size, bold), 1e-6)
    return size if share >= 1 else size * share * 0.98  # letters do not shrink quite evenly


def wrapped(figure: Figure, text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width` inches; a single longer word keeps a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(figure, longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _north(side: Axes, height: float) -> None:
    x, foot = SIDE_WIDTH - 0.25, height - 0.02
    side.add_patch(Polygon([(x, foot - 0.42), (x - 0.1, foot), (x, foot - 0.09)], facecolor=INK, edgecolor=INK, lw=0.6))
    side.add_patch(
        Polygon([(x, foot - 0.42), (x + 0.1, foot), (x, foot - 0.09)], facecolor="white", edgecolor=INK, lw=0.6)
    )
    side.text(x, foot - 0.46, "N", fontsize=9, fontweight="bold", ha="center", va="bottom")


def _scale_bar(panel: Axes, metres_per_inch: float) -> None:
    metres = round_down(1.5 * metres_per_inch)
    in_km = metres >= 1000
    bar = ScaleBar(
        1.0,
        "m",
        fixed_value=metres / 1000 if in_km else metres,
        fixed_units="km" if in_km else "m",
        location="lower left",
        bbox_to_anchor=(1 - (EDGE + SIDE_WIDTH) / WIDTH, (EDGE + FOOT_HEIGHT) / HEIGHT),
        bbox_transform=panel.figure.transFigure,
        width_fraction=0.008,
        pad=0.0,
        border_pad=0.0,
        box_alpha=0.0,
        color=INK,
        scale_loc="top",
        font_properties={"size": 8.5},
        scale_formatter=lambda value, unit: f"{value:,.0f} {unit}",
    )
    panel.add_artist(bar)
