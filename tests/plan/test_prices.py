"""What one more place is worth, and a child more in a rule: small programs worked by hand, the answer in the test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sufficiency.plan.explain.place_values import cut_by_earlier, dual_worth, place_values
from sufficiency.plan.options.programme import programme_by_prices
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.plan.tuning import Tuning

from ..worked import Row, case_of, model_of, steady
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


SPECIAL_OR_BOUGHT: Row = {
    "settings": [{"setting": "S"}, {"setting": "I", "type": "independent"}],
    "costs": [{"setting": "S", "per_child": 20_000}, {"setting": "I", "per_child": 50_000}],
}


def test_places_that_an_option_adds_let_nobody_more_stand_above_the_places() -> None:
    # Two places, half of them above: 1. An option adds ten, which let nobody more in above. One place more lets 1 in
    # and 0.5 above it: 1.5 × £30,000, though 5.5 more could stand above if half of all thirteen counted.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 40, range(2025, 2027)),
        places=[
            {"line": "S1", "setting": "S", "places": 2, "overfill": 0.5},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        options=[{"option": "more", "setting": "S", "line": "S1", "places": 10}],
        **SPECIAL_OR_BOUGHT,
    )
    programme = programme_by_prices(prepare(case))
    assert [it.scheme.option for it in programme.opened] == ["more"]
    solved = solve_by_pricing(programme.instance)
    assert in_line(solved.plan, 2026) == pytest.approx({"S1": 13, "bought": 27})
    row = place_values(solved).set_index("line").loc["S1"]
    assert row["how"] == "resolved"
    assert row["pounds"] == pytest.approx(45_000)
    assert dual_worth(solved.plan)[1, 0] == pytest.approx(45_000)


def test_a_place_more_under_a_clean_slate_leaves_one_child_less_above_the_places() -> None:
    # Ten children in five places; next year 10 × 6/7 of them are left, so 3.57 may stand above, at £1,000 each. With a
    # sixth place 2.57 may: as many children as before, one of them no longer above.
    case = case_of(
        model_of(YEAR, weights={"over_places": 1_000}, continuity={"clean_slate": True}),
        demand=steady("A", 10, range(2025, 2027)),
        places=[{"line": "S1", "setting": "S", "places": 5}, {"line": "bought", "setting": "I", "places": np.nan}],
        placements=[{"area": "A", "line": "S1", "children": 10}],
        **SPECIAL_OR_BOUGHT,
    )
    solved = solve_by_pricing(prepare(case))
    assert in_line(solved.plan, 2026)["S1"] == pytest.approx(60 / 7)
    row = place_values(solved).set_index("line").loc["S1"]
    assert row["how"] == "resolved"
    assert row["pounds"] == pytest.approx(1_000)


def test_a_later_year_is_cut_at_what_was_found_for_an_earlier_one() -> None:
    # Line 0: 7 found from year 1 on, so no later year has more, nor a single year; found values that are lower stay.
    # Line 1: 4 found from year 2 on says nothing of year 1.
    single = np.array([[0, 0], [9, 9], [9, 3], [1, 9]], dtype=float)
    lasting = np.array([[0, 0], [7, 20], [12, 4], [5, 11]], dtype=float)
    resolved = np.array([[0, 0], [1, 0], [0, 1], [1, 0]], dtype=bool)
    one, on = cut_by_earlier(single, lasting, resolved)
    assert on.tolist() == [[0, 0], [7, 20], [7, 4], [5, 4]]
    assert one.tolist() == [[0, 0], [7, 9], [7, 3], [1, 4]]


def test_nothing_found_from_this_year_on_is_not_a_bound_of_pounds_from_the_next() -> None:
    # As many base places as children in 2026 and 2027: a place more stands empty. Prices of £478,000 a year would do as
    # bounds (a place less would cost more); only the value from 2026 on is solved again.
    places = [{"line": "base", "setting": "B", "places": 10}, BASE_AND_SPECIAL["places"][1]]
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 10, range(2025, 2028)),
        places=places,
        costs=BASE_AND_SPECIAL["costs"],
    )
    solved = solve_by_pricing(prepare(case, Tuning(valued_places=1)))
    of_base = (solved.plan.rows.family == "places") & (solved.plan.rows.item == 0)
    table = place_values(replace(solved, plan=replace(solved.plan, prices=np.where(of_base, 478_000.0, 0.0))))
    base = table[table["line"] == "base"].set_index("year")
    assert base["how"].tolist() == ["resolved", "dual"]
    assert base["pounds_from"].tolist() == pytest.approx([0, 0])
    assert base["pounds"].tolist() == pytest.approx([0, 0])


def test_pounds_a_year_is_the_same_amount_each_year_to_the_end() -> None:
    # A discount of 25 %: δ is 1, 0.8. Each child placed afresh each year: a base place saves £10,000 a year, from 2026
    # on 10,000 × 1.8, from 2027 on 8,000. Both are 10,000 a year.
    case = case_of(
        model_of((2025, 2027), finance={"discount_rate": 0.25}, continuity={"clean_slate": True}),
        demand=steady("A", 10, range(2025, 2028)),
        **BASE_AND_SPECIAL,
    )
    table = place_values(solve_by_pricing(prepare(case))).set_index(["line", "year"]).loc["base"]
    assert table["pounds_from"].tolist() == pytest.approx([18_000, 8_000])
    assert table["pounds_a_year"].tolist() == pytest.approx([10_000, 10_000])


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
