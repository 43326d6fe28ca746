"""Small programs worked by hand: the answer is derived in the test."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.prepared import prepare
from sufficiency.plan.shortfall import deficits
from sufficiency.plan.solve import Plan, solve_by_pricing, solve_directly, with_ties_settled
from sufficiency.plan.values import dual_worth, place_values

from ..worked import case_of, model_of, steady

YEAR = (2025, 2026)


def planned(case: Case) -> Plan:
    """The plan by both routes: they must agree before anything else is asked."""
    direct = solve_directly(prepare(case)).plan
    plan = with_ties_settled(solve_by_pricing(prepare(case)))
    assert plan.objective == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)
    assert plan.certificate is not None
    assert plan.certificate.ok
    return plan


def in_line(plan: Plan, year: int) -> dict[str, float]:
    """Children by line in a year."""
    t = int(np.flatnonzero(plan.data.years == year)[0])
    total = np.bincount(plan.data.pair_line, plan.stock[t], len(plan.data.lines))
    return dict(zip(plan.data.lines["line"], total.tolist(), strict=True))


BASE_AND_SPECIAL: dict[str, Any] = {
    "places": [
        {"line": "base", "setting": "B", "places": 6},
        {"line": "special", "setting": "S", "places": 20},
    ],
    "costs": [{"setting": "B", "per_child": 10_000}, {"setting": "S", "per_child": 20_000}],
}


def test_the_base_fills_first_and_the_rest_go_to_the_special_school() -> None:
    plan = planned(case_of(model_of(YEAR), demand=steady("A", 10, range(2025, 2027)), **BASE_AND_SPECIAL))
    assert in_line(plan, 2026) == pytest.approx({"base": 6, "special": 4})
    assert plan.money == pytest.approx(6 * 10_000 + 4 * 20_000)


def test_a_full_school_makes_one_child_travel() -> None:
    # Two schools at the same fee; the near one has 2 places for 3 children, the far one is 60 minutes away.
    # One hour is worth £5; 60/60 × 190 days × 2 trips × £5 = £1,900 for the one who travels.
    case = case_of(
        model_of(YEAR, weights={"hour_travelled": 5}),
        demand=steady("A", 3, range(2025, 2027)),
        places=[{"line": "near", "setting": "N", "places": 2}, {"line": "far", "setting": "F", "places": 9}],
        costs=[{"per_child": 20_000}],
        travel=[{"area": "A", "setting": "F", "minutes": 60.0, "km": 40.0}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"near": 2, "far": 1})
    assert plan.policy_weights == pytest.approx(1_900)


def test_a_stayer_is_not_moved_though_it_would_save_money() -> None:
    # Seven year groups: 6/7 of the child placed at the dear school stay in 2026; the 1/7 who leave the phase
    # are replaced by an entrant, who takes the cheap place.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 1, range(2025, 2027)),
        placements=[{"area": "A", "line": "dear", "children": 1}],
        places=[{"line": "dear", "setting": "D", "places": 9}, {"line": "cheap", "setting": "C", "places": 9}],
        costs=[{"setting": "D", "per_child": 50_000}, {"setting": "C", "per_child": 15_000}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"dear": 6 / 7, "cheap": 1 / 7})
    assert plan.money == pytest.approx(50_000 * 6 / 7 + 15_000 / 7)


def test_clean_slate_moves_the_stayer_and_says_what_it_saves() -> None:
    case = case_of(
        model_of(YEAR, continuity={"clean_slate": True}),
        demand=steady("A", 1, range(2025, 2027)),
        placements=[{"area": "A", "line": "dear", "children": 1}],
        places=[{"line": "dear", "setting": "D", "places": 9}, {"line": "cheap", "setting": "C", "places": 9}],
        costs=[{"setting": "D", "per_child": 50_000}, {"setting": "C", "per_child": 15_000}],
    )
    assert planned(case).money == pytest.approx(15_000)


def through_case(line_takes_secondary: bool) -> Case:
    """One child in the last year of primary; one line at one setting, with or without secondary, and a dearer
    secondary elsewhere.
    """
    phases = ("primary", "secondary") if line_takes_secondary else ("primary",)
    model = model_of(YEAR, continuity={"through": 1.0, "stay": {"primary": 0.0}})
    demand = [
        {"area": "A", "phase": "primary", "year": 2025, "children": 1.0},
        {"area": "A", "phase": "primary", "year": 2026, "children": 0.0},
        {"area": "A", "phase": "secondary", "year": 2025, "children": 0.0},
        {"area": "A", "phase": "secondary", "year": 2026, "children": 1.0},
    ]
    return case_of(
        model,
        demand=demand,
        placements=[{"area": "A", "line": "first", "children": 1}],
        places=[
            {"line": "first", "setting": "P", "places": 1, "phases": phases},
            {"line": "other", "setting": "Q", "places": 1, "phases": ("secondary",)},
        ],
        costs=[{"setting": "P", "per_child": 30_000}, {"setting": "Q", "per_child": 10_000}],
    )


def test_a_child_who_finishes_year_6_in_an_all_through_school_stays() -> None:
    plan = planned(through_case(line_takes_secondary=True))
    assert in_line(plan, 2026) == pytest.approx({"first": 1, "other": 0})
    assert plan.entrants[1].sum() == pytest.approx(0), "nobody had to look for a place"


def test_a_child_who_finishes_year_6_in_a_primary_base_needs_a_new_place() -> None:
    plan = planned(through_case(line_takes_secondary=False))
    assert in_line(plan, 2026) == pytest.approx({"first": 0, "other": 1})
    assert plan.entrants[1].sum() == pytest.approx(1)


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


def test_a_waiting_child_is_placed_the_year_a_base_opens() -> None:
    # Nothing takes the child in 2026; the base opens in 2027. stay = 6/7, so 1/7 of the child is a new entrant
    # each year.
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 1, range(2025, 2028)),
        settings=[{"setting": "B", "opens": 2027}],
        places=[{"line": "base", "setting": "B", "places": 5, "from_year": 2027}],
        costs=[{"per_child": 10_000}],
    )
    plan = planned(case)
    assert plan.waiting.sum(axis=1) == pytest.approx([1, 1, 0])
    assert in_line(plan, 2027) == pytest.approx({"base": 1})
    assert plan.money == pytest.approx(10_000)
    assert plan.policy_weights == pytest.approx(1_000_000)


def test_children_in_a_line_that_closes_return_to_that_years_demand() -> None:
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 7, range(2025, 2028)),
        settings=[{"setting": "X", "closes": 2027}, {"setting": "Y"}],
        placements=[{"area": "A", "line": "closing", "children": 7}],
        places=[{"line": "closing", "setting": "X", "places": 7}, {"line": "other", "setting": "Y", "places": 9}],
        costs=[{"setting": "X", "per_child": 10_000}, {"setting": "Y", "per_child": 30_000}],
    )
    plan = planned(case)
    # 2026: 6 stay, the entrant takes the cheap line for its one year (and would return: the dear line costs
    # more even so).
    assert in_line(plan, 2026) == pytest.approx({"closing": 7, "other": 0})
    assert in_line(plan, 2027) == pytest.approx({"closing": 0, "other": 7})
    assert plan.money == pytest.approx(7 * 10_000 + 7 * 30_000)


def test_inherited_overfill_is_kept_and_no_more_is_let_in() -> None:
    # 14 children in 7 places: 12 stay, 5 above the places at £12,000 each; the 2 entrants must go elsewhere.
    case = case_of(
        model_of(YEAR, weights={"over_places": 12_000}),
        demand=steady("A", 14, range(2025, 2027)),
        placements=[{"area": "A", "line": "full", "children": 14}],
        places=[
            {"line": "full", "setting": "F", "places": 7},
            {"line": "dear", "setting": "D", "places": 9},
        ],
        costs=[{"setting": "F", "per_child": 10_000}, {"setting": "D", "per_child": 60_000}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"full": 12, "dear": 2})
    assert plan.policy_weights == pytest.approx(5 * 12_000)


def test_overfill_is_used_where_its_weight_is_less_than_what_it_saves() -> None:
    # 10 places with 20 % above: 2 children stand above them at £12,000 rather than cost £50,000 more.
    case = case_of(
        model_of(YEAR, weights={"over_places": 12_000}),
        demand=steady("A", 15, range(2025, 2027)),
        places=[
            {"line": "cheap", "setting": "C", "places": 10, "overfill": 0.2},
            {"line": "dear", "setting": "D", "places": 9},
        ],
        costs=[{"setting": "C", "per_child": 10_000}, {"setting": "D", "per_child": 60_000}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"cheap": 12, "dear": 3})
    # One more place also lets 0.2 more stand above: (60 − 10 − 12) thousand for those, 60 − 10 for the place:
    # 50,000 + 0.2 × 38,000.
    assert dual_worth(plan)[1, 0] == pytest.approx(57_600)


def test_imports_and_reserved_places_are_not_for_us() -> None:
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 10, range(2025, 2027)),
        places=[
            {"line": "base", "setting": "B", "places": 6, "imported": 2.0, "reserved": 1.0},
            {"line": "special", "setting": "S", "places": 20},
        ],
        costs=BASE_AND_SPECIAL["costs"],
    )
    assert in_line(planned(case), 2026) == pytest.approx({"base": 3, "special": 7})


def test_the_building_limits_all_lines_of_a_school_and_its_satellites() -> None:
    # Two lines of 6 places in a building for 8, a satellite's 2 counted: 8 children in all three.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 12, range(2025, 2027)),
        settings=[{"setting": "S", "physical_places": 8.0}, {"setting": "SAT", "school": "S"}, {"setting": "D"}],
        places=[
            {"line": "one", "setting": "S", "places": 6},
            {"line": "two", "setting": "S", "places": 6},
            {"line": "satellite", "setting": "SAT", "places": 2},
            {"line": "dear", "setting": "D", "places": 20},
        ],
        costs=[{"per_child": 10_000}, {"setting": "D", "per_child": 60_000}],
    )
    found = in_line(planned(case), 2026)
    assert found["one"] + found["two"] + found["satellite"] == pytest.approx(8)
    assert found["dear"] == pytest.approx(4)


def test_steps_in_places() -> None:
    case = case_of(
        model_of((2025, 2028), continuity={"stay": {"primary": 0.0}}),
        demand=steady("A", 10, range(2025, 2029)),
        places=[
            {"line": "free", "setting": "F", "places": 2, "from_year": 2027},
            {"line": "free", "setting": "F", "places": 5, "from_year": 2028},
            {"line": "dear", "setting": "D", "places": 20},
        ],
        costs=[{"setting": "F", "per_child": 10_000}, {"setting": "D", "per_child": 60_000}],
    )
    plan = planned(case)
    assert [in_line(plan, year)["free"] for year in (2026, 2027, 2028)] == pytest.approx([0, 2, 5])


def test_can_meet_costs_its_distance_from_designation() -> None:
    # Match 0.5: half of £15,000. A saving of £5,000 does not pay for it, one of £10,000 does.
    for dearer, line in ((15_000, "designed"), (20_000, "adapted")):
        case = case_of(
            model_of(YEAR, weights={"off_designation": 15_000}),
            demand=steady("A", 1, range(2025, 2027)),
            places=[
                {"line": "adapted", "setting": "X", "places": 9, "needs": ("MLD",), "can_meet": ("ASD",), "match": 0.5},
                {"line": "designed", "setting": "Y", "places": 9},
            ],
            costs=[{"setting": "X", "per_child": 10_000}, {"setting": "Y", "per_child": dearer}],
        )
        assert in_line(planned(case), 2026)[line] == pytest.approx(1)


def test_half_of_those_free_to_choose_follow_todays_pattern() -> None:
    # Ten placed, all in the dear school; σ = 0, so ten entrants: five follow the pattern, five go where it is cheap.
    case = case_of(
        model_of(YEAR, continuity={"preference_share": 0.5, "stay": {"primary": 0.0}}),
        demand=steady("A", 10, range(2025, 2027)),
        placements=[{"area": "A", "line": "dear", "children": 10}],
        places=[{"line": "dear", "setting": "D", "places": 20}, {"line": "cheap", "setting": "C", "places": 20}],
        costs=[{"setting": "D", "per_child": 50_000}, {"setting": "C", "per_child": 15_000}],
    )
    assert in_line(planned(case), 2026) == pytest.approx({"dear": 5, "cheap": 5})


def test_by_pattern_provision_is_never_chosen_to_save_money() -> None:
    # EOTAS costs next to nothing here; a tenth of the placed are in it, so a tenth of the entrants are, and no more.
    case = case_of(
        model_of(YEAR, continuity={"stay": {"primary": 0.0}}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "E", "type": "eotas"}, {"setting": "S"}],
        placements=[{"area": "A", "line": "eotas", "children": 1}, {"area": "A", "line": "special", "children": 9}],
        places=[{"line": "eotas", "setting": "E", "places": np.nan}, {"line": "special", "setting": "S", "places": 20}],
        costs=[{"setting": "E", "per_child": 1}, {"setting": "S", "per_child": 20_000}],
    )
    assert in_line(planned(case), 2026) == pytest.approx({"eotas": 1, "special": 9})


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


def test_a_hard_journey_limit_leaves_no_arc_beyond_it() -> None:
    common: dict[str, Any] = {
        "demand": steady("A", 2, range(2025, 2027)),
        "places": [{"line": "far", "setting": "F", "places": 9}, {"line": "near", "setting": "N", "places": 9}],
        "costs": [{"setting": "F", "per_child": 10_000}, {"setting": "N", "per_child": 40_000}],
        "travel": [{"area": "A", "setting": "F", "minutes": 46.0, "km": 30.0}],
    }
    soft = model_of(YEAR, travel={"limit_minutes": {"primary": 45}})
    hard = model_of(YEAR, travel={"limit_minutes": {"primary": 45}}, rules={"hard_journey_limit": True})
    assert in_line(planned(case_of(soft, **common)), 2026)["far"] == pytest.approx(2)
    assert in_line(planned(case_of(hard, **common)), 2026)["near"] == pytest.approx(2)


def test_levels_keep_children_of_special_level_out_of_base_lines_unless_they_step_down() -> None:
    common: dict[str, Any] = {
        "demand": steady("A", 10, range(2025, 2027), level="special"),
        "places": [
            {"line": "base", "setting": "B", "places": 9, "levels": ("base",)},
            {"line": "special", "setting": "S", "places": 20, "levels": ("special", "complex")},
        ],
        "costs": [{"setting": "B", "per_child": 10_000}, {"setting": "S", "per_child": 20_000}],
    }
    assert in_line(planned(case_of(model_of(YEAR), **common)), 2026) == pytest.approx({"base": 0, "special": 10})
    eased = model_of(YEAR, continuity={"step_down": 0.3})
    assert in_line(planned(case_of(eased, **common)), 2026) == pytest.approx({"base": 3, "special": 7})


def test_every_year_group_its_own_phase() -> None:
    # One child in Year 5 at the dear all-through school: stays through Year 6 and, θ = 0.95 at the end of
    # primary, into Year 7.
    model = model_of((2025, 2027), phases="year_groups", continuity={"through": {}, "stay": {}})
    demand = [
        {"area": "A", "phase": str(ncy), "year": year, "children": float(ncy == 5 + year - 2025)}
        for ncy in (5, 6, 7)
        for year in (2025, 2026, 2027)
    ]
    case = case_of(
        model,
        demand=demand,
        placements=[{"area": "A", "phase": "5", "line": "through", "children": 1}],
        places=[
            {"line": "through", "setting": "T", "places": 2},
            {"line": "cheap", "setting": "C", "places": 2},
        ],
        costs=[{"setting": "T", "per_child": 50_000}, {"setting": "C", "per_child": 10_000}],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"through": 1, "cheap": 0})
    assert in_line(plan, 2027) == pytest.approx({"through": 0.95, "cheap": 0.05})


def test_place_funding_counts_every_commissioned_place_and_empty_ones_at_their_rate() -> None:
    # 6 base places, 4 children: 4 × £6,000 + 2 × £10,000; 5 special places at £10,000, one child.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 4, range(2025, 2027)),
        settings=[{"setting": "B", "type": "resource_base"}, {"setting": "S"}],
        places=[{"line": "base", "setting": "B", "places": 6}, {"line": "special", "setting": "S", "places": 5}],
        costs=[
            {"type": "resource_base", "per_child": 12_000},
            {"type": "resource_base", "per_place": 6_000, "per_empty_place": 10_000},
            {"type": "special_school", "per_child": 20_000, "per_place": 10_000},
        ],
    )
    assert planned(case).money == pytest.approx(4 * 12_000 + 4 * 6_000 + 2 * 10_000 + 5 * 10_000)


def test_inflation_discount_and_tail() -> None:
    # £10,000 in 2025; 10 % inflation, 10 % discount, first plan year undiscounted: 11,000 + 12,100/1.1; the
    # tail repeats the last year's £12,100 twice more: /1.21 and /1.331.
    case = case_of(
        model_of((2025, 2027), finance={"inflation": {"default": 0.1}, "discount_rate": 0.1, "tail_years": 2}),
        demand=steady("A", 1, range(2025, 2028)),
        places=[{"line": "only", "setting": "S", "places": 5}],
        costs=[{"per_child": 10_000}],
    )
    assert planned(case).money == pytest.approx(11_000 + 12_100 / 1.1 + 12_100 / 1.21 + 12_100 / 1.331)


def test_transport_is_for_the_share_who_are_transported() -> None:
    # 0.8 × (3,000 + 10 km × £2.4 × 190 × 2 / 2.4) = 0.8 × 6,800.
    case = case_of(
        model_of(YEAR, travel={"fixed_per_child": 3_000, "pounds_per_km": 2.4}),
        demand=steady("A", 1, range(2025, 2027)),
        places=[{"line": "only", "setting": "S", "places": 5}],
        costs=[{"per_child": 10_000}],
        travel=[{"area": "A", "setting": "S", "minutes": 20.0, "km": 10.0}],
    )
    assert planned(case).money == pytest.approx(10_000 + 0.8 * 6_800)


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


@pytest.mark.parametrize("order", [("S", "T"), ("T", "S")])
def test_a_satellite_counts_in_its_building_and_in_its_schools(order: tuple[str, str]) -> None:
    # The school's building holds 8, the satellite's 5, and the school's 8 count both: 20 children, 8 places, short 12.
    settings = {
        "S": {"setting": "S", "physical_places": 8.0},
        "T": {"setting": "T", "physical_places": 5.0, "school": "S"},
    }
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 20, range(2025, 2027)),
        settings=[settings[name] for name in order],
        places=[{"line": "L1", "setting": "S", "places": 10}, {"line": "L2", "setting": "T", "places": 10}],
        costs=[{"per_child": 10_000}],
    )
    plan = planned(case)
    assert plan.waiting[1].sum() == pytest.approx(12)
    told = deficits(plan)
    assert [(deficit.children, deficit.reach, deficit.short) for deficit in told] == [pytest.approx((20, 8, 12))]


def test_known_waiters_of_a_cell_that_is_split_are_not_counted_twice() -> None:
    case = case_of(
        model_of(YEAR, continuity={"step_down": 0.5}),
        demand=steady("A", 10, range(2025, 2027), level="special"),
        placements=[{"area": "A", "level": "special", "line": "awaiting", "children": 8}],
        places=[{"line": "only", "setting": "S", "places": 20}],
        costs=[{"per_child": 10_000}],
    )
    data = prepare(case).data
    assert data.demand[0].sum() == pytest.approx(10)
    assert data.raised == pytest.approx(0)


def test_children_placed_without_a_level_are_of_the_levels_there_are_though_the_line_is_for_neither() -> None:
    # Seven children at two levels, four of them in a line for a third level. Nobody is counted twice, and six of seven
    # stay in primary: 4 × 6/7 are still in the line a year later, and 4 × (6/7)² after two.
    case = case_of(
        model_of((2025, 2027)),
        demand=[
            *steady("A", 3, range(2025, 2028), level="special"),
            *steady("A", 4, range(2025, 2028), level="complex"),
        ],
        places=[
            {"line": "base", "setting": "B", "places": 4, "levels": ("base",)},
            {"line": "school", "setting": "S", "places": 20},
        ],
        costs=[{"setting": "B", "per_child": 30_000}, {"setting": "S", "per_child": 20_000}],
        placements=[{"area": "A", "line": "base", "children": 4}, {"area": "A", "line": "awaiting", "children": 3}],
    )
    plan = planned(case)
    assert plan.data.raised == pytest.approx(0, abs=1e-9)
    assert set(plan.data.cells["level"]) == {"special", "complex"}
    assert in_line(plan, 2026)["base"] == pytest.approx(4 * 6 / 7)
    assert in_line(plan, 2027)["base"] == pytest.approx(4 * (6 / 7) ** 2)


@pytest.mark.parametrize("first", [(0.0, 4.0), (1.0, 3.0)])
@pytest.mark.parametrize("later", [(0.0, 4.0), (2.0, 4.0)])
def test_children_placed_without_a_level_are_of_no_level_that_has_none(
    first: tuple[float, float], later: tuple[float, float]
) -> None:
    # Three in the line, shared as the children of the base year are: a level without any has none of them.
    demand = [
        {"area": "A", "level": level, "year": year, "children": children}
        for year, all_levels in ((2025, first), (2026, later))
        for level, children in zip(("base", "special"), all_levels, strict=True)
    ]
    case = case_of(
        model_of(YEAR),
        demand=demand,
        places=[{"line": "L", "setting": "S", "places": 9}],
        costs=[{"per_child": 20_000}],
        placements=[{"area": "A", "line": "L", "children": 3}],
    )
    plan = planned(case)
    assert plan.status == "optimal"
    assert plan.data.placed == pytest.approx([3 * share / sum(first) for share in first], abs=0)
