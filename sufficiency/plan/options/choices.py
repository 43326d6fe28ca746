"""What may be chosen: for each option and year in which it may open a column, and what opening it then changes.

At chosen openings y the program is that of the children with other limits and other demand: the coupling rows have
`room` · y more, the demand rows `returned` · y more, and `cost` · y is added to what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, Objects
from sufficiency.case import Case
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.options.option import Option, schemes
from sufficiency.plan.rows.names import lp_names

MILLION = 1e6
"""Capital is counted in £ million in its row, so that the row is of the size of the others."""


@dataclass(frozen=True)
class MayOpen:
    """Y columns. `scheme` is a position in `schemes`, `opens` in the years; `whole` columns are 0 or 1, the others
    any share. `limits` [R, Y] · y ≤ `most` [R], with `limit_family` and `limit_name` saying what each row is.
    """

    schemes: list[Option]
    scheme: Ints
    opens: Ints
    whole: Flags
    limits: sparse.csr_matrix
    most: Floats
    limit_family: Objects  # once, group, closes, most, capital, committed
    limit_name: Objects

    committed: Floats  # [Y] 1 where the option opens whatever else is chosen

    def __len__(self) -> int:
        return len(self.opens)

    def columns_of(self, scheme: int) -> Ints:
        """[…] the columns of one scheme."""
        return np.flatnonzero(self.scheme == scheme)


@dataclass(frozen=True)
class Choices(MayOpen):
    """The same with what opening each changes: `room` [H, Y] in children; `returned` [(T+1)·C, Y] in children, cell by
    cell within a year; `cost` [Y] discounted £.
    """

    cost: Floats
    room: sparse.csr_matrix
    returned: sparse.csr_matrix


def may_open(case: Case, data: InstanceData) -> MayOpen:
    """What of the options table may open, and when; no column where nothing may."""
    found = schemes(case, data)
    scheme, opens, whole = columns_of_schemes(found)
    limits, most, family, name = choice_limits(case, data, found, scheme)
    committed = np.array([float(found[place].committed) for place in scheme.tolist()], dtype=float)
    return MayOpen(found, scheme, opens, whole, limits, most, family, name, committed)


def columns_of_schemes(found: list[Option]) -> tuple[Ints, Ints, Flags]:
    """`scheme`, `opens` and `whole` of every column, scheme by scheme."""
    scheme = np.array([place for place, one in enumerate(found) for _ in one.years], dtype=np.int64)
    opens = np.array([year for one in found for year in one.years], dtype=np.int64)
    whole = np.array([not found[place].scalable for place in scheme], dtype=bool)
    return scheme, opens, whole


def choice_limits(
    case: Case, data: InstanceData, found: list[Option], scheme: Ints
) -> tuple[sparse.csr_matrix, Floats, Objects, Objects]:
    """What openings must keep to among themselves: each option once, one of a group, one of those that close a line
    or add to it, `open_at_most`, the capital budget (contingency included, not discounted), and what is committed.
    """
    rows: list[tuple[str, str, Floats, float]] = []
    ones = np.ones(len(scheme))

    def of(chosen: list[int], weight: Floats = ones) -> Floats:
        return np.where(np.isin(scheme, chosen), weight, 0.0)

    for place, one in enumerate(found):
        rows.append(("once", one.option, of([place]), 1.0))
    for group in dict.fromkeys(one.group for one in found if one.group):
        members = [place for place, one in enumerate(found) if one.group == group]
        rows.append(("group", group, of(members), 1.0))
    for line in dict.fromkeys(one.closes for one in found if one.closes >= 0):
        members = [place for place, one in enumerate(found) if one.closes == line or (one.adds and one.line == line)]
        rows.append(("closes", str(data.lines["line"].iloc[line]), of(members), 1.0))
    if case.model.rules.open_at_most is not None and found:
        rows.append(("most", "", ones, float(case.model.rules.open_at_most)))
    if case.model.finance.capital_budget is not None and found:
        capital = np.array([found[place].capital * found[place].ours for place in scheme])
        rows.append(("capital", "", capital / MILLION, float(case.model.finance.capital_budget) / MILLION))
    rows += [("committed", one.option, -of([place]), -1.0) for place, one in enumerate(found) if one.committed]
    return (
        sparse.csr_matrix(np.array([row[2] for row in rows]).reshape(len(rows), len(scheme))),
        np.array([row[3] for row in rows], dtype=float),
        np.array([row[0] for row in rows], dtype=object),
        np.array([row[1] for row in rows], dtype=object),
    )


def opening_names(data: InstanceData, choices: Choices) -> list[str]:
    """Names of the columns of openings."""
    option = lp_names([one.option for one in choices.schemes])
    year = data.years[choices.opens].tolist()
    return [f"open_{year[column]}_{option[one]}" for column, one in enumerate(choices.scheme.tolist())]


def limit_names(data: InstanceData, choices: Choices) -> list[str]:
    """Names of the rows of limits, each with the first year of the plan."""
    return lp_names(
        [
            f"{family}_{data.years[1]}_{name}".rstrip("_")
            for family, name in zip(choices.limit_family, choices.limit_name, strict=True)
        ]
    )
