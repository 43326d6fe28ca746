"""From a case to its proven plan, step by step; nothing is made into tables here."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pandas as pd

from sufficiency.case import Case
from sufficiency.plan.appraisal import NO_APPRAISAL, Appraisal, appraised
from sufficiency.plan.fairness import with_kappa
from sufficiency.plan.least_overspend import LeastOverspend, least_overspend
from sufficiency.plan.prepared import Prepared, prepare
from sufficiency.plan.programme import Programme, programme_by_prices, programme_directly, with_programme
from sufficiency.plan.solve import Plan, Solved, solve_by_pricing, solve_directly, with_ties_settled
from sufficiency.plan.values import place_values
from sufficiency.progress import Progress, silent
from sufficiency.scenarios import BASE

PATTERN = "today's pattern"
"""What ties between plans of the same cost are settled to, but in a comparison."""


@dataclass(frozen=True)
class SolvedCase:
    """All that solving a case finds. `base` is the case with nothing opened, `solved` the plan at the programme's
    openings before ties are settled, `plan` that after, `values` the rows of `place_values.csv`, `least` None where
    it is not asked for or there is no budget, `seconds` what each step took.
    """

    base: Prepared = field(repr=False)
    programme: Programme
    solved: Solved = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    plan: Plan
    least: LeastOverspend | None
    appraisal: Appraisal
    ties_settled_to: str
    seconds: dict[str, float]

    @property
    def case(self) -> Case:
        """The case solved, with the κ of its fairness rule."""
        return self.base.case


def solve_case(
    case: Case,
    progress: Progress = silent,
    direct: bool = False,
    appraise: bool = True,
    towards: pd.DataFrame | None = None,
) -> SolvedCase:
    """The cheapest plan of a case, proven, and what its prices say.

    `towards`: the placements of a plan that ties are settled to, in place of today's pattern. The other arguments,
    and what is raised, are those of `planning.solve`.
    """
    seconds = {"read": case.seconds}
    clock = time.perf_counter()

    def took(step: str) -> None:
        nonlocal clock
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - clock
        clock = time.perf_counter()

    case = with_kappa(case, progress)
    took("solve")
    progress("Build", "cells, lines and journeys")
    base = prepare(case)
    took("build")
    programme = programme_directly(base, progress) if direct else programme_by_prices(base, progress)
    prepared = programme.prepared
    took("choose")
    progress("Solve", "places for children")
    solved = solve_by_pricing(prepared, progress) if not direct else solve_directly(prepared, progress)
    took("solve")
    values = place_values(solved, progress)
    took("place values")
    progress("Settle ties", "closest to today's pattern" if towards is None else "closest to the base plan")
    plan = with_programme(with_ties_settled(solved, towards), programme)
    took("ties")
    least = least_overspend(prepared, plan, progress) if case.model.finance.least_overspend else None
    took("least overspend")
    until = time.monotonic() + case.model.solver.seconds
    appraisal = appraised(programme, until, progress) if appraise else NO_APPRAISAL
    took("appraise")
    settled_to = PATTERN if towards is None else BASE
    return SolvedCase(base, programme, solved, values, plan, least, appraisal, settled_to, seconds)
