"""Places empty beside a bought child they accept: small cases, each counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sufficiency.plan.explain.empty_places import COST, JOURNEY, LATER, empty_beside_bought, matched
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing

from ..worked import Row, case_of, model_of, steady

SETTINGS: list[Row] = [{"setting": "S", "type": "special_school"}, {"setting": "I", "type": "independent"}]


def planned(special: float, *, places: float = 5, children: float = 3, **more: Any) -> Plan:
    """One year; `children` of them need a place: a special school of `places` at `special` £ a child, or the
    independent school at £50,000.
    """
    sections = {name: more.pop(name) for name in ("rules", "travel", "continuity") if name in more}
    case = case_of(
        model_of((2025, 2026), **sections),
        demand=[*steady("A", 0, range(2025, 2026)), *steady("A", children, range(2026, 2027))],
        settings=more.pop("settings", SETTINGS),
        places=[
            {"line": "state", "setting": "S", "places": places},
            {"line": "bought", "setting": "I", "places": np.nan},
            *more.pop("lines", []),
        ],
        costs=[{"type": "special_school", "per_child": special}, {"type": "independent", "per_child": 50_000}],
        **more,
    )
    return solve_by_pricing(prepare(case)).plan


def why(plan: Plan) -> dict[tuple[int, str], float]:
    found = empty_beside_bought(plan)
    by_choice = found.why["why"] == COST
    assert found.children.sum() == pytest.approx(found.why.loc[~by_choice, "children"].sum())
    return {(row.year, row.why): round(row.children, 6) for row in found.why.itertuples()}


def test_a_full_school_has_no_place_empty_and_a_cheap_one_is_filled() -> None:
    # two places at £10,000 hold two of the three children; the third is bought, and no place is empty
    assert why(planned(10_000, places=2)) == {}
    # five places hold all three: two are empty and nobody is bought one
    assert why(planned(10_000)) == {}


def test_a_rule_that_keeps_places_empty_is_named() -> None:
    # one child at most in the special school: four of five places are empty, two children are bought one
    rule = {"name": "One at most", "types": ["special_school"], "at_most_children": 1, "hard": True}
    assert why(planned(10_000, rules={"share": [rule]})) == {(2026, "rule One at most"): 2.0}


def test_a_place_that_costs_more_than_it_saves_is_a_choice_by_cost() -> None:
    # £60,000 against £50,000: all three are bought one beside five empty places
    assert why(planned(60_000)) == {(2026, COST): 3.0}


def test_each_place_and_each_child_counts_once() -> None:
    assert why(planned(60_000, places=1)) == {(2026, COST): 1.0}


def test_no_more_places_than_the_building_holds() -> None:
    # two lines of two places in a building of one: one of the three children could have been there
    settings = [SETTINGS[0] | {"physical_places": 1}, SETTINGS[1]]
    more = [{"line": "more", "setting": "S", "places": 2}]
    assert why(planned(60_000, places=2, settings=settings, lines=more)) == {(2026, COST): 1.0}


def test_a_hard_limit_on_journeys_is_named() -> None:
    # the school is an hour away, the guideline 45 minutes
    travel = [{"area": "A", "setting": "S", "minutes": 60.0, "km": 30.0}]
    limits = {"limit_minutes": {"primary": 45}}
    case = case_of(
        model_of((2025, 2026), travel=limits, rules={"hard_journey_limit": True}),
        demand=[*steady("A", 0, range(2025, 2026)), *steady("A", 3, range(2026, 2027))],
        settings=SETTINGS,
        places=[
            {"line": "state", "setting": "S", "places": 5},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 50_000}],
        travel=travel,
    )
    assert why(solve_by_pricing(prepare(case)).plan) == {(2026, JOURNEY): 3.0}


def two_years(**sections: Any) -> Plan:
    """A SEMH child from 2026 and an ASD child from 2027, each to the end; one special place at £40,000. A bought place
    is £50,000 for SEMH and £200,000 for ASD.
    """
    case = case_of(
        model_of((2025, 2027), **{"continuity": {"stay": {"primary": 1.0}}, **sections}),
        demand=[
            *steady("A", 0, range(2025, 2026), need="SEMH"),
            *steady("A", 1, range(2026, 2028), need="SEMH"),
            *steady("A", 0, range(2025, 2027)),
            *steady("A", 1, range(2027, 2028)),
        ],
        settings=SETTINGS,
        places=[
            {"line": "state", "setting": "S", "places": 1, "needs": ("ASD", "SEMH")},
            {"line": "bought", "setting": "I", "places": np.nan, "needs": ("ASD", "SEMH")},
        ],
        costs=[
            {"type": "special_school", "per_child": 40_000},
            {"type": "independent", "need": "SEMH", "per_child": 50_000},
            {"type": "independent", "need": "ASD", "per_child": 200_000},
        ],
    )
    return solve_by_pricing(prepare(case)).plan


def test_a_place_kept_for_a_child_who_comes_later() -> None:
    # SEMH bought for two years and ASD in the place: 100 + 40 = £140,000. SEMH in the place: 80 + 200 = £280,000. So
    # the place is empty in 2026 beside a bought child; in 2027 that child stays and is not beside anything.
    plan = two_years()
    assert plan.objective == pytest.approx(140_000)
    assert why(plan) == {(2026, LATER): 1.0}


def test_children_who_ask_for_an_independent_school_are_not_bought_a_place_for_want_of_another() -> None:
    # All four children of today are in the independent school, and preference is held for all: four enter it by
    # preference, beside five empty places at £10,000.
    plan = planned(
        10_000,
        children=4,
        continuity={"preference_share": 1.0, "stay": {"primary": 0.0}},
        placements=[{"area": "A", "line": "bought", "children": 4}],
    )
    assert plan.entrants[1].sum() == pytest.approx(4)
    assert why(plan) == {}
    assert plan.preferences_missed.sum() == pytest.approx(0)


def test_a_match_takes_the_better_line_first() -> None:
    # Two children, the first fits both lines, the second only the first line: both find a place.
    found = matched(
        np.array([1.0, 1.0]),
        np.array([1.0, 1.0]),
        np.zeros(0),
        np.zeros((0, 2), dtype=bool),
        np.array([0, 0, 1]),
        np.array([0, 1, 0]),
    )
    assert found.tolist() == pytest.approx([1.0, 1.0])
