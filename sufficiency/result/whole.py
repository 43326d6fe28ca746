"""Figures of the whole plan and of the base financial year that stand in no other table, for `measures.csv`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sufficiency.plan.explain.least_overspend import LeastOverspend
from sufficiency.result.measures import ADDED_UP, CASH, present_value

Figure = tuple[str, str, str, float]
"""Measure, item, unit, number."""


def whole_figures(
    summary: dict[str, Any],
    programme: pd.DataFrame | None,
    least: LeastOverspend | None,
    nothing: pd.DataFrame | None,
) -> Iterator[Figure]:
    """Cost and proof, the least overspend line by line, the grant, and what the programme costs. `nothing`: the rows of
    `overspend.csv` if nothing more is done.
    """
    present = present_value(summary["years"][0])
    for name in ("objective", "policy_weights", "bound"):
        yield from _known(name, "", present, summary[name])
    yield from _known("saves_at_most", "", present, max(summary["objective"] - summary["bound"], 0.0))
    yield from _known("gap", "", "share", summary["gap"])
    for why, places in summary["empty_beside_bought_why"].items():
        yield "empty_beside_bought", why, "places", places
    finance = summary["finance"]
    if least is not None:
        yield "least_overspend", "", ADDED_UP, least.pounds
        yield "overspend_same_lines", "", ADDED_UP, least.of_plan
        if nothing is not None:
            yield from _to_the_budget(least, nothing, finance["least_overspend"]["lines"])
        by_line = least.by_line.groupby("budget_line")[["least", "plan"]].sum()
        for line in finance["least_overspend"]["lines"]:
            yield "least_overspend", line, ADDED_UP, float(by_line.loc[line, "least"])
            yield "overspend_same_lines", line, ADDED_UP, float(by_line.loc[line, "plan"])
    yield from _known("stability_grant", "", CASH, finance.get("stability_grant"))
    yield from _known("stability_grant_share", "", "share", finance.get("stability_grant_share"))
    if programme is not None:
        yield from _programme(summary["programme"]["capital"], programme, present)
        money = summary["headline"]["discounted_money"]
        yield from appraisal_figures(summary["programme"], present, money["unmitigated"] - money["plan"])


def _to_the_budget(least: LeastOverspend, nothing: pd.DataFrame, lines: list[str]) -> Iterator[Figure]:
    """From doing nothing more by way of the plan to the least overspend, on the lines that placing children changes."""
    over = float(nothing.loc[nothing["budget_line"].isin(lines), "over"].clip(lower=0.0).sum())
    yield "overspend_same_lines_nothing_more", "", ADDED_UP, over
    yield "overspend_avoided", "", ADDED_UP, over - least.of_plan
    yield "overspend_beyond_least", "", ADDED_UP, least.of_plan - least.pounds


def _programme(capital: dict[str, Any], programme: pd.DataFrame, present: str) -> Iterator[Figure]:
    for measure, unit in (("capital", ADDED_UP), ("places", "places")):
        yield f"programme_{measure}", "", unit, float(programme[measure].sum())
    yield "programme_options", "", "options", float(len(programme))
    for payer in ("ours", "central"):
        yield "programme_capital", payer, ADDED_UP, capital[payer]
    yield "programme_capital_present_value", "", present, capital["present_value"]
    yield from _known("capital_budget", "", ADDED_UP, capital["budget"])


def appraisal_figures(programme: dict[str, Any], present: str, avoided: float) -> Iterator[Figure]:
    """What the appraisal says of the programme as a whole: `programme` of the summary. Of the cost `avoided`,
    what the programme does not save is saved by placing children differently with no option open.
    """
    yield from _known("programme_saves", "", present, programme["saves"])
    yield from _known("programme_saves_money", "", present, programme["saves_money"])
    if programme["saves_money"] is not None:
        yield from _known("placements_save_money", "", present, avoided - programme["saves_money"])
    for name, pounds in programme["in_reach"].items():
        yield from _known("in_reach", name, ADDED_UP if name == "capital_lacking" else present, pounds)
    for name, pounds in programme["capital"].get("more", {}).items():
        yield from _known("more_capital", name, present if name.startswith("saves") else ADDED_UP, pounds)


def with_appraisal_figures(measures: pd.DataFrame, programme: dict[str, Any], present: str) -> pd.DataFrame:
    """`measures.csv` with what the appraisal says of the programme, after the capital of the plan."""
    avoided = float(measures.loc[measures["measure"] == "cost_avoided", "plan"].iloc[0])
    rows = list(appraisal_figures(programme, present, avoided))
    if not rows:
        return measures
    before = (
        int(measures.index[measures["measure"].isin(("programme_capital_present_value", "capital_budget"))].max()) + 1
    )
    like = measures.iloc[before - 1].to_dict() | dict.fromkeys(("unmitigated", "today"), float("nan"))
    added = [like | {"measure": name, "item": item, "unit": unit, "plan": one} for name, item, unit, one in rows]
    parts = [measures.iloc[:before], pd.DataFrame(added), measures.iloc[before:]]
    return pd.concat(parts, ignore_index=True)[list(measures.columns)]


def base_figures(finance: dict[str, Any]) -> Iterator[Figure]:
    """The base financial year beside the ledger, where one is given: sums of `reconciliation.csv`."""
    ledger = finance.get("reconciliation")
    if ledger is None:
        return
    yield "ledger_modelled", "", CASH, ledger["model"]
    yield "ledger", "", CASH, ledger["ledger"]
    yield "ledger_difference", "", CASH, ledger["difference"]
    if ledger["ledger"]:
        yield "ledger_difference_share", "", "share", ledger["difference"] / ledger["ledger"]


def _known(measure: str, item: str, unit: str, number: Any) -> Iterator[Figure]:
    if isinstance(number, int | float) and math.isfinite(number):
        yield measure, item, unit, float(number)
