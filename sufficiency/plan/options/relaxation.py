"""The linear program with openings in it, kept live: openings are freed or fixed, and all arcs priced each time.

Like every program of contested arcs it stands on a reference, with prices held in a box (`boxstep`); arcs join it, and
the box gives way, until nothing is missing and nothing is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import DualPoint, price_all_arcs
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.master import Cut, cut_at
from sufficiency.plan.options.openings import with_openings
from sufficiency.plan.pricing.aggregation import coarse_maps, coarsen, places_on
from sufficiency.plan.program.highs import Basis, Solution
from sufficiency.plan.program.live_program import BoxedSolution, LiveProgram
from sufficiency.plan.program.lp import LinearProgram, children_of, program_of_columns, slack_of
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.softening import with_a_price_on_hard_rows
from sufficiency.plan.rows.transitions import Flows, flows_of
from sufficiency.progress import Progress, silent

SMALL = 20_000
"""Arcs up to which the live program holds them all: choosing among them would cost more than it saves."""
ENTRIES = 4_000
"""Entries beside the cheapest in the first program."""
KEPT = 1e-7
"""Children: a hard rule missed by less is kept."""
SHORT_RUNS = (("simplex_dual_edge_weight_strategy", 1), ("dual_simplex_cost_perturbation_multiplier", 0.0))
"""HiGHS's options for many short runs from a basis put in: weights that cost nothing to begin with (Devex), costs as
they are, for cleaning up after changed ones takes longer than a run.
"""
WIDE = 1e7
"""£: a box that holds no price."""


@dataclass(frozen=True)
class Live:
    """The `last` result of a live `program`. `case` is the undecided one with a price on missing its hard rows; `hard`
    says which. `cut`: what the prices of the last run prove; none where HiGHS did not solve it.
    """

    found: OptionModel = field(repr=False)
    case: Instance = field(repr=False)
    hard: Flags = field(repr=False)
    flows: Flows = field(repr=False)
    program: LiveProgram = field(repr=False)
    last: BoxedSolution = field(repr=False)
    deadline: Deadline = field(repr=False)
    cut: Cut | None = field(repr=False, default=None)

    @property
    def solution(self) -> Solution:
        """The solver's answer."""
        return self.last.solution

    @property
    def optimal(self) -> bool:
        """Whether HiGHS called the last run optimal."""
        return self.last.optimal

    @property
    def y(self) -> Floats:
        """[Y] openings of the last run."""
        if not self.optimal:
            return np.zeros(len(self.found.choices))
        program = self.last.program
        return np.clip(self.last.columns[program.openings], 0.0, 1.0)

    @property
    def objective(self) -> float:
        """£ discounted of the last run, with what no decision changes."""
        return self.last.objective

    @property
    def prices(self) -> Floats:
        """[H] prices of the coupling rows in the last run."""
        return self.last.prices

    @property
    def placed(self) -> tuple[Floats, Floats]:
        """[T+1, P] entrants beyond those settled, by the pairs of the case without copies, and [T+1, C] those who wait,
        in the last run; of a coarser map nobody.
        """
        if len(self.found.source) != len(self.case.data.pair_cell):
            return np.zeros((0, 0)), np.zeros((0, 0))
        return placed_in(self.found, self.flows, self.last.program, self.last.columns)

    @property
    def stock(self) -> Floats:
        """[T+1, P] children in each pair in the last run, those in copies included."""
        return stock_of(self.case.data, children_of(self.case, self.flows, self.last.program, self.last.columns)[0])

    @property
    def basis(self) -> Basis:
        """The basis of the last run."""
        return self.program.basis

    @property
    def keeps_hard_rows(self) -> bool:
        """Whether the last run paid nothing for missing a hard row."""
        slack = slack_of(self.case.rows, self.last.program, self.last.columns)
        return bool((slack[self.hard] <= KEPT).all())


def copied(live: Live) -> Live:
    """The same program once more, at the same basis, for another thread to ask."""
    return replace(live, program=live.program.duplicate())


def placed_in(found: OptionModel, flows: Flows, program: LinearProgram, columns: Floats) -> tuple[Floats, Floats]:
    """[T+1, P] entrants beyond those settled, by the pairs of the case without copies, and [T+1, C] those who wait."""
    base, case = found.base.data, found.instance
    here, waiting = children_of(case, flows, program, columns)
    entrants = np.zeros((base.horizon + 1, len(base.pair_cell)))
    np.add.at(entrants.T, found.source, (here - case.settled.entrants).T)
    return entrants, waiting


def with_hard_rows_kept(live: Live, clash: Callable[[Floats], bool]) -> Live:
    """The live program solved with no hard row missed, at any price; it may miss them again afterwards. Where they
    cannot be kept its prices leave every box, unless they prove a `clash` before: they are put back into the one they
    were in, and the program is not optimal.
    """
    program = live.program
    program.set_limits(live.found.instance.rows)
    kept = _completed(live, proven=lambda cut: clash(cut.prices))
    program.set_limits(live.case.rows)
    if kept.cut is not None and not clash(kept.cut.prices):
        return kept
    program.set_box(live.last.centre, live.last.width)
    return replace(kept, last=replace(kept.last, solution=replace(kept.solution, optimal=False)), cut=None)


