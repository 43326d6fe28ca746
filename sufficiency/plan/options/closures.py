"""Closing a line as a choice: the line and a copy of it for each year in which it may close, of which one is used.

The line itself is the one that never closes. A copy is open until its closing year and has no places until it is
chosen; choosing it moves the children already placed, and those who follow the pattern, from the line into the copy,
so they return to the demand of the closing year. Everything is linear in the choice, and exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, totals, where_true
from sufficiency.plan.instance.axes import LINES, PAIRS, take
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.options.option import Option
from sufficiency.plan.rows.coupling import Coupling, rows_of
from sufficiency.plan.rows.families import Family
from sufficiency.plan.tolerances import NOBODY


@dataclass(frozen=True)
class Copies:
    """The copies made: `line` is the original's position, `closes` the first year not open, `copy` the copy's
    position. `source` [P] is the original of every pair.
    """

    line: Ints
    closes: Ints
    copy: Ints
    source: Ints

    def of(self, line: int, closes: int) -> int:
        """Position of the copy of a line that closes in a year."""
        return int(self.copy[(self.line == line) & (self.closes == closes)][0])


def closing_year(data: InstanceData, scheme: Option, opens: int) -> int:
    """First year in which the line that a scheme closes is not open.

    It is the year the scheme opens; a line that takes nobody yet in the base year, and whose place the scheme takes,
    never opens (the scheme is that line, later).
    """
    planned = not data.eligible[0, data.pair_line == scheme.closes].any()
    return 1 if planned and scheme.line >= 0 else opens


def with_copies(
    data: InstanceData, settled: Commitments, found: list[Option]
) -> tuple[InstanceData, Commitments, Copies]:
    """The arrays with a copy of every line that may close, for each year it may close in; none of them is used yet."""
    wanted = sorted(
        {(one.closes, closing_year(data, one, int(opens))) for one in found if one.closes >= 0 for opens in one.years}
    )
    pairs = len(data.pair_cell)
    line, closes, copy = (np.array(part, dtype=np.int64) for part in _columns(wanted, len(data.lines)))
    original = [np.flatnonzero(data.pair_line == one) for one in line]
    source = np.concatenate([np.arange(pairs), *original])
    added = [np.full(len(those), one) for those, one in zip(original, copy, strict=True)]
    pair_line = np.concatenate([data.pair_line, *added])
    order = np.lexsort((pair_line, data.pair_cell[source]))  # the pairs of a cell stand together
    source, pair_line, new = source[order], pair_line[order], order >= pairs
    copies = Copies(line, closes, copy, source)
    if not wanted:
        return data, settled, copies
    by_line = np.concatenate([np.arange(len(data.lines)), copies.line])
    over = _later(data, copies)
    open_now = data.line_open[:, by_line] & ~over
    lined, placed = take(data, LINES, by_line), take(settled, PAIRS, source)
    lines = lined.lines
    names = [f"{data.lines['line'].iloc[line]} until {data.years[year]}" for line, year in wanted]
    lines["line"] = [*data.lines["line"], *names]
    nobody = np.where(new, 0.0, 1.0)
    of_copy = np.arange(len(by_line)) >= len(data.lines)
    spread = replace(
        take(lined, PAIRS, source),
        lines=lines,
        places=np.where(of_copy & np.isfinite(lined.places), 0.0, lined.places),
        committed=np.where(of_copy, 0.0, lined.committed),
        imported=np.where(of_copy, 0.0, lined.imported),
        line_open=open_now,
        pair_line=pair_line,
        next_pair=_next_pairs(data, source, pair_line),
        placed=data.placed[source] * nobody,
        eligible=data.eligible[:, source] & open_now[:, pair_line],
        place_funding=np.where(of_copy, 0.0, lined.place_funding),
        option_cost=lined.option_cost * 0.0,
    )
    return (
        spread,
        replace(
            placed,
            entrants=placed.entrants * nobody,
            may_give_way=np.where(np.isin(pair_line, copies.line), 0.0, placed.may_give_way * nobody),
            stock=placed.stock * nobody,
            held=placed.held * nobody,
            pattern=placed.pattern * nobody,
            allowance=np.where(over, 0.0, settled.allowance[:, by_line]),
        ),
        copies,
    )


def _columns(wanted: list[tuple[int, int]], lines: int) -> tuple[list[int], list[int], list[int]]:
    line, closes = [line for line, _ in wanted], [closes for _, closes in wanted]
    return line, closes, list(range(lines, lines + len(wanted)))


def _later(data: InstanceData, copies: Copies) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """[T+1, L + copies] the copy has closed."""
    closes = np.concatenate([np.full(len(data.lines), data.horizon + 1), copies.closes])
    return np.asarray(np.arange(data.horizon + 1)[:, None] >= closes[None, :])


def _next_pairs(data: InstanceData, source: Ints, pair_line: Ints) -> Ints:
    """The next phase of a copy's pair is in the copy too."""
    key = pd.MultiIndex.from_arrays([data.pair_cell[source], pair_line])
    onward = data.next_pair[source]
    moving = onward >= 0
    found = np.full(len(source), -1)
    target = pd.MultiIndex.from_arrays([data.pair_cell[onward[moving]], pair_line[moving]])
    found[moving] = key.get_indexer(target)
    return found


