"""Lines that may close, for the certificate: a copy of each for every year in which it may, open till then.

The line counts as far as no copy of it is chosen, a copy as far as it is, each with those settled in it, its places and
what they cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Floats, Ints
from sufficiency.plan.certificate.limits import Rows, Shared, stacked
from sufficiency.plan.certificate.types import Labels, Recounted

OF_LINE_ALONE = ("places", "bases", "fill")
"""Families of rows that weigh a line by name: a copy of it has its own, or none."""


@dataclass(frozen=True)
class Spread:
    """Labels with copies of lines: `source` [P] and `line_source` [L] are what every pair and line is, or is a copy of;
    `closes` [L] the position of the first year not open, T + 1 where never.
    """

    years: Ints
    cells: pd.DataFrame
    lines: pd.DataFrame
    pair_cell: Ints
    pair_line: Ints
    source: Ints
    line_source: Ints
    closes: Ints

    def copy_of(self, line: int, closes: int) -> int:
        """Position of the copy of a line that closes in a year."""
        return int(np.flatnonzero((self.line_source == line) & (self.closes == closes))[0])


def spread_over(data: Labels, wanted: list[tuple[int, int]]) -> Spread:
    """The labels with a copy of each line `wanted`, closing in that year (a position)."""
    count, never = len(data.lines), len(data.years)
    line_source = np.concatenate([np.arange(count), np.array([line for line, _ in wanted], dtype=np.int64)])
    closes = np.concatenate([np.full(count, never), np.array([t for _, t in wanted], dtype=np.int64)])
    copied = [np.flatnonzero(data.pair_line == line) for line, _ in wanted]
    source = np.concatenate([np.arange(len(data.pair_line)), *copied]).astype(np.int64)
    place = [np.full(len(pairs), count + number) for number, pairs in enumerate(copied)]
    lines = data.lines.iloc[line_source].reset_index(drop=True)
    names = data.lines["line"].tolist()
    lines["line"] = [*names, *(f"{names[line]} until {data.years[t]}" for line, t in wanted)]
    pair_line = np.concatenate([data.pair_line, *place]).astype(np.int64)
    return Spread(data.years, data.cells, lines, data.pair_cell[source], pair_line, source, line_source, closes)


def told_of_copies(told: Recounted, spread: Spread) -> Recounted:
    """The arrays with copies, each open till it closes."""
    over = np.arange(len(spread.years))[:, None] >= spread.closes[None, :]
    gone, pair, line = over[:, spread.pair_line], spread.source, spread.line_source
    later = {one: place for place, one in enumerate(zip(pair.tolist(), spread.pair_line.tolist(), strict=True))}
    onward = zip(told["next_pair"][pair].tolist(), spread.pair_line.tolist(), strict=True)
    return told | {
        "line_open": told["line_open"][:, line] & ~over,
        "place_funding": np.where(over, 0.0, told["place_funding"][:, line]),
        "option_cost": told["option_cost"][:, line],
        "by_pattern": told["by_pattern"][line],
        "placed": told["placed"][pair],
        "next_pair": np.array([later[one] if one[0] >= 0 else -1 for one in onward], dtype=np.int64),
        "eligible": told["eligible"][:, pair] & ~gone,
        "k": told["k"][:, pair],
        "policy": told["policy"][:, pair],
        "following": np.where(gone, 0.0, told["following"][:, pair]),
        "may_give_way": np.where(gone, 0.0, told["may_give_way"][:, pair]),
    }


def rows_of_copies(rows: Shared, told: Recounted, data: Labels, spread: Spread) -> Shared:
    """The rows with the copies in them; those of places for each copy; and, for each line that may close and each copy,
    a row that it holds no more than its places and what may stand above them, or all whom it could take.
    """
    pairs, count = len(spread.pair_line), len(data.lines)
    copied, alone = spread.source[len(data.pair_line) :], np.isin(rows.family, OF_LINE_ALONE)
    others = sparse.diags(np.where(alone, 0.0, 1.0))

    def wide(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        return sparse.csr_matrix(sparse.hstack([matrix, (others @ matrix)[:, copied]]))

    inside = sparse.csr_matrix((np.ones(pairs), (spread.pair_line, np.arange(pairs))), shape=(len(spread.lines), pairs))
    years, lines = np.arange(len(spread.years))[:, None], np.arange(len(spread.lines))
    there = told["line_open"][:, spread.line_source] & (years < spread.closes) & (years > 0)
    places, above, most = (
        figures[:, spread.line_source] for figures in (told["places"], told["allowance"], _most_in(told, data))
    )
    year, item = np.nonzero(there & np.isfinite(places) & (lines >= count))
    source = spread.line_source[item]
    price = told["discount"][year] * (told["over_weight"][year] + told["over_money"][year, source])
    own = Rows(year, item, inside[item], places[year, item], price, above[year, item])
    year, item = np.nonzero(there & np.isin(spread.line_source, spread.line_source[count:]))
    nothing = np.zeros(len(year))
    full = Rows(year, item, inside[item], most[year, item], nothing, nothing)
    further = stacked({"places": own, "closing": full}, pairs, len(spread.cells))
    return both(replace(rows, weights=wide(rows.weights), before=wide(rows.before)), further)


def both(one: Shared, other: Shared) -> Shared:
    """The rows of one, and under them those of another."""

    def matrix(name: str) -> sparse.csr_matrix:
        return sparse.csr_matrix(sparse.vstack([getattr(one, name), getattr(other, name)]))

    def column(name: str) -> Floats:
        return np.concatenate([getattr(one, name), getattr(other, name)])

    family = np.concatenate([one.family, other.family])
    labels = column("year").astype(np.int64), column("item").astype(np.int64)
    matrices = matrix("weights"), matrix("before"), matrix("waiting")
    return Shared(family, *labels, *matrices, column("limit"), column("slack_cost"), column("slack_most"))


def _most_in(told: Recounted, data: Labels) -> Floats:
    """[T+1, L] no more children than this are ever in a line: its places and what may stand above; without a limit, all
    who are forecast of those it takes.
    """
    takes = np.zeros((len(data.cells), len(data.lines)))
    takes[data.pair_cell, data.pair_line] = 1.0
    finite = np.isfinite(told["places"])
    most = np.where(finite, told["places"], 0.0) + told["allowance"]
    return np.asarray(np.where(finite, most, told["demand"] @ takes))
