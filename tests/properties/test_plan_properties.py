"""What holds for every plan, on random small cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pulp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.plan.explain.shortfall import deficits
from sufficiency.plan.pricing import column_generation
from sufficiency.plan.program.highs import solve_problem
from sufficiency.plan.program.lp import program_of_all_arcs
from sufficiency.plan.program.pulp_form import in_pulp
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.rows.transitions import flows_of
from sufficiency.plan.solve.solve import Plan, solve_by_pricing, solve_directly, with_ties_settled
from sufficiency.plan.tuning import Tuning

from ..examples import examples
from ..random_cases import random_case, richer_case
from ..worked import case_of, model_of, steady

seeds = st.integers(0, 100_000)
few = examples(20)


def plan_of(case: Case) -> Plan:
    return solve_by_pricing(prepare(case)).plan


@given(seeds)
@examples(80)
def test_pricing_reaches_the_optimum_of_all_arcs(seed: int) -> None:
    instance = prepare(random_case(seed))
    direct, priced = solve_directly(instance).plan, solve_by_pricing(instance).plan
    assert priced.objective == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)


@given(seeds)
@few
def test_pricing_reaches_it_from_a_poor_start(seed: int) -> None:
    """Few contested arcs, so that most of the optimum has to price in."""
    instance = prepare(random_case(seed), Tuning(boxstep_arcs=3, fewest_smoothed_arcs=2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_generation, "on_coarsest_map", lambda *_: None)
        priced = solve_by_pricing(instance).plan
    assert priced.objective == pytest.approx(solve_directly(instance).plan.objective, rel=1e-9, abs=1e-6)


@given(seeds)
@few
def test_everyone_is_counted_and_no_place_used_twice(seed: int) -> None:
    """Recounted here from frames, with none of the certificate's code."""
    plan = with_ties_settled(solve_by_pricing(prepare(random_case(seed))))
    data, stock = plan.data, plan.stock
    for t in range(1, data.horizon + 1):
        here = pd.DataFrame({"cell": data.pair_cell, "line": data.pair_line, "children": stock[t]})
        placed = here.groupby("cell")["children"].sum().reindex(range(len(data.cells)), fill_value=0.0)
        assert np.allclose(placed + plan.waiting[t], data.demand[t], atol=1e-6)
        in_line = here.groupby("line")["children"].sum().reindex(range(len(data.lines)), fill_value=0.0).to_numpy()
        room = data.places[t] + plan.settled.allowance[t]
        assert (in_line <= np.where(data.line_open[t], room, 0.0) + 1e-6).all()
        assert in_line.min(initial=0.0) >= -1e-9


@given(seeds, st.integers(0, 5), st.integers(1, 5))
@few
def test_more_places_never_raise_the_objective_less_place_funding(seed: int, which: int, more: int) -> None:
    case = random_case(seed, continuity={"preference_share": 0.0})
    lines = case.tables.places["line"].unique()
    chosen = case.tables.places["line"] == lines[which % len(lines)]
    places = case.tables.places.assign(places=case.tables.places["places"] + np.where(chosen, more, 0))
    larger = replace(case, tables=replace(case.tables, places=places))
    before, after = plan_of(case), plan_of(larger)

    def without_funding(plan: Plan) -> float:
        return plan.objective - float((plan.data.discount[:, None] * plan.data.place_funding)[1:].sum())

    assert without_funding(after) <= without_funding(before) + 1e-6 * abs(before.objective)


@given(seeds, st.randoms(use_true_random=False))
@few
def test_the_order_of_rows_changes_nothing(seed: int, random: Any) -> None:
    case = random_case(seed)
    shuffled = {}
    for name in ("demand", "places", "placements", "costs", "settings"):
        frame = getattr(case.tables, name)
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame.iloc[order]
    other = replace(case, tables=replace(case.tables, **shuffled))
    assert plan_of(other).objective == pytest.approx(plan_of(case).objective, rel=1e-9)


@given(seeds)
@few
def test_relabelling_areas_and_lines_changes_nothing(seed: int) -> None:
    case = random_case(seed)
    tables = case.tables

    def renamed(name: str) -> str:
        return name if name == "awaiting" else f"{chr(122 - ord(name[-1]) % 26)} {name[::-1]}"

    other = replace(
        case,
        tables=replace(
            tables,
            areas=tables.areas.assign(area=tables.areas["area"].map(renamed)),
            demand=tables.demand.assign(area=tables.demand["area"].map(renamed)),
            places=tables.places.assign(line=tables.places["line"].map(renamed)),
            placements=tables.placements.assign(
                area=tables.placements["area"].map(renamed), line=tables.placements["line"].map(renamed)
            ),
        ),
        journeys=replace(case.journeys, areas=tuple(renamed(area) for area in case.journeys.areas)),
    )
    assert plan_of(other).objective == pytest.approx(plan_of(case).objective, rel=1e-9)


