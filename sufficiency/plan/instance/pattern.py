"""What is settled before anything is chosen: children already placed, those who follow today's pattern, and the
room that leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.model.continuity import Continuity
from sufficiency.plan.instance.axes import BUILDINGS, LINES, PAIRS, YEARS
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.stock import stock_of, survivors
from sufficiency.plan.tolerances import NOBODY

ENOUGH_TO_SHOW_A_PATTERN = 5 - 1e-6
"""Five children; less what rounding may take off where they are shared among cells."""


@dataclass(frozen=True)
class Commitments:
    """`entrants` [T+1, P]: x̂, entrants who follow today's pattern; `may_give_way` [T+1, P], those of them who are
    turned down where their line or its building is full. `stock` [T+1, P]: what all of them and the children already
    placed come to; `held` [T+1, P], the same without those who may give way.

    `allowance` [T+1, L]: V, children above the places that a line may hold. `physical` [T+1, Q]: room of each
    limited setting. Both count `held`. `pattern` [T+1, P]: p, today's pattern as shares of a cell's entrants.
    """

    entrants: Annotated[Floats, YEARS, PAIRS]
    may_give_way: Annotated[Floats, YEARS, PAIRS]
    stock: Annotated[Floats, YEARS, PAIRS]
    held: Annotated[Floats, YEARS, PAIRS]
    allowance: Annotated[Floats, YEARS, LINES]
    physical: Annotated[Floats, YEARS, BUILDINGS]
    pattern: Annotated[Floats, YEARS, PAIRS]

    @property
    def hard(self) -> Floats:
        """[T+1, P] those who follow the pattern whatever it costs."""
        return self.entrants - self.may_give_way

    @cached_property
    def preferred(self) -> Ints:
        """[G] the pairs in which somebody may give way in some year."""
        return np.flatnonzero((self.may_give_way > NOBODY).any(axis=0))

    @cached_property
    def giving(self) -> Floats:
        """[T+1, G] how many may give way in those pairs."""
        return np.asarray(self.may_give_way[:, self.preferred])


def todays_pattern(data: InstanceData) -> Floats:
    """[T+1, P] p: the share of each cell's entrants who would go to each line open to them, as children like them
    are placed today.

    Shares of those already placed of the area, need and phase; of the locality where they are fewer than five; then
    of the authority.
    """
    cells = data.cells
    alike = (["area", "need", "phase"], ["locality", "need", "phase"], ["need", "phase"])
    groups = [np.asarray(cells.groupby(names, sort=False).ngroup(), dtype=np.int64) for names in alike]
    children_placed = [_placed_like(data, group) for group in groups]
    pattern = np.zeros((data.horizon + 1, len(data.pair_cell)))
    for t in range(1, data.horizon + 1):
        if t > 1 and np.array_equal(data.eligible[t], data.eligible[t - 1]):
            pattern[t] = pattern[t - 1]
            continue
        chosen = np.zeros(len(data.pair_cell))
        settled = np.zeros(len(cells), dtype=bool)
        for level, children in enumerate(children_placed):
            counted = np.where(data.eligible[t], children, 0.0)
            total = totals(data.pair_cell, counted, len(cells))
            enough = ~settled & (total >= ENOUGH_TO_SHOW_A_PATTERN if level < 2 else total > 0)
            use = enough[data.pair_cell]
            chosen[use] = counted[use] / total[data.pair_cell[use]]
            settled |= enough
        pattern[t] = chosen
    return pattern


def _placed_like(data: InstanceData, group: Ints) -> Floats:
    """[P] children placed in the pair's line who belong to the same group of cells."""
    key = group[data.pair_cell] * len(data.lines) + data.pair_line
    return np.asarray(totals(key, data.placed, int(key.max(initial=-1)) + 1)[key])


