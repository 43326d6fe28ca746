"""The pooled model of plans by age band: every authority grows at the national rate of its band, bent by what its own
last years, and the ages of its children, say reliably.

For authority i, band or total b and year t, on the log scale:

    growth[i,b,t+1] = national[b,t+1] + c[b] · signals[i,b,t]

The signals are four, each as the distance from the other authorities: growth of the total, growth of the band, how many
children the band below holds against this one (they will grow into it), and growth of the band below. For the total
they are two: its own growth, and that of the 5 to 10 year olds, among whom most plans begin. The total is forecast by
itself and the bands are scaled to it, so that they add up.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.forecast.band_history import BANDS, BandHistory, national_growth
from sufficiency.shipped import reference_file

ENOUGH = 30
"""Authorities from which coefficients, errors and national growth are learnt; with fewer, the shipped ones hold."""
RECENT = 5
"""Years of growth that the coefficients are learnt from."""
RIDGE = 0.3
"""Pull of the coefficients towards 0, as a share of their information."""
CLIP = 2.5
"""Signals and growth count up to this many (robust) standard deviations: counts are revised, boundaries move."""
NOISE = 0.06
"""Standard deviation of a large band's yearly growth about its forecast, against which counting noise is weighed."""
HALF_LEFT, BEND = 10.0, 3.0
"""Years after which half of the national growth is left, and how late it bends: 10 % a year then a little more than
doubles plans in ten years (DfE's central estimate: 518,000 in 2022/23 to just over 1.0 million in 2032/33). In the
first three years next to nothing is lost: from 2017 to 2026 England's growth never faded over three years (DfE: 10.7
% in 2019, 10.8 % in 2025).
"""
BAND_FADE = 0.5
"""What a year leaves of a band's growth beyond that of the total."""
PRIMARY = 1
MOST_BAND_GROWTH = 0.5
"""A new band (plans for 20 to 25 began in 2015) grows fast at first; beyond this it says nothing about the next year.
"""
SIGNALS = 4


@dataclass(frozen=True)
class Pool:
    """What authorities are compared with: the median of many, or the shipped national series for few.

    `coefficients` [band or total, signal]; `growth` [band or total, year]; `england` [band or total, year] is None
    where there are many.
    """

    coefficients: Floats
    growth: Floats
    england: Floats | None


@cache
def shipped() -> dict[str, Any]:
    """Figures learnt from DfE's tables of 2010 to 2022, and the national series: `reference/band_model.toml`."""
    return tomllib.loads(reference_file("band_model.toml").read_text(encoding="utf-8"))


def pool_of(history: BandHistory) -> Pool:
    """What the authorities of a history teach, or the shipped figures where they are fewer than ENOUGH."""
    if are_many(history) and len(history.years) >= 3:
        observed = np.where(history.known, history.plans, np.nan)
        return Pool(learnt_coefficients(history), growth_of_all(observed), None)
    england = england_series(history)
    return Pool(np.array(shipped()["coefficients"]), np.diff(np.log1p(england), axis=1), england)


def are_many(history: BandHistory) -> bool:
    """Whether enough authorities have a figure in the last year to learn from them."""
    return bool(history.known[..., -1].any(axis=1).sum() >= ENOUGH)


def growth_of_all(plans: Floats) -> Floats:
    """[band or total, year − 1] log growth of all plans; for the total the mean of that and of the growth of the mean
    authority, outliers cut: a few large ones set the first, the usual one is to be forecast.
    """
    growth = national_growth(plans)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.diff(np.log(plans[:, -1]), axis=1)
    for year, grown in enumerate(each.T):
        there = grown[np.isfinite(grown)]
        if len(there) >= ENOUGH:
            growth[-1, year] = (growth[-1, year] + np.median(there) + distance(there).mean()) / 2
    return growth


def england_series(history: BandHistory) -> Floats:
    """[band or total, year] England's plans, for the years of a history and at least the one before its last one.

    Years before and after those published go on at the nearest growth of the total.
    """
    published = shipped()["england"]
    years = [int(year) for year in published]
    wanted = np.arange(min(int(history.years[0]), int(history.years[-1]) - 1), int(history.years[-1]) + 1)
    figures = np.log1p(
        np.array([published[str(year)] for year in years if year <= wanted[-1]] or [published[str(years[0])]])
    )
    known = np.array([year for year in years if year <= wanted[-1]] or years[:1])
    series = np.array([np.interp(wanted, known, band) for band in figures.T])
    slope = (figures[-1, -1] - figures[-2, -1]) / (known[-1] - known[-2]) if len(known) > 1 else 0.0
    return np.asarray(np.expm1(series + slope * np.maximum(wanted - known[-1], 0)))


