"""Branching on openings: regions in which some options are closed, or bound to open, early or late.

In every region the cuts say what its openings cost at least; a region where that is enough is done with. Of the ways
to part a region the one is taken after which the cuts say most.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.plan.options.choices import Choices
from sufficiency.plan.options.master import Allowed, Cut, Master
from sufficiency.plan.program.highs import Basis

WHOLE = 1e-6
"""Share of an option that is none, or all of it, but for rounding."""
FEW_WAYS = 8
"""Ways to part a region, by options, that are compared where few are."""
LEAST_RISE = 1e-9
"""Relative: a rise of the bound that counts as one, so that a way which lifts one side alone is told from none."""


@dataclass(frozen=True)
class Node:
    """Openings up to `upper` [Y], with the options `forced` [S] bound to open; `start`: the basis with which the linear
    program was solved there, or in the region this is a part of.
    """

    upper: Floats = field(repr=False)
    forced: Flags = field(repr=False)
    start: Basis | None = field(default=None, repr=False)


def ways_to_branch(choices: Choices, node: Node, y: Floats, most: int) -> list[tuple[Node, Node]]:
    """Pairs of regions that share the whole openings of one between them and leave out y; none where y is whole. By
    options no more than so many, those of which the part that opens is nearest to a half.

    An option that opens in part is closed in one and bound to open in the other; one that opens in parts of several
    years opens by some year in one and after it in the other.
    """
    found = []
    parts = np.bincount(choices.scheme, np.where(choices.whole, y, 0.0), len(choices.schemes))
    open_in_part = np.flatnonzero(np.minimum(parts, 1 - parts) > WHOLE)
    for scheme in open_in_part[np.argsort(np.abs(parts[open_in_part] - 0.5), kind="stable")[:most]]:
        mine, forced = choices.scheme == scheme, node.forced.copy()
        forced[scheme] = True
        closed = replace(node, upper=np.where(mine, 0.0, node.upper))
        found.append((closed, replace(node, forced=forced)))
    split = (np.minimum(y, 1 - y) > WHOLE) & choices.whole
    for scheme in np.unique(choices.scheme[split]):
        mine = choices.scheme == scheme
        mean = float((choices.opens * y)[mine].sum() / y[mine].sum())
        early, late = mine & (choices.opens <= mean), mine & (choices.opens > mean)
        if (y[early] > WHOLE).any() and (y[late] > WHOLE).any():
            by_then = replace(node, upper=np.where(late, 0.0, node.upper))
            found.append((by_then, replace(node, upper=np.where(early, 0.0, node.upper))))
    return found


class Tree:
    """The open regions, that of the lowest bound first, with the cuts over them. `done`: the lowest bound of a region
    that was done with. `few`: only some ways to part a region are compared, as pricing one costs no more than that.
    """

    def __init__(
        self,
        choices: Choices,
        allowed: Allowed,
        cuts: tuple[Cut, ...],
        threads: int,
        *,
        start: Basis | None = None,
        priced: bool = False,
        few: bool = False,
    ) -> None:
        self.ways = FEW_WAYS if few else len(choices)
        self.choices, self.envelope = choices, Master(choices, allowed, cuts, threads)
        self.open: list[tuple[float, int, Node, bool]] = []
        self.count, self.done = 0, np.inf
        self.push(Node(allowed.upper, np.zeros(len(choices.schemes), dtype=bool), start), -np.inf, priced=priced)

    @property
    def bound(self) -> float:
        """£ discounted: no allowed openings cost less."""
        return min(self.open[0][0] if self.open else np.inf, self.done)

    def push(self, node: Node, bound: float, *, priced: bool) -> None:
        """An open region; `priced`: the linear program in it has given its cut."""
        heapq.heappush(self.open, (bound, self.count, node, priced))
        self.count += 1

    def fathom(self, bound: float) -> None:
        """A region is done with at this bound."""
        self.done = min(self.done, bound)

    def pop(self, cuts: tuple[Cut, ...], cutoff: float) -> tuple[Node, float, Floats, bool] | None:
        """The region with the lowest bound by the cuts, that bound, where it is reached, and whether the region is
        priced; None where the bound reaches the `cutoff` everywhere.
        """
        self.envelope.take(cuts)
        while self.open:
            bound, _, node, priced = heapq.heappop(self.open)
            lowest, y = self.envelope.lowest(node.upper, node.forced)
            bound = max(bound, lowest)
            if bound >= cutoff:
                self.fathom(bound)
            elif self.open and bound > self.open[0][0]:
                self.push(node, bound, priced=priced)
            else:
                return node, bound, y, priced
        return None

    def branch(self, node: Node, bound: float, y: Floats) -> bool:
        """Put in two parts of a region in place of it: those that lift the bound most, one side times the other;
        whether there is anything to part.
        """
        least = LEAST_RISE * max(abs(bound), 1.0)
        best: tuple[float, list[tuple[Node, float]]] | None = None
        for pair in ways_to_branch(self.choices, node, y, self.ways):
            parts = [(one, max(self.envelope.lowest(one.upper, one.forced)[0], bound)) for one in pair]
            rise = float(np.prod([np.log1p(min(lowest - bound, 1e12) / least) for _, lowest in parts]))
            if best is None or rise > best[0]:
                best = rise, parts
        for one, lowest in best[1] if best else []:
            if lowest < np.inf:
                self.push(one, lowest, priced=False)
        return best is not None
