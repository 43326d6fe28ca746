"""A cost that no plan can undercut, from prices alone (mathematics page, prices): one backward pass over the years.

With the shared rows priced every cell takes its cheapest arc or waits. What the prices make of a line, of its places
and of those settled in it stands apart from the rest, so that the bound can tell what a line is worth that closes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Floats, totals
from sufficiency.plan.certificate.limits import Shared
from sufficiency.plan.certificate.types import Labels, Recounted

OF_LINES = ("places", "closing")
"""Families of rows whose item is a line that stands or falls with them."""


@dataclass(frozen=True)
class Priced:
    """Discounted £ that no plan can undercut: `everyone`, and `of_line` [L] for those settled in each line, its places
    and what they cost. `prices` [H] are those that were used.
    """

    everyone: float
    of_line: Floats = field(repr=False)
    prices: Floats = field(repr=False)

    @property
    def bound(self) -> float:
        """All of it."""
        return self.everyone + float(self.of_line.sum())


def usable(rows: Shared, prices: Floats) -> Floats:
    """[H] prices that bound something: none below 0, none above what slack without limit would cost."""
    most = np.where(np.isfinite(rows.slack_most), np.inf, rows.slack_cost)
    return np.asarray(np.clip(prices, 0.0, most))


def priced(data: Labels, told: Recounted, rows: Shared, prices: Floats) -> Priced:
    """What any prices [H] say; those that bound nothing are cut to what does."""
    price, lines = usable(rows, prices), len(data.lines)
    of_rows = -price * rows.limit
    relieved = np.isfinite(rows.slack_most) & (rows.slack_most > 0)
    of_rows[relieved] += np.minimum(0.0, rows.slack_cost - price)[relieved] * rows.slack_most[relieved]
    with_line = np.isin(rows.family, OF_LINES)
    of_line = totals(rows.item[with_line], of_rows[with_line], lines)
    of_line += told["discount"][1:] @ (told["place_funding"] + told["option_cost"])[1:]
    children, settled = _children(data, told, rows, price)
    of_line += totals(data.pair_line, settled, lines)
    return Priced(children + float(of_rows[~with_line].sum()), of_line, price)


def _children(data: Labels, told: Recounted, rows: Shared, price: Floats) -> tuple[float, Floats]:
    """£ of everyone who enters or waits, at the cheapest; and [P] of those settled in each pair beyond that: their life
    in it where they were placed at the start or stay hard, or what it costs to override them where that is less.
    """
    cell, line, pairs = data.pair_cell, data.pair_line, len(data.pair_cell)
    last, moving = len(data.years) - 1, told["next_pair"] >= 0
    everyone, settled = 0.0, np.zeros(pairs)
    arcs = told["eligible"] & ~told["by_pattern"][line]
    hard = told["following"] - told["may_give_way"]
    value_after, cost_after = np.zeros(len(data.cells)), np.zeros(pairs)  # λ and R of the year after
    for t in range(last, -1, -1):
        to_go, waiting_on = np.zeros(pairs), np.zeros(len(data.cells))
        if t < last:
            stay, carry = told["stay"][t + 1][cell], told["carry"][t + 1][cell]
            onward = np.where(moving, cost_after[told["next_pair"]] - value_after[told["next_cell"][cell]], 0.0)
            stays = stay * cost_after + carry * onward
            to_go = np.where(told["line_open"][t + 1][line], stays, stay * value_after[cell])
            waiting_on = told["stay"][t + 1] * value_after
        here, later = (np.flatnonzero((rows.year == year) & (price > 0)) for year in (t, t + 1))
        paid = rows.weights[here].T @ price[here] + rows.before[later].T @ price[later]
        if t == 0:
            everyone += float(told["waiting_at_start"] @ waiting_on)
            settled += told["placed"] * (to_go + paid)
            break
        cost = told["discount"][t] * (told["k"][t] + told["policy"][t]) + paid + to_go
        value = told["discount"][t] * (told["awaiting_money"][t] + told["awaiting_weight"][t]) + waiting_on
        value = value + rows.waiting[here].T @ price[here]
        np.minimum.at(value, cell[arcs[t]], cost[arcs[t]])
        beyond, override = cost - value[cell], told["discount"][t] * told["preference_weight"][t]
        everyone += float(told["entrants"][t] @ value)
        settled += hard[t] * beyond + told["may_give_way"][t] * np.minimum(beyond, override)
        value_after, cost_after = value, cost
    return everyone, settled
