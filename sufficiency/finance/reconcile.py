"""The base year as the model sees it beside the council's ledger: whether the rates can be believed."""

from __future__ import annotations

import pandas as pd

from sufficiency.tables import Tables
from sufficiency.tables.schema import OUTPUTS


def reconciliation(spend: pd.DataFrame, tables: Tables, base_year: int) -> pd.DataFrame:
    """`reconciliation.csv`: by budget line, the base academic year's spend with what the model does not plan, and the
    ledger (the rows of `budget` for the base year). Empty where no ledger is given.
    """
    columns = list(OUTPUTS["reconciliation"].names)
    if tables.budget is None:
        return pd.DataFrame(columns=columns)
    ledger = _by_line(tables.budget[tables.budget["financial_year"] == base_year])
    if ledger.empty:
        return pd.DataFrame(columns=columns)
    model = _by_line(spend[spend["year"] == base_year])
    if tables.other_spend is not None:
        other = tables.other_spend
        model = model.add(_by_line(other[other["financial_year"] == base_year]), fill_value=0.0)  # absent: no spend
    both = pd.DataFrame({"model": model, "ledger": ledger}).fillna(0.0)  # a line that one side does not know
    both = both.rename_axis("budget_line").reset_index()
    return both.assign(difference=both["model"] - both["ledger"])[columns]


def _by_line(rows: pd.DataFrame) -> pd.Series:
    summed: pd.Series = rows.groupby("budget_line")["pounds"].sum()
    return summed
