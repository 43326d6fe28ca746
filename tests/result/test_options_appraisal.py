"""`options_appraisal.csv`: savings, break-even years and the order, with the sums by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.deadline import Deadline
from sufficiency.plan.options.appraisal import Appraisal, Other, appraised
from sufficiency.plan.options.benders import start_search
from sufficiency.plan.options.candidates import with_candidates
from sufficiency.plan.options.master import anything
from sufficiency.plan.options.programme import Programme, programme_by_prices, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing
from sufficiency.result.options_appraisal import appraisal_table, break_even, spent, spent_without
from sufficiency.result.programme import programme_figures, programme_frames

from ..examples import examples
from ..random_options import random_case_with_options
from ..worked import Row, case_of, model_of, steady

FOREVER = Deadline(1e18)


def case_with_p(option: Row, travel: list[Row] | None = None, **sections: Any) -> Case:
    """Four years, ten children placed anew each year, bought at 50,000; the option P has 5 places at 20,000, so it
    saves 150,000 a year.
    """
    given = {"finance": {}, "weights": {}} | sections
    model = model_of(
        (2025, 2029),
        solver={"gap": 1e-9, "threads": 1},
        continuity={"clean_slate": True},
        finance={"capital_budget": 1e7} | given["finance"],
        weights=given["weights"],
    )
    return case_of(
        model,
        demand=steady("A", 10, range(2025, 2030)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "SP"}],
        places=[{"line": "bought", "setting": "I", "places": np.nan}],
        costs=[{"type": "independent", "per_child": 50_000}, {"type": "special_school", "per_child": 20_000}],
        options=[{"option": "P", "setting": "SP", "places": 5, "latest": 2026} | option],
        travel=travel,
    )


def appraised_case(case: Case) -> tuple[Programme, Appraisal, Plan]:
    programme = programme_by_prices(prepare(case))
    plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
    return programme, appraised(programme, FOREVER), plan


def programme_of(case: Case) -> dict[str, Any]:
    programme, appraisal, plan = appraised_case(case)
    return programme_figures(programme, appraisal, plan, programme_frames(programme, appraisal, plan))


def appraisal_of(option: Row, **finance: Any) -> pd.Series[Any]:
    """The row of P."""
    return row_of_p(*appraised_case(case_with_p(option, finance=finance)))


def row_of_p(programme: Programme, appraisal: Appraisal, plan: Plan) -> pd.Series[Any]:
    row: pd.Series[Any] = appraisal_table(programme, appraisal, plan).set_index("option").loc["P"]
    return row


@pytest.mark.parametrize(
    ("capital", "year"),
    [(0, 2026), (150_000, 2026), (440_000, 2028), (460_000, 2029), (600_000, 2029), (610_000, None)],
)
def test_the_break_even_year_is_that_by_which_the_saving_covers_the_capital(capital: float, year: int | None) -> None:
    """150,000, 300,000, 450,000 and 600,000 are saved by the end of each year."""
    row = appraisal_of({"capital": capital})
    assert row["saving"] == pytest.approx(600_000)
    assert row["full_year_saving"] == pytest.approx(150_000)
    assert (None if pd.isna(row["break_even"]) else row["break_even"]) == year
    assert pd.isna(row["saving_per_pound"]) if capital == 0 else row["saving_per_pound"] == pytest.approx(6e5 / capital)


def test_it_counts_present_values() -> None:
    """At 25 % the savings of the four years are 150,000 × (1, 0.8, 0.64, 0.512): 366,000 after three, 442,800 in all.
    Cash of 600,000 would cover 450,000; its present value does not.
    """
    assert appraisal_of({"capital": 366_000}, discount_rate=0.25)["break_even"] == 2028
    row = appraisal_of({"capital": 450_000}, discount_rate=0.25)
    assert row["saving"] == pytest.approx(442_800)
    assert pd.isna(row["break_even"])


def test_capital_that_others_pay_or_that_is_charged_already_is_not_to_be_covered_again() -> None:
    """£1m paid centrally is none of ours. A charge of 10 % on £1m takes 100,000 a year off the saving."""
    assert appraisal_of({"capital": 1e6, "capital_by": "central"})["break_even"] == 2026
    row = appraisal_of({"capital": 1e6}, capital_charge=0.1)
    assert row["saving"] == pytest.approx(200_000)
    assert row["break_even"] == 2026


def test_no_year_before_the_option_opens_breaks_even() -> None:
    assert appraisal_of({"earliest": 2028, "latest": 2028})["break_even"] == 2028


def test_capital_is_discounted_as_savings_are() -> None:
    """P opens in the third year, in which a pound counts 0.64: £200,000 of capital are 128,000. It saves 150,000 × 0.64
    = 96,000 by the end of that year and with × 0.512 172,800 by the end of the fourth: it breaks even then, and saves
    £1.35 for each pound of capital. Capital as it is spent, 200,000, would never be covered.
    """
    row = appraisal_of({"earliest": 2028, "latest": 2028, "capital": 200_000}, discount_rate=0.25)
    assert row["capital_present_value"] == pytest.approx(128_000)
    assert row["saving"] == pytest.approx(172_800)
    assert row["break_even"] == 2029
    assert row["saving_per_pound"] == pytest.approx(1.35)


FAR = [{"area": "A", "setting": "I", "minutes": 60.0, "km": 0.0}]
"""An hour to the independent school: 190 days × 2 journeys × £5 an hour are £1,900 a child and year, all of it weight.
"""


def test_money_and_policy_weights_stand_apart() -> None:
    """P saves five children the hour too: 150,000 of money and 9,500 of weights a year, 600,000 and 38,000 in all. By
    both together £620,000 are covered in the fourth year, by money not within the plan; £440,000 in the third by both,
    and by money (450,000) too; £460,000 in the third by both (478,500), in the fourth by money.
    """
    years = {}
    for capital in (440_000, 460_000, 620_000):
        row = row_of_p(*appraised_case(case_with_p({"capital": capital}, FAR, weights={"hour_travelled": 5})))
        assert row["saving"] == pytest.approx(638_000)
        assert row["saving_money"] == row["saving_money_least"] == pytest.approx(600_000)
        years[capital] = tuple(None if pd.isna(row[name]) else row[name] for name in ("break_even", "break_even_money"))
    assert years == {440_000: (2028, 2028), 460_000: (2028, 2029), 620_000: (2029, None)}


@pytest.mark.parametrize(
    ("least", "shown", "money", "year"),
    [(500_000, 500_000, 500_000, 2028), (-37_000, 0, 0, None)],
)
def test_where_a_saving_is_a_range_it_breaks_even_by_the_least(
    least: float, shown: float, money: float, year: int | None
) -> None:
    """P saves 600,000 as found, and at least 500,000: 100,000 less from the first year on, so 50,000, 200,000 and
    350,000 by the end of the first three years cover £340,000 in the third. A plan known but for a gap may seem to be
    more expensive than one without P, which it could have left closed: the least is 0.
    """
    programme, appraisal, plan = appraised_case(case_with_p({"capital": 340_000}))
    (scheme, other), *_ = appraisal.without.items()
    rough = replace(appraisal, without={scheme: replace(other, least=float(least), most=7e5)})
    row = row_of_p(programme, rough, plan)
    assert pd.isna(row["saving"])
    assert pd.isna(row["saving_money"])
    assert row["saving_least"] == shown
    assert row["saving_money_least"] == pytest.approx(money)
    for name in ("break_even", "break_even_money"):
        assert (None if pd.isna(row[name]) else row[name]) == year


def test_nothing_is_said_of_an_option_without_which_no_programme_was_found() -> None:
    programme, appraisal, plan = appraised_case(case_with_p({"capital": 340_000}))
    unknown = {scheme: Other(None, np.nan, 1e5, np.inf) for scheme in appraisal.without}
    row = row_of_p(programme, replace(appraisal, without=unknown), plan)
    assert row["saving_least"] == 1e5
    assert row[["saving_most", "saving_money_least", "break_even", "break_even_money"]].isna().all()


def test_what_comes_next_costs_money_and_weights() -> None:
    """P has 6 places, an hour away (£1,900 of weight a child), Q 4 at home; both save 30,000 of money a child, and
    £1.5m are not enough for both. P saves 6 × 28,100 = 168,600, of it 180,000 of money; Q would save 120,000, so it
    costs 48,600 more, of it 60,000 of money. With £1m more both open: 120,000 more, all money.
    """
    case = case_of(
        model_of(
            (2025, 2026),
            solver={"gap": 1e-9, "threads": 1},
            finance={"capital_budget": 1_500_000},
            weights={"hour_travelled": 5},
        ),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "SP"}, {"setting": "SQ"}],
        places=[{"line": "bought", "setting": "I", "places": np.nan}],
        costs=[{"type": "independent", "per_child": 50_000}, {"type": "special_school", "per_child": 20_000}],
        options=[
            {"option": "P", "setting": "SP", "places": 6, "capital": 1_000_000},
            {"option": "Q", "setting": "SQ", "places": 4, "capital": 1_200_000},
        ],
        travel=[{"area": "A", "setting": "SP", "minutes": 60.0, "km": 0.0}],
    )
    figures = programme_of(case)
    (row,) = (row for row in figures["appraisal"] if row["part"] > 0)
    assert (row["saves_in_order"], row["saves_in_order_money"]) == pytest.approx((168_600, 180_000))
    assert (figures["saves"], figures["saves_money"]) == pytest.approx((168_600, 180_000))
    for other in (figures["in_reach"], figures["alternatives"][0]):
        assert (other["costs_more"], other["costs_more_money"]) == pytest.approx((48_600, 60_000))
    more = figures["capital"]["more"]
    assert (more["saves"], more["saves_money"], more["saves_money_least"]) == pytest.approx((120_000,) * 3)
    assert figures["capital"]["present_value"] == pytest.approx(1_000_000)


def test_what_opens_only_in_part_in_the_next_programme_is_named() -> None:
    """S may open in part: 6 places for £600,000, 180,000 saved. P has 2 places for £900,000 and saves 60,000. With
    £1.2m S opens; beside P only £300,000 are left, for 3 places of S.
    """
    case = case_of(
        model_of((2025, 2026), solver={"gap": 1e-9, "threads": 1}, finance={"capital_budget": 1_200_000}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "SP"}, {"setting": "SS"}],
        places=[{"line": "bought", "setting": "I", "places": np.nan}],
        costs=[{"type": "independent", "per_child": 50_000}, {"type": "special_school", "per_child": 20_000}],
        options=[
            {"option": "P", "setting": "SP", "places": 2, "capital": 900_000},
            {"option": "S", "setting": "SS", "places": 6, "capital": 600_000, "scalable": True},
        ],
    )
    near = programme_of(case)["in_reach"]
    assert (near["options"], near["in_place_of"]) == (["P"], [])
    assert near["costs_more"] == pytest.approx(30_000)
    assert near["in_part"] == {"S": {"places": pytest.approx(3), "of": 6}}


def test_a_saving_that_falls_short_again_has_not_broken_even() -> None:
    years = np.array([2026, 2027, 2028])
    assert break_even(years, np.array([5.0e3, 3.0e3, 6.0e3]), 4_000) == 2028
    assert break_even(years, np.array([5.0e3, 6.0e3, 3.0e3]), 4_000) is None
    assert break_even(years, np.array([5.0e3, 6.0e3, 4.0e3]), 4_000) == 2026
    assert break_even(years, np.array([-0.5, 0.0, 0.0]), 0) == 2026  # half a pound is the solver's


@pytest.mark.parametrize(
    ("model", "group", "lacking"),
    [
        ({"finance": {"capital_budget": 1_500_000}}, "", 700_000),
        ({"finance": {"capital_budget": 1_500_000}}, "one of us", None),
        ({"finance": {"capital_budget": 3_000_000}}, "one of us", None),
        ({"rules": {"open_at_most": 1}}, "", None),
    ],
)
def test_the_capital_that_the_option_just_out_of_reach_lacks(model: Row, group: str, lacking: float | None) -> None:
    """P (6 places, £1m) saves 180,000, Q (4 places, £1.2m) 120,000: with £1.5m P opens. Q in its place costs 60,000
    more, and £700,000 are lacking to have both; if only one may open, no capital helps.
    """
    case = case_of(
        model_of((2025, 2026), solver={"gap": 1e-9, "threads": 1}, **model),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "SP"}, {"setting": "SQ"}],
        places=[{"line": "bought", "setting": "I", "places": np.nan}],
        costs=[{"type": "independent", "per_child": 50_000}, {"type": "special_school", "per_child": 20_000}],
        options=[
            {"option": "P", "setting": "SP", "places": 6, "capital": 1_000_000, "group": group},
            {"option": "Q", "setting": "SQ", "places": 4, "capital": 1_200_000, "group": group},
        ],
    )
    figures = programme_of(case)
    near = figures["in_reach"]
    assert (near["options"], near["in_place_of"]) == (["Q"], ["P"])
    assert near["costs_more"] == pytest.approx(60_000)
    assert near.get("capital_lacking") == (None if lacking is None else pytest.approx(lacking))
    assert figures["saves"] == pytest.approx(180_000)


@given(st.integers(0, 100_000))
@examples(12)
def test_the_figures_of_one_option_agree(seed: int) -> None:
    """The saving is the sum of what is saved year by year; an option breaks even within the plan if, and only if, its
    saving is no less than our own capital in it, discounted alike; the order follows from the columns beside it; its
    steps add up to what the programme saves against opening nothing.
    """
    programme = programme_by_prices(prepare(random_case_with_options(seed, solver={"gap": 1e-9, "threads": 1})))
    if programme.search is None or not programme.opened:
        return
    plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
    appraisal = appraised(programme, FOREVER)
    scale = max(abs(programme.value), 1.0)
    for other in appraisal.without.values():
        if other.tried is not None:
            yearly = spent_without(programme, other.tried).cost - spent(plan).cost
            assert yearly.sum() == pytest.approx(other.more, abs=2e-6 * scale)
    table = appraisal_table(programme, appraisal, plan)
    table = table[table["part"] > 0].sort_values("order")
    ours = (table["part"] * table["capital"]).where(table["capital_by"] == "ours", 0.0)
    discounted = table["capital_present_value"]
    assert (discounted <= ours + 1e-6).all()
    owed = 0.0 * ours if plan.case.model.finance.capital_charge > 0 else discounted
    known = table["saving"].notna()
    assert (table["break_even"].notna() == (table["saving"] >= owed))[known].all()
    assert (table["break_even"] >= table["opens"])[table["break_even"].notna()].all()
    worth = table["saving"].fillna(table["saving_least"])
    per_pound = (worth / ours.where(ours > 0)).fillna(worth)
    keys = list(zip(table["opens"], ours > 0, -per_pound, strict=True))
    assert keys == sorted(keys)
    found = programme.found
    nothing = with_candidates(start_search(found, FOREVER), 0 * programme.y, anything(len(programme.y))).tried
    saves = programme_figures(programme, appraisal, plan, programme_frames(programme, appraisal, plan))["saves"]
    if found.choices.whole.all() and nothing and saves is not None:
        least = min(one.value for one in nothing if not one.y.any())
        assert saves == pytest.approx(least - programme.value, abs=2e-6 * scale)
