"""Who joins, who leaves and which need: a council's own rates, leaning on England's where its children are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.forecast import england

LATEST = np.array([0.5, 0.3, 0.2])
"""Weights of the last three years in today's rates."""
TREND_YEARS = 6
PRIOR_LEAVERS = 200.0
"""Plan-years that England's leaving rate counts for."""
PRIOR_JOINERS = 20.0
"""Children that the authority's own level over all ages counts for at one age."""
PRIOR_NEED_JOINERS = 10.0
"""Children over three years that England's joiners count for in how often a need joins."""
MOST_TILT = 4.0
"""Times that a need may be commoner, or rarer, among those who join than among all of their age."""
PRIOR_NEEDS = 30.0
"""Children of an age that England's mix of needs counts for."""
PRIOR_DRIFT = 500.0
"""Children of an age who stayed that England's drift between needs counts for: an assumption. Of some 5 to 8 % a year
whose need is recorded anew, 500 show a drift of one or two children in a hundred. On Saltmere's own past 100, 300, 500
and 1,000 differ by less than chance; all children of England's, or nothing but its own, are worse.
"""
PRIOR_GROWTH, PRIOR_GROWTH_SPREAD = 0.12, 0.03
"""Growth of joining: England's new plans rose from 42,162 in 2017 to 97,747 in 2024, 12 % a year (DfE). The spread is
what makes an authority's own growth go on by about a quarter, which is what past years show
(docs/explanation/forecast.md).
"""
YEARLY_NOISE = 0.15
"""Standard deviation of one year's joining about its trend, log scale: an assumption near what authorities show."""
GROWTH_HALF, GROWTH_BEND = 4.0, 3.0
"""Years after which half of the growth of joining is left, and how late it bends. England's own (12 % a year) has not
faded from 2017 to 2025; gone on like this from January 2024 (577,000 plans), it makes 704,000 in 2026 (published:
719,000) and 1.17 million in 2033, where DfE's central estimate, made before, was a little over 1.0 million.
"""


@dataclass(frozen=True)
class Rates:
    """`leaving` [NCY] share of plans ended a year on; `joining` [NCY] children who join in a year, for each of the
    people of that age without a plan (in all, where `per_person` is false: no population is known), at the level of
    the last year; `growth` of joining in the first year, log scale; `drift` [need, NCY] what a need's share of those
    who stay changes by from that age to the next (adds up to zero); `joining_mix` [need, NCY] needs of those who join
    at an age. `own_joining`, `own_leaving` [NCY] say how much of a rate is the authority's own.
    """

    leaving: Floats
    joining: Floats
    growth: float
    drift: Floats
    joining_mix: Floats
    own_joining: Floats
    own_leaving: Floats
    own_growth: float
    per_person: bool = False


