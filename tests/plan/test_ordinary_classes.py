"""Ordinary classes with a package of support: only the children who could be taught there may be placed there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.certificate.proof import certify
from sufficiency.plan.explain.projection import do_nothing_more
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing

from ..oracle import optimum
from ..worked import Row, case_of, model_of, steady

SETTINGS: list[Row] = [
    {"setting": "M", "type": "mainstream"},
    {"setting": "A", "type": "alternative_provision"},
    {"setting": "S"},
]
CLASSES: Row = {"line": "classes", "setting": "M", "places": np.nan, "from_year": 2026, "status": "proposed"}
COSTS: list[Row] = [
    {"type": "mainstream", "per_child": 9_000, "budget_line": "1.2.4"},
    {"type": "alternative_provision", "per_child": 25_000},
    {"per_child": 20_000},
]


def classes_case(eligible: Any, last: int = 2026, stay: float = 0.0, **more: Any) -> Case:
    """100 children of SEMH, today in AP; from 2026 ordinary classes with a package could take some."""
    demand = more.pop("demand", steady("X", 100, range(2025, last + 1), need="SEMH"))
    return case_of(
        model_of((2025, last), continuity={"stay": {"primary": stay}, "mainstream_eligible": eligible}),
        demand=demand,
        placements=more.pop("placements", [{"area": "X", "need": "SEMH", "line": "ap", "children": 100}]),
        places=[
            {"line": "ap", "setting": "A", "places": 120, "needs": ("SEMH",)},
            CLASSES | {"needs": ("SEMH",)} | more.pop("classes", {}),
        ],
        settings=SETTINGS,
        costs=COSTS,
    )


def planned(case: Case) -> Plan:
    return solve_by_pricing(prepare(case)).plan


def in_line(plan: Any, year: int) -> dict[str, float]:
    children = np.bincount(plan.data.pair_line, plan.stock[year - 2025], len(plan.data.lines))
    return {line: float(n) for line, n in zip(plan.data.lines["line"], children, strict=True) if n > 1e-9}


def test_only_the_eligible_share_is_placed_in_an_ordinary_class_though_it_costs_least() -> None:
    # Nobody stays: a fifth of 100 are in a class at £9,000, the others in AP at £25,000.
    case = classes_case({"SEMH": 0.2})
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"ap": 80, "classes": 20})
    assert plan.money == pytest.approx(20 * 9_000 + 80 * 25_000)
    assert plan.objective == pytest.approx(optimum(case))


def test_nobody_is_placed_there_where_nothing_is_said() -> None:
    assert in_line(planned(classes_case({})), 2026) == pytest.approx({"ap": 100})
    assert in_line(planned(classes_case({"ASD": 0.5, "default": 0.0})), 2026) == pytest.approx({"ap": 100})


def test_the_share_may_differ_by_phase_and_default_is_for_the_other_needs() -> None:
    assert in_line(planned(classes_case({"semh": {"primary": 0.3}})), 2026)["classes"] == pytest.approx(30)
    assert in_line(planned(classes_case({"SEMH": {"secondary": 0.3}})), 2026) == pytest.approx({"ap": 100})
    assert in_line(planned(classes_case({"default": 0.1})), 2026)["classes"] == pytest.approx(10)


def test_the_change_comes_over_the_years_as_children_start() -> None:
    # Four in five stay: of the 20 who start each year a fifth are in a class, 4 in 2026, 4 × 0.8 + 4 in 2027.
    plan = planned(classes_case({"SEMH": 0.2}, last=2027, stay=0.8))
    assert in_line(plan, 2026)["classes"] == pytest.approx(4)
    assert in_line(plan, 2027)["classes"] == pytest.approx(7.2)


def test_those_in_a_class_today_are_of_the_eligible_and_the_others_are_shared_by_who_is_left() -> None:
    # A fifth of 100 are eligible. Fifteen are in a class today; of the 85 others, who are all in AP, 5 are eligible.
    placements = [
        {"area": "X", "need": "SEMH", "line": "classes", "children": 15},
        {"area": "X", "need": "SEMH", "line": "ap", "children": 85},
    ]
    case = classes_case({"SEMH": 0.2}, placements=placements, classes={"from_year": 2025, "status": "open"})
    data = prepare(case).data
    assert data.raised == 0
    assert data.waiting_at_start.sum() == pytest.approx(0)
    there = data.placed.reshape(-1)
    of = {
        (bool(data.cells["mainstream"].iloc[c]), str(data.lines["line"].iloc[at])): float(n)
        for c, at, n in zip(data.pair_cell, data.pair_line, there, strict=True)
        if n > 0
    }
    assert of == pytest.approx({(True, "classes"): 15, (True, "ap"): 5, (False, "ap"): 80})
    assert planned(case).objective == pytest.approx(optimum(case))


def test_doing_nothing_more_leaves_proposed_classes_out_and_has_committed_ones() -> None:
    proposed = do_nothing_more(prepare(classes_case({"SEMH": 0.2})))
    assert in_line(proposed, 2026) == pytest.approx({"ap": 100})
    full = classes_case(
        {"SEMH": 0.2},
        demand=steady("X", 150, range(2025, 2027), need="SEMH"),
        placements=[{"area": "X", "need": "SEMH", "line": "ap", "children": 120}],
        classes={"status": "committed"},
    )
    # 150 ask at AP, which has room for 120; of those turned away the eligible fifth are in a class, 24 wait.
    assert in_line(do_nothing_more(prepare(full)), 2026) == pytest.approx({"ap": 120, "classes": 6})


def test_a_plan_that_puts_others_in_a_class_fails_its_certificate() -> None:
    case = classes_case({"SEMH": 0.2})
    loose = classes_case({"SEMH": 0.4})
    plan = planned(loose)
    proof = certify(case, plan.data, plan.settled, plan.rows, plan, None)
    assert not proof.ok
    data = replace(plan.data, cells=plan.data.cells.assign(mainstream=True))
    assert not certify(loose, data, plan.settled, plan.rows, plan, None).ok
