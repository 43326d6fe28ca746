"""The rows that join cells, worked out again for the certificate: one function a family.

A row is  Σ weight · stock[year] − slack ≤ limit,  0 ≤ slack ≤ slack_most  at `slack_cost` (discounted £). A family of
rows that has no function here fails the certificate: nobody has checked it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.case import Case
from sufficiency.model import ShareRule
from sufficiency.phases import phases_named
from sufficiency.plan.certificate_tables import Recounted, apart


@dataclass(frozen=True)
class Rows:
    """H rows of one family, by year and item. `weights` [H, P]."""

    year: Ints
    item: Ints
    weights: sparse.csr_matrix
    limit: Floats
    slack_cost: Floats
    slack_most: Floats


def places(case: Case, data: Any, told: Recounted) -> Rows:
    """Places of every open line that has a number of them, and what may stand above (section 5, row 2)."""
    there = told["line_open"] & np.isfinite(told["places"])
    there[0] = False
    year, line = np.nonzero(there)
    in_line = _indicator(data.pair_line, len(data.lines))
    price = told["discount"] * told["over_weight"]
    return Rows(year, line, in_line[line], told["places"][year, line], price[year], told["allowance"][year, line])


def physical(case: Case, data: Any, told: Recounted) -> Rows:
    """Room of every setting whose building has a limit, its satellites included (section 5, row 3)."""
    year, building = np.nonzero(np.ones_like(told["room"][1:], dtype=bool))
    year = year + 1
    inside = sparse.csr_matrix(told["limited_lines"].astype(float)) @ _indicator(data.pair_line, len(data.lines))
    nothing = np.zeros(len(year))
    return Rows(year, building, inside[building], told["room"][year, building], nothing, nothing)


def rule(case: Case, data: Any, told: Recounted) -> Rows:
    """Rules on the share, or number, of children placed in some types (section 5, row 5)."""
    found: list[tuple[int, int, float, float]] = []
    counted: list[Any] = []
    for item, asked in enumerate(case.model.rules.share):
        scope, pairs = _scope(case, data, asked)
        for t, year in list(enumerate(data.years.tolist()))[1:]:
            if (asked.from_year or year) <= year <= (asked.to_year or year):
                limit, sign = _children(asked, float(told["demand"][t][scope].sum()))
                found.append((t, item, sign * limit, 0.0 if asked.hard else np.inf))
                counted.append(sign * pairs)
    numbers = np.array(found, dtype=float).reshape(len(found), 4)
    year_of, item_of = numbers[:, 0].astype(np.int64), numbers[:, 1].astype(np.int64)
    weights = sparse.csr_matrix(np.array(counted, dtype=float).reshape(len(found), len(data.pair_line)))
    price = (told["discount"] * told["breach_weight"])[year_of]
    return Rows(year_of, item_of, weights, numbers[:, 2], price, numbers[:, 3])


def _scope(case: Case, data: Any, asked: ShareRule) -> tuple[Flags, Flags]:
    """Cells a rule speaks of [C], and the pairs of them it counts [P]."""
    cells, kinds = data.cells, data.lines["type"].to_numpy(dtype=object)
    named = {code for phase in asked.phases for code in phases_named(phase, case.model.phase_list) or ()}
    localities = {name.casefold() for name in asked.localities}
    scope = np.array(
        [
            (not asked.needs or need in asked.needs)
            and (not asked.phases or phase in named)
            and (not localities or locality.casefold() in localities)
            for need, phase, locality in zip(cells["need"], cells["phase"], cells["locality"], strict=True)
        ],
        dtype=bool,
    )
    return scope, scope[data.pair_cell] & np.isin(kinds, asked.types)[data.pair_line]


def _children(asked: ShareRule, forecast: float) -> tuple[float, float]:
    """How many children a rule allows or asks for, and 1 for at most, −1 for at least."""
    if asked.at_most is not None or asked.at_most_children is not None:
        return (asked.at_most * forecast if asked.at_most is not None else asked.at_most_children or 0.0), 1.0
    return (asked.at_least * forecast if asked.at_least is not None else asked.at_least_children or 0.0), -1.0


def _indicator(row: Ints, rows: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(row)), (row, np.arange(len(row)))), shape=(rows, len(row)))


FAMILIES: dict[str, Callable[[Case, Any, Recounted], Rows]] = {
    "places": places,
    "physical": physical,
    "rule": rule,
}


def unlike(case: Case, data: Any, told: Recounted, rows: Any) -> dict[str, float]:
    """By family, the largest difference between the rows of the plan and those worked out again; NaN where rows are
    missing, or nobody has worked them out.
    """
    found = {str(family): float("nan") for family in np.unique(rows.family.astype(str)) if family not in FAMILIES}
    for family, worked_out in FAMILIES.items():
        ours = worked_out(case, data, told)
        theirs = np.flatnonzero(rows.family == family)
        theirs = theirs[np.lexsort((rows.item[theirs], rows.year[theirs]))]
        order = np.lexsort((ours.item, ours.year))
        if not (
            np.array_equal(ours.year[order], rows.year[theirs]) and np.array_equal(ours.item[order], rows.item[theirs])
        ):
            found[family] = float("nan")
            continue
        figures = [
            apart(getattr(ours, name)[order], getattr(rows, name)[theirs])
            for name in ("limit", "slack_cost", "slack_most")
        ]
        weights = abs(ours.weights[order] - rows.weights[theirs])
        found[family] = float(np.max(np.concatenate([*figures, weights.data]), initial=0.0))
    return found
