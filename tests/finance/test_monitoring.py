"""The plan beside budget monitoring, and interest on the deficit, each figure derived beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sufficiency as sf
from sufficiency.report.screens.plan import screen

from ..worked import Row, frame_of
from .test_money import BUDGET, OTHER, base_and_college


def monitored(rows: list[Row], **more: object) -> sf.Result:
    case = base_and_college(budget=BUDGET, other_spend=OTHER, **more)
    return sf.solve(replace(case, tables=replace(case.tables, monitoring=frame_of("monitoring", rows))))


def test_the_plan_stands_beside_the_forecast_of_the_same_year() -> None:
    # Every year costs the same: 1.0.2 £38,000, 1.2.1 £36,000, 1.2.2 £28,000, and 1.2.5 £10,000 of other spending. The
    # forecast expects £40,000 on 1.0.2, nothing on 1.2.2, and £2,000 on a line that nothing is spent on.
    rows: list[Row] = [
        {"financial_year": 2026, "budget_line": line, "pounds": pounds}
        for line, pounds in (("1.0.2", 40_000), ("1.2.1", 36_000), ("1.2.9", 2_000))
    ]
    result = monitored(rows)
    table = result.monitoring.set_index("budget_line")
    assert set(table["financial_year"]) == {2026}
    assert table["plan"].to_dict() == pytest.approx(
        {"1.0.2": 38_000, "1.2.1": 36_000, "1.2.2": 28_000, "1.2.5": 10_000, "1.2.9": 0}
    )
    assert table["difference"].to_dict() == pytest.approx(
        {"1.0.2": -2_000, "1.2.1": 0, "1.2.2": 28_000, "1.2.5": 10_000, "1.2.9": -2_000}
    )
    assert table.loc["1.2.1", "budget"] == 40_000
    assert np.isnan(table.loc["1.2.2", "budget"])
    text = screen(result, detail=True)
    (row,) = [line.split() for line in text.splitlines() if line.strip().startswith("1.2.2") and "£28k" in line][-1:]
    assert row == ["1.2.2", "£0", "£28k", "£28k"]


def test_the_base_year_needs_a_ledger() -> None:
    rows: list[Row] = [{"financial_year": 2025, "budget_line": "1.2.1", "pounds": 30_000}]
    assert monitored(rows).monitoring.empty
    with_ledger = [*BUDGET, {"financial_year": 2025, "budget_line": "1.2.1", "pounds": 36_000}]
    case = base_and_college(budget=with_ledger, other_spend=OTHER)
    result = sf.solve(replace(case, tables=replace(case.tables, monitoring=frame_of("monitoring", rows))))
    by_line = result.monitoring.set_index(["financial_year", "budget_line"])
    assert by_line.loc[(2025, "1.2.1"), "plan"] == pytest.approx(36_000)
    assert by_line.loc[(2025, "1.2.1"), "difference"] == pytest.approx(6_000)


def test_interest_is_that_of_the_mean_deficit_of_the_year() -> None:
    # Lines of the DSG have £87,000 a year and spend £112,000: −£25,000. From −£100,000: −£125,000 after 2026, −£150,000
    # after 2027. At 4 %: £4,500 (mean £112,500) and £5,500. A balance above 0 bears none.
    finance = {"opening_dsg_balance": -100_000, "dsg_interest": 0.04}
    result = sf.solve(base_and_college(budget=BUDGET, other_spend=OTHER, finance=finance))
    table = result.deficit[result.deficit["projection"] == "plan"].set_index("financial_year")
    assert table["in_year"].to_dict() == pytest.approx({2026: -25_000, 2027: -25_000})
    assert table["interest"].to_dict() == pytest.approx({2026: 4_500, 2027: 5_500})
    assert "interest, General Fund: plan" in screen(result, detail=True)
    rich = sf.solve(base_and_college(budget=BUDGET, other_spend=OTHER, finance=finance | {"opening_dsg_balance": 1e6}))
    assert (rich.deficit["interest"] == 0).all()
