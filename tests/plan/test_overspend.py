"""Budgets in the program, and the least overspend: by hand, and against one PuLP program of all arcs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pulp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.api import session
from sufficiency.case import Case
from sufficiency.plan.explain.least_overspend import least_overspend
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.fixed import with_openings_fixed
from sufficiency.plan.options.master import cut_of
from sufficiency.plan.options.programme import programme_by_prices, programme_directly
from sufficiency.plan.program.highs import solve_problem
from sufficiency.plan.program.lp import program_of_all_arcs
from sufficiency.plan.program.pulp_form import in_pulp
from sufficiency.plan.rows.budgets import budget_rows, waiting_held
from sufficiency.plan.rows.coupling import stacked
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing, solve_directly

from ..examples import examples
from ..random_cases import random_case
from ..worked import case_of, frame_of, model_of, steady

PLACED_BEFORE = 10 * 20_000 * 5 / 12
"""£ of the ten children of the base year, April to August, on 1.2.1."""


def two_lines(bought_budget: float, **finance: Any) -> Case:
    """Ten children who all start afresh. State places cost £20,000 (1.2.1), bought ones £20,500 (1.2.3).

    In 2026/27 a child who starts in September counts 7/12: £11,666.67 or £11,958.33. 1.2.1 may spend £70,000 beyond
    what April to August cost: just six state places.
    """
    return case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}}, finance=finance),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "state", "setting": "S", "places": 20}, {"line": "bought", "setting": "I", "places": np.nan}],
        costs=[
            {"setting": "S", "per_child": 20_000, "budget_line": "1.2.1"},
            {"setting": "I", "per_child": 20_500, "budget_line": "1.2.3"},
        ],
        placements=[{"area": "A", "line": "state", "children": 10}],
        budget=[
            {"financial_year": 2026, "budget_line": "1.2.1", "pounds": 70_000 + PLACED_BEFORE + 5_000},
            {"financial_year": 2026, "budget_line": "1.2.3", "pounds": bought_budget},
        ],
        other_spend=[{"financial_year": 2026, "budget_line": "1.2.1", "pounds": 5_000}],
    )


def in_lines(case: Case) -> dict[str, float]:
    instance = prepare(case)
    plan = solve_by_pricing(instance).plan
    assert plan.objective == pytest.approx(solve_directly(instance).plan.objective, rel=1e-9)
    assert plan.certificate is not None
    assert plan.certificate.ok
    total = np.bincount(plan.data.pair_line, plan.stock[1], len(plan.data.lines))
    return dict(zip(plan.data.lines["line"], total.tolist(), strict=True))


def test_a_dear_overspend_moves_children_to_the_line_with_money_left() -> None:
    # Moving one child costs £500 and takes £11,666.67 off the overspend of 1.2.1: worth it at £1 per £, until 1.2.1
    # is within its budget with six. 1.2.3 has room for 60,000 / 11,958.33 = 5.02.
    assert in_lines(two_lines(60_000, overspend=1.0)) == pytest.approx({"state": 6, "bought": 4})


def test_a_year_whose_other_spending_is_not_known_has_no_budget_row() -> None:
    case = two_lines(60_000, overspend=1.0)
    other = case.tables.other_spend
    assert other is not None
    unknown = replace(case, tables=replace(case.tables, other_spend=other.assign(financial_year=2025)))
    assert in_lines(unknown) == pytest.approx({"state": 10, "bought": 0})  # as if there were no budget


def test_a_cheap_overspend_moves_nobody() -> None:
    # At £0.01 per £ it would save £116.67 and cost £500.
    assert in_lines(two_lines(60_000, overspend=0.01)) == pytest.approx({"state": 10, "bought": 0})


@pytest.mark.parametrize(
    ("bought_budget", "least"),
    [
        (60_000.0, 0.0),  # four children or five there, and both lines keep to their budgets
        (2 * 20_500 * 7 / 12, 2 * 20_000 * 7 / 12),  # room for two there; two too many stay: 23,333.33
    ],
)
def test_the_least_overspend(bought_budget: float, least: float) -> None:
    instance = prepare(two_lines(bought_budget))
    plan = solve_by_pricing(instance).plan
    found = least_overspend(instance, plan)
    assert found is not None
    assert found.of_plan == pytest.approx(4 * 20_000 * 7 / 12)  # the cheapest plan leaves all ten in state places
    assert found.pounds == pytest.approx(least, abs=1e-3)
    assert found.by_line["least"].sum() == pytest.approx(found.pounds)
    assert found.proven


@pytest.mark.parametrize("per_place", [0.0, np.nan])
@pytest.mark.parametrize("option", [{"places": 10}, {"places": 8, "line": "old"}])
def test_the_least_overspend_counts_what_options_cost_a_year(option: dict[str, Any], per_place: float) -> None:
    """Ten children who start in September count 7/12 of £20,000 each in places that an option brings, which itself
    counts 7/12 of £120,000, on the line of its places where they have one. Neither line may spend anything on them.
    """
    bought_before = 10 * 50_000 * 5 / 12
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "old", "setting": "S", "places": 2}, {"line": "bought", "setting": "I", "places": np.nan}],
        costs=[
            {"setting": "S", "per_child": 20_000, "per_place": per_place, "budget_line": "1.2.1"},
            {"setting": "I", "per_child": 50_000, "budget_line": "1.2.3"},
        ],
        placements=[{"area": "A", "line": "bought", "children": 10}],
        budget=[
            {"financial_year": 2026, "budget_line": "1.2.1", "pounds": 0},
            {"financial_year": 2026, "budget_line": "1.2.3", "pounds": bought_before},
        ],
        other_spend=[{"financial_year": 2026, "budget_line": "1.2.1", "pounds": 0}],
        options=[{"option": "new", "setting": "S", "per_year": 120_000, **option}],
    )
    programme = programme_by_prices(prepare(case))
    assert programme.y.tolist() == [1.0]
    found = least_overspend(programme.instance, solve_by_pricing(programme.instance).plan)
    assert found is not None
    assert found.proven
    over = dict(zip(found.by_line["budget_line"], found.by_line["least"], strict=True))
    of_option = "1.2.1" if per_place == 0 else "not given"
    children, running = 10 * 20_000 * 7 / 12, 120_000 * 7 / 12
    expected = {"1.2.1": children, "1.2.3": 0.0} | {of_option: running + (children if of_option == "1.2.1" else 0.0)}
    assert {line: pounds for line, pounds in over.items() if line in expected} == pytest.approx(expected, abs=1e-3)
    assert found.pounds == pytest.approx(found.of_plan) == pytest.approx(children + running)


def test_nobody_waits_to_keep_to_a_budget() -> None:
    # A budget of nothing: leaving children waiting would be the cheapest way to keep it.
    case = two_lines(0.0)
    assert case.tables.budget is not None
    broke = replace(case, tables=replace(case.tables, budget=case.tables.budget.assign(pounds=0.0)))
    instance = prepare(broke)
    found = least_overspend(instance, solve_by_pricing(instance).plan)
    assert found is not None
    assert found.proven
    assert found.pounds == pytest.approx(PLACED_BEFORE + 5_000 + 10 * 20_000 * 7 / 12)


def test_without_a_budget_there_is_no_overspend() -> None:
    case = two_lines(0.0)
    for missing in ("budget", "other_spend"):
        instance = prepare(replace(case, tables=replace(case.tables, **{missing: None})))
        assert least_overspend(instance, solve_by_pricing(instance).plan) is None


def with_budgets(seed: int, **finance: Any) -> Case:
    """A random case with a budget line a setting, budgets for most of them, and other spending on one."""
    case = random_case(seed, finance=finance)
    rng = np.random.default_rng(seed)
    years = case.model.plan_years
    costs = case.tables.costs.assign(budget_line=case.tables.costs["setting"], place_budget_line="places")
    lines = [line for line in [*costs["setting"], "places", "transport"] if rng.random() < 0.8]
    budget = [
        {"financial_year": year, "budget_line": line, "pounds": float(rng.integers(0, 400) * 1_000)}
        for year in years
        for line in lines
    ]
    other = [{"financial_year": year, "budget_line": "places", "pounds": 10_000.0} for year in years]
    settings = case.tables.settings.assign(recouped=rng.random(len(case.tables.settings)) < 0.3)
    tables = replace(
        case.tables,
        costs=costs,
        settings=settings,
        budget=frame_of("budget", budget) if budget else None,
        other_spend=frame_of("other_spend", other, fund="dsg"),
    )
    return replace(case, tables=tables)


@given(st.integers(0, 100_000))
@examples(30)
def test_pricing_reaches_the_optimum_with_budgets(seed: int) -> None:
    instance = prepare(with_budgets(seed, overspend=0.7))
    direct, priced = solve_directly(instance).plan, solve_by_pricing(instance).plan
    assert priced.objective == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)


@given(st.integers(0, 100_000))
@examples(30)
def test_no_plan_of_all_arcs_overspends_less(seed: int) -> None:
    """Against one program of all arcs with every budget row in it, solved apart."""
    instance = prepare(with_budgets(seed))
    plan = solve_by_pricing(instance).plan
    found = least_overspend(instance, plan)
    if found is None:
        return
    data = instance.data
    budgets = budget_rows(instance.case, data, np.ones(data.horizon + 1))
    free = replace(instance.rows, slack_cost=np.zeros(len(instance.rows.limit)))
    rows = stacked([free, budgets, waiting_held(data, plan.waiting, 1e7)], data)
    asked = replace(instance, rows=rows)
    whole = program_of_all_arcs(asked, asked.flows)
    written = in_pulp(asked, whole)
    slack = rows.slack_cost[whole.slack_row]
    cost = np.concatenate([slack, np.zeros(len(written.variables) - len(slack))])
    written.problem.setObjective(pulp.LpAffineExpression(dict(zip(written.variables, cost.tolist(), strict=True))))
    # all soft rules ask nothing
    solution = solve_problem(written.problem, written.variables)
    assert solution.optimal
    assert found.proven
    assert found.pounds == pytest.approx(solution.objective, rel=1e-6, abs=1.0)
    assert found.pounds <= found.of_plan + 1e-3


@pytest.mark.parametrize(("per_empty_place", "overspend"), [(np.nan, 0.0), (np.nan, 1.0), (10_000.0, 1.0)])
def test_what_an_option_costs_whoever_is_in_it_counts_against_its_budget(
    per_empty_place: float, overspend: float
) -> None:
    """Ten places at £10,000 for ten children who else cost £11,000: £200,000 in two years, in place of £220,000. The
    line they are paid from has nothing: 7/12 of a year's £100,000 are over in 2026/27, and £100,000 in 2027/28.
    """
    pays = {"place_budget_line": "PLACES", "budget_line": "FEES"}
    case = case_of(
        model_of((2025, 2027), finance={"overspend": overspend}),
        demand=steady("A", 10, range(2025, 2028)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "I1", "setting": "I", "places": np.nan},
            {"line": "S1", "setting": "S", "places": 0},
        ],
        costs=[
            {"setting": "S", "per_child": 0, "per_place": 10_000, "per_empty_place": per_empty_place, **pays},
            {"setting": "I", "per_child": 11_000, "budget_line": "FEES"},
        ],
        options=[{"option": "O", "setting": "S", "places": 10, "earliest": 2026, "latest": 2026}],
        budget=[
            {"financial_year": year, "budget_line": line, "pounds": pounds}
            for year in (2026, 2027)
            for line, pounds in (("PLACES", 0), ("FEES", 1e6))
        ],
        other_spend=[{"financial_year": year, "budget_line": "OTHER", "pounds": 0} for year in (2026, 2027)],
    )
    programme = programme_by_prices(prepare(case))
    opens, costs = (["O"], 200_000) if overspend == 0 else ([], 220_000)
    assert [it.scheme.option for it in programme.opened] == opens
    assert programme.value == pytest.approx(costs)
    with_it = session(case).what_if(openings={"O": 2026}).plan
    assert with_it.objective == pytest.approx(200_000 + overspend * (100_000 * 7 / 12 + 100_000))
    assert with_it.certificate is not None
    assert with_it.certificate.ok


def test_the_least_overspend_counts_places_paid_for_whoever_fills_them() -> None:
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 10, range(2025, 2028)),
        settings=[{"setting": "S"}],
        places=[{"line": "S1", "setting": "S", "places": 10}],
        costs=[{"setting": "S", "per_child": 0, "per_place": 10_000, "place_budget_line": "PLACES"}],
        budget=[{"financial_year": year, "budget_line": "PLACES", "pounds": 0} for year in (2026, 2027)],
        other_spend=[{"financial_year": year, "budget_line": "OTHER", "pounds": 0} for year in (2026, 2027)],
    )
    instance = prepare(case)
    found = least_overspend(instance, solve_by_pricing(instance).plan)
    assert found is not None
    assert found.proven
    assert found.pounds == found.of_plan == pytest.approx(2 * 100_000)


def test_a_line_that_may_close_is_charged_at_the_rates_that_name_it() -> None:
    # The rate of £20,000 names the line, and is paid from a budget of nothing: every pound over counts half. So a place
    # for 2026 in the line that closes in 2027 counts £30,000, and a bought one at £25,000 is cheaper. Its places cost
    # £800,000 a year, so it closes. With the closing decided, and without, the plan is solved by itself.
    case = case_of(
        model_of((2025, 2027), finance={"overspend": 0.5}),
        demand=steady("A", 7, range(2025, 2028)),
        settings=[{"setting": "X"}, {"setting": "Y", "type": "independent"}],
        places=[
            {"line": "may_close", "setting": "X", "places": 8},
            {"line": "other", "setting": "Y", "places": np.nan},
        ],
        costs=[
            {"line": "may_close", "per_child": 20_000, "budget_line": "1.2.1"},
            {"type": "independent", "per_child": 25_000, "budget_line": "1.2.3"},
            {"type": "special_school", "per_child": 1, "per_place": 100_000, "budget_line": "1.2.3"},
        ],
        budget=[
            {"financial_year": year, "budget_line": line, "pounds": pounds}
            for year in (2026, 2027)
            for line, pounds in (("1.2.1", 0), ("1.2.3", 9_000_000))
        ],
        other_spend=[{"financial_year": year, "budget_line": "1.2.1", "pounds": 0} for year in (2026, 2027)],
        placements=[{"area": "A", "line": "may_close", "children": 7}],
        options=[{"option": "shut", "setting": "X", "closes_line": "may_close", "earliest": 2027, "latest": 2027}],
    )
    base = prepare(case)
    found = option_model(base)
    openings = [np.zeros(1), np.ones(1)]
    values = [solve_directly(with_openings_fixed(found, y)).plan.objective for y in openings]
    cut = cut_of(found, np.zeros(len(found.instance.rows.limit)))
    assert all(cut.at(y) <= value for y, value in zip(openings, values, strict=True))
    for programme in (programme_by_prices(base), programme_directly(base)):
        assert programme.value == pytest.approx(min(values), rel=1e-9)
