"""Placements that name a setting: which line of it the children are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.codes import AWAITING
from sufficiency.problems import Problem

if TYPE_CHECKING:
    from sufficiency.model import Model


def lines_filled(
    model: Model, placements: pd.DataFrame, places: pd.DataFrame, file: str, doubtful: set[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """`placements` with the line filled in where only the setting is named and one line of it fits.

    A line fits that takes the need, phase and level in the base year. Where one is designated and others can
    meet the need, it is the designated one; a setting's only line holds all its children, designated or not.
    """
    asked = placements["line"] == ""
    if not asked.any():
        return placements, []
    nowhere = asked & (placements["setting"] == "")
    problems = _nowhere(placements[nowhere], file) if "placements.line" not in doubtful else []
    lines = places.sort_values("from_year", kind="stable").drop_duplicates("line")
    keys = ["setting", "need", "phase", "level"]
    line_of: dict[tuple[str, ...], str] = {}
    for key, rows in placements[asked & ~nowhere].groupby(keys, sort=False):
        setting, need, phase, level = (str(part) for part in key)
        at_setting = lines[lines["setting"] == setting]
        if setting.casefold() == AWAITING:
            line_of[setting, need, phase, level] = AWAITING
        elif not at_setting.empty and not doubtful & {
            "places.needs",
            "places.phases",
            "places.setting",
            "placements.need",
        }:
            fitting = _fitting(model, at_setting, need, phase, level)
            if len(fitting) == 1:
                line_of[setting, need, phase, level] = fitting[0]
            else:
                problems.append(
                    _ambiguous(
                        rows,
                        list(at_setting["line"]),
                        fitting,
                        " ".join(part for part in (need, phase, level) if part),
                        file,
                    )
                )
    filled = [
        line or line_of.get(key, "")
        for line, key in zip(placements["line"], placements[keys].itertuples(index=False, name=None), strict=True)
    ]
    return placements.assign(line=pd.array(filled, dtype="str")), problems


def _fitting(model: Model, lines: pd.DataFrame, need: str, phase: str, level: str) -> list[str]:
    today = lines[lines["from_year"] <= model.base_year]
    lines = lines if today.empty else today
    if len(lines) == 1:
        return [str(lines["line"].iloc[0])]
    names: dict[str, list[str]] = {"needs": [], "can_meet": []}
    for _, line in lines.iterrows():
        takes = phase in line["phases"] and (level == "" or not line["levels"] or level in line["levels"])
        for column in names:
            if takes and need in line[column]:
                names[column].append(str(line["line"]))
    return names["needs"] if len(names["needs"]) == 1 else sorted({*names["needs"], *names["can_meet"]})


def _ambiguous(rows: pd.DataFrame, lines: list[str], fitting: list[str], cell: str, file: str) -> Problem:
    row = rows.index[0]
    setting = str(rows["setting"].iloc[0])
    what = f"several lines of this setting take {cell}" if fitting else f"no line of this setting takes {cell}"
    fix = f"name the line: {', '.join((fitting or lines)[:6])}"
    return Problem(what, file, int(row), "setting", setting, fix, count=len(rows))


def _nowhere(rows: pd.DataFrame, file: str) -> list[Problem]:
    if rows.empty:
        return []
    what = "the row names neither a line nor a setting"
    fix = "name one, or line awaiting for children known to wait"
    return [Problem(what, file, int(rows.index[0]), "line", fix=fix, count=len(rows))]
