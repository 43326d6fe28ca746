"""Rates that national publications give, by type of setting: the start of a council's own."""

from __future__ import annotations

import pandas as pd

from sufficiency.starter.open_data.lines import POOLS, Lines

_DFE_2026 = "DfE, February 2026"
_PLACES = "place funding as DfE sets it"
TOP_UP: dict[str, tuple[float, float | None, float | None, str, str]] = {
    "resource_base": (12_000, 6_000, 10_000, "1.2.1", f"top-up: assumption within £8,000 to £14,000; {_PLACES}"),
    "special_school": (16_000, 10_000, None, "1.2.1", f"£26,000 a place in all ({_DFE_2026}) less {_PLACES}"),
    "special_free_school": (16_000, 10_000, None, "1.2.2", f"£26,000 a place in all ({_DFE_2026}) less {_PLACES}"),
    "independent": (63_000, None, None, "1.2.3", f"average fee ({_DFE_2026})"),
    "non_maintained": (53_000, None, None, "1.2.3", "£63,000 (independent) less the £10,000 that DfE pays: assumption"),
    "alternative_provision": (12_000, 10_000, None, "1.2.7", f"top-up: assumption within £8,000 to £12,000; {_PLACES}"),
    "college": (10_000, None, None, "1.2.2", "top-up: assumption within £5,000 to £15,000; DfE funds the place"),
    "specialist_post_16": (45_000, None, None, "1.2.3", "assumption within £30,000 to £60,000"),
    "early_years": (8_500, None, None, "1.2.1", "assumption: as the mainstream average of one council (2022/23)"),
    "eotas": (45_000, None, None, "1.2.7", "assumption within £30,000 to £60,000"),
    "home_education": (0, None, None, "1.2.7", "assumption: parents provide it"),
}
"""£ a child, £ a place, £ an empty place, section 251 line, and the source or that it is an assumption."""
ELSEWHERE = 22_000
"""£ a child at another authority's special school: top-up and the £6,000 that the grant moves with the child."""
PLACE_LINE = "1.0.2"
_COLUMNS = ("type", "setting", "per_child", "per_place", "per_empty_place", "budget_line", "place_budget_line")


def cost_rows(lines: Lines) -> pd.DataFrame:
    """The costs table, with the column `source`: a row a type, and rows for academies and for schools elsewhere."""
    there = set(lines.rows["type"])
    rows = []
    for kind, (child, place, empty, line, source) in TOP_UP.items():
        if kind in there:
            rows.append((kind, "", child, place, empty, line, PLACE_LINE if place else "", source))
    academies = lines.rows[lines.rows["academy"] & ~lines.rows["pool"]].drop_duplicates("setting")
    for setting, kind in zip(academies["setting"], academies["type"], strict=True):
        child, place, empty, line, _ = TOP_UP[kind]
        if place and line != "1.2.2" and kind != "alternative_provision":
            rows.append((kind, setting, child, place, empty, "1.2.2", PLACE_LINE, "as its type; an academy's top-up"))
    if POOLS["special"][0] in set(lines.rows["setting"]):
        source = "assumption: top-up of £16,000 and £6,000 that the grant moves"
        rows.append(("special_school", POOLS["special"][0], ELSEWHERE, None, None, "1.2.1", "", source))
    return pd.DataFrame(rows, columns=[*_COLUMNS, "source"])
