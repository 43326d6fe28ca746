"""Rows that also weigh the children who wait."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.column_generation import generate_columns, solve_full
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.solve.solve import plan_of_columns
from sufficiency.plan.tuning import Tuning

from ..examples import examples
from ..random_cases import random_case
from ..worked import case_of, model_of, steady


def weighing_those_who_wait(instance: Instance, weight: float) -> Instance:
    """Every rule also counts each child who waits as `weight` children."""
    rows = instance.rows
    one = sparse.csr_matrix(np.where(rows.family == "rule", weight, 0.0)[:, None] * np.ones(len(instance.data.cells)))
    return replace(instance, rows=replace(rows, waiting=one))


def test_a_row_that_counts_those_who_wait_holds_them_down() -> None:
    # Two special places, and at most one child bought; a child beyond that costs £2m, a child who waits £1m. So of
    # five children two wait. Where the cap counts those who wait too, waiting no longer helps it: nobody waits, and
    # three are bought, two beyond the cap.
    rule = {"name": "few", "types": ["independent"], "at_most_children": 1}
    case = case_of(
        model_of((2025, 2026), weights={"rule_breach": 2_000_000}, rules={"share": [rule]}),
        demand=steady("A", 5, range(2025, 2027)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "S"}],
        places=[
            {"line": "bought", "setting": "I", "places": np.nan},
            {"line": "special", "setting": "S", "places": 2},
        ],
        costs=[{"setting": "I", "per_child": 30_000}, {"setting": "S", "per_child": 20_000}],
    )
    plain = plan_of_columns(generate_columns(prepare(case)))
    assert plain.waiting[1].sum() == pytest.approx(2)
    counted = plan_of_columns(generate_columns(weighing_those_who_wait(prepare(case), 1.0)))
    assert counted.waiting[1].sum() == pytest.approx(0)
    assert counted.objective == pytest.approx(2 * 20_000 + 3 * 30_000 + 2 * 2_000_000)


@given(st.integers(0, 100_000), st.floats(-1.0, 2.0))
@examples(60)
def test_both_routes_agree_and_the_bound_meets_them(seed: int, weight: float) -> None:
    case = random_case(seed, weights={"awaiting_place": 20_000})
    instance = weighing_those_who_wait(prepare(case, Tuning(boxstep_arcs=3)), weight)
    direct, priced = plan_of_columns(solve_full(instance)), plan_of_columns(generate_columns(instance))
    assert priced.objective == pytest.approx(direct.objective, rel=1e-7, abs=1e-6)
    bound = price_all_arcs(instance, instance.flows, priced.prices).bound
    assert bound == pytest.approx(priced.objective, rel=1e-7, abs=1e-6)
