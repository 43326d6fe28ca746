"""Nothing that is not optimal is called so: PuLP says `Optimal` of a run that stopped, HiGHS's own words count."""

from __future__ import annotations

import numpy as np
import pulp
import pytest

from sufficiency.deadline import Stop
from sufficiency.plan.explain.place_values import place_values
from sufficiency.plan.explain.rule_prices import rules_told
from sufficiency.plan.program.highs import solve_problem
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import _best_when_stopped, solve_by_pricing, solve_directly
from sufficiency.problems import InputError

from ..random_cases import random_case
from ..worked import case_of, model_of, steady


def transport(size: int) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """A transport program large enough to need more than a few iterations."""
    rng = np.random.default_rng(1)
    problem = pulp.LpProblem("transport", pulp.LpMinimize)
    flows = [[problem.add_variable(f"x_{i}_{j}", 0) for j in range(size)] for i in range(size)]
    cost = rng.uniform(1, 9, (size, size))
    problem.setObjective(pulp.LpAffineExpression({flows[i][j]: cost[i, j] for i in range(size) for j in range(size)}))
    for i in range(size):
        problem.addConstraint(pulp.LpConstraint(pulp.lpSum(flows[i]), pulp.LpConstraintEQ, f"from_{i}", 1))
        total = pulp.lpSum(flows[k][i] for k in range(size))
        problem.addConstraint(pulp.LpConstraint(total, pulp.LpConstraintLE, f"to_{i}", 1))
    return problem, [flow for row in flows for flow in row]


def test_an_optimal_run_is_optimal() -> None:
    problem, columns = transport(12)
    solution = solve_problem(problem, columns)
    assert (solution.optimal, solution.status) == (True, "Optimal")


def test_an_iteration_limit_is_not_optimal() -> None:
    problem, columns = transport(12)
    solution = solve_problem(problem, columns, simplex_iteration_limit=2, presolve="off")
    assert not solution.optimal
    assert solution.status == "Iteration limit reached"
    assert pulp.LpStatus[problem.status] != "Optimal"


def test_a_time_limit_is_not_optimal() -> None:
    problem, columns = transport(40)
    solution = solve_problem(problem, columns, seconds=0.0, presolve="off")
    assert not solution.optimal
    assert solution.status == "Time limit reached"


def test_an_interruption_is_not_optimal() -> None:
    problem, columns = transport(12)
    stop = Stop()
    stop.ask()
    solution = solve_problem(problem, columns, stop=stop, presolve="off")
    assert not solution.optimal
    assert solution.status == "Interrupted by user"


def test_a_stop_that_nobody_asks_for_changes_nothing() -> None:
    problem, columns = transport(12)
    assert solve_problem(problem, columns, stop=Stop(), presolve="off").optimal


def test_an_infeasible_program_is_not_optimal() -> None:
    problem = pulp.LpProblem("infeasible", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 1)
    problem.setObjective(1 * x)
    problem.addConstraint(pulp.LpConstraint(1 * x, pulp.LpConstraintGE, "more", 2))
    solution = solve_problem(problem, [x])
    assert not solution.optimal
    assert "nfeasible" in solution.status


def test_an_unbounded_program_is_not_optimal() -> None:
    problem = pulp.LpProblem("unbounded", pulp.LpMinimize)
    x = problem.add_variable("x", 0)
    problem.setObjective(-1 * x)
    problem.addConstraint(pulp.LpConstraint(1 * x, pulp.LpConstraintGE, "some", 2))
    solution = solve_problem(problem, [x])
    assert not solution.optimal
    assert "nbounded" in solution.status


@pytest.mark.parametrize("route", [solve_directly, solve_by_pricing])
def test_hard_rules_that_clash_are_an_input_error(route: type) -> None:
    rules = [
        {"name": "none in AP", "types": ["alternative_provision"], "at_most_children": 0, "hard": True},
        {"name": "half in AP", "types": ["alternative_provision"], "at_least": 0.5, "hard": True},
    ]
    case = case_of(
        model_of((2025, 2026), rules={"share": rules}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "AP", "type": "alternative_provision"}],
        places=[{"line": "ap", "setting": "AP", "places": 20}],
        costs=[{"per_child": 19_000}],
    )
    with pytest.raises(InputError, match="hard rules"):
        route(prepare(case))


@pytest.mark.parametrize("route", [solve_directly, solve_by_pricing])
def test_a_plan_stopped_by_the_clock_holds_and_is_called_stopped(route: type) -> None:
    case = random_case(3, solver={"seconds": 1e-9})
    plan = route(prepare(case)).plan
    assert plan.status == "stopped"
    assert plan.certificate.ok
    assert plan.certificate.gap >= -1e-9
    best = route(prepare(random_case(3))).plan
    assert plan.objective >= best.objective - 1e-6
    assert plan.certificate.bound <= best.objective + 1e-6


def test_what_a_stopped_plan_does_not_know_is_blank_not_nil() -> None:
    rules = [{"name": "AP", "types": ["alternative_provision"], "at_most": 0.02}]
    model = {"solver": {"seconds": 1e-9}, "rules": {"share": rules}}
    solved = solve_directly(prepare(random_case(3, **model)))
    assert solved.plan.status == "stopped"
    assert not solved.plan.prices.any()
    values, told = place_values(solved), rules_told(solved.plan)
    assert len(values) > 0
    assert len(told) > 0
    assert values[["pounds", "pounds_from", "net"]].isna().all(axis=None)
    assert told["pounds"].isna().all()
    proven = solve_directly(prepare(random_case(3, rules={"share": rules})))
    assert place_values(proven)[["pounds", "pounds_from", "net"]].notna().all(axis=None)
    assert rules_told(proven.plan)["pounds"].notna().all()


def test_a_stopped_plan_holds_where_places_fall_later() -> None:
    case = case_of(
        model_of((2025, 2027), solver={"seconds": 1e-9}),
        demand=[row for area in "ABCDEFGHIJKL" for row in steady(area, 10, range(2025, 2028))],
        places=[
            {"line": "falling", "setting": "S", "places": 60},
            {"line": "falling", "setting": "S", "places": 2, "from_year": 2027},
        ],
        costs=[{"per_child": 10_000}],
    )
    priced = solve_directly(prepare(case)).priced
    plan = _best_when_stopped(priced)
    assert plan.certificate.ok
    assert plan.status == "stopped"
