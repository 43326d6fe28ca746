"""Who awaits a place, and for what: small programs worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sufficiency.plan.explain.waiting import waits
from sufficiency.plan.solve.solve import Plan
from sufficiency.report.screens.waiting import wait_in_words

from ..worked import case_of, model_of, steady
from .planned import YEAR, planned
from .test_default_weights import cheap_for_five_years

SPECIAL_AND_BOUGHT: dict[str, Any] = {
    "demand": steady("A", 5, range(2025, 2027)),
    "settings": [{"setting": "I", "type": "independent"}, {"setting": "S"}],
    "places": [
        {"line": "bought", "setting": "I", "places": np.nan},
        {"line": "special", "setting": "S", "places": 2},
    ],
    "costs": [{"setting": "I", "per_child": 30_000}, {"setting": "S", "per_child": 20_000}],
}


def said(plan: Plan) -> list[tuple[int, float, str, str]]:
    """Year, children, why and what; all are of one need, phase and locality."""
    found = waits(plan)
    assert {(wait.need, wait.phase, wait.locality) for wait in found} <= {("ASD", "primary", "All")}
    return [(wait.year, round(wait.children, 6), wait.why, wait.what) for wait in found]


def test_a_child_waits_by_choice_for_the_base_that_opens_a_year_later() -> None:
    # A year of waiting at £120,000 and five at £10,000 cost less than six at £60,000.
    assert said(planned(cheap_for_five_years(awaiting_place=120_000))) == [(2026, 1, "line", "base")]


def test_some_of_those_for_whom_there_is_no_place_enter_it_the_year_after() -> None:
    # Two places for five children, all of whom stay: three wait in 2026. A place more in 2027 takes one of them; the
    # two left wait in both years for nothing that can be named.
    case = case_of(
        model_of((2025, 2027), continuity={"stay": {"primary": 1.0}}),
        demand=steady("A", 5, range(2025, 2028)),
        places=[
            {"line": "special", "setting": "S", "places": 2},
            {"line": "special", "setting": "S", "places": 3, "from_year": 2027},
        ],
        costs=[{"per_child": 20_000}],
    )
    assert said(planned(case)) == [
        (2026, 2, "no_place", ""),
        (2026, 1, "line", "special"),
        (2027, 2, "no_place", ""),
    ]


@pytest.mark.parametrize("hard", [True, False])
def test_a_rule_keeps_children_out_of_free_places(hard: bool) -> None:
    # Two special places and one bought place for five children: two wait, for a child who waits costs £1m and one by
    # whom the rule is missed £2m.
    rule = {"name": "few bought", "types": ["independent"], "at_most_children": 1, "hard": hard}
    model = model_of(YEAR, weights={"rule_breach": 2_000_000}, rules={"share": [rule]})
    assert said(planned(case_of(model, **SPECIAL_AND_BOUGHT))) == [(2026, 2, "rule", "few bought")]


def test_a_rule_is_not_named_where_every_place_is_taken() -> None:
    # The bought line has one place: the same two wait, and the rule (at most 1) would leave them none without it.
    rule = {"name": "few bought", "types": ["independent"], "at_most_children": 1}
    places = [SPECIAL_AND_BOUGHT["places"][0] | {"places": 1}, SPECIAL_AND_BOUGHT["places"][1]]
    case = case_of(model_of(YEAR, rules={"share": [rule]}), **SPECIAL_AND_BOUGHT | {"places": places})
    assert said(planned(case)) == [(2026, 2, "no_place", "")]


def test_a_place_that_costs_more_than_the_weight_stays_free() -> None:
    # £25,000 a child-year awaiting: the two special places are taken at 20,000, nobody is bought a place at 30,000.
    case = case_of(model_of(YEAR, weights={"awaiting_place": 25_000}), **SPECIAL_AND_BOUGHT)
    assert said(planned(case)) == [(2026, 3, "weight", "")]


def test_nobody_waits_and_nothing_is_said() -> None:
    assert said(planned(case_of(model_of(YEAR), **SPECIAL_AND_BOUGHT))) == []


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("line", "children wait a year for Hill (Base, line HILL)"),
        ("rule", "children wait because of the rule HILL, although they could take a free place"),
        ("no_place", "children wait because every place they can reach is taken"),
        ("weight", "children wait because a place costs more than weights.awaiting_place"),
    ],
)
def test_the_screen_says_it_in_words(why: str, words: str) -> None:
    labels = {"types": {"resource_base": "Base"}, "phases": {"primary": "Primary"}}
    wait = {"year": 2026, "need": "ASD", "phase": "primary", "locality": "North", "children": 3.0, "why": why}
    wait |= {"what": "HILL", "name": "Hill", "type": "resource_base"}
    assert wait_in_words({"labels": labels}, wait) == f"2026/27, ASD, primary, North: 3 {words}"
