"""Hard rules that clash, against the program of all arcs: no false alarm, and none named that is not part of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sufficiency.deadline import Deadline
from sufficiency.plan.options.clash import clash_whatever_opens, least_miss_whatever_opens
from sufficiency.plan.options.effects import OptionModel, option_model
from sufficiency.plan.options.openings import with_openings
from sufficiency.plan.options.programme import programme_by_prices, programme_directly
from sufficiency.plan.options.relaxation import relaxed
from sufficiency.plan.pricing.column_generation import solve_full
from sufficiency.plan.program.highs import solve_problem
from sufficiency.plan.program.lp import program_of_all_arcs
from sufficiency.plan.program.pulp_form import in_pulp
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.rows.softening import hard_items, hard_rows
from sufficiency.plan.solve.elastic import Elastic, irreducible_subset, least_miss
from sufficiency.plan.tuning import Tuning
from sufficiency.problems import InputError

from ..examples import examples
from ..random_cases import random_case, rules_of_every_kind
from ..random_options import random_case_with_options


def can_hold_directly(instance: Instance, items: list[int]) -> bool:
    """Whether HiGHS, given all arcs at once, finds a plan that keeps the hard rules among `items`."""
    rows = instance.rows
    let = hard_rows(rows) & ~np.isin(rows.item, items)
    most, cost = np.where(let, np.inf, rows.slack_most), np.where(let, 0.0, rows.slack_cost)
    loose = replace(rows, slack_most=most, slack_cost=cost, may_slack=rows.may_slack | let)
    solution = solve_full(replace(instance, rows=loose)).solution
    assert solution.optimal or "nfeasible" in solution.status
    return solution.optimal


def one_minute(case: Instance, items: list[int]) -> Elastic:
    return least_miss(case, Deadline.after(60.0), items)


@given(st.integers(0, 100_000), st.sampled_from([20, 4_000]))
@examples(40)
def test_a_clash_is_one_and_no_rule_in_it_could_be_left_out(seed: int, entries: int) -> None:
    try:
        instance = prepare(random_case(seed, rules=rules_of_every_kind(seed, hard=True)), Tuning(boxstep_arcs=entries))
    except InputError:
        assume(False)
    hard = hard_rows(instance.rows)
    assume(hard.any())
    every = sorted(set(instance.rows.item[hard].tolist()))
    elastic: Elastic = least_miss(instance, Deadline.after(60.0), every)
    assert elastic.kept == can_hold_directly(instance, every)
    assert elastic.clash != elastic.kept
    if elastic.clash:
        _, clashing = irreducible_subset(instance, elastic, one_minute)
        assert not can_hold_directly(instance, clashing)
        for item in clashing:
            assert can_hold_directly(instance, [other for other in clashing if other != item])


@given(st.integers(0, 100_000), st.sampled_from([20, 4_000]), st.sampled_from([0.0, 1e-3, 1e-2]))
@examples(20)
def test_without_time_nothing_is_claimed_that_is_not_so(seed: int, entries: int, seconds: float) -> None:
    try:
        instance = prepare(random_case(seed, rules=rules_of_every_kind(seed, hard=True)), Tuning(boxstep_arcs=entries))
    except InputError:
        assume(False)
    hard = hard_rows(instance.rows)
    every = sorted(set(instance.rows.item[hard].tolist()))
    found = least_miss(instance, Deadline.after(seconds), every)
    assert not (found.kept and found.clash)
    if found.kept or found.clash:
        assert found.kept == can_hold_directly(instance, every)


def undecided_with_hard_rules(seed: int) -> OptionModel | None:
    """A random case with options to choose and hard rules to keep, if this one is."""
    try:
        options = option_model(prepare(random_case_with_options(seed, rules=rules_of_every_kind(seed, hard=True))))
    except InputError:
        return None
    return options if len(options.choices) and hard_rows(options.instance.rows).any() else None


def said_to_clash(options: OptionModel) -> bool:
    return clash_whatever_opens(options, relaxed(options, None, Deadline.after(60.0)))


def can_hold_with_some_openings(options: OptionModel, items: list[int], whole: bool) -> bool:
    """Whether HiGHS, given all arcs and openings at once, keeps the hard rules among `items`; openings `whole`, or in
    any parts.
    """
    case, rows = options.instance, options.instance.rows
    let = hard_rows(rows) & ~np.isin(rows.item, items)
    most, cost = np.where(let, np.inf, rows.slack_most), np.where(let, 0.0, rows.slack_cost)
    case = replace(case, rows=replace(rows, slack_most=most, slack_cost=cost, may_slack=rows.may_slack | let))
    program = with_openings(program_of_all_arcs(case, case.flows), replace(options, instance=case), case.flows)
    written = in_pulp(case, program)
    for variable in written.variables if not whole else []:
        variable.cat = "Continuous"
    solution = solve_problem(written.problem, written.variables, seconds=60.0, threads=1)
    assert solution.optimal or "nfeasible" in solution.status
    return solution.optimal


@given(st.integers(0, 100_000))
@examples(40)
def test_where_hard_rules_are_said_to_clash_whatever_opens_no_openings_keep_them(seed: int) -> None:
    options = undecided_with_hard_rules(seed)
    assume(options is not None)
    assert options is not None
    every = hard_items(options.base)
    possible = can_hold_with_some_openings(options, every, whole=False)
    assert not (said_to_clash(options) and possible)

    def miss(_: Instance, items: list[int]) -> Elastic:
        return least_miss_whatever_opens(options, items, Deadline.after(60.0))

    elastic = miss(options.base, every)
    assert not (elastic.clash and possible)
    if elastic.clash:
        _, clashing = irreducible_subset(options.base, elastic, miss)
        assert not can_hold_with_some_openings(options, clashing, whole=False)


@given(st.integers(0, 400_000))
@example(271)  # prices leave every box before they prove a clash
@example(300_140)  # nothing opened keeps no rule: after that attempt the live program must be fit for the next
@examples(40)
def test_no_programme_is_refused_where_some_openings_keep_the_hard_rules(seed: int) -> None:
    options = undecided_with_hard_rules(seed)
    assume(options is not None)
    assert options is not None
    possible = can_hold_with_some_openings(options, hard_items(options.base), whole=True)
    for programme in (programme_by_prices, programme_directly):
        try:
            planned = bool(np.isfinite(programme(options.base).value))
        except InputError as error:
            planned = "whatever opens, no plan keeps" not in str(error)
        assert planned == possible


@pytest.mark.slow
def test_most_clashes_are_reported_before_any_opening_is_tried() -> None:
    cases = [options for seed in range(40) if (options := undecided_with_hard_rules(seed)) is not None]
    assert sum(map(said_to_clash, cases)) > len(cases) / 4