def learnt_coefficients(history: BandHistory) -> Floats:
    """[band or total, signal] ridge regression of a year's growth on the signals of the year before, over all
    authorities.
    """
    logs = np.log1p(np.where(history.known, history.plans, np.nan))
    coefficients = np.zeros((len(BANDS) + 1, SIGNALS))
    steps = range(max(2, logs.shape[2] - RECENT), logs.shape[2])
    for band in range(len(coefficients)):
        square, product = np.zeros((SIGNALS, SIGNALS)), np.zeros(SIGNALS)
        for step in steps:
            growth = distance(logs[:, band, step] - logs[:, band, step - 1])
            signal = signals(logs[..., step - 1], logs[..., step - 2])[:, band]
            usable = np.isfinite(growth) & np.isfinite(signal).all(axis=1)
            if usable.sum() < ENOUGH:
                continue
            weight = 1 / (NOISE**2 + 1.5 / np.exp(logs[usable, band, step - 1]))
            square += (signal[usable] * weight[:, None]).T @ signal[usable]
            product += signal[usable].T @ (weight * growth[usable])
        coefficients[band] = np.linalg.solve(square + np.diag(RIDGE * np.diag(square) + 1e-9), product)
    return coefficients


def signals(logs: Floats, before: Floats, spread: Floats | None = None) -> Floats:
    """[authority, band or total, signal] what an authority's last two years say; `logs`, `before` [authority, band or
    total].

    `spread` [band or total, signal] replaces the spread of the authorities themselves, and the last row is then what
    they are compared with.
    """
    columns = raw_signals(logs, before)
    for at in np.ndindex(columns.shape[1:]):
        columns[:, *at] = distance(columns[:, *at], None if spread is None else float(spread[at]))
    return columns


def raw_signals(logs: Floats, before: Floats) -> Floats:
    """[authority, band or total, signal] as they are, not as distances."""
    grown, nothing = logs - before, np.zeros((len(logs), 1))
    bands, total = grown[:, :-1], grown[:, -1:]
    below = np.column_stack([logs[:, 0] - logs[:, 1], logs[:, :-2] - logs[:, 1:-1]])
    own = np.column_stack([bands, bands[:, PRIMARY]])
    return np.stack(
        [
            np.repeat(total, len(BANDS) + 1, axis=1),
            own,
            np.column_stack([below, nothing]),
            np.column_stack([nothing, bands[:, :-1], nothing]),
        ],
        axis=2,
    )


def distance(values: Floats, spread: float | None = None) -> Floats:
    """Distance from the median, cut at CLIP robust standard deviations; with `spread`, from the last value."""
    if spread is not None:
        return np.asarray(np.clip(values - values[-1], -CLIP * spread, CLIP * spread))
    there = values[np.isfinite(values)]
    if not len(there):
        return np.full_like(values, np.nan)
    apart = values - np.median(there)
    most = CLIP * robust_deviation(there)
    return np.clip(apart, -most, most)


def robust_deviation(values: Floats) -> float:
    """Standard deviation from the median distance to the median."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def damping(horizon: int) -> Floats:
    """[horizon] what is left of national growth one, two, … years on."""
    return np.asarray(0.5 ** ((np.arange(1, horizon + 1) / HALF_LEFT) ** BEND))


def national_path(growth: Floats, horizon: int) -> Floats:
    """[band or total, horizon] yearly national growth to come, from growth [band or total, year] so far: that of the
    last year, damped; of a band, what it has beyond the total fades.
    """
    latest = growth[:, -1] if growth.shape[1] else np.zeros(len(growth))
    beyond = np.clip(latest - latest[-1], -MOST_BAND_GROWTH, MOST_BAND_GROWTH)
    return np.asarray(latest[-1] * damping(horizon) + beyond[:, None] * BAND_FADE ** np.arange(1, horizon + 1))


def central(history: BandHistory, horizon: int) -> Floats:
    """[authority, band or total, horizon] the middle forecast. NaN where nothing is known of an authority."""
    pool = pool_of(history)
    recent = history.plans[..., -2:] if history.plans.shape[2] > 1 else np.repeat(history.plans, 2, axis=2)
    spread = None
    if pool.england is not None:
        recent = np.concatenate([recent, pool.england[None, :, -2:]])
        spread = np.array(shipped()["spread"])
    logs, before = np.log1p(recent[..., 1]), np.log1p(recent[..., 0])
    national = national_path(pool.growth, horizon)
    ahead = np.full((*logs.shape, horizon), np.nan)
    for step in range(horizon):
        signal = np.nan_to_num(signals(logs, before, spread))
        plans = np.maximum(np.expm1(logs + national[:, step] + np.einsum("ibs,bs->ib", signal, pool.coefficients)), 0.0)
        reconcile(plans)
        ahead[..., step] = plans
        before, logs = logs, np.log1p(plans)
    ahead[np.isnan(recent[..., 1]).all(axis=1)] = np.nan
    return ahead[: len(history.authorities)]


def reconcile(plans: Floats) -> None:
    """Bands of `plans` [authority, band or total] scaled to their total, in place; a total not known is their sum."""
    bands, total = plans[:, :-1], plans[:, -1]
    sums = np.nansum(bands, axis=1)
    total[:] = np.where(np.isnan(total), sums, total)
    whole = ~np.isnan(bands).any(axis=1) & (sums > 0)
    bands *= np.where(whole, total / np.where(whole, sums, 1.0), 1.0)[:, None]
