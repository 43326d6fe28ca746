"""Among plans of equal cost, the one closest to a pattern: so that a difference shown between two plans is real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Floats, totals
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments, free_to_choose
from sufficiency.plan.highs import run_again
from sufficiency.plan.pricing import (
    Priced,
    duals,
    in_program,
    reduced_costs,
    solved_again,
    solver_limits,
    with_entrants,
)
from sufficiency.plan.program import Program, possible_arcs

CHANGES_NOTHING = 1e-6
"""£ a child: columns and rows priced below this may move without changing the cost."""


def pattern_target(data: PlanData, settled: Commitments) -> Floats:
    """[T+1, P] entrants beyond x̂ if everyone free to choose followed today's pattern."""
    free = np.stack([free_to_choose(data, t) for t in range(data.horizon + 1)])
    return np.maximum(free[:, data.pair_cell] * settled.pattern - settled.entrants, 0.0)


def plan_target(data: PlanData, settled: Commitments, entrants: pd.DataFrame) -> Floats:
    """[T+1, P] entrants beyond x̂ of another plan, given as its rows: year, area, need, phase, line, entrants.

    Levels of provision share what their area, need and phase have, as they share its children.
    """
    names = ["area", "need", "phase", "line"]
    keys = data.cells[names[:3]].iloc[data.pair_cell].assign(line=data.lines["line"].to_numpy()[data.pair_line])
    group, distinct = pd.factorize(pd.MultiIndex.from_frame(keys))
    target = np.zeros((data.horizon + 1, len(data.pair_cell)))
    for t in range(1, data.horizon + 1):
        rows = entrants[entrants["year"] == data.years[t]]
        there = rows.groupby(names)["entrants"].sum().reindex(distinct, fill_value=0.0).to_numpy()
        weight = data.demand[t, data.pair_cell]
        total = totals(group, weight, len(distinct))[group]
        target[t] = there[group] * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return np.maximum(target - settled.entrants, 0.0)


def closest_to(priced: Priced, wanted: Floats) -> tuple[Program, Floats]:
    """Columns of the optimal plan that places most entrants as `wanted` [T+1, P] says (beyond x̂), with the program
    they belong to.

    Everything with a price stays where it is, which keeps the cost; each column free to move gets a twin, worth 1 a
    child up to the target. The first solution is returned where the second solve ends in any other way than
    optimal. Leaves the live model changed.
    """
    priced = _with_tied_arcs(priced, wanted)
    written, solution, live = priced.written, priced.solution, priced.solution.live
    enter, columns = written.first_entrant, len(solution.columns)
    target = wanted[written.enter_year, written.enter_pair]
    free = np.abs(solution.reduced_costs) <= CHANGES_NOTHING
    twins = enter + np.flatnonzero(free[enter:] & (target > 0))
    if not len(twins):
        return written, solution.columns
    fixed = np.flatnonzero(~free)
    live.changeColsBounds(len(fixed), fixed.astype(np.int32), solution.columns[fixed], solution.columns[fixed])
    upper = np.array(live.getLp().row_upper_)
    binding = np.flatnonzero(np.abs(solution.row_duals) > CHANGES_NOTHING)
    live.changeRowsBounds(len(binding), binding.astype(np.int32), upper[binding], upper[binding])
    live.changeColsCost(columns, np.arange(columns, dtype=np.int32), np.zeros(columns))
    live.setOptionValue("user_objective_scale", 0)
    entries = sparse.csc_matrix(written.matrix)[:, twins]
    live.addCols(
        len(twins),
        np.full(len(twins), -1.0),
        np.zeros(len(twins)),
        target[twins - enter],
        entries.nnz,
        entries.indptr[:-1].astype(np.int32),
        entries.indices.astype(np.int32),
        entries.data,
    )
    second = run_again(live, **solver_limits(priced.prepared, priced.deadline))
    if not second.optimal:
        return written, solution.columns
    found = second.columns[:columns].copy()
    found[twins] += second.columns[columns:]
    return written, found


def _with_tied_arcs(priced: Priced, wanted: Floats) -> Priced:
    """The program with the arcs it left out that cost nothing more and that the target names."""
    data, rows = priced.prepared.data, priced.prepared.rows
    beyond = reduced_costs(data, rows, *duals(priced.written, data, priced.solution))
    tied = possible_arcs(data) & ~in_program(priced.written, data) & (beyond <= CHANGES_NOTHING) & (wanted > 0)
    if not tied.any():
        return priced
    again = solved_again(replace(priced, written=with_entrants(priced, tied)))
    return again if again.solution.optimal else priced
