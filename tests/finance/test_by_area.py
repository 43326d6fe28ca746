"""Money by area, and by need and phase: the same pounds as in `spend.csv`, each derived beside its test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.finance.by_area import spend_by_area, spend_by_need
from sufficiency.finance.spend import academic, posted, spend_by_academic_year
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.result import Result

from ..examples import examples
from ..random_cases import random_case
from ..solved import toy_result
from ..worked import case_of, model_of, steady

YEARS = range(2025, 2027)
TIE = ["year", "budget_line", "type", "fund"]


def tables_of(case: Case) -> dict[str, pd.DataFrame]:
    plan = solve_by_pricing(prepare(case)).plan
    parts = posted(case, plan.data, plan.stock, plan.waiting)
    return {
        "spend": academic(spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)),
        "spend_by_area": spend_by_area(plan.data, parts),
        "spend_by_need": spend_by_need(plan.data, parts),
    }


def sums(rows: pd.DataFrame) -> dict[tuple[object, ...], float]:
    summed = rows.groupby(TIE)["pounds"].sum()
    return summed[summed.abs() > 1e-6].to_dict()


def test_a_filled_place_is_its_childs_and_an_empty_or_imported_one_nobodys() -> None:
    # A base of 5 places at £6,000 filled and £10,000 empty (1.0.2); 1 place is imported. Of our children 2 of area A
    # and 1 of area B are in it at £12,000 each (1.2.1). So 1 place is empty. Area A: 2 × £6,000 and 2 × £12,000; B: one
    # of each; nobody's: the imported place £6,000 and the empty one £10,000.
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}}),
        demand=[*steady("A", 2, YEARS), *steady("B", 1, YEARS, need="MLD")],
        areas=[{"area": "A", "locality": "North"}, {"area": "B", "locality": "South"}],
        settings=[{"setting": "S", "type": "resource_base"}],
        places=[{"line": "base", "setting": "S", "places": 5, "imported": 1, "needs": ("ASD", "MLD")}],
        costs=[
            {"setting": "S", "per_child": 12_000, "budget_line": "1.2.1"},
            {"setting": "S", "per_place": 6_000, "per_empty_place": 10_000, "place_budget_line": "1.0.2"},
        ],
    )
    tables = tables_of(case)
    now = tables["spend_by_area"].query("year == 2026").set_index(["locality", "area", "budget_line"])["pounds"]
    assert now.to_dict() == pytest.approx(
        {
            ("North", "A", "1.0.2"): 12_000,
            ("North", "A", "1.2.1"): 24_000,
            ("South", "B", "1.0.2"): 6_000,
            ("South", "B", "1.2.1"): 12_000,
            ("", "", "1.0.2"): 16_000,
        }
    )
    need = tables["spend_by_need"].query("year == 2026").groupby(["locality", "need", "phase"])["pounds"].sum()
    assert need.to_dict() == pytest.approx(
        {("North", "ASD", "primary"): 36_000, ("South", "MLD", "primary"): 18_000, ("", "", ""): 16_000}
    )


def test_a_child_above_the_places_shares_their_funding_and_adds_none() -> None:
    # 2 places at £10,000 and 3 children, one above the places: area A has 2 of the 3 children, so 2/3 of £20,000.
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}}),
        demand=[*steady("A", 2, YEARS), *steady("B", 1, YEARS)],
        places=[{"line": "full", "setting": "S", "places": 2, "overfill": 0.5}],
        costs=[{"setting": "S", "per_child": 0, "per_place": 10_000, "budget_line": "1.0.2"}],
    )
    now = tables_of(case)["spend_by_area"].query("year == 2026").set_index("area")["pounds"]
    assert now.to_dict() == pytest.approx({"A": 40_000 / 3, "B": 20_000 / 3})


def test_interim_provision_is_that_of_the_area_that_waits() -> None:
    # 3 children for 2 places: the one of area B, further away, waits for £5,000 a year; nothing else costs anything.
    case = case_of(
        model_of(
            (2025, 2026),
            continuity={"stay": {"primary": 0.0}},
            finance={"awaiting_cost": 5_000},
            weights={"hour_travelled": 5},
        ),
        demand=[*steady("A", 2, YEARS), *steady("B", 1, YEARS)],
        places=[{"line": "full", "setting": "S", "places": 2}],
        costs=[{"setting": "S", "per_child": 0, "budget_line": "1.2.1"}],
        travel=[{"area": "B", "setting": "S", "minutes": 40.0, "km": 9.0}],
        areas=[{"area": "A", "locality": "North"}, {"area": "B", "locality": "South"}],
    )
    rows = tables_of(case)["spend_by_area"].query("year == 2026")
    assert rows[["locality", "area", "budget_line", "type"]].values.tolist() == [
        ["South", "B", "interim provision", "awaiting"]
    ]
    assert rows["pounds"].tolist() == pytest.approx([5_000])


@given(st.integers(0, 100_000))
@examples(40)
def test_each_table_adds_up_to_spend(seed: int) -> None:
    tables = tables_of(random_case(seed))
    assert sums(tables["spend_by_area"]) == pytest.approx(sums(tables["spend"]))
    assert sums(tables["spend_by_need"]) == pytest.approx(sums(tables["spend"]))


def test_a_result_adds_up_with_its_capital() -> None:
    result: Result = toy_result()
    assert (result.spend["fund"] == "capital").any()
    for name in ("spend_by_area", "spend_by_need"):
        rows = result.frames[name]
        assert sums(rows) == pytest.approx(sums(result.spend))
        nobodys = rows[rows["locality"] == ""]
        assert set(nobodys["budget_line"]) >= {"capital"}
        assert not np.isnan(rows["pounds"]).any()
