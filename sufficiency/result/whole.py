"""Figures of the whole plan and of the base financial year that stand in no other table, for `measures.csv`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sufficiency.plan.explain.least_overspend import LeastOverspend

Figure = tuple[str, str, str, float]
"""Measure, item, unit, number."""


def whole_figures(
    summary: dict[str, Any], programme: pd.DataFrame | None, least: LeastOverspend | None
) -> Iterator[Figure]:
    """Cost and proof, the least overspend line by line, the grant, and what the programme costs."""
    for name, unit in (("objective", "£"), ("policy_weights", "£"), ("bound", "£"), ("gap", "share")):
        yield from _known(name, "", unit, summary[name])
    if summary["status"] == "stopped":
        yield from _known("saves_at_most", "", "£", max(summary["objective"] - summary["bound"], 0.0))
    for why, places in summary["empty_beside_bought_why"].items():
        yield "empty_beside_bought", why, "places", places
    if least is not None:
        yield "least_overspend", "", "£", least.pounds
        yield "overspend_same_lines", "", "£", least.of_plan
        by_line = least.by_line.groupby("budget_line")[["least", "plan"]].sum()
        for line, row in by_line.iterrows():
            yield "least_overspend", str(line), "£", float(row["least"])
            yield "overspend_same_lines", str(line), "£", float(row["plan"])
    finance = summary["finance"]
    yield from _known("stability_grant", "", "£", finance.get("stability_grant"))
    yield from _known("stability_grant_share", "", "share", finance.get("stability_grant_share"))
    if programme is not None:
        yield from _programme(summary["programme"]["capital"], programme)


def _programme(capital: dict[str, Any], programme: pd.DataFrame) -> Iterator[Figure]:
    for measure, unit in (("capital", "£"), ("places", "places")):
        yield f"programme_{measure}", "", unit, float(programme[measure].sum())
    yield "programme_options", "", "options", float(len(programme))
    for payer in ("ours", "central"):
        yield "programme_capital", payer, "£", capital[payer]
    yield from _known("capital_budget", "", "£", capital["budget"])
    yield from _further(capital)


def _further(capital: dict[str, Any]) -> Iterator[Figure]:
    for name, pounds in capital.get("more", {}).items():
        yield from _known("more_capital", name, "£", pounds)


def with_further_capital(measures: pd.DataFrame, capital: dict[str, Any]) -> pd.DataFrame:
    """`measures.csv` with what further capital would save, which the appraisal found, after the capital of the plan."""
    rows = list(_further(capital))
    if not rows:
        return measures
    before = int(measures.index[measures["measure"].isin(("programme_capital", "capital_budget"))].max()) + 1
    like = measures.iloc[before - 1].to_dict() | dict.fromkeys(("unmitigated", "today"), float("nan"))
    added = [like | {"measure": name, "item": item, "unit": unit, "plan": one} for name, item, unit, one in rows]
    parts = [measures.iloc[:before], pd.DataFrame(added), measures.iloc[before:]]
    return pd.concat(parts, ignore_index=True)[list(measures.columns)]


def base_figures(finance: dict[str, Any]) -> Iterator[Figure]:
    """The base financial year beside the ledger, where one is given: sums of `reconciliation.csv`."""
    ledger = finance.get("reconciliation")
    if ledger is None:
        return
    yield "ledger_modelled", "", "£", ledger["model"]
    yield "ledger", "", "£", ledger["ledger"]
    yield "ledger_difference", "", "£", ledger["difference"]
    if ledger["ledger"]:
        yield "ledger_difference_share", "", "share", ledger["difference"] / ledger["ledger"]


def _known(measure: str, item: str, unit: str, number: Any) -> Iterator[Figure]:
    if isinstance(number, int | float) and math.isfinite(number):
        yield measure, item, unit, float(number)
