"""Rows that join cells: places of a line, room of a building, policy rules.

Every one has the form  Σ weight · stock[t] + Σ before · stock[t−1] + Σ waiting · w[t] − slack ≤ limit,  0 ≤ slack ≤
slack_most, at `slack_cost` for each unit of slack: so the program, the price bound and the place values treat them
alike. Only a financial year looks at the year before, and only fairness at who waits; elsewhere both are empty.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, Objects
from sufficiency.case import Case
from sufficiency.plan.instance.bases_first import special_lines_added_to
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.instance.supply import soft_floors
from sufficiency.plan.rows.families import OF_RULES, Family
from sufficiency.plan.rows.policy import rule_rows, subjects
from sufficiency.rates import budget_lines


@dataclass(frozen=True)
class Coupling:
    """H rows. `weights` [H, P] on the stock of the row's year, `before` [H, P] on that of the year before, `waiting`
    [H, C] on the children who wait in it; `limit` in children (budget rows: £ thousand); `slack_cost` in discounted £
    for each of them.
    """

    family: Objects  # of Family
    year: Ints  # position in the years, 1…T
    item: Ints  # line (places, bases, closing), limited setting, floor, rule (as `rule_rows` lists them), budget line,
    # cell · lines + line (link)
    weights: sparse.csr_matrix
    before: sparse.csr_matrix
    limit: Floats
    slack_cost: Floats
    slack_most: Floats
    may_slack: Flags  # it has slack, or would have with one place more
    waiting: sparse.csr_matrix

    def in_year(self, t: int) -> Ints:
        """Positions of the rows of year t."""
        return np.flatnonzero(self.year == t)

    @property
    def of_rules(self) -> Flags:
        """[H] rows that policy rules make."""
        return np.isin(self.family, list(OF_RULES.values()))

    def used(self, stock: Floats, waiting: Floats | None = None) -> Floats:
        """[H] what a stock [T+1, P], and children who wait [T+1, C], use of each row."""
        total = np.zeros(len(self.limit))
        for t in np.unique(self.year):
            here = self.in_year(t)
            total[here] = self.weights[here] @ stock[t] + self.before[here] @ stock[t - 1]
            if waiting is not None:
                total[here] += self.waiting[here] @ waiting[t]
        return total

    def charged(self, t: int, prices: Floats) -> Floats:
        """[P] what a child in stock in year t pays at `prices` [H], in the rows of that year and of the next."""
        here, later = self.in_year(t), self.in_year(t + 1)
        paid: Floats = self.weights[here].T @ prices[here] + self.before[later].T @ prices[later]
        return paid


def coupling_rows(case: Case, data: InstanceData, settled: Commitments) -> Coupling:
    """All coupling rows of a case, year by year: places, physical limits, smallest fills, bases first, policy rules."""
    parts: list[Coupling] = []
    by_line = _incidence(data.pair_line, np.ones(len(data.pair_line)), len(data.lines))
    by_setting = sparse.csr_matrix(data.limited_lines.astype(float)) @ by_line
    rules, soft = rule_rows(case, data), soft_floors(case, data.lines)
    for t in range(1, data.horizon + 1):
        delta = data.discount[t]
        lines = np.flatnonzero(np.isfinite(data.places[t]) & data.line_open[t])
        parts.append(
            rows_of(
                Family.PLACES,
                t,
                lines,
                by_line[lines],
                data.places[t, lines],
                delta * (data.over_weight[t] + data.over_money[t, lines]),
                settled.allowance[t, lines],
                data.overfill[t, lines] > 0,
            )
        )
        buildings = np.arange(len(data.limited))
        none = np.zeros(len(buildings))
        parts.append(rows_of(Family.PHYSICAL, t, buildings, by_setting, settled.physical[t], none, none))
        parts.append(_floors(data, t, by_line, soft))
        if case.model.rules.bases_first:
            parts.append(_bases_first(case, data, settled, t, by_line))
        for index, row in enumerate(rules):
            if row.subject.rule.holds_in(int(data.years[t])):
                parts.append(
                    rows_of(
                        row.subject.family,
                        t,
                        np.array([index]),
                        sparse.csr_matrix(row.weights[None, :]),
                        row.limit[[t]],
                        np.array([delta * data.breach_weight[t]]),
                        np.array([0.0 if row.subject.rule.hard else np.inf]),
                        waiting=sparse.csr_matrix(row.waiting[None, :]),
                    )
                )
    return stacked(parts, data)


def _floors(data: InstanceData, t: int, by_line: sparse.csr_matrix, soft: Flags) -> Coupling:
    """Options that must be filled to some least number: −stock ≤ −floor; 0 while the option may not be open. Those that
    are `soft` [F] may miss it, at the price of a rule.
    """
    floors = np.flatnonzero(data.line_open[t, data.floor_line])
    line, least = data.floor_line[floors], np.maximum(data.floor[t, floors], 0.0)
    price = np.where(soft[floors], data.discount[t] * data.breach_weight[t], 0.0)
    return rows_of(Family.FILL, t, floors, -by_line[line], -least, price, np.where(soft[floors], np.inf, 0.0))


def _bases_first(case: Case, data: InstanceData, settled: Commitments, t: int, by_line: sparse.csr_matrix) -> Coupling:
    """Children whom a base could take may have no more of a special or AP line than it has without its options."""
    lines = special_lines_added_to(case, data.lines)
    lines = lines[np.isfinite(data.places[t, lines]) & data.line_open[t, lines]]
    could = sparse.diags(data.base_in_reach[t, data.pair_cell].astype(float))
    none = np.zeros(len(lines))
    most = data.places[t, lines] + settled.allowance[t, lines]
    return rows_of(Family.BASES, t, lines, sparse.csr_matrix(by_line[lines] @ could), most, none, none)


def _incidence(row: Ints, value: Floats, rows: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((value, (row, np.arange(len(row)))), shape=(rows, len(row)))


def rows_of(
    family: Family,
    t: int,
    item: Ints,
    weights: sparse.csr_matrix,
    limit: Floats,
    slack_cost: Floats,
    slack_most: Floats,
    may_slack: Flags | bool = False,
    *,
    before: sparse.csr_matrix | None = None,
    waiting: sparse.csr_matrix | None = None,
) -> Coupling:
    """Rows of one family in year t; without `before` they look at that year alone."""
    count = len(item)
    may = (slack_most > 0) | may_slack
    named, year = np.full(count, family, dtype=object), np.full(count, t)
    earlier = sparse.csr_matrix(weights.shape) if before is None else before
    nobody = sparse.csr_matrix((count, 0)) if waiting is None else waiting
    return Coupling(named, year, item, weights, earlier, limit, slack_cost, slack_most, may, nobody)


def rows_at(rows: Coupling, chosen: Flags) -> Coupling:
    """Some of the rows."""
    return Coupling(**{field.name: getattr(rows, field.name)[chosen] for field in fields(rows)})


def no_rows(data: InstanceData) -> Coupling:
    """No coupling row at all."""
    none, nowhere = np.zeros(0), np.zeros(0, dtype=np.int64)
    rows = rows_of(Family.PLACES, 0, nowhere, sparse.csr_matrix((0, len(data.pair_cell))), none, none, none)
    return replace(rows, waiting=sparse.csr_matrix((0, len(data.cells))))


def stacked(parts: list[Coupling], data: InstanceData) -> Coupling:
    """Rows of several parts, one under the other."""
    parts = [no_rows(data), *parts]
    for part in parts:
        part.waiting.resize(len(part.limit), len(data.cells))  # rows that weigh nobody who waits
    names = [field.name for field in fields(Coupling)]
    return Coupling(**{name: _joined([getattr(part, name) for part in parts]) for name in names})


def _joined(parts: list[Any]) -> Any:
    return sparse.csr_matrix(sparse.vstack(parts)) if sparse.issparse(parts[0]) else np.concatenate(parts)


def row_labels(case: Case, data: InstanceData, rows: Coupling) -> pd.Series:
    """A readable label of each row: family, year and what it is about."""
    lines = data.lines["line"].to_numpy(dtype=object)
    names = {
        Family.PLACES: lines,
        Family.FILL: lines[data.floor_line],
        Family.BASES: lines,
        Family.CLOSING: lines,
        Family.PHYSICAL: data.setting_codes[data.limited],
        Family.BUDGET: np.array(budget_lines(case), dtype=object),
        Family.WAITING: np.array(["all"], dtype=object),
    } | dict.fromkeys(OF_RULES.values(), np.array([subject.name for subject in subjects(case)], dtype=object))
    cells = data.cells[["area", "need", "level", "phase"]].astype(str).agg("_".join, axis=1).to_numpy()

    def name(family: Family, item: int) -> str:
        if family != Family.LINK:
            return str(names[family][item])
        cell, line = divmod(item, len(lines))
        return f"{cells[cell]}__{lines[line]}"

    return pd.Series(
        [
            f"{family}_{data.years[t]}_{name(family, item)}"
            for family, t, item in zip(rows.family, rows.year.tolist(), rows.item.tolist(), strict=True)
        ],
        dtype=object,
    )
