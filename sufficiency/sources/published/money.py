"""DfE's planned expenditure by section 251 line, and places that it funds by school."""

from __future__ import annotations

import re

import pandas as pd

from sufficiency.codes import BUDGET_LINES
from sufficiency.problems import InputError, Problem, shown
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import Numbers, part_of
from sufficiency.sources.published.text_file import read_text


def read_spending(download: Download, la: str, notes: list[Problem]) -> pd.DataFrame:
    """`financial_year, budget_line, pounds`: net planned expenditure of an authority on each high needs line, cash.

    A line is matched by its number and a space: `1.2.1 ` is not 1.2.10. Raises InputError where the authority is not
    in the file.
    """
    table = read_text(download.path, download.called)
    missing = [name for name in ("time_period", "old_la_code") if name not in table]
    if missing:
        raise InputError([Problem(f"the column {missing[0]} is missing", download.called, fix="download it again")])
    mine = table[table["old_la_code"].str.strip().str.removesuffix(".0") == la]
    if mine.empty:
        what = f"no rows of authority {shown(la)}"
        raise InputError([Problem(what, download.called, column="old_la_code", fix="download the file of all")])
    line = mine["category_of_planned_expenditure"].str.strip().str.extract(r"^(\d+\.\d+\.\d+)\b(?!\.)", expand=False)
    rows = pd.DataFrame(
        {
            "financial_year": mine["time_period"].str.strip().str[:4],
            "budget_line": line,
            "pounds": Numbers(download.called, notes)(mine["net_planned_expenditure"]),
        }
    )
    rows = rows[rows["budget_line"].isin(BUDGET_LINES) & rows["pounds"].notna()]
    rows = rows.drop_duplicates(["financial_year", "budget_line"]).astype({"financial_year": int})
    return rows.reset_index(drop=True)


def read_place_numbers(download: Download, notes: list[Problem]) -> pd.DataFrame:
    """`urn, part, places`: places funded at each school, `part` being `base`, `special` or `ap`.

    Known headings: "2024 to 2025 mainstream academies and free schools - pre-16 SEN Unit/RP Places (@£6k)" and the
    like; of several years the last counts, and places at £6,000 and £10,000 are added. Headings of special schools and
    AP were not seen: what has "special" or "AP" and "places" in it is read, on made files only.
    """
    table = read_text(download.path, download.called)
    columns = [name for name in table.columns if "places" in name and part_of(name)]
    latest = max((_years(name) for name in columns), default=0)
    numbers = Numbers(download.called, notes)
    parts = []
    for name in columns:
        if _years(name) == latest:
            rows = pd.DataFrame(
                {"urn": table["urn"].str.strip(), "part": part_of(name), "places": numbers(table[name])}
            )
            parts.append(rows[rows["places"] > 0])
    if not parts:
        return pd.DataFrame({"urn": [], "part": [], "places": []})
    return pd.concat(parts).groupby(["urn", "part"])["places"].sum().reset_index()


def _years(heading: str) -> int:
    return max((int(year) for year in re.findall(r"20\d\d", heading)), default=0)