def commitments(data: InstanceData, continuity: Continuity) -> Commitments:
    """x̂ and what follows from it, forward in time (mathematics page, preferences)."""
    years, pairs = data.horizon + 1, len(data.pair_cell)
    pattern = todays_pattern(data)
    kinds = data.lines["type"].to_numpy()
    stock = np.zeros((years, pairs))
    entrants = np.zeros((years, pairs))
    stock[0] = data.placed
    for t in range(1, years):
        year = int(data.years[t])
        follows = shares_that_follow(data, continuity, year)
        before = survivors(data, t, stock[t - 1])
        asked = free_to_choose(data, t)[data.pair_cell] * _at_most_all(data, pattern[t] * follows[data.pair_line])
        room = np.maximum(data.places[t] - totals(data.pair_line, before, len(kinds)), 0.0)
        wanted = totals(data.pair_line, asked, len(kinds))
        share = np.minimum(1.0, np.divide(room, wanted, out=np.ones_like(room), where=wanted > 0))
        entrants[t] = asked * share[data.pair_line]
        stock[t] = before + entrants[t]
    may_give_way = np.where(has_a_limit(data)[data.pair_line], entrants, 0.0)
    held = stock_of(data, entrants - may_give_way)
    return Commitments(entrants, may_give_way, stock, held, *_allowances(data, held), pattern)


def shares_that_follow(data: InstanceData, continuity: Continuity, year: int) -> Floats:
    """[L] φ: the share of those who would go to each line by today's pattern who do in `year`."""
    named = zip(data.lines["type"], data.lines["section_41"], strict=True)
    return np.array([continuity.share_that_follows(kind, year, section_41=bool(listed)) for kind, listed in named])


def has_a_limit(data: InstanceData) -> Flags:
    """[L] lines that a number of places limits in some plan year, or a building; not those that follow the pattern."""
    by_places = (data.line_open & np.isfinite(data.places))[1:].any(axis=0)
    return np.asarray((by_places | data.limited_lines.any(axis=0)) & ~data.by_pattern)


def free_to_choose(data: InstanceData, t: int) -> Floats:
    """[C] entrants of a year less those who could stay on in their line from the phase before."""
    moving = np.zeros(len(data.next_cell))
    has_next = data.next_cell >= 0
    np.add.at(moving, data.next_cell[has_next], (data.carry[t] * data.demand[t - 1])[has_next])
    free: Floats = np.maximum(data.entrants[t] - moving, 0.0)
    return free


def _at_most_all(data: InstanceData, shares: Floats) -> Floats:
    """Shares of each cell scaled down where pattern factors would make them exceed the whole."""
    total = totals(data.pair_cell, shares, len(data.next_cell))
    return np.asarray(shares / np.maximum(total, 1.0)[data.pair_cell], dtype=np.float64)


def _allowances(data: InstanceData, held: Floats) -> tuple[Floats, Floats]:
    """`allowance` and `physical` of `Commitments`."""
    in_line = np.stack([totals(data.pair_line, row, len(data.lines)) for row in held])
    limited = np.isfinite(data.places)
    places = np.where(limited, data.places, 0.0)
    chosen = data.overfill * places
    beyond = in_line - places
    allowance = np.where(limited, np.maximum(np.maximum(chosen, beyond), 0.0), 0.0)
    return allowance, np.maximum(data.physical, in_line @ data.limited_lines.T.astype(float))


def clean_slate(data: InstanceData, settled: Commitments) -> tuple[InstanceData, Commitments]:
    """The same case with every child placed anew each year: nobody stays, nobody follows a pattern, allowances as
    they were.

    Children in `by_pattern` provision remain what they are in the continuous plan: those are decisions that no
    school is appropriate.
    """
    nobody = np.zeros_like(data.stay)
    fixed = np.where(data.by_pattern[data.pair_line][None, :], settled.stock, 0.0)
    fixed[0] = 0.0
    afresh = replace(
        data,
        stay=nobody,
        carry=nobody,
        entrants=np.vstack([nobody[:1], data.demand[1:]]),
        waiting_at_start=np.zeros_like(data.waiting_at_start),
        placed=np.zeros_like(data.placed),
        eligible=data.eligible | (settled.stock > 0),
    )
    return afresh, replace(settled, entrants=fixed, may_give_way=np.zeros_like(fixed), stock=fixed, held=fixed)
