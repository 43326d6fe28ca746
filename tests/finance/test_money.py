"""Money as councils keep it: small cases, every figure derived beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.api import solve
from sufficiency.case import Case
from sufficiency.finance.budget import deficit, overspend, stability_grant
from sufficiency.finance.reconcile import reconciliation, too_far
from sufficiency.finance.spend import financial, place_funding, spend_by_academic_year
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing
from sufficiency.problems import InputError
from sufficiency.report.content import figures
from sufficiency.report.screens.plan import screen
from sufficiency.result import Result

from ..examples import examples
from ..random_cases import random_case
from ..worked import Row, case_of, model_of, steady

YEARS = range(2025, 2028)
AFRESH = {"stay": {"primary": 0.0, "post_16": 0.0}}


def base_and_college(**more: Any) -> Case:
    """Three primary children in a base of five places, two young people in a college, nobody carried over.

    A base place is £6,000 filled and £10,000 empty (1.0.2), its child £12,000 (1.2.1); the college £14,000 (1.2.2).
    """
    sections = {name: more.pop(name) for name in ("finance", "weights") if name in more}
    return case_of(
        model_of((2025, 2027), continuity=AFRESH, **sections),
        demand=[*steady("A", 3, YEARS), *steady("A", 2, YEARS, phase="post_16")],
        settings=[
            {"setting": "B", "type": "resource_base", **more.pop("base", {})},
            {"setting": "C", "type": "college"},
        ],
        places=[
            {"line": "base", "setting": "B", "places": 5, "phases": ("primary",)},
            {"line": "college", "setting": "C", "places": np.nan, "phases": ("post_16",)},
        ],
        costs=[
            {"setting": "B", "per_child": 12_000, "budget_line": "1.2.1"},
            {"setting": "C", "per_child": 14_000, "budget_line": "1.2.2"},
            {"setting": "B", "per_place": 6_000, "per_empty_place": 10_000, "place_budget_line": "1.0.2"},
        ],
        placements=[
            {"area": "A", "line": "base", "children": 3},
            {"area": "A", "phase": "post_16", "line": "college", "children": 2},
        ],
        **more,
    )


def planned(case: Case) -> Plan:
    return solve_by_pricing(prepare(case)).plan


def spent(case: Case) -> pd.DataFrame:
    plan = planned(case)
    return spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)


def by_line(rows: pd.DataFrame, year: int) -> dict[str, float]:
    column = "financial_year" if "financial_year" in rows else "year"
    chosen = rows[rows[column] == year].groupby("budget_line")["pounds"].sum()
    return {str(line): float(pounds) for line, pounds in chosen.items()}


def test_places_and_top_ups_stand_on_their_own_lines_and_empty_places_count() -> None:
    # 3 filled at £6,000 and 2 empty at £10,000 are £38,000; 3 × £12,000; 2 × £14,000
    rows = spent(base_and_college())
    assert by_line(rows, 2026) == pytest.approx({"1.0.2": 38_000, "1.2.1": 36_000, "1.2.2": 28_000})


def test_a_financial_year_takes_five_twelfths_and_seven_and_post_16_four_and_eight() -> None:
    # Inflation doubles prices each year: academic 2025 costs 1, 2026 costs 2, 2027 costs 4. The financial year 2027 has
    # 5/12 of 2026 and 7/12 of 2027: 36,000 × (2 × 5/12 + 4 × 7/12) = 36,000 × 38/12 = 114,000; the college
    # 28,000 × (2 × 4/12 + 4 × 8/12) = 28,000 × 40/12 = 93,333.33.
    case = base_and_college(finance={"inflation": {"default": 0.99999}})
    rows = financial(spent(case), 2026)
    assert by_line(rows, 2027)["1.2.1"] == pytest.approx(114_000, rel=1e-4)
    assert by_line(rows, 2027)["1.2.2"] == pytest.approx(93_333.33, rel=1e-4)
    assert set(rows["financial_year"]) == {2026, 2027}


def test_financial_years_can_be_redone_from_the_spend_table() -> None:
    # As above, but from the tables a plan writes: `spend` has the base year, and says how much of a row is post-16.
    result = solved(finance={"inflation": {"default": 0.99999}}, other_spend=OTHER)
    spend = result.spend.set_index(["year", "budget_line", "type"])
    base = spend.loc[(2025, "1.2.1", "resource_base")]
    assert (base["pounds"], base["post_16_pounds"]) == pytest.approx((36_000, 0))
    assert spend.loc[(2025, "1.2.2", "college"), "post_16_pounds"] == pytest.approx(28_000)
    early = spend["pounds"] * 5 / 12 - spend["post_16_pounds"] * (5 / 12 - 4 / 12)
    late = spend["pounds"] - early
    modelled = result.spend_financial.query("type != 'not_modelled'")
    found = modelled.set_index(["financial_year", "budget_line", "type"])["pounds"]
    for (year, line, kind), pounds in found.items():
        assert early[year - 1, line, kind] + late[year, line, kind] == pytest.approx(pounds)
    # what the plan does not move stands in the same table, as it was given
    given = result.spend_financial.query("type == 'not_modelled'")
    assert given[["financial_year", "budget_line", "fund", "pounds"]].values.tolist() == [
        [2026, "1.2.5", "dsg", 10_000],
        [2027, "1.2.5", "dsg", 10_000],
    ]


def test_recouped_places_are_shown_as_such() -> None:
    case = base_and_college(base={"recouped": True})
    plan = planned(case)
    assert by_line(spent(case), 2026) == pytest.approx({"recouped": 38_000, "1.2.1": 36_000, "1.2.2": 28_000})
    table = place_funding(case, plan.data, plan.stock)
    row = table[table["year"] == 2026].iloc[0]
    assert (row["paid_by"], row["places"], row["empty"], row["pounds"]) == ("dfe", 5, 2, 38_000)
    assert row["empty_pounds"] == 20_000


def test_fixed_costs_of_an_option_stand_beside_the_funding_of_its_places() -> None:
    # An option of two places at £10,000, opened for two children otherwise bought at £60,000, costs £4,000 a year
    # whichever children are in it; at 10 % inflation £4,400 beside £22,000 in 2026 and £4,840 beside £24,200 in 2027.
    case = case_of(
        model_of((2025, 2027), finance={"inflation": {"default": 0.1}}),
        demand=steady("A", 2, YEARS),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "N"}],
        places=[{"line": "i", "setting": "I", "places": np.nan}],
        costs=[
            {"type": "independent", "per_child": 60_000, "budget_line": "1.2.3"},
            {"type": "special_school", "per_child": 1_000, "budget_line": "1.2.1"},
            {"type": "special_school", "per_place": 10_000, "place_budget_line": "1.0.2"},
        ],
        options=[{"option": "O", "setting": "N", "places": 2, "earliest": 2026, "latest": 2026, "per_year": 4_000}],
    )
    result = solve(case, appraise=False)
    table = result.place_funding.set_index("year")
    assert table["pounds"].to_dict() == pytest.approx({2026: 22_000, 2027: 24_200})
    assert table["fixed_pounds"].to_dict() == pytest.approx({2026: 4_400, 2027: 4_840})
    spend = result.spend[result.spend["budget_line"] == "1.0.2"].set_index("year")["pounds"]
    assert spend.to_dict() == pytest.approx({2026: 26_400, 2027: 29_040})


BUDGET: list[Row] = [
    {"financial_year": year, "budget_line": line, "pounds": pounds}
    for year in (2026, 2027)
    for line, pounds in (("1.0.2", 38_000), ("1.2.1", 40_000), ("1.2.5", 9_000), ("transport", 1_000))
]
OTHER: list[Row] = [{"financial_year": year, "budget_line": "1.2.5", "pounds": 10_000} for year in (2026, 2027)]


def test_lines_over_and_under_their_budgets_other_spending_included() -> None:
    # Every year costs the same, so a financial year is an academic one. 1.2.1 spends 36,000 of 40,000; 1.2.2 has no
    # budget; 1.2.5 is other spending alone; transport spends nothing.
    case = base_and_college(budget=BUDGET, other_spend=OTHER)
    table = overspend(case, financial(spent(case), 2026))
    over = table[table["financial_year"] == 2026].set_index("budget_line")["over"].to_dict()
    assert over == pytest.approx({"1.0.2": 0, "1.2.1": -4_000, "1.2.2": 28_000, "1.2.5": 1_000, "transport": -1_000})


def test_recouped_places_are_over_only_where_the_budget_names_them() -> None:
    case = base_and_college(base={"recouped": True}, budget=BUDGET, other_spend=OTHER)
    spend = financial(spent(case), 2026)
    assert "recouped" not in set(overspend(case, spend)["budget_line"])
    named = [*BUDGET, {"financial_year": 2026, "budget_line": "recouped", "pounds": 30_000}]
    case = base_and_college(base={"recouped": True}, budget=named, other_spend=OTHER)
    table = overspend(case, spend).set_index(["financial_year", "budget_line"])["over"]
    assert table[2026, "recouped"] == pytest.approx(8_000)


def test_the_deficit_grows_by_what_the_grant_does_not_cover() -> None:
    # The DSG pays 38,000 + 36,000 + 28,000 + 10,000 = 112,000 and has 38,000 + 40,000 + 9,000 = 87,000: 25,000 short a
    # year. Transport is not its business. From −100,000: −125,000, then −150,000. The grant is 90 % of 100,000.
    case = base_and_college(finance={"opening_dsg_balance": -100_000}, budget=BUDGET, other_spend=OTHER)
    spend = financial(spent(case), 2026)
    table = deficit(case, spend, spend)
    plan = table[table["projection"] == "plan"].set_index("financial_year")
    assert plan["in_year"].to_dict() == pytest.approx({2026: -25_000, 2027: -25_000})
    assert plan["balance"].to_dict() == pytest.approx({2026: -125_000, 2027: -150_000})
    assert plan["balance_with_grant"].to_dict() == pytest.approx({2026: -35_000, 2027: -60_000})
    assert len(table) == 4


def test_the_block_can_be_given_apart_from_the_budgets() -> None:
    finance = {"opening_dsg_balance": 0, "high_needs_block": {"2026": 100_000, "2027": 110_000}}
    case = base_and_college(finance=finance, budget=BUDGET, other_spend=OTHER)
    spend = financial(spent(case), 2026)
    table = deficit(case, spend, spend)
    assert table["in_year"].tolist()[:2] == pytest.approx([-12_000, -2_000])


@pytest.mark.parametrize(
    ("finance", "grant"),
    [
        ({"opening_dsg_balance": -100.0}, 90.0),
        ({"opening_dsg_balance": -100.0, "stability_grant_eligible": 60.0}, 54.0),
        ({"opening_dsg_balance": 50.0}, 0.0),
        ({}, float("nan")),
    ],
)
def test_the_stability_grant(finance: dict[str, float], grant: float) -> None:
    assert stability_grant(base_and_college(finance=finance)) == pytest.approx(grant, nan_ok=True)


def test_the_ledger_is_set_against_a_financial_year() -> None:
    # Inflation 20 %, as many children: April to August cost a sixth less. 1.2.1: 36,000 × (5/12 / 1.2 + 7/12) = 33,500;
    # 1.2.2: 28,000 × (4/12 / 1.2 + 8/12) = 26,444.44; 1.0.2: 38,000 × (5/12 / 1.2 + 7/12) = 35,361.11.
    ledger = [
        {"financial_year": 2025, "budget_line": "1.0.2", "pounds": 35_000},
        {"financial_year": 2025, "budget_line": "1.2.1", "pounds": 30_000},
        {"financial_year": 2025, "budget_line": "1.2.2", "pounds": 26_444},
    ]
    case = base_and_college(finance={"inflation": {"default": 0.2}}, budget=ledger)
    table = reconciliation(case, prepare(case).data, spent(case))
    lines = table.set_index("budget_line")
    assert lines["model"].to_dict() == pytest.approx({"1.0.2": 35_361.11, "1.2.1": 33_500, "1.2.2": 26_444.44})
    assert lines["timing"]["1.2.1"] == pytest.approx(-2_500)
    assert lines["difference"]["1.2.1"] == pytest.approx(3_500)
    assert too_far(table)["budget_line"].tolist() == ["1.2.1"]


def test_more_children_to_come_were_fewer_before() -> None:
    # Demand doubles from the base year to the next, so April to August before it are taken to have had half as many
    # children; places are what they were.
    case = base_and_college(
        finance={"inflation": {"default": 0.0}},
        budget=[{"financial_year": 2025, "budget_line": "1.2.1", "pounds": 1}],
    )
    doubled = case.tables.demand["children"] * np.where(case.tables.demand["year"] > 2025, 2.0, 1.0)
    case = replace(case, tables=replace(case.tables, demand=case.tables.demand.assign(children=doubled)))
    lines = reconciliation(case, prepare(case).data, spent(case)).set_index("budget_line")
    assert lines["timing"]["1.2.1"] == pytest.approx(-36_000 * 5 / 12 / 2)
    assert lines["timing"]["1.0.2"] == pytest.approx(0)


def solved(**more: Any) -> Result:
    return solve(base_and_college(**more))


def test_without_other_spending_nothing_is_called_over() -> None:
    result = solved(budget=BUDGET)
    assert "overspend" not in result.frames
    assert "deficit" not in result.frames
    assert "over budget" not in screen(result, detail=True).lower()
    assert "overspend" not in screen(result, detail=True).lower()
    assert "overspend" not in str(result.summary["finance"])


def test_with_it_the_screen_says_what_is_over_and_what_is_left_over() -> None:
    text = screen(solved(budget=BUDGET, other_spend=OTHER, finance={"opening_dsg_balance": -100_000_000}), detail=True)
    assert "Over budget" in text
    assert "with the 90% grant: plan" in text
    assert "−£10.0m" in text  # 100 million less the grant of 90, and £25,000 more


def test_overspends_are_given_gross_and_net() -> None:
    # Over: 1.2.2 by 28,000 and 1.2.5 by 1,000; under: 1.2.1 by 4,000 and transport by 1,000.
    result = solved(budget=BUDGET, other_spend=OTHER)
    figures = result.measures.set_index(["period", "year", "measure", "item"])["plan"]
    assert figures["financial", 2026, "overspend", ""] == pytest.approx(29_000)
    assert figures["financial", 2026, "overspend_net", ""] == pytest.approx(24_000)
    lines = screen(result, detail=True).splitlines()
    shown = {line.split("  ")[1].strip(): line.split()[-2:] for line in lines if "  " in line}
    assert shown["Lines over, added up (gross): plan"] == ["£29k", "£29k"]
    assert shown["All lines, over less under (net): plan"] == ["£24k", "£24k"]
    # what is over can be redone from the spend table, other spending included
    spent = result.spend_financial.groupby(["financial_year", "budget_line"])["pounds"].sum()
    over = result.overspend.set_index(["financial_year", "budget_line"])
    assert over["spend"].to_dict() == pytest.approx({key: spent.get(key, 0.0) for key in over.index})


@pytest.mark.parametrize(("children", "lines"), [(3, ["1.2.1"]), (4, ["1.2.1", "not given"])])
def test_the_least_overspend_names_no_line_without_money(children: int, lines: list[str]) -> None:
    # A school of three places at £10,000 (1.2.1, budget £20,000), and an independent school at £60,000 without a budget
    # line. Three children fit the school, and `not given` has neither budget nor spend; of four one is bought a place.
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", children, YEARS),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "s", "setting": "S", "places": 3}, {"line": "i", "setting": "I", "places": np.nan}],
        costs=[
            {"type": "special_school", "per_child": 10_000, "budget_line": "1.2.1"},
            {"type": "independent", "per_child": 60_000},
        ],
        placements=[{"area": "A", "line": "s", "children": 3}, {"area": "A", "line": "i", "children": children - 3}],
        budget=[{"financial_year": year, "budget_line": "1.2.1", "pounds": 20_000} for year in (2026, 2027)],
        other_spend=[{"financial_year": year, "budget_line": "1.2.1", "pounds": 0} for year in (2026, 2027)],
    )
    result = solve(case)
    assert result.summary["finance"]["least_overspend"]["lines"] == lines
    by_line = result.measures.query("measure == 'least_overspend' and item != ''").set_index("item")
    assert by_line["plan"].to_dict() == pytest.approx(dict(zip(lines, (20_000, 120_000), strict=False)))
    assert set(by_line["unit"]) == {"£ cash, added up"}


def test_no_balance_is_shown_after_the_statutory_override() -> None:
    # One school of 3 places at £10,000 a child, £40,000 of DSG a year: £10,000 are left each year from 2026 on.
    years = range(2025, 2030)
    lines = [{"financial_year": year, "budget_line": "1.2.1", "pounds": 40_000} for year in years]
    case = case_of(
        model_of((2025, 2029), finance={"opening_dsg_balance": -1_000_000}),
        demand=steady("A", 3, years),
        places=[{"line": "s", "setting": "S", "places": 3}],
        costs=[{"setting": "S", "per_child": 10_000, "budget_line": "1.2.1"}],
        placements=[{"area": "A", "line": "s", "children": 3}],
        budget=lines,
        other_spend=[{"financial_year": year, "budget_line": "1.2.5", "pounds": 0} for year in years],
    )
    result = solve(case)
    values = {figure.id: figure.value for figure in figures(result)}
    assert values["deficit_balance.2027.plan"] == pytest.approx(-980_000)
    assert values["deficit_in_year.2029.plan"] == pytest.approx(10_000)
    assert not {name for name in values if name.startswith(("deficit_balance.2028", "deficit_balance.2029"))}
    text = screen(result, detail=True)
    assert "funding after the statutory override is not known" in " ".join(text.split())
    carried = next(line for line in text.splitlines() if "carried forward: plan" in line)
    assert carried.split()[-2:] == ["−£990k", "−£980k"]  # 2026/27 and 2027/28, and nothing for 2029/30
    plan = result.deficit[result.deficit["projection"] == "plan"]
    assert plan["balance"].tolist() == pytest.approx([-990_000, -980_000, np.nan, np.nan], nan_ok=True)
    assert plan["balance_with_grant"].notna().tolist() == [True, True, False, False]
    rows = result.measures[result.measures["measure"] == "dsg_balance"].set_index("year")
    assert rows["plan"].notna().to_dict() == {2026: True, 2027: True, 2028: False, 2029: False}


@given(st.integers(0, 100_000))
@examples(30)
def test_financial_years_add_up_to_the_academic_years_apart_from_the_ends(seed: int) -> None:
    """The first financial year starts with April to August of the base year; those of the last academic year fall into
    a financial year after the plan.
    """
    case = random_case(seed)
    plan = planned(case)
    data: InstanceData = plan.data
    spend = spend_by_academic_year(case, data, plan.stock, plan.waiting)
    first, last = case.model.years
    early = np.where(spend["post_16"], 4 / 12, 5 / 12)
    ends = (spend["pounds"] * early)[spend["year"] == last].sum()  # falls into the financial year after the plan
    start = (spend["pounds"] * early)[spend["year"] == first - 1].sum()  # April to August of the first financial year
    academic = spend.loc[spend["year"] >= first, "pounds"].sum()
    assert financial(spend, first)["pounds"].sum() == pytest.approx(academic + start - ends)


@given(st.integers(0, 100_000))
@examples(20)
def test_spend_is_the_money_of_the_objective(seed: int) -> None:
    """Discounted, the academic years come to the plan's money, tail and all."""
    case = random_case(seed)
    plan = planned(case)
    spend = spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)
    discount = dict(zip(plan.data.years.tolist(), plan.data.discount.tolist(), strict=True))
    assert (spend["pounds"] * spend["year"].map(discount)).sum() == pytest.approx(plan.money, rel=1e-9)


