"""Do nothing more (existing commitments only) a second time, from the page alone: dictionaries, loops, one year after
the other. Nothing of `sufficiency.plan` is used.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from sufficiency.case import Case

from .oracle import Flows, Key, latest

BOUGHT = ("independent", "non_maintained")
NOBODY = 1e-9
Arc = tuple[Key, str]


class NothingMore(Flows):
    """`stock` and `entering` by year: children by cell and line. `waiting` by year: children by cell."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.stock: list[dict[Arc, float]] = [dict(self.placed)]
        self.entering: list[dict[Arc, float]] = [{}]
        self.waits: list[dict[Key, float]] = [dict(self.waiting)]
        self.attended = {line for (_, line), n in self.placed.items() if n > 0}
        self.bought = {line for line, row in self.line.items() if row["type"] in BOUGHT} - self.pattern_only
        self.own = set(self.line) - self.bought - self.pattern_only
        for t in range(1, len(self.years)):
            self._year(t)

    # what is known of a line

    def holds(self, line: str, year: int) -> Any:
        """The row that holds of those that are open or committed."""
        past = [row for row in self.rows[line] if row["from_year"] <= year and row["status"] != "proposed"]
        return past[-1] if past else None

    def factor(self, line: str, year: int) -> float:
        return latest(self.model.continuity.pattern_factors.get(self.line[line]["type"], 1.0), year, 1.0)

    def new_places(self, line: str, year: int) -> float:
        there = self.places(line, year)
        if line not in self.attended:
            return there
        before = self.places(line, self.base)
        return 0.0 if math.isinf(before) else max(0.0, there - before)

    def empty(self, line: str, year: int) -> float:
        """New places that are not filled; of a line without a limit none."""
        new = self.new_places(line, year)
        return 0.0 if math.isinf(new) else (1 - self.model.continuity.new_places_fill) * new

    def cost(self, cell: Key, line: str, year: int) -> float:
        kind, held = self.line[line]["type"], self.holds(line, year)
        fee = self.rate("per_child", cell, line, year)["per_child"] * self.grown(kind, year)
        filled, empty = (0.0, 0.0) if math.isnan(held["places"]) else self.funding(line, year)
        return fee + filled - empty + self.travel_cost(cell, line) * self.grown("transport", year)

    # one year

    def _year(self, t: int) -> None:  # noqa: C901 - one paragraph of the design page, top to bottom
        year = self.years[t]
        survive = self.left(self.stock[-1], t)
        inherited: dict[str, float] = defaultdict(float)
        for (_, line), n in survive.items():
            inherited[line] += n
        self.there = defaultdict(float, inherited)
        self.got: dict[Arc, float] = defaultdict(float)
        self.seek = {c: self._asking(c, t) for c in self.cells}
        arcs = [(c, line) for c, line in self.pairs if self.takes(c, line, t)]
        shares = {c: self.pattern(c, t) for c in self.cells}

        above = {}
        for line in self.line:
            places = self.places(line, year)
            omega = held["overfill"] if (held := self.holds(line, year)) is not None else 0.0
            above[line] = 0.0 if math.isinf(places) else max(omega * places, inherited[line] - places, 0.0)
        full = {line: self.places(line, year) + above[line] for line in self.line}

        asks: dict[Arc, float] = {}
        nowhere: dict[Key, float] = {}
        for c in self.cells:
            decided = {line: p * self.factor(line, year) for line, p in shares[c].items() if line in self.pattern_only}
            others = sum(p for line, p in shares[c].items() if line not in self.pattern_only)
            nowhere[c] = self.seek[c] * max(0.0, 1 - sum(decided.values()) - others)
            for line, p in decided.items():
                asks[c, line] = self.seek[c] * p / max(1.0, sum(decided.values()))
        begin = dict(self.seek)
        self._let_in(asks, full, year)

        asks, of_bought = {}, {}
        for c in self.cells:
            others = {line: begin[c] * p for line, p in shares[c].items() if line not in self.pattern_only}
            whole = sum(others.values())
            fits = min(1.0, self.seek[c] / whole) if whole > 0 else 0.0
            for line, n in others.items():
                (of_bought if line in self.bought else asks)[c, line] = n * fits
        upto = {}
        for line in self.own & self.attended:
            new = self.new_places(line, year)
            upto[line] = (self.places(line, self.base) + above[line]) if math.isinf(new) else full[line] - new
        entered = self._let_in(asks, upto, year)

        turned_away: dict[Key, float] = defaultdict(float, nowhere)
        for (c, line), n in asks.items():
            turned_away[c] += n - entered.get((c, line), 0.0)
        firm, free = defaultdict(float), defaultdict(float)
        for (c, line), n in of_bought.items():
            firm[c] += n * self.phi(line, year)
            free[c] += n * (1 - self.phi(line, year))
        new_lines = {line for line in self.own if self.new_places(line, year) > 0}
        upto = {line: full[line] - self.empty(line, year) for line in new_lines}
        to_new = [(c, line) for c, line in arcs if line in new_lines and self.match(c, line) == 1]
        self._nearest(turned_away, to_new, upto, year)
        self._nearest(free, to_new, upto, year)

        upto = {line: self.places(line, year) - self.empty(line, year) for line in self.own}
        still = {c: self.seek[c] - firm[c] for c in self.cells}
        self._nearest(still, [(c, line) for c, line in arcs if line in self.own], upto, year)

        asks = {}
        for c in self.cells:
            usual = {line: p for line, p in shares[c].items() if line in self.bought}
            if sum(usual.values()) > 0:
                for line, p in usual.items():
                    asks[c, line] = max(0.0, self.seek[c]) * p / sum(usual.values())
                continue
            open_to = sorted(line for b, line in arcs if b == c and line in self.bought)
            if open_to:
                cheapest = min(open_to, key=lambda line, c=c: self.cost(c, line, year))
                asks[c, cheapest] = max(0.0, self.seek[c])
        self._let_in(asks, full, year)

        stock = defaultdict(float, survive)
        for arc, n in self.got.items():
            stock[arc] += n
        self.stock.append(dict(stock))
        self.entering.append(dict(self.got))
        self.waits.append({c: max(0.0, n) for c, n in self.seek.items()})

    def _asking(self, cell: Key, t: int) -> float:
        carried = back = 0.0
        for (c, line), n in self.stock[-1].items():
            if not self.is_open(line, self.years[t]):
                back += self.stay[c][t] * n if c == cell else 0.0
            elif self.carries(c, line) == cell:
                carried += self.carry[c][t] * n
        waited = self.stay[cell][t] * self.waits[-1].get(cell, 0.0)
        return max(0.0, self.entrants[cell][t] - carried + back + waited)

    def _buildings(self, year: int) -> list[tuple[set[str], float]]:
        """Lines of each building with a limit, and the children it takes."""
        found = []
        for code, setting in self.settings.items():
            if math.isnan(setting["physical_places"]):
                continue
            inside = {
                line
                for line, row in self.line.items()
                if row["setting"] == code or self.settings[row["setting"]]["school"] == code
            }
            imported = sum(
                held["imported"]
                for line in inside
                if (held := self.holds(line, year)) is not None and self.is_open(line, year)
            )
            found.append((inside, setting["physical_places"] - imported))
        return found

    def _room(self, line: str, upto: dict[str, float]) -> float:
        return max(0.0, upto.get(line, 0.0) - self.there[line])

    def _room_inside(self, inside: set[str], limit: float) -> float:
        return max(0.0, limit - sum(self.there[line] for line in inside))

    def _let_in(self, asks: dict[Arc, float], upto: dict[str, float], year: int) -> dict[Arc, float]:
        """Who gets in of those who ask: first as far as the line has room, then as its buildings have."""
        asked: dict[str, float] = defaultdict(float)
        for (_, line), n in asks.items():
            asked[line] += n
        share = {line: min(1.0, self._room(line, upto) / n) if n > 0 else 1.0 for line, n in asked.items()}
        after_line = {line: asked[line] * share[line] for line in asked}
        for line in asked:
            fits = [1.0]
            for inside, limit in self._buildings(year):
                wanted = sum(n for other, n in after_line.items() if other in inside)
                if line in inside and wanted > 0:
                    fits.append(min(1.0, self._room_inside(inside, limit) / wanted))
            share[line] *= min(fits)
        entered = {(c, line): n * share[line] for (c, line), n in asks.items()}
        for (c, line), n in entered.items():
            self.there[line] += n
            self.seek[c] -= n
            self.got[c, line] += n
        return entered

    def _nearest(self, looking: dict[Key, float], arcs: list[Arc], upto: dict[str, float], year: int) -> None:
        """Arcs by rising minutes; within one round a child turned away asks at what still has room in it."""
        looking = defaultdict(float, looking)
        minutes = {arc: self.minutes(arc[0][0], self.line[arc[1]]["setting"]) for arc in arcs}
        rounds: list[list[Arc]] = []
        last = -math.inf
        for arc in sorted(arcs, key=minutes.__getitem__):
            if minutes[arc] - last > 1e-6:
                rounds.append([])
            rounds[-1].append(arc)
            last = minutes[arc]
        for these in rounds:
            while True:
                shut = {
                    line
                    for inside, limit in self._buildings(year)
                    if self._room_inside(inside, limit) <= NOBODY
                    for line in inside
                }
                where = defaultdict(list)
                for c, line in these:
                    if looking[c] > NOBODY and line not in shut and self._room(line, upto) > NOBODY:
                        where[c].append(line)
                if not where:
                    break
                asks = {(c, line): looking[c] / len(lines) for c, lines in where.items() for line in lines}
                for (c, _), n in self._let_in(asks, upto, year).items():
                    looking[c] -= n
