"""What-ifs of a solved plan: the same answers as planning the changed case from nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency import api
from sufficiency.api import Opening, Session
from sufficiency.case import Case
from sufficiency.deadline import Deadline
from sufficiency.plan.options.fixed import with_nothing_opened
from sufficiency.plan.pricing import column_generation
from sufficiency.plan.pricing.column_generation import Priced, generate_columns, reoptimise
from sufficiency.plan.rows.coupling import no_rows
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.solve.solve import solve_by_pricing, solve_directly
from sufficiency.plan.tuning import TUNING, Tuning
from sufficiency.problems import InputError
from tests.examples import examples
from tests.random_cases import random_case
from tests.solved import toy_case
from tests.studies.test_worth import with_travel_table
from tests.worked import case_of, model_of

TOY = Path(__file__).parents[1] / "toy" / "toy.toml"
MORE_PLACES = {"edit": [{"table": "places", "where": {"line": "SP"}, "plus": {"places": 4}}]}
CHANGES: dict[str, dict[str, Any]] = {
    "places": MORE_PLACES,
    "costs": {"edit": [{"table": "costs", "where": {"type": "independent"}, "times": {"per_child": 1.2}}]},
    "children": {"edit": [{"table": "demand", "where": {"need": "SEMH"}, "times": {"children": 1.1}}]},
    "rules": {"set": {"rules": {"share": [{"name": "None", "types": ["independent"], "at_most": 0.05}]}}},
    "journeys": {"set": {"weights": {"hour_travelled": 50}}},
    "a setting that closes": {"edit": [{"table": "settings", "where": {"setting": "100002"}, "set": {"closes": 2027}}]},
}


@pytest.fixture(scope="module")
def asked() -> Session:
    return api.session(toy_case())


def test_numbers_of_numpy_are_numbers(asked: Session) -> None:
    edit = {"table": "places", "where": {"line": np.array("SP")}, "plus": {"places": np.int64(4)}}
    same = asked.what_if({"edit": [edit]}).plan.objective
    assert same == pytest.approx(asked.what_if(MORE_PLACES).plan.objective, rel=1e-9)


@pytest.mark.parametrize("what", CHANGES)
def test_a_what_if_is_the_plan_of_the_changed_case(asked: Session, what: str) -> None:
    answer = asked.what_if(CHANGES[what])
    instance = answer.solved.priced.instance
    assert answer.openings == asked.openings
    assert answer.plan.status == "optimal"
    assert answer.plan.certificate is not None
    assert answer.plan.certificate.ok
    assert answer.plan.objective == pytest.approx(solve_directly(instance).plan.objective, rel=1e-9)


def test_the_plan_asked_stays_what_it_was_and_answers_do_not_depend_on_their_order(asked: Session) -> None:
    before = asked.plan.objective
    three = ("places", "rules", "a setting that closes")
    first = [asked.what_if(CHANGES[what]).plan.objective for what in three]
    second = [asked.what_if(CHANGES[what]).plan.objective for what in reversed(three)]
    assert asked.plan.objective == before
    assert first == second[::-1]


def test_a_what_if_of_a_what_if_adds_up(asked: Session) -> None:
    twice = asked.what_if(MORE_PLACES).what_if(MORE_PLACES)
    at_once = asked.what_if({"edit": [{"table": "places", "where": {"line": "SP"}, "plus": {"places": 8}}]})
    assert twice.plan.objective == pytest.approx(at_once.plan.objective, rel=1e-9)


def test_openings_are_kept_and_can_be_chosen(asked: Session) -> None:
    none = asked.what_if(openings=dict.fromkeys(asked.openings))
    assert none.openings == {}
    nothing_opened = solve_directly(with_nothing_opened(prepare(asked.case))).plan
    assert none.plan.objective == pytest.approx(nothing_opened.objective, rel=1e-9)
    later = none.what_if(openings={"LB": 2028})
    assert later.plan.openings == ((1, 2028, 1.0),)
    assert asked.plan.objective <= min(none.plan.objective, later.plan.objective) + 1e-6


def part_by_part(**option: Any) -> Case:
    """4, 6, 8 and 10 children, 4 places; a place of the option costs £10,000 a year, an independent one £60,000."""
    grown = zip(range(2025, 2029), (4, 6, 8, 10), strict=True)
    case = case_of(
        model_of((2025, 2028)),
        demand=[{"area": "A", "year": year, "children": children} for year, children in grown],
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}, {"setting": "U"}],
        places=[
            {"line": "S1", "setting": "S", "places": 4},
            {"line": "I1", "setting": "I", "places": np.nan},
            {"line": "U1", "setting": "U", "places": 3, "needs": ("SEMH",)},
        ],
        costs=[
            {"setting": "S", "per_child": 1_000, "per_place": 10_000},
            {"setting": "I", "per_child": 60_000},
            {"setting": "U", "per_child": 1},
        ],
        options=[{"option": "O", "setting": "S", "earliest": 2026, "latest": 2028, **option}],
    )
    return with_travel_table(case)


def test_an_option_that_opens_part_by_part_is_kept_so() -> None:
    """2 places of 10 more in each of three years: places 4 + 6, 8, 10 at £10,000, children 6, 8, 10 at £1,000."""
    case = part_by_part(places=10, scalable=True)
    asked = api.session(case)
    assert [(one.year, round(one.part, 6)) for one in asked.openings["O"]] == [(2026, 0.2), (2027, 0.2), (2028, 0.2)]
    assert asked.plan.objective == pytest.approx(24 * 11_000)
    again = asked.what_if()
    assert again.plan.objective == pytest.approx(asked.plan.objective)
    assert again.openings == asked.openings
    worth = api.setting_worths(case).table.set_index("setting")
    assert worth.loc["U", "more"] == pytest.approx(0.0, abs=1e-3)  # nobody there has SEMH
    assert worth.loc["S", "note"] == "Without option O (2026 and 2027 and 2028)"


def test_an_option_that_may_no_longer_open_when_it_did_stays_closed_and_is_not_said_to_open() -> None:
    asked = api.session(part_by_part(places=6))
    assert asked.openings == {"O": (Opening(2026),)}
    edit = {"table": "options", "where": {"option": "O"}, "set": {"earliest": 2027}}
    assert asked.what_if({"edit": [edit]}).openings == {}


def test_who_is_where_can_be_read(asked: Session) -> None:
    placed = asked.placements.groupby("year")["children"].sum()
    waiting = asked.plan.waiting[1:].sum(axis=1)
    assert placed.to_numpy() + waiting == pytest.approx(asked.plan.data.demand[1:].sum(axis=1))


@pytest.mark.parametrize(
    ("changes", "openings", "message"),
    [
        ({"edit": [{"table": "plces", "where": {}}]}, None, "there is no table of this name"),
        ({"edit": [{"table": "places", "where": {"line": "ZZ"}, "set": {"places": 1}}]}, None, "no row of places"),
        ({"change": []}, None, "these changes cannot be read"),
        ({"set": {"years": [2026, 2027]}}, None, "a what-if cannot change which tables are read"),
        ({"edits": []}, None, "there is no edits in a scenario → did you mean “edit”?"),
        ({"edit": [{"tables": "places"}]}, None, "edit.0.tables: there is no such key"),
        (None, {"ZZ": 2027}, "there is no such option"),
        (None, {"ZZ": None}, "there is no such option"),
        (None, {"LB": 2026}, "option LB does not open in this year"),
        (
            {"set": {"finance": {"capital_budget": 200_000}}},
            {"QB+": 2026, "LB": 2028},
            "“QB\\+ LB”: these options may not open together \\(capital\\) → leave one of them out",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: Session, changes: Any, openings: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        asked.what_if(changes, openings=openings)


ENDLESS: dict[str, Any] = {}
ENDLESS["finance"] = ENDLESS


@pytest.mark.parametrize(
    ("changes", "openings", "message"),
    [
        ("x", None, "changes must be a mapping"),
        ({1: 2}, None, "these changes cannot be read"),
        ({"set": ENDLESS}, None, "contain themselves"),
        (
            {"edit": [{"table": "places", "where": {"places": 10**5000}, "set": {"places": 1}}]},
            None,
            "too long to write",
        ),
        (None, "LB", "openings must be a mapping"),
        (None, {"LB": "2028"}, "option LB opens in a whole year"),
        (None, {"LB": True}, "option LB opens in a whole year"),
        (None, {3: 2028}, "the name of an option must be text"),
    ],
)
def test_what_is_no_what_if_at_all_is_refused(asked: Session, changes: Any, openings: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        asked.what_if(changes, openings=openings)


def _solved(instance: Instance) -> Priced:
    return replace(generate_columns(instance), deadline=Deadline.after(60.0))


@given(st.integers(0, 400), st.integers(0, 2**31), st.booleans())
@examples(40)
def test_from_the_prices_of_any_case_like_it(seed: int, other: int, few: bool) -> None:
    """Limits, costs and weights drawn anew; priced from the last prices, with a handful of entries in each program."""
    tuning = Tuning(boxstep_arcs=3, fewest_smoothed_arcs=2) if few else TUNING
    instance, rng = prepare(random_case(seed), tuning), np.random.default_rng(other)
    data, rows = instance.data, instance.rows
    scaled = replace(data, k=data.k * rng.uniform(0.5, 1.5, data.k.shape))
    already = rows.used(instance.settled.stock)
    limits = already + np.maximum(rows.limit - already, 0.0) * rng.choice([0.0, 0.5, 1.0, 2.0], len(rows.limit))
    changed = replace(rows, limit=np.where(rows.family == "places", limits, rows.limit))
    now = replace(instance, data=scaled, rows=changed)
    answer = reoptimise(_solved(instance), now)
    assert answer.solution.optimal
    direct = column_generation.solve_full(now)
    assert answer.objective == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)


def test_from_a_case_without_any_coupling_row() -> None:
    """Places without limit and no rule; then a case that has both."""
    now = prepare(random_case(3))
    nothing = replace(now, rows=no_rows(now.data))
    answer = reoptimise(_solved(nothing), now)
    assert answer.solution.optimal
    assert answer.objective == pytest.approx(column_generation.solve_full(now).objective, rel=1e-9)


@pytest.mark.slow
def test_at_ward_grain() -> None:
    case = api.read(Path(__file__).parents[2] / "models" / "saltmere.toml")
    base = Session(case, {}, solve_by_pricing(with_nothing_opened(prepare(case))))
    answer = base.what_if(
        {"edit": [{"table": "costs", "where": {"type": "independent"}, "times": {"per_child": 1.06}}]}
    )
    cold = solve_by_pricing(answer.solved.priced.instance).plan
    assert answer.plan.objective == pytest.approx(cold.objective, rel=1e-9)
    assert answer.plan.objective > base.plan.objective