def test_a_month_split_holds_for_fees_and_places_of_a_type_and_for_journeys() -> None:
    # Prices double each year: the academic years 2025, 2026 and 2027 cost 1, 2 and 4. A third of what bases cost falls
    # into April to August: in 2027 the child's £12,000 × 3 × (2 × 1/3 + 4 × 2/3) = £120,000, in place of £114,000. The
    # college keeps 4/12: £93,333.33. A journey costs £1,000 a child and a half falls late: 5 × (2 × 1/2 + 4 × 1/2).
    finance = {"inflation": {"default": 0.99999}, "month_split": {"resource_base": 1 / 3, "transport": 0.5}}
    case = base_and_college(finance=finance, base={"transport_per_child": 1_000})
    rows = financial(spent(case), 2026, case.model.finance.month_split)
    assert by_line(rows, 2027)["1.2.1"] == pytest.approx(120_000, rel=1e-4)
    assert by_line(rows, 2027)["1.0.2"] == pytest.approx(38_000 * 10 / 3, rel=1e-4)
    assert by_line(rows, 2027)["1.2.2"] == pytest.approx(93_333.33, rel=1e-4)
    assert by_line(rows, 2027)["transport"] == pytest.approx(3_000 * 3, rel=1e-4)


def test_budgets_in_the_program_and_in_its_proof_split_the_months_alike() -> None:
    """With overspends weighed, the certificate works each budget row out again from the tables."""
    finance = {
        "overspend": 0.5,
        "inflation": {"default": 0.5},
        "month_split": {"resource_base": 0.3, "college": 0.2, "transport": 0.4},
    }
    case = base_and_college(finance=finance, base={"transport_per_child": 1_000}, budget=BUDGET, other_spend=OTHER)
    plan = planned(case)
    assert plan.certificate is not None
    assert plan.certificate.ok
    over = overspend(case, financial(spent(case), 2026, finance["month_split"]))  # type: ignore[arg-type]
    weighed = sum(
        row.over * plan.data.discount[row.financial_year - 2025] * 0.5
        for row in over.itertuples()
        if row.over > 0 and row.budget_line != "1.2.5"  # no child adds to it, so it has no row
    )
    assert plan.policy_weights == pytest.approx(weighed, rel=1e-6)