def learn_rates(
    plans: Floats,
    people: Floats,
    groups: Ints,
    new_plans: Floats | None = None,
    ceased: Floats | None = None,
    joining_growth: float | None = None,
    per_person: bool = False,
    new_needs: Floats | None = None,
) -> Rates:
    """Rates from plans [year, need, NCY] and people [year, NCY]; `groups` [NCY] are the ages that the history tells
    apart.

    `new_plans`, `ceased` [year, NCY] count the year before each count; `new_needs` [year, need, NCY] are the new plans
    where their needs are known: then they say which needs join, and, with those who stayed, which needs drift.
    """
    counts = plans.sum(axis=1)
    leaving, own_leaving = _leaving(counts, ceased)
    steps = len(counts) - 1
    if steps < 1:
        stood = np.append(0.0, (counts[-1] * (1 - leaving))[:-1]) if per_person else 0.0
        level = counts[-1].sum() / england.plans().sum() / without_plan(people[-1], stood)
        nothing = np.zeros(len(leaving))
        growth = PRIOR_GROWTH if joining_growth is None else float(np.log1p(joining_growth))
        drift = _usual_drift(plans)
        joining_mix = needs_that_join(plans, leaving, drift)
        joining = england.joining() * level
        return Rates(leaving, joining, growth, drift, joining_mix, nothing, own_leaving, 0.0, per_person)
    stayed = np.zeros_like(counts[:-1])
    stayed[:, 1:] = (counts[:-1] * (1 - leaving))[:, :-1]
    net = _by_group(counts[1:] - stayed, groups)
    shape = england.joining()[None, :] * without_plan(people[1:], stayed if per_person else 0.0)
    expected = _by_group(shape, groups)
    begun = np.maximum(net, 0.0).sum(axis=1) if new_plans is None else new_plans[1:].sum(axis=1)
    growth, own_growth = _growth(begun / np.maximum(expected.sum(axis=1), 1e-9), begun)
    if joining_growth is not None:
        growth, own_growth = float(np.log1p(joining_growth)), 1.0
    recent = min(len(LATEST), steps)
    weights = LATEST[:recent] / LATEST[:recent].sum()
    latest = net[::-1][:recent] * np.exp(growth * np.arange(recent))[:, None]
    flow = weights @ latest
    exposure = weights @ expected[::-1][:recent]
    overall = max(float(np.maximum(flow, 0.0).sum()) / max(float(exposure.sum()), 1e-9), 1e-9)
    joiners = recent * overall * exposure
    factor = overall * (recent * np.maximum(flow, 0.0) + PRIOR_JOINERS) / (joiners + PRIOR_JOINERS)
    more_leaving = _group_rate(np.maximum(-flow, 0.0), _by_group(stayed[::-1][:recent], groups).mean(axis=0), groups)
    leaving = np.clip(leaving + np.append(more_leaving[groups][1:], 0.0), 0.0, 1.0)
    joining = england.joining() * factor[groups]
    own_joining = (joiners / (joiners + PRIOR_JOINERS))[groups]
    begun_by_need = None if new_needs is None else new_needs[-recent:]
    drift = needs_that_drift(plans[-recent - 1 :], leaving, groups, begun_by_need)
    joining_mix = needs_that_join(plans[-recent - 1 :], leaving, drift, begun_by_need)
    return Rates(leaving, joining, growth, drift, joining_mix, own_joining, own_leaving, own_growth, per_person)


def without_plan(people: Floats, plans: Floats | float) -> Floats:
    """People who may still join: those without a plan, and at least one in a hundred, whatever a count of people
    says.
    """
    return np.maximum(people - plans, np.maximum(people / 100, 1e-9))


def needs_that_join(plans: Floats, leaving: Floats, drift: Floats, begun: Floats | None = None) -> Floats:
    """[need, NCY] needs of those who join, from plans [year, need, NCY] of the last years and, where their needs are
    known, the plans `begun` [year, need, NCY] between them.

    England's joiners of the age, tilted so that each need comes as often as it has done; then, of plans begun, the
    authority's own at that age. Where needs of plans begun are not known, what the growth of a need does not owe to
    those who stayed, nor to drift, it owes to joining; with one year of plans, a need joins as often as it is there.
    """
    usual = _usual_joiners(plans)
    if begun is not None:
        own = begun.sum(axis=0)
        came, expected = own.sum(axis=1), usual @ own.sum(axis=0)
    elif len(plans) > 1:
        stayed = (plans[:-1] * (1 - leaving))[:, :, :-1]
        came = plans[1:].sum(axis=(0, 2)) - stayed.sum(axis=(0, 2)) - drift[:, :-1] @ stayed.sum(axis=(0, 1))
        joined = plans[1:].sum(axis=1)
        joined[:, 1:] -= stayed.sum(axis=1)
        expected = usual @ np.maximum(joined, 0.0).sum(axis=0)
    else:
        came = plans[-1].sum(axis=1)
        there = england.need_mix() * _met(plans)[:, None]
        there = there / there.sum(axis=0) @ plans[-1].sum(axis=0)
        expected = np.where(england.need_mix().sum(axis=1) > 0, there, came)
    tilt = np.clip(
        (np.maximum(came, 0.0) + PRIOR_NEED_JOINERS) / (expected + PRIOR_NEED_JOINERS), 1 / MOST_TILT, MOST_TILT
    )
    tilted = usual * tilt[:, None]
    tilted /= tilted.sum(axis=0)
    if begun is not None:
        tilted = own + PRIOR_NEEDS * tilted
    return np.asarray(tilted / tilted.sum(axis=0))


