"""A council's forecast: plans and specialist places by need, phase, area and year, as means, percentiles and rates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.forecast import cohort
from sufficiency.forecast.areas import area_weights, followed, streamed
from sufficiency.forecast.asked import asked_in, effect_of_requests, joining_times, share_refused
from sufficiency.forecast.england import NEED_CODES, YEAR_GROUPS
from sufficiency.forecast.flows import Rates, learn_rates
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.levels import Levels, demand_rows, plan_levels
from sufficiency.forecast.outlook import OUTLOOKS, joining_level
from sufficiency.forecast.paths import CoursePaths
from sufficiency.forecast.specialist import SHARE_STEP, by_phase, share_now, share_to_come
from sufficiency.progress import Progress, silent


@dataclass(frozen=True)
class DemandForecast:
    """`demand` in the shape of the demand table; `levels` and `plans` the same children at every level of
    aggregation, each with percentiles of its own paths; `rates` what was learnt; `growth` of joining in the first
    year and how much of it is the authority's own.
    """

    demand: pd.DataFrame
    levels: pd.DataFrame
    plans: pd.DataFrame
    rates: pd.DataFrame
    growth: float
    own_growth: float


def rates_of(inputs: Inputs) -> Rates:
    """The rates that a history teaches."""
    past = inputs.people[: len(inputs.years)]
    growth, per_person = inputs.choice.joining_growth, inputs.counted
    begun, needs = inputs.new_plans, inputs.new_needs
    return learn_rates(inputs.plans, past, inputs.groups, begun, inputs.ceased, growth, per_person, needs)


def forecast(inputs: Inputs, progress: Progress = silent, quick: bool = False) -> DemandForecast:
    """Forecast demand. `quick`: only the expected course and its cells' percentiles, for a plan."""
    if inputs.imported is not None:
        return _imported(inputs)
    rates, plans = _plans_of_paths(inputs, progress)
    return _shared_out(inputs, rates, plans, progress, quick)


def course_paths(inputs: Inputs, progress: Progress = silent) -> CoursePaths | None:
    """The simulated paths of a forecast, whole; None for the forecast of another, which has none."""
    if inputs.imported is not None:
        return None
    children = _children_of_paths(inputs, _plans_of_paths(inputs, progress)[1])
    return CoursePaths(inputs, *_paths_of_kinds(inputs, children), inputs.choice.seed)


def _plans_of_paths(inputs: Inputs, progress: Progress) -> tuple[Rates, Floats]:
    """The rates learnt, and plans [year, path, need, NCY] from the last year of the history on."""
    rates, choice = rates_of(inputs), inputs.choice
    start, people, level, extra = _ahead(inputs, rates)
    progress("Forecast", f"{choice.paths:,} paths of plans by need and age")
    noise = cohort.calibrated_noise(start, rates, people, level, extra, choice.seed)
    return rates, cohort.course(start, rates, people, level, extra, choice.paths, noise, choice.seed)


def expected_plans(inputs: Inputs) -> Floats:
    """[year, need, NCY] the expected course of plans, from the last year of the history on: no paths are drawn."""
    rates = rates_of(inputs)
    return np.asarray(cohort.course(inputs.plans[-1], rates, *_ahead(inputs, rates)[1:])[:, 0])


def expected_children(inputs: Inputs) -> Floats:
    """[year, need, NCY] expected children who need a specialist place, from the base year on."""
    if inputs.imported is not None:
        return inputs.imported
    skipped = inputs.model.base_year - inputs.years[-1]
    plans = expected_plans(inputs)[skipped:]
    return plans * _share(inputs, plans[0])


def _ahead(inputs: Inputs, rates: Rates) -> tuple[Floats, Floats, Floats, Floats]:
    """Where the course starts, and the people, the level of joining and those who join besides in the years to come."""
    start, people = inputs.plans[-1], inputs.people[len(inputs.years) :]
    extra = _new_homes(inputs)
    choice, last = inputs.choice, inputs.years[-1]
    refused = share_refused(choice, last)
    level = joining_level(choice, start, rates, people, extra, [last, *inputs.ahead], refused)
    if choice.outlook not in {"stabilise", "reform"}:
        level = level * joining_times(requests_say(inputs), start, rates, people, level, extra)
    return start, people, level, extra


def requests_say(inputs: Inputs) -> float:
    """Logarithm of how many times as many plans there will be three years on as the council's requests say."""
    last = inputs.years[-1]
    return effect_of_requests(asked_in(inputs.choice, last), float(inputs.plans[-1].sum()), last)


