"""Policy rules worked by hand: what they do, and that their price is the cost of tightening them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.plan.explain.fairness import kappa_of, with_kappa
from sufficiency.plan.explain.rule_prices import rules_told
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing, solve_directly, with_ties_settled
from sufficiency.plan.tuning import Tuning
from sufficiency.problems import InputError

from ..examples import examples
from ..random_cases import random_case, rules_of_every_kind
from ..worked import case_of, model_of, steady
from .planned import in_line, planned
from .test_golden import JOURNEYS, journeys_case

YEAR = (2025, 2026)


def told(plan: Plan) -> dict[str, Any]:
    """The one rule row of a plan of one year."""
    rows = rules_told(plan).to_dict("records")
    assert len(rows) == 1
    return dict(rows[0])


def bought_or_state(rules: list[dict[str, Any]], years: tuple[int, int] = YEAR, **more: Any) -> Case:
    """Eight primary and four secondary children in two localities; bought places are £8,000 cheaper than state ones."""
    demand = [
        *steady("A", 8, range(2025, years[1] + 1)),
        *steady("B", 4, range(2025, years[1] + 1), phase="secondary", need="SEMH"),
    ]
    both = {"needs": ("ASD", "SEMH"), "places": np.nan}
    return case_of(
        model_of(years, continuity={"stay": {"primary": 0.0, "secondary": 0.0}}, rules={"share": rules}, **more),
        demand=demand,
        areas=[{"area": "A", "locality": "North"}, {"area": "B", "locality": "South"}],
        settings=[{"setting": "I", "type": "independent"}, {"setting": "S"}],
        places=[{"line": "bought", "setting": "I", **both}, {"line": "state", "setting": "S", **both}],
        costs=[{"setting": "I", "per_child": 12_000}, {"setting": "S", "per_child": 20_000}],
    )


@pytest.mark.parametrize(
    ("rule", "bought"),
    [
        ({"types": ["independent"], "at_most": 0.25}, 3),  # of all twelve
        ({"types": ["independent"], "at_most": 0.25, "needs": ["ASD"]}, 2 + 4),  # two of the eight, all four others
        ({"types": ["independent"], "at_most": 0.25, "phases": ["secondary"]}, 8 + 1),
        ({"types": ["independent"], "at_most": 0.25, "localities": ["north"]}, 2 + 4),
        ({"types": ["independent"], "at_most_children": 5}, 5),
        ({"types": ["special_school"], "at_least": 0.5}, 6),
        ({"types": ["special_school"], "at_least_children": 9}, 3),
        ({"types": ["special_school"], "at_least": 0.5, "localities": ["South"], "phases": ["secondary"]}, 8 + 2),
        ({"types": ["special_school", "independent"], "at_least": 1.0}, 12),
        ({"types": ["independent"], "at_most": 0.0, "from_year": 2027}, 12),
        ({"types": ["independent"], "at_most": 0.0, "to_year": 2025}, 12),
    ],
)
@pytest.mark.parametrize("hard", [False, True])
def test_a_share_rule_counts_whom_it_names(rule: dict[str, Any], bought: float, hard: bool) -> None:
    plan = planned(bought_or_state([{"name": "rule", "hard": hard, **rule}]))
    assert in_line(plan, 2026)["bought"] == pytest.approx(bought)


def test_a_rule_holds_in_its_years_only() -> None:
    rule = {"name": "none bought", "types": ["independent"], "at_most": 0.0, "from_year": 2027, "to_year": 2028}
    plan = planned(bought_or_state([rule], (2025, 2029)))
    assert [in_line(plan, year)["bought"] for year in range(2026, 2030)] == pytest.approx([12, 0, 0, 12])
    assert rules_told(plan)["year"].tolist() == [2027, 2028]


@pytest.mark.parametrize(
    ("rule", "tighter"),
    [
        ({"types": ["independent"], "at_most_children": 5}, {"at_most_children": 4}),
        ({"types": ["independent"], "at_most": 0.5}, {"at_most": 5 / 12}),
        ({"types": ["special_school"], "at_least_children": 6}, {"at_least_children": 7}),
        ({"types": ["special_school"], "at_least": 0.5}, {"at_least": 7 / 12}),
    ],
)
def test_the_price_is_the_cost_of_tightening_the_rule_by_one_child(rule: dict[str, Any], tighter: Any) -> None:
    # One child more in a state place instead of a bought one: £20,000 − £12,000.
    plan = planned(bought_or_state([{"name": "rule", **rule}]))
    assert told(plan)["pounds"] == pytest.approx(8_000)
    again = planned(bought_or_state([{"name": "rule", **rule, **tighter}]))
    assert again.objective - plan.objective == pytest.approx(8_000)


def test_a_missed_rule_says_by_how_much_at_its_price() -> None:
    # Six of seven stay in AP; the rule allows one in ten of ten: missed by five, at £2,000 a child.
    rule = {"name": "AP", "types": ["alternative_provision"], "at_most": 0.1}
    row = told(planned(ap_case([rule], rule_breach=2_000)))
    assert (row["limit"], row["value"], row["missed"], row["pounds"]) == pytest.approx((1, 6, 5, 2_000))


def ap_case(rules: list[dict[str, Any]], rule_breach: float | None = None, **more: Any) -> Case:
    """Ten children, seven of them in AP, of whom six stay."""
    return case_of(
        model_of(YEAR, weights={"rule_breach": rule_breach}, rules={"share": rules, **more}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "AP", "type": "alternative_provision"}, {"setting": "S"}],
        placements=[{"area": "A", "line": "ap", "children": 7}],
        places=[{"line": "ap", "setting": "AP", "places": 20}, {"line": "special", "setting": "S", "places": 20}],
        costs=[{"setting": "AP", "per_child": 19_000}, {"setting": "S", "per_child": 20_000}],
    )


def test_within_the_locality() -> None:
    # Eight northern children are in the cheap northern school anyway; of the four southern ones all would go there.
    # Nine of twelve within their locality: one goes to the southern school, which costs £10,000 more.
    def near_home(share: float) -> Plan:
        return planned(journeys_case(in_locality=[{"name": "near home", "at_least": share}]))

    plan = near_home(9 / 12)
    assert in_line(plan, 2026) == pytest.approx({"northern": 11, "southern": 1})
    row = told(plan)
    assert (row["limit"], row["value"], row["missed"], row["pounds"]) == pytest.approx((9, 9, 0, 10_000))
    assert near_home(10 / 12).objective - plan.objective == pytest.approx(row["pounds"])


def test_within_the_locality_for_some_of_the_children_and_places() -> None:
    rule = {"name": "near home", "at_least": 0.5, "localities": ["South"]}
    assert in_line(planned(journeys_case(in_locality=[rule])), 2026)["southern"] == pytest.approx(2)
    nowhere = rule | {"types": ["special_school"]}  # both schools are independent: nothing helps, missed by two
    row = told(planned(journeys_case(in_locality=[nowhere])))
    assert (row["value"], row["missed"]) == pytest.approx((0, 2))


def test_the_mean_journey_of_a_locality() -> None:
    # South: n of four at 50 minutes, the others at 20: 50 n + 20 (4 − n) = 25 · 4, n = 2/3. A minute more lets
    # 4/30 more go north, £10,000 cheaper each: £1,333.
    def short(limit: float, hard: bool) -> Plan:
        return planned(journeys_case(locality_minutes={"name": "short", "at_most": limit, "hard": hard}))

    for hard in (False, True):
        plan = short(25, hard)
        assert in_line(plan, 2026) == pytest.approx({"northern": 8 + 2 / 3, "southern": 4 - 2 / 3})
        rows = rules_told(plan).set_index("rule")
        assert rows.loc["short: South", ["limit", "value", "pounds"]].tolist() == pytest.approx([25, 25, 40_000 / 30])
        assert rows.loc["short: North", ["limit", "value", "pounds"]].tolist() == pytest.approx([25, 10, 0])
        assert plan.objective - short(26, hard).objective == pytest.approx(40_000 / 30)


def test_a_mean_journey_out_of_reach_is_missed_and_its_price_is_that_of_a_minute() -> None:
    # South cannot be under 20 minutes: at 16 all four stay at home, 4 · (20/16 − 1) = one child over, at £2m. At
    # 16 + d it is 4 · (20/(16 + d) − 1): less by 80/256 of a child a minute.
    rule = {"name": "short", "at_most": 16, "localities": ["South"]}
    case = journeys_case(locality_minutes=rule)
    weights = case.model.weights.model_copy(update={"rule_breach": 2_000_000.0})
    plan = planned(replaced(case, weights=weights))
    row = told(plan)
    assert (row["value"], row["missed"]) == pytest.approx((20, 4))
    assert plan.policy_weights == pytest.approx(2_000_000)
    assert row["pounds"] == pytest.approx(2_000_000 * 80 / 256)


def replaced(case: Case, **sections: Any) -> Case:
    from dataclasses import replace

    return replace(case, model=case.model.model_copy(update=sections))


def test_leaving_a_child_without_a_place_does_not_shorten_the_mean_journey() -> None:
    # One place ten minutes away, the others at 100: two children, 55 minutes on average against 40. If whoever waits
    # were left out, the second child would wait (£1m) to save 0.75 of a child at £10m.
    case = case_of(
        model_of(YEAR, rules={"locality_minutes": {"at_most": 40}}),
        demand=steady("A", 2, range(2025, 2027)),
        places=[{"line": "near", "setting": "N", "places": 1}, {"line": "far", "setting": "F", "places": 9}],
        costs=[{"per_child": 20_000}],
        travel=[
            {"area": "A", "setting": "N", "minutes": 10.0, "km": 5.0},
            {"area": "A", "setting": "F", "minutes": 100.0, "km": 60.0},
        ],
    )
    plan = planned(case)
    assert plan.waiting[1].sum() == pytest.approx(0)
    assert told(plan)["value"] == pytest.approx(55)


def test_a_child_without_a_place_counts_with_the_longest_journey_there_might_be() -> None:
    # Ten and 100 minutes for two, the third finds no place: (10 + 100 + 100) / 3 = 70 minutes against 40, which is
    # 3 · (70/40 − 1) children over.
    case = case_of(
        model_of(YEAR, weights={"rule_breach": 2_000_000}, rules={"locality_minutes": {"at_most": 40}}),
        demand=steady("A", 3, range(2025, 2027)),
        places=[{"line": "near", "setting": "N", "places": 1}, {"line": "far", "setting": "F", "places": 1}],
        costs=[{"per_child": 20_000}],
        travel=[
            {"area": "A", "setting": "N", "minutes": 10.0, "km": 5.0},
            {"area": "A", "setting": "F", "minutes": 100.0, "km": 60.0},
        ],
    )
    plan = planned(case)
    assert plan.waiting[1].sum() == pytest.approx(1)
    row = told(plan)
    assert (row["value"], row["missed"]) == pytest.approx((70, 30))
    assert plan.policy_weights == pytest.approx(1_000_000 + 3 * 0.75 * 2_000_000)


KAPPA = float(np.log(2) / 10)


def test_fair_journeys() -> None:
    # With κ = ln 2 / 10 a journey of m minutes counts 2^(m/10): 2 and 64 from the north, 32 and 4 from the south. As
    # good as 30 minutes for all twelve: at most 12 · 8 = 96 = 8 · 2 + 32 n + 4 (4 − n), so n = 64/28 go north.
    # A minute more: 96 · ln 2 / 10, of which each child who goes north takes 28 and saves £10,000.
    def fair(limit: float, hard: bool = False) -> Plan:
        return planned(journeys_case(fairness={"name": "fair", "at_most": limit, "kappa": KAPPA, "hard": hard}))

    for hard in (False, True):
        plan = fair(30, hard)
        assert in_line(plan, 2026)["northern"] == pytest.approx(8 + 64 / 28)
        row = told(plan)
        assert (row["limit"], row["value"]) == pytest.approx((30, 30))
        assert row["pounds"] == pytest.approx(96 * KAPPA / 28 * 10_000)
        saved = plan.objective - fair(30.001, hard).objective
        assert saved / 0.001 == pytest.approx(row["pounds"], rel=1e-3)


def test_a_fair_limit_beyond_the_longest_journey_says_nothing() -> None:
    plan = planned(journeys_case(fairness={"at_most": 500, "kappa": KAPPA}))
    assert in_line(plan, 2026)["northern"] == pytest.approx(12)
    row = told(plan)
    # All in the north: (8 · 2 + 4 · 32) / 12 = 12, which is 2^(m/10) at m = 35.8.
    assert row["value"] == pytest.approx(10 * np.log2(12))
    assert row["pounds"] == 0


def test_a_child_who_waits_counts_as_the_longest_journey() -> None:
    # No place in the south and one in the north for one child of two; the longest journey of any arc is 10 minutes.
    # (1 placed at 10, 1 waits, counted as 10): 10 minutes for everyone.
    case = case_of(
        model_of(YEAR, rules={"fairness": {"at_most": 5, "kappa": 0.1}}),
        demand=steady("A", 2, range(2025, 2027)),
        places=[{"line": "near", "setting": "N", "places": 1}],
        costs=[{"per_child": 20_000}],
        travel=[{"area": "A", "setting": "N", "minutes": 10.0, "km": 5.0}],
    )
    plan = planned(case)
    assert plan.waiting[1].sum() == pytest.approx(1)
    assert told(plan)["value"] == pytest.approx(10)


def test_kappa_comes_from_the_plan_without_the_rule() -> None:
    # Unconstrained all go north: Σm = 8 · 10 + 4 · 50 = 280, Σm² = 8 · 100 + 4 · 2,500 = 10,800.
    case = with_kappa(journeys_case(fairness={"at_most": 30, "aversion": 2.0}))
    assert case.model.rules.fairness is not None
    assert case.model.rules.fairness.kappa == pytest.approx(2 * 280 / 10_800)
    plan = planned(case)
    assert told(plan)["value"] == pytest.approx(30)
    # Someone who gives κ keeps it.
    given_one = journeys_case(fairness={"at_most": 30, "kappa": 0.05})
    assert with_kappa(given_one) is given_one


def test_kappa_where_nobody_travels() -> None:
    plan = planned(bought_or_state([]))
    assert kappa_of(plan.data, plan.stock, 1.0) == 1.0
    case = with_kappa(replaced(bought_or_state([]), rules=journeys_case(fairness={"at_most": 30}).model.rules))
    assert told(planned(case))["value"] == 0


# ---- hard rules that clash -------------------------------------------------------------------------------------------


def clash(case: Case) -> str:
    """What is said, by both routes alike."""
    said = []
    for solve in (solve_by_pricing, solve_directly):
        with pytest.raises(InputError) as raised:
            solve(prepare(case))
        said.append([str(problem) for problem in raised.value.problems])
    assert said[0] == said[1]
    assert len(said[0]) == 1
    return said[0][0]


def test_two_hard_rules_that_contradict_each_other_are_named_and_no_other() -> None:
    # Of twelve at least nine in state places, and at most seven: two children cannot be right.
    rules = [
        {"name": "mostly state", "types": ["special_school"], "at_least": 0.75, "hard": True},
        {"name": "few bought in the north", "types": ["independent"], "at_most": 0.5, "hard": True},
        {"name": "not too many state", "types": ["special_school"], "at_most_children": 7, "hard": True},
        {"name": "soft", "types": ["special_school"], "at_most_children": 0},
    ]
    said = clash(bought_or_state(rules))
    assert "no plan keeps these hard rules together" in said
    assert "“mostly state” (rules.share, 2026)" in said
    assert "“not too many state” (rules.share, 2026)" in said
    assert "2 too" in said
    assert "few bought" not in said
    assert "soft”" not in said


def test_a_clash_names_the_years_it_is_about() -> None:
    rules = [
        {"name": "some bought", "types": ["independent"], "at_least_children": 3, "hard": True},
        {"name": "none bought", "types": ["independent"], "at_most": 0.0, "hard": True, "from_year": 2028},
    ]
    said = clash(bought_or_state(rules, (2025, 2029)))
    assert "“some bought” (rules.share, 2028–2029)" in said
    assert "“none bought” (rules.share, 2028–2029)" in said
    assert said.count("3 too") == 2


def test_a_hard_rule_against_children_already_placed() -> None:
    said = clash(ap_case([{"name": "little AP", "types": ["alternative_provision"], "at_most": 0.1, "hard": True}]))
    assert "no plan keeps the hard rule “little AP” (rules.share, 2026)" in said
    assert "“little AP”: 2026 6 children, at most 1 allowed, 5 too many" in said
    assert "Children already placed" in said


def test_a_hard_rule_missed_by_rounding_alone_is_kept() -> None:
    # five of fifteen children are there to stay: a third, which the file gives to seven digits
    rule = {"name": "few bought", "types": ["independent"], "at_most": 0.333_333_3, "hard": True}
    case = case_of(
        model_of(
            (2025, 2026),
            continuity={"stay": {"primary": 1.0}, "preference_share": 0.0},
            rules={"share": [rule]},
        ),
        demand=[
            {"area": area, "year": year, "children": n} for area, n in (("A", 5), ("B", 10)) for year in (2025, 2026)
        ],
        settings=[{"setting": "I", "type": "independent"}, {"setting": "S"}],
        places=[{"line": "i", "setting": "I", "places": np.nan}, {"line": "s", "setting": "S", "places": 20}],
        costs=[{"setting": "I", "per_child": 60_000}, {"setting": "S", "per_child": 20_000}],
        placements=[{"area": "A", "line": "i", "children": 5}, {"area": "B", "line": "s", "children": 10}],
    )
    plan = planned(case)
    assert plan.money == pytest.approx(5 * 60_000 + 10 * 20_000)


def test_a_hard_journey_limit_that_keeps_a_rule_from_being_met_is_named() -> None:
    # The only special school is beyond the journey limit.
    def case(hard_limit: bool, places: float = 20) -> Case:
        rule = {"name": "half special", "types": ["special_school"], "at_least": 0.5, "hard": True}
        return case_of(
            model_of(
                YEAR,
                travel={"limit_minutes": {"primary": 45}},
                rules={"share": [rule], "hard_journey_limit": hard_limit},
            ),
            demand=steady("A", 10, range(2025, 2027)),
            settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
            places=[
                {"line": "special", "setting": "S", "places": places},
                {"line": "bought", "setting": "I", "places": np.nan},
            ],
            costs=[{"per_child": 20_000}],
            travel=[{"area": "A", "setting": "S", "minutes": 50.0, "km": 30.0}],
        )

    assert in_line(planned(case(False)), 2026)["special"] >= 5 - 1e-6
    said = clash(case(True))
    assert "“half special” (rules.share, 2026) and rules.hard_journey_limit" in said
    assert "5 too few" in said
    # With three places the limit is not what is in the way.
    assert "hard_journey_limit" not in clash(case(True, places=3))


def test_a_mean_journey_that_cannot_be_is_told_in_minutes() -> None:
    said = clash(journeys_case(locality_minutes={"name": "short", "at_most": 15, "hard": True}))
    assert "“short: South” (rules.locality_minutes, 2026)" in said
    assert "“short: South”: 2026 20 minutes, at most 15 allowed" in said
    assert "North" not in said


def test_within_the_locality_against_the_mean_journey() -> None:
    # The school of the south is an hour away from it and the northern one ten minutes: not both.
    rules = {
        "in_locality": [{"name": "near home", "at_least": 0.75, "hard": True}],
        "locality_minutes": {"name": "short", "at_most": 30, "hard": True},
    }
    travel = [
        {"area": "B", "setting": "N", "minutes": 10.0, "km": 5.0},
        {"area": "B", "setting": "S", "minutes": 60.0, "km": 40.0},
    ]
    south = JOURNEYS | {"areas": [{"area": "B", "locality": "South"}], "travel": travel}
    said = clash(case_of(model_of(YEAR, rules=rules), demand=steady("B", 4, range(2025, 2027)), **south))
    assert "“near home” (rules.in_locality, 2026) and “short: South” (rules.locality_minutes, 2026)" in said


# ---- random models -------------------------------------------------------------------------------------------------


@given(st.integers(0, 100_000), st.booleans())
@example(seed=170, hard=True)  # no price brings room
@example(seed=183, hard=True)
@examples(60)
def test_both_routes_agree_with_every_kind_of_rule(seed: int, hard: bool) -> None:
    instance = prepare(random_case(seed, rules=rules_of_every_kind(seed, hard)), Tuning(boxstep_arcs=3))
    try:
        direct = solve_directly(instance).plan
    except InputError:
        with pytest.raises(InputError, match="no plan keeps"):
            solve_by_pricing(instance)
    else:
        priced = with_ties_settled(solve_by_pricing(instance))
        assert priced.objective == pytest.approx(direct.objective, rel=1e-7, abs=1e-6)
        assert (rules_told(priced)["pounds"] >= 0).all()