def _usual_joiners(plans: Floats) -> Floats:
    """[need, NCY] England's joiners of the needs that somebody has here; needs that it does not publish have the
    authority's own share of plans there.
    """
    recent = plans[-len(LATEST) :].mean(axis=0)
    pooled = recent + PRIOR_NEEDS * england.need_mix()
    own = pooled / pooled.sum(axis=0)
    published = england.joining_mix().sum(axis=1) > 0
    rest = own[~published].sum(axis=0)
    usual = np.where(published[:, None], england.joining_mix() * (1 - rest), own) * _met(plans)[:, None]
    return np.asarray(usual / usual.sum(axis=0))


def _met(plans: Floats) -> Flags:
    """[need] whether anybody has it; where nobody has a plan, all."""
    met = plans.sum(axis=(0, 2)) > 0
    return met if met.any() else np.ones_like(met)


def _usual_drift(plans: Floats) -> Floats:
    """[need, NCY] England's drift between the needs that somebody has here."""
    met = _met(plans)
    drift = england.drift() * met[:, None]
    return np.asarray(drift - met[:, None] * drift.sum(axis=0) / met.sum())


def needs_that_drift(plans: Floats, leaving: Floats, groups: Ints, begun: Floats | None) -> Floats:
    """[need, NCY] what a need's share of those who stay changes by from an age to the next: England's, and the
    authority's own as far as its children are many enough to say.

    Its own follows the same children: those a year older less the plans `begun` between, against those who were
    there. So it needs the needs of plans begun, and a history that tells both ages apart.
    """
    drift = _usual_drift(plans)
    if begun is None:
        return drift
    before = (plans[:-1] * (1 - leaving)).sum(axis=0)[:, :-1]
    after = np.maximum(plans[1:] - begun, 0.0).sum(axis=0)[:, 1:]
    alone = np.bincount(groups)[groups] == 1
    stayed = np.where(alone[:-1] & alone[1:] & (after.sum(axis=0) > 0), before.sum(axis=0), 0.0)
    own = after / np.maximum(after.sum(axis=0), 1e-9) - before / np.maximum(before.sum(axis=0), 1e-9)
    drift[:, :-1] += stayed / (stayed + PRIOR_DRIFT) * (own - drift[:, :-1])
    return drift


def _leaving(counts: Floats, ceased: Floats | None) -> tuple[Floats, Floats]:
    """England's leaving, and the authority's own where the plans that ended are known."""
    prior = england.leaving()
    if ceased is None or len(counts) < 2:
        return prior.copy(), np.zeros(len(prior))
    stock = counts[:-1].sum(axis=0)
    own = (ceased[1:].sum(axis=0) + PRIOR_LEAVERS * prior) / (stock + PRIOR_LEAVERS)
    own[-1] = 1.0
    return np.clip(own, 0.0, 1.0), stock / (stock + PRIOR_LEAVERS)


def _growth(index: Floats, begun: Floats) -> tuple[float, float]:
    """Growth of joining in the last years, and the weight of the authority's own in it."""
    index = index[-TREND_YEARS:]
    usable = index > 0
    if usable.sum() < 3:
        return PRIOR_GROWTH, 0.0
    time = np.arange(len(index))[usable].astype(float)
    slope = float(np.polyfit(time, np.log(index[usable]), 1)[0])
    noise = max(YEARLY_NOISE, float(1 / np.sqrt(max(begun[-TREND_YEARS:].mean(), 1.0))))
    doubt = noise**2 / float(((time - time.mean()) ** 2).sum())
    weight = PRIOR_GROWTH_SPREAD**2 / (PRIOR_GROWTH_SPREAD**2 + doubt)
    return PRIOR_GROWTH + weight * (float(np.clip(slope, -0.5, 0.5)) - PRIOR_GROWTH), weight


def _by_group(values: Floats, groups: Ints) -> Floats:
    """[year, group] sums over the ages of each group."""
    out = np.zeros((len(values), int(groups.max()) + 1))
    for column, group in enumerate(groups):
        out[:, group] += values[:, column]
    return out


def _group_rate(flow: Floats, stock: Floats, groups: Ints) -> Floats:
    """What a group loses a year beyond its leaving rate, as far as its children are many enough to tell."""
    return np.asarray(flow / (stock + PRIOR_LEAVERS / np.bincount(groups)))
