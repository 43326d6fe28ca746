"""Cells of frames by authority, age band and year: how each is read, and what is said of one that makes no sense."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.problems import Problem, did_you_mean

BANDS = ("under 5", "5 to 10", "11 to 15", "16 to 19", "20 to 25")
TOTAL = "total"
NOT_KNOWN = frozenset(
    {"", "x", "z", "c", "..", ":", "-", "low", "na", "n/a", "nan", "none", "<na>", "null", "*", "u", "k", "~"}
)
"""How published tables and frames say that there is no figure."""
FIRST_YEAR, LAST_YEAR = 1974, 2100
MOST_SHOWN = 10


def read_cells(
    given: pd.DataFrame, file: str, columns: Sequence[str], optional: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[Problem]]:
    """The columns of a frame by authority as what they mean, each figure once, and what makes no sense in it.

    `columns` end with those that hold figures or a region; `la`, `age_band` and `year` before them are the key. A
    column of `optional` that is absent is not known. Counts are NaN where they are not known.
    """
    missing = [name for name in columns if name not in given.columns and name not in optional]
    if missing:
        what = f"the {file} frame has no column {', '.join(missing)}"
        fix = did_you_mean(missing[0], [str(name) for name in given.columns], f"columns: {', '.join(columns)}")
        return pd.DataFrame(columns=list(columns)), [Problem(what, fix=fix)]
    if given.empty:
        return pd.DataFrame(columns=list(columns)), []
    frame = given.reindex(columns=list(columns)).reset_index(drop=True).astype(object)
    read = pd.DataFrame({name: frame[name].map(_READERS.get(name, count_of)) for name in columns})
    if "region" in columns:
        read["region"] = read["region"].where(read["region"] != "")
    key = [name for name in columns if name in {"la", "age_band", "year"}]
    problems = []
    for name in columns:
        what, fix = _MEANING.get(
            name, (f"not a number of {name}", "give a number, or leave it empty if it is not known")
        )
        if name in key:
            problems += cell_problems(frame, read[name].isin(["", 0]), name, what, fix, file)
            continue
        if name != "region":
            problems += cell_problems(frame, np.isinf(read[name]), name, what, fix, file)
        known = read[[*key, name]].dropna()
        apart = known.groupby(key)[name].transform("nunique") > 1
        twice = pd.Series(False, index=read.index) | apart.reindex(read.index, fill_value=False)
        same = " and ".join(filter(None, [", ".join(key[:-1]), key[-1]])).replace("_", " ")
        what = f"the same {same} has two figures" if name != "region" else "the same la has two regions"
        problems += cell_problems(frame, twice, name, what, "keep one of them", file)
    return read.groupby(key, sort=False, as_index=False).first(), problems


def cell_problems(frame: pd.DataFrame, wrong: pd.Series, column: str, what: str, fix: str, file: str) -> list[Problem]:
    """The first rows of a frame that are wrong, as problems; the last of them counts the rest."""
    rows = frame.index[wrong.to_numpy(dtype=bool)]
    problems = [Problem(what, file, int(row) + 2, column, str(frame[column][row]), fix) for row in rows[:MOST_SHOWN]]
    if len(rows) > MOST_SHOWN:
        problems[-1] = replace(problems[-1], count=len(rows) - MOST_SHOWN + 1)
    return problems


def code_of(value: object) -> str:
    """An authority as it is compared: text, without the `.0` of a number."""
    text = "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value).strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def band_of(value: object) -> str:
    """An age band as it is compared; nothing where it is none."""
    text = re.sub(r"\s*(?:–|-|\bto\b)\s*", " to ", str(value).strip().casefold().replace("_", " "))
    text = re.sub(r"^ages?\s+", "", text)
    text = {"0 to 4": BANDS[0], "all": TOTAL, "all ages": TOTAL, "under 5s": BANDS[0]}.get(text, text)
    return text if text in {*BANDS, TOTAL} else ""


def year_of(value: object) -> int:
    """A year; 0 where it is none."""
    text = code_of(value)
    return int(text) if re.fullmatch(r"\d{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR else 0


def count_of(value: object) -> float:
    """A number, NaN where it is not known, infinite where it makes no sense."""
    text = code_of(value).replace(",", "")
    if text.casefold().strip("[]") in NOT_KNOWN:
        return math.nan
    try:
        number = float(text)
    except ValueError:
        return math.inf
    return number if 0 <= number < 1e7 else math.inf


def children_of(value: object) -> float:
    """A number of children; 0 is not known, as tables that go on naming an authority that has ended have it."""
    number = count_of(value)
    return number if number else math.nan


def region_of(value: object) -> str:
    """A region as it is compared; nothing where it is not known."""
    text = " ".join(code_of(value).casefold().replace("&", " and ").split())
    return "" if text.strip("[]") in NOT_KNOWN else text


_READERS: Mapping[str, Callable[[object], Any]] = {
    "la": code_of,
    "age_band": band_of,
    "year": year_of,
    "children": children_of,
    "region": region_of,
}
_MEANING = {
    "la": ("no authority is named", ""),
    "age_band": ("not an age band", f"use one of: {', '.join([*BANDS, TOTAL])}"),
    "year": ("not a year", "write the year of the count, such as 2022"),
    "plans": ("not a number of plans", "give a number of plans, or leave it empty where it is not known"),
}
