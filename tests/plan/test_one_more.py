"""Questions to one live program, each against the program of all arcs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.deadline import Deadline, Stop
from sufficiency.plan.pricing.column_generation import solve_full
from sufficiency.plan.pricing.sensitivity import SensitivityModel, ask_in_parallel, sensitivity_model
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.plan.tuning import Tuning

from ..examples import examples
from ..random_cases import random_case


@given(st.integers(0, 400), st.integers(0, 2**32 - 1), st.sampled_from([2, 8_000]))
@examples(40)
def test_every_answer_is_that_of_all_arcs(seed: int, questions: int, entries: int) -> None:
    """More places and fewer, in any order: no question taints the next, and at the end the plan is what it was."""
    instance, rng = prepare(random_case(seed), Tuning(sensitivity_arcs=entries)), np.random.default_rng(questions)
    solved = solve_by_pricing(instance)
    here = sensitivity_model(solved.priced)
    assert here is not None
    rows = instance.rows
    settled = rows.used(instance.settled.stock)
    for more in (1.0, -2.0, 5.0):
        changed = (rows.family == "places") & (rng.random(len(rows.limit)) < 0.3)
        limit = np.where(changed, np.maximum(rows.limit + more, np.minimum(settled, rows.limit)), rows.limit)
        asked = replace(rows, limit=limit)
        direct = solve_full(replace(instance, rows=asked))
        assert direct.solution.optimal
        assert here.cost_with(asked) == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)
    assert here.cost_with(rows) == pytest.approx(solved.plan.objective, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("threads", [2, 3])
def test_programs_side_by_side_find_what_one_finds(threads: int) -> None:
    """Whichever thread is the quicker, the answers come in order, and are the same twice."""
    case = random_case(7)
    rows = prepare(case).rows
    asked = [replace(rows, limit=rows.limit + more) for more in (0.0, 1.0, 2.0, 3.0, 4.0)]

    def costs(threads: int) -> list[float | None]:
        solver = case.model.solver.model_copy(update={"threads": threads})
        on_threads = replace(case, model=case.model.model_copy(update={"solver": solver}))
        return list(ask_in_parallel(solve_by_pricing(prepare(on_threads)).priced, SensitivityModel.cost_with, asked))

    alone, beside = costs(1), costs(threads)
    assert len(alone) == len(asked)
    assert beside == pytest.approx(alone, rel=1e-9)
    assert costs(threads) == beside
    assert alone == sorted(alone, reverse=True)


def test_a_stop_ends_the_questions() -> None:
    case = random_case(7)
    priced = solve_by_pricing(prepare(case)).priced
    stop = Stop()
    priced = replace(priced, deadline=Deadline.after(60.0, stop))
    answers = ask_in_parallel(priced, SensitivityModel.cost_with, [prepare(case).rows] * 50)
    assert next(answers) == pytest.approx(priced.objective)
    stop.ask()
    assert list(answers) == []
