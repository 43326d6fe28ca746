"""The plan beside the council's monitoring forecast of the same financial year."""

from __future__ import annotations

import pandas as pd

from sufficiency.case import Case
from sufficiency.codes import RECOUPED
from sufficiency.finance.budget import with_other_spend
from sufficiency.tables.schema.results import OUTPUTS


def monitoring(case: Case, ledger: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """`monitoring.csv`: every line that the forecast names, or that the plan spends on in a year it speaks of. `ledger`
    is `reconciliation.csv`, for the base year; `spend` holds the modelled rows of `spend_financial.csv`.

    The base year is left out where it is not modelled: without a ledger it is not known what else was spent.
    """
    keys, base = ["financial_year", "budget_line"], case.model.base_year
    given = case.tables.monitoring
    forecast = pd.Series(dtype=float) if given is None else given.groupby(keys)["pounds"].sum()
    planned = with_other_spend(case, spend).groupby(keys)["pounds"].sum()
    of_base = ledger.assign(financial_year=base).groupby(keys)["model"].sum()
    known = pd.concat([of_base, planned])
    rows = pd.concat([forecast.rename("forecast"), known.rename("plan")], axis=1)
    rows = rows.rename_axis(keys).reset_index()
    years = set(rows.loc[rows["forecast"].notna(), "financial_year"]) & set(known.index.get_level_values(0))
    rows = rows[rows["forecast"].notna() | (rows["budget_line"] != RECOUPED)]  # monitoring is kept after recoupment
    rows = rows[rows["financial_year"].isin(years)].fillna({"forecast": 0.0, "plan": 0.0})  # one side has none of it
    allowed = None if case.tables.budget is None else case.tables.budget.groupby(keys)["pounds"].sum().rename("budget")
    rows = rows.assign(budget=float("nan")) if allowed is None else rows.join(allowed, on=keys)
    rows = rows.assign(difference=rows["plan"] - rows["forecast"]).sort_values(keys, ignore_index=True)
    return pd.DataFrame(rows[list(OUTPUTS["monitoring"].names)])