def relaxed(found: OptionModel, prices: Floats | None, deadline: Deadline) -> Live:
    """The program in which any share of an option may open, solved and priced over all arcs.

    It starts from all arcs, or from those contested at `prices` [H].
    """
    case, hard = with_a_price_on_hard_rows(found.instance)
    flows, shared = flows_of(case.data, case.rows), len(case.rows.limit)
    at = price_all_arcs(case, flows, np.zeros(shared) if prices is None else prices)
    near, band = (_arcs(case), WIDE) if prices is None else at.lowest_reduced_cost(case, ENTRIES)
    program = with_openings(program_of_columns(case, flows, near, at), found, flows)
    solved = LiveProgram(case, flows, program, at.prices, np.full(shared, max(band, case.tuning.widest_box)), deadline)
    for option, value in SHORT_RUNS:
        solved.set_option(option, value)
    return _priced_out(Live(found, case, hard, flows, solved, solved.result, deadline))


def _arcs(case: Instance) -> Flags:
    """[T+1, P + C + G] all arcs, and no preference: those that would give way join as they are missed."""
    found = case.open_arcs.copy()
    found[:, len(case.data.arc_cell) :] = False
    return found


def relaxed_on_coarse_maps(found: OptionModel, deadline: Deadline, progress: Progress = silent) -> Iterator[Live]:
    """The same on ever finer maps, each from the prices of the one before, as far as they are solved; on none where the
    map itself has few arcs.
    """
    prices = None
    few = found.instance.open_arcs.sum() <= SMALL
    for group_of in [] if few else coarse_maps(found.base.case.tables.areas):
        progress("Choose", f"first on {group_of.nunique()} groups of areas")
        live = relaxed(coarse_openings(found, group_of), prices, deadline)
        if prices is None and live.optimal:  # what is near is a tenth of it, and is solved again many times
            live = relaxed(live.found, live.prices, deadline)
        yield live
        if not live.optimal:
            return
        prices = live.prices


def coarse_openings(found: OptionModel, group_of: pd.Series) -> OptionModel:
    """The undecided case on a coarser map (`group_of`: area → group); the coupling rows stay the same rows."""
    case, choices = found.instance, found.choices
    data, settled, coarse_rows = coarsen(case.data, case.settled, case.rows, group_of)
    cell, pair = places_on(case.data, data, group_of)
    entries = choices.returned.tocoo()
    year, at = np.divmod(entries.row, len(case.data.cells))
    shape = ((data.horizon + 1) * len(data.cells), len(choices))
    returned = sparse.csr_matrix((entries.data, (year * len(data.cells) + cell[at], entries.col)), shape=shape)
    instance = replace(case, data=data, settled=settled, rows=coarse_rows)
    preferences = found.preferences.summed_up(pair)
    return replace(found, instance=instance, choices=replace(choices, returned=returned), preferences=preferences)


def solved_between(
    live: Live,
    lower: Floats,
    upper: Floats,
    forced: Flags | None = None,
    *,
    start: Basis | None = None,
    short: float = 0.0,
    cutoff: float = np.inf,
) -> Live:
    """The live program with openings between two bounds [Y] and options `forced` [S] to open, solved from a basis it
    had (`start`) or from where it stands, and priced over all arcs. It may stay `short` (£) of what its prices prove,
    and ends where they prove that openings between the bounds cost the `cutoff` or more.
    """
    program = live.program
    program.fix_openings(lower, upper, np.zeros(len(live.found.choices.schemes), bool) if forced is None else forced)
    if start is not None:
        program.start_from(start)
    return _completed(live, short, lambda cut: cut.least(lower, upper) >= cutoff)


def _completed(live: Live, short: float = 0.0, proven: Callable[[Cut], bool] = lambda cut: False) -> Live:
    """The changed program run, and priced out."""
    live.program.deadline = live.deadline
    live.program.run()
    return _priced_out(live, short, proven)


def _priced_out(live: Live, short: float = 0.0, proven: Callable[[Cut], bool] = lambda cut: False) -> Live:
    """The live program priced out, until the cut of its prices comes within `short` (£) of its objective, or has
    `proven` enough.
    """
    program, cuts = live.program, list[Cut]()

    def enough(point: DualPoint) -> bool:
        cut = cut_at(live.found, point)
        cuts.append(cut)
        now = replace(live, last=program.result)
        return proven(cut) or (short > 0 and now.objective - cut.at(now.y) <= short)

    point = program.price_out(enough)
    return replace(live, last=program.result, cut=None if point is None else cuts[-1])
