"""What a year of waiting and a missed rule cost where the model does not say: sums worked by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sufficiency import api
from sufficiency.api.reading import read, read_cases
from sufficiency.case import Case, Defaults
from sufficiency.plan.instance.default_weights import default_weight
from sufficiency.plan.rows.instance import prepare
from sufficiency.problems import InputError
from sufficiency.progress import silent
from sufficiency.studies.worth import closing

from ..studies.test_worth import with_travel_table
from ..worked import case_of, model_of, steady
from .planned import planned

TOY = Path(__file__).parents[1] / "toy"
NO_WEIGHT: dict[str, Any] = {"awaiting_place": None}


def cheap_for_five_years(**weights: Any) -> Case:
    """One child who stays six years: at £60,000 a year from 2026, or at £10,000 in a base that opens in 2027."""
    return case_of(
        model_of((2025, 2031), weights=NO_WEIGHT | weights, continuity={"stay": {"primary": 1.0}}),
        demand=steady("A", 1, range(2025, 2032)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "B", "type": "resource_base", "opens": 2027}],
        places=[
            {"line": "bought", "setting": "I", "places": np.nan},
            {"line": "base", "setting": "B", "places": 5, "from_year": 2027},
        ],
        costs=[{"setting": "I", "per_child": 60_000}, {"setting": "B", "per_child": 10_000}],
    )


def test_nobody_waits_a_year_for_five_cheap_ones() -> None:
    # The dearest stay is six years at £60,000, so that a year of waiting costs 1.1 × 360,000 = 396,000. Bought at once
    # the child costs 360,000; a year of waiting and five in the base would cost 396,000 + 50,000.
    plan = planned(cheap_for_five_years())
    assert plan.data.awaiting_weight == pytest.approx(np.full(7, 396_000))
    assert plan.waiting[1:].sum() == pytest.approx(0, abs=1e-6)
    assert plan.objective == pytest.approx(6 * 60_000)


def test_at_twice_the_dearest_year_the_child_would_wait() -> None:
    plan = planned(cheap_for_five_years(awaiting_place=2 * 60_000))
    assert plan.waiting[1:].sum(axis=1) == pytest.approx([1, 0, 0, 0, 0, 0])
    assert plan.objective == pytest.approx(120_000 + 5 * 10_000)


def test_both_weights_grow_with_the_highest_inflation() -> None:
    # £1,000 that grows by 10 % a year: 1,100 + 1,210 for two years from 2026, in base-year pounds 2,310 ÷ 1.1 = 2,100;
    # from 2027 1,210 ÷ 1.21 = 1,000. So W₀ = 1.1 × 2,100 = 2,310.
    def weights(**given: Any) -> tuple[Any, Any]:
        case = case_of(
            model_of(
                (2025, 2027),
                weights=NO_WEIGHT | given,
                continuity={"stay": {"primary": 1.0}},
                finance={"inflation": {"default": 0.0, "independent": 0.1}},
            ),
            demand=steady("A", 1, range(2025, 2028)),
            settings=[{"setting": "I", "type": "independent"}],
            places=[{"line": "bought", "setting": "I", "places": np.nan}],
            costs=[{"per_child": 1_000}],
        )
        data = prepare(case).data
        return data.awaiting_weight, data.breach_weight

    awaiting, breach = weights()
    assert awaiting == pytest.approx([2_310, 2_541, 2_795.1])
    assert breach == pytest.approx([4_620, 5_082, 5_590.2])
    assert weights(rule_breach=500)[1] == pytest.approx([500, 550, 605])
    assert weights(awaiting_place=300)[1] == pytest.approx([600, 660, 726])


def test_a_stay_ends_where_the_line_closes_and_goes_on_in_the_next_phase() -> None:
    # Half of 8 primary children finish each year and all stay on (4 of the 20 secondary pupils are new, so that they
    # fit): a child who enters in 2026 is there in 2027, half in each phase, and the line closes in 2028: 2 × 20,000.
    # One who enters secondary in 2026 costs less: four in five stay, 1.8 × 20,000.
    case = case_of(
        model_of((2025, 2028), weights=NO_WEIGHT, continuity={"stay": {"primary": 0.5}, "through": 1.0}),
        demand=[
            *steady("A", 8, range(2025, 2029)),
            *steady("A", 20, range(2025, 2029), phase="secondary"),
        ],
        settings=[{"setting": "S", "closes": 2028}],
        places=[{"line": "all through", "setting": "S", "places": 40}],
        costs=[{"per_child": 20_000}],
    )
    data = prepare(case).data
    assert default_weight(data, case.model, 0.0) == pytest.approx(1.1 * 2 * 20_000)


def test_a_place_that_saves_money_adds_to_the_weight() -> None:
    # A child in the base costs £1,000 and turns an empty place (£10,000) into a filled one (£6,000): −£3,000. The
    # special school costs £20,000: 1.1 × (20,000 + 3,000).
    case = case_of(
        model_of((2025, 2026), weights=NO_WEIGHT),
        demand=steady("A", 1, range(2025, 2027)),
        settings=[{"setting": "B", "type": "resource_base"}, {"setting": "S"}],
        places=[{"line": "base", "setting": "B", "places": 1}, {"line": "special", "setting": "S", "places": 1}],
        costs=[
            {"setting": "B", "per_child": 1_000, "per_place": 6_000, "per_empty_place": 10_000},
            {"setting": "S", "per_child": 20_000},
        ],
    )
    assert prepare(case).data.awaiting_weight == pytest.approx([25_300, 25_300])


def two_schools(children: float = 10, **weights: Any) -> Case:
    """Five places at £1,000 and five at £6,000, for a year."""
    case = case_of(
        model_of((2025, 2026), weights=NO_WEIGHT | weights),
        demand=steady("A", children, range(2025, 2027)),
        places=[{"line": "C1", "setting": "CHEAP", "places": 5}, {"line": "D1", "setting": "COSTLY", "places": 5}],
        costs=[{"setting": "CHEAP", "per_child": 1_000}, {"setting": "COSTLY", "per_child": 6_000}],
    )
    return with_travel_table(case)


@pytest.mark.parametrize(("weights", "worth"), [({}, 3_000), ({"awaiting_place": 12_000}, 30_000)])
def test_a_school_is_worth_its_places_at_the_weights_of_the_plan(weights: dict[str, Any], worth: float) -> None:
    # Without the school five children wait at 1.1 × 6,000 = 6,600 each rather than cost 6,000: 5 × 600 more. With a
    # weight of 12,000: 5 × 6,000. At a weight worked out again without the school (1.1 × 1,000), it would seem to
    # cost less.
    case = two_schools(**weights)
    asked = api.session(case)
    without = asked.what_if(closing(case, "COSTLY"))
    assert without.plan.waiting[1].sum() == pytest.approx(5)
    assert without.plan.objective - asked.plan.objective == pytest.approx(worth)


def test_dearer_fees_change_the_objective_as_they_change_the_money_where_nobody_more_waits() -> None:
    # Twelve children, two of whom wait before and after: five at the costly school cost £360 more each, in two steps.
    asked = api.session(two_schools(12))
    fee = {"table": "costs", "where": {"setting": "COSTLY"}, "plus": {"per_child": 180}}
    answer = asked.what_if({"edit": [fee]}).what_if({"edit": [fee]})
    assert answer.plan.waiting[1].sum() == pytest.approx(asked.plan.waiting[1].sum()) == pytest.approx(2)
    assert answer.plan.money - asked.plan.money == pytest.approx(5 * 360)
    assert answer.plan.objective - asked.plan.objective == pytest.approx(5 * 360)


Write = Callable[..., Path]


@pytest.fixture
def toy(tmp_path: Path) -> Write:
    """The toy model with more at its end in place of its scenarios, and changes to its text."""

    def written(more: str = "", *changes: tuple[str, str]) -> Path:
        folder = shutil.copytree(TOY, tmp_path / "toy")
        costs = (TOY / "costs.csv").read_text(encoding="utf-8")
        (folder / "tripled.csv").write_text(costs.replace("63000", "189000"), encoding="utf-8")
        text, _, _ = (TOY / "toy.toml").read_text(encoding="utf-8").partition("[scenarios.")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        (folder / "toy.toml").write_text(text + more, encoding="utf-8")
        return folder / "toy.toml"

    return written


TRIPLED = """
[scenarios.fees]
edit = [{ table = "costs", where = { type = "independent" }, times = { per_child = 3 } }]
"""
MANY = (
    TRIPLED
    + """
