"""Prices of the shared rows, found by steps within a box.

From prices at hand every cell has its cheapest entry, and only few others come near it. The program of those is small
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
from sufficiency.plan.dual.gap import GAP_TOLERANCE, relative_gap
from sufficiency.plan.dual.lagrangian import DualPoint, named, price_all_arcs
from sufficiency.plan.program.columns import NOBODY
from sufficiency.plan.program.live_program import CLOSED, NO_PRICE, WIDER, Boxed, boxed, limits_until
from sufficiency.plan.program.lp import LinearProgram, program_of_columns, unchanging_cost
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows
from sufficiency.progress import Progress, silent, so_far

KEPT_FROM = 0.1
"""Share of the rise that the program promised from which a step is kept."""
BEYOND = 10.0
"""Times as far as the nearest entries reach may prices move at first, but for the two limits below."""
NARROWEST, WIDEST = 200.0, 2_000.0
"""£: at first prices may move at least so far (where many entries tie, the nearest say nothing about how far), and at
most so far, unless the nearest entries reach further.
"""
EXACT = 0.99
"""Share of it from which a step is exact."""
MOST_STEPS = 400


def chosen_at(there: DualPoint | None, at: DualPoint) -> Flags:
    """[T+1, P + C + G] what is chosen `there` and may not be `at` another position: the cheapest entries, and
    preferences that are kept at one and turned down at the other.
    """
    if there is None:
        return np.zeros(at.reduced_cost.shape, dtype=bool)
    found = named(there.reference, at.reduced_cost.shape)
    found[:, at.reduced_cost.shape[1] - at.turned_down.shape[1] :] |= there.turned_down != at.turned_down
    return found


@dataclass(frozen=True)
class Steps:
    """Where the steps ended: the prices reached, the last program with its box, the entries worth a column; `closed`:
    the bound over all arcs meets the program's objective and no box is in force, so that both are optimal.
    """

    at: DualPoint
    last: Boxed
    entries: Flags = field(repr=False)
    closed: bool


def boxstep(
    instance: Instance,
    flows: Flows,
    start: Floats,
    deadline: Deadline,
    *,
    entries: int,
    most_steps: int = MOST_STEPS,
    progress: Progress = silent,
) -> Steps:
    """Prices from `start` to the optimum, or as far as `most_steps` and the `deadline` let it.

    `entries`: how many beside the cheapest stand in a program. Prices may move at first as far as those reach.
    """
    constant = unchanging_cost(instance)
    at = price_all_arcs(instance, flows, start)
    near, band = at.lowest_reduced_cost(instance, entries)
    width = np.full(len(instance.rows.limit), max(band, NARROWEST, min(BEYOND * band, WIDEST)))
    kept = np.zeros_like(near)
    for step in range(most_steps):
        program = program_of_columns(instance, flows, near | kept, at)
        new = boxed(program, at.prices, width, limits_until(instance, deadline))
        if new.optimal or not step or not deadline.passed:  # else the last whole one is what there is
            last = new
        if not new.optimal:
            break
        there, held = price_all_arcs(instance, flows, last.prices), last.held
        progress(
            "Solve",
            so_far("near", last.objective, max(at.bound, there.bound), constant) + f", {len(program.cost):,} columns",
        )
        taken = taken_in(instance, program, last.columns)
        if last.closed(there, constant):
            return Steps(there, last, taken, True)
        joined = taken | chosen_at(there, at)
        promised, rise = last.objective - at.bound, there.bound - at.bound
        best = promised <= CLOSED * max(abs(last.objective), 1.0)
        if rise >= KEPT_FROM * promised and not best:
            kept = joined | named(at.reference, near.shape)
            if rise > promised / 2:
                width = np.where(held, width * (WIDER if rise < EXACT * promised else WIDER**2), width)
            at = there
            near, _ = at.lowest_reduced_cost(instance, entries)
        elif not held.any() and not (joined & ~kept & ~near & ~named(at.reference, near.shape)).any():
            near_enough = relative_gap(last.objective, there.bound, constant) <= GAP_TOLERANCE
            return Steps(there, last, taken, near_enough)  # the arithmetic comes no nearer
        else:
            kept |= joined
            if best:  # the best prices, but children have nowhere to go yet
                width = np.where(held, width * WIDER**4, width)
        if width.max(initial=0.0) > NO_PRICE:
            last = replace(last, width=width)
            break
    return Steps(at, last, near | kept, False)


def taken_in(instance: Instance, program: LinearProgram, columns: Floats) -> Flags:
    """[T+1, P + C + G] entries that somebody takes in a column vector, the reference aside."""
    found = np.zeros(instance.open_entries.shape, dtype=bool)
    some = columns[program.first_entrant :] > NOBODY
    found[program.year[some], program.entry[some]] = True
    return found
