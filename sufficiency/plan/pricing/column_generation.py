"""Prices first: the same optimum from the contested arcs alone.

With prices on the coupling rows every cell can be priced apart, for all arcs at once (mathematics page, prices).
Coarser maps give the first prices, steps within a box the best ones (`boxstep`); the PuLP program then holds the arcs
that are near the cheapest of their cell, and it ends when the bound over all arcs meets the objective.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Floats, on_one_core
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.boxstep import Steps, boxstep, mark_chosen
from sufficiency.plan.pricing.smoothed_dual import smoothed_prices
from sufficiency.plan.pricing.warm_start import Rough, RoughPrices, moved_prices, on_coarsest_map
from sufficiency.plan.program.highs import Solution, solve_problem
from sufficiency.plan.program.live_program import NO_PRICE, limits_until
from sufficiency.plan.program.lp import LinearProgram, program_of_all_arcs, program_of_columns
from sufficiency.plan.program.pulp_form import in_pulp
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows, flows_of
from sufficiency.progress import Progress, silent

INFEASIBLE, TIME_UP = "Infeasible", "Time limit reached"
"""HiGHS's words, for steps that ended early."""
NOT_RUN = Solution(TIME_UP, False, 0.0, np.zeros(0), np.zeros(0), np.zeros(0))
"""No solution: no time was left for any."""


@dataclass(frozen=True)
class Priced:
    """A case solved: a program, its solution, and the `prices` [H] of the coupling rows that prove it. `rough`: the
    case on its coarsest map, from which another case like it starts.
    """

    instance: Instance = field(repr=False)
    flows: Flows = field(repr=False)
    program: LinearProgram = field(repr=False)
    solution: Solution = field(repr=False)
    prices: Floats = field(repr=False)
    deadline: Deadline = field(repr=False)
    rough: Rough | None = field(default=None, repr=False)

    @property
    def objective(self) -> float:
        """Discounted £, with all that no column stands for."""
        return self.program.offset + self.solution.objective


@dataclass(frozen=True)
class WarmStart:
    """What another case like a solved one starts from, and no more: it can be sent to another process."""

    instance: Instance = field(repr=False)
    prices: Floats = field(repr=False)
    deadline: Deadline = field(repr=False)
    rough: RoughPrices | None = field(default=None, repr=False)

    @property
    def flows(self) -> Flows:
        """How the children of one year become those of the next."""
        return self.instance.flows


def deadline_of(instance: Instance) -> Deadline:
    """When the seconds given to the solver will have passed."""
    return Deadline.after(instance.case.model.solver.seconds)


def solve_full(instance: Instance, deadline: Deadline | None = None) -> Priced:
    """The program of all arcs in PuLP, solved: the reference."""
    deadline = deadline_of(instance) if deadline is None else deadline
    flows = flows_of(instance.data, instance.rows)
    program = program_of_all_arcs(instance, flows)
    solution = _through_pulp(instance, program, deadline)
    return Priced(instance, flows, program, solution, _prices(instance, solution), deadline)


@on_one_core
def generate_columns(
    instance: Instance, progress: Progress = silent, deadline: Deadline | None = None, last_in_pulp: bool = True
) -> Priced:
    """The program of the contested arcs in PuLP, proven over all arcs; or, without `last_in_pulp`, as
    the steps left it, for a question beside the plan.

    A case with few arcs is written whole: those are all contested.
    """
    deadline = deadline_of(instance) if deadline is None else deadline
    if instance.open_arcs.sum() <= instance.tuning.boxstep_arcs:
        progress("Solve", "all arcs: there are few")
        return solve_full(instance, deadline)
    flows = flows_of(instance.data, instance.rows)
    progress("Solve", "first prices from groups of areas")
    rough = on_coarsest_map(instance, deadline)
    start = np.zeros(len(instance.rows.limit)) if rough is None else rough.prices
    prices = smoothed_prices(instance, flows, start, deadline, progress)
    steps = boxstep(instance, flows, prices, deadline, progress)
    if not (steps.closed and last_in_pulp):
        return replace(_as_it_is(instance, flows, steps, deadline), rough=rough)
    point = steps.point
    tied, _ = point.lowest_reduced_cost(instance, instance.tuning.contested_arcs)
    arcs = tied | steps.arcs | mark_chosen(steps.last.program.point, point)
    program = program_of_columns(instance, flows, arcs, point)
    progress("Solve", f"the program of {len(program.cost):,} contested columns, at the prices found")
    solution = _through_pulp(instance, program, deadline)
    return Priced(instance, flows, program, solution, point.prices, deadline, rough)


def _as_it_is(instance: Instance, flows: Flows, steps: Steps, deadline: Deadline) -> Priced:
    """Where steps ended, without PuLP; optimal only where nothing is left open."""
    last = steps.last
    solution = replace(last.solution, columns=last.columns)
    if last.optimal and not steps.closed:
        infeasible = last.width.max(initial=0.0) > NO_PRICE
        solution = replace(solution, optimal=False, status=INFEASIBLE if infeasible else TIME_UP)
    return Priced(instance, flows, last.program, solution, steps.point.prices, deadline)


@on_one_core
def reoptimise(priced: Priced | WarmStart, now: Instance, progress: Progress = silent) -> Priced:
    """A case like the one solved (places, costs, children, rules or what is open may differ), from its prices, moved
    as they move on the coarsest map, or from those of that map where they say more (after a change to many children,
    or a new rule); proven over all arcs. PuLP's problem is not written again.
    """
    before, deadline = priced.instance, priced.deadline
    same = before.data is now.data and all(
        getattr(before.rows, name) is getattr(now.rows, name) for name in ("weights", "before", "waiting")
    )
    flows = priced.flows if same else flows_of(now.data, now.rows)
    rough = None if priced.rough is None else on_coarsest_map(now, deadline, priced.rough)
    starts = [moved_prices(before, priced.prices, priced.rough, now, rough), *([] if rough is None else [rough.prices])]
    start = max(starts, key=lambda prices: price_all_arcs(now, flows, prices).bound)
    prices = smoothed_prices(now, flows, start, deadline, progress)
    steps = boxstep(now, flows, prices, deadline, progress)
    return replace(_as_it_is(now, flows, steps, deadline), rough=rough)


def _prices(instance: Instance, solution: Solution) -> Floats:
    """[H] of the coupling rows, never negative; zeros where the solver gives none."""
    shared = len(instance.rows.limit)
    given = np.asarray(-solution.row_duals[:shared])
    return np.maximum(given, 0.0) if len(given) == shared else np.zeros(shared)


def _through_pulp(instance: Instance, program: LinearProgram, deadline: Deadline) -> Solution:
    if deadline.passed:
        return NOT_RUN
    written = in_pulp(instance, program)
    limits = limits_until(instance, deadline)
    return solve_problem(
        written.problem, written.variables, seconds=limits.seconds, threads=limits.threads, stop=limits.stop
    )
