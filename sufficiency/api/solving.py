"""From a case to its proven plan, step by step; nothing is made into tables here."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pandas as pd

from sufficiency.arrays import on_one_core
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Stop, awaited
from sufficiency.model.scenarios import BASE
from sufficiency.plan.explain.fairness import with_kappa
from sufficiency.plan.explain.least_overspend import LeastOverspend, least_overspend
from sufficiency.plan.explain.place_values import place_values
from sufficiency.plan.options.appraisal import NO_APPRAISAL, Appraisal, appraised
from sufficiency.plan.options.programme import Programme, programme_by_prices, programme_directly, with_programme
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.solve.solve import Plan, Solved, solve_by_pricing, solve_directly, solve_like, with_ties_settled
from sufficiency.progress import Progress, silent
from sufficiency.rates import years_with_budget

FOR_KAPPA = 0.3
"""Share of the solver's seconds that the plan may take from which κ of the fairness rule is drawn."""
PROOF_TAKES = 6.0
"""Times as long as making the arrays of a case: the plans to fall back on where the time is up, and their proof."""
LEAST_OVERSPEND = "one more solve, with nothing but the overspend in it"
PATTERN = "today's pattern"
"""What ties between plans of the same cost are settled to, but in a comparison."""
DONE, PENDING, OFF = "done", "pending", "off"
"""What `summary.json` says of the appraisal: it is there, or there is nothing to appraise; it is still to come; it was
not wanted.
"""


@dataclass(frozen=True)
class SolvedCase:
    """All that solving a case finds. `base` is the case with nothing opened, `solved` the plan at the programme's
    openings before ties are settled, `plan` that after, `values` the rows of `place_values.csv`, `least` None where
    it is not asked for or there is no budget (it is sought beside the place values, so that of its `seconds` only those
    are its own that come after them), `seconds` what each step took, `left_out` what there was no time for. `appraised`
    is one of `DONE`, `PENDING` and `OFF`.
    """

    base: Instance = field(repr=False)
    programme: Programme
    solved: Solved = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    plan: Plan
    least: LeastOverspend | None
    appraisal: Appraisal
    ties_settled_to: str
    seconds: dict[str, float]
    left_out: list[str]
    interrupted: bool
    appraised: str = DONE

    @property
    def seconds_left(self) -> float:
        """Of the solver's seconds, those that solving, and what came after it, have left."""
        spent = sum(took for step, took in self.seconds.items() if step != "read")
        return max(self.case.model.solver.seconds - spent, 0.0)

    @property
    def case(self) -> Case:
        """The case solved, with the κ of its fairness rule."""
        return self.base.case


@on_one_core
def solve_case(
    case: Case,
    progress: Progress = silent,
    direct: bool = False,
    appraise: bool = True,
    towards: pd.DataFrame | None = None,
    stop: Stop | None = None,
    like: Solved | None = None,
) -> SolvedCase:
    """The cheapest plan of a case, proven, and what its prices say. Where it is to `appraise` its options, that is
    pending: `with_appraisal` does it.

    `towards`: the placements of a plan that ties are settled to, in place of today's pattern. `like`: a case like it,
    solved, from whose prices this one starts; what the plan costs does not depend on it. The other arguments,
    and what is raised, are those of `planning.solve`.
    """
    until = Deadline.after(case.model.solver.seconds, stop)
    left_out: list[str] = []
    seconds = {"read": case.seconds}
    clock = time.perf_counter()

    def took(step: str) -> None:
        nonlocal clock
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - clock
        clock = time.perf_counter()

    given, for_kappa = case, until.share(FOR_KAPPA)
    case = with_kappa(case, progress, for_kappa)
    if case is not given and for_kappa.passed:
        left_out.append("kappa")
    took("solve")
    progress("Build", "cells, lines and journeys")
    base = prepare(case)
    took("build")
    if stop is not None:
        stop.solving = True
    solving = until.before_proof(PROOF_TAKES * seconds["build"])
    programme = (programme_directly if direct else programme_by_prices)(base, progress, solving)
    instance = programme.instance
    took("choose")
    progress("Solve", "places for children")
    known = programme.children(instance)
    if like is not None:
        solved = solve_like(like.priced, instance, progress, solving, known)
    else:
        solved = (solve_directly if direct else solve_by_pricing)(instance, progress, solving, known)
    took("solve")
    progress("Settle ties", "closest to today's pattern" if towards is None else "closest to the base plan")
    tie_free = with_ties_settled(solved, towards)
    if tie_free is solved.plan and solving.passed:
        left_out.append("ties")
    plan = with_programme(tie_free, programme, until)
    took("ties")
    asks_least = case.model.finance.least_overspend
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(least_overspend, instance, plan, until.beside()) if asks_least else None
        if asked is not None and case.model.solver.threads == 1:
            progress("Least overspend", LEAST_OVERSPEND)
            awaited(asked)
        values = place_values(solved, progress)
        if solving.passed:
            left_out.append("place_values")
        took("place values")
        if asked is not None and not asked.done():
            progress("Least overspend", LEAST_OVERSPEND)
        least = None if asked is None else awaited(asked)
    if least is None and until.passed and asks_least and years_with_budget(case):
        left_out.append("least_overspend")
    took("least overspend")
    settled_to = PATTERN if towards is None else BASE
    some = programme.search is not None and len(programme.search.cuts) > 0
    if appraise and some and until.stopped:
        left_out.append("appraisal")
    interrupted = bool(left_out) and until.stopped
    state = OFF if not appraise else PENDING if some else DONE
    return SolvedCase(
        base,
        programme,
        solved,
        values,
        plan,
        least,
        NO_APPRAISAL,
        settled_to,
        seconds,
        left_out,
        interrupted,
        state,
    )


@on_one_core
def with_appraisal(solved: SolvedCase, progress: Progress = silent, stop: Stop | None = None) -> SolvedCase:
    """The case with its appraisal, if that is pending, in what is left of the solver's seconds after all that solving
    took; where nothing is left its figures are ranges. It stays pending where a stop is asked for.
    """
    if solved.appraised != PENDING:
        return solved
    clock, deadline = time.perf_counter(), Deadline.after(solved.seconds_left, stop)
    if deadline.stopped:
        return solved
    appraisal = appraised(solved.programme, deadline, progress)
    if deadline.stopped:
        return solved
    seconds = {**solved.seconds, "appraise": time.perf_counter() - clock}
    left_out = [*solved.left_out, "appraisal"] if deadline.passed else solved.left_out
    return replace(solved, appraisal=appraisal, seconds=seconds, left_out=left_out, appraised=DONE)