def test_a_month_split_names_types_of_setting() -> None:
    with pytest.raises(InputError, match="neither a setting type nor transport"):
        model_of((2025, 2026), finance={"month_split": {"independant": 0.3}})


def test_a_gross_budget_holds_the_places_that_dfe_pays_for() -> None:
    # After deductions recouped places stand on a line of their own (£38,000), in a gross budget on that of places.
    gross = {"budget_basis": "gross"}
    case = base_and_college(base={"recouped": True}, finance=gross, budget=BUDGET, other_spend=OTHER)
    plan = planned(case)
    assert by_line(spent(case), 2026) == pytest.approx({"1.0.2": 38_000, "1.2.1": 36_000, "1.2.2": 28_000})
    over = (
        overspend(case, financial(spent(case), 2026)).query("financial_year == 2026").set_index("budget_line")["over"]
    )
    assert over["1.0.2"] == pytest.approx(0)
    assert set(place_funding(case, plan.data, plan.stock)["paid_by"]) == {"dfe"}


def test_a_gross_budget_is_weighed_and_proven_alike() -> None:
    finance = {"budget_basis": "gross", "overspend": 0.5}
    tight = [row | {"pounds": row["pounds"] / 2} for row in BUDGET]
    plan = planned(base_and_college(base={"recouped": True}, finance=finance, budget=tight, other_spend=OTHER))
    assert plan.certificate is not None
    assert plan.certificate.ok
    # over: 1.0.2 £19,000, 1.2.1 £16,000, 1.2.2 £28,000, in each of two years without discount
    assert plan.policy_weights == pytest.approx(0.5 * 2 * 63_000)
