"""What everything that may open does to a bound, worked out again for the certificate from the tables and from prices.

A cut is linear in what opens: no plan with openings y costs less than `intercept` + `coefficients` · y
(mathematics page, options). An option brings places, rooms and costs from its opening on, and closes a line for one of
its copies.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints, positions, totals
from sufficiency.case import Case
from sufficiency.plan.certificate.bound import OF_LINES, priced
from sufficiency.plan.certificate.budgets import paid_for_places
from sufficiency.plan.certificate.copies import Spread, both, rows_of_copies, spread_over, told_of_copies
from sufficiency.plan.certificate.limits import Rows, Shared, found_in, shared, stacked, taken_over
from sufficiency.plan.certificate.money import unchanging
from sufficiency.plan.certificate.opened import brought_by, closing_of, floors_of, rooms_of
from sufficiency.plan.certificate.options import MayOpen, Open, least_by_cuts, may_open, opened, option_costs
from sufficiency.plan.certificate.ruled_out import columns_of, ruled_out
from sufficiency.plan.certificate.tables import recounted
from sufficiency.plan.certificate.types import Labels, Recounted, RowLabels

LINK = "link"
"""Family of the rows that link the children in an option to its opening."""
AT_LEAST = 0.1
"""Seconds that the search for openings below the cuts gets, however little time is left."""


@dataclass(frozen=True)
class OptionModel:
    """The case with everything that may open: arrays and rows with copies of lines. By column of `may`: `cost`
    discounted £, `room` [H, Y] more in each row, the line that closes and its copy (−1: none), the line that it is,
    whole and on its own (`own`; −1: none), and the position of its `first` year.
    """

    data: Spread
    told: Recounted = field(repr=False)
    before: Recounted = field(repr=False)
    rows: Shared = field(repr=False)
    may: MayOpen = field(repr=False)
    cost: Floats = field(repr=False)
    room: sparse.csr_matrix = field(repr=False)
    closed: Ints = field(repr=False)
    copy: Ints = field(repr=False)
    own: Ints = field(repr=False)
    first: Ints = field(repr=False)

    def cut(self, prices: Floats) -> tuple[float, Floats]:
        """Constant and slope [Y], discounted £, that prices [H] on the rows give."""
        found = priced(self.data, self.told, self.rows, prices)
        moved = np.where(self.copy >= 0, found.of_line[self.copy] - found.of_line[self.closed], 0.0)
        copies = float(found.of_line[len(self.before["by_pattern"]) :].sum())  # none is chosen
        return found.bound - copies, np.asarray(self.cost - self.room.T @ found.prices + moved)

    def items(self, rows: RowLabels, lines: Sequence[str]) -> Ints:
        """[rows] what each row of a search, whose lines and copies have the names `lines`, is about: our own items."""
        named = {name: place for place, name in enumerate(self.data.lines["line"])}
        ours = np.array([named.get(name, -1) for name in lines], dtype=np.int64)
        of_line, item = np.isin(rows.family.astype(str), OF_LINES), rows.item.copy()
        item[of_line] = ours[item[of_line]]
        linked = rows.family == LINK
        cell, line = np.divmod(item[linked], max(len(ours), 1))
        item[linked] = cell * len(self.data.lines) + ours[line]
        return item

    def where(self, rows: RowLabels, lines: Sequence[str]) -> Ints:
        """[H] where each row stands among those of a search, whose lines and copies have the names `lines`."""
        return found_in(self.rows, rows.family, rows.year, self.items(rows, lines))

    def with_links(self, year: Ints, item: Ints) -> OptionModel:
        """With rows that no more of a cell is in the line of an option in a year than can be (`item`: cell · lines +
        line), if the option is open by then; only those of options that are a line of their own and open whole.
        """
        lines, pairs = len(self.data.lines), len(self.data.pair_cell)
        pair_item = self.data.pair_cell * lines + self.data.pair_line
        pair = positions(pair_item, item)
        right = (pair >= 0) & np.isin(item % lines, self.own[self.own >= 0]) & (year > 0)
        if not right.any():
            return self
        year, item, pair = year[right], item[right], pair[right]
        cell, line = np.divmod(item, lines)
        opens = (self.own == line[:, None]) & (self.first <= year[:, None])
        most = opens * _most_of_cell(self.before, self.data, self.closed)[year, cell][:, None]
        nothing = np.zeros(len(item))
        inside = sparse.csr_matrix((nothing + 1.0, (np.arange(len(item)), pair)), shape=(len(item), pairs))
        rows = Rows(year, item, inside, nothing, nothing, nothing)
        return replace(
            self,
            rows=both(self.rows, stacked({LINK: rows}, pairs, len(self.data.cells))),
            room=sparse.csr_matrix(sparse.vstack([self.room, most])),
        )

    def proven(
        self,
        rows: RowLabels,
        lines: Sequence[str],
        prices: Sequence[Floats],
        ruling_out: Sequence[tuple[Sequence[tuple[int, int]], Floats]] = (),
        *,
        claimed: float,
        cost: float,
        seconds: float,
    ) -> ProgrammeBound:
        """The cost below which nothing that opens can go: `claimed` where the cuts of some prices, each of them [rows]
        on `rows` of a search, bear it out. `cost` is that of the plan at hand, NaN where there is none. `ruling_out`:
        openings (row of the options table, September) with prices by which they cost more than is claimed. Where the
        `seconds` are up the cuts that are left are left out, which proves less.
        """
        item, linked = self.items(rows, lines), rows.family == LINK
        known = self.with_links(rows.year[linked], item[linked])
        at = found_in(known.rows, rows.family, rows.year, item)
        strange = int(np.count_nonzero(at < 0)) + len(rows.year) - len(np.unique(at[at >= 0]))
        until = time.monotonic() + seconds
        cuts: list[tuple[float, Floats]] = []
        for some in prices or [np.zeros(len(rows.year))]:
            if cuts and time.monotonic() >= until:
                break
            cuts.append(known.cut(taken_over(some, at)))
        constants, slopes = np.array([one for one, _ in cuts]), np.array([slope for _, slope in cuts])
        constant = unchanging(self.before)
        scale = max(abs((cost if np.isfinite(cost) else constants[0]) - constant), 1.0) * 1e-3
        may = self.may
        for openings, some in ruling_out:
            own, y = taken_over(some, at), columns_of(may, openings)
            at_most = float(known.told["demand"].sum()) * float(own.max(initial=0.0))
            row = ruled_out(known.cut(own), may, y, claimed, at_most)
            may = may if row is None else may.with_limit(*row)
        left = max(until - time.monotonic(), AT_LEAST)
        bound, ended = least_by_cuts(constants, slopes, may, scale, left, claimed)
        return ProgrammeBound(bound, ended and len(cuts) >= len(prices), constant, strange)


@dataclass(frozen=True)
class ProgrammeBound:
    """£ discounted below which nothing that opens can go, whether its proof came to its end in time, and what no
    decision can change; `strange`: rows that the search has and the tables have not, or the other way round.
    """

    bound: float
    ended: bool
    constant: float
    strange: int


def option_model(case: Case, data: Labels) -> OptionModel:
    """The case with what may open in it. `data`: labels of the case without copies."""
    told = before_anything_opens(case, data)
    may = may_open(case)
    opening = list(zip(may.row.tolist(), may.year.tolist(), strict=True))
    schemes = [opened(case, data, [(row, year, 1.0)])[0] for row, year in opening]
    closing = [(one.closes, closing_of(case, data, told, one)) if one.closes >= 0 else (-1, -1) for one in schemes]
    spread = spread_over(data, sorted(set(closing) - {(-1, -1)}))
    rows = rows_of_copies(shared(case, data, told), told, data, spread)
    effects = _Effects(case, data, told, rows)
    columns = [effects.of(one, row) for one, (row, _) in zip(schemes, opening, strict=True)]
    room = np.array([more for _, more in columns]).reshape(len(columns), len(rows.limit)).T
    closed, closes = (np.array([one[place] for one in closing], dtype=np.int64) for place in (0, 1))
    alone = [
        one.line if one.option["line"] == "" and whole else -1 for one, whole in zip(schemes, may.whole, strict=True)
    ]
    return OptionModel(
        data=spread,
        told=told_of_copies(told, spread),
        before=told,
        rows=rows,
        may=may,
        cost=np.array([pounds for pounds, _ in columns], dtype=float),
        room=sparse.csr_matrix(room + effects.of_closings(closed, closes)),
        closed=closed,
        copy=np.array([spread.copy_of(*one) if one[0] >= 0 else -1 for one in closing], dtype=np.int64),
        own=np.array(alone, dtype=np.int64),
        first=np.array([year - case.model.base_year for _, year in opening], dtype=np.int64),
    )


def _most_of_cell(told: Recounted, data: Spread, closed: Ints) -> Floats:
    """[T+1, C] children forecast less those who are surely in a line that no option closes."""
    pairs = len(told["placed"])
    cell, line = data.pair_cell[:pairs], data.pair_line[:pairs]
    sure = np.where(np.isin(line, closed[closed >= 0]), 0.0, told["held"])
    elsewhere = np.stack([totals(cell, year, len(data.cells)) for year in sure])
    return np.asarray(np.maximum(told["demand"] - elsewhere, 0.0))


def before_anything_opens(case: Case, data: Labels) -> Recounted:
    """The arrays of the case with every option open from the first year in which it may, without places."""
    decided = recounted(case, data, ())
    before: Recounted = decided["before"]
    floors = {name: decided[name] for name in ("floor_line", "floor", "floor_may_be_missed")}
    floors["floor"] = np.zeros_like(decided["floor"])
    return before | floors | {"before": before, "option_cost": np.zeros_like(before["place_funding"])}


class _Effects:
    """What an opening changes: £ discounted, and [H] how much more each row has."""

    def __init__(self, case: Case, data: Labels, told: Recounted, rows: Shared) -> None:
        self.case, self.data, self.told, self.rows = case, data, told, rows
        self.here = {family: np.flatnonzero(rows.family == family) for family in np.unique(rows.family.astype(str))}
        nobody = np.empty(0, dtype=np.int64)
        budget = self.here.get("budget", nobody)
        self.paid = paid_for_places(case, data, rows.year[budget], rows.item[budget])
        self.there = told["line_open"] & told["started"] & np.isfinite(told["commissioned"])

    def of(self, one: Open, row: int) -> tuple[float, Floats]:
        """Of an option that opens whole: what it costs, and the room it brings."""
        told, more = self.told, np.zeros(len(self.rows.limit))
        brought = brought_by(self.data, [one])
        pounds = told["place_rates"].empty * np.where(self.there, brought, 0.0)
        pounds += option_costs(self.case, self.data, [(row, one.first, 1.0)])
        usable = brought * told["usable_share"]
        self._add(more, "places", usable)
        self._add(more, "closing", usable)
        self._add(more, "physical", rooms_of(told, [one]))
        if one.option["smallest_fill"] > 0:
            self._add(more, "fill", -floors_of(self.case, self.data, told, [one])["floor"])
        if "budget" in self.here:
            more[self.here["budget"]] -= self.paid @ pounds.ravel()
        return float(told["discount"][1:] @ pounds[1:].sum(axis=1)), more

    def _add(self, more: Floats, family: str, figures: Floats) -> None:
        """`figures` [T+1, items] to the rows of a family about those items; copies of lines are none of them."""
        rows = self.here.get(family, np.empty(0, dtype=np.int64))
        rows = rows[self.rows.item[rows] < figures.shape[1]]
        more[rows] += figures[self.rows.year[rows], self.rows.item[rows]]

    def of_closings(self, closed: Ints, closes: Ints) -> Floats:
        """[H, Y] what closings do to rows that are of no line: budgets no longer pay for the places, and a building
        loses the children of other authorities, and, with more in it than it has room for, what stood above.
        """
        more, told = np.zeros((len(self.rows.limit), len(closed))), self.told
        inside = np.stack([totals(self.data.pair_line, year, len(self.data.lines)) for year in told["held"]])
        gone_before, freed_before = np.zeros_like(told["physical"]), np.zeros_like(told["physical"])
        for line in np.unique(closed[closed >= 0]).tolist():
            counts = told["limited_lines"][:, line].astype(float)
            most_gone, most_freed = np.zeros_like(gone_before), np.zeros_like(gone_before)
            for column in np.flatnonzero(closed == line).tolist():
                over = np.arange(len(told["place_funding"])) >= closes[column]
                if "budget" in self.here:
                    saved = np.zeros_like(told["place_funding"])
                    saved[over, line] = told["place_funding"][over, line]
                    more[self.here["budget"], column] += self.paid @ saved.ravel()
                gone, freed = (np.outer(over * figures[:, line], counts) for figures in (inside, told["imported"]))
                after = self._above(inside, gone_before + gone, freed_before + freed)
                self._add(more[:, column], "physical", after - self._above(inside, gone_before, freed_before))
                most_gone, most_freed = np.maximum(most_gone, gone), np.maximum(most_freed, freed)
            gone_before += most_gone
            freed_before += most_freed
        return more

    def _above(self, inside: Floats, gone: Floats, freed: Floats) -> Floats:
        """[T+1, Q] room of buildings when so many of those who stand in them have gone, and so many children of other
        authorities.
        """
        there = inside @ self.told["limited_lines"].T.astype(float)
        return np.asarray(np.maximum(self.told["physical"] + freed, there - gone))
