"""Random cases in which much is decided already, against the model written a second time, openings and all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.plan.explain.projection import do_nothing_more
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.full_building import closings_in_a_full_building
from sufficiency.plan.options.programme import programme_by_prices, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.problems import InputError

from ..examples import examples
from ..oracle_options import CommittedOnly, best_openings
from ..random_decided import decided_case
from .test_nothing_more import different

seeds = st.integers(0, 1_000_000)
TIGHT = {"gap": 1e-9, "seconds": 60, "threads": 1}


def whole(case: Case) -> Case:
    """Its options open whole or not at all."""
    assert case.tables.options is not None
    return replace(case, tables=replace(case.tables, options=case.tables.options.assign(scalable=False)))


def agrees(case: Case) -> None:
    """The plan by prices opens and costs what trying every opening with the explicit model finds."""
    base = prepare(case)
    assume(not closings_in_a_full_building(base, may_open(case, base.data).schemes))
    values = best_openings(case)
    if not values:
        with pytest.raises(InputError):
            programme_by_prices(base)
        return
    programme = programme_by_prices(base)
    plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
    assert plan.objective == pytest.approx(min(values.values()), rel=1e-7, abs=1e-3)
    assert plan.status == "optimal"
    opened = {it.scheme.option: int(base.data.years[it.opens]) for it in programme.opened}
    mine = [value for key, value in values.items() if dict(key) == opened]
    assert mine == [pytest.approx(plan.objective, rel=1e-7, abs=1e-3)]


@given(seeds)
@examples(20)
def test_the_programme_costs_what_the_explicit_model_costs_at_its_best(seed: int) -> None:
    agrees(whole(decided_case(seed, solver=TIGHT)))


@pytest.mark.slow
@given(seeds)
@examples(100)
def test_so_do_many(seed: int) -> None:
    agrees(whole(decided_case(seed, solver=TIGHT)))


@given(seeds)
@examples(30)
def test_doing_nothing_more_has_the_children_of_the_second_implementation(seed: int) -> None:
    case = decided_case(seed)
    assert list(different(do_nothing_more(prepare(case)), CommittedOnly(case))) == []
