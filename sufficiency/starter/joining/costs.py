"""A finance export as rates: what a child costs at each setting. Place funding stays as it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.rates import rows_that_hold
from sufficiency.starter.joining.edited import Edited, in_figures

PLACE_FUNDING = "1.0.2"
"""Section 251 line of places: what stands on it is no top-up or fee."""
_KEYS = ("level", "need", "phase")


def put_costs(case: Case, rows: pd.DataFrame, costs: Edited) -> pd.Series[str]:
    """Write £ a child into the cost row of each setting, or line, that `rows` (`at, line, pupils, pounds, budget_line`)
    are about; what became of each row, in words.
    """
    said = pd.Series("", index=rows.index)
    funding = rows["budget_line"].str.startswith(PLACE_FUNDING)
    said[funding] = "place funding: left to the places, and to per_place of the costs"
    for (setting, line), group in rows[rows["at"].ne("") & ~funding].groupby(["at", "line"]):
        said[group.index] = _one(case, str(setting), str(line), group, costs)
    return said


def _one(case: Case, setting: str, line: str, group: pd.DataFrame, costs: Edited) -> str:
    named = sorted(set(group["budget_line"]))
    pupils, pounds = float(group["pupils"].sum()), float(group["pounds"].sum())
    if len(named) > 1:
        return f"compared only: on several budget lines ({', '.join(name or 'none' for name in named)}), perhaps twice"
    if pupils <= 0 or pounds < 0:
        return "compared only: no pupils to share the pounds between" if pupils <= 0 else "compared only: below £0"
    mine = _rows_of(case, setting, line)
    blank = (mine[list(_KEYS)] == "").all(axis=1) & (mine["line"] == line)
    if mine.loc[~blank, "per_child"].notna().any():
        return "compared only: the costs table has rates by line, level, need or phase here"
    rows = mine[blank]
    now = rows[rows["from_year"] <= case.model.base_year]
    if len(now.drop_duplicates(["type", "setting"])) > 1:
        return "compared only: the costs table has several rows for it"
    each = in_figures(round(pounds / pupils, 2))
    if len(now):
        latest = now.sort_values("from_year").iloc[-1]
        row = int(str(latest.name))
        _budget_line(latest, row, named[0], costs)
        costs.write(row, "per_child", each)
    else:
        cells = {"setting": setting, "per_child": each, "budget_line": named[0] or _held(case, setting, line)}
        costs.add(cells | ({"line": line} if line else {}))
    return f"costs: £{float(each):,.0f} a child"


def _rows_of(case: Case, setting: str, line: str) -> pd.DataFrame:
    """The cost rows that are as specific as a row for the setting, or for the line, or more so."""
    costs, places = case.tables.costs, case.tables.places
    if line:
        return costs[costs["line"] == line]
    lines = set(places.loc[places["setting"] == setting, "line"])
    return costs[(costs["setting"] == setting) | costs["line"].isin(lines)]


def _budget_line(before: pd.Series, row: int, budget_line: str, costs: Edited) -> None:
    """Put in the budget line; the place funding of the row stays on the line it was on."""
    if not budget_line or budget_line == before["budget_line"]:
        return
    if pd.notna(before["per_place"]) and not before["place_budget_line"]:
        costs.write(row, "place_budget_line", str(before["budget_line"]))
    costs.write(row, "budget_line", budget_line)


def _held(case: Case, setting: str, line: str) -> str:
    """The budget line of the cost row that held for a setting so far; blank where there was none."""
    table, settings, places = case.tables.costs, case.tables.settings, case.tables.places
    of_line = (
        places.loc[places["line"] == line, "type"] if line else settings.loc[settings["setting"] == setting, "type"]
    )
    key = {"line": line, "setting": setting, "type": str(of_line.iloc[0]), "level": "", "need": "", "phase": ""}
    held = rows_that_hold(table, pd.DataFrame([key]), [case.model.base_year], "per_child")
    return "" if held[0, 0] < 0 else str(np.asarray(table["budget_line"])[held[0, 0]])
