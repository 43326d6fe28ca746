"""The money tables of the toy model, checked in, so that a change to any figure is seen.

`python -m tests.result.test_golden_tables` writes the files anew; read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sufficiency.result.written import read_csv, write_csv
from sufficiency.tables.schema.results import OUTPUTS
from tests.solved import toy_result

GOLDEN = Path(__file__).parents[1] / "golden" / "toy"
TABLES = ("spend_financial", "place_funding", "overspend", "deficit", "measures")


@pytest.mark.parametrize("name", TABLES)
def test_the_table_is_the_golden_one(name: str) -> None:
    golden = read_csv(GOLDEN / f"{name}.csv", OUTPUTS[name])
    found = toy_result().frames[name].reset_index(drop=True)[list(golden.columns)]
    numbers = [column.name for column in OUTPUTS[name].columns if column.kind == "number"]
    pd.testing.assert_frame_equal(found.drop(columns=numbers), golden.drop(columns=numbers), check_dtype=False)
    pd.testing.assert_frame_equal(found[numbers], golden[numbers], rtol=1e-6, atol=1e-6)


def test_balances_budgets_and_spend_agree_with_each_other() -> None:
    """Added up again from the tables as they are written."""
    tables = toy_result().frames
    over, balance = tables["overspend"], tables["deficit"]
    on_grant = over[over["budget_line"] != "transport"]
    plan = balance[balance["projection"] == "plan"].set_index("financial_year")
    assert plan["spend"].to_dict() == pytest.approx(on_grant.groupby("financial_year")["spend"].sum().to_dict())
    places = tables["place_funding"].groupby("year")["pounds"].sum()
    spend = tables["spend"].query("year >= 2026")  # the base year is in `spend` only
    lines = spend[spend["budget_line"] == "1.0.2"].groupby("year")["pounds"].sum()
    assert places.to_dict() == pytest.approx(lines.to_dict())


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True, parents=True)
    for name in TABLES:
        write_csv(toy_result().frames[name], OUTPUTS[name], GOLDEN / f"{name}.csv")