def by_outlook(inputs: Inputs) -> pd.DataFrame:
    """Expected plans and children who need a specialist place by outlook and plan year, and how many more than by the
    trend; nothing for the forecast of another.
    """
    if inputs.imported is not None:
        return pd.DataFrame()
    first, inside = inputs.model.base_year + 1 - inputs.years[-1], inputs.phase_of >= 0
    rows, trend = [], np.zeros((2, 0))
    for outlook in OUTLOOKS:
        then = replace(inputs, choice=inputs.choice.model_copy(update={"outlook": outlook}))
        plans = expected_plans(then)[first:].sum(axis=(1, 2))
        counts = np.stack([plans, expected_children(then)[1:, :, inside].sum(axis=(1, 2))])
        trend = counts if outlook == "trend" else trend
        for year, now, more in zip(inputs.model.plan_years, counts.T, (counts - trend).T, strict=True):
            rows.append((outlook, year, *now, *more))
    return pd.DataFrame(rows, columns=["outlook", "year", "plans", "children", "plans_more", "children_more"])


def _shared_out(inputs: Inputs, rates: Rates, plans: Floats, progress: Progress, quick: bool) -> DemandForecast:
    model, choice = inputs.model, inputs.choice
    cells, cell_since, kind_paths = _paths_of_kinds(inputs, _children_of_paths(inputs, plans))
    plans = plans[model.base_year - inputs.years[-1] :]
    levels = Levels(inputs, kind_paths, cells, only_cells=quick)
    for year, kind, paths in streamed(cells, cell_since, kind_paths, range(len(inputs.kinds)), choice.seed):
        if kind == 0:
            progress("Forecast", f"areas in {model.base_year + year}")
        levels.add(year, kind, paths)
    demand = demand_rows(inputs, cells, levels.low, levels.high)
    levels_table = pd.DataFrame() if quick else levels.frame()
    return DemandForecast(
        demand,
        levels_table,
        pd.DataFrame() if quick else plan_levels(inputs, plans),
        rates_frame(rates),
        rates.growth,
        rates.own_growth,
    )


def _children_of_paths(inputs: Inputs, plans: Floats) -> Floats:
    """[year, path, need, NCY] children who need a specialist place, from the base year on."""
    skipped = inputs.model.base_year - inputs.years[-1]
    share = _share_paths(inputs, plans[0, 0] if not skipped else plans[skipped].mean(axis=0), skipped)
    return np.asarray(plans[skipped:] * share)


def _paths_of_kinds(inputs: Inputs, children: Floats) -> tuple[Floats, Floats, Floats]:
    """Expected children [year, area, kind, phase], of them [year, kind, phase] those there since the base year, and the
    authority's paths [year, path, kind, phase].
    """
    split, need = _split_of_kinds(inputs), _need_of_kinds(inputs)
    cells, since = _over_areas(inputs, children.mean(axis=1))
    paths = by_phase(children[:, :, need] * split[None, None], inputs.phase_of, len(inputs.model.phase_list))
    paths[0] = cells[0].sum(axis=0)
    return cells, since, paths


def _imported(inputs: Inputs) -> DemandForecast:
    """Another forecaster's expected children, shared out over areas and levels: without percentiles, which that
    forecaster gives for each state alone and which cannot be added up.
    """
    assert inputs.imported is not None
    cells, _ = _over_areas(inputs, inputs.imported)
    demand = demand_rows(inputs, cells, cells, cells).drop(columns=["low", "high"])
    return DemandForecast(demand, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), 0.0, 0.0)


def _over_areas(inputs: Inputs, means: Floats) -> tuple[Floats, Floats]:
    """Expected children [year, area, kind, phase], and of them [year, kind, phase] those there since the base year,
    from those of the authority [year, need, NCY].
    """
    need = _need_of_kinds(inputs)
    kind_means = means[:, need] * _split_of_kinds(inputs)[None]
    start = _start(inputs, kind_means[0])
    kind_means[0] = start.sum(axis=0)
    expected, since = followed(start, kind_means, _weights(inputs)[:, need])
    count = len(inputs.model.phase_list)
    return by_phase(expected, inputs.phase_of, count), by_phase(since, inputs.phase_of, count)


def _need_of_kinds(inputs: Inputs) -> Ints:
    return np.array([NEED_CODES.index(code) for code, _ in inputs.kinds])


def _share_paths(inputs: Inputs, base: Floats, skipped: int) -> Floats:
    """[year, path, need, NCY] share of plans in a specialist place; the base year first, known."""
    choice, share = inputs.choice, _share(inputs, base)
    rng = np.random.default_rng([choice.seed, 2])
    step = SHARE_STEP if choice.counts == "plans" else 0.0
    walk = np.cumsum(step * rng.standard_normal((len(share) - 1, choice.paths)), axis=0)
    chance = np.concatenate([np.ones((1, choice.paths)), np.exp(walk)])
    share = share[:, None] * chance[:, :, None, None]
    return np.asarray(np.minimum(share, 1.0) if choice.counts == "plans" else share)


