"""Rows that join cells: places of a line, room of a building, policy rules.

Every one has the form  Σ weight · stock[t] − slack ≤ limit,  0 ≤ slack ≤ slack_most, at `slack_cost` for each unit
of slack: so the program, the price bound and the place values treat them alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, Objects
from sufficiency.case import Case
from sufficiency.model import ShareRule
from sufficiency.phases import phases_named
from sufficiency.plan.bases import special_lines_added_to
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments


@dataclass(frozen=True)
class Coupling:
    """H rows. `weights` [H, P] on the stock of the row's year; `limit` in children; `slack_cost` in discounted £."""

    family: Objects  # places, physical, fill, bases, closing, rule
    year: Ints  # position in the years, 1…T
    item: Ints  # line (places, bases, closing), limited setting, floor or rule
    weights: sparse.csr_matrix
    limit: Floats
    slack_cost: Floats
    slack_most: Floats
    may_slack: Flags  # it has slack, or would have with one place more

    def in_year(self, t: int) -> Ints:
        """Positions of the rows of year t."""
        return np.flatnonzero(self.year == t)

    def used(self, stock: Floats) -> Floats:
        """[H] what a stock [T+1, P] uses of each row."""
        total = np.zeros(len(self.limit))
        for t in np.unique(self.year):
            here = self.in_year(t)
            total[here] = self.weights[here] @ stock[t]
        return total


def coupling_rows(case: Case, data: PlanData, settled: Commitments) -> Coupling:
    """All coupling rows of a case, year by year: places, physical limits, smallest fills, bases first, share rules."""
    parts: list[Coupling] = []
    by_line = _incidence(data.pair_line, np.ones(len(data.pair_line)), len(data.lines))
    by_setting = sparse.csr_matrix(data.limited_lines.astype(float)) @ by_line
    rules = [_rule(case, data, rule) for rule in case.model.rules.share]
    for t in range(1, data.horizon + 1):
        delta = data.discount[t]
        lines = np.flatnonzero(np.isfinite(data.places[t]) & data.line_open[t])
        parts.append(
            _rows(
                "places",
                t,
                lines,
                by_line[lines],
                data.places[t, lines],
                np.full(len(lines), delta * data.over_weight[t]),
                settled.allowance[t, lines],
                data.overfill[t, lines] > 0,
            )
        )
        buildings = np.arange(len(data.limited))
        none = np.zeros(len(buildings))
        parts.append(_rows("physical", t, buildings, by_setting, settled.physical[t], none, none))
        parts += [_floors(data, t, by_line), _bases_first(case, data, settled, t, by_line)]
        for index, (rule, weights) in enumerate(zip(case.model.rules.share, rules, strict=True)):
            year = int(data.years[t])
            if (rule.from_year or year) <= year <= (rule.to_year or year):
                most = 0.0 if rule.hard else np.inf
                limit = rule_limit(data, rule, in_scope(case, data, rule), t)
                sign = -1.0 if is_floor(rule) else 1.0
                parts.append(
                    _rows(
                        "rule",
                        t,
                        np.array([index]),
                        weights * sign,
                        np.array([sign * limit]),
                        np.array([delta * data.breach_weight[t]]),
                        np.array([most]),
                    )
                )
    return stacked(parts, len(data.pair_cell))


def _floors(data: PlanData, t: int, by_line: sparse.csr_matrix) -> Coupling:
    """Options that must be filled to some least number: −stock ≤ −floor; 0 while the option may not be open."""
    floors = np.flatnonzero(data.line_open[t, data.floor_line])
    line, least = data.floor_line[floors], np.maximum(data.floor[t, floors], 0.0)
    none = np.zeros(len(floors))
    return _rows("fill", t, floors, -by_line[line], -least, none, none)


