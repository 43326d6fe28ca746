"""Where some prices of the shared rows stand: what follows from them over all arcs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.plan.dual.cost_to_go import cheapest_arcs, cost_to_go
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows


@dataclass(frozen=True)
class DualPoint:
    """Prices [H]; at them `reduced_cost` [T+1, P + C + G], what an arc costs beyond the cheapest of its cell, and
    `demand_dual` [T+1, C], what that one costs to the end (discounted £ a child); `reference` [T+1, C], the cheapest
    arcs.

    Preferences that may give way are kept or not, whichever costs less: `turned_down` [T+1, G] says which are not, and
    `following` [T+1, P] who is left of those who follow the pattern. `reduced_cost` has for them what the other way
    would cost more.

    `everyone`: £ that all children pay who take it, prices less limits included; `bound`: £ that no plan can undercut.
    """

    prices: Floats = field(repr=False)
    reduced_cost: Floats = field(repr=False)
    demand_dual: Floats = field(repr=False)
    reference: Ints = field(repr=False)
    turned_down: Flags = field(repr=False)
    following: Floats = field(repr=False)
    everyone: float
    bound: float

    def lowest_reduced_cost(self, instance: Instance, most: int) -> tuple[Flags, float]:
        """[T+1, P + C + G] the `most` arcs that come nearest to the cheapest of their cell, of those as near as the
        last of them some from all years; and how far beyond the cheapest that one is, in £ a child.
        """
        others = instance.open_arcs & ~mark_reference(self.reference, self.reduced_cost.shape)
        place = np.flatnonzero(others)
        apart = self.reduced_cost.ravel()[place]
        if len(place) <= most:
            return others, float(apart.max(initial=0.0))
        band = float(np.partition(apart, most)[most])
        nearer, as_near = place[apart < band], place[apart == band]
        some = as_near[np.linspace(0, len(as_near) - 1, most - len(nearer)).astype(np.int64)]
        chosen = np.zeros(others.size, dtype=bool)
        chosen[nearer] = chosen[some] = True
        return chosen.reshape(others.shape), band


def price_all_arcs(instance: Instance, flows: Flows, prices: Floats) -> DualPoint:
    """Where some prices stand."""
    data, settled, rows = instance.data, instance.settled, instance.rows
    prices = allowed(rows, prices)
    to_go = cost_to_go(data, flows, prices)
    reduced_cost, pairs = to_go.reduced_cost, len(data.pair_cell)
    gained = reduced_cost[:, settled.preferred] - (data.discount * data.preference_weight)[:, None]
    turned_down = (gained > 0) & (settled.giving > 0)
    away = np.where(turned_down, settled.giving, 0.0)
    following = settled.entrants.copy()
    following[:, settled.preferred] -= away
    funding = float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))
    children = float(np.vdot(data.entrants, to_go.demand_dual) + np.vdot(settled.entrants, reduced_cost[:, :pairs]))
    everyone = to_go.at_start + children - np.vdot(away, gained) - float(prices @ rows.limit) + funding
    finite = np.isfinite(rows.slack_most) & (rows.slack_most > 0)
    relief = np.minimum(0.0, rows.slack_cost - prices)[finite] @ rows.slack_most[finite]
    reference = cheapest_arcs(data, reduced_cost)
    reduced_cost = np.hstack([reduced_cost, np.abs(gained)])
    return DualPoint(
        prices,
        reduced_cost,
        to_go.demand_dual,
        reference,
        turned_down,
        following,
        float(everyone),
        float(everyone + relief),
    )


def allowed(rows: Coupling, prices: Floats) -> Floats:
    """[H] prices that a bound may use: never negative, and where a row may be missed at a price, never above it."""
    return np.clip(prices, 0.0, highest_prices(rows))


def highest_prices(rows: Coupling) -> Floats:
    """[H] the highest price that a bound may use of each row."""
    most: Floats = np.where(np.isinf(rows.slack_most), rows.slack_cost, np.inf)
    return most


def mark_reference(reference: Ints, shape: tuple[int, int]) -> Flags:
    """[T+1, …] the arcs that a reference [T+1, C] names."""
    chosen = np.zeros(shape, dtype=bool)
    chosen[np.arange(shape[0])[:, None], reference] = True
    return chosen
