"""What holds for every programme of options, on random small cases."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sufficiency.plan.choices import may_open
from sufficiency.plan.decided import decided, decided_of
from sufficiency.plan.effects import Undecided, undecided
from sufficiency.plan.prepared import prepare
from sufficiency.plan.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.solve import solve_directly
from sufficiency.problems import CertificateError, InputError

from ..random_options import random_case_with_options

seeds = st.integers(0, 100_000)
TIGHT = {"gap": 1e-9, "seconds": 60, "threads": 1}


def allowed_openings(found: Undecided) -> list[np.ndarray]:
    """Every allowed choice of whole options: each opens in one of its years or not at all."""
    choices = found.choices
    per_scheme = [[-1, *choices.columns_of(place)] for place in range(len(choices.schemes))]
    vectors = []
    for chosen in itertools.product(*per_scheme):
        y = np.zeros(len(choices))
        y[[column for column in chosen if column >= 0]] = 1.0
        if (choices.limits @ y <= choices.most + 1e-9).all():
            vectors.append(y)
    return vectors


def value_at(found: Undecided, y: np.ndarray) -> float:
    try:
        return solve_directly(decided(found, y)).plan.objective
    except (InputError, CertificateError):  # a hard rule or a smallest fill that these openings cannot keep
        return np.inf


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_benders_finds_what_trying_everything_finds(seed: int) -> None:
    """Each allowed opening solved by the ordinary program of the decided case, which knows nothing of choices."""
    case = random_case_with_options(seed, solver=TIGHT)
    found = undecided(prepare(case))
    if not found.choices.whole.all():
        return
    best = min(value_at(found, y) for y in allowed_openings(found))
    programme = programme_by_prices(prepare(case))
    plan = with_programme(solve_directly(programme.prepared).plan, programme)
    assert plan.objective == pytest.approx(best, rel=1e-7, abs=1e-3)
    assert plan.status == "optimal"


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_benders_agrees_with_the_program_in_one_piece(seed: int) -> None:
    case = random_case_with_options(seed, solver=TIGHT)
    base = prepare(case)
    by_prices, directly = programme_by_prices(base), programme_directly(base)
    if not len(by_prices.found.choices):
        return
    scale = max(abs(directly.value - directly.constant), 1.0)
    assert by_prices.value == pytest.approx(directly.value, abs=2e-6 * scale)
    assert by_prices.bound <= directly.value + 2e-6 * scale
    assert directly.bound <= by_prices.value + 2e-6 * scale
    assert directly.bound == pytest.approx(directly.value, abs=1e-4 * scale)
    at_them = solve_directly(directly.prepared).plan
    assert at_them.objective == pytest.approx(directly.value, abs=2e-6 * scale)


@given(seeds, st.booleans())
@settings(max_examples=20, deadline=None)
def test_what_opens_makes_the_same_case_whether_or_not_all_that_may_open_was_weighed(seed: int, budgets: bool) -> None:
    case = random_case_with_options(seed, finance={"overspend": 1.0} if budgets else {})
    if budgets:
        budget = pd.DataFrame({"financial_year": case.model.plan_years, "budget_line": "1.2.1", "pounds": 1e5})
        other = budget.assign(pounds=0.0, fund="high_needs")
        case = replace(case, tables=replace(case.tables, budget=budget, other_spend=other))
    base = prepare(case)
    assert (base.rows.family == "budget").any() == budgets
    found, may = undecided(base), may_open(case, base.data)
    for y in allowed_openings(found)[:6]:
        one, other_way = decided(found, y), decided_of(base, may, y)
        assert one.openings == other_way.openings
        for ours, theirs in ((one.data, other_way.data), (one.settled, other_way.settled), (one.rows, other_way.rows)):
            for item in fields(ours):
                np.testing.assert_equal(_array(getattr(ours, item.name)), _array(getattr(theirs, item.name)))


def _array(figures: object) -> object:
    return figures.toarray() if sparse.issparse(figures) else np.asarray(figures)
