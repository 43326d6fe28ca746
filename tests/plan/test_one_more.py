"""Questions to one live program, each against the program of all arcs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency.plan import one_more
from sufficiency.plan.one_more import standing
from sufficiency.plan.prepared import prepare
from sufficiency.plan.pricing import all_arcs
from sufficiency.plan.solve import solve_by_pricing

from ..random_cases import random_case


@given(st.integers(0, 400), st.integers(0, 2**32 - 1), st.sampled_from([2, 8_000]))
@settings(max_examples=40, deadline=None)
def test_every_answer_is_that_of_all_arcs(seed: int, questions: int, entries: int) -> None:
    """More places and fewer, in any order: no question taints the next, and at the end the plan is what it was."""
    prepared, rng = prepare(random_case(seed)), np.random.default_rng(questions)
    solved = solve_by_pricing(prepared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_more, "ENTRIES", entries)
        here = standing(solved.priced)
    assert here is not None
    rows = prepared.rows
    settled = rows.used(prepared.settled.stock)
    for more in (1.0, -2.0, 5.0):
        changed = (rows.family == "places") & (rng.random(len(rows.limit)) < 0.3)
        limit = np.where(changed, np.maximum(rows.limit + more, np.minimum(settled, rows.limit)), rows.limit)
        asked = replace(rows, limit=limit)
        direct = all_arcs(replace(prepared, rows=asked))
        assert direct.solution.optimal
        assert here.cost_with(asked) == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)
    assert here.cost_with(rows) == pytest.approx(solved.plan.objective, rel=1e-9, abs=1e-6)
