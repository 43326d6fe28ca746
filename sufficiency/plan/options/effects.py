"""The case with everything that may be chosen in it, and what each choice does to its rows and its cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints
from sufficiency.plan.instance.budget_lines import Postings, postings
from sufficiency.plan.options.choices import Choices, may_open
from sufficiency.plan.options.closures import (
    ClosingPreferences,
    Copies,
    closing_preferences,
    closing_rows,
    closing_year,
    most_in,
    moved_by_closing,
    settled_in,
    with_copies,
)
from sufficiency.plan.options.full_building import closings_in_a_full_building
from sufficiency.plan.options.option import Option, empty_place_rates, running_costs
from sufficiency.plan.rows.budgets import THOUSAND
from sufficiency.plan.rows.coupling import stacked
from sufficiency.plan.rows.instance import Instance, all_rows
from sufficiency.problems import InputError
from sufficiency.rates import budget_lines


@dataclass(frozen=True)
class OptionModel:
    """`base`: the case with nothing opened. `instance`: the same with copies of lines that may close, and with rows
    that `choices` change. `source` [P] is the pair of `base` that each of its pairs is, or is a copy of. `preferences`
    are those in lines that may close: they hang on what opens.
    """

    base: Instance = field(repr=False)
    instance: Instance = field(repr=False)
    choices: Choices = field(repr=False)
    source: Ints = field(repr=False)
    preferences: ClosingPreferences = field(repr=False)


def option_model(base: Instance) -> OptionModel:
    """The case with its options as choices; no column where it has none. Raises InputError where two lines that may
    close share a building that has more children than it holds.
    """
    may = may_open(base.case, base.data)
    found = may.schemes
    refused = closings_in_a_full_building(base, found)
    if refused:
        raise InputError(refused)
    data, settled, copies = with_copies(base.data, base.settled, found)
    rows = base.rows
    if len(copies.line):
        kept_out = closing_rows(base.data, base.settled, data, copies)
        rows = stacked([all_rows(base.case, data, settled), kept_out], data)
    instance = replace(base, data=data, settled=settled, rows=rows)
    closes_in = [
        (found[one].closes, closing_year(base.data, found[one], year)) if found[one].closes >= 0 else None
        for one, year in zip(may.scheme.tolist(), may.opens.tolist(), strict=True)
    ]
    preferences = closing_preferences(data, base.settled, copies, closes_in)
    effects = _Effects(base, instance, found, copies)
    for column, (one, year) in enumerate(zip(may.scheme.tolist(), may.opens.tolist(), strict=True)):
        effects.add(column, found[one], year)
    cells = (data.horizon + 1) * len(data.cells)
    choices = Choices(
        **vars(may),
        cost=np.array(effects.cost),
        room=_matrix(effects.room, (len(rows.limit), len(may))),
        returned=_matrix(effects.returned, (cells, len(may))),
    )
    return OptionModel(base, instance, choices, copies.source, preferences)


def _matrix(entries: list[tuple[Ints, int, Floats]], shape: tuple[int, int]) -> sparse.csr_matrix:
    if not entries:
        return sparse.csr_matrix(shape)
    row = np.concatenate([rows for rows, _, _ in entries])
    column = np.concatenate([np.full(len(rows), column) for rows, column, _ in entries])
    value = np.concatenate([values for _, _, values in entries])
    matrix = sparse.csr_matrix((value, (row, column)), shape=shape)
    matrix.eliminate_zeros()
    return matrix


class _Effects:
    """Entries of `room`, `returned` and `cost`, column by column."""

    def __init__(self, base: Instance, open_case: Instance, found: list[Option], copies: Copies) -> None:
        self.base, self.rows, self.data, self.copies = base, open_case.rows, open_case.data, copies
        self.floor_of = floors_by_scheme(base, found)
        self.empty = empty_place_rates(base.case, base.data)
        weighed = (self.rows.family == "budget").any() and len(found) > 0
        nobody = np.empty(0, dtype=np.int64)
        self.posted: Postings | None = postings(base.case, base.data, nobody) if weighed else None
        self.room: list[tuple[Ints, int, Floats]] = []
        self.returned: list[tuple[Ints, int, Floats]] = []
        self.cost: list[float] = []

    def add(self, column: int, one: Option, opens: int) -> None:
        """What it does to open `one` in year `opens`."""
        data = self.base.data
        funding, fixed = running_costs(self.base.case, data, one, opens, self.empty)
        self.cost.append(float(data.discount[1:] @ (funding + fixed)[1:]))
        self._budgets(column, one.line if one.line >= 0 else one.closes, funding + fixed)
        if one.line >= 0:
            self._places(column, one, opens)
        if one.closes >= 0:
            self._closing(column, one, closing_year(data, one, opens))

    def _budgets(self, column: int, line: int, pounds: Floats) -> None:
        """`pounds` [T+1] more spent by a line however full it is, in the rows of its budget line."""
        if self.posted is None:
            return
        earlier = float(self.posted.earlier_line[line])
        names = np.array(budget_lines(self.base.case), dtype=object)
        rows = np.flatnonzero(self.rows.family == "budget")
        t, name = self.rows.year[rows], names[self.rows.item[rows]]
        spent_on = self.posted.place_line[:, line]
        here = (1 - earlier) * pounds[t] * (spent_on[t] == name)
        before = earlier * pounds[t - 1] * (spent_on[t - 1] == name)
        self.room.append((rows, column, -np.asarray(here + before, dtype=float) / THOUSAND))

    def _change(self, column: int, family: str, item: int, by: Floats) -> None:
        """`by` [T+1] more in the rows of a family about an item."""
        rows = np.flatnonzero((self.rows.family == family) & (self.rows.item == item))
        self.room.append((rows, column, by[self.rows.year[rows]]))

    def _places(self, column: int, one: Option, opens: int) -> None:
        data = self.base.data
        share = one.share(data.horizon, opens)
        there = (np.arange(data.horizon + 1) >= opens).astype(float)
        self._change(column, "places", one.line, one.usable * share)
        if one.adds:
            self._change(column, "closing", one.line, one.usable * share)
        for setting in np.flatnonzero(data.limited_lines[:, one.line]):
            self._change(column, "physical", int(setting), one.physical * share)
        if one.row in self.floor_of:
            self._change(column, "fill", self.floor_of[one.row], -least_fill(self.base, one, share, there))

    def _closing(self, column: int, one: Option, closes: int) -> None:
        data, settled, rows = self.base.data, self.base.settled, self.rows
        line, copy = one.closes, self.copies.of(one.closes, closes)
        inside, most = settled_in(data, settled, line), most_in(data, settled, line)
        before = np.arange(data.horizon + 1) < closes
        spare = np.where(np.isfinite(data.places[:, line]), data.places[:, line], inside) - inside
        self._change(column, "places", line, -spare)
        self._change(column, "closing", line, -most)
        self._change(column, "places", copy, spare * before)
        self._change(column, "closing", copy, most * before)
        returned, gone, saved = moved_by_closing(data, settled, line, closes)
        self.cost[-1] -= float(saved[1:].sum())
        self._budgets(column, line, -data.place_funding[:, line] * ~before)
        cells = np.flatnonzero(returned.ravel())
        self.returned.append((cells, column, returned.ravel()[cells]))
        lost = np.where(self.data.pair_line == line, gone[:, self.copies.source], 0.0)
        freed = np.where(np.isin(rows.family, ("places", "closing")), 0.0, rows.used(lost))
        changed = np.flatnonzero(freed)
        self.room.append((changed, column, freed[changed]))
        for setting in np.flatnonzero(data.limited_lines[:, line]):
            in_building = settled.held @ data.limited_lines[setting, data.pair_line]
            held = settled.held[:, data.pair_line == line].sum(axis=1)
            less = in_building - np.where(before, 0.0, held)
            known = data.physical[:, setting]
            freed = known + np.where(before, 0.0, data.imported[:, line])
            self._change(column, "physical", int(setting), np.maximum(freed, less) - np.maximum(known, in_building))


def floors_by_scheme(base: Instance, found: list[Option]) -> dict[int, int]:
    """Row of the options table → position among the floors, for options that ask for a smallest fill."""
    floors: dict[int, int] = {}
    taken: set[int] = set()
    for one in found:
        if one.fill > 0 and one.line >= 0:
            free = [int(place) for place in np.flatnonzero(base.data.floor_line == one.line) if int(place) not in taken]
            floors[one.row] = free[0]
            taken.add(free[0])
    return floors


def least_fill(base: Instance, one: Option, share: Floats, there: Floats) -> Floats:
    """[T+1] children who must be in the line while the scheme is open: a share of the places there, and, where it adds
    to a line, that line's own places besides.
    """
    own = base.data.places[:, one.line] if one.adds else np.zeros_like(share)
    return np.where(there > 0, own + one.fill * one.places * share, 0.0)
