"""What holds for every programme of options, on random small cases."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sufficiency.deadline import Deadline
from sufficiency.plan.options.appraisal import appraised
from sufficiency.plan.options.benders import WORTH_A_PLAN, start_search, with_better_neighbours
from sufficiency.plan.options.candidates import with_candidates
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.effects import OptionModel, option_model
from sufficiency.plan.options.fixed import fix_openings, with_openings_fixed
from sufficiency.plan.options.master import Allowed, anything
from sufficiency.plan.options.neighbours import neighbours
from sufficiency.plan.options.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.options.whole import whole_program
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_directly
from sufficiency.plan.tuning import TUNING
from sufficiency.problems import CertificateError, InputError

from ..examples import examples
from ..random_options import random_case_with_options

seeds = st.integers(0, 100_000)
FOREVER = Deadline(1e18)
TIGHT = {"gap": 1e-9, "seconds": 60, "threads": 1}


def allowed_openings(options: OptionModel) -> list[np.ndarray]:
    """Every allowed choice of whole options: each opens in one of its years or not at all."""
    choices = options.choices
    per_scheme = [[-1, *choices.columns_of(place)] for place in range(len(choices.schemes))]
    vectors = []
    for chosen in itertools.product(*per_scheme):
        y = np.zeros(len(choices))
        y[[column for column in chosen if column >= 0]] = 1.0
        if (choices.limits @ y <= choices.most + 1e-9).all():
            vectors.append(y)
    return vectors


def value_at(options: OptionModel, y: np.ndarray) -> float:
    try:
        return solve_directly(with_openings_fixed(options, y)).plan.objective
    except (InputError, CertificateError):  # a hard rule or a smallest fill that these openings cannot keep
        return np.inf


@given(seeds)
@examples(20)
def test_benders_finds_what_trying_everything_finds(seed: int) -> None:
    """Each allowed opening solved by the ordinary program of the decided case, which knows nothing of choices."""
    case = random_case_with_options(seed, solver=TIGHT)
    options = option_model(prepare(case))
    if not options.choices.whole.all():
        return
    best = min(value_at(options, y) for y in allowed_openings(options))
    programme = programme_by_prices(prepare(case))
    plan = with_programme(solve_directly(programme.instance).plan, programme)
    assert plan.objective == pytest.approx(best, rel=1e-7, abs=1e-3)
    assert plan.status == "optimal"


@given(seeds)
@examples(15)
def test_what_is_committed_opens_and_the_rest_is_the_best_beside_it(seed: int) -> None:
    """Of every allowed opening of the case in which nothing is committed, those that open it in its year count."""
    case = random_case_with_options(seed, solver=TIGHT)
    assert case.tables.options is not None
    firm = replace(case, tables=replace(case.tables, options=case.tables.options.assign(smallest_fill=0.0)))
    options = option_model(prepare(firm))
    if not options.choices.whole.all() or not len(options.choices):
        return
    column = seed % len(options.choices)
    values = [value_at(options, y) for y in allowed_openings(options) if y[column] == 1]
    if not values or not np.isfinite(min(values)):
        return
    name = options.choices.schemes[options.choices.scheme[column]].option
    year = int(options.base.data.years[options.choices.opens[column]])
    rules = firm.model.rules.model_copy(update={"committed": {name.lower(): year}})
    decided = replace(firm, model=firm.model.model_copy(update={"rules": rules}))
    programme = programme_by_prices(prepare(decided))
    plan = with_programme(solve_directly(programme.instance).plan, programme)
    assert (name, year) in [
        (it.scheme.option, int(programme.found.base.data.years[it.opens])) for it in programme.opened
    ]
    assert plan.objective == pytest.approx(min(values), rel=1e-7, abs=1e-3)
    assert plan.status == "optimal"
    appraisal = appraised(programme, FOREVER)
    assert not any(programme.found.choices.schemes[step.scheme].committed for step in appraisal.order)


@given(seeds)
@examples(15)
def test_small_changes_end_where_none_is_cheaper_and_leave_true_cuts(seed: int) -> None:
    """Openings that a cut gave up are not cheaper, and no cut lies above what openings cost."""
    options = option_model(prepare(random_case_with_options(seed, solver=TIGHT)))
    if not len(options.choices) or not options.choices.whole.all():
        return
    everything = anything(len(options.choices))
    search = with_candidates(start_search(options, FOREVER), np.zeros(len(options.choices)), everything)
    search = with_better_neighbours(search, everything, set(), FOREVER)
    values = {tuple(y): value_at(options, y) for y in allowed_openings(options)}
    scale = max(abs(min(values.values())), 1.0)
    assert all(cut.at(np.array(y)) <= value + 1e-6 * scale for cut in search.cuts for y, value in values.items())
    best = search.incumbent(everything)
    if best is None:  # nothing opened breaks a hard rule
        return
    assert best.value == pytest.approx(values[tuple(best.y)], rel=1e-6)
    around = neighbours(options.choices, everything, best.y)
    assert min((values[tuple(y)] for y in around), default=np.inf) >= best.value - WORTH_A_PLAN - 1e-6 * scale


@given(seeds)
@examples(20)
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
    at_them = solve_directly(directly.instance).plan
    assert at_them.objective == pytest.approx(directly.value, abs=2e-6 * scale)


@given(seeds, st.booleans())
@examples(20)
def test_what_opens_makes_the_same_case_whether_or_not_all_that_may_open_was_weighed(seed: int, budgets: bool) -> None:
    case = random_case_with_options(seed, finance={"overspend": 1.0} if budgets else {})
    if budgets:
        budget = pd.DataFrame({"financial_year": case.model.plan_years, "budget_line": "1.2.1", "pounds": 1e5})
        other = budget.assign(pounds=0.0, fund="high_needs")
        case = replace(case, tables=replace(case.tables, budget=budget, other_spend=other))
    base = prepare(case)
    assert (base.rows.family == "budget").any() == budgets
    options, may = option_model(base), may_open(case, base.data)
    for y in allowed_openings(options)[:6]:
        one, other_way = with_openings_fixed(options, y), fix_openings(base, may, y)
        assert one.openings == other_way.openings
        for ours, theirs in ((one.data, other_way.data), (one.settled, other_way.settled), (one.rows, other_way.rows)):
            for item in fields(ours):
                np.testing.assert_equal(_array(getattr(ours, item.name)), _array(getattr(theirs, item.name)))


def _array(figures: object) -> object:
    return figures.toarray() if sparse.issparse(figures) else np.asarray(figures)


@given(seeds)
@examples(15)
def test_an_appraisal_by_regions_on_several_threads_is_that_in_one_piece_on_one(seed: int) -> None:
    """Every figure is a range that holds the true one, so those of two searches overlap; the steps of the order are
    exact. The programmes beside the best come best first. Of two that cost the same either may be found; then there is
    nothing to compare.
    """
    options, opened = {}, []
    for threads, few in ((1, TUNING.whole_arcs), (3, 0)):
        case = random_case_with_options(seed, solver=TIGHT | {"threads": threads})
        programme = programme_by_prices(prepare(case, replace(TUNING, whole_arcs=few)))
        options[threads] = appraised(programme, FOREVER)
        opened.append((tuple(np.round(programme.y, 6) + 0.0), programme.value))
        scale = max(abs(programme.value - programme.constant), 1.0)
    (first, cost), (second, other_cost) = opened
    assert cost == pytest.approx(other_cost, abs=2e-6 * scale, nan_ok=True)
    if first != second:
        return
    one, three = options[1], options[3]
    assert list(one.without) == list(three.without)
    assert sorted(step.scheme for step in one.order) == sorted(one.without)
    of_one, of_three = ([step.saves for step in appraisal.order] for appraisal in options.values())
    if None not in of_one + of_three:  # known with each of the options before it
        assert sum(of_one) == pytest.approx(sum(of_three), abs=1e-6 * scale)  # type: ignore[arg-type]
    pairs = [*zip(one.without.values(), three.without.values(), strict=True)]
    pairs += zip(one.alternatives[:1], three.alternatives[:1], strict=True)
    for appraisal in options.values():
        more = [other.more for other in appraisal.alternatives]
        assert more == sorted(more)
    for ours, theirs in pairs:
        assert max(ours.least, theirs.least) <= min(ours.most, theirs.most) + 1e-6 * scale


@given(seeds, st.integers(0, 7))
@examples(40)
def test_a_small_program_in_one_piece_finds_the_best_of_what_is_allowed(seed: int, closed: int) -> None:
    """Under each restriction put to it, one after the other: an option left closed, another set of options, no more."""
    found = option_model(prepare(random_case_with_options(seed, solver=TIGHT)))
    small = whole_program(found, FOREVER) if len(found.choices) else None
    if small is None or not found.choices.whole.all():
        return
    everything, values = anything(len(found.choices)), {tuple(y): value_at(found, y) for y in allowed_openings(found)}
    shut = np.where(found.choices.scheme == closed % len(found.choices.schemes), 0.0, 1.0)
    best = np.array(min(values, key=lambda y: values[y]))
    another = Allowed(everything.upper, np.where(best > 0, 1.0, -1.0)[None, :], np.array([best.sum() - 1.0]))
    scale = max(abs(min(values.values())), 1.0)
    for allowed in (everything, replace(everything, upper=shut), another, everything):
        least = min((value for y, value in values.items() if allowed.holds(np.array(y))), default=np.inf)
        answer = small.best(allowed, FOREVER)
        assert answer.ended
        assert answer.bound == pytest.approx(least, abs=2e-6 * scale)
        if answer.y is not None:
            assert values[tuple(np.round(answer.y))] == pytest.approx(least, abs=2e-6 * scale)
