"""Among plans of equal cost, the one closest to a pattern: so that a difference shown between two plans is real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments, free_to_choose
from sufficiency.plan.pricing.column_generation import Priced
from sufficiency.plan.program.highs import load_arrays, run_loaded
from sufficiency.plan.program.live_program import limits_until
from sufficiency.plan.program.lp import ContestedProgram, program_of_columns
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.tolerances import TIED


def pattern_target(data: InstanceData, settled: Commitments) -> Floats:
    """[T+1, P] entrants if everyone free to choose followed today's pattern."""
    free = np.stack([free_to_choose(data, t) for t in range(data.horizon + 1)])
    return np.maximum(free[:, data.pair_cell] * settled.pattern, settled.entrants)


def plan_target(data: InstanceData, entrants: pd.DataFrame) -> Floats:
    """[T+1, P] entrants of another plan, given as its rows: year, area, need, phase, line, entrants.

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
    return target


def closest_to(priced: Priced, wanted: Floats) -> Priced:
    """The optimal plan that places most entrants as `wanted` [T+1, P] says, as a solved program.

    At the optimal prices a plan costs the least if and only if everyone takes one of the cheapest arcs of their
    cell, every row with a price is used to its limit, and slack stays at the bound that its own cost calls for. Among
    those each arc is worth 1 a child, up to the target. The first solution is returned where the second solve ends
    in any other way than optimal.
    """
    instance, rows = priced.instance, priced.instance.rows
    point = price_all_arcs(instance, priced.flows, priced.prices)
    tied = instance.open_arcs & (point.reduced_cost <= TIED)
    program = program_of_columns(instance, priced.flows, tied, point)
    if not len(program.year):
        return priced
    matrix, worth, most, twins = _with_twins(instance, program, wanted)
    slack = np.arange(len(program.slack_row))
    beyond = (rows.slack_cost - point.prices)[program.slack_row]
    forced = np.where(beyond < -TIED, program.upper[slack], 0.0)
    free = np.abs(beyond) <= TIED
    least = np.zeros(len(most))
    least[slack], most[slack] = np.where(free, 0.0, forced), np.where(free, program.upper[slack], forced)
    lowest = np.full(len(program.row_upper), -np.inf)
    shared = np.arange(program.shared)
    lowest[shared] = np.where(point.prices > TIED, program.row_upper[shared], -np.inf)
    limits = limits_until(instance, priced.deadline)
    highs = load_arrays(matrix, -worth, most, program.row_upper, row_lower=lowest, lower=least, scale=0, limits=limits)
    second = run_loaded(highs, limits)
    if not second.optimal:
        return priced
    own = len(program.cost)
    columns = second.columns[:own].copy()
    columns[twins] += second.columns[own : own + len(twins)]
    return replace(priced, program=program, solution=replace(second, columns=columns))


def _with_twins(
    instance: Instance, program: ContestedProgram, wanted: Floats
) -> tuple[sparse.csc_matrix, Floats, Floats, Ints]:
    """The matrix with a twin of each column that the target `wanted` [T+1, P] names, worth 1 a child up to the target
    (−1 where it takes a child out of it who follows the pattern); and for those left to the reference of a cell a
    column that only claims them, so that they count alike. With it the worth and the most of each column, and which
    have twins.
    """
    settled, first, pairs = instance.settled, len(program.slack_row), wanted.shape[1]
    waits = len(instance.data.arc_cell)
    beyond = np.maximum(wanted - settled.entrants, 0.0)
    followed = np.minimum(wanted[:, settled.preferred], settled.giving)
    most = program.upper.copy()
    placed, prefer = np.flatnonzero(program.arc < pairs), np.flatnonzero(program.arc >= waits)
    target = np.zeros(len(program.arc))
    target[placed] = beyond[program.year[placed], program.arc[placed]]
    target[prefer] = followed[program.year[prefer], program.arc[prefer] - waits]
    most[first + prefer] -= target[prefer]
    twinned = np.flatnonzero(target > 0)
    twins, target, sign = first + twinned, target[twinned], program.sign[twinned]
    reference = program.reference[program.row_year, program.row_cell]
    claims = np.flatnonzero(reference < pairs)
    claimed = beyond[program.row_year[claims], reference[claims]]
    claims, claimed = claims[claimed > 0], claimed[claimed > 0]
    claim = sparse.csc_matrix(
        (np.ones(len(claims)), (program.shared + claims, np.arange(len(claims)))),
        shape=(program.matrix.shape[0], len(claims)),
    )
    matrix = sparse.hstack([program.matrix, program.matrix[:, twins], claim], format="csc")
    worth = np.concatenate([np.zeros(len(program.cost)), sign, np.ones(len(claims))])
    return matrix, worth, np.concatenate([most, target, claimed]), twins
