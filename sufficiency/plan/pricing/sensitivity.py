"""What a plan costs when its limits change a little, one place more: many such questions to one live program.

The program of the entries near the optimum stays in HiGHS with its best basis. A question changes limits, and the dual
simplex goes on from there: a place more moves few children. The bound over all arcs then says which entries are
missing; they join for good, so that later questions find them there. (For larger changes the steps of `boxes`, each a
program from scratch, are quicker: a live program grows, and its basis is far from the answer.) Several such programs
answer side by side, one to a thread: HiGHS lets go of Python while it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from sufficiency.arrays import Floats, Ints
from sufficiency.deadline import Deadline, awaited
from sufficiency.plan.dual.gap import GAP_TOLERANCE, relative_gap
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.boxstep import WIDEST, chosen_at, taken_in
from sufficiency.plan.pricing.column_generation import Priced
from sufficiency.plan.program.highs import DUAL_SIMPLEX, PRIMAL_SIMPLEX, Basis, basis_of, put_basis, run_changed
from sufficiency.plan.program.live_program import Boxed, boxed, limits_until, widen_or_add, with_box
from sufficiency.plan.program.lp import program_of_columns, unchanging_cost
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows

ENTRIES = 8_000
"""Entries beside the cheapest in the program at first."""
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass
class SensitivityModel:
    """A solved case, its program live; `last` as it stands now, `basis` that of the case itself. It grows with every
    question.
    """

    instance: Instance = field(repr=False)
    flows: Flows = field(repr=False)
    prices: Floats = field(repr=False)
    deadline: Deadline = field(repr=False)
    last: Boxed = field(repr=False)
    basis: Basis = field(repr=False)

    def cost_with(self, rows: Coupling) -> float | None:
        """£ discounted that the case costs with the limits, and the slack allowed, of `rows`; None where there is no
        proven answer.
        """
        before, now = self.instance.rows, replace(self.instance, rows=rows)
        changed = np.flatnonzero((rows.limit != before.limit) | (rows.slack_most != before.slack_most))
        self._change(changed, rows)
        put_basis(self.last.solution.live, self.basis)
        self.last = with_box(self.last, self.prices, np.full(len(self.prices), WIDEST))
        answer = self._solved(now)
        self._change(changed, before)
        return answer

    def _change(self, changed: Ints, rows: Coupling) -> None:
        program, live = self.last.program, self.last.solution.live
        room = program.row_upper[changed] + (rows.limit - self.instance.rows.limit)[changed]
        live.changeRowsBounds(len(changed), changed.astype(np.int32), np.full(len(changed), -np.inf), room)
        slack = np.flatnonzero(np.isin(program.slack_row, changed)).astype(np.int32)
        most = rows.slack_most[program.slack_row[slack]]
        live.changeColsBounds(len(slack), slack, np.zeros(len(slack)), most)

    def _solved(self, now: Instance) -> float | None:
        constant, strategy = unchanging_cost(now), DUAL_SIMPLEX
        while True:
            solution = run_changed(self.last.solution.live, limits_until(now, self.deadline), strategy)
            self.last, strategy = replace(self.last, solution=solution), PRIMAL_SIMPLEX
            if not solution.optimal:
                return None
            at = price_all_arcs(now, self.flows, self.last.prices)
            last = None if self.last.closed(at, constant) else widen_or_add(self.last, now, self.flows, at)
            if last is None:
                proven = relative_gap(self.last.objective, at.bound, constant) <= GAP_TOLERANCE
                return self.last.objective if proven else None
            if not last.optimal:
                return None
            self.last = last


def sensitivity_model(priced: Priced) -> SensitivityModel | None:
    """The program of a solved case, live; None where it did not come to an end."""
    instance, flows = priced.instance, priced.flows
    at = price_all_arcs(instance, flows, priced.prices)
    near, _ = at.lowest_reduced_cost(instance, ENTRIES)
    entries = near | chosen_at(priced.program.at, at)
    entries |= taken_in(instance, priced.program, priced.solution.columns)
    program = program_of_columns(instance, flows, entries, at)
    last = boxed(program, at.prices, np.full(len(at.prices), WIDEST), limits_until(instance, priced.deadline))
    if not last.optimal:
        return None
    return SensitivityModel(instance, flows, at.prices, priced.deadline.beside(), last, basis_of(last.solution.live))


def ask_in_parallel(
    priced: Priced, answer: Callable[[SensitivityModel, Asked], Answer], asked: Sequence[Asked]
) -> Iterator[Answer]:
    """What `answer` makes of everything `asked`, in order, until the time is up or a stop is asked for; as many at a
    time as the solver may use threads. The same twice, whichever thread is the quicker: each program hears the same
    questions in the same order. Nothing where the case did not come to an end.
    """
    beside = min(priced.instance.case.model.solver.threads, len(asked))
    programs = [one for one in (sensitivity_model(priced) for _ in range(beside)) if one is not None]
    if len(programs) < beside:
        return
    threads = [ThreadPoolExecutor(1) for _ in programs]
    try:
        coming = [
            threads[number % beside].submit(answer, programs[number % beside], question)
            for number, question in enumerate(asked)
        ]
        for answers in coming:
            if priced.deadline.passed:
                return
            yield awaited(answers)
    finally:
        for thread in threads:
            thread.shutdown(cancel_futures=True)
