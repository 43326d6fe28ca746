"""What is decided already: options that are committed, lines that cannot be filled, and who insists on which school."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.deadline import Deadline
from sufficiency.plan.certificate.options import broken_limits
from sufficiency.plan.explain.projection import do_nothing_more
from sufficiency.plan.options.appraisal import NO_APPRAISAL, appraised
from sufficiency.plan.options.programme import Programme, programme_by_prices, programme_directly, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing
from sufficiency.result.programme import programme_frames
from sufficiency.tables.checks.decided import check_decided
from sufficiency.tables.checks.findings import Inspection

from ..worked import Row, case_of, model_of, steady

SETTINGS: list[Row] = [
    {"setting": "F", "type": "special_free_school"},
    {"setting": "I", "type": "independent"},
    {"setting": "J", "type": "independent", "section_41": True},
    {"setting": "N"},
]
BOUGHT: Row = {"line": "bought", "setting": "I", "places": np.nan}
COSTS: list[Row] = [
    {"setting": "I", "per_child": 70_000},
    {"setting": "J", "per_child": 60_000},
    {"per_child": 20_000},
    {"type": "special_free_school", "per_place": 10_000},
]


def in_line(plan: Plan, year: int) -> dict[str, float]:
    children = np.bincount(plan.data.pair_line, plan.stock[year - 2025], len(plan.data.lines))
    return {line: float(n) for line, n in zip(plan.data.lines["line"], children, strict=True) if n > 1e-9}


def planned(case: Case) -> tuple[Programme, Plan]:
    programme = programme_by_prices(prepare(case))
    return programme, with_programme(solve_by_pricing(programme.instance).plan, programme)


def test_a_line_holds_the_children_who_can_be_enrolled_and_is_paid_for_all_its_places() -> None:
    # 100 children, nobody placed yet; a free school of 100 places in which six in ten can be enrolled, four kept for
    # other authorities: 60 − 4 are in, 44 are bought. Its 100 places cost £10,000 each.
    case = case_of(
        model_of((2025, 2026), continuity={"enrolment": {"fs1": 0.6}}),
        demand=steady("A", 100, range(2025, 2027)),
        places=[{"line": "FS1", "setting": "F", "places": 100, "imported": 4, "from_year": 2026}, BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
    )
    plan = solve_by_pricing(prepare(case)).plan
    assert in_line(plan, 2026) == pytest.approx({"FS1": 56, "bought": 44})
    assert plan.money == pytest.approx(56 * 20_000 + 44 * 70_000 + 100 * 10_000)


def test_so_do_the_places_that_an_option_brings() -> None:
    # Eight in ten of the option's 50 places, and of the 10 that another adds to the line, can be filled.
    case = case_of(
        model_of((2025, 2026), continuity={"enrolment": {"NB": 0.8, "FS1": 0.5}}),
        demand=steady("A", 100, range(2025, 2027)),
        places=[{"line": "FS1", "setting": "F", "places": 20}, BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
        options=[
            {"option": "NB", "setting": "N", "places": 50},
            {"option": "AD", "setting": "F", "line": "FS1", "places": 10, "needs": (), "phases": ()},
        ],
    )
    _, plan = planned(case)
    assert in_line(plan, 2026) == pytest.approx({"NB": 40, "FS1": 15, "bought": 45})


def test_families_insist_on_a_school_they_may_ask_for_and_less_on_others() -> None:
    # A hundred enter; forty like them are in an independent school today, thirty in one of section 41, thirty in the
    # special school, which has room for all. Of the first a tenth follow, of the second half (as of non-maintained
    # schools), of the third seven in ten: 4 and 15 are bought a place, 81 are where it is cheapest.
    def case(share: Any) -> Case:
        return case_of(
            model_of((2025, 2026), continuity={"stay": {"primary": 0.0}, "preference_share": share}),
            demand=steady("A", 100, range(2025, 2027)),
            placements=[
                {"area": "A", "line": "bought", "children": 40},
                {"area": "A", "line": "listed", "children": 30},
                {"area": "A", "line": "school", "children": 30},
            ],
            places=[
                BOUGHT,
                {"line": "listed", "setting": "J", "places": np.nan},
                {"line": "school", "setting": "N", "places": 100},
            ],
            settings=SETTINGS,
            costs=COSTS,
        )

    by_type = case({"default": 0.7, "non_maintained": 0.5, "independent": 0.1})
    plan = solve_by_pricing(prepare(by_type)).plan
    assert in_line(plan, 2026) == pytest.approx({"bought": 4, "listed": 15, "school": 81})
    by_year = case({"independent": {2025: 0.0, 2026: 0.2}})
    plan = solve_by_pricing(prepare(by_year)).plan
    assert in_line(plan, 2026) == pytest.approx({"bought": 8, "listed": 15, "school": 77})


def committed_case(**rules: Any) -> Case:
    """Fifty children; an option of 20 places that costs more than it saves, and one of 10 that saves."""
    return case_of(
        model_of((2025, 2028), rules=rules, weights={"rule_breach": 2_000_000}),
        demand=steady("A", 50, range(2025, 2029)),
        placements=[{"area": "A", "line": "bought", "children": 50}],
        places=[BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
        options=[
            {"option": "FS2", "setting": "F", "places": 20, "per_year": 5_000_000, "group": "g"},
            {"option": "NB", "setting": "N", "places": 10, "latest": 2026, "per_year": 1_000},
            {"option": "EX", "setting": "N", "places": 40, "group": "g", "latest": 2026},
        ],
    )


def test_a_committed_option_opens_in_its_year_whatever_it_costs() -> None:
    # One child in seven asks each year. If nothing is committed EX takes them all, at no cost of its own.
    free, _ = planned(committed_case())
    assert [(it.scheme.option, it.opens) for it in free.opened] == [("EX", 1)]
    case = committed_case(committed={"fs2": 2027})
    programme, plan = planned(case)
    assert [(it.scheme.option, it.opens) for it in programme.opened] == [("FS2", 2), ("NB", 1)]
    # FS2 £5m a year from 2027, NB £1,000 from 2026
    assert plan.data.option_cost.sum() == pytest.approx(2 * 5_000_000 + 3 * 1_000)
    assert plan.status == "optimal"
    whole = programme_directly(prepare(case))
    assert whole.value == pytest.approx(programme.value)
    assert np.array_equal(whole.y, programme.y)
    found = appraised(programme, Deadline(1e18))
    assert [programme.found.choices.schemes[step.scheme].option for step in found.order] == ["NB"]
    assert set(found.without) == {1}


def test_doing_nothing_more_has_what_is_committed() -> None:
    # From 2027 seven in fifty leave a year and as many ask: those turned from bought places to the new school.
    case = committed_case(committed={"FS2": 2027})
    projection = do_nothing_more(prepare(case))
    lines = projection.data.lines["line"].tolist()
    assert projection.data.places[:, lines.index("FS2")].tolist() == [0, 0, 20, 20]
    assert projection.data.places[:, lines.index("NB")].tolist() == [0, 0, 0, 0]
    there = [np.bincount(projection.data.pair_line, year, len(lines)) for year in projection.stock]
    # 50/7 ask each year; nobody insists on a bought place, and 18 of 20 new places fill
    assert there[2][lines.index("FS2")] == pytest.approx(50 / 7)
    assert there[3][lines.index("FS2")] == pytest.approx(50 / 7 * 6 / 7 + 50 / 7)
    spent = sum(20_000 * year[lines.index("FS2")] + 70_000 * year[lines.index("bought")] for year in there[1:])
    assert projection.money == pytest.approx(spent + 2 * (5_000_000 + 20 * 10_000))


def test_the_rooms_of_a_committed_option_are_there_if_nothing_more_is_done() -> None:
    # The building holds 10 and is full. The option builds rooms for 5 and brings 20 places: 5 of the 50/7 who ask.
    case = case_of(
        model_of((2025, 2026), rules={"committed": {"FS2": 2026}}),
        demand=steady("A", 50, range(2025, 2027)),
        placements=[{"area": "A", "line": "bought", "children": 40}, {"area": "A", "line": "FS1", "children": 10}],
        places=[{"line": "FS1", "setting": "F", "places": 10, "phases": ("primary",)}, BOUGHT],
        settings=[row | ({"physical_places": 10.0} if row["setting"] == "F" else {}) for row in SETTINGS],
        costs=COSTS,
        options=[{"option": "FS2", "setting": "F", "places": 20, "physical": 5}],
    )
    projection = do_nothing_more(prepare(case))
    lines = projection.data.lines["line"].tolist()
    there = np.bincount(projection.data.pair_line, projection.stock[1], len(lines))
    assert there[lines.index("FS1")] + there[lines.index("FS2")] == pytest.approx(15)


def test_a_committed_option_that_cannot_be_filled_opens_and_misses_at_the_price_of_a_rule() -> None:
    # Five children, 20 places, half of them to be filled: ten less five are missed in each of two years.
    case = case_of(
        model_of((2025, 2027), rules={"committed": {"FS2": 2026}}, weights={"rule_breach": 30_000}),
        demand=steady("A", 5, range(2025, 2028)),
        places=[BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
        options=[{"option": "FS2", "setting": "F", "places": 20, "smallest_fill": 0.5}],
    )
    programme, plan = planned(case)
    assert [it.scheme.option for it in programme.opened] == ["FS2"]
    assert in_line(plan, 2026) == pytest.approx({"FS2": 5})
    assert plan.policy_weights == pytest.approx(2 * 5 * 30_000)
    assert plan.money == pytest.approx(2 * (5 * 20_000 + 20 * 10_000))
    told = programme_frames(programme, NO_APPRAISAL, plan)["programme"].iloc[0]
    assert (told["option"], told["opens"], told["decided"], told["fill_missed"]) == ("FS2", 2026, "committed", 5)


def test_the_certificate_wants_the_committed_option_open_in_its_year() -> None:
    case = committed_case(committed={"FS2": 2027})
    assert broken_limits(case, [(0, 2027, 1.0)]) == 0
    assert broken_limits(case, []) == 1
    assert broken_limits(case, [(0, 2026, 1.0)]) == 1


def problems(case: Case) -> list[str]:
    seen = Inspection(case.model, case.tables)
    check_decided(seen)
    return [str(problem) for problem in seen.problems]


def test_what_is_committed_must_be_there_and_fit_together() -> None:
    (said,) = problems(committed_case(committed={"FS3": 2027}))
    assert said == "worked.toml, value “FS3”: rules.committed: there is no such option → use one of: FS2, NB, EX"
    (said,) = problems(committed_case(committed={"NB": 2027}))
    assert said.endswith("option NB cannot open in this year → it may open from 2026 to 2026")
    (said,) = problems(committed_case(committed={"FS2": 2027, "EX": 2026}))
    assert said.endswith("FS2 and EX are of one group (g); at most one of them opens → commit one of them")
    (said,) = problems(committed_case(committed={"FS2": 2027, "NB": 2026}, open_at_most=1))
    assert "rules.committed opens 2 options, and rules.open_at_most is 1" in said
    case = committed_case(committed={"FS2": 2027})
    finance = case.model.finance.model_copy(update={"capital_budget": 1_000_000.0, "capital_contingency": 0.1})
    assert case.tables.options is not None
    dear = case.tables.options.assign(capital=[1_000_000.0, 0.0, 0.0])
    poor = replace(
        case,
        model=case.model.model_copy(update={"finance": finance}),
        tables=replace(case.tables, options=dear),
    )
    assert "takes £1,100,000 of capital, and finance.capital_budget is £1,000,000" in problems(poor)[0]
    central = replace(poor, tables=replace(poor.tables, options=dear.assign(capital_by="central")))
    assert problems(central) == []


def test_lines_whose_enrolment_is_given_must_be_there_and_have_places() -> None:
    case = committed_case()
    given = {"FS2": 0.5, "bougth": 0.5, "bought": 0.9}
    continuity = case.model.continuity.model_copy(update={"enrolment": given})
    said = problems(replace(case, model=case.model.model_copy(update={"continuity": continuity})))
    assert said == [
        "worked.toml, value “bougth”: continuity.enrolment: there is no such line of places → did you mean “bought”?",
        "worked.toml: continuity.enrolment.bought changes nothing: the line has no limit → give the line its places, "
        "or take it out",
    ]
