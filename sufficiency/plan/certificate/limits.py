"""The rows that join cells, worked out again for the certificate: one function a family.

A row is  Σ weight · stock[t] + Σ before · stock[t−1] + Σ waiting · w[t] − slack ≤ limit,  0 ≤ slack ≤ slack_most, at
`slack_cost` (discounted £). A family of rows that has no function here fails the certificate: nobody has checked it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints, Objects
from sufficiency.case import Case
from sufficiency.plan.certificate.budgets import budgets_told, paid_for_places
from sufficiency.plan.certificate.rules import FAMILY, rules_told
from sufficiency.plan.certificate.tables import apart
from sufficiency.plan.certificate.types import Labels, Recounted, SharedRows


@dataclass(frozen=True)
class Rows:
    """H rows of one family, by year and item: `weights` [H, P] on this year's stock, `before` [H, P] on the last's,
    `waiting` [H, C] on those who wait; None where it weighs nobody.
    """

    year: Ints
    item: Ints
    weights: sparse.csr_matrix
    limit: Floats
    slack_cost: Floats
    slack_most: Floats
    before: sparse.csr_matrix | None = None
    waiting: sparse.csr_matrix | None = None


def places(case: Case, data: Labels, told: Recounted) -> Rows:
    """Places of every open line that has a number of them, and what may stand above (section 5, row 2)."""
    year, line = _with_a_number(told)
    in_line = _indicator(data.pair_line, len(data.lines))
    price = told["discount"][:, None] * (told["over_weight"][:, None] + told["over_money"])
    return Rows(year, line, in_line[line], told["places"][year, line], price[year, line], told["allowance"][year, line])


def physical(case: Case, data: Labels, told: Recounted) -> Rows:
    """Room of every setting whose building has a limit, its satellites included (section 5, row 3)."""
    year, building = np.nonzero(np.ones_like(told["room"][1:], dtype=bool))
    year = year + 1
    inside = sparse.csr_matrix(told["limited_lines"].astype(float)) @ _indicator(data.pair_line, len(data.lines))
    nothing = np.zeros(len(year))
    return Rows(year, building, inside[building], told["room"][year, building], nothing, nothing)


def _with_a_number(told: Recounted) -> tuple[Ints, Ints]:
    """Year and line of all open lines with a number of places, if every option were open."""
    there = told["before"]["line_open"] & np.isfinite(told["before"]["places"])
    there[0] = False
    year, line = np.nonzero(there)
    return year, line


def fill(case: Case, data: Labels, told: Recounted) -> Rows:
    """Children there must be in the line of each option that asks for a smallest fill (section 5, row 4); one that is
    committed opens without them, at the price of a rule.
    """
    there = told["before"]["line_open"][:, told["floor_line"]]
    year, floor = np.nonzero(there[1:])
    year = year + 1
    in_line = _indicator(data.pair_line, len(data.lines))
    soft = told["floor_may_be_missed"][floor]
    price = np.where(soft, (told["discount"] * told["breach_weight"])[year], 0.0)
    most = np.where(soft, np.inf, 0.0)
    return Rows(year, floor, -in_line[told["floor_line"][floor]], -told["floor"][year, floor], price, most)


def bases(case: Case, data: Labels, told: Recounted) -> Rows:
    """Special and AP lines that an option adds to: children whom a base could take have no more of them than there is
    without it (section 5, row 5).
    """
    year, line = _with_a_number(told)
    kept = told["kept_for_others"][line]
    year, line = year[kept], line[kept]
    could = told["base_in_reach"][:, data.pair_cell][year]
    weights = _indicator(data.pair_line, len(data.lines))[line].multiply(could)
    before, nothing = told["before"], np.zeros(len(year))
    most = before["places"][year, line] + before["allowance"][year, line]
    return Rows(year, line, sparse.csr_matrix(weights), most, nothing, nothing)


def _rules(family: str) -> Callable[[Case, Labels, Recounted], Rows]:
    """Rows of the rules of one family (section 5, rows 5 and 7), a year after the other."""

    def worked_out(case: Case, data: Labels, told: Recounted) -> Rows:
        items = [(item, one) for item, one in enumerate(told["rules"]) if one.family == family]
        held = [
            (t, item, one)
            for t, year in list(enumerate(data.years.tolist()))[1:]
            for item, one in items
            if one.rule.holds_in(year)
        ]
        year_of = np.array([t for t, _, _ in held], dtype=np.int64)
        return Rows(
            year_of,
            np.array([item for _, item, _ in held], dtype=np.int64),
            _matrix([one.weights for _, _, one in held], len(data.pair_line)),
            np.array([one.limit[t] for t, _, one in held], dtype=float),
            (told["discount"] * told["breach_weight"])[year_of],
            np.array([0.0 if one.rule.hard else np.inf for _, _, one in held], dtype=float),
            waiting=_matrix([one.waiting for _, _, one in held], len(data.cells)),
        )

    return worked_out


def budget(case: Case, data: Labels, told: Recounted) -> Rows:
    """What budget lines may spend, in £ thousand, where an overspend has a price (section 5, row 6)."""
    held = budgets_told(case, data, told)
    year, item = (np.array([one[place] for one in held], dtype=np.int64) for place in (0, 1))
    whoever = (told["place_funding"] + told["option_cost"]).ravel()
    left = np.array([left for *_, left in held], dtype=float) - paid_for_places(case, data, year, item) @ whoever
    return Rows(
        year,
        item,
        _matrix([now for _, _, now, _, _ in held], len(data.pair_line)),
        left,
        case.model.finance.overspend * told["discount"][year] * 1000,
        np.full(len(held), np.inf),
        before=_matrix([then for _, _, _, then, _ in held], len(data.pair_line)),
    )


def _matrix(rows: list[Floats], width: int) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(rows, dtype=float).reshape(len(rows), width))


def _indicator(row: Ints, rows: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(row)), (row, np.arange(len(row)))), shape=(rows, len(row)))


FAMILIES: dict[str, Callable[[Case, Labels, Recounted], Rows]] = {
    "places": places,
    "physical": physical,
    "fill": fill,
    "bases": bases,
    **{family: _rules(family) for family in FAMILY.values()},
    "budget": budget,
}


@dataclass(frozen=True)
class Shared:
    """All H rows, family by family; matrices as in `Rows`, without gaps."""

    family: Objects
    year: Ints
    item: Ints
    weights: sparse.csr_matrix
    before: sparse.csr_matrix
    waiting: sparse.csr_matrix
    limit: Floats
    slack_cost: Floats
    slack_most: Floats

    def used(self, stock: Floats, waiting: Floats) -> Floats:
        """[H] what children placed [T+1, P] and waiting [T+1, C] use of each row."""
        used = np.zeros(len(self.limit))
        for t in np.unique(self.year):
            here = np.flatnonzero(self.year == t)
            used[here] = self.weights[here] @ stock[t] + self.before[here] @ stock[t - 1]
            used[here] += self.waiting[here] @ waiting[t]
        return used


def shared(case: Case, data: Labels, told: Recounted) -> Shared:
    """The rows of every family, worked out again."""
    told = told | {"rules": rules_told(case, data, told)}
    parts = {family: worked_out(case, data, told) for family, worked_out in FAMILIES.items()}
    return stacked(parts, len(data.pair_cell), len(data.cells))


def stacked(parts: dict[str, Rows], pairs: int, cells: int) -> Shared:
    """Rows of several families, one under the other."""

    def all_of(name: str, width: int) -> sparse.csr_matrix:
        found = [getattr(part, name) for part in parts.values()]
        nobody = [sparse.csr_matrix((len(part.year), width)) for part in parts.values()]
        filled = [none if one is None else one for one, none in zip(found, nobody, strict=True)]
        return sparse.csr_matrix(sparse.vstack(filled))

    def column(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts.values()])

    family = np.concatenate([np.full(len(part.year), name, dtype=object) for name, part in parts.items()])
    year, item = column("year").astype(np.int64), column("item").astype(np.int64)
    matrices = all_of("weights", pairs), all_of("before", pairs), all_of("waiting", cells)
    return Shared(family, year, item, *matrices, column("limit"), column("slack_cost"), column("slack_most"))


def found_in(ours: Shared, family: Objects, year: Ints, item: Ints) -> Ints:
    """[H] where each row stands among those of a family, a year and an item; −1 where it is not there."""
    places = {key: place for place, key in enumerate(_keys(family, year, item))}
    return np.array([places.get(key, -1) for key in _keys(ours.family, ours.year, ours.item)], dtype=np.int64)


def _keys(family: Objects, year: Ints, item: Ints) -> list[tuple[str, int, int]]:
    return list(zip(family.astype(str).tolist(), year.tolist(), item.tolist(), strict=True))


def taken_over(values: Floats, at: Ints) -> Floats:
    """[H] the values [of the plan's rows] of rows that stand there; 0 for those that do not."""
    known = np.append(values, 0.0)
    return np.asarray(known[at])


def unlike(ours: Shared, theirs: SharedRows) -> dict[str, float]:
    """By family, the largest difference between the rows of the plan and those worked out again; NaN where rows are
    missing, or nobody has worked them out.
    """
    at = found_in(ours, theirs.family, theirs.year, theirs.item)
    found = {}
    for family in (*FAMILIES, *(name for name in np.unique(theirs.family.astype(str)) if name not in FAMILIES)):
        mine = np.flatnonzero(ours.family == family)
        if (at[mine] < 0).any() or len(mine) != np.count_nonzero(theirs.family == family):
            found[str(family)] = float("nan")
            continue
        figures = [
            apart(getattr(ours, name)[mine], getattr(theirs, name)[at[mine]])
            for name in ("limit", "slack_cost", "slack_most")
        ]
        figures += [
            abs(getattr(ours, name)[mine] - getattr(theirs, name)[at[mine]]).data
            for name in ("weights", "before", "waiting")
        ]
        found[str(family)] = float(np.max(np.concatenate(figures), initial=0.0))
    return found
