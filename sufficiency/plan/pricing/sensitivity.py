"""What a plan costs when its limits change a little, one place more: many such questions to one live program.

The program of the arcs near the optimum stays in HiGHS with its best basis. A question changes limits, and the dual
simplex goes on from there: a place more moves few children. The bound over all arcs then says which arcs are
missing; they join for good, so that later questions find them there. (For larger changes the steps of `boxstep`, each a
program from scratch, are quicker: a live program grows, and its basis is far from the answer.) Several such programs
answer side by side, one to a thread: HiGHS lets go of Python while it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.deadline import awaited
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.boxstep import mark_chosen, mark_taken
from sufficiency.plan.pricing.column_generation import Priced
from sufficiency.plan.program.highs import Basis
from sufficiency.plan.program.live_program import LiveProgram
from sufficiency.plan.program.lp import ContestedProgram, program_of_columns, unchanging_cost
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.tolerances import GAP_TOLERANCE

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class SensitivityModel:
    """The program of a solved case, live: it grows with every question, and each starts from the `prices` [H] and the
    `basis` of the case itself. `constant`: what no decision changes.
    """

    program: LiveProgram = field(repr=False)
    prices: Floats = field(repr=False)
    basis: Basis = field(repr=False)
    constant: float

    def cost_with(self, rows: Coupling) -> float | None:
        """£ discounted that the case costs with the limits, and the slack allowed, of `rows`; None where there is no
        proven answer.
        """
        program, before = self.program, self.program.instance.rows
        program.set_limits(rows)
        program.start_from(self.basis)
        program.set_box(self.prices, np.full(len(self.prices), program.instance.tuning.widest_box))
        program.run()
        point = program.price_out(lambda point: program.result.closed(point, self.constant))
        program.set_limits(before)
        objective = program.result.objective
        if point is None or relative_gap(objective, point.bound, self.constant) > GAP_TOLERANCE:
            return None
        return objective


def sensitivity_model(priced: Priced) -> SensitivityModel | None:
    """The program of a solved case, live; None where it did not come to an end."""
    instance, flows = priced.instance, priced.flows
    point = price_all_arcs(instance, flows, priced.prices)
    arcs, _ = point.lowest_reduced_cost(instance, instance.tuning.sensitivity_arcs)
    if isinstance(priced.program, ContestedProgram):
        arcs |= mark_chosen(priced.program.point, point)
    arcs |= mark_taken(instance, priced.program, priced.solution.columns)
    program = program_of_columns(instance, flows, arcs, point)
    width = np.full(len(point.prices), instance.tuning.widest_box)
    live = LiveProgram(instance, flows, program, point.prices, width, priced.deadline)
    if not live.result.optimal:
        return None
    live.deadline = priced.deadline.beside()
    return SensitivityModel(live, point.prices, live.basis, unchanging_cost(instance))


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
