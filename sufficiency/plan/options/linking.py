"""Rows that link children to an opening: no more of a cell in an option than could be there, times what opens.

Left to itself the linear program opens an option bit by bit, just as far as its places are needed. These rows let it
take of each cell no larger a share than it opens (mathematics page, options). They cut off no plan: an option that is
a line of its own, whole or not there, holds nobody until it opens, and never more of a cell than there are, less those
who are surely elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals, where_true
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.rows.coupling import rows_of, stacked
from sufficiency.plan.rows.families import Family

LINK = Family.LINK
"""Family of these rows; the item of one is cell · lines + line."""
VIOLATED = 1e-4
"""Children above what a share of an option may hold of a cell from which a row is worth having."""


def most_of_cell(found: OptionModel) -> Floats:
    """[T+1, C] u: children of each cell less those placed or following the pattern, never giving way, in lines that no
    option closes.
    """
    data, held = found.base.data, found.base.settled.held
    closed = [one.closes for one in found.choices.schemes if one.closes >= 0]
    stays = ~np.isin(data.pair_line, closed)
    kept = np.array([totals(data.pair_cell[stays], year[stays], len(data.cells)) for year in held])
    return np.asarray(np.maximum(data.demand - kept, 0.0))


def shares_open(found: OptionModel, y: Floats) -> tuple[Ints, Floats]:
    """The lines that are an option of their own, which opens whole or not at all, and [T+1, …] the share of each that
    is open at openings `y` [Y].
    """
    choices, years = found.choices, np.arange(found.instance.data.horizon + 1)[:, None]
    alone = [place for place, one in enumerate(choices.schemes) if one.line >= 0 and not (one.adds or one.scalable)]
    lines = np.array([choices.schemes[place].line for place in alone], dtype=np.int64)
    shares = np.zeros((len(years), len(alone)))
    for column, place in enumerate(alone):
        mine = choices.columns_of(place)
        shares[:, column] = (choices.opens[mine] <= years) @ y[mine]
    return lines, shares


def violated(found: OptionModel, y: Floats, stock: Floats, most: int) -> tuple[Ints, Ints]:
    """Year and pair of the rows that openings `y` [Y] with a stock [T+1, P] break, by more than a little, and that are
    not there; no more than so many, those broken most.
    """
    data, rows = found.instance.data, found.instance.rows
    (lines, shares), over = shares_open(found, y), np.zeros_like(stock)
    of_line = np.full(len(data.lines), -1)
    of_line[lines] = np.arange(len(lines))
    pair = np.flatnonzero(of_line[data.pair_line] >= 0)
    may = most_of_cell(found)[:, data.pair_cell[pair]] * shares[:, of_line[data.pair_line[pair]]]
    over[:, pair] = stock[:, pair] - may
    there = rows.family == LINK
    over[rows.year[there], _pairs(found, rows.item[there])] = 0.0
    over[0] = 0.0
    year, pair = where_true(over > VIOLATED)
    first = np.argsort(-over[year, pair], kind="stable")[:most]
    return year[first], pair[first]


def _pairs(found: OptionModel, item: Ints) -> Ints:
    data = found.instance.data
    key = data.pair_cell * len(data.lines) + data.pair_line  # rising: the pairs of a cell stand together
    return np.searchsorted(key, item)


def with_links(found: OptionModel, year: Ints, pair: Ints) -> OptionModel:
    """The case with the rows of some pairs and years after those it has."""
    data, choices = found.instance.data, found.choices
    count, none = len(year), np.zeros(len(year))
    item = data.pair_cell[pair] * len(data.lines) + data.pair_line[pair]
    weights = sparse.csr_matrix((np.ones(count), (np.arange(count), pair)), shape=(count, len(data.pair_cell)))
    rows = replace(rows_of(LINK, 0, item, weights, none, none, none), year=year)
    line = np.array([one.line for one in choices.schemes])[choices.scheme]
    opens = (line == data.pair_line[pair][:, None]) & (choices.opens <= year[:, None])
    room = sparse.csr_matrix(opens * most_of_cell(found)[year, data.pair_cell[pair]][:, None])
    return replace(
        found,
        instance=replace(found.instance, rows=stacked([found.instance.rows, rows], data)),
        choices=replace(choices, room=sparse.csr_matrix(sparse.vstack([choices.room, room]))),
    )
