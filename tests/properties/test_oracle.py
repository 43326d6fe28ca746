"""The optimum against the model written a second time, from the page alone (`tests/oracle.py`)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.plan.explain import place_values as plan_values
from sufficiency.plan.explain.place_values import place_values
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.plan.tuning import Tuning
from sufficiency.problems import InputError
from sufficiency.progress import silent

from ..examples import examples
from ..oracle import optimum
from ..random_cases import random_case, richer_case

VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"continuity": {"clean_slate": True}},
    {"continuity": {"through": 1.0, "stay": {"primary": 0.5}}},
    {"continuity": {"preference_share": 0.0, "by_pattern": []}},
    {"rules": {"hard_journey_limit": True, "reserve": 0.2}},
    {
        "continuity": {
            "enrolment": {"L00": 0.6, "L10": 0.85, "L20": 0.0},
            "preference_share": {"default": {2025: 0.6, 2027: 0.9}, "non_maintained": 1.0, "independent": 0.1},
        }
    },
    {"continuity": {"mainstream_eligible": {"SEMH": {"primary": 0.4, "secondary": 0.1}, "default": 0.25}}},
    {"weights": {"awaiting_place": None, "rule_breach": None}},
    {"weights": {"over_places": 50_000}, "finance": {"tail_years": 10, "discount_rate": None}},
    {"rules": {"share": [{"name": "most", "types": ["independent"], "at_most": 0.1, "hard": True}]}},
)
seeds = st.integers(0, 1_000_000)


def agrees(case: Case) -> None:
    expected = optimum(case)
    if np.isnan(expected):
        with pytest.raises(InputError, match="hard rule"):
            solve_by_pricing(prepare(case))
        return
    plan = solve_by_pricing(prepare(case)).plan
    assert plan.objective == pytest.approx(expected, rel=1e-8, abs=1e-3)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@given(seed=seeds)
@examples(3)
def test_the_plan_costs_what_the_explicit_model_costs(seed: int, variant: dict[str, Any]) -> None:
    agrees(random_case(seed, **variant))


@pytest.mark.parametrize("year_groups", [False, True], ids=["phases", "year groups"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@given(seed=seeds)
@examples(3)
def test_so_does_one_with_levels_satellites_and_odd_rates(
    seed: int, variant: dict[str, Any], year_groups: bool
) -> None:
    agrees(richer_case(seed, year_groups, **variant))


def test_so_does_one_in_which_a_child_above_the_places_costs_nothing_more() -> None:
    """The weight of a child above the places equals what the line saves by one: slack that nobody uses is free."""
    agrees(richer_case(88, False, rules={"hard_journey_limit": True, "reserve": 0.2}))


@given(seed=seeds)
@examples(8)
def test_a_resolved_value_is_what_one_more_place_saves(seed: int) -> None:
    """Where nobody follows a pattern: else a further place changes what the pattern asks for as well."""
    case = random_case(seed, continuity={"preference_share": 0.0, "by_pattern": []})
    values = place_values(solve_by_pricing(prepare(case)), silent)
    before = optimum(case)
    for row in values[values["how"] == "resolved"].head(4).itertuples():
        saved = before - optimum(case, (str(row.line), int(row.year)))
        assert row.pounds_from == pytest.approx(saved, rel=1e-6, abs=1.0)


@given(seed=seeds)
@examples(8)
def test_a_place_from_an_earlier_year_is_worth_no_less(seed: int) -> None:
    """Every value solved again, none cut: what cuts the bounds of later years holds where all is known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_values, "cut_by_earlier", lambda single, lasting, resolved: (single, lasting))
        table = place_values(solve_by_pricing(prepare(random_case(seed), Tuning(valued_places=1_000))), silent)
    found = table[table["how"] == "resolved"].sort_values("year")
    for _, line in found.groupby("line"):
        assert (line["pounds_from"].diff().dropna() <= 1.0).all()
        assert (line["pounds"] <= line["pounds_from"] + 1.0).all()


@pytest.mark.slow
@pytest.mark.parametrize("year_groups", [False, True], ids=["phases", "year groups"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@given(seed=seeds)
@examples(25)
def test_so_do_many(seed: int, variant: dict[str, Any], year_groups: bool) -> None:
    agrees(richer_case(seed, year_groups, **variant))
