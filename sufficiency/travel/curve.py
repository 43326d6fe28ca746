"""From a straight line on the map to km by road and minutes by car."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from sufficiency.shipped import reference_file

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Road km and car minutes, one way, as functions of the straight-line distance.

    road km = detour × km
    minutes = (minutes_per_root_km × √km + minutes_per_km × km) ÷ speed_factor

    The minutes were fitted to the straight line itself, so `detour` changes km only and `speed_factor`
    changes minutes only. Source of the form and of the shipped figures, and how wrong they can be:
    docs/explanation/travel.md.

    detour: km by road for each km of straight line; a ratio, at least 1.
    minutes_per_root_km: minutes for each root of a km, 0 or more: the slow streets at both ends, which
        weigh less the longer the journey.
    minutes_per_km: minutes for each km of straight line, above 0: what a long journey comes to.
    speed_factor: 1 as calibrated (a car on free roads); 0.8 is speeds 20 % lower: minutes are divided by 0.8.

    Raises ValueError where a figure lies outside these ranges.
    """

    detour: float
    minutes_per_root_km: float
    minutes_per_km: float
    speed_factor: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.detour) and self.detour >= 1):
            raise ValueError(f"detour must be 1 or more (a road is no shorter than a straight line), not {self.detour}")
        if not (math.isfinite(self.minutes_per_root_km) and self.minutes_per_root_km >= 0):
            raise ValueError(f"minutes_per_root_km must be 0 or more, not {self.minutes_per_root_km}")
        for name in ("minutes_per_km", "speed_factor"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be above 0, not {value}")

    @classmethod
    def default(cls) -> Curve:
        """The curve shipped in `reference/travel_curve.toml`, which names the source of each figure."""
        return _shipped()

    def road_km(self, crow_km: Floats) -> Floats:
        """Km by road for straight-line km; any shape, NaN stays NaN."""
        return self.detour * crow_km

    def minutes(self, crow_km: Floats) -> Floats:
        """Minutes by car for straight-line km; any shape, NaN stays NaN, 0 km is 0 minutes."""
        free = self.minutes_per_root_km * np.sqrt(crow_km) + self.minutes_per_km * crow_km
        return free / self.speed_factor


def default_curve(detour: float | None = None, speed_factor: float | None = None) -> Curve:
    """The shipped curve with the planner's own `detour` (road km ÷ straight-line km) or `speed_factor`.

    None keeps the shipped figure. `detour` changes km only, `speed_factor` minutes only (0.8: speeds 20 %
    lower than a car on free roads). Raises ValueError for a detour below 1 or a speed factor not above 0.
    """
    given = {"detour": detour, "speed_factor": speed_factor}
    return replace(Curve.default(), **{name: value for name, value in given.items() if value is not None})


@cache
def _shipped() -> Curve:
    figures = tomllib.loads(reference_file("travel_curve.toml").read_text(encoding="utf-8"))["curve"]
    return Curve(**{name: float(value) for name, value in figures.items()})
