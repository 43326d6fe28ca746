"""Preferences that give way to a full school: small programs worked by hand, the answer in the test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing

from ..worked import case_of, model_of, steady
from .planned import YEAR, in_line, planned

HALF_STAY = {"stay": {"primary": 0.5}}
BOUGHT = {"line": "bought", "setting": "I", "places": np.nan}


def crowded_later(fee: float, preference_missed: float = 100_000, **sections: Any) -> Case:
    """Eight children, half of whom stay, four placed in a school of three places and four bought. Nobody follows a
    pattern in 2026, everyone free to choose does in 2027.

    2026: two of the four in the school stay, so one place is free. 2027: one of the four is left, and two of the
    four entrants would follow the pattern into the school: with them it is full. A child who takes the free place
    in 2026 leaves half a child there in 2027, so half a preference has to give way.
    """
    return case_of(
        model_of(
            (2025, 2027),
            continuity=HALF_STAY | {"preference_share": {2026: 0.0, 2027: 1.0}},
            weights={"preference_missed": preference_missed},
            **sections,
        ),
        demand=steady("A", 8, range(2025, 2028)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "school", "setting": "S", "places": 3}, BOUGHT],
        costs=[{"setting": "S", "per_child": 20_000}, {"setting": "I", "per_child": fee}],
        placements=[
            {"area": "A", "line": "school", "children": 4},
            {"area": "A", "line": "bought", "children": 4},
        ],
    )


def test_no_place_stays_empty_for_a_preference_that_is_worth_less() -> None:
    # Filling the place saves £80,000 in 2026 and nothing in 2027, when the half child there takes the place of the half
    # who gives way: more than half of £100,000. Two years of 3 × 20,000 + 5 × 100,000.
    plan = planned(crowded_later(100_000))
    assert in_line(plan, 2026) == pytest.approx({"school": 3, "bought": 5})
    assert in_line(plan, 2027) == pytest.approx({"school": 3, "bought": 5})
    assert plan.preferences_missed.sum(axis=1) == pytest.approx([0, 0, 0.5])
    assert plan.money == pytest.approx(2 * 560_000)
    assert plan.policy_weights == pytest.approx(50_000)


def test_a_preference_is_kept_where_overriding_it_saves_less_than_it_counts() -> None:
    # The place would save £40,000; half a preference counts £50,000. 2026: 2 × 20,000 + 6 × 60,000; 2027: 3 and 5.
    plan = planned(crowded_later(60_000))
    assert in_line(plan, 2026) == pytest.approx({"school": 2, "bought": 6})
    assert plan.preferences_missed.sum() == pytest.approx(0)
    assert plan.money == pytest.approx(400_000 + 360_000)


def test_at_any_price_a_preference_is_hard() -> None:
    plan = planned(crowded_later(100_000, preference_missed=1e7))
    assert in_line(plan, 2026) == pytest.approx({"school": 2, "bought": 6})
    assert plan.objective == pytest.approx(640_000 + 560_000)


def test_a_building_of_ten_never_holds_twenty() -> None:
    # 40 children become 80; half stay. Each of two lines of ten places in one building had five, two and a half are
    # left, and 7.5 of the 60 entrants would follow the pattern into each: ten more than the building holds.
    case = case_of(
        model_of(YEAR, continuity=HALF_STAY | {"preference_share": 1.0}),
        demand=[*steady("A", 40, range(2025, 2026)), *steady("A", 80, range(2026, 2027))],
        settings=[{"setting": "S", "physical_places": 10.0}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "one", "setting": "S", "places": 10},
            {"line": "two", "setting": "S", "places": 10},
            BOUGHT,
        ],
        costs=[{"setting": "S", "per_child": 20_000}, {"setting": "I", "per_child": 50_000}],
        placements=[
            {"area": "A", "line": "one", "children": 5},
            {"area": "A", "line": "two", "children": 5},
            {"area": "A", "line": "bought", "children": 30},
        ],
    )
    plan = planned(case)
    held = in_line(plan, 2026)
    assert held["one"] + held["two"] == pytest.approx(10)
    assert plan.preferences_missed.sum() == pytest.approx(10)
    assert plan.policy_weights == pytest.approx(10 * 100_000)


def test_a_preference_for_a_line_without_a_limit_is_hard() -> None:
    # Half of the four entrants follow the pattern into the bought line, though the school has room for all.
    case = case_of(
        model_of(YEAR, continuity=HALF_STAY | {"preference_share": 1.0}),
        demand=steady("A", 8, range(2025, 2027)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "school", "setting": "S", "places": 20}, BOUGHT],
        costs=[{"setting": "S", "per_child": 20_000}, {"setting": "I", "per_child": 900_000}],
        placements=[
            {"area": "A", "line": "school", "children": 4},
            {"area": "A", "line": "bought", "children": 4},
        ],
    )
    plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"school": 4, "bought": 4})
    assert not plan.settled.may_give_way[:, plan.data.pair_line == 0].any()  # lines by name: bought, school


def closing_crowded(fee: float) -> Case:
    """The same with an option that closes the school in 2027."""
    return case_of(
        crowded_later(fee).model,
        demand=steady("A", 8, range(2025, 2028)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "school", "setting": "S", "places": 3}, BOUGHT],
        costs=[
            {"setting": "S", "per_child": 20_000, "per_place": 200_000},
            {"setting": "I", "per_child": fee},
        ],
        placements=[
            {"area": "A", "line": "school", "children": 4},
            {"area": "A", "line": "bought", "children": 4},
        ],
        options=[{"option": "shut", "setting": "S", "closes_line": "school", "earliest": 2027, "latest": 2027}],
    )


def test_where_the_line_closes_nobody_has_to_give_way() -> None:
    # The school's places cost £600,000 a year; closed in 2027, everybody is bought a place then: 8 × 100,000 in place
    # of 560,000 + 600,000. In 2026 its one free place is filled: 3 × 20,000 + 5 × 100,000 + 600,000.
    base = prepare(closing_crowded(100_000))
    assert len(option_model(base).preferences.pair) > 0
    for programme in (programme_by_prices(base), programme_directly(base)):
        plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
        assert plan.openings == ((0, 2027, 1.0),)
        assert plan.preferences_missed.sum() == pytest.approx(0)
        assert plan.objective == pytest.approx(1_160_000 + 800_000)
        assert programme.value == pytest.approx(plan.objective)
