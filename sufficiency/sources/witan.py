"""Outputs of Witan SEND (Mastodon C), an open forecaster of EHC plans: `Output_AY_State.csv` and its kin.

Each row is a calendar year, an academic year (a national curriculum year, NCY) and a state, which is a need and a
setting joined by a hyphen (`ASD-MMSIB`, older versions with a colon before it), with the mean and percentiles of its
simulations. Files that tell need and setting in columns of their own are read too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.codes import FIRST_NCY, LAST_NCY, NEEDS
from sufficiency.problems import InputError, Problem, did_you_mean

COUNTS = ("mean", "median", "p50", "population")
"""Columns that may hold the children, the best first: a plan wants expected values."""
LOW = ("low-ci", "low-95pc-bound", "p05")
HIGH = ("high-ci", "high-95pc-bound", "p95")
NEED_WORDS = {"SP": "SPLD", "M": "MLD", "UKN": "UNK", "NONE": "UNK", "SPL": "SPLD"}
MOST_TOLD = 10


def read_witan(path: str | Path) -> pd.DataFrame:
    """`year, ncy, need, setting, children, low, high` of a state file; `year` is the calendar year as written.

    `low` and `high` are the bounds that the file gives for each state by itself (blank where it has none): they
    cannot be added up over states. Raises InputError that lists every row that cannot be read.
    """
    file = Path(path).name
    try:
        rows = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError, UnicodeDecodeError) as error:
        raise InputError([Problem(f"this file cannot be read as CSV: {error}", file)]) from None
    rows.columns = rows.columns.str.strip().str.casefold().str.lstrip(":").str.replace(r"[ _]", "-", regex=True)
    count = next((name for name in COUNTS if name in rows.columns), None)
    missing = [name for name in ("calendar-year", "academic-year") if name not in rows.columns]
    if count is None:
        missing.append("mean")
    if "state" not in rows.columns and not {"need", "setting"} <= set(rows.columns):
        missing.append("state")
    if missing:
        mend = "give Output_AY_State.csv of Witan SEND"
        raise InputError([Problem(f"not a state file: it has no column {', '.join(missing)}", file, mend=mend)])
    if rows.empty:
        raise InputError([Problem("the file has no rows", file)])
    need, setting = _states(rows)
    told = pd.DataFrame({"year": _number(rows["calendar-year"]), "ncy": _number(rows["academic-year"]), "need": need})
    told["setting"] = setting
    told["children"] = _number(rows[str(count)])
    for name, choices in (("low", LOW), ("high", HIGH)):
        column = next((choice for choice in choices if choice in rows.columns), None)
        told[name] = np.nan if column is None else _number(rows[column])
    _refuse(told, rows, file)
    return told.astype({"year": "int64", "ncy": "int64"})


def _states(rows: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    if "state" in rows.columns:
        parts = rows["state"].str.strip().str.lstrip(":").str.split("-", n=1, expand=True).reindex(columns=[0, 1])
        need, setting = parts[0].fillna(""), parts[1].fillna("")
    else:
        need, setting = rows["need"].str.strip().str.lstrip(":"), rows["setting"].str.strip().str.lstrip(":")
    code = need.str.upper().replace(NEED_WORDS)
    return code.astype("str"), setting.astype("str")


def _number(texts: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(texts.str.replace(",", ""), errors="coerce").astype("float64")


def _refuse(told: pd.DataFrame, rows: pd.DataFrame, file: str) -> None:
    faults = {
        "calendar-year": (~told["year"].between(1990, 2100), "not a year", "write a year such as 2026"),
        "academic-year": (~told["ncy"].between(FIRST_NCY, LAST_NCY), "not a national curriculum year", "−4 to 20"),
        "mean": (~(told["children"] >= 0), "not a number of children", "0 or more"),
    }
    problems = []
    for column, (wrong, what, mend) in faults.items():
        for row in told.index[wrong][:MOST_TOLD]:
            shown = str(rows[column][row]) if column in rows.columns else ""
            problems.append(Problem(what, file, int(row) + 2, column, shown, mend))
    strange = sorted(set(told["need"]) - set(NEEDS))
    problems += [
        Problem(
            "not a primary need code",
            file,
            int(told.index[told["need"] == code][0]) + 2,
            "state",
            code,
            did_you_mean(code, NEEDS),
        )
        for code in strange[:MOST_TOLD]
    ]
    if problems:
        raise InputError(problems)


def specialist_only(states: pd.DataFrame, settings: Sequence[str], file: str) -> pd.DataFrame:
    """The rows whose setting is one of `settings`, none meaning all. Raises InputError for a setting the file has
    not.
    """
    if not settings:
        return states
    known = sorted(set(states["setting"]))
    folded = {name.casefold() for name in known}
    strange = [name for name in settings if name.casefold() not in folded]
    if strange:
        raise InputError(
            [
                Problem("no such setting in the file", file, value=name, mend=did_you_mean(name, known))
                for name in strange
            ]
        )
    wanted = {name.casefold() for name in settings}
    return states[states["setting"].str.casefold().isin(wanted)]
