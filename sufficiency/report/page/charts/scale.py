"""Scales of charts: from numbers to places on the drawing, with round ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A straight scale from `low`–`high` to `start`–`end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most some `most` + 1 round numbers that enclose `low` to `high`."""
    if high <= low:
        high = low + 1.0
    step = _round_step((high - low) / most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, last + 1)]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)


def axis_of(values: Iterable[float], *, from_nothing: bool) -> list[float]:
    """Ticks for values; with `from_nothing` 0 is among them."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    if from_nothing:
        low, high = min(low, 0.0), max(high, 0.0)
    elif high > low:
        low -= 0.1 * (high - low)
    return round_ticks(low, high)


def tick_words(value: float, unit: str) -> str:
    """A tick as it is printed: `£20m`, `1,500`."""
    sign = "−" if value < 0 else ""
    size = abs(value)
    if not unit.startswith("£"):
        return f"{sign}{size:,.10g}"
    if size >= 1e6:
        return f"{sign}£{size / 1e6:,.4g}m"
    return f"{sign}£{size / 1e3:,.4g}k" if size else "£0"


def apart(wanted: list[float], least: float, low: float, high: float) -> list[float]:
    """Heights of labels, moved so that neighbours are `least` apart, within `low` to `high`, in the order given."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    places = [wanted[index] for index in order]
    for _ in range(60):
        moved = False
        for i in range(len(places) - 1):
            gap = places[i + 1] - places[i]
            if gap < least - 1e-6:
                shift = (least - gap) / 2
                places[i] -= shift
                places[i + 1] += shift
                moved = True
        if not moved:
            break
    if places:
        down = max(low - places[0], 0.0)
        places = [place + down for place in places]
        up = max(places[-1] - high, 0.0)
        places = [place - up for place in places]
    places_apart = [0.0] * len(wanted)
    for index, place in zip(order, places, strict=True):
        places_apart[index] = place
    return places_apart
