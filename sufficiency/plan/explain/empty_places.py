"""Places that stay empty while a child they accept is bought one, and why; and preferences that give way.

Year by year, among children who enter: each empty place and each child is counted once, by a maximum flow from the
children through lines and buildings. A child who is placed in an independent school because children like them ask for
it is not counted: that place is not bought for want of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.codes import BOUGHT
from sufficiency.plan.dual.cost_to_go import cost_to_go
from sufficiency.plan.explain.shortfall import onward
from sufficiency.plan.rows.families import Family
from sufficiency.plan.rows.policy import rule_rows
from sufficiency.plan.rows.transitions import flows_of
from sufficiency.plan.solve.solve import Plan
from sufficiency.plan.tolerances import SMALLEST_MISS

EVEN = 0.5
"""£ discounted: a place that costs no more than this less than the bought one saves nothing."""
FINEST = 1e9
"""Units in which a flow is counted, all children of a year together."""
COST = "the place costs as much or more"
LATER = "kept for children who come later"
NOT_KNOWN = "not known: the plan was stopped"
JOURNEY = "rule hard_journey_limit"
BASES = "rule bases_first"
FAMILIES = {
    Family.BASES: BASES,
    Family.BUDGET: "finance.overspend",
    Family.FILL: "smallest_fill of an option",
}
"""What a priced row that is no policy rule is called."""


@dataclass(frozen=True)
class EmptyBesideBought:
    """`children` [T+1, C]: those who enter a bought place in a year in which a place that accepts them and would cost
    less stays empty, each place and child counted once. `why`: the same by `year` and reason (`why`), in `children`;
    and, with the reason `COST`, those for whom the empty place would cost as much or more.
    """

    children: Floats = field(repr=False)
    why: pd.DataFrame


def empty_beside_bought(plan: Plan) -> EmptyBesideBought:
    """Count them in every year of a plan, and say why."""
    data = plan.data
    children = np.zeros((data.horizon + 1, len(data.cells)))
    rows: list[dict[str, object]] = []
    bought = np.isin(data.lines["type"], BOUGHT) & ~data.by_pattern
    entered = np.where(bought[data.pair_line], np.maximum(plan.entrants - plan.settled.entrants, 0.0), 0.0)
    costs = _Costs(plan)
    for t in range(1, data.horizon + 1):
        there = np.flatnonzero(entered[t] > SMALLEST_MISS)
        in_line = totals(data.pair_line, plan.stock[t], len(data.lines))
        commissioned = np.isfinite(data.places[t]) & data.line_open[t] & ~bought & ~data.by_pattern
        room = np.where(commissioned, data.places[t] - in_line, 0.0)
        building = plan.settled.physical[t] - data.limited_lines.astype(float) @ in_line
        child, pair = _fitting(plan, t, there, room)
        if not len(child):
            continue
        why = costs.why(t, there[child], pair)
        explained = np.zeros(len(there))
        arcs = np.zeros(len(child), dtype=bool)
        for reason in sorted(set(why), key=_order):
            arcs |= why == reason
            line = data.pair_line[pair[arcs]]
            more = matched(entered[t, there], room, building, data.limited_lines, child[arcs], line)
            if more.sum() - explained.sum() > SMALLEST_MISS:
                rows.append(
                    {"year": int(data.years[t]), "why": reason, "children": float(more.sum() - explained.sum())}
                )
            explained = more
            if reason != COST:
                children[t] = totals(data.pair_cell[there], explained, len(data.cells))
    return EmptyBesideBought(children, pd.DataFrame(rows, columns=["year", "why", "children"]))


def _fitting(plan: Plan, t: int, there: Ints, room: Floats) -> tuple[Ints, Ints]:
    """Children in bought places (positions in `there`, pairs) with every pair of theirs whose line has an empty place
    and accepts them, rules on journeys and on bases aside.
    """
    data = plan.data
    free = np.flatnonzero((room > SMALLEST_MISS)[data.pair_line] & (data.match > 0))
    by_cell = pd.DataFrame({"cell": data.pair_cell[free], "pair": free})
    of_child = pd.DataFrame({"cell": data.pair_cell[there], "child": np.arange(len(there))})
    both = of_child.merge(by_cell, on="cell", validate="many_to_many")
    return both["child"].to_numpy(dtype=np.int64), both["pair"].to_numpy(dtype=np.int64)


def _order(reason: str) -> tuple[int, str]:
    """Rules first, then what is kept for later, then what is a choice by cost."""
    return {LATER: 1, COST: 2}.get(reason, 0), reason


class _Costs:
    """Whether the cheaper of two places is left empty for a rule, for later children or for its cost: from the prices
    of the plan, split into those of rules, those of places and buildings, and the money and weights of the stay itself.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, data, rows = plan, plan.data, plan.rows
        flows, nothing = flows_of(data, rows), np.zeros(len(rows.limit))
        pairs = len(data.pair_cell)
        bare = cost_to_go(data, flows, nothing, asking_costs=False).reduced_cost[:, :pairs]
        self.whole = cost_to_go(data, flows, plan.prices).reduced_cost[:, :pairs]
        self.of_rules = {
            name: cost_to_go(data, flows, np.where(chosen, plan.prices, 0.0), asking_costs=False).reduced_cost[
                :, :pairs
            ]
            - bare
            for name, chosen in _rules(plan)
        }
        rents = np.where(np.isin(rows.family, [Family.PLACES, Family.PHYSICAL, Family.CLOSING]), plan.prices, 0.0)
        self.later = cost_to_go(data, flows, rents, asking_costs=False).reduced_cost[:, :pairs] - bare

    def why(self, t: int, bought: Ints, empty: Ints) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """[A] for each pair of a bought place and an empty one: why the child is not in the empty one."""
        data = self.plan.data
        if self.plan.status == "stopped":
            return np.full(len(empty), NOT_KNOWN, dtype=object)
        of_rules = {name: cost[t, empty] - cost[t, bought] for name, cost in self.of_rules.items()}
        rule = sum(of_rules.values(), np.zeros(len(empty)))
        later = self.later[t, empty] - self.later[t, bought]
        own = self.whole[t, empty] - self.whole[t, bought] - later - rule
        why = np.full(len(empty), LATER, dtype=object)
        for name, cost in of_rules.items():
            most = np.max(list(of_rules.values()), axis=0)
            why[(cost >= most) & (cost > EVEN) & (own + rule >= -EVEN)] = name
        why[own >= -EVEN] = COST
        closed = ~data.may_enter[t, empty]
        far = closed & data.over_limit[empty] & self.plan.case.model.rules.hard_journey_limit
        why[closed] = BASES
        why[far] = JOURNEY
        return why


