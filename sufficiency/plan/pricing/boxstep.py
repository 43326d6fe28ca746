"""Prices of the shared rows, found by steps within a box.

From prices at hand every cell has its cheapest arc, and only few others come near it. The program of those is small
and quick, but on its own it would send prices anywhere: so they are held within a box around those at hand (two
columns a row: room that may be bought at the upper price, and room that may be given up at the lower). The step is
kept where the bound over *all* arcs rose; where it did not, the arcs that belied it join the program. Prices at the
side of their box after a good step get a wider one. It ends at prices whose bound meets the program's objective with
no box in force: the optimum. (The boxstep method: Marsten, Hogan and Blankenship, 1975.)

Each program is solved from scratch, because HiGHS's presolve makes more of it than the last basis does: a thousand
iterations in place of several thousand (measured at 240 areas).

Every step ends: between two steps that are kept arcs only join, and of these there are finitely many; a step that is
kept raises the bound by a share of what was still possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.dual.lagrangian import DualPoint, mark_reference, price_all_arcs
from sufficiency.plan.program.live_program import NO_PRICE, WIDER, BoxedSolution, LiveProgram
from sufficiency.plan.program.lp import LinearProgram, program_of_columns, unchanging_cost
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows
from sufficiency.plan.tolerances import CLOSED_GAP, GAP_TOLERANCE, NOBODY
from sufficiency.progress import Progress, silent, so_far


def mark_chosen(there: DualPoint, point: DualPoint) -> Flags:
    """[T+1, P + C + G] what is chosen `there` and may not be at another `point`: the cheapest arcs, and
    preferences that are kept at one and turned down at the other.
    """
    chosen = mark_reference(there.reference, point.reduced_cost.shape)
    chosen[:, point.reduced_cost.shape[1] - point.turned_down.shape[1] :] |= there.turned_down != point.turned_down
    return chosen


@dataclass(frozen=True)
class Steps:
    """Where the steps ended: the prices reached, the last program with its box, the arcs worth a column; `closed`:
    the bound over all arcs meets the program's objective and no box is in force, so that both are optimal.
    """

    point: DualPoint
    last: BoxedSolution
    arcs: Flags = field(repr=False)
    closed: bool


def boxstep(
    instance: Instance,
    flows: Flows,
    start: Floats,
    deadline: Deadline,
    progress: Progress = silent,
) -> Steps:
    """Prices from `start` to the optimum, or as far as `most_steps` and the `deadline` let it. Prices may move at first
    as far as the arcs of the first program reach.
    """
    tuning = instance.tuning
    constant = unchanging_cost(instance)
    point = price_all_arcs(instance, flows, start)
    near, band = point.lowest_reduced_cost(instance, tuning.boxstep_arcs)
    width = np.full(
        len(instance.rows.limit), max(band, tuning.narrowest_box, min(tuning.box_reach * band, tuning.widest_box))
    )
    joined_before = np.zeros_like(near)
    for step in range(tuning.most_steps):
        program = program_of_columns(instance, flows, near | joined_before, point)
        new = LiveProgram(instance, flows, program, point.prices, width, deadline).result
        if new.optimal or not step or not deadline.passed:  # else the last whole one is what there is
            last = new
        if not new.optimal:
            break
        there, held = price_all_arcs(instance, flows, last.prices), last.held
        progress(
            "Solve",
            so_far("near", last.objective, max(point.bound, there.bound), constant)
            + f", {len(program.cost):,} columns",
        )
        taken = mark_taken(instance, program, last.columns)
        if last.closed(there, constant):
            return Steps(there, last, taken, True)
        joined = taken | mark_chosen(there, point)
        promised, rise = last.objective - point.bound, there.bound - point.bound
        best = promised <= CLOSED_GAP * max(abs(last.objective), 1.0)
        if rise >= tuning.good_step * promised and not best:
            joined_before = joined | mark_reference(point.reference, near.shape)
            if rise > promised / 2:
                width = np.where(held, width * (WIDER if rise < tuning.exact_step * promised else WIDER**2), width)
            point = there
            near, _ = point.lowest_reduced_cost(instance, tuning.boxstep_arcs)
        elif (
            not held.any()
            and not (joined & ~joined_before & ~near & ~mark_reference(point.reference, near.shape)).any()
        ):
            near_enough = relative_gap(last.objective, there.bound, constant) <= GAP_TOLERANCE
            return Steps(there, last, taken, near_enough)  # the arithmetic comes no nearer
        else:
            joined_before |= joined
            if best:  # the best prices, but children have nowhere to go yet
                width = np.where(held, width * WIDER**4, width)
        if width.max(initial=0.0) > NO_PRICE:
            last = replace(last, width=width)
            break
    return Steps(point, last, near | joined_before, False)


def mark_taken(instance: Instance, program: LinearProgram, columns: Floats) -> Flags:
    """[T+1, P + C + G] arcs that somebody takes in a column vector, the reference aside."""
    taken = np.zeros(instance.open_arcs.shape, dtype=bool)
    some = columns[program.first_entrant :] > NOBODY
    taken[program.year[some], program.arc[some]] = True
    return taken
