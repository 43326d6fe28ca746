"""Who stays where they are, and who follows today's pattern: small programs worked by hand, the answer in the test."""

from __future__ import annotations

import numpy as np
import pytest

from sufficiency.case import Case

from ..worked import case_of, model_of, steady
from .planned import YEAR, in_line, planned


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
