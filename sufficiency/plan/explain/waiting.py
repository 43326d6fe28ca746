"""Who awaits a place, and for what: a line they enter the year after, a rule that keeps a place free, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.plan.dual.cost_to_go import cost_to_go
from sufficiency.plan.rows.families import Family
from sufficiency.plan.rows.policy import subjects
from sufficiency.plan.rows.transitions import Flows, flows_of
from sufficiency.plan.solve.solve import Plan
from sufficiency.plan.tolerances import SMALLEST_MISS, WORTH_A_COLUMN
from sufficiency.rates import budget_lines

Why = Literal["line", "rule", "no_place", "weight"]


@dataclass(frozen=True)
class Wait:
    """`children` of one need, phase and locality who await a place in a year. `why`: `line`, they enter the line
    `what` the year after; `rule`, a free place would be theirs but for the rule or the budget `what`; `no_place`,
    every place that they can reach is taken; `weight`, a place costs more than awaiting it.
    """

    year: int
    need: str
    phase: str
    locality: str
    children: float
    why: Why
    what: str = ""


def waits(plan: Plan) -> list[Wait]:
    """Everyone who awaits a place in a plan year, by year, the most children first. Who waits is said to enter a line
    the year after before anybody new does: the plan does not tell them apart.
    """
    years = np.flatnonzero(plan.waiting[1:].sum(axis=1) > SMALLEST_MISS) + 1
    if not len(years):
        return []
    about = _About.of(plan)
    found: defaultdict[tuple[int, str, str, str, Why, str], float] = defaultdict(float)
    for t in years.tolist():
        for cell in np.flatnonzero(plan.waiting[t] > SMALLEST_MISS).tolist():
            need, phase, locality = about.named[cell]
            for children, why, what in _reasons(plan, about, t, cell):
                found[int(plan.data.years[t]), need, phase, locality, why, what] += children
    told = [Wait(year, need, phase, place, n, why, what) for (year, need, phase, place, why, what), n in found.items()]
    return sorted(told, key=lambda wait: (wait.year, -wait.children))


@dataclass(frozen=True)
class _About:
    """What every reason is drawn from: `reduced_cost` [T+1, P + C], what an arc costs beyond the cheapest of its
    cell; `charged`, by rule or budget, what it adds to each arc, [T+1, P + C].
    """

    named: list[tuple[str, str, str]] = field(repr=False)
    stock: Floats = field(repr=False)
    reduced_cost: Floats = field(repr=False)
    charged: dict[str, Floats] = field(repr=False)

    @classmethod
    def of(cls, plan: Plan) -> _About:
        flows = flows_of(plan.data, plan.rows)
        cells = plan.data.cells[["need", "phase", "locality"]]
        named = list(cells.itertuples(index=False, name=None))
        reduced_cost = cost_to_go(plan.data, flows, plan.prices).reduced_cost
        return cls(named, plan.stock, reduced_cost, dict(_charges(plan, flows)))


def _charges(plan: Plan, flows: Flows) -> Iterator[tuple[str, Floats]]:
    """The rules and budgets that have a price, and what each adds to what an arc costs over the stay."""
    rows, priced = plan.rows, plan.prices > 0
    rules = [subject.name for subject in subjects(plan.case)]
    budgets = [f"overspend ({line})" for line in budget_lines(plan.case)]
    names = np.full(len(rows.family), "", dtype=object)
    names[rows.family == Family.BASES] = "bases_first"
    for of_these, known in ((rows.of_rules, rules), (rows.family == Family.BUDGET, budgets)):
        names[of_these] = [known[item] for item in rows.item[of_these]]
    free = cost_to_go(plan.data, flows, 0.0 * plan.prices, asking_costs=False).reduced_cost
    for name in dict.fromkeys(names[priced & (names != "")]):
        prices = np.where(names == name, plan.prices, 0.0)
        yield name, cost_to_go(plan.data, flows, prices, asking_costs=False).reduced_cost - free


def _reasons(plan: Plan, about: _About, t: int, cell: int) -> list[tuple[float, Why, str]]:
    """Why those of a cell wait in year t: children, the reason and its line or rule."""
    data, children = plan.data, float(plan.waiting[t][cell])
    free = _free_places(plan, about.stock, t, cell)
    rule = _rule_against(about, t, free, len(data.pair_cell) + cell)
    if rule:
        return [(children, "rule", rule)]
    reasons: list[tuple[float, Why, str]] = []
    for line, enter in _entered_next(plan, t, cell, free):
        taken = min(enter, children)
        if taken > SMALLEST_MISS:
            reasons.append((taken, "line", str(data.lines["line"].iloc[line])))
            children -= taken
    if children > SMALLEST_MISS:
        reasons.append((children, "weight" if len(free) else "no_place", ""))
    return reasons


def _free_places(plan: Plan, stock: Floats, t: int, cell: int) -> Ints:
    """The arcs of a cell in year t to lines with a place free, in the line and in its building."""
    data, settled = plan.data, plan.settled
    in_line = totals(data.pair_line, stock[t], len(data.lines))
    room = data.places[t] + settled.allowance[t] - in_line > SMALLEST_MISS
    full: Flags = settled.physical[t] - data.limited_lines.astype(float) @ in_line <= SMALLEST_MISS
    room &= ~data.limited_lines[full].any(axis=0)
    return np.flatnonzero((data.pair_cell == cell) & data.may_enter[t] & room[data.pair_line])


def _rule_against(about: _About, t: int, free: Ints, waiting: int) -> str:
    """The rule or budget without which one of the free places would cost less than waiting; blank where none is."""
    if not len(free) or not about.charged:
        return ""
    more = about.reduced_cost[t, free] - about.reduced_cost[t, waiting]
    charges = np.array([charge[t, free] - charge[t, waiting] for charge in about.charged.values()])
    saved = np.maximum(charges, 0.0).sum(axis=0) - more
    best = int(saved.argmax())
    return list(about.charged)[int(charges[:, best].argmax())] if saved[best] > WORTH_A_COLUMN else ""


def _entered_next(plan: Plan, t: int, cell: int, free: Ints) -> list[tuple[int, float]]:
    """Lines that children of the cell enter in year t + 1 of their own choice, and how many of those who wait in year t
    they could be: lines that were full or closed first, then those with most.
    """
    data = plan.data
    if t == data.horizon:
        return []
    share = float(data.stay[t + 1][cell])
    then = cell if share > 0 else int(data.next_cell[cell])  # where every year group is a phase, all move on
    chosen = np.where(data.pair_cell == then, (plan.entrants - plan.settled.entrants)[t + 1], 0.0)
    enter = totals(data.pair_line, chosen, len(data.lines)) / (share or 1.0)
    was_free = np.isin(np.arange(len(data.lines)), data.pair_line[free])
    lines = np.flatnonzero(enter > SMALLEST_MISS)
    return [(int(line), float(enter[line])) for line in lines[np.lexsort((-enter[lines], was_free[lines]))]]
