"""`solver.seconds` is one purse for choosing, solving, place values and appraisal, by a clock of our own."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from sufficiency import api
from sufficiency.api import solving
from sufficiency.api.solving import SolvedCase, solve_case, with_appraisal
from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Stop
from sufficiency.plan.options.appraisal import NO_APPRAISAL, Appraisal
from sufficiency.plan.options.fixed import with_nothing_opened
from sufficiency.plan.options.programme import Programme, programme_by_prices, proven_bound, undecided_by_tables
from sufficiency.plan.pricing import column_generation
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.plan.tuning import TUNING
from sufficiency.progress import Progress

from ..solved import TOY
from .test_options import bought


def rivals() -> Case:
    """P saves 6 × 30,000 less 10,000 a year, Q 4 × 30,000; there is capital for one of them."""
    options = [
        {"option": "P", "setting": "SP", "places": 6, "capital": 1e6, "per_year": 10_000},
        {"option": "Q", "setting": "SQ", "places": 4, "capital": 1e6},
    ]
    return bought({"finance": {"capital_budget": 1.5e6}}, options)


@pytest.fixture
def solved() -> SolvedCase:
    return solve_case(rivals())


@pytest.mark.parametrize(("took", "left"), [(590.0, 10.0), (599.5, 0.5), (700.0, 0.0)])
def test_the_appraisal_has_what_the_plan_leaves_of_the_seconds(
    solved: SolvedCase, monkeypatch: pytest.MonkeyPatch, took: float, left: float
) -> None:
    asked: list[float] = []

    def appraised(programme: Programme, deadline: Deadline, progress: Progress) -> Appraisal:
        asked.append(deadline.left())
        return NO_APPRAISAL

    monkeypatch.setattr("sufficiency.deadline.time.monotonic", lambda: 100.0)
    monkeypatch.setattr(solving, "appraised", appraised)
    spent = {"read": 1_000.0, "choose": took - 10.0, "solve": 7.0, "place values": 3.0}
    told = with_appraisal(replace(solved, seconds=spent))
    assert asked == [pytest.approx(left)]
    assert ("appraisal" in told.left_out) == (left == 0)
    assert told.appraised == "done"


def test_an_appraisal_without_time_says_what_is_proven_and_no_more(solved: SolvedCase) -> None:
    """P is worth 170,000 − 120,000 = 50,000 beside Q: the range holds it."""
    told = with_appraisal(replace(solved, seconds={"choose": 1e6}))
    assert told.left_out == ["appraisal"]
    (other,) = told.appraisal.without.values()
    assert other.least <= 50_000 + 1
    assert other.most >= 50_000 - 1


def test_a_proof_without_time_leaves_cuts_out_and_proves_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock moves on by a second whenever it is read, so that one cut is all there is time for. Its bound is true,
    and the proof is not called ended.
    """
    programme = programme_by_prices(prepare(rivals()))
    search, base = programme.search, programme.found.base
    assert search is not None
    programme = replace(programme, search=replace(search, cuts=search.cuts[::-1] * 2))
    known = undecided_by_tables(base.case, base.data)
    whole = proven_bound(programme, known, Deadline.after(60.0))
    assert whole.ended
    assert whole.bound == pytest.approx(programme.value, abs=5.0)
    seconds = count(100.0)
    monkeypatch.setattr("sufficiency.deadline.time.monotonic", lambda: next(seconds))
    short = proven_bound(programme, known, Deadline(0.0))
    assert not short.ended
    assert short.bound <= whole.bound + 1e-6


def test_a_plan_stopped_after_the_coarsest_map_is_near_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its children are spread over the areas of each group, so that rules and places, which count children, are kept
    about as well as there; the toy has one group. It is certified.
    """
    instance = with_nothing_opened(prepare(api.read(TOY), replace(TUNING, boxstep_arcs=0)))
    best, stop = solve_by_pricing(instance).plan, Stop()

    def stopped(instance: object, flows: object, start: Floats, *more: object) -> Floats:
        stop.ask()
        return start

    monkeypatch.setattr(column_generation, "smoothed_prices", stopped)
    plan = solve_by_pricing(instance, deadline=Deadline.after(60.0, stop)).plan
    assert plan.status == "stopped"
    assert plan.certificate is not None
    assert plan.certificate.ok
    assert best.objective <= plan.objective <= best.objective + 0.15 * (best.objective - best.constant)
