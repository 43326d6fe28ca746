"""What a search for openings knows: its live program, its cuts and the openings it has tried; and how it begins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.linking import LINK, violated, with_links
from sufficiency.plan.options.master import Allowed, Cut
from sufficiency.plan.options.relaxation import Live, relaxed
from sufficiency.plan.options.ruled_out import RuledOut
from sufficiency.plan.options.whole import Whole
from sufficiency.plan.program.highs import Basis
from sufficiency.plan.program.lp import unchanging_cost
from sufficiency.progress import Progress, silent

LINK_ROUNDS, LINKS_A_ROUND = 20, 1_000
"""Rounds in which rows that link children to openings join, and how many join in one at most."""
LITTLE_RISE = 1e-5
"""Rise of the cost, as a share of what can be decided, below which a round is the last."""


@dataclass(frozen=True)
class Candidate:
    """Openings that were solved, what the cheapest plan with them costs (discounted £), and who enters where in it
    [T+1, P], beyond those settled, and waits [T+1, C]; the `basis` with which they were solved.
    """

    y: Floats = field(repr=False)
    value: float
    entrants: Floats = field(repr=False)
    waiting: Floats = field(repr=False)
    basis: Basis = field(repr=False)


@dataclass(frozen=True)
class Search:
    """What is known so far: the live program, every cut, every opening tried, and those ruled out. Cuts hold under any
    restriction. `start` is the basis of the linear program in which any share of an option may open. `whole`: the
    program in one piece, where it is small.
    """

    live: Live = field(repr=False)
    cuts: tuple[Cut, ...] = field(repr=False)
    tried: tuple[Candidate, ...] = field(repr=False)
    constant: float = 0.0
    start: Basis | None = field(repr=False, default=None)
    ruled_out: tuple[RuledOut, ...] = field(repr=False, default=())
    whole: Whole | None = field(repr=False, default=None)

    @property
    def found(self) -> OptionModel:
        """The case searched."""
        return self.live.found

    @property
    def threads(self) -> int:
        """Threads that HiGHS may use."""
        return self.found.base.case.model.solver.threads

    def incumbent(self, allowed: Allowed) -> Candidate | None:
        """The cheapest of the openings tried that are allowed."""
        fitting = [one for one in self.tried if allowed.holds(one.y)]
        return min(fitting, key=lambda one: one.value) if fitting else None


def with_linking_rows(search: Search, deadline: Deadline, progress: Progress = silent) -> Search:
    """The search with rows that link children to openings, those that the linear program in which any share of an
    option may open breaks: round after round, as long as they raise its cost by enough.
    """
    for _ in range(LINK_ROUNDS):
        before = search.live
        year, pair = violated(search.found, before.y, before.stock, LINKS_A_ROUND)
        if not len(year) or deadline.passed:
            break
        found = with_links(search.found, year, pair)
        live = relaxed(found, np.append(before.prices, np.zeros(len(year))), deadline)
        if live.cut is None:
            break
        progress("Choose", f"{np.count_nonzero(found.instance.rows.family == LINK):,} rows link children to openings")
        cuts = tuple(replace(cut, prices=cut.and_no_price_on(live.prices)) for cut in search.cuts)
        search = replace(search, live=live, cuts=(live.cut, *cuts), start=live.basis)
        if live.objective - before.objective < LITTLE_RISE * max(abs(live.objective - search.constant), 1.0):
            break
    return search


def with_relaxation(live: Live) -> Search:
    """A search with the cut of the linear program in which any share of an option may open."""
    cuts = () if live.cut is None else (live.cut,)
    return replace(without_cuts(live), cuts=cuts, start=live.basis)


def without_cuts(live: Live) -> Search:
    """A search that knows nothing."""
    return Search(live, (), (), unchanging_cost(live.found.base))
