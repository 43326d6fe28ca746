"""Spend against budgets, and what it does to the Dedicated Schools Grant (DSG).

Only with `other_spend`, the spending that the model does not plan: without it a line would look as if it had money
left.
"""

from __future__ import annotations

import pandas as pd

from sufficiency.case import Case
from sufficiency.codes import NOT_MODELLED, RECOUPED
from sufficiency.fields import by_year
from sufficiency.rates import years_with_budget
from sufficiency.tables.schema.results import OUTPUTS

LAST_YEAR_OF_OVERRIDE = 2027
"""The statutory override, which keeps deficits of the DSG apart from a council's reserves, ends on 31 March 2028, with
financial year 2027-28; what follows is not known.
"""
LAST_YEAR_OF_GRANT = 2025
"""The High Needs Stability Grant is for the deficit at the end of 2025-26."""


def overspend(case: Case, spend: pd.DataFrame) -> pd.DataFrame:
    """`overspend.csv`: each budget line of every planned financial year that has a budget, other spending included.

    `spend` holds the modelled rows of `spend_financial.csv`. A line that spends and is not in that year's budget has a
    budget of nothing; places that DfE pays for (`recouped`) count only where the budget names them. No rows where
    budget and other spending are not known.
    """
    years, budget = years_with_budget(case), case.tables.budget
    if budget is None or not years:
        return pd.DataFrame(columns=list(OUTPUTS["overspend"].names))
    budget = budget[budget["financial_year"].isin(years)]
    keys = ["financial_year", "budget_line"]
    allowed = budget.groupby(keys)["pounds"].sum().rename("budget")
    spent = with_other_spend(case, spend).groupby(keys)["pounds"].sum().rename("spend")
    both = pd.concat([allowed, spent], axis=1).fillna(0.0).reset_index()  # a line that one side does not know
    both = both[both["financial_year"].isin(years)]
    named = pd.MultiIndex.from_frame(both[keys]).isin(allowed.index)
    both = both[named | (both["budget_line"] != RECOUPED)]
    both["over"] = both["spend"] - both["budget"]
    return both[list(OUTPUTS["overspend"].names)].sort_values(keys, ignore_index=True)


def with_other_spend(case: Case, spend: pd.DataFrame) -> pd.DataFrame:
    """`spend_financial.csv`: modelled spend by financial year, with other spending of the plan years under it, its type
    `not_modelled`.
    """
    columns, other = ["financial_year", "budget_line", "type", "fund"], case.tables.other_spend
    if other is None:
        return spend
    planned = other[other["financial_year"].isin(case.model.plan_years)]
    planned = planned.assign(type=NOT_MODELLED, fund=planned["fund"].str.casefold())
    given = planned.groupby(columns)["pounds"].sum().reset_index()
    return pd.concat([spend, given], ignore_index=True)


def deficit(case: Case, plan: pd.DataFrame, unmitigated: pd.DataFrame) -> pd.DataFrame:
    """`deficit.csv`: year by year what the DSG has for high needs and what is spent; as long as the statutory override
    lasts also the balance carried forward, with and without the High Needs Stability Grant. `plan` and `unmitigated`
    (do nothing more) hold modelled rows of `spend_financial.csv`.
    """
    return pd.concat([_balance(case, "plan", plan), _balance(case, "unmitigated", unmitigated)], ignore_index=True)


def _balance(case: Case, name: str, spend: pd.DataFrame) -> pd.DataFrame:
    finance = case.model.finance
    rows = overspend(case, spend)
    block = finance.high_needs_block
    on_grant = rows[~rows["budget_line"].isin(lines_outside_grant(case, spend))]
    table = on_grant.groupby("financial_year", as_index=False)[["budget", "spend"]].sum()
    if block is not None:
        table["budget"] = [by_year(block, int(year), float("nan")) for year in table["financial_year"]]
    table = table.rename(columns={"budget": "available"}).assign(projection=name)
    table["in_year"] = table["available"] - table["spend"]
    opening = float("nan") if finance.opening_dsg_balance is None else finance.opening_dsg_balance
    known = table["financial_year"] <= LAST_YEAR_OF_OVERRIDE
    table["balance"] = (opening + table["in_year"].cumsum()).where(known)
    paid = table["financial_year"] >= finance.stability_grant_year
    table["balance_with_grant"] = table["balance"] + stability_grant(case) * paid
    mean = table["balance"] - table["in_year"] / 2
    table["interest"] = finance.dsg_interest * (-mean).clip(lower=0.0)
    return table[list(OUTPUTS["deficit"].names)]


def stability_grant(case: Case) -> float:
    """£ of the High Needs Stability Grant; not a number where the deficit at the end of 2025-26 is not known."""
    finance = case.model.finance
    eligible = finance.stability_grant_eligible
    if eligible is None:
        known = case.model.base_year == LAST_YEAR_OF_GRANT and finance.opening_dsg_balance is not None
        eligible = max(-(finance.opening_dsg_balance or 0.0), 0.0) if known else float("nan")
    return finance.stability_grant_share * eligible


def lines_outside_grant(case: Case, spend: pd.DataFrame) -> set[str]:
    """Budget lines of other funds than the DSG: all their spend is, and that for travel."""
    rows = with_other_spend(case, spend)
    on_grant = set(rows.loc[rows["fund"] == "dsg", "budget_line"])
    return (set(rows["budget_line"]) - on_grant) | {case.model.finance.transport_budget_line}