@given(seeds)
@few
def test_clean_slate_never_costs_more_than_the_plan(seed: int) -> None:
    plan = plan_of(random_case(seed))
    clean_slate = plan_of(random_case(seed, continuity={"clean_slate": True}))
    assert clean_slate.objective <= plan.objective + 1e-6 * abs(plan.objective)


@given(seeds)
@few
def test_settling_ties_keeps_the_cost(seed: int) -> None:
    solved = solve_by_pricing(prepare(random_case(seed)))
    before = solved.plan.objective
    assert with_ties_settled(solved).objective == pytest.approx(before, rel=1e-7)


@given(seeds)
@few
def test_another_solver_agrees(seed: int) -> None:
    """The program PuLP holds, solved by scipy's own copy of HiGHS through other code, or by CBC where it is there."""
    instance = prepare(random_case(seed))
    whole = program_of_all_arcs(instance, flows_of(instance.data, instance.rows))
    written = in_pulp(instance, whole)
    ours = solve_problem(written.problem, written.variables)
    assert ours.optimal
    cbc = pulp.COIN_CMD(msg=False)
    if cbc.available():
        written.problem.solve(cbc)
        theirs = pulp.value(written.problem.objective)
    else:
        theirs = linprog_value(written.problem)
    assert theirs == pytest.approx(ours.objective, rel=1e-6, abs=1e-3)


def linprog_value(problem: pulp.LpProblem) -> float:
    """The optimum of a PuLP problem by scipy, from a dense matrix written row by row."""
    from scipy.optimize import linprog

    columns = {variable.name: index for index, variable in enumerate(problem.variables())}
    cost = np.zeros(len(columns))
    for variable, value in problem.objective.items():
        cost[columns[variable.name]] = value
    equal, equal_to, most, at_most = [], [], [], []
    for constraint in problem.constraints():
        row = np.zeros(len(columns))
        for variable, value in constraint.items():
            row[columns[variable.name]] = value
        (equal if constraint.sense == 0 else most).append(row)
        (equal_to if constraint.sense == 0 else at_most).append(-constraint.constant)
    bounds = [(variable.lowBound, variable.upBound) for variable in problem.variables()]
    found = linprog(
        cost,
        A_eq=np.array(equal) if equal else None,
        b_eq=equal_to or None,
        A_ub=np.array(most) if most else None,
        b_ub=at_most or None,
        bounds=bounds,
        method="highs",
    )
    assert found.success
    return float(found.fun)


@given(seeds)
@few
def test_every_wait_is_explained(seed: int) -> None:
    """Sets that are short have fewer places than children, and the shortages of a year come to no more than those
    who wait.
    """
    plan = plan_of(random_case(seed, rules={"share": []}, continuity={"preference_share": 0.0}))
    reasons = deficits(plan)
    for deficit in reasons:
        assert deficit.short > 0
    for t in range(1, plan.data.horizon + 1):
        year = int(plan.data.years[t])
        short = sum(deficit.short for deficit in reasons if deficit.year == year)
        assert short <= plan.waiting[t].sum() + 1e-2


@given(st.floats(0.1, 40), st.floats(0, 60), st.floats(1_000, 80_000), st.floats(1_000, 80_000))
@few
def test_waiting_is_never_chosen_beside_an_open_unlimited_place(
    children: float, minutes: float, cheap: float, expensive: float
) -> None:
    case = case_of(
        model_of((2025, 2027), weights={"awaiting_place": None, "hour_travelled": 5, "off_designation": 15_000}),
        demand=steady("A", children, range(2025, 2028)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "few", "setting": "S", "places": 5}, {"line": "open", "setting": "I", "places": np.nan}],
        costs=[{"setting": "S", "per_child": cheap}, {"setting": "I", "per_child": expensive}],
        travel=[{"area": "A", "setting": "I", "minutes": minutes, "km": 1.0}],
    )
    assert plan_of(case).waiting[1:].sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("make", [random_case, richer_case])
@given(seed=seeds)
@examples(30)
def test_nobody_waits_beside_a_line_without_a_limit_unless_a_rule_says_so(make: Callable[..., Case], seed: int) -> None:
    """At the default weight, rules aside; the line and its building have no limit for as long as the line is open."""
    plan = plan_of(make(seed, weights={"awaiting_place": None}, rules={"share": []}))
    data = plan.data
    without_limit = (np.isinf(data.places) | ~data.line_open) & ~data.limited_lines.any(axis=0)
    for t in range(1, data.horizon + 1):
        accepts = data.may_enter[t] & without_limit[t:].all(axis=0)[data.pair_line]
        never = np.isin(np.arange(len(data.cells)), data.pair_cell[accepts])
        assert plan.waiting[t][never].sum() == pytest.approx(0, abs=1e-6)
