"""Options a second time, from the mathematics page alone: every allowed opening tried, each with the program of
`tests/oracle.py`. Nothing of `sufficiency.plan`, `sufficiency.rates` or `sufficiency.tables.schemes` is used.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections import defaultdict
from typing import Any

from sufficiency.case import Case
from sufficiency.codes import STATE_FUNDED

from .nothing_more import NothingMore
from .oracle import Flows, least


def is_line(option: Any) -> bool:
    """Whether an option is a line of its own."""
    return option["line"] == "" and (option["closes_line"] == "" or option["places"] > 0)


def brings_to(option: Any) -> str:
    """The line its places are in; none where it only closes one."""
    return option["option"] if is_line(option) else str(option["line"])


class Opened(Flows):
    """Flows with options, all of them whole. `window`: the years each may open in. `chosen`: option → year, of those
    that open; before `open_up` all lines of options are there, as in the base model.
    """

    chosen: dict[str, int]

    def _demand(self) -> None:
        options = self.case.tables.options
        self.options = {} if options is None else {row["option"]: row for row in options.to_dict("records")}
        self.with_lines = {given[0]["setting"] for given in self.rows.values()}
        committed = {name.lower(): year for name, year in self.model.rules.committed.items()}
        self.decided = {name: committed[name.lower()] for name in self.options if name.lower() in committed}
        self.window = {name: self._window(name, option) for name, option in self.options.items()}
        self.chosen, self.closed, self.up = {}, {}, False
        for name, option in self.options.items():
            if is_line(option) and self.window[name]:
                kind = self.settings[option["setting"]]["type"]
                nothing = {"places": 0.0, "imported": 0.0, "reserved": 0.0, "overfill": 0.0, "status": ""}
                row = option | nothing | {"line": name, "type": kind, "from_year": self.window[name][0]}
                self.line[name], self.rows[name] = row, [row]
        super()._demand()

    def _window(self, name: str, option: Any) -> list[int]:
        (first, last), setting = self.model.years, self.settings[option["setting"]]
        begins = [first, option["earliest"]]
        begins += [setting["opens"]] if option["setting"] in self.with_lines else []
        begins += [min(row["from_year"] for row in self.rows[option["line"]])] if option["line"] else []
        ends = [last + 1, option["latest"] + 1, setting["closes"]]
        begin, end = (round(of(x for x in those if x == x)) for of, those in ((max, begins), (min, ends)))
        return [year for year in range(begin, end) if self.decided.get(name, year) == year]

    def is_open(self, line: str, year: int) -> bool:
        if line not in self.options:
            return super().is_open(line, year) and year < self.closed.get(line, 9999)
        setting = self.settings[self.options[line]["setting"]]
        begun = not setting["opens"] > year or self.options[line]["setting"] not in self.with_lines
        opens = self.chosen.get(line, 9999) if self.up else self.window[line][0]
        return begun and not setting["closes"] <= year and year >= opens

    def open_up(self) -> None:
        self.limited = {line: super(Opened, self).gives_way(line) for line in self.line}
        for name, year in self.chosen.items():
            line = self.options[name]["closes_line"]
            if line:
                now = any(self.takes(c, at, 0) for c, at in self.pairs if at == line)
                self.closed[line] = year if now or not brings_to(self.options[name]) else self.years[1]
        self.up = True
        for t in range(1, len(self.years)):
            self.hat[t] = {pair: n for pair, n in self.hat[t].items() if self.is_open(pair[1], self.years[t])}
            stock = defaultdict(float, self.left(self.held[t - 1], t))
            for pair, n in self.hat[t].items():
                stock[pair] += 0.0 if self.gives_way(pair[1]) else n
            self.held[t] = dict(stock)

    def gives_way(self, line: str) -> bool:
        return self.limited[line] if self.up else super().gives_way(line)

    def opened(self, year: int) -> list[tuple[Any, float]]:
        """What has opened by a year and is still open, and the share of its places that is there."""
        opened_by = []
        for name, opens in self.chosen.items():
            option, ramp = self.options[name], tuple(self.options[name]["ramp"]) or (1.0,)
            shut = brings_to(option) and self.settings[option["setting"]]["closes"] <= year
            if year >= opens and not shut:
                opened_by.append((option, ramp[min(year - opens, len(ramp) - 1)]))
        return opened_by

    def kind(self, option: Any) -> str:
        at = self.line[option["line"]] if option["line"] else self.settings[option["setting"]]
        return str(at["type"])

    def capital(self, name: str) -> float:
        option, finance = self.options[name], self.model.finance
        ours = option["capital_by"].strip().casefold() != "central"
        return float(option["capital"] * (1 + finance.capital_contingency) * ours)

    def fixed(self, year: int) -> float:
        total = 0.0
        for option, share in self.opened(year):
            total += option["per_year"] * self.grown(self.kind(option), year)
            total += self.capital(option["option"]) * self.model.finance.capital_charge
            if line := brings_to(option):
                total += self.funding(line, year)[1] * option["places"] * share
        return float(total)

    def brought(self, line: str, year: int) -> float:
        reserve = self.model.rules.reserve if self.line[line]["type"] in STATE_FUNDED else 0.0
        filled = {name.lower(): share for name, share in self.model.continuity.enrolment.items()}.get(line.lower(), 1.0)
        mine = sum(option["places"] * share for option, share in self.opened(year) if brings_to(option) == line)
        return float(mine * filled * (1 - reserve))

    def rooms(self, inside: set[str], year: int) -> float:
        return sum(
            share * (option["places"] if math.isnan(option["physical"]) else option["physical"])
            for option, share in self.opened(year)
            if brings_to(option) in inside
        )

    def floors(self, line: str, year: int) -> list[tuple[float, bool]]:
        return [
            (option["smallest_fill"] * option["places"] * share, option["option"] in self.decided)
            for option, share in self.opened(year)
            if brings_to(option) == line and is_line(option) and option["smallest_fill"] > 0
        ]

    def allowed(self, chosen: dict[str, int]) -> bool:
        """Whether openings keep what they must keep to among themselves."""
        some, model = [self.options[name] for name in chosen], self.model
        groups = [option["group"] for option in some if option["group"]]
        closed = [option["closes_line"] for option in some if option["closes_line"]]
        apart = len(set(groups)) == len(groups) and len(set(closed)) == len(closed)
        apart &= not any(option["line"] in closed for option in some if option["line"])
        most, budget = model.rules.open_at_most, model.finance.capital_budget
        few = most is None or len(some) <= most
        return apart and few and (budget is None or sum(map(self.capital, chosen)) <= budget + 1e-6)


def best_openings(case: Case) -> dict[tuple[tuple[str, int], ...], float]:
    """The least objective of every allowed choice of openings (option, year) with which a plan keeps the hard rules."""
    flows, found = Opened(case), {}
    names = [name for name, window in flows.window.items() if window]
    ways = [[*([] if name in flows.decided else [None]), *flows.window[name]] for name in names]
    for years in itertools.product(*ways):
        chosen = {name: year for name, year in zip(names, years, strict=True) if year is not None}
        if flows.allowed(chosen):
            one = copy.copy(flows)
            one.chosen, one.closed, one.hat, one.held = chosen, {}, list(flows.hat), list(flows.held)
            value = least(one)
            found |= {} if math.isnan(value) else {tuple(chosen.items()): value}
    return found


class CommittedOnly(NothingMore, Opened):
    """Doing nothing more where options are committed: they open, others do not."""

    def _follow(self) -> None:
        super()._follow()
        self.chosen = {name: year for name, year in self.decided.items() if self.window[name]}
        self.open_up()

    def places(self, line: str, year: int) -> float:
        there = super().places(line, year)
        return there + self.brought(line, year) if self.up and self.is_open(line, year) else there

    def _buildings(self, year: int) -> list[tuple[set[str], float]]:
        return [(inside, limit + self.rooms(inside, year)) for inside, limit in super()._buildings(year)]
