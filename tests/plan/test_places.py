"""Which places there are for a child, and which is taken: small programs worked by hand, the answer in the test."""

from __future__ import annotations

from typing import Any

import pytest

from sufficiency.plan.explain.place_values import dual_worth
from sufficiency.plan.explain.shortfall import deficits

from ..worked import case_of, model_of, steady
from .planned import BASE_AND_SPECIAL, YEAR, in_line, planned


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
