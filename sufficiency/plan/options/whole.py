"""A small program with its openings whole, in one piece: HiGHS's own branch and bound over all arcs.

It says quickly which openings are best, and below what none go. The plan itself is never taken on its word: its
openings are proven by cuts, which the certificate works out again. Differences from the plan are (`benders`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np

from sufficiency.arrays import Floats, where_true
from sufficiency.deadline import Deadline
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.linking import LINK, shares_open, with_links
from sufficiency.plan.options.master import Allowed
from sufficiency.plan.options.openings import with_openings
from sufficiency.plan.program.highs import copied_program, load_arrays, run_changed, run_loaded
from sufficiency.plan.program.live_program import limits_until
from sufficiency.plan.program.lp import program_of_all_arcs
from sufficiency.plan.rows.transitions import flows_of

SECONDS = 10.0
"""Seconds that one question to it may take."""
UNITS = -10
"""Costs go in as £ × 2 to the power of this, so that they are of the size of children."""
ENDED = frozenset({highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible})
"""What HiGHS says where its search came to its end."""


@dataclass(frozen=True)
class Answer:
    """The best openings [Y] found, if any, £ discounted below which none go, and whether the search came to its end."""

    y: Floats | None
    bound: float
    ended: bool


@dataclass(frozen=True)
class Whole:
    """The program in HiGHS. Openings are its columns from `first` on, their limits its rows from `limits` on; `offset`
    is what no column stands for (£).
    """

    found: OptionModel = field(repr=False)
    live: Any = field(repr=False)
    first: int
    limits: int
    offset: float

    def copied(self) -> Whole:
        """The same program once more, for another thread to ask."""
        return replace(self, live=copied_program(self.live))

    def with_limit(self, limit: int, most: float) -> Whole:
        """The same program, with another figure for the most that one of the limits of openings may come to."""
        self.live.changeRowBounds(self.limits + limit, -np.inf, most)
        return self

    def best(self, allowed: Allowed, deadline: Deadline, near: float = 0.0) -> Answer:
        """The best openings that are allowed, known but for so much (£)."""
        live, columns, rows = self.live, len(self.found.choices), self.live.getNumRow()
        place = np.arange(self.first, self.first + columns, dtype=np.int32)
        live.changeColsBounds(columns, place, np.zeros(columns), np.minimum(allowed.upper, 1.0))
        for weights, most in zip(allowed.rows, allowed.most.tolist(), strict=True):
            at = np.flatnonzero(weights)
            live.addRow(-np.inf, most, len(at), place[at], weights[at])
        live.setOptionValue("mip_abs_gap", max(near * 2.0**UNITS, 0.0))
        until = limits_until(self.found.base, deadline)
        solution = run_changed(live, replace(until, seconds=min(until.seconds, SECONDS)))
        status = live.getModelStatus()
        ended = status in ENDED
        bound = np.inf if status == highspy.HighsModelStatus.kInfeasible else solution.bound
        bound = bound * 2.0**-UNITS + self.offset if abs(bound) < highspy.kHighsInf else bound
        found = len(solution.columns) > self.first + columns and abs(solution.objective) < highspy.kHighsInf
        y = np.clip(solution.columns[self.first : self.first + columns], 0.0, 1.0) if found else None
        added = np.arange(rows, live.getNumRow(), dtype=np.int32)
        if len(added):
            live.deleteRows(len(added), added)
        return Answer(y, bound, ended)


def whole_program(found: OptionModel, deadline: Deadline) -> Whole | None:
    """The program of all arcs and openings, with every row that links children to an opening; None where it is not
    small, or no option opens whole.
    """
    if found.instance.open_arcs.sum() > found.base.tuning.whole_arcs or not found.choices.whole.any():
        return None
    linked = _all_linked(found)
    case = linked.instance
    flows = flows_of(case.data, case.rows)
    program = with_openings(program_of_all_arcs(case, flows), linked, flows)
    equal = np.zeros(len(program.row_upper), dtype=bool)
    equal[program.shared :] = True
    scale = 2.0**UNITS
    limits = limits_until(found.base, deadline)  # as many threads as all else: HiGHS refuses to change between runs
    live = load_arrays(
        program.matrix,
        program.cost * scale,
        program.upper,
        program.row_upper,
        row_lower=np.where(equal, program.row_upper, -np.inf),
        limits=limits,
        scale=0,
    )
    run_loaded(live, limits)
    place = program.openings.start + np.flatnonzero(found.choices.whole).astype(np.int32)
    live.changeColsIntegrality(len(place), place, np.full(len(place), int(highspy.HighsVarType.kInteger), np.uint8))
    live.setOptionValue("mip_rel_gap", 0.0)
    return Whole(found, live, program.openings.start, len(case.rows.limit), program.offset)


def _all_linked(found: OptionModel) -> OptionModel:
    """The case with a row for every child that may be in an option of its own, in every year."""
    data, rows = found.instance.data, found.instance.rows
    lines, _ = shares_open(found, np.zeros(len(found.choices)))
    wanted = np.isin(data.pair_line, lines)[None, :] & data.line_open[:, data.pair_line] & data.eligible
    wanted[0] = False
    there = np.flatnonzero(rows.family == LINK)
    known = data.pair_cell * len(data.lines) + data.pair_line
    wanted[rows.year[there], np.searchsorted(known, rows.item[there])] = False
    return with_links(found, *where_true(wanted))
