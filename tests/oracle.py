"""The plan a second time, from the mathematics page alone: explicit stocks, plain loops, scipy's own solver.

Nothing of `sufficiency.plan` or `sufficiency.rates` is used: only the model, the tables and the journeys. Slow and long
winded on purpose: each line can be held against design page, sections 2 to 5.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from sufficiency.case import Case
from sufficiency.codes import STATE_FUNDED

Key = tuple[Any, ...]


def latest(value: Any, year: int, otherwise: float) -> float:
    if not isinstance(value, dict):
        return float(value)
    past = [first for first in value if first <= year]
    return float(value[max(past)]) if past else otherwise


class Reading:
    """The tables as dictionaries."""

    def __init__(self, case: Case, one_more: tuple[str, int] | None = None) -> None:
        self.case, self.model, tables = case, case.model, case.tables
        self.one_more = one_more
        self.base = self.model.base_year
        self.years = list(range(self.base, self.model.years[1] + 1))
        self.phases = [phase.code for phase in self.model.phase_list]
        self.phase = {phase.code: phase for phase in self.model.phase_list}
        self.settings = {row["setting"]: row for row in tables.settings.drop(columns="geometry").to_dict("records")}
        rows = sorted(tables.places.to_dict("records"), key=lambda row: row["from_year"])
        self.rows: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            self.rows[row["line"]].append(row)
        self.line = {name: given[0] for name, given in self.rows.items()}
        self.costs = tables.costs.to_dict("records")
        self.locality = dict(zip(tables.areas["area"], tables.areas["locality"], strict=True))
        areas = {name: index for index, name in enumerate(case.journeys.areas)}
        codes = {name: index for index, name in enumerate(case.journeys.settings)}
        self.minutes = lambda area, setting: float(case.journeys.minutes[areas[area], codes[setting]])
        self.km = lambda area, setting: float(case.journeys.km[areas[area], codes[setting]])
        self._demand()

    def holds(self, line: str, year: int) -> Any:
        past = [row for row in self.rows[line] if row["from_year"] <= year]
        return past[-1] if past else None

    def is_open(self, line: str, year: int) -> bool:
        setting = self.settings[self.line[line]["setting"]]
        return not (setting["opens"] > year) and not (setting["closes"] <= year)

    def places(self, line: str, year: int) -> float:
        """P, or inf where there is no limit."""
        row = self.holds(line, year)
        if row is None or not self.is_open(line, year):
            return 0.0
        if math.isnan(row["places"]):
            return math.inf
        reserve = self.model.rules.reserve if self.line[line]["type"] in STATE_FUNDED else 0.0
        more = self.one_more is not None and line == self.one_more[0] and year >= self.one_more[1]
        enrolment = {name.lower(): share for name, share in self.model.continuity.enrolment.items()}
        filled = enrolment.get(line.lower(), 1.0)
        return max(0.0, row["places"] * filled * (1 - reserve) - row["imported"] - row["reserved"]) + more

    def _demand(self) -> None:  # noqa: C901 - who is forecast, and where they are
        number: dict[Key, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        down = self.model.continuity.step_down
        for row in self.case.tables.demand.to_dict("records"):
            key = (row["area"], row["need"], row["level"], row["phase"])
            if row["year"] not in self.years:
                continue
            parts = [(False, 1 - down), (True, down)] if row["level"] == "special" and down > 0 else [(False, 1.0)]
            taught = self.ordinary(row["need"], row["phase"])
            for eased, part in parts:
                number[(*key, eased, False)][row["year"]] += row["children"] * part * (1 - taught)
                if taught > 0:
                    number[(*key, eased, True)][row["year"]] += row["children"] * part * taught
        self.placed: dict[Key, float] = defaultdict(float)
        known: dict[Key, float] = defaultdict(float)
        placements = self.case.tables.placements
        rows = [] if placements is None else placements.to_dict("records")

        def fitting(row: Any) -> list[Key]:
            wanted = (row["area"], row["need"], row["phase"])
            return [c for c in number if (c[0], c[1], c[3]) == wanted and row["level"] in ("", c[2])]

        for row in [row for row in rows if not fitting(row)]:
            for taught in (False, True)[: 1 + (self.ordinary(row["need"], row["phase"]) > 0)]:
                number[row["area"], row["need"], row["level"], row["phase"], False, taught] = defaultdict(float)
        in_class = [row for row in rows if self.line.get(row["line"], {"type": ""})["type"] == "mainstream"]
        taken: dict[Key, float] = defaultdict(float)
        for row in [*in_class, *(row for row in rows if row not in in_class)]:
            fits = fitting(row)
            waits = row["line"] == "awaiting"
            there = {c: number[c][self.base] - (0.0 if waits or row in in_class else taken[c]) for c in fits}
            weight = [max(there[c], 0.0) * (waits or self.match(c, row["line"]) > 0) for c in fits]
            if sum(weight) <= 0:
                weight = [
                    float(not c[4] and not c[5]) if waits else float(self.match(c, row["line"]) > 0) for c in fits
                ]
            if sum(weight) <= 0:
                weight = [max(there[c], 0.0) for c in fits]
            if sum(weight) <= 0:
                weight = [1.0] * len(fits)
            for cell, share in zip(fits, weight, strict=True):
                into = known if waits else self.placed
                into[cell if waits else (cell, row["line"])] += row["children"] * share / sum(weight)
                taken[cell] += row["children"] * share / sum(weight) * (row in in_class)
        self.number = {cell: [by_year[year] for year in self.years] for cell, by_year in number.items()}
        self.waiting = {}
        for cell, stock in self.number.items():
            there = sum(children for (c, _), children in self.placed.items() if c == cell)
            stock[0] = max(stock[0], there + known[cell])
            self.waiting[cell] = stock[0] - there

    def ordinary(self, need: str, phase: str) -> float:
        """The share of these children who could be taught in an ordinary class."""
        given = self.model.continuity.mainstream_eligible
        share = given.get(need, given.get("default", 0.0))
        return share.get(phase, share.get(self.phase[phase].school_phase, 0.0)) if isinstance(share, dict) else share

    def match(self, cell: Key, line: str) -> float:
        _, need, level, phase, eased, taught = cell
        row = self.line[line]
        if phase not in row["phases"] or (row["type"] == "mainstream" and not taught):
            return 0.0
        if row["levels"] and level and level not in row["levels"] and not (eased and "base" in row["levels"]):
            return 0.0
        return 1.0 if need in row["needs"] else float(row["match"]) if need in row["can_meet"] else 0.0

    def rate(self, name: str, cell: Key | None, line: str, year: int) -> Any:
        row = self.line[line]
        want = {"line": line, "setting": row["setting"], "type": row["type"], "level": "", "need": "", "phase": ""}
        if cell is not None:
            want |= {"need": cell[1], "level": cell[2], "phase": cell[3]}
        best, found = (), None
        for cost in self.costs:
            blank = cell is None and (cost["level"] or cost["need"] or cost["phase"])
            if math.isnan(cost[name]) or cost["from_year"] > year or blank:
                continue
            if all(cost[column] in ("", want[column]) for column in want):
                rank = (*(cost[column] != "" for column in want), cost["from_year"])
                if rank > best:
                    best, found = rank, cost
        return found

    def grown(self, kind: str, year: int) -> float:
        rates = self.model.finance.inflation
        return float((1 + rates.get(kind, rates["default"])) ** (year - self.base))

    def travel_cost(self, cell: Key, line: str) -> float:
        travel, row = self.model.travel, self.line[line]
        own = self.settings[row["setting"]]["transport_per_child"]
        if not math.isnan(own):
            return float(own)
        per_km = travel.pounds_per_km * travel.days * travel.trips_per_day / travel.children_per_vehicle
        km = self.km(cell[0], row["setting"])
        return float(travel.transported(row["type"]) * (travel.fixed_per_child + km * per_km))

    def funding(self, line: str, year: int) -> tuple[float, float]:
        """£ of the year for a place filled and a place empty."""
        if not self.settings[self.line[line]["setting"]]["in_area"]:
            return 0.0, 0.0
        row = self.rate("per_place", None, line, year)
        if row is None:
            return 0.0, 0.0
        grown = self.grown(self.line[line]["type"], year)
        empty = row["per_place"] if math.isnan(row["per_empty_place"]) else row["per_empty_place"]
        return row["per_place"] * grown, empty * grown


class Flows(Reading):
    """Stayers, entrants, who moves on, and who follows today's pattern."""

    def __init__(self, case: Case, one_more: tuple[str, int] | None = None) -> None:
        super().__init__(case, one_more)
        self.cells, last = list(self.number), len(self.years)
        self.stay: dict[Key, list[float]] = {}
        self.entrants: dict[Key, list[float]] = {}
        for c in self.cells:
            n, sigma = self.number[c], self.model.stay_share(self.phase[c[3]])
            self.stay[c] = [0.0] + [min(sigma, n[t] / n[t - 1]) if n[t - 1] > 0 else 0.0 for t in range(1, last)]
            self.entrants[c] = [0.0] + [max(n[t] - self.stay[c][t] * n[t - 1], 0.0) for t in range(1, last)]
        self.carry: dict[Key, list[float]] = {}
        for c in self.cells:
            n, phase, after = self.number[c], self.phase[c[3]], self.following(c)
            moving = self.model.through_share(phase) * (1 - self.model.stay_share(phase))
            self.carry[c] = [
                min(moving, self.entrants[after][t] / n[t - 1]) if t and after and n[t - 1] > 0 else 0.0
                for t in range(last)
            ]
        self.pairs = [
            (c, line)
            for c in self.cells
            for line in self.line
            if self.placed.get((c, line), 0) > 0
            or (self.match(c, line) > 0 and not math.isnan(self.minutes(c[0], self.line[line]["setting"])))
        ]
        self.has = set(self.pairs)
        self.pattern_only = {line for line, row in self.line.items() if row["type"] in self.model.continuity.by_pattern}
        self._follow()

    def following(self, cell: Key) -> Key | None:
        end = self.phase[cell[3]].last
        code = next((p.code for p in self.model.phase_list if p.first == end + 1), None)
        after = (*cell[:3], code, *cell[4:])
        return after if after in self.number else None

    def carries(self, cell: Key, line: str) -> Key | None:
        """The cell that children of `cell` move on to in the same line."""
        after = self.following(cell)
        known = after is not None and (after, line) in self.has
        return after if known and self.match(cell, line) > 0 and self.match(after, line) > 0 else None

    def over_limit(self, cell: Key, line: str) -> bool:
        limit = self.model.limit_minutes(self.phase[cell[3]])
        return limit is not None and self.minutes(cell[0], self.line[line]["setting"]) > limit

    def takes(self, cell: Key, line: str, t: int) -> bool:
        year = self.years[t]
        far = self.model.rules.hard_journey_limit and self.over_limit(cell, line)
        there = self.is_open(line, year) and self.holds(line, year) is not None
        return self.match(cell, line) > 0 and there and not far

    def left(self, stock: dict[Key, float], t: int) -> dict[Key, float]:
        """What the stock of year t − 1 leaves in year t."""
        after: dict[Key, float] = defaultdict(float)
        for (c, line), children in stock.items():
            if self.is_open(line, self.years[t]):
                after[c, line] += self.stay[c][t] * children
                if onward := self.carries(c, line):
                    after[onward, line] += self.carry[c][t] * children
        return after

    def pattern(self, cell: Key, t: int) -> dict[str, float]:
        """p: shares by line."""
        lines = [line for c, line in self.pairs if c == cell and self.takes(cell, line, t)]
        same = (
            lambda c: c[0] == cell[0],
            lambda c: self.locality.get(c[0], "unknown") == self.locality.get(cell[0], "unknown"),
            lambda c: True,
        )
        for like, least in zip(same, (5 - 1e-6, 5 - 1e-6, 0), strict=True):
            alike = {pair: n for pair, n in self.placed.items() if (pair[0][1], pair[0][3]) == (cell[1], cell[3])}
            by_line = {line: sum(n for (c, at), n in alike.items() if at == line and like(c)) for line in lines}
            total = sum(by_line.values())
            if total > 0 and total >= least:
                return {line: n / total for line, n in by_line.items()}
        return {}

    def _follow(self) -> None:
        rules, last = self.model.continuity, len(self.years)
        self.hat: list[dict[Key, float]] = [{}]
        self.known: list[dict[Key, float]] = [dict(self.placed)]
        for t in range(1, last):
            year, asked = self.years[t], {}
            for c in self.cells:
                along = sum(self.carry[b][t] * self.number[b][t - 1] for b in self.cells if self.following(b) == c)
                free = max(self.entrants[c][t] - along, 0.0)
                share = {}
                for line, part in self.pattern(c, t).items():
                    kind = self.line[line]["type"]
                    factor = (
                        latest(rules.pattern_factors.get(kind, 1.0), year, 1.0)
                        if line in self.pattern_only
                        else self.phi(line, year)
                    )
                    share[line] = part * factor
                whole = max(1.0, sum(share.values()))
                asked |= {(c, line): free * part / whole for line, part in share.items()}
            before = self.left(self.known[-1], t)
            entering = {}
            for line in self.line:
                there = sum(n for (_, at), n in before.items() if at == line)
                wanted = sum(n for (_, at), n in asked.items() if at == line)
                room = max(0.0, self.places(line, year) - there)
                fits = min(1.0, room / wanted) if wanted > 0 else 1.0
                entering |= {pair: n * fits for pair, n in asked.items() if pair[1] == line}
            self.hat.append(entering)
            stock = defaultdict(float, before)
            for pair, n in entering.items():
                stock[pair] += n
            self.known.append(dict(stock))
        self.held: list[dict[Key, float]] = [dict(self.placed)]
        for t in range(1, last):
            stock = defaultdict(float, self.left(self.held[-1], t))
            for pair, n in self.hat[t].items():
                stock[pair] += 0.0 if self.gives_way(pair[1]) else n
            self.held.append(dict(stock))

    def phi(self, line: str, year: int) -> float:
        """The share of those whose pattern is the line who insist on it."""
        share, kind = self.model.continuity.preference_share, self.line[line]["type"]
        if kind == "independent" and self.settings[self.line[line]["setting"]]["section_41"]:
            kind = "non_maintained"
        if isinstance(share, dict) and any(isinstance(key, str) for key in share):
            share = share[kind] if kind in share else share.get("default", 0.5)
        return latest(share, year, 0.5)

    def gives_way(self, line: str) -> bool:
        """Whether a preference for the line gives way: row 2 or row 3 limits it, and it is not one by pattern."""
        if line in self.pattern_only:
            return False
        setting = self.settings[self.line[line]["setting"]]
        school = self.settings.get(setting["school"], {"physical_places": math.nan})
        if not (math.isnan(setting["physical_places"]) and math.isnan(school["physical_places"])):
            return True
        return any(self.is_open(line, year) and not math.isinf(self.places(line, year)) for year in self.years[1:])

    def used(self, t: int, lines: set[str]) -> float:
        """b: what is left of those placed and of preferences that stay."""
        return sum(n for (_, line), n in self.held[t].items() if line in lines)

    # what opens: nothing, but see `tests/oracle_options.py`

    def open_up(self) -> None:
        """From here on what opens is open."""

    def fixed(self, year: int) -> float:
        """£ of the year that openings cost, their places all empty."""
        return 0.0

    def brought(self, line: str, year: int) -> float:
        """Places that openings bring to a line."""
        return 0.0

    def rooms(self, inside: set[str], year: int) -> float:
        """Rooms that they build for some lines."""
        return 0.0

    def floors(self, line: str, year: int) -> list[tuple[float, bool]]:
        """Children they ask for in a line, and whether they open without them."""
        return []


