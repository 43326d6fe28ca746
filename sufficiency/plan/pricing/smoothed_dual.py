"""Better prices of the shared rows by Newton's steps on a smoothed bound.

The bound over all arcs has a kink wherever two entries of a cell cost the same. Near good prices there are thousands,
and the program of a few thousand entries sees no further than those. Smoothed, the bound has a slope and a curvature
that sum up many at once: the cheapest entry of a cell gives way to a soft minimum, in which an entry that costs b
beyond the cheapest is taken by a share of the children that falls as exp(−b/τ). A step is the best of that quadratic
within a box. It is kept only where the bound itself, over all arcs and not smoothed, rises. τ follows from how far a
given number of the nearest entries reach, fewer as steps bring less.

What smoothing adds holds these prices off the optimum, by about 1e-5 of it; programs of entries do the rest (`boxes`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import linalg, sparse
from scipy.special import expit

from sufficiency.arrays import Floats, Ints, totals, where_true
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import DualPoint, highest_prices, price_all_arcs
from sufficiency.plan.program.columns import columns_of
from sufficiency.plan.program.lp import signs_at
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows, followed
from sufficiency.progress import Progress, silent

MOST_ENTRIES, FEWEST_ENTRIES = 24_000, 5_000
"""How many of the nearest entries are smoothed over at first, and at last."""
OF_ALL = 0.25
"""Never more than this share of all: the most expensive entries say nothing about prices."""
FEWER = 0.6
"""Times as many entries after a step that brought little."""
LITTLE = 1e-5
"""Rise of the bound that is little, as a share of it."""
FIRST_REACH = 500.0
"""£ by which a price may move in the first step."""
FURTHER = 4.0
"""Times as far a price may move after a good step that held it back, and as little after a bad one."""
KEPT_FROM, GOOD_FROM = 0.1, 0.25
"""Share of the rise that a step promised from which it is kept, and from which it is good."""
DAMPING = 1e-3
"""Share of its own curvature added to that of each price: where nothing bends, nothing says how far to go."""
FALLS = 3.0
"""Times τ that the nearest entries reach: the furthest of them is taken by a share of exp(−3), a twentieth."""
STRAIGHT = 1e-3
"""Children per £: the greatest curvature is taken to be so much at least."""
MOST_STEPS = 30
MOST_TURNS = 40
"""Of the search for the best step within its box: any step will do, but better ones go further."""


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
    `start` itself where there are too few entries for smoothing to say anything.
    """
    most, reach = highest_prices(instance.rows), np.full(len(start), FIRST_REACH)
    at = price_all_arcs(instance, flows, start)
    entries = min(MOST_ENTRIES, int(OF_ALL * instance.open_entries.sum()))
    model = None
    for _ in range(MOST_STEPS):
        if entries < FEWEST_ENTRIES or deadline.passed:
            break
        model = smoothed(instance, flows, at, entries) if model is None else model
        here, far = at.prices[model.moving], reach[model.moving]
        step = best_within(model, np.maximum(-here, -far), np.minimum(most[model.moving] - here, far))
        prices = at.prices.copy()
        prices[model.moving] += step
        there, promised = price_all_arcs(instance, flows, prices), model.rise(step)
        rise = there.bound - at.bound
        kept = rise > KEPT_FROM * promised
        if kept:
            if rise > GOOD_FROM * promised:
                reach[model.moving] = np.where(np.abs(step) >= far, FURTHER * far, far)
            at, model = there, None
            progress("Solve", f"first prices: no plan below £{at.bound / 1e6:,.2f}m")
        else:
            reach[model.moving] = far / FURTHER
        if (rise if kept else promised) <= LITTLE * abs(at.bound):
            entries, model = int(FEWER * entries), None
    return at.prices


def smoothed(instance: Instance, flows: Flows, at: DualPoint, entries: int) -> Smoothed:
    """The bound around a position, smoothed over the nearest `entries`; damped."""
    data, rows = instance.data, instance.rows
    near, reach = at.lowest_reduced_cost(instance, entries)
    tau = max(reach, 1.0) / FALLS
    taken = where_true(near)
    used, _ = columns_of(instance, flows, taken, signs_at(instance, at, taken), at.reference)
    everyone = followed(data, flows, at.following, at.reference)
    # a preference is a cell of its own: those who may give way there follow it, or do not
    choosing = np.hstack([everyone.asking, instance.settled.giving])
    chooser = np.concatenate([data.entry_cell, np.arange(len(data.cells), choosing.shape[1])])
    cells, cell = np.unique(taken[0] * choosing.shape[1] + chooser[taken[1]], return_inverse=True)
    asking = choosing.ravel()[cells]
    weight = np.exp(-at.reduced_cost[taken] / tau)
    share = weight / (1.0 + totals(cell, weight, len(cells)))[cell]
    children = asking[cell] * share
    slope = everyone.used(flows, len(rows.limit)) - rows.limit + used @ children
    # a row that may be missed by so much at a price is a cell too: its room is short, or bought at that price
    some = np.isfinite(rows.slack_most) & (rows.slack_most > 0)
    missed = expit((at.prices - rows.slack_cost) / tau)
    bought = np.where(some, rows.slack_most, 0.0) * missed
    slope -= bought
    moving = np.flatnonzero((at.prices > 0) | (slope > 0))
    used = used.tocsr()[moving]
    mean = used @ sparse.csr_array((share, (np.arange(len(share)), cell)), shape=(len(share), len(cells)))
    spread = used @ sparse.diags_array(children) @ used.T - mean @ sparse.diags_array(asking) @ mean.T
    curvature = spread.toarray() / tau
    diagonal = curvature.diagonal() + (bought * (1.0 - missed))[moving] / tau
    np.fill_diagonal(curvature, diagonal * (1.0 + DAMPING) + 1e-7 * diagonal.max(initial=STRAIGHT))
    return Smoothed(moving, slope[moving], curvature)


def best_within(model: Smoothed, lowest: Floats, highest: Floats) -> Floats:
    """[M] the step between `lowest` ≤ 0 and `highest` ≥ 0 with which the smoothed bound rises most, or nearly.

    Newton's step among the prices that are free to move, cut off at the sides of the box; then again with those that
    stay at a side left out (projected Newton: Bertsekas, 1982).
    """
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
            share = max(share / FURTHER, uncut)
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
