"""Place numbers from agreements as rows of the places table."""

from __future__ import annotations

import pandas as pd

from sufficiency.case import Case
from sufficiency.starter.joining.edited import Edited, in_figures


def lines_named(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` (`at, line, why`) with the line filled in where the setting has one; without it they do not match."""
    lines = case.tables.places.groupby("setting")["line"].unique()
    out = rows.copy()
    for row in rows.index[rows["at"].ne("") & rows["line"].eq("")]:
        there = [str(line) for line in lines.get(rows.loc[row, "at"], [])]
        if len(there) == 1:
            out.loc[row, "line"] = there[0]
        else:
            which = f"several lines ({', '.join(there)}): give the line" if there else "no line of places in the model"
            out.loc[row, ["why", "at"]] = [f"the setting matches ({rows.loc[row, 'at']}), but it has {which}", ""]
    return out


def put_places(case: Case, rows: pd.DataFrame, places: Edited) -> pd.Series[str]:
    """Write the number of places that each of `rows` (`line, places, from_year`) agrees, from its September on; what
    became of each row, in words.
    """
    said = pd.Series("", index=rows.index)
    for line, group in rows[rows["at"].ne("")].groupby("line"):
        said[group.index] = _one(case, str(line), group, places)
    return said


def _one(case: Case, line: str, group: pd.DataFrame, places: Edited) -> pd.Series[str]:
    table = case.tables.places
    mine = table[table["line"] == line].sort_values("from_year")
    first = int(mine["from_year"].iloc[0])
    said = pd.Series("", index=group.index)
    from_year = group["from_year"].clip(lower=first)
    holds = group.assign(from_year=from_year, said_year=group["from_year"])
    latest = holds.groupby("from_year")["said_year"].transform("max")
    for row in holds.index[holds["said_year"] < latest]:
        said[row] = "an older number: a later agreement holds when the line begins"
    holds = holds[holds["said_year"] == latest]
    twice = holds.duplicated("from_year", keep=False)
    said[holds.index[twice]] = "compared only: several rows give this line's places from the same September"
    for row, agreed in holds[~twice].sort_values("from_year").iterrows():
        year, number = int(agreed["from_year"]), in_figures(float(agreed["places"]))
        same = mine[mine["from_year"] == year]
        if len(same):
            places.write(int(same.index[0]), "places", number)
        else:
            before = mine[mine["from_year"] < year]
            cells = {"from_year": str(year), "places": number}
            cells |= {name: "" for name in ("status", "evidence") if places.has(name)}
            places.add(cells, like=int(before.index[-1]))
        said[int(str(row))] = f"places: {number} from September {year}"
    return said


def knows_all_places(case: Case, rows: pd.DataFrame) -> bool:
    """Whether the agreements among `rows` (as `joined`) cover every line with a number of places at a setting on the
    map: only then is the places table as a whole the council's own.
    """
    settings, places = case.tables.settings, case.tables.places
    on_map = set(settings.loc[settings["x"].notna(), "setting"])
    asked = places[places["setting"].isin(on_map) & places["places"].notna()]
    return set(asked["line"]) <= set(rows.loc[rows["places"].notna(), "matched_to"])
