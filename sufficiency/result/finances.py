"""The money part of `summary.json`: financial years, budgets, the grant, the ledger."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sufficiency.arrays import each_row
from sufficiency.case import Case
from sufficiency.codes import BUDGET_LINES
from sufficiency.finance.budget import stability_grant
from sufficiency.finance.reconcile import TOO_FAR, too_far
from sufficiency.plan.explain.least_overspend import LeastOverspend


def finances(
    case: Case,
    spend: dict[str, pd.DataFrame],
    over: dict[str, pd.DataFrame],
    deficit: pd.DataFrame | None,
    least: LeastOverspend | None,
    ledger: pd.DataFrame,
    funding: pd.DataFrame,
) -> dict[str, Any]:
    """`spend` and `over` by projection (`spend_financial.csv`, `overspend.csv`); what is not known is left out."""
    empty = funding.groupby("year")[["empty", "empty_pounds"]].sum()
    recouped = funding[funding["paid_by"] == "dfe"].groupby("year")["pounds"].sum()
    figures: dict[str, Any] = {
        "spend_financial": {name: _by_year_and_fund(rows) for name, rows in spend.items()},
        "empty_places": {str(row.Index): {"places": row.empty, "pounds": row.empty_pounds} for row in each_row(empty)},
        "recouped": {str(year): pounds for year, pounds in recouped.items()},
    }
    if over:
        figures["overspend"] = {name: _over(rows) for name, rows in over.items()}
        figures["budget_line_names"] = {
            line: BUDGET_LINES.get(line, "") for line in sorted(set(over["plan"]["budget_line"]))
        }
    if least is not None:
        figures["least_overspend"] = {
            "pounds": least.pounds,
            "bound": least.bound,
            "plan": least.of_plan,
            "proven": least.proven,
            "lines": _with_money(over["plan"], least),
        }
    elif over and case.model.finance.least_overspend:
        figures["least_overspend"] = None
    if deficit is not None:
        figures["deficit"] = {name: _balances(rows) for name, rows in deficit.groupby("projection")}
        figures["stability_grant"] = _number(stability_grant(case))
        figures["stability_grant_share"] = case.model.finance.stability_grant_share
    if len(ledger):
        figures["reconciliation"] = {
            **{name: float(ledger[name].sum()) for name in ("model", "ledger", "difference", "timing")},
            "tolerance": TOO_FAR,
            "too_far": too_far(ledger).set_index("budget_line")["difference"].to_dict(),
        }
    return figures


def _by_year_and_fund(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    by_year: dict[str, dict[str, float]] = {}
    for row in each_row(pd.DataFrame(rows.groupby(["financial_year", "fund"], as_index=False)["pounds"].sum())):
        by_year.setdefault(str(row.financial_year), {})[row.fund] = row.pounds
    return by_year


def _over(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    by_year: dict[str, dict[str, Any]] = {}
    for row in each_row(rows):
        year = by_year.setdefault(
            str(row.financial_year), {"budget": 0.0, "spend": 0.0, "gross": 0.0, "net": 0.0, "lines": {}}
        )
        year["budget"] += row.budget
        year["spend"] += row.spend
        year["gross"] += max(row.over, 0.0)
        year["net"] += row.over
        year["lines"][row.budget_line] = row.over
    return by_year


def _with_money(over: pd.DataFrame, least: LeastOverspend) -> list[str]:
    """The lines that placing children can change, without those that have neither a budget nor spend."""
    with_money = over.loc[(over["budget"] != 0) | (over["spend"] != 0), "budget_line"]
    of_plans = least.by_line.loc[(least.by_line["least"] > 0) | (least.by_line["plan"] > 0), "budget_line"]
    return sorted(set(least.by_line["budget_line"]) & {*with_money, *of_plans})


def _balances(rows: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    figures = ("available", "spend", "in_year", "balance", "balance_with_grant")
    return {str(row.financial_year): {name: _number(getattr(row, name)) for name in figures} for row in each_row(rows)}


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