@dataclass(frozen=True)
class ClosingPreferences:
    """N preferences that may give way in lines that may close: those of the line, as long as it does not close, and
    those of each copy, if it is chosen. `year` and `pair` [N] say where, `children` [N] how many; a child who gives way
    costs `cost` [N] (discounted £). `children` times `share` [N, Y] · y, and the children themselves where the line is
    `own` [N], may give way at openings y.
    """

    year: Ints
    pair: Ints
    children: Floats
    cost: Floats
    own: Flags
    share: sparse.csr_matrix

    def relief(self, reduced_cost: Floats) -> Floats:
        """[N] £ discounted, never above 0: what giving way saves where an entry has this `reduced_cost` [T+1, …]."""
        return np.minimum(self.cost - reduced_cost[self.year, self.pair], 0.0) * self.children

    def without_cost(self) -> ClosingPreferences:
        """The same, where giving way costs nothing."""
        return replace(self, cost=np.zeros(len(self.cost)))

    def summed_up(self, pair: Ints) -> ClosingPreferences:
        """Those of a year and of pairs that are one on a coarser map (`pair` [P]: pair → the pair there) as one."""
        key = self.year * (int(pair.max(initial=0)) + 1) + pair[self.pair]
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        return ClosingPreferences(
            self.year[first],
            pair[self.pair[first]],
            totals(group, self.children, len(first)),
            self.cost[first],
            self.own[first],
            self.share[first],
        )


def closing_preferences(
    data: InstanceData, settled: Commitments, copies: Copies, closes_in: list[tuple[int, int] | None]
) -> ClosingPreferences:
    """`data` with copies, `settled` of the case without them; `closes_in`: for each opening the line that it closes and
    when, if any.
    """
    may = settled.may_give_way[:, copies.source]
    closable = np.isin(data.pair_line, np.concatenate([copies.line, copies.copy]))
    year, pair = where_true((may > NOBODY) & closable[None, :] & data.line_open[:, data.pair_line])
    line = data.pair_line[pair]
    share = np.zeros((len(pair), len(closes_in)))
    for column, closed in enumerate(closes_in):
        if closed is not None:
            share[line == closed[0], column] = -1.0
            share[line == copies.of(*closed), column] = 1.0
    cost, children = (data.discount * data.preference_weight)[year], may[year, pair]
    return ClosingPreferences(year, pair, children, cost, np.isin(line, copies.line), sparse.csr_matrix(share))


def most_in(data: InstanceData, settled: Commitments, line: int) -> Floats:
    """[T+1] more children than a line ever holds beyond those settled in it: its places and what may stand above them;
    without a limit, everyone it could take.
    """
    here = data.pair_line == line
    cells = np.unique(data.pair_cell[here])
    room = data.places[:, line] + settled.allowance[:, line] - settled_in(data, settled, line)
    return np.where(np.isfinite(room), np.maximum(room, 0.0), data.demand[:, cells].sum(axis=1))


def settled_in(data: InstanceData, settled: Commitments, line: int) -> Floats:
    """[T+1] children already placed in a line or following the pattern into it."""
    return np.asarray(settled.stock[:, data.pair_line == line].sum(axis=1))


def closing_rows(data: InstanceData, settled: Commitments, spread: InstanceData, copies: Copies) -> Coupling:
    """Rows that keep everyone new out of a line that closes, and out of the copies that are not chosen."""
    by_line = sparse.csr_matrix(
        (np.ones(len(spread.pair_line)), (spread.pair_line, np.arange(len(spread.pair_line)))),
        shape=(len(spread.lines), len(spread.pair_line)),
    )
    year, item, limit = [], [], []
    for line in np.unique(copies.line):
        most = most_in(data, settled, int(line)) + settled_in(data, settled, int(line))
        for at in (int(line), *copies.copy[copies.line == line].tolist()):
            for t in np.flatnonzero(spread.line_open[1:, at]) + 1:
                year.append(int(t))
                item.append(at)
                limit.append(float(most[t]) if at == line else 0.0)
    lines = np.array(item, dtype=np.int64)
    none = np.zeros(len(lines))
    rows = rows_of(
        Family.CLOSING, 0, lines, sparse.csr_matrix(by_line[lines]), np.array(limit, dtype=float), none, none
    )
    return replace(rows, year=np.array(year, dtype=np.int64))


def moved_by_closing(data: InstanceData, settled: Commitments, line: int, closes: int) -> tuple[Floats, Floats, Floats]:
    """What a closing changes for children settled in the line: `returned` [T+1, C], those who join the demand;
    `gone` [T+1, P], the stock that is no longer there; `saved` [T+1], discounted £ of their life in the line and of its
    place funding.
    """
    here = data.pair_line == line
    gone = np.where(here[None, :], settled.stock, 0.0)
    cells = len(data.cells)
    returned = np.zeros((data.horizon + 1, cells))
    for t in range(closes, data.horizon + 1):
        before = gone[t - 1]
        staying = totals(data.pair_cell, data.stay[t][data.pair_cell] * before, cells)
        if not data.line_open[t, line]:  # its setting closes: they would come back now, unless they have already
            returned[t] = 0.0 if t == closes else -staying
            continue
        returned[t] = totals(data.pair_cell, np.where(here, settled.entrants[t], 0.0), cells)
        moving = here & (data.next_pair >= 0)
        onward = data.carry[t][data.pair_cell] * before
        returned[t] += totals(data.next_cell[data.pair_cell[moving]], onward[moving], cells)
        if t == closes:
            returned[t] += staying
    gone[:closes] = 0.0
    saved = (data.unit_cost * gone).sum(axis=1) + data.discount * data.place_funding[:, line]
    saved[:closes] = 0.0
    return returned, gone, saved
