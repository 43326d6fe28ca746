"""Whatever the certificate is given is falsified, array by array: each must fail the proof, or the table says why it
cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from sufficiency.case import Case
from sufficiency.plan.certificate.proof import GAP_TOLERANCE, certify
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.options import programme
from sufficiency.plan.options.choices import Choices
from sufficiency.plan.options.closures import ClosingPreferences
from sufficiency.plan.options.effects import OptionModel, option_model
from sufficiency.plan.options.programme import Programme, programme_by_prices, with_programme
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing
from sufficiency.problems import CertificateError

from ..worked import case_of, model_of
from .test_certificate_options import EXACT, four_schemes
from .test_options import bought

NOT_TAKEN = {
    InstanceData: {
        "setting_codes": "names of settings in outputs; the certificate reads the settings table",
        "line_setting": "the solver's way to buildings; where it leads stands in limited_lines",
        "floor": "stands in the rows of smallest fills, which are compared",
        "raised": "a number in a warning; the children are in demand",
    },
    Commitments: {"pattern": "settles ties between plans of the same cost; what follows from it stands in x̂"},
    Coupling: {"may_slack": "says where one more place may be worth something; what is beyond a limit is in slack"},
    Plan: {
        "case": "the tables themselves",
        "data": "by its arrays, above",
        "settled": "by its arrays, above",
        "rows": "by its arrays, above",
        "constant": "worked out again",
        "status": "what the checks make of the plan",
        "certificate": "the proof itself",
        "columns": "how large the program was",
        "row_count": "how large the program was",
    },
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    """With options of every kind, preferences that give way, a rule, budgets, and a child who waits at the start."""
    case = four_schemes()
    continuity = case.model.continuity.model_copy(update={"preference_share": 0.5})
    case = replace(case, model=case.model.model_copy(update={"continuity": continuity}))
    found = programme_by_prices(prepare(case))
    plan = solve_by_pricing(found.instance).plan
    assert plan.settled.may_give_way.any()
    assert plan.slack.any()
    return with_programme(plan, found)


def failed(plan: Plan) -> set[str]:
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, GAP_TOLERANCE)
    return {name for name, check in proof.checks.items() if not check.ok}


def falsified(value: Any) -> Any:
    """A frame with one name wrong, an array or a number with one figure a little off."""
    if isinstance(value, pd.DataFrame):
        wrong = value.copy()
        wrong.iloc[0, 0] = "elsewhere"
        return wrong
    if isinstance(value, tuple):
        return value[1:]
    if isinstance(value, float):
        return value * 1.001 + 0.01
    if sparse.issparse(value):
        wrong = sparse.lil_matrix(value)
        wrong[-1, 0] += 0.01
        return sparse.csr_matrix(wrong)
    wrong = value.copy()
    last = tuple(size - 1 for size in value.shape)
    if value.dtype == bool:
        wrong[last] = not wrong[last]
    elif value.dtype == object:
        wrong[last] = "unheard of"
    elif value.dtype.kind == "i":
        wrong[last] = wrong[last] - 1 if wrong[last] > 0 else 1
    else:
        wrong[last] = 0.5 if not np.isfinite(wrong[last]) else wrong[last] + 0.5
    return wrong


def test_an_honest_plan_passes(plan: Plan) -> None:
    assert failed(plan) == set()


@pytest.mark.parametrize("kind", [InstanceData, Commitments, Coupling, Plan])
def test_what_is_not_taken_is_there_to_be_left_out(kind: type) -> None:
    assert set(NOT_TAKEN[kind]) <= {field.name for field in fields(kind)}


def taken(kind: type) -> list[str]:
    return [field.name for field in fields(kind) if field.name not in NOT_TAKEN[kind]]


@pytest.mark.parametrize("name", taken(InstanceData))
def test_a_wrong_array_of_the_data_is_caught(plan: Plan, name: str) -> None:
    data = replace(plan.data, **{name: falsified(getattr(plan.data, name))})
    assert failed(replace(plan, data=data)) & {"labels as in the tables", "figures as in the tables"}


@pytest.mark.parametrize("name", taken(Commitments))
def test_a_wrong_array_of_what_is_settled_is_caught(plan: Plan, name: str) -> None:
    settled = replace(plan.settled, **{name: falsified(getattr(plan.settled, name))})
    assert "figures as in the tables" in failed(replace(plan, settled=settled))


@pytest.mark.parametrize("name", taken(Coupling))
def test_a_wrong_array_of_the_rows_is_caught(plan: Plan, name: str) -> None:
    rows = replace(plan.rows, **{name: falsified(getattr(plan.rows, name))})
    assert "limits as in the tables" in failed(replace(plan, rows=rows))


@pytest.mark.parametrize("name", taken(Plan))
def test_a_wrong_figure_of_the_plan_is_caught(plan: Plan, name: str) -> None:
    value = getattr(plan, name)
    wrong = (
        np.zeros_like(value) if name == "prices" else falsified(value)
    )  # any prices bound something: these too little
    assert failed(replace(plan, **{name: wrong}))


# --- what the search for openings is given


def two_schemes(**rules: Any) -> Case:
    """Ten children bought at 50,000; P has nine places at 20,000, Q six. One of them may open: P, 230,000."""
    options = [
        {"option": "P", "setting": "SP", "places": 9, "latest": 2026, "capital": 1_000_000},
        {"option": "Q", "setting": "SQ", "places": 6, "latest": 2026, "capital": 500_000},
    ]
    return bought({"rules": {"open_at_most": 1}} | rules, options)


def half_the_money() -> Case:
    """The money is for Q, or for half of P, which would save more: 4.5 × 30,000 for the year against 3 × 30,000."""
    options = [
        {"option": "P", "setting": "SP", "places": 9, "capital": 1_000_000},
        {"option": "Q", "setting": "SQ", "places": 3, "capital": 500_000},
    ]
    return bought({"finance": {"capital_budget": 500_000}}, options)


def two_years() -> Case:
    """P's places may open in either year: in the first they save twice."""
    return bought({}, [{"option": "P", "setting": "SP", "places": 9}], last=2027)


