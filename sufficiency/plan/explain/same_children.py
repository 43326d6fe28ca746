"""Whose journey is longer in one placement of the same children than in another.

Who is who is not known: children are numbers of an area, need and phase. Those in the same line in both placements are
taken to be the same children; of the rest, the shortest journey in one is paired with the shortest in the other, which
is the pairing with the least change in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Floats, Ints, alike, first_of_each, totals
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.tolerances import NOBODY


@dataclass(frozen=True)
class Places:
    """Where children of one area, need and phase may be: U places, a line or (last of its group) waiting, by group and
    rising minutes. `of` [P + C]: the place of each pair and, behind them, of waiting in each cell; `arc` [U]: one of
    these for each place; `group` and `minutes` [U] (inf: waiting).
    """

    of: Ints
    arc: Ints
    group: Ints
    minutes: Floats


def places_of(data: InstanceData) -> Places:
    """The places of a case; levels of provision are no groups of their own."""
    (of_cell,) = alike((data.cells,), ["area", "need", "phase"])
    waiting = len(data.lines)
    line = np.concatenate([data.pair_line, np.full(len(data.cells), waiting)])
    minutes = np.concatenate([data.minutes, np.full(len(data.cells), np.inf)])
    group = of_cell[data.arc_cell]
    order = np.lexsort((line, minutes, group))
    key = (group * (waiting + 1) + line)[order]
    new = np.concatenate([[True], key[1:] != key[:-1]]) if len(key) else np.zeros(0, dtype=bool)
    of = np.zeros(len(key), dtype=np.int64)
    of[order] = np.cumsum(new) - 1
    arc = first_of_each(of)
    return Places(of, arc, group[arc], minutes[arc])


def longer_and_shorter(places: Places, here: Floats, there: Floats, by: float) -> tuple[Floats, Floats]:
    """[P + C] each: children `here` [P + C] whose journey is longer, and shorter, than `there` by more than `by`
    minutes; each child counted in one of the arcs of the place where it is `here`. Who waits in one of the two has
    no journey to compare.
    """
    size = len(places.arc)
    first, second, children = paired(places.group, totals(places.of, here, size), totals(places.of, there, size))
    now, before = places.minutes[first], places.minutes[second]
    both = np.isfinite(now) & np.isfinite(before)
    change = np.where(both, np.where(both, now, 0.0) - np.where(both, before, 0.0), 0.0)
    longer, shorter = np.zeros(len(places.of)), np.zeros(len(places.of))
    np.add.at(longer, places.arc[first], np.where(change > by, children, 0.0))
    np.add.at(shorter, places.arc[first], np.where(change < -by, children, 0.0))
    return longer, shorter


def paired(group: Ints, here: Floats, there: Floats) -> tuple[Ints, Ints, Floats]:
    """Which children `here` [U] are which of those `there`: position here, position there and how many, of all that are
    not in the same place in both. The places of a `group` stand together, the nearest first.

    Where a group has not as many here as there, those there are scaled to as many as here.
    """
    same = np.minimum(here, there)
    groups = int(group.max(initial=-1)) + 1
    mine, others = here - same, there - same
    mine_in, others_in = totals(group, mine, groups), totals(group, others, groups)
    some = (mine_in > NOBODY) & (others_in > NOBODY)
    number = np.cumsum(some) - 1
    shared = np.flatnonzero(some[group])
    ends, counterparts = (
        _ends(number[group[shared]], part[shared], whole[group[shared]])
        for part, whole in ((mine, mine_in), (others, others_in))
    )
    marks = np.unique(np.concatenate([ends, counterparts]))
    width = np.diff(np.concatenate([[0.0], marks]))
    middle = marks - width / 2
    first, second = (
        shared[np.minimum(np.searchsorted(one, middle), len(shared) - 1)] if len(shared) else shared
        for one in (ends, counterparts)
    )
    children = width * mine_in[group[first]]
    real = children > NOBODY
    return first[real], second[real], children[real]


def _ends(number: Ints, children: Floats, whole: Floats) -> Floats:
    """Where the children of each place end when those of group `number` are laid side by side from `number` to
    `number` + 1.
    """
    so_far = np.cumsum(children / whole)
    last = np.flatnonzero(np.diff(number, append=-1) != 0)
    before = np.concatenate([[0.0], so_far[last]])[number]
    ends = number + np.clip(so_far - before, 0.0, 1.0)
    ends[last] = number[last] + 1.0
    return np.asarray(ends, dtype=np.float64)
