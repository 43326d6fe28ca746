"""How wrong the pooled model has been: intervals as wide as nine in ten of its own past errors."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.forecast.band_history import BandHistory
from sufficiency.forecast.pooled import ENOUGH, central, shipped

ORIGINS = 5
"""Past years from which the errors are taken."""
LONGEST = 3
"""Years ahead for which errors are measured; further on they grow by the same law."""
COUNTING = 1.0
"""Variance of a small count a year ahead, as a multiple of the count: children come, leave and move by ones."""
NINE_TENTHS = 1.645
"""Standard deviations on each side that hold nine tenths of a normal spread."""
LEAST_POWER, MOST_POWER = 0.5, 1.0
"""Errors grow with the square root of time where years are independent, with time itself where they repeat."""
FORGET = 0.35
"""Weight of an origin a year further back: errors of the years when plans for 16 to 25 were new say little now."""
PRIOR_SETS = 1.0
"""Weight of the shipped errors, in years of all authorities."""


def past_errors(history: BandHistory) -> tuple[Floats, Floats]:
    """Errors on the log scale [origin, authority, band or total, years ahead] and the forecasts they belong to; NaN
    where the outcome is not known.
    """
    last = len(history.years) - 1
    origins = range(max(3, last - ORIGINS), last)
    shape = (len(origins), *history.plans.shape[:2], LONGEST)
    errors, forecasts = np.full(shape, np.nan), np.full(shape, np.nan)
    for number, origin in enumerate(origins):
        then = central(history.until(origin), LONGEST)
        base = history.known[..., origin]
        for ahead in range(1, min(LONGEST, last - origin) + 1):
            known = history.known[..., origin + ahead] & base
            actual = np.where(known, history.plans[..., origin + ahead], np.nan)
            forecasts[number, ..., ahead - 1] = then[..., ahead - 1]
            errors[number, ..., ahead - 1] = np.log((actual + 0.5) / (then[..., ahead - 1] + 0.5))
    return errors, forecasts


def scale_of(errors: Floats, forecasts: Floats, ahead: int) -> float:
    """The standard deviation of a large series that makes nine tenths of the errors fall inside."""
    there = np.isfinite(errors) & np.isfinite(forecasts)
    newest = np.flatnonzero(there.any(axis=1)).max(initial=0)
    weight = np.broadcast_to(FORGET ** (newest - np.arange(len(errors)))[:, None], errors.shape)[there]
    apart, noise = errors[there] ** 2, COUNTING * ahead / (forecasts[there] + 1)
    low, high = 0.0, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        inside = np.average(apart <= NINE_TENTHS**2 * (middle**2 + noise), weights=weight) if len(apart) else 1.0
        low, high = (middle, high) if inside < 0.9 else (low, middle)
    return high


def scales(history: BandHistory) -> tuple[Floats, Floats]:
    """[band or total] standard deviation one year ahead, and the power of time with which it grows.

    Learnt from the history where it has ENOUGH authorities and years, else shipped; learnt ones lean on the
    shipped ones by PRIOR_SETS.
    """
    first, power = np.array(shipped()["error_first"]), np.array(shipped()["error_power"])
    many = history.known[..., -1].any(axis=1).sum() >= ENOUGH
    if not many or len(history.years) < 6:
        return first, power
    errors, forecasts = past_errors(history)
    sets = np.isfinite(errors[..., 0]).any(axis=1).sum(axis=0).astype(float)
    return fitted(errors, forecasts, first, power, sets)


def fitted(errors: Floats, forecasts: Floats, first: Floats, power: Floats, sets: Floats) -> tuple[Floats, Floats]:
    """Scales by years ahead, mixed with the shipped law, as a power law."""
    steps = np.arange(1, LONGEST + 1)
    learnt = np.array(
        [
            [scale_of(errors[:, :, band, h], forecasts[:, :, band, h], h + 1) for h in range(LONGEST)]
            for band in range(len(first))
        ]
    )
    law = first[:, None] * steps ** power[:, None]
    sets = sets[:, None]
    mixed = np.sqrt((sets * learnt**2 + PRIOR_SETS * law**2) / (sets + PRIOR_SETS))
    slope = np.log(mixed[:, -1] / mixed[:, 0]) / np.log(LONGEST)
    slope = np.clip(slope, LEAST_POWER, MOST_POWER)
    level = np.exp(np.mean(np.log(mixed) - slope[:, None] * np.log(steps), axis=1))
    return level, slope


def limits(middle: Floats, first: Floats, power: Floats, since: Flags | Floats) -> tuple[Floats, Floats]:
    """5th and 95th percentiles of forecasts [authority, band or total, horizon]; `since` counts years of old data."""
    ahead = np.arange(1, middle.shape[2] + 1) + np.asarray(since)[..., None]
    large = first[None, :, None] * ahead ** power[None, :, None]
    spread = np.sqrt(large**2 + COUNTING * ahead / (middle + 1))
    low = np.maximum((middle + 0.5) * np.exp(-NINE_TENTHS * spread) - 0.5, 0.0)
    high = (middle + 0.5) * np.exp(NINE_TENTHS * spread) - 0.5
    return np.minimum(low, middle), np.maximum(high, middle)
