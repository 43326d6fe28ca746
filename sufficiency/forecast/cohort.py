"""Plans year by year: children grow older, some leave, others join, and needs are recorded anew as they grow.

    plans[t+1, n, a+1] = plans[t, n, a] · (1 − leaving[a]) + drift
                         + joining[a+1] · people without a plan[t+1, a+1] · level[t+1] · joining_mix[n, a+1]

`drift` moves those who stay between needs, as reviews record them anew with age; it adds up to zero. `level`
is what the growth of joining, the outlook and chance make of today's joining. A path draws the level as a random
walk, the mix, the leaving, and the children themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.forecast.flows import GROWTH_BEND, GROWTH_HALF, Rates, without_plan
from sufficiency.forecast.pooled import shipped

LEAVING_DOUBT = 0.10
"""Standard deviation of leaving from path to path, log odds: an assumption; leaving before 16 is rare and steady."""
MIX_STEP, NEED_STEP = 0.08, 0.03
"""Standard deviation of a need's share a year, log scale, among those who join and among all who have a plan (needs are
recorded anew at reviews): assumptions.
"""
WALK_LEFT = 0.9
"""What a year leaves of a path's distance (log scale) from the expected level of joining: an assumption; without it ten
years of chance would have joining wander without end. The mean over paths is the expected level in every year.
"""
CALIBRATING_PATHS, CALIBRATED_YEARS = 300, 3


@dataclass(frozen=True)
class Noise:
    """How much chance there is in a path; all 0 gives the expected course."""

    level_step: float = 0.0
    leaving: float = 0.0
    mix_step: float = 0.0
    need_step: float = 0.0
    children: bool = False


def course(
    start: Floats,
    rates: Rates,
    people: Floats,
    level: Floats,
    extra: Floats,
    paths: int = 1,
    noise: Noise | None = None,
    seed: int = 0,
) -> Floats:
    """[year, path, need, NCY] plans from `start` [need, NCY]; the first year is the start itself.

    `people` [year, NCY] and `level` [year] are those of the years to come; `extra` [year, need, NCY] join besides, as
    children of new homes do.
    """
    rng = np.random.default_rng(seed)
    noise = noise or Noise()
    years = len(people)
    out = np.empty((years + 1, paths, *start.shape))
    out[0] = start
    odds = np.log(np.clip(rates.leaving, 1e-9, 1 - 1e-9) / (1 - np.clip(rates.leaving, 1e-9, 1 - 1e-9)))
    leaving = 1 / (1 + np.exp(-(odds + noise.leaving * rng.standard_normal((paths, 1)))))
    leaving[:, rates.leaving >= 1] = 1.0
    walk, variance, tilt = np.zeros(paths), 0.0, np.zeros((paths, len(start)))
    for year in range(years):
        walk = WALK_LEFT * walk + noise.level_step * rng.standard_normal(paths)
        variance = WALK_LEFT**2 * variance + noise.level_step**2
        tilt = tilt + noise.mix_step * rng.standard_normal(tilt.shape)
        mix = rates.joining_mix * np.exp(tilt)[:, :, None]
        mix /= mix.sum(axis=1, keepdims=True)
        stayed = _retold(out[year], noise.need_step, rng) * (1 - leaving)[:, None, :]
        if noise.children:
            stayed += np.sqrt(stayed * leaving[:, None, :]) * rng.standard_normal(stayed.shape)
            np.maximum(stayed, 0.0, out=stayed)
        stood = np.zeros((paths, start.shape[1]))
        if rates.per_person:
            stood[:, 1:] = stayed.sum(axis=1)[:, :-1]
        at_risk = without_plan(people[year], stood)
        joined = rates.joining * at_risk * level[year] * np.exp(walk - variance / 2)[:, None]
        joiners = joined[:, None, :] * mix + extra[year]
        if noise.children:
            joiners = rng.poisson(joiners).astype(float)
        out[year + 1] = joiners
        out[year + 1, :, :, 1:] += _drifted(stayed[:, :, :-1], rates.drift[:, :-1])
    return out


def _drifted(stayed: Floats, drift: Floats) -> Floats:
    """Children a year older, moved between needs by the drift of their age; none below zero, none lost."""
    of_age = stayed.sum(axis=1, keepdims=True)
    moved = np.maximum(stayed + of_age * drift, 0.0)
    sums = moved.sum(axis=1, keepdims=True)
    return np.asarray(moved * np.divide(of_age, sums, out=np.zeros_like(of_age), where=sums > 0))


def _retold(plans: Floats, step: float, rng: np.random.Generator) -> Floats:
    """Children whose need is recorded anew: a path's tilt of the needs at every age, none lost."""
    if step == 0:
        return plans
    tilted = plans * np.exp(step * rng.standard_normal(plans.shape[:2]))[:, :, None]
    sums = tilted.sum(axis=1, keepdims=True)
    of_age = plans.sum(axis=1, keepdims=True)
    return np.asarray(tilted * np.divide(of_age, sums, out=np.zeros_like(sums), where=sums > 0))


def level_of_joining(growth: float, years: int) -> Floats:
    """[year] joining against today's, as its growth fades."""
    left = 0.5 ** ((np.arange(1, years + 1) / GROWTH_HALF) ** GROWTH_BEND)
    return np.asarray(np.exp(growth * np.cumsum(left)))


def calibrated_noise(start: Floats, rates: Rates, people: Floats, level: Floats, extra: Floats, seed: int) -> Noise:
    """The noise whose totals three years on spread as widely as the forecasts of England's authorities have missed."""
    first, power = float(shipped()["error_first"][-1]), float(shipped()["error_power"][-1])
    ahead = min(CALIBRATED_YEARS, len(people))
    target = first * ahead**power
    most = Noise(0.0, LEAVING_DOUBT, MIX_STEP, NEED_STEP, children=True)
    low, high = 0.0, 1.5
    for _ in range(9):
        middle = (low + high) / 2
        noise = replace(most, level_step=middle)
        simulated = course(start, rates, people[:ahead], level[:ahead], extra[:ahead], CALIBRATING_PATHS, noise, seed)
        totals = simulated[-1].sum(axis=(1, 2))
        spread = float(np.std(np.log(np.maximum(totals, 0.5))))
        low, high = (middle, high) if spread < target else (low, middle)
    return replace(most, level_step=(low + high) / 2)
