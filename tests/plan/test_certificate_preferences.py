"""What the certificate makes of preferences that give way, of who is held, and of the weight of waiting; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.certificate.money import default_awaiting
from sufficiency.plan.certificate.proof import Certificate, certify
from sufficiency.plan.certificate.tables import recounted
from sufficiency.plan.rows.instance import prepare

from ..worked import case_of, model_of, steady

FULL_AND_BOUGHT: dict[str, Any] = {
    "settings": [{"setting": "S"}, {"setting": "I", "type": "independent"}],
    "costs": [{"setting": "S", "per_child": 60_000}, {"setting": "I", "per_child": 50_000}],
    "placements": [
        {"area": "A", "line": "special", "children": 4},
        {"area": "A", "line": "bought", "children": 6},
    ],
}


def preferring(missed: float) -> Case:
    """Ten children, all new every year; four were in a special school of four places at £60,000, six bought at £50,000.
    Half of them follow that: 10 × ½ × 0.4 = 2 into the special school, 3 bought; the other five are free.
    """
    weights = {"awaiting_place": 1_000_000, "preference_missed": missed}
    return case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}, "preference_share": 0.5}, weights=weights),
        demand=steady("A", 10, range(2025, 2027)),
        places=[
            {"line": "bought", "setting": "I", "places": np.nan},
            {"line": "special", "setting": "S", "places": 4},
        ],
        **FULL_AND_BOUGHT,
    )


def labels(case: Case) -> Any:
    """The arrays that a plan is made from, with those of preferences that give way."""
    data = prepare(case).data
    return SimpleNamespace(**{"preference_weight": np.zeros(len(data.years))} | vars(data))


def proof(case: Case, special: float, bought: float, weight: float) -> Certificate:
    """Of a plan with so many in either line, which says that its preferences weigh `weight`."""
    base, data = prepare(case), labels(case)
    entrants = np.zeros((2, 2))
    line = data.lines["line"].to_numpy(dtype=object)[data.pair_line].tolist()
    entrants[1, line.index("special")], entrants[1, line.index("bought")] = special, bought
    plan = SimpleNamespace(
        entrants=entrants,
        waiting=np.zeros((2, 1)),
        slack=np.zeros(len(base.rows.limit)),
        prices=np.zeros(len(base.rows.limit)),
        money=special * 60_000 + bought * 50_000,
        policy_weights=weight,
        openings=(),
    )
    return certify(case, data, base.settled, base.rows, plan)


def test_a_preference_dear_to_override_is_met() -> None:
    """500,000 for all bought, and 2 × 10,000 more for the two: overriding them would be 2 × 100,000."""
    found = proof(preferring(100_000), special=2, bought=8, weight=0)
    assert found.bound == pytest.approx(520_000)
    judged = {name for name, check in found.checks.items() if not check.ok}
    assert judged <= {"figures as in the tables"}


def test_one_cheap_to_override_gives_way() -> None:
    """Two redirected at 4,000 in place of 10,000 more each: 508,000; no plan is cheaper. One redirected: 514,000."""
    found = proof(preferring(4_000), special=0, bought=10, weight=8_000)
    assert found.bound == pytest.approx(508_000)
    assert found.policy_weights == pytest.approx(8_000)
    assert {name for name, check in found.checks.items() if not check.ok} <= {"figures as in the tables"}
    dearer = proof(preferring(4_000), special=1, bought=9, weight=4_000)
    assert dearer.checks["lawful lines"].ok
    assert not dearer.checks["no cheaper plan"].ok


def test_redirected_children_are_weighed_and_those_who_stay_hard_are_not_redirected() -> None:
    """Two in the special school are redirected; a plan that says nothing of it is caught. So is one that buys fewer
    than the three who follow the pattern to the line without a limit.
    """
    silent = proof(preferring(4_000), special=0, bought=10, weight=0)
    assert not silent.checks["policy weights"].ok
    assert not proof(preferring(4_000), special=8, bought=2, weight=0).checks["lawful lines"].ok


def test_places_above_are_allowed_for_those_who_are_held() -> None:
    """One child of two in 2025 is in a line of 4 places, 1 from 2027. In 2026 four more come, who all stay: ½ × 4 × ½ =
    1 follows into the line. In 2027 two stand in it, but the one who may give way is no reason for a place above.
    """
    case = case_of(
        model_of((2025, 2027), continuity={"stay": {"primary": 1.0}, "preference_share": 0.5}),
        demand=[
            {"area": "A", "year": 2025, "children": 2},
            {"area": "A", "year": 2026, "children": 6},
            {"area": "A", "year": 2027, "children": 6},
        ],
        settings=[{"setting": "S", "physical_places": 1.0}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "bought", "setting": "I", "places": np.nan},
            {"line": "special", "setting": "S", "places": 4},
            {"line": "special", "setting": "S", "places": 1, "from_year": 2027},
        ],
        costs=FULL_AND_BOUGHT["costs"],
        placements=[
            {"area": "A", "line": "special", "children": 1},
            {"area": "A", "line": "bought", "children": 1},
        ],
    )
    data = labels(case)
    told = recounted(case, data, ())
    special = data.lines["line"].tolist().index("special")
    pair = data.pair_line.tolist().index(special)
    assert told["following"][:, pair].tolist() == [0, 1, 0]
    assert told["settled"][:, pair].tolist() == [1, 2, 2]
    assert told["held"][:, pair].tolist() == [1, 1, 1]
    assert told["allowance"][2, special] == 0
    assert told["room"][:, 0].tolist() == [1, 1, 1]


def test_nobody_prefers_under_a_clean_slate() -> None:
    case = preferring(100_000)
    model = case.model.model_copy(update={"continuity": case.model.continuity.model_copy(update={"clean_slate": True})})
    told = recounted(Case(model, case.tables, case.journeys), labels(case), ())
    assert not told["following"].any()
    assert not told["may_give_way"].any()


def test_what_a_year_of_waiting_costs_by_default() -> None:
    """Two years, half stay, nobody moves on, 10 % inflation, pounds of a year worth 1/1.25 of those of the last.
    Entering in 2026 at £10,000 of the base year: 11,000, and in 2027 half of 12,100 / 1.25 = 4,840; together 15,840,
    which is £14,400 of the base year. In 2027: 10,000. A tenth more than the dearest: 15,840.
    """
    case = case_of(
        model_of(
            (2025, 2027),
            continuity={"stay": {"primary": 0.5}, "through": 0.0},
            finance={"discount_rate": 0.25, "inflation": {"default": 0.1}},
        ),
        demand=steady("A", 8, range(2025, 2028)),
        places=[{"line": "special", "setting": "S", "places": 4}],
        costs=[{"setting": "S", "per_child": 10_000}],
    )
    data = prepare(case).data
    assert default_awaiting(case, data, recounted(case, data, ())) == pytest.approx(15_840)
