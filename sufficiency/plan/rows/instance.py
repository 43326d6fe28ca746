"""A case as arrays, ready for the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sufficiency.arrays import Flags, Ints
from sufficiency.case import Case, Defaults
from sufficiency.plan.instance.build import instance_data
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.default_weights import defaults_of, with_weights
from sufficiency.plan.instance.pattern import Commitments, clean_slate, commitments
from sufficiency.plan.rows.budgets import budget_rows
from sufficiency.plan.rows.coupling import Coupling, coupling_rows, stacked
from sufficiency.plan.rows.transitions import Flows, flows_of
from sufficiency.plan.tolerances import NOBODY
from sufficiency.plan.tuning import TUNING, Tuning


def unchanged(instance: Instance) -> Instance:
    """The case itself."""
    return instance


@dataclass(frozen=True)
class Instance:
    """Cells and arcs, what is settled, the rows that join cells, and the default weights of its base model."""

    case: Case = field(repr=False)
    data: InstanceData = field(repr=False)
    settled: Commitments = field(repr=False)
    rows: Coupling = field(repr=False)
    defaults: Defaults
    openings: tuple[tuple[int, int, float], ...] = ()
    """Options that are open in it: row of the options table, year, part."""
    reopen: Callable[[Instance], Instance] = field(default=unchanged, repr=False)
    """Opens the same options in its case prepared otherwise, with other journey limits say."""
    tuning: Tuning = TUNING
    """How its optimum is sought."""

    @cached_property
    def flows(self) -> Flows:
        """How the children of one year become those of the next."""
        return flows_of(self.data, self.rows)

    @cached_property
    def arc_cell(self) -> Ints:
        """[P + C + G] the cell of each arc: pairs, waiting in each cell, preferences that may give way."""
        return np.concatenate([self.data.arc_cell, self.data.pair_cell[self.settled.preferred]])

    @cached_property
    def open_arcs(self) -> Flags:
        """[T+1, P + C + G] arcs that could hold anybody: pairs open to entrants, and waiting, of cells with children in
        the year, and preferences of somebody.
        """
        some = self.data.demand > 0
        giving = self.settled.giving > NOBODY
        open_now = np.hstack([self.data.may_enter & some[:, self.data.pair_cell], some, giving])
        open_now[0] = False
        return open_now


def prepare(case: Case, tuning: Tuning = TUNING) -> Instance:
    """The arrays of a case; under `continuity.clean_slate` with everyone placed anew each year."""
    data = instance_data(case)
    defaults = defaults_of(case, data)
    data = with_weights(data, case.model, defaults)
    settled = commitments(data, case.model.continuity)
    if case.model.continuity.clean_slate:
        data, settled = clean_slate(data, settled)
    return Instance(case, data, settled, all_rows(case, data, settled), defaults, tuning=tuning)


def all_rows(case: Case, data: InstanceData, settled: Commitments) -> Coupling:
    """The coupling rows, and those of budgets where overspending counts."""
    rows = coupling_rows(case, data, settled)
    if case.model.finance.overspend > 0:
        budgets = budget_rows(case, data, case.model.finance.overspend * data.discount)
        rows = stacked([rows, budgets], data)
    return rows
