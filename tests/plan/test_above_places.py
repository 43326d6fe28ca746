"""Children above the places, and rooms of a building that an option frees: worked by hand, the answer in the test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.finance.spend import spend_by_academic_year
from sufficiency.plan.options.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_directly

from ..worked import case_of, model_of, steady
from .planned import YEAR, in_line, planned


def base_beside_bought(fee: float) -> Case:
    """Eleven children, a base of ten places (£5,000 a child, £6,000 a place filled and £10,000 empty) with one child
    above them at most, and bought places at a `fee`.
    """
    return case_of(
        model_of(YEAR),
        demand=steady("A", 11, range(2025, 2027)),
        settings=[{"setting": "B", "type": "resource_base"}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "base", "setting": "B", "places": 10, "overfill": 0.1},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        costs=[
            {"setting": "B", "per_child": 5_000, "per_place": 6_000, "per_empty_place": 10_000},
            {"setting": "I", "per_child": fee},
        ],
    )


def test_a_child_above_the_places_empties_none() -> None:
    # Ten children in the base, and an eleventh who is bought a place: 10 × 5,000 + 10 × 6,000 + 3,000. With all eleven
    # in the base there is no eleventh place that is no longer empty: 11 × 5,000 + 10 × 6,000 is £2,000 more.
    plan = planned(base_beside_bought(3_000))
    assert in_line(plan, 2026) == pytest.approx({"base": 10, "bought": 1})
    assert plan.money == pytest.approx(113_000)


def test_what_is_spent_counts_places_once() -> None:
    # A bought place costs more than the eleventh child above the places: 11 × 5,000 + 10 × 6,000.
    case = base_beside_bought(9_000)
    plan = planned(case)
    assert plan.money == pytest.approx(115_000)
    spend = spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)
    assert spend.loc[spend["year"] == 2026, "pounds"].sum() == pytest.approx(115_000)


def shared_building(**settings: Any) -> Case:
    """A building of ten rooms: a school of ten places, and a satellite with four children of other authorities."""
    return case_of(
        model_of(YEAR),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[
            {"setting": "S", "physical_places": 10.0},
            {"setting": "SAT", "school": "S", **settings},
            {"setting": "I", "type": "independent"},
        ],
        places=[
            {"line": "s", "setting": "S", "places": 10},
            {"line": "t", "setting": "SAT", "places": 4, "imported": 4},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        costs=[{"per_child": 1_000}, {"setting": "I", "per_child": 50_000}],
        options=[] if settings else [{"option": "shut", "setting": "SAT", "closes_line": "t", "earliest": 2026}],
    )


def test_a_line_that_an_option_closes_frees_the_rooms_of_other_authorities_children() -> None:
    # Six rooms are left beside the four: 6 × 1,000 + 4 × 50,000. With the satellite's line closed all ten fit, as where
    # the settings table closes it.
    closed = solve_directly(prepare(shared_building(closes=2026.0))).plan
    assert closed.objective == pytest.approx(10_000)
    base = prepare(shared_building())
    for programme in (programme_by_prices(base), programme_directly(base)):
        plan = with_programme(solve_directly(programme.instance).plan, programme)
        assert plan.openings == ((0, 2026, 1.0),)
        assert plan.objective == pytest.approx(10_000)
