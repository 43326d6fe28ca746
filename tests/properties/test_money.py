"""The spend tables and the money of the summary are the same money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.finance.spend import academic, financial, spend_by_academic_year
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing

from ..examples import examples
from ..random_cases import richer_case


@given(st.integers(0, 1_000_000))
@examples(15)
def test_spend_discounted_by_hand_is_the_money_of_the_plan(seed: int) -> None:
    """(1 + rate)^−(t − 1) by academic year, the last year repeated for the tail."""
    case = richer_case(seed)
    plan = solve_by_pricing(prepare(case)).plan
    first, last = case.model.years
    rate, tail = case.model.finance.discount, case.model.finance.tail_years
    rows = academic(spend_by_academic_year(case, plan.data, plan.stock, plan.waiting))
    by_year = rows[rows["year"] >= first].groupby("year")["pounds"].sum()
    total = sum(pounds / (1 + rate) ** (year - first) for year, pounds in by_year.items())
    total += sum(by_year.get(last, 0.0) / (1 + rate) ** (last - first + later) for later in range(1, tail + 1))
    assert total == pytest.approx(plan.money, rel=1e-9, abs=1e-3)


@given(st.integers(0, 1_000_000))
@examples(10)
def test_financial_years_lose_nothing_but_the_ends(seed: int) -> None:
    """They begin with the summer of the base year's academic year, and end before that of the last."""
    case = richer_case(seed)
    plan = solve_by_pricing(prepare(case)).plan
    spend = spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)
    first, last = case.model.years
    later = spend["post_16"].map({False: 5 / 12, True: 4 / 12}).astype(float)
    whole = spend["pounds"].where(spend["year"] >= first, 0.0).sum()
    base = (spend["pounds"] * later)[spend["year"] == first - 1].sum()
    end = (spend["pounds"] * later)[spend["year"] == last].sum()
    assert financial(spend, first)["pounds"].sum() == pytest.approx(base + whole - end, rel=1e-9, abs=1e-3)
