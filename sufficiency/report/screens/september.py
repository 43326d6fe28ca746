"""The September view on the screen: a row a line of places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sufficiency.case import Case
from sufficiency.report.words import academic_year, children, columns_of, row_of, sentences
from sufficiency.tables.origin import standing_of

NAMES = 38
WIDTHS = (8, 8, 8, 8, 8)


def september_screen(case: Case, table: pd.DataFrame, year: int) -> str:
    """Places, who stays, leaves and joins, and vacancies of every line, with totals of the lines that have a limit."""
    lines = table[(table["phase"] == "") & (table["year_group"] == "")]
    called = case.tables.settings.set_index("setting")["name"]
    shown = [f"{case.model.name}: September {year} ({academic_year(year)}), if nothing more is decided"]
    standing = standing_of(case.model)
    shown += [standing.screen] if standing else []
    shown += ["", " " * NAMES + columns_of(("places", "stay", "leave", "join", "vacant"), WIDTHS)]
    for row in lines.to_dict("records"):
        shown += row_of(f"{called[row['setting']]} ({row['line']})", [columns_of(_cells(row), WIDTHS)], NAMES)
    limited = lines[lines["places"].notna()]
    numbers = limited[["places", "staying", "leaving", "joining", "vacancies"]].sum().to_dict()
    shown += row_of("All with a number of places", [columns_of(_cells(numbers), WIDTHS)], NAMES)
    shown.append("")
    shown += sentences(
        "Stay: in the line the year before and still there. Join: as today's pattern and the places there are would "
        "have it. Vacant: places less those who stay and join; below 0: above the places."
    )
    if not (table["year_group"] != "").any():
        shown += sentences(
            "Year groups are known where each is a phase of its own, or a history by age is named under [tables]."
        )
    return "\n".join(shown)


def _cells(row: Mapping[Any, Any]) -> list[str]:
    numbers = [row[name] for name in ("places", "staying", "leaving", "joining", "vacancies")]
    return ["" if pd.isna(number) else children(number).replace("-", "−") for number in numbers]
