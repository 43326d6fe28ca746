"""How wrong the pooled model has been: intervals as wide as nine in ten of its own past errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.forecast.band_history import BandHistory
from sufficiency.forecast.pooled import are_many

ORIGINS = 5
"""Past years from which the errors are taken."""
FIRST = 3
"""Years before the first origin: growth needs two, its lasting one more."""
LONGEST = 3
"""Years ahead for which errors are measured; further on they grow by the same law."""
COUNTING = 1.0
"""Variance of a small count a year ahead, as a multiple of the count: children come, leave and move by ones."""
NINE_TENTHS = 1.645
"""Standard deviations on each side that hold nine tenths of a normal spread."""
LEAST_POWER, MOST_POWER = 0.3, 1.0
"""Errors grow with the square root of time where years are independent, with time itself where they repeat, with less
where they are taken back.
"""
FORGET = 0.7
"""Weight of an origin a year further back: errors of the years when plans for 16 to 25 were new say little now."""


CentralFrom = Callable[[int, int], Floats]
"""The middle forecast from the count at a position, over a horizon: [authority, band or total, horizon]."""


def past_errors(history: BandHistory, central_from: CentralFrom) -> tuple[Floats, Floats]:
    """Errors on the log scale [origin, authority, band or total, years ahead] and the forecasts they belong to; NaN
    where the outcome is not known.
    """
    last = len(history.years) - 1
    origins = range(max(FIRST, last - ORIGINS), last)
    shape = (len(origins), *history.plans.shape[:2], LONGEST)
    errors, forecasts = np.full(shape, np.nan), np.full(shape, np.nan)
    for number, origin in enumerate(origins):
        then = central_from(origin, LONGEST)
        base = history.known[..., origin]
        for ahead in range(1, min(LONGEST, last - origin) + 1):
            known = history.known[..., origin + ahead] & base
            actual = np.where(known, history.plans[..., origin + ahead], np.nan)
            forecasts[number, ..., ahead - 1] = then[..., ahead - 1]
            errors[number, ..., ahead - 1] = np.log((actual + 0.5) / (then[..., ahead - 1] + 0.5))
    return errors, forecasts


def scales(history: BandHistory, central_from: CentralFrom, few: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """[band or total] standard deviation one year ahead, and the power of time with which it grows.

    Learnt from what `central_from` has missed in the history where it has ENOUGH authorities and years, else the
    shipped ones of `few`.
    """
    if not are_many(history) or len(history.years) <= FIRST + LONGEST:
        return np.array(few["error_first"]), np.array(few["error_power"])
    errors, forecasts = past_errors(history, central_from)
    laws = [law_of(errors[:, :, band], forecasts[:, :, band]) for band in range(errors.shape[2])]
    first, power = np.array(laws).T
    return first, power


def law_of(errors: Floats, forecasts: Floats) -> tuple[float, float]:
    """Standard deviation of a large series a year ahead, and the power of time it grows by, from past errors [origin,
    authority, years ahead].

    An error is what all authorities missed together (the median of the origin) and what each missed apart from that.
    The first comes as a surprise to all at once: its size is taken from one year ahead only, where the last years are
    known. The second is steady from year to year, and gives the power.
    """
    together = np.array([[median_of(one) for one in origin.T] for origin in errors])
    apart = (errors - together[:, None, :]) ** 2
    weights: Floats = FORGET ** np.arange(len(errors), dtype=float)[::-1]
    near, far = (spread_of(apart[..., h], forecasts[..., h], h + 1, weights) for h in (0, LONGEST - 1))
    power = np.log(far / near) / np.log(LONGEST) if near > 0 and far > 0 else LEAST_POWER
    first = np.hypot(near, robust_scale(together[:, 0], weights))
    return float(first), float(np.clip(power, LEAST_POWER, MOST_POWER))


def spread_of(squares: Floats, forecasts: Floats, ahead: int, weights: Floats) -> float:
    """The standard deviation of a large series that holds nine tenths of the squared errors [origin, authority]."""
    there = np.isfinite(squares) & np.isfinite(forecasts)
    weight = np.broadcast_to(weights[:, None], squares.shape)[there]
    # an error is inside from the scale on that, with counting noise, puts its limit there
    needed = np.maximum(squares[there] / NINE_TENTHS**2 - COUNTING * ahead / (forecasts[there] + 1), 0.0)
    return float(np.sqrt(weighted_quantile(needed, weight, 0.9)))


def median_of(values: Floats) -> float:
    """The median of those known; NaN of none."""
    there = values[np.isfinite(values)]
    return float(np.median(there)) if len(there) else np.nan


def robust_scale(values: Floats, weights: Floats) -> float:
    """Standard deviation about 0, from the median size."""
    there = np.isfinite(values)
    return 1.4826 * weighted_quantile(np.abs(values[there]), weights[there], 0.5)


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """The smallest value that, with those below it, has `share` of the weight; 0 of none."""
    if not len(values):
        return 0.0
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))])


def limits(middle: Floats, first: Floats, power: Floats, since: Flags | Floats) -> tuple[Floats, Floats]:
    """5th and 95th percentiles of forecasts [authority, band or total, horizon]; `since` counts years of old data."""
    ahead = np.arange(1, middle.shape[2] + 1) + np.asarray(since)[..., None]
    large = first[None, :, None] * ahead ** power[None, :, None]
    spread = np.sqrt(large**2 + COUNTING * ahead / (middle + 1))
    low = np.maximum((middle + 0.5) * np.exp(-NINE_TENTHS * spread) - 0.5, 0.0)
    high = (middle + 0.5) * np.exp(NINE_TENTHS * spread) - 0.5
    return np.minimum(low, middle), np.maximum(high, middle)