def _bases_first(case: Case, data: PlanData, settled: Commitments, t: int, by_line: sparse.csr_matrix) -> Coupling:
    """Children whom a base could take may have no more of a special or AP line than it has without its options."""
    lines = special_lines_added_to(case, data.lines) if case.model.rules.bases_first else np.empty(0, dtype=np.int64)
    lines = lines[np.isfinite(data.places[t, lines]) & data.line_open[t, lines]]
    could = sparse.diags(data.base_in_reach[t, data.pair_cell].astype(float))
    none = np.zeros(len(lines))
    most = data.places[t, lines] + settled.allowance[t, lines]
    return _rows("bases", t, lines, sparse.csr_matrix(by_line[lines] @ could), most, none, none)


def is_floor(rule: ShareRule) -> bool:
    """Whether a rule asks for at least so many."""
    return rule.at_least is not None or rule.at_least_children is not None


def in_scope(case: Case, data: PlanData, rule: ShareRule) -> Flags:
    """[C] cells a rule speaks of."""
    scope = np.ones(len(data.cells), dtype=bool)
    if rule.needs:
        scope &= data.cells["need"].isin(rule.needs).to_numpy()
    if rule.phases:
        named = [code for phase in rule.phases for code in phases_named(phase, case.model.phase_list) or ()]
        scope &= data.cells["phase"].isin(named).to_numpy()
    if rule.localities:
        wanted = {name.casefold() for name in rule.localities}
        scope &= data.cells["locality"].str.casefold().isin(wanted).to_numpy()
    return scope


def rule_limit(data: PlanData, rule: ShareRule, scope: Flags, t: int) -> float:
    """Children a rule allows (or asks for) in year t: a share of the children forecast in its scope, or a number."""
    share = rule.at_most if rule.at_most is not None else rule.at_least
    if share is not None:
        return float(share * data.demand[t, scope].sum())
    number = rule.at_most_children if rule.at_most_children is not None else rule.at_least_children
    return float(number or 0.0)


def _rule(case: Case, data: PlanData, rule: ShareRule) -> sparse.csr_matrix:
    """[1, P] pairs a rule counts: its scope's children in lines of its types."""
    counted = in_scope(case, data, rule)[data.pair_cell]
    counted &= data.lines["type"].isin(rule.types).to_numpy()[data.pair_line]
    return sparse.csr_matrix(counted.astype(float)[None, :])


def _incidence(row: Ints, value: Floats, rows: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((value, (row, np.arange(len(row)))), shape=(rows, len(row)))


def _rows(
    family: str,
    t: int,
    item: Ints,
    weights: sparse.csr_matrix,
    limit: Floats,
    slack_cost: Floats,
    slack_most: Floats,
    may_slack: Flags | bool = False,
) -> Coupling:
    count = len(item)
    may = (slack_most > 0) | may_slack
    named, year = np.full(count, family, dtype=object), np.full(count, t)
    return Coupling(named, year, item, weights, limit, slack_cost, slack_most, may)


def stacked(parts: list[Coupling], pairs: int) -> Coupling:
    """Rows one after the other."""
    return Coupling(
        family=np.concatenate([part.family for part in parts]),
        year=np.concatenate([part.year for part in parts]),
        item=np.concatenate([part.item for part in parts]),
        weights=sparse.csr_matrix(
            sparse.vstack([part.weights for part in parts]) if parts else sparse.csr_matrix((0, pairs))
        ),
        limit=np.concatenate([part.limit for part in parts]),
        slack_cost=np.concatenate([part.slack_cost for part in parts]),
        slack_most=np.concatenate([part.slack_most for part in parts]),
        may_slack=np.concatenate([part.may_slack for part in parts]),
    )


def row_labels(case: Case, data: PlanData, rows: Coupling) -> pd.Series:
    """A readable label of each row: family, year and what it is about."""
    lines = data.lines["line"].to_numpy(dtype=object)
    names = {
        "places": lines,
        "fill": lines[data.floor_line],
        "bases": lines,
        "closing": lines,
        "physical": data.setting_codes[data.limited],
        "rule": np.array([rule.name for rule in case.model.rules.share], dtype=object),
    }
    return pd.Series(
        [
            f"{family}_{data.years[t]}_{names[family][item]}"
            for family, t, item in zip(rows.family, rows.year, rows.item, strict=True)
        ],
        dtype=object,
    )
