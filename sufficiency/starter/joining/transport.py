"""Transport by route as what a child's journeys to each setting cost."""

from __future__ import annotations

import pandas as pd

from sufficiency.case import Case
from sufficiency.starter.joining.edited import Edited, in_figures


def put_transport(case: Case, rows: pd.DataFrame, children: pd.Series[float], settings: Edited) -> pd.Series[str]:
    """Write £ a child and year into `transport_per_child` of each setting that `rows` (`at, route, pupils, pounds`) are
    about: over all its `children` (by setting), carried or not; what became of each row, in words.
    """
    said = pd.Series("", index=rows.index)
    doubtful = set(rows.loc[_whole_route_again(rows), "at"])
    row_of = dict(zip(case.tables.settings["setting"], case.tables.settings.index, strict=True))
    for key, group in rows[rows["at"].ne("")].groupby("at"):
        setting = str(key)
        said[group.index] = _one(setting, group, float(children[setting]), int(row_of[setting]), settings, doubtful)
    return said


def _one(setting: str, group: pd.DataFrame, children: float, row: int, settings: Edited, doubtful: set[str]) -> str:
    pupils, pounds = float(group["pupils"].sum()), float(group["pounds"].sum())
    if setting in doubtful:
        return "compared only: its route has the same cost in several rows, perhaps the whole route's in each"
    if children <= 0:
        return "compared only: the model has no children at this setting"
    if pupils > children:
        return f"compared only: more pupils are carried than the model has children there ({children:g})"
    if not settings.writable:
        return f"put in by hand: £{pounds / children:,.0f} a child (settings are no CSV file or sheet)"
    each = in_figures(round(pounds / children, 2))
    settings.write(row, "transport_per_child", each)
    return f"settings: £{float(each):,.0f} a child, over all {children:g} placed there"


def _whole_route_again(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows of a route that stands with the same cost in several rows."""
    return (rows["pounds"] > 0) & rows.duplicated(["route", "pounds"], keep=False)
