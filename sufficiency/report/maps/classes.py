"""Classes for maps: round-number breaks near the quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sufficiency.report.maps.words import SMALL, pounds

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Classes:
    """Classes from low to high. Class i holds the whole numbers from `starts[i]` to below `starts[i + 1]`.

    Where `has_none`, class 0 is that of nothing at all.
    """

    starts: tuple[float, ...]
    labels: tuple[str, ...]
    has_none: bool = False
    unit: float = 1.0

    def of(self, values: ArrayLike) -> NDArray[np.intp]:
        """The class of each value."""
        return np.searchsorted(np.array(self.starts[1:]), whole(values, self.unit), side="right")


def whole(values: ArrayLike, unit: float = 1.0) -> Floats:
    """Values in whole units, halves up, as a table of whole numbers would show them."""
    return np.floor(np.asarray(values, dtype=np.float64) / unit + 0.5)


def count_classes(values: ArrayLike, none: str = "", most: int = 6) -> Classes:
    """Classes for numbers of children: the lowest is `Under 5`, so that no tiny count can be read from a map.

    `none` words a class of its own for no children; without it they are in the lowest class.
    """
    counts = whole(values)
    starts, labels = ([0.0], [none]) if none else ([], [])
    counted = counts[counts > 0] if none else counts
    is_small = bool((counted < SMALL).any()) or counted.size == 0
    breaks = round_breaks(counted[counted >= SMALL], most - len(starts) - 1 - is_small, least=SMALL)
    if is_small and (counted >= SMALL).any():
        breaks = [float(SMALL), *(point for point in breaks if point > SMALL)]
    starts += [1.0 if none else 0.0, *breaks]
    labels += _labels(breaks, is_small, lambda low, high: _span(low, high - 1), lambda value: f"{value:,.0f}", SMALL)
    return Classes(tuple(starts), tuple(labels), bool(none))


def pound_classes(values: ArrayLike, none: str, most: int = 6) -> Classes:
    """Classes for pounds, by the thousand; `none` words the class of those worth nothing."""
    thousands = whole(values, 1000.0)
    thousands = thousands[thousands > 0]
    breaks = round_breaks(thousands, most - 2)
    floor = float(thousands.min()) if thousands.size else 1.0
    labels = _labels(breaks, False, lambda low, high: f"{pounds(low)} up to {pounds(high)}", pounds, floor)
    return Classes((-np.inf, 1.0, *breaks), (none, *labels), True, 1000.0)


def _labels(
    breaks: Sequence[float],
    is_small: bool,
    span: Callable[[float, float], str],
    one: Callable[[float], str],
    floor: float,
) -> list[str]:
    if not breaks:
        return [f"Under {SMALL}" if is_small else f"{one(floor)} or more"]
    spans = [span(low, high) for low, high in pairwise(breaks)]
    return [f"Under {one(breaks[0])}", *spans, f"{one(breaks[-1])} or more"]


def _span(low: float, high: float) -> str:
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def round_breaks(values: ArrayLike, most: int, least: float = 1.0) -> list[float]:
    """At most `most` round numbers that part `values` into classes of about the same size, none empty.

    They are multiples of `least`, and of rounder numbers where values are larger or lie further apart.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if ordered.size == 0 or most < 1:
        return []
    points = np.unique(np.quantile(ordered, np.arange(most + 2) / (most + 1)))
    gaps = np.diff(points)
    breaks: list[float] = []
    last = ordered[0]
    for point, below, above in zip(points[1:-1], gaps, gaps[1:], strict=False):
        unit = max(round_down(min(below, above)), _roundness(point), least)
        near = float(np.floor(point / unit + 0.5) * unit)
        if near <= last < point and breaks:
            near = last + unit  # values that crowd together: the next round number parts them
        if near > last and ((ordered >= last) & (ordered < near)).any() and near <= ordered[-1]:
            breaks.append(near)
            last = near
    return breaks


def _roundness(value: float) -> float:
    """The unit in which people count: 5 among the tens, 10 among the hundreds, 100 among the thousands."""
    if value < 100:
        return 5.0 if value >= 10 else 1.0
    return float(10.0 ** (np.floor(np.log10(value)) - 1))


def round_down(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50, … that is no more than `value`; at least 1."""
    if value < 1:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step * power for step in (1, 2, 5) if step * power <= value))
