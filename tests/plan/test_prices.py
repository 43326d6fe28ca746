"""What one more place is worth, and a child more in a rule: small programs worked by hand, the answer in the test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sufficiency.plan.prepared import prepare
from sufficiency.plan.solve import solve_by_pricing
from sufficiency.plan.values import dual_worth, place_values

from ..worked import case_of, model_of, steady
from .planned import BASE_AND_SPECIAL, YEAR, in_line, planned


def test_a_place_value_is_the_saving_found_by_adding_the_place() -> None:
    # A base place saves £20,000 − £10,000 for one child.
    case = case_of(model_of(YEAR), demand=steady("A", 10, range(2025, 2027)), **BASE_AND_SPECIAL)
    table = place_values(solve_by_pricing(prepare(case)))
    value = table.set_index("line")["pounds"]
    assert value["base"] == pytest.approx(10_000)
    assert value["special"] == pytest.approx(0)
    larger = [{"line": "base", "setting": "B", "places": 7}, BASE_AND_SPECIAL["places"][1]]
    more = case_of(
        model_of(YEAR), demand=steady("A", 10, range(2025, 2027)), places=larger, costs=BASE_AND_SPECIAL["costs"]
    )
    assert planned(case).objective - planned(more).objective == pytest.approx(10_000)


def test_where_duals_are_not_unique_the_dual_is_only_an_upper_bound_and_the_value_is_resolved() -> None:
    # Exactly as many base places as children: one place less would cost £10,000, one more saves nothing. Any
    # price from 0 to 10,000 is a valid dual; the table must say 0, because it adds the place and solves again.
    places = [{"line": "base", "setting": "B", "places": 10}, BASE_AND_SPECIAL["places"][1]]
    case = case_of(
        model_of(YEAR), demand=steady("A", 10, range(2025, 2027)), places=places, costs=BASE_AND_SPECIAL["costs"]
    )
    solved = solve_by_pricing(prepare(case))
    highest_dual = replace(solved, plan=replace(solved.plan, prices=np.array([10_000.0, 0.0])))
    assert dual_worth(highest_dual.plan)[1, 0] == pytest.approx(10_000)
    table = place_values(highest_dual)
    row = table.set_index("line").loc["base"]
    assert row["how"] == "resolved"
    assert row["pounds"] == pytest.approx(0)


def test_a_place_more_can_let_more_stand_above_it() -> None:
    # No places and half of them above: nobody. One place lets 1 in and 0.5 above it: 1.5 × £20,000 saved.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "none", "setting": "S", "places": 0, "overfill": 0.5},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        costs=[{"setting": "S", "per_child": 1_000}, {"setting": "I", "per_child": 21_000}],
    )
    table = place_values(solve_by_pricing(prepare(case)))
    row = table.set_index("line").loc["none"]
    assert row["how"] == "resolved"
    assert row["pounds"] == pytest.approx(30_000)


def test_the_price_of_a_rule_is_what_one_child_more_would_save() -> None:
    rule = {"name": "few", "types": ["independent"], "at_most_children": 3}
    case = case_of(
        model_of(YEAR, rules={"share": [rule]}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "S"}],
        places=[
            {"line": "bought", "setting": "I", "places": np.nan},
            {"line": "special", "setting": "S", "places": 20},
        ],
        costs=[{"setting": "I", "per_child": 12_000}, {"setting": "S", "per_child": 20_000}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"bought": 3, "special": 7})
    assert plan.prices[plan.rows.family == "rule"] == pytest.approx([8_000])


def test_a_soft_rule_is_missed_where_stayers_cannot_meet_it_and_a_hard_rule_names_itself() -> None:
    # AP holds 7, 6 stay; at most 10 % of 10 is 1: missed by 5 at £2,000, and no entrant goes there though it is
    # cheapest.
    rule = {"name": "AP at most a tenth", "types": ["alternative_provision"], "at_most": 0.1}
    case = case_of(
        model_of(YEAR, weights={"rule_breach": 2_000}, rules={"share": [rule]}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "AP", "type": "alternative_provision"}, {"setting": "S"}],
        placements=[{"area": "A", "line": "ap", "children": 7}],
        places=[{"line": "ap", "setting": "AP", "places": 20}, {"line": "special", "setting": "S", "places": 20}],
        costs=[{"setting": "AP", "per_child": 19_000}, {"setting": "S", "per_child": 20_000}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"ap": 6, "special": 4})
    assert plan.policy_weights == pytest.approx(5 * 2_000)