class Written:
    """Rows and columns of a linear program, one after the other."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.bounds: list[tuple[float, float | None]] = []
        self.equal: list[tuple[dict[int, float], float]] = []
        self.most: list[tuple[dict[int, float], float]] = []

    def column(self, cost: float, low: float = 0.0, high: float | None = None) -> int:
        self.cost.append(cost)
        self.bounds.append((low, high))
        return len(self.cost) - 1

    def solve(self) -> float:
        def matrix(rows: list[tuple[dict[int, float], float]]) -> Any:
            entries = [(r, c, v) for r, (row, _) in enumerate(rows) for c, v in row.items()]
            if not entries:
                return None
            r, c, v = zip(*entries, strict=True)
            return coo_matrix((v, (r, c)), shape=(len(rows), len(self.cost))).tocsr()

        found = linprog(
            self.cost,
            A_eq=matrix(self.equal),
            b_eq=[to for _, to in self.equal] if self.equal else None,
            A_ub=matrix(self.most),
            b_ub=[to for _, to in self.most] if matrix(self.most) is not None else None,
            bounds=self.bounds,
            method="highs",
        )
        assert found.status in (0, 2), found.message
        return float(found.fun) if found.status == 0 else math.nan


def optimum(case: Case, one_more: tuple[str, int] | None = None) -> float:
    """The least objective of a case, £ discounted; NaN where no plan keeps its hard rules.

    `one_more`: with one place more in this line from this year on, its funding left out.
    """
    return least(Flows(case, one_more))


def least(flows: Flows) -> float:  # noqa: C901 - one page of the design, top to bottom
    """The same of flows, with what opens in them."""
    lp, case = Written(), flows.case
    model, years = case.model, flows.years
    finance, weights, travel = model.finance, model.weights, model.travel
    horizon = len(years) - 1
    delta = [0.0] + [(1 + finance.discount) ** -(t - 1) for t in range(1, horizon + 1)]
    delta[-1] = sum((1 + finance.discount) ** -(horizon - 1 + j) for j in range(finance.tail_years + 1))
    highest = max([finance.inflation.get("default", 0.03), *finance.inflation.values()])

    def saved(line: str, year: int) -> float:
        """What a child saves by filling a place that would be funded empty."""
        row = flows.holds(line, year)
        if row is None or math.isnan(row["places"]) or not flows.is_open(line, year):
            return 0.0
        filled, empty = flows.funding(line, year)
        return filled - empty

    def k(cell: Key, line: str, t: int) -> float:
        year, kind = years[t], flows.line[line]["type"]
        fee = flows.rate("per_child", cell, line, year)["per_child"] * flows.grown(kind, year)
        return fee + saved(line, year) + flows.travel_cost(cell, line) * flows.grown("transport", year)

    def policy(cell: Key, line: str) -> float:
        hours = flows.minutes(cell[0], flows.line[line]["setting"]) / 60 * travel.days * travel.trips_per_day
        far = weights.over_limit if flows.over_limit(cell, line) else 0.0
        return (1 - flows.match(cell, line)) * weights.off_designation + hours * weights.hour_travelled + far

    def stay_cost(cell: Key, line: str, t: int) -> float:
        """G: the discounted £ of one child from year t on, while they and those who move on stay in the line."""
        if t > horizon or (t > 1 and not flows.is_open(line, years[t])):
            return 0.0
        after = flows.stay[cell][t + 1] * stay_cost(cell, line, t + 1) if t < horizon else 0.0
        onward = flows.carries(cell, line)
        if onward is not None and t < horizon:
            after += flows.carry[cell][t + 1] * stay_cost(onward, line, t + 1)
        year_cost = k(cell, line, t) + policy(cell, line) * flows.grown("default", years[t])
        return delta[t] * year_cost + after

    awaiting = weights.awaiting_place
    if awaiting is None:
        stays = [
            stay_cost(c, line, t) / (delta[t] * (1 + highest) ** (years[t] - flows.base))
            for c, line in flows.pairs
            for t in range(1, horizon + 1)
            if flows.takes(c, line, t)
        ]
        awaiting = 1.1 * (max(stays) - min(0.0, *stays)) if stays else 0.0
    breach = weights.rule_breach if weights.rule_breach is not None else 2 * awaiting
    clean = model.continuity.clean_slate
    flows.open_up()
    constant = sum(delta[t] * flows.fixed(years[t]) for t in range(1, horizon + 1))
    stock: list[dict[Key, int]] = [{}]
    enter: list[dict[Key, int]] = [{}]
    wait: list[dict[Key, int]] = [{}]
    for t in range(1, horizon + 1):
        year, d = years[t], delta[t]
        default = flows.grown("default", year)
        stock.append({})
        enter.append({})
        for c, line in flows.pairs:
            pair, fixed = (c, line), flows.hat[t].get((c, line), 0.0)
            opened = flows.takes(c, line, t)
            if clean:
                fixed = flows.known[t].get(pair, 0.0) if line in flows.pattern_only else 0.0
                opened = opened or flows.known[t].get(pair, 0.0) > 0
            free = opened and line not in flows.pattern_only
            if not clean and flows.gives_way(line):
                enter[t][pair] = lp.column(0.0, 0.0, None if free else fixed)
                if fixed > 0:
                    away = lp.column(d * weights.preference_missed * default, 0.0, fixed)
                    lp.most.append(({enter[t][pair]: -1.0, away: -1.0}, -fixed))
            else:
                enter[t][pair] = lp.column(0.0, fixed, None if free else fixed)
            stock[t][pair] = lp.column(d * (k(c, line, t) + policy(c, line) * default))
        price = finance.awaiting_cost * default + awaiting * (1 + highest) ** (year - flows.base)
        wait.append({c: lp.column(d * price) for c in flows.cells})
    for t in range(1, horizon + 1):
        year = years[t]
        for pair in flows.pairs:
            row = defaultdict(float, {stock[t][pair]: 1.0, enter[t][pair]: -1.0})
            to = 0.0
            if not clean and flows.is_open(pair[1], year):
                before = [(pair, flows.stay[pair[0]][t])]
                before += [
                    ((b, pair[1]), flows.carry[b][t])
                    for b in flows.cells
                    if (b, pair[1]) in stock[t] and flows.carries(b, pair[1]) == pair[0]
                ]
                for earlier, share in before:
                    if t > 1:
                        row[stock[t - 1][earlier]] -= share
                    else:
                        to += share * flows.placed.get(earlier, 0.0)
            lp.equal.append((row, to))
        for c in flows.cells:
            # everyone forecast is in a line or waits: what the flows of section 5, row 1, add up to
            row = {stock[t][pair]: 1.0 for pair in flows.pairs if pair[0] == c}
            lp.equal.append((row | {wait[t][c]: 1.0}, flows.number[c][t]))
        default = flows.grown("default", year)
        for line in flows.line:
            places = flows.places(line, year)
            held = flows.holds(line, year)
            if flows.is_open(line, year) and held is not None and not math.isnan(held["places"]):
                filled, empty = flows.funding(line, year)
                taken = min(held["imported"] + held["reserved"], held["places"])
                constant += delta[t] * (filled * taken + empty * (held["places"] - taken))
            if math.isinf(places):
                continue
            omega = held["overfill"] if held is not None else 0.0
            above = max(omega * places, flows.used(t, {line}) - places, 0.0)
            filled, empty = flows.funding(line, year) if flows.is_open(line, year) and held is not None else (0.0, 0.0)
            none_emptied = max(empty - filled, -weights.over_places * default)
            over = lp.column(delta[t] * (weights.over_places * default + none_emptied), 0.0, above)
            row = {stock[t][pair]: 1.0 for pair in flows.pairs if pair[1] == line}
            lp.most.append((row | {over: -1.0}, places + flows.brought(line, year)))
            for children, committed in flows.floors(line, year):
                missed = lp.column(
                    delta[t] * breach * (1 + highest) ** (year - flows.base), 0.0, None if committed else 0.0
                )
                lp.most.append((dict.fromkeys(row, -1.0) | {missed: -1.0}, -children))
        for code, setting in flows.settings.items():
            if math.isnan(setting["physical_places"]):
                continue
            inside = {
                line
                for line, row in flows.line.items()
                if row["setting"] == code or flows.settings[row["setting"]]["school"] == code
            }
            imported = sum(
                held["imported"]
                for line in inside
                if (held := flows.holds(line, year)) is not None and flows.is_open(line, year)
            )
            room = max(setting["physical_places"] - imported, flows.used(t, inside)) + flows.rooms(inside, year)
            lp.most.append(({stock[t][pair]: 1.0 for pair in flows.pairs if pair[1] in inside}, room))
        for rule in model.rules.share:
            if not (rule.from_year or year) <= year <= (rule.to_year or year):
                continue
            scope = [
                c
                for c in flows.cells
                if (not rule.needs or c[1] in rule.needs)
                and (not rule.phases or c[3] in rule.phases)
                and (not rule.localities or flows.locality.get(c[0]) in rule.localities)
            ]
            counted = [stock[t][p] for p in flows.pairs if p[0] in scope and flows.line[p[1]]["type"] in rule.types]
            forecast = sum(flows.number[c][t] for c in scope)
            per_child = breach * (1 + highest) ** (year - flows.base)
            missed = lp.column(delta[t] * per_child, 0.0, 0.0 if rule.hard else None)
            most = rule.at_most * forecast if rule.at_most is not None else rule.at_most_children
            least = rule.at_least * forecast if rule.at_least is not None else rule.at_least_children
            if most is not None:
                lp.most.append((dict.fromkeys(counted, 1.0) | {missed: -1.0}, most))
            else:
                lp.most.append((dict.fromkeys(counted, -1.0) | {missed: -1.0}, -least))
    return lp.solve() + constant
