"""Branching on openings: linear programs in which some options are closed, or bound to open, for the cuts they give.

A cut is exact where it was taken. Branching takes them where the best programmes are: at the openings that the relaxed
program would choose once an option is decided. No proof rests on the tree: the cuts alone prove the bound.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.plan.choices import Choices

WHOLE = 1e-6
"""Share of an option that is none, or all of it, but for rounding."""


@dataclass(frozen=True, order=True)
class Node:
    """Openings up to `upper` [Y], with the options `forced` [S] bound to open; none cheaper than `bound` (£)."""

    bound: float
    number: int
    upper: Floats = field(compare=False, repr=False)
    forced: Flags = field(compare=False, repr=False)


def children_of_node(choices: Choices, node: Node, y: Floats, bound: float, number: int) -> list[Node]:
    """Two nodes that share the openings of one between them; none where y opens everything whole.

    The option nearest to half open is closed in one and bound to open in the other; where all are open or not, one
    that opens in parts of several years opens by some year in one and after it in the other.
    """
    parts = np.bincount(choices.scheme, np.where(choices.whole, y, 0.0), len(choices.schemes))
    undecided = np.minimum(parts, 1 - parts)
    if undecided.max(initial=0.0) > WHOLE:
        mine = choices.scheme == int(np.argmax(undecided))
        closed, forced = np.where(mine, 0.0, node.upper), node.forced.copy()
        forced[int(np.argmax(undecided))] = True
        return [Node(bound, number, closed, node.forced), Node(bound, number + 1, node.upper, forced)]
    split = np.minimum(y, 1 - y) * choices.whole
    if split.max(initial=0.0) <= WHOLE:
        return []
    mine = choices.scheme == choices.scheme[int(np.argmax(split))]
    mean = float((choices.opens * y)[mine].sum() / y[mine].sum())
    early, late = mine & (choices.opens <= mean), mine & (choices.opens > mean)
    return [
        Node(bound, number, np.where(late, 0.0, node.upper), node.forced),
        Node(bound, number + 1, np.where(early, 0.0, node.upper), node.forced),
    ]


class Tree:
    """Open nodes, the most promising first."""

    def __init__(self, choices: Choices, upper: Floats) -> None:
        self.choices, self.count = choices, 1
        self.nodes = [Node(-np.inf, 0, upper, np.zeros(len(choices.schemes), dtype=bool))]

    def next(self, best: float) -> Node | None:
        """The node with the lowest bound; None where none could be cheaper than `best`."""
        node = heapq.heappop(self.nodes) if self.nodes else None
        return node if node is not None and node.bound < best else None

    def branch(self, node: Node, y: Floats, bound: float) -> bool:
        """Put in what is left to decide of a node whose relaxed program gave `y` at `bound`; whether anything is."""
        further = children_of_node(self.choices, node, y, max(bound, node.bound), self.count)
        for child in further:
            heapq.heappush(self.nodes, child)
        self.count += 2
        return bool(further)
