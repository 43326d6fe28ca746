"""Names on a map that hide neither each other nor the markers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sufficiency.report.maps.page import Page, text_width, wrapped
from sufficiency.report.maps.style import INK

Floats = NDArray[np.float64]

LINE = 1.25
"""Height of a line of text against its size."""
GAP = 2.5
"""Points between a marker and its name."""
LETTERS = 21
"""About as many letters go on a line of a name."""
RINGS = (10.0, 20.0, 32.0, 46.0)
"""Points between a marker and a name that stands further off."""


@dataclass(frozen=True)
class Label:
    """A name for the point (x, y), in metres, whose marker has `radius` points."""

    name: str
    x: float
    y: float
    radius: float = 0.0
    is_important: bool = False
    """Whether it may stand further off, with a line to its marker, rather than be left out."""


def draw_labels(
    page: Page,
    axes: Axes,
    labels: Sequence[Label],
    avoid: Sequence[Label],
    *,
    size: float = 7.0,
    most: int = 20,
    bold: bool = False,
) -> list[str]:
    """Writes the first names that fit, at most `most`; returns those written. `avoid` are the markers not to cover."""
    points = page.figure.dpi / 72
    taken = [_marker_box(axes, label, points) for label in avoid]
    frame = axes.get_window_extent()
    written: list[str] = []
    for label in labels:
        if len(written) == most:
            break
        lines = wrapped(page.figure, label.name, size * LETTERS * 0.6 / 72, size, bold)
        if not lines:
            continue
        wide = max(text_width(page.figure, line, size, bold) for line in lines) * page.figure.dpi
        high = len(lines) * size * LINE * points
        bounds = (frame.x0, frame.y0, frame.x1, frame.y1)
        box = next(_free_boxes(_near(axes, label, (wide, high), points), (wide, high), taken, bounds, points), None)
        if box is None and label.is_important:
            far = _free_boxes(_far(axes, label, (wide, high), points), (wide, high), taken, bounds, points)
            box = next((box for box in far if _is_clear(*_lead(axes, label, box), taken)), None)
            if box is not None:
                ends = axes.transData.inverted().transform(_lead(axes, label, box))
                axes.plot(ends[:, 0], ends[:, 1], color=INK, linewidth=0.5, zorder=3.9)
        if box is None:
            continue
        taken.append(box)
        written.append(label.name)
        x, y = axes.transData.inverted().transform(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        axes.text(
            x,
            y,
            "\n".join(lines),
            fontsize=size,
            ha="center",
            va="center",
            linespacing=1.05,
            zorder=9,
            color=INK,
            fontweight="bold" if bold else "normal",
            bbox={"boxstyle": "square,pad=0.08", "facecolor": "white", "alpha": 0.72, "linewidth": 0},
        )
    return written


def _marker_box(axes: Axes, label: Label, points: float) -> Floats:
    x, y = axes.transData.transform((label.x, label.y))
    radius = label.radius * points
    return np.array([x - radius, y - radius, x + radius, y + radius])


def _near(axes: Axes, label: Label, size: tuple[float, float], points: float) -> list[tuple[float, float]]:
    """Middles of boxes beside the marker, the best first; without a marker, on the point itself."""
    x, y = axes.transData.transform((label.x, label.y))
    across, up = size[0] / 2, size[1] / 2
    if label.radius == 0:
        return [(x, y), (x, y + 2 * up), (x, y - 2 * up), (x + across, y), (x - across, y)]
    apart = (label.radius + GAP) * points
    return [
        (x + apart + across, y),
        (x - apart - across, y),
        (x, y + apart + up),
        (x, y - apart - up),
        (x + apart + across, y + apart + up),
        (x - apart - across, y + apart + up),
        (x + apart + across, y - apart - up),
        (x - apart - across, y - apart - up),
    ]


def _far(axes: Axes, label: Label, size: tuple[float, float], points: float) -> list[tuple[float, float]]:
    """Middles of boxes in rings about the marker, the nearest first."""
    x, y = axes.transData.transform((label.x, label.y))
    angles = np.arange(16) * np.pi / 8
    return [
        (float(x + np.cos(angle) * (ring + size[0] / 2)), float(y + np.sin(angle) * (ring + size[1] / 2)))
        for ring in (np.array(RINGS) + label.radius) * points
        for angle in angles
    ]


def _lead(axes: Axes, label: Label, box: Floats) -> tuple[Floats, Floats]:
    """The ends of the line from a marker to the nearest point of its name, in dots."""
    start = np.asarray(axes.transData.transform((label.x, label.y)), dtype=np.float64)
    return start, np.clip(start, box[:2], box[2:])


def _is_clear(start: Floats, end: Floats, taken: Sequence[Floats]) -> bool:
    """Whether a line crosses no marker or name but those that it starts in."""
    boxes = np.array(taken).reshape(-1, 4)
    others = boxes[~overlaps(np.concatenate([start, start]), boxes)]
    steps = start + (end - start) * np.linspace(0.0, 1.0, 40)[:, None]
    return not any(overlaps(np.concatenate([step, step]), others).any() for step in steps)


def _free_boxes(
    middles: Sequence[tuple[float, float]],
    size: tuple[float, float],
    taken: Sequence[Floats],
    frame: tuple[float, float, float, float],
    apart: float,
) -> Iterator[Floats]:
    """The boxes of that size about the middles that are inside the frame and free."""
    boxes = np.array(taken).reshape(-1, 4)
    for x, y in middles:
        box = np.array([x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2])
        inside = box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
        if inside and not overlaps(box + np.array([-1, -1, 1, 1]) * apart, boxes).any():
            yield box


def overlaps(box: Floats, boxes: Floats) -> NDArray[np.bool_]:
    """Which of the boxes [N, 4] (left, bottom, right, top) the box cuts into."""
    return np.asarray((boxes[:, 0] < box[2]) & (boxes[:, 2] > box[0]) & (boxes[:, 1] < box[3]) & (boxes[:, 3] > box[1]))
