"""Do nothing more (existing commitments only): what happens if nothing new is decided, and what is open or committed
is used. A projection, not an optimum: it is what plans are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.case import Case
from sufficiency.model.continuity import Continuity
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import shares_that_follow, todays_pattern
from sufficiency.plan.instance.room import Room, cheapest_pair, rounds_by_minutes
from sufficiency.plan.instance.stock import looking, survivors
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.fixed import fix_openings, opened, rooms_built
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.tables.commitments import existing_commitments

BOUGHT = ("independent", "non_maintained")
"""Types whose places the council buys, where no place of its own is found."""


@dataclass(frozen=True)
class Projection:
    """Children as in a plan of `data`: `entrants` and `stock` [T+1, P], `waiting` [T+1, C]; money discounted £."""

    data: InstanceData = field(repr=False)
    entrants: Floats
    stock: Floats
    waiting: Floats
    money: float


@dataclass(frozen=True)
class _Places:
    """Children that lines may hold in the rounds of one year, [L] each; inf where there is no limit.

    `whole`: places and what may stand above them. `known`: that less new places. `filled`: that, with new places
    filled as far as they fill. `spare`: `filled` without what may stand above the places.
    """

    whole: Floats
    known: Floats
    filled: Floats
    spare: Floats
    new: Flags


def do_nothing_more(base: Instance) -> Projection:
    """The projection of a case: nothing that is only proposed happens, no option opens but those committed, and those
    placed stay, under `continuity.clean_slate` too. Its lines and pairs are those of the case.
    """
    case = base.case
    tables = existing_commitments(case.tables, case.model.base_year)
    if case.model.continuity.clean_slate or tables is not case.tables:
        base = prepare(_continuous(replace(case, tables=tables)))
    may = may_open(base.case, base.data)
    data = fix_openings(base, may, may.committed).data
    rooms = rooms_built(data, opened(may, may.committed))
    return projected(replace(data, physical=data.physical + rooms), case.model.continuity)


def projected(data: InstanceData, continuity: Continuity) -> Projection:
    """The projection of a case none of whose options is open.

    Year by year those placed stay, and those who look for a place ask in this order: (1) at `by_pattern` lines, (2) at
    the other lines of today's pattern that are not bought, up to the places of the base year, (3) at new places, the
    shortest journeys first, (4) at what is spare in any line that is not bought, (5) at bought lines; (6) the rest
    wait. No round undoes an earlier one.
    """
    years, cells = data.entrants.shape[0], len(data.cells)
    pattern, rounds = todays_pattern(data), rounds_by_minutes(data.minutes)
    entrants, waiting = np.zeros((years, len(data.pair_cell))), np.zeros((years, cells))
    stock = np.zeros_like(entrants)
    stock[0], waiting[0] = data.placed, data.waiting_at_start
    for t in range(1, years):
        before = survivors(data, t, stock[t - 1])
        asking = np.maximum(looking(data, t, stock[t - 1], waiting[t - 1]), 0.0)
        year = _Year(data, continuity, t, before, asking, pattern[t], rounds)
        entrants[t], waiting[t] = year.entrants, np.maximum(year.left, 0.0)
        stock[t] = before + entrants[t]
    waits = data.awaiting_money * waiting.sum(axis=1)
    in_line = np.stack([totals(data.pair_line, year, len(data.lines)) for year in stock])
    above = np.where(np.isfinite(data.places), np.maximum(in_line - data.places, 0.0), 0.0)
    of_lines = data.place_funding + data.option_cost + data.over_money * above
    money = (data.k * stock).sum(axis=1) + of_lines.sum(axis=1) + waits
    return Projection(data, entrants, stock, waiting, float(data.discount[1:] @ money[1:]))


def _continuous(case: Case) -> Case:
    continuity = case.model.continuity.model_copy(update={"clean_slate": False})
    return replace(case, model=case.model.model_copy(update={"continuity": continuity}))


class _Year:
    """The six rounds of one year: `entrants` [P] is who has got in, `left` [C] who still looks for a place."""

    def __init__(
        self,
        data: InstanceData,
        continuity: Continuity,
        t: int,
        before: Floats,
        asking: Floats,
        pattern: Floats,
        rounds: Ints,
    ) -> None:
        self.data, self.rounds = data, rounds
        self.entrants, self.left = np.zeros(len(pattern)), asking
        kinds = data.lines["type"].to_numpy()
        inherited = totals(data.pair_line, before, len(kinds))
        places = _places(data, t, inherited, continuity.new_places_fill)
        self.room = Room(data, data.physical[t], places.whole - inherited, inherited)
        follows = shares_that_follow(data, continuity, int(data.years[t]))[data.pair_line]
        by_pattern = data.by_pattern[data.pair_line]
        bought = np.isin(kinds, BOUGHT)[data.pair_line] & ~by_pattern
        own = data.eligible[t] & ~bought & ~by_pattern

        decided = np.where(by_pattern, pattern * follows, 0.0)
        decided /= np.maximum(self._by_cell(decided), 1.0)[data.pair_cell]
        others = np.where(by_pattern, 0.0, pattern)
        nowhere = asking * np.maximum(1.0 - self._by_cell(decided + others), 0.0)
        self._enter(self.room.take(asking[data.pair_cell] * decided))

        asked = asking * self._by_cell(others)
        fits = np.minimum(1.0, np.divide(self.left, asked, out=np.zeros_like(asked), where=asked > 0))
        asked = (asking * fits)[data.pair_cell] * others
        of_bought = np.where(bought, asked, 0.0)
        firm, free = self._by_cell(of_bought * follows), self._by_cell(of_bought * (1.0 - follows))
        at_known = self.room.up_to(places.known).take(asked - of_bought)
        self._enter(at_known)

        turned_away = self._by_cell(asked - of_bought - at_known) + nowhere
        new = own & (data.match == 1.0) & places.new[data.pair_line]
        self.room.up_to(places.filled)
        self._enter_nearest(turned_away, new)
        self._enter_nearest(free, new)

        self.room.up_to(places.spare)
        self._enter_nearest(self.left - firm, own)

        self.room.up_to(places.whole)
        usual = np.where(bought, pattern, 0.0)
        whole = self._by_cell(usual)[data.pair_cell]
        cheapest = cheapest_pair(data.pair_cell, data.k[t], data.eligible[t] & bought, len(asking))
        shares = np.where(whole > 0, np.divide(usual, whole, out=np.zeros_like(usual), where=whole > 0), cheapest)
        self._enter(self.room.take(np.maximum(self.left, 0.0)[data.pair_cell] * shares))

    def _by_cell(self, children: Floats) -> Floats:
        return totals(self.data.pair_cell, children, len(self.left))

    def _enter(self, children: Floats) -> None:
        self.entrants = self.entrants + children
        self.left = self.left - self._by_cell(children)

    def _enter_nearest(self, looking: Floats, arcs: Flags) -> None:
        self._enter(self.room.take_nearest(looking, arcs, self.rounds))


def _places(data: InstanceData, t: int, inherited: Floats, fill: float) -> _Places:
    """New places: all of a line where nobody was placed in the base year, else what it has more than then."""
    places, used = data.places[t], totals(data.pair_line, data.placed, len(data.lines)) > 0
    known = np.where(used, np.minimum(places, data.places[0]), 0.0)
    limited = np.isfinite(places)
    finite = np.where(limited, places, 0.0)
    above = np.where(limited, np.maximum(np.maximum(data.overfill[t] * finite, inherited - finite), 0.0), 0.0)
    empty = np.where(limited, (1.0 - fill) * (finite - np.where(limited, known, 0.0)), 0.0)
    return _Places(places + above, known + above, places + above - empty, places - empty, places > known)