def _rules(plan: Plan) -> Iterator[tuple[str, Flags]]:
    """Rules, and other rows that are neither places nor buildings, with a price: name and which rows they are."""
    rows = plan.rows
    names = np.full(len(rows.limit), "", dtype=object)
    for family, words in FAMILIES.items():
        names[rows.family == family] = words
    known = rule_rows(plan.case, plan.data) if rows.of_rules.any() else []
    for row in np.flatnonzero(rows.of_rules):
        names[row] = f"rule {known[rows.item[row]].subject.name}"
    for name in sorted(set(names[plan.prices > 0]) - {""}):
        yield str(name), names == name


def matched(children: Floats, room: Floats, building: Floats, limited: Flags, child: Ints, line: Ints) -> Floats:
    """[n] of `children` [n], how many the `room` [L] of the lines they can take (arcs `child`, `line`) could hold, each
    place given once, and no more in a `building` [Q] (its lines: `limited` [Q, L]) than it has room for.
    """
    count, lines = len(children), len(room)
    sink, total = 1 + count + lines + len(building), float(children.sum())
    from_source = (np.zeros(count, dtype=np.int64), 1 + np.arange(count), children)
    arcs = (1 + child, 1 + count + line, np.full(len(child), total))
    edges = [from_source, arcs, *onward(np.maximum(room, 0.0), np.maximum(building, 0.0), limited, 1 + count)]
    origin, target, capacity = (np.concatenate(part) for part in zip(*edges, strict=True))
    grain = FINEST / max(total, 1.0)
    whole = np.round(np.minimum(capacity, total) * grain).astype(np.int32)
    graph = sparse.csr_matrix((whole, (origin, target)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(graph, 0, sink).flow
    return np.asarray(flow[0, 1 : 1 + count].toarray()[0], dtype=np.float64) / grain