[scenarios.file]
set.tables.costs = "tripled.csv"
[scenarios.growth]
set.finance.inflation = { independent = 0.2, default = 0.03, transport = 0.04 }
[scenarios.given]
set.weights.awaiting_place = 700_000
"""
)


def test_a_scenario_keeps_the_weights_of_the_base_model(toy: Write) -> None:
    model = toy(MANY)
    base = prepare(read(model))
    cases = read_cases(model, ["fees", "file", "growth", "given"], silent)
    assert cases.pop("base").defaults is None
    assert read(model, "fees").defaults == read(model, "file").defaults == base.defaults
    for name, case in cases.items():
        assert case.defaults == base.defaults
        data = prepare(case).data
        if name != "given":
            assert data.awaiting_weight == pytest.approx(base.data.awaiting_weight)
            assert data.breach_weight == pytest.approx(base.data.breach_weight)
    # what a scenario gives is data; it grows at the highest rate of the base model, 6 %
    assert prepare(cases["given"]).data.awaiting_weight == pytest.approx(700_000 * 1.06 ** np.arange(4))


BROKEN = ('costs = "costs.csv"', 'costs = "no-such.csv"')
FIXED = '\n[scenarios.fixed]\nset.tables.costs = "costs.csv"\n'


def test_a_base_model_that_cannot_be_planned_is_named(toy: Write) -> None:
    with pytest.raises(InputError, match=r"the base model, which the default of weights\.awaiting_place comes from"):
        read(toy(FIXED, BROKEN), "fixed")


def test_where_the_weight_is_given_the_base_model_need_not_be_read(toy: Write) -> None:
    model = toy(FIXED + "[weights]\nawaiting_place = 500_000\n", BROKEN)
    assert read(model, "fixed").defaults == Defaults(500_000, 0.06)


def test_check_warns_where_a_scenario_makes_waiting_cheap(toy: Write) -> None:
    model = toy(TRIPLED)
    for problems in (api.inspect(model, "fees")[0], api.inspect(model)[0]):
        (cheap,) = [str(one) for one in problems if "waiting may be cheaper" in one.what and "fees" in one.what]
        assert "a place of type independent in 2026" in cheap
        assert "set weights.awaiting_place in the model to" in cheap


def test_check_does_not_warn_where_it_does_not(toy: Write) -> None:
    little = TRIPLED.replace("per_child = 3", "per_child = 1.05")
    assert not [one for one in api.inspect(toy(little), "fees")[0] if "waiting may be cheaper" in one.what]


def test_check_warns_of_the_base_model_first_and_once(toy: Write) -> None:
    """A wait that costs nothing is cheaper than any place, in the base model as in its scenarios."""
    problems = api.inspect(toy(TRIPLED + "\n[weights]\nawaiting_place = 0\n"))[0]
    cheap = [str(one) for one in problems if "waiting may be cheaper" in one.what]
    assert cheap
    assert not [one for one in cheap if "scenario" in one]
