"""What a map leaves out, said beneath it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sufficiency.report.maps.counts import flows, in_years
from sufficiency.report.maps.page import Page
from sufficiency.report.maps.request import MapRequest
from sufficiency.report.maps.words import children_by_year, label, listed
from sufficiency.result import Result

TYPES_NAMED = 4


def areas_note(elsewhere: Sequence[float]) -> list[str]:
    """Children whose area is not on the map."""
    words = children_by_year(elsewhere)
    return [f"Not shown: {words} whose home area is not known or not on the map."] if words else []


def settings_notes(result: Result, request: MapRequest, page: Page) -> list[str]:
    """Children in settings without a place on the map, and those beyond its edge."""
    moves = flows(result, request)
    is_placed = moves["x"].notna() & moves["y"].notna()
    notes = []
    pooled = moves[~is_placed]
    words = children_by_year(in_years(pooled, "children", request.years))
    if words:
        ranked = pooled.groupby("type")["children"].sum().sort_values(ascending=False).index
        names = [label(result, "types", str(code)) for code in ranked[:TYPES_NAMED]]
        more = ["others"] if len(ranked) > TYPES_NAMED else []
        notes.append(f"Not shown: {words} in provision that has no place on the map ({listed(names + more)}).")
    beyond = _beyond(moves[is_placed], page)
    words = children_by_year(in_years(beyond, "children", request.years))
    if words:
        count = beyond["setting"].nunique()
        what = "setting lies" if count == 1 else "settings lie"
        notes.append(f"{count} {what} beyond the edge of the map, with {words}.")
    return notes


def _beyond(moves: pd.DataFrame, page: Page) -> pd.DataFrame:
    return moves[~page.holds(moves[["x", "y"]].to_numpy())]
