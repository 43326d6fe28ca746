"""Better prices of the shared rows by Newton's steps on a smoothed bound.

The bound over all arcs has a kink wherever two arcs of a cell cost the same. Near good prices there are thousands,
and the program of a few thousand arcs sees no further than those. Smoothed, the bound has a slope and a curvature
that sum up many at once: the cheapest arc of a cell gives way to a soft minimum, in which an arc that costs b
beyond the cheapest is taken by a share of the children that falls as exp(−b/τ). A step is the best of that quadratic
within a box. It is kept only where the bound itself, over all arcs and not smoothed, rises. τ follows from how far a
given number of the nearest arcs reach, fewer as steps bring less.

What smoothing adds holds these prices off the optimum, by about 1e-5 of it; programs of arcs do the rest (`boxstep`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals, where_true
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import DualPoint, highest_prices, price_all_arcs
from sufficiency.plan.program.columns import columns_of
from sufficiency.plan.program.lp import signs_at
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows, follow_reference
from sufficiency.progress import Progress, silent

MOST_TURNS = 40
"""Of the search for the best step within its box: any step will do, but better ones go further."""
SHORTER = 4.0
"""Times as short the next trial along a step is."""


@dataclass(frozen=True)
class Smoothed:
    """The smoothed bound around some prices: `slope` [M] and `curvature` [M, M] (of the bound's negative) of the rows
    `moving` [M], those whose price is not 0 or would rise.
    """

    moving: Ints = field(repr=False)
    slope: Floats = field(repr=False)
    curvature: Floats = field(repr=False)

    def rise(self, step: Floats) -> float:
        """By how much the smoothed bound rises with a step [M]."""
        return float(self.slope @ step - step @ (self.curvature @ step) / 2)


def smoothed_prices(
    instance: Instance, flows: Flows, start: Floats, deadline: Deadline, progress: Progress = silent
) -> Floats:
    """[H] prices whose bound over all arcs is no less than that of `start`, and mostly near the highest. Those of
    `start` itself where there are too few arcs for smoothing to say anything.
    """
    tuning = instance.tuning
    most, reach = highest_prices(instance.rows), np.full(len(start), tuning.first_reach)
    point = price_all_arcs(instance, flows, start)
    arcs = min(tuning.most_smoothed_arcs, int(tuning.smoothed_share * instance.open_arcs.sum()))
    model = None
    for _ in range(tuning.most_smoothed_steps):
        if arcs < tuning.fewest_smoothed_arcs or deadline.passed:
            break
        model = smooth_bound(instance, flows, point, arcs) if model is None else model
        here, far = point.prices[model.moving], reach[model.moving]
        step = best_within(model, np.maximum(-here, -far), np.minimum(most[model.moving] - here, far))
        prices = point.prices.copy()
        prices[model.moving] += step
        there, promised = price_all_arcs(instance, flows, prices), model.rise(step)
        rise = there.bound - point.bound
        rises = rise > tuning.good_step * promised
        if rises:
            if rise > tuning.good_smoothed_step * promised:
                reach[model.moving] = np.where(np.abs(step) >= far, tuning.further * far, far)
            point, model = there, None
            progress("Solve", f"first prices: no plan below £{point.bound / 1e6:,.2f}m")
        else:
            reach[model.moving] = far / tuning.further
        if (rise if rises else promised) <= tuning.little_rise * abs(point.bound):
            arcs, model = int(tuning.fewer_arcs * arcs), None
    return point.prices


def smooth_bound(instance: Instance, flows: Flows, point: DualPoint, arcs: int) -> Smoothed:
    """The bound around a position, smoothed over the nearest `arcs`; damped."""
    data, rows, tuning = instance.data, instance.rows, instance.tuning
    near, reach = point.lowest_reduced_cost(instance, arcs)
    tau = max(reach, 1.0) / tuning.falls
    taken = where_true(near)
    used, _ = columns_of(instance, flows, taken, signs_at(instance, point, taken), point.reference)
    everyone = follow_reference(data, flows, point.following, point.reference)
    # a preference is a cell of its own: those who may give way there follow it, or do not
    choosing = np.hstack([everyone.asking, instance.settled.giving])
    chooser = np.concatenate([data.arc_cell, np.arange(len(data.cells), choosing.shape[1])])
    cells, cell = np.unique(taken[0] * choosing.shape[1] + chooser[taken[1]], return_inverse=True)
    asking = choosing.ravel()[cells]
    weight = np.exp(-point.reduced_cost[taken] / tau)
    share = weight / (1.0 + totals(cell, weight, len(cells)))[cell]
    children = asking[cell] * share
    slope = everyone.used(flows, len(rows.limit)) - rows.limit + used @ children
    # a row that may be missed by so much at a price is a cell too: its room is short, or bought at that price
    some = np.isfinite(rows.slack_most) & (rows.slack_most > 0)
    from scipy.special import expit

    missed = expit((point.prices - rows.slack_cost) / tau)
    bought = np.where(some, rows.slack_most, 0.0) * missed
    slope -= bought
    moving = np.flatnonzero((point.prices > 0) | (slope > 0))
    used = used.tocsr()[moving]
    mean = used @ sparse.csr_array((share, (np.arange(len(share)), cell)), shape=(len(share), len(cells)))
    spread = used @ sparse.diags_array(children) @ used.T - mean @ sparse.diags_array(asking) @ mean.T
    curvature = spread.toarray() / tau
    diagonal = curvature.diagonal() + (bought * (1.0 - missed))[moving] / tau
    np.fill_diagonal(curvature, diagonal * (1.0 + tuning.damping) + 1e-7 * diagonal.max(initial=tuning.straight))
    return Smoothed(moving, slope[moving], curvature)


def best_within(model: Smoothed, lowest: Floats, highest: Floats) -> Floats:
    """[M] the step between `lowest` ≤ 0 and `highest` ≥ 0 with which the smoothed bound rises most, or nearly.

    Newton's step among the prices that are free to move, cut off at the sides of the box; then again with those that
    stay at a side left out (projected Newton: Bertsekas, 1982).
    """
    from scipy import linalg

    step, slope, reached = np.zeros(len(lowest)), model.slope, 0.0
    flat = 1e-3 * np.abs(slope).max(initial=0.0)
    for _ in range(MOST_TURNS):
        free = np.flatnonzero(~((step <= lowest) & (slope <= flat)) & ~((step >= highest) & (slope >= -flat)))
        while len(free):
            towards = linalg.cho_solve(linalg.cho_factor(model.curvature[np.ix_(free, free)]), slope[free])
            leaves = ((step[free] <= lowest[free]) & (towards < 0)) | ((step[free] >= highest[free]) & (towards > 0))
            if not leaves.any():
                break
            free = free[~leaves]
        if not len(free):
            break
        side = np.where(towards > 0, highest[free], lowest[free])
        uncut = float(np.min((side - step[free])[towards != 0] / towards[towards != 0], initial=1.0))
        share = 1.0
        while True:
            new = step.copy()
            new[free] = np.clip(step[free] + share * towards, lowest[free], highest[free])
            rise = model.rise(new)
            if rise > reached or share <= uncut:
                break
            share = max(share / SHORTER, uncut)
        if rise <= reached * (1 + 1e-3):  # cut off at the sides it says little: the best move of one price may say more
            bends = model.curvature.diagonal()
            alone = np.clip(slope / bends, lowest - step, highest - step)
            gain = alone * (slope - alone * bends / 2)
            one = int(gain.argmax())
            if gain[one] <= 1e-3 * reached:
                break
            new = step.copy()
            new[one] += alone[one]
            rise = reached + float(gain[one])
        step, slope, reached = new, model.slope - model.curvature @ new, rise
    return step