def _share(inputs: Inputs, base: Floats) -> Floats:
    """[year, need, NCY] expected share of plans in a specialist place, the base year first; `base` are its plans."""
    model, choice = inputs.model, inputs.choice
    placed = None if inputs.placed is None else _needs_placed(inputs)
    now = share_now(base, placed, inputs.phase_of, choice)
    to_come = share_to_come(choice, list(model.plan_years), model.phase_list, inputs.phase_of)
    share = np.concatenate([now[None], now * to_come])
    return np.minimum(share, 1.0) if choice.counts == "plans" else share


def _needs_placed(inputs: Inputs) -> Floats:
    """[need, phase] children placed or waiting."""
    assert inputs.placed is not None
    out = np.zeros((len(NEED_CODES), inputs.placed.shape[2]))
    for position, (need, _) in enumerate(inputs.kinds):
        out[NEED_CODES.index(need)] += inputs.placed[:, position].sum(axis=0)
    return out


def _split_of_kinds(inputs: Inputs) -> Floats:
    """[kind, NCY] share of a need's children at each level, as placed now; one where a need has one kind."""
    names = [need for need, _ in inputs.kinds]
    out = np.ones((len(names), len(YEAR_GROUPS)))
    if inputs.placed is None:
        return out
    totals = np.append(inputs.placed.sum(axis=0), np.zeros((len(names), 1)), axis=1)
    for need in {name for name in names if names.count(name) > 1}:
        rows = [row for row, name in enumerate(names) if name == need]
        overall = totals[rows].sum(axis=1)[:, None] / max(totals[rows].sum(), 1e-9)
        pooled = totals[rows] + overall * 5.0
        out[rows] = (pooled / pooled.sum(axis=0))[:, inputs.phase_of]
    return out


def _start(inputs: Inputs, authority: Floats) -> Floats:
    """[area, kind, NCY] children of the base year: those placed or waiting where they are known, else spread like
    plans.
    """
    need = [NEED_CODES.index(code) for code, _ in inputs.kinds]
    if inputs.placed is None and inputs.cells is not None and inputs.years[-1] == inputs.model.base_year:
        # the plans of each area are known: the share of them in a specialist place is the authority's
        plans = inputs.cells[-1][:, need]
        whole = plans.sum(axis=0)
        known = np.divide(plans, whole, out=np.zeros_like(plans), where=whole > 0)
        return np.asarray(np.where(whole > 0, known, _weights(inputs)[:, need][:, :, None]) * authority)
    if inputs.placed is None:
        return np.asarray(_weights(inputs)[:, need][:, :, None] * authority)
    sums = by_phase(authority, inputs.phase_of, inputs.placed.shape[2])
    ages = np.array([(inputs.phase_of == phase).sum() for phase in range(inputs.placed.shape[2])] + [1])
    phase = np.append(sums, np.ones((len(sums), 1)), axis=1)[:, inputs.phase_of]
    within = np.divide(
        authority, phase, out=np.broadcast_to(1 / ages[inputs.phase_of], authority.shape).copy(), where=phase > 0
    )
    within = within * (inputs.phase_of >= 0)
    placed = np.append(inputs.placed, np.zeros((*inputs.placed.shape[:2], 1)), axis=2)
    return np.asarray(placed[:, :, inputs.phase_of] * within[None])


def _weights(inputs: Inputs) -> Floats:
    counts = np.zeros((len(inputs.areas), len(NEED_CODES)))
    if inputs.cells is not None:
        counts += inputs.cells[-3:].mean(axis=0).sum(axis=2)
    elif inputs.placed is not None:
        for position, (need, _) in enumerate(inputs.kinds):
            counts[:, NEED_CODES.index(need)] += inputs.placed[:, position].sum(axis=1)
    return area_weights(counts, inputs.young)


def _new_homes(inputs: Inputs) -> Floats:
    """[year, need, NCY] children of new homes: with the needs and ages of today's plans."""
    profile = inputs.plans[-1] / max(inputs.plans[-1].sum(), 1e-9)
    return np.asarray(inputs.homes.sum(axis=1)[:, None, None] * profile)


def rates_frame(rates: Rates) -> pd.DataFrame:
    """One row a year group: who leaves and joins, and how much of each rate is the authority's own."""
    return pd.DataFrame(
        {
            "ncy": YEAR_GROUPS,
            "leaving": rates.leaving,
            "own_leaving": rates.own_leaving,
            "joining": rates.joining,
            "own_joining": rates.own_joining,
        }
    )