def a_line_that_may_close(per_year: float = 0.0) -> Case:
    """Seven children at £60,000 in a line of eight places that may close at £`per_year`; bought they cost £25,000. Half
    the fourteen who come next year follow the pattern, as far as there is room: one, who would be overridden at £1,000.
    """
    weights = {"preference_missed": 1_000}
    continuity = {"stay": {"primary": 1.0}, "preference_share": 0.5}
    return case_of(
        model_of((2025, 2026), continuity=continuity, weights=weights, solver=EXACT),
        demand=[{"area": "A", "year": 2025, "children": 7}, {"area": "A", "year": 2026, "children": 21}],
        settings=[{"setting": "X"}, {"setting": "Y", "type": "independent"}],
        places=[{"line": "X1", "setting": "X", "places": 8}, {"line": "Y1", "setting": "Y", "places": np.nan}],
        costs=[{"setting": "X", "per_child": 60_000}, {"setting": "Y", "per_child": 25_000}],
        placements=[{"area": "A", "line": "X1", "children": 7}],
        options=[{"option": "shut", "setting": "X", "closes_line": "X1", "per_year": per_year}],
    )


def proven(case: Case) -> Plan:
    found = programme_by_prices(prepare(case))
    return with_programme(solve_by_pricing(found.instance).plan, found)


def column(choices: Choices, option: str) -> int:
    return next(at for at, one in enumerate(choices.scheme) if choices.schemes[one].option == option)


def of_column(matrix: sparse.csr_matrix, at: int, factor: float) -> sparse.csr_matrix:
    wrong = matrix.toarray()
    wrong[:, at] *= factor
    return sparse.csr_matrix(wrong)


WRONG_CHOICES: dict[str, tuple[Callable[[], Case], Callable[[Choices], Any]] | str] = {
    "schemes": (two_schemes, lambda it: [replace(one, usable=one.usable / 2) for one in it.schemes]),
    "scheme": (two_schemes, lambda it: it.scheme[::-1]),
    "opens": (two_years, lambda it: it.opens[::-1]),
    "whole": (half_the_money, lambda it: ~it.whole),
    "limits": (two_schemes, lambda it: of_column(it.limits, column(it, "P"), 2.0)),
    "most": (two_schemes, lambda it: 0 * it.most),
    "limit_family": "words in a message",
    "limit_name": "words in a message",
    "committed": "where the search begins; that it opens is a row of limits, recounted by the certificate",
    "cost": (two_schemes, lambda it: it.cost + 1e6 * (np.arange(len(it)) == column(it, "P"))),
    "room": (two_schemes, lambda it: of_column(it.room, column(it, "P"), 0.5)),
    "returned": (a_line_that_may_close, lambda it: it.returned * 10),
}
WRONG_PREFERENCES: dict[str, Callable[[ClosingPreferences], Any]] = {
    "year": lambda it: 0 * it.year,
    "pair": lambda it: it.pair + 1,
    "children": lambda it: it.children * 1_000,
    "cost": lambda it: it.cost - 1e7,
    "own": lambda it: ~it.own,
    "share": lambda it: it.share * 0,
}


