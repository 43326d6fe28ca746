"""The certificate catches a plan that has been tampered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sufficiency.plan.certificate.proof import GAP_TOLERANCE, certify
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing

from ..random_cases import random_case
from .test_golden import journeys_case

LIMITED = 2


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve_by_pricing(prepare(random_case(32))).plan


@pytest.fixture(scope="module")
def limited() -> Plan:
    """One with limits of several kinds."""
    plan = solve_by_pricing(prepare(random_case(LIMITED))).plan
    assert set(plan.rows.family) == {"places", "physical", "rule"}
    return plan


def checked(plan: Plan) -> set[str]:
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, GAP_TOLERANCE)
    return {name for name, check in proof.checks.items() if not check.ok}


def moved(plan: Plan) -> Plan:
    """One child out of a line and into another of the same cell, a year after entering."""
    entrants = plan.entrants.copy()
    t = plan.data.horizon
    pair = int(np.argmax(plan.stock[t - 1] * plan.data.stay[t][plan.data.pair_cell]))
    entrants[t, pair] -= plan.stock[t, pair]
    other = next(
        p for p in np.flatnonzero(plan.data.may_enter[t]) if plan.data.pair_cell[p] == plan.data.pair_cell[pair]
    )
    entrants[t, other] += plan.stock[t, pair]
    return replace(plan, entrants=entrants)


def lost(plan: Plan) -> Plan:
    entrants = plan.entrants.copy()
    entrants[np.unravel_index(np.argmax(entrants), entrants.shape)] *= 0.5
    return replace(plan, entrants=entrants)


def overfull(plan: Plan) -> Plan:
    """Everyone who can goes to one line that has a number of places."""
    data = plan.data
    line = next(
        i
        for i in range(len(data.lines))
        if np.isfinite(data.places[1, i]) and data.may_enter[1][data.pair_line == i].any()
    )
    entrants = plan.entrants.copy()
    for cell in range(len(data.cells)):
        pairs = np.flatnonzero(data.pair_cell == cell)
        target = [p for p in pairs if data.pair_line[p] == line and data.may_enter[1, p]]
        if target:
            entrants[1, target[0]] = entrants[1, pairs].sum() + 100.0
    return replace(plan, entrants=entrants)


def cheaper(plan: Plan) -> Plan:
    return replace(plan, money=plan.money - 1_000.0)


def unweighted(plan: Plan) -> Plan:
    return replace(plan, policy_weights=plan.policy_weights * 0.99 - 1.0)


def unlawful(plan: Plan) -> Plan:
    """A child in a line that is never chosen."""
    data = plan.data
    pair = int(np.flatnonzero(data.by_pattern[data.pair_line])[0])
    entrants = plan.entrants.copy()
    entrants[1, pair] += 1.0
    return replace(plan, entrants=entrants)


def negative_waiting(plan: Plan) -> Plan:
    waiting = plan.waiting.copy()
    waiting[1, 0] = -1.0
    return replace(plan, waiting=waiting)


def not_a_number(plan: Plan) -> Plan:
    entrants = plan.entrants.copy()
    entrants[1, 0] = np.nan
    return replace(plan, entrants=entrants)


def wrong_prices(plan: Plan) -> Plan:
    return replace(plan, prices=np.zeros_like(plan.prices))


@pytest.mark.parametrize("waits", [False, True])
def test_a_broken_fairness_rule_is_caught(waits: bool) -> None:
    """A southern child on the long way north, or without a place: both weigh on the row, the second only as waiting."""
    case = journeys_case(fairness={"at_most": 30, "kappa": 0.07, "hard": True})
    fair = solve_by_pricing(prepare(case)).plan
    assert checked(fair) == set()
    entrants, waiting = fair.entrants.copy(), fair.waiting.copy()
    home = int(np.argmax((fair.data.minutes == 20) * entrants[1]))
    away = int(np.flatnonzero(fair.data.minutes == 50)[0])
    entrants[1, home] -= 1.0
    if waits:
        waiting[1, fair.data.pair_cell[home]] += 1.0
    else:
        entrants[1, away] += 1.0
    failed = checked(replace(fair, entrants=entrants, waiting=waiting))
    assert "places respected" in failed
    assert not failed & {"children counted", "demand met", "lawful lines"}


def test_an_honest_plan_passes(plan: Plan) -> None:
    assert checked(plan) == set()


@pytest.mark.parametrize(
    ("tamper", "caught_by"),
    [
        (moved, "nothing negative"),
        (lost, "children counted"),
        (overfull, "places respected"),
        (cheaper, "money"),
        (unweighted, "policy weights"),
        (unlawful, "lawful lines"),
        (negative_waiting, "nothing negative"),
        (not_a_number, "children counted"),
        (wrong_prices, "no cheaper plan"),
    ],
)
def test_tampering_is_caught(plan: Plan, tamper: Callable[[Plan], Plan], caught_by: str) -> None:
    assert caught_by in checked(tamper(plan))


def test_a_dearer_plan_is_not_proven_optimal(plan: Plan) -> None:
    """Everybody waits in the last year: lawful, but not the cheapest."""
    data = plan.data
    entrants, waiting = plan.entrants.copy(), plan.waiting.copy()
    t = data.horizon
    chosen = entrants[t] - plan.settled.entrants[t]
    entrants[t] -= chosen
    waiting[t] += np.bincount(data.pair_cell, chosen, len(data.cells))
    worse = replace(plan, entrants=entrants, waiting=waiting)
    assert "no cheaper plan" in checked(worse)


def test_what_the_plan_rests_on_is_what_the_tables_say(plan: Plan) -> None:
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, GAP_TOLERANCE)
    assert proof.checks["figures as in the tables"].error < 1e-12
    assert proof.checks["limits as in the tables"].error < 1e-12


@pytest.mark.parametrize(
    "name", ["places", "commissioned", "demand", "placed", "policy", "k", "awaiting_weight", "discount", "minutes"]
)
def test_a_figure_that_is_not_in_the_tables_is_caught(plan: Plan, name: str) -> None:
    figures = getattr(plan.data, name).copy()
    at = np.unravel_index(np.argmax(np.where(np.isfinite(figures), figures, -1)), figures.shape)
    figures[at] *= 1.001
    assert "figures as in the tables" in checked(replace(plan, data=replace(plan.data, **{name: figures})))


def test_an_arc_that_was_taken_away_is_caught(plan: Plan) -> None:
    eligible = plan.data.eligible.copy()
    eligible[tuple(np.argwhere(eligible)[-1])] = False
    assert "figures as in the tables" in checked(replace(plan, data=replace(plan.data, eligible=eligible)))


@pytest.mark.parametrize("name", ["entrants", "allowance", "physical"])
def test_a_pattern_or_allowance_that_is_not_todays_is_caught(limited: Plan, name: str) -> None:
    figures = getattr(limited.settled, name).copy()
    figures[-1, 0] += 0.5
    assert "figures as in the tables" in checked(replace(limited, settled=replace(limited.settled, **{name: figures})))


@pytest.mark.parametrize("family", ["places", "physical", "rule"])
@pytest.mark.parametrize("name", ["limit", "slack_cost", "slack_most"])
def test_a_limit_that_is_not_in_the_tables_is_caught(limited: Plan, family: str, name: str) -> None:
    figures = getattr(limited.rows, name).copy()
    row = np.flatnonzero(limited.rows.family == family)[0]
    figures[row] = figures[row] + 0.01 if np.isfinite(figures[row]) else 0.0
    assert "limits as in the tables" in checked(replace(limited, rows=replace(limited.rows, **{name: figures})))


def test_a_row_that_is_missing_or_of_no_known_family_is_caught(plan: Plan) -> None:
    rows = plan.rows
    family = rows.family.copy()
    family[0] = "unheard of"
    assert "limits as in the tables" in checked(replace(plan, rows=replace(rows, family=family)))
