"""The program in PuLP, each column and row under a readable name."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pulp

from sufficiency.arrays import Ints
from sufficiency.plan.program.lp import FullProgram, LinearProgram
from sufficiency.plan.rows.coupling import row_labels
from sufficiency.plan.rows.families import OF_RULES, Family
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.names import lp_names


@dataclass(frozen=True)
class Written:
    """A program in PuLP, its variables in the order of the columns."""

    problem: pulp.LpProblem
    variables: list[pulp.LpVariable]


def in_pulp(instance: Instance, program: LinearProgram) -> Written:
    """Write a program in PuLP, each column and row under a readable name."""
    labels = _labels(instance, program)
    problem = pulp.LpProblem("sufficiency", pulp.LpMinimize)
    kinds = np.full(len(program.cost), pulp.LpContinuous, dtype=object)
    if program.options is not None:
        kinds[program.first_opening + np.flatnonzero(program.options.whole)] = pulp.LpInteger
    variables = [
        problem.add_variable(name, 0, None if np.isinf(bound) else bound, kind)
        for name, bound, kind in zip(labels.columns, program.upper.tolist(), kinds.tolist(), strict=True)
    ]
    problem.setObjective(pulp.LpAffineExpression(dict(zip(variables, program.cost.tolist(), strict=True))))
    matrix, column = program.matrix.tocsr(), np.array(variables, dtype=object)
    start, index, value = matrix.indptr.tolist(), matrix.indices, matrix.data
    equal = pulp.LpConstraintEQ if isinstance(program, FullProgram) else pulp.LpConstraintLE
    for row, (name, limit) in enumerate(zip(labels.rows, program.row_upper.tolist(), strict=True)):
        here = slice(start[row], start[row + 1])
        expression = pulp.LpAffineExpression(dict(zip(column[index[here]].tolist(), value[here].tolist(), strict=True)))
        sense = equal if row >= program.shared else pulp.LpConstraintLE
        problem.addConstraint(pulp.LpConstraint(expression, sense, name, limit))
    return Written(problem, variables)


@dataclass(frozen=True)
class _Labels:
    columns: list[str]
    rows: list[str]


def _labels(instance: Instance, program: LinearProgram) -> _Labels:
    case, data, rows = instance.case, instance.data, instance.rows
    parts = data.cells[["area", "need", "level", "phase"]].astype(str)
    eased = np.where(data.cells["step_down"], "step_down", "")
    ordinary = np.where(data.cells["mainstream"], "ordinary_class", "")
    marks = zip(parts.itertuples(index=False), eased, ordinary, strict=True)
    cell = lp_names(["_".join(filter(None, (*row, *more))) for row, *more in marks])
    line = lp_names(data.lines["line"].tolist())
    year = data.years.tolist()
    pairs, pair_line = len(data.pair_cell), data.pair_line.tolist()

    def of_cells(years: Ints, cells: Ints) -> list[str]:
        return [f"{year[t]}_{cell[c]}" for t, c in zip(years.tolist(), cells.tolist(), strict=True)]

    waits, arc_cell, preferred = len(data.arc_cell), instance.arc_cell, instance.settled.preferred.tolist()

    def of_arc(name: str, arc: int, sign: float) -> str:
        if arc < pairs:
            return f"enter_{name}__{line[pair_line[arc]]}"
        if arc < waits:
            return f"wait_{name}"
        return f"{'redirect' if sign < 0 else 'follow'}_{name}__{line[pair_line[preferred[arc - waits]]]}"

    named = of_cells(program.year, arc_cell[program.arc])
    taken = list(map(of_arc, named, program.arc.tolist(), program.sign.tolist()))
    coupled = lp_names(row_labels(case, data, rows).tolist())
    slack = dict.fromkeys((Family.FILL, *OF_RULES.values()), "breach")
    slack |= {Family.PLACES: "over", Family.BUDGET: "overspend", Family.WAITING: "beyond"}
    slacks = lp_names([re.sub(r"^[a-z]+", slack[rows.family[row]], coupled[row]) for row in program.slack_row])
    opening, limits = list[str](), list[str]()
    if (options := program.options) is not None:
        cells_of, lines_of = of_cells(options.year, data.pair_cell[options.pair]), data.pair_line[options.pair]
        names = [f"{name}__{line[at]}" for name, at in zip(cells_of, lines_of.tolist(), strict=True)]
        opening = options.opening_names + [f"redirect_{name}" for name in names]
        limits = options.limit_names + [f"preference_{name}" for name in names]
    demand = [f"demand_{name}" for name in of_cells(program.row_year, program.row_cell)]
    return _Labels(columns=slacks + opening + taken, rows=coupled + limits + demand)