def search_with(monkeypatch: pytest.MonkeyPatch, wrong: Callable[[OptionModel], OptionModel]) -> None:
    monkeypatch.setattr(programme, "option_model", lambda base: wrong(option_model(base)))


def test_every_array_of_the_choices_has_its_case() -> None:
    assert set(WRONG_CHOICES) == {field.name for field in fields(Choices)}
    assert set(WRONG_PREFERENCES) == {field.name for field in fields(ClosingPreferences)}


def test_what_the_cases_cost_when_nothing_is_wrong() -> None:
    """Q, 3 places: 500,000 − 90,000. P in both years: 2 × 230,000. Closing: 21 × 25,000, and nobody's preference; at
    £260,000 a year not: 7 × 60,000 + 14 × 25,000 + 1,000.
    """
    cases = two_schemes(), half_the_money(), two_years(), a_line_that_may_close(), a_line_that_may_close(260_000)
    costs = [proven(case).objective for case in cases]
    assert costs == pytest.approx([230_000, 410_000, 460_000, 525_000, 771_000])


@pytest.mark.parametrize("name", [name for name, wrong in WRONG_CHOICES.items() if not isinstance(wrong, str)])
def test_a_search_with_wrong_choices_is_caught(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    case, wrong = WRONG_CHOICES[name]  # type: ignore[misc]
    search_with(monkeypatch, lambda it: replace(it, choices=replace(it.choices, **{name: wrong(it.choices)})))
    with pytest.raises(CertificateError):
        proven(case())


@pytest.mark.parametrize("name", list(WRONG_PREFERENCES))
def test_a_search_with_wrong_preferences_in_a_line_that_may_close_is_caught(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Right is not to close, 771,000, as the one preference gives way for £1,000. Without that the line seems to cost
    805,000, and closing it 785,000.
    """
    wrong = WRONG_PREFERENCES[name]
    search_with(
        monkeypatch, lambda it: replace(it, preferences=replace(it.preferences, **{name: wrong(it.preferences)}))
    )
    with pytest.raises(CertificateError):
        proven(a_line_that_may_close(260_000))


@pytest.fixture(scope="module")
def searched() -> tuple[Plan, Programme]:
    found = programme_by_prices(prepare(a_line_that_may_close()))
    return solve_by_pricing(found.instance).plan, found


def with_rows(found: Programme, **wrong: Any) -> Programme:
    instance: Instance = found.found.instance
    return replace(found, found=replace(found.found, instance=replace(instance, rows=replace(instance.rows, **wrong))))


@pytest.mark.parametrize("name", ["family", "year", "item"])
def test_a_search_whose_rows_are_about_something_else_is_caught(searched: tuple[Plan, Programme], name: str) -> None:
    plan, found = searched
    assert with_programme(plan, found).status == "optimal"
    wrong = with_rows(found, **{name: falsified(getattr(found.found.instance.rows, name))})
    with pytest.raises(CertificateError, match="openings as in the tables"):
        with_programme(plan, wrong)


def test_so_is_one_whose_copies_have_other_names_or_whose_prices_say_nothing(searched: tuple[Plan, Programme]) -> None:
    plan, found = searched
    instance = found.found.instance
    renamed = replace(instance, data=replace(instance.data, lines=falsified(instance.data.lines)))
    with pytest.raises(CertificateError, match="openings as in the tables"):
        with_programme(plan, replace(found, found=replace(found.found, instance=renamed)))
    assert found.search is not None
    plan, found = solve_by_pricing((better := programme_by_prices(prepare(two_schemes()))).instance).plan, better
    assert found.search is not None
    silent = tuple(replace(cut, prices=0 * cut.prices) for cut in found.search.cuts)
    with pytest.raises(CertificateError, match="no cheaper programme"):
        with_programme(plan, replace(found, search=replace(found.search, cuts=silent)))
