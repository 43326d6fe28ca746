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
from sufficiency.tables.parse import value_problems

COUNTS = ("mean", "median", "p50", "population")
"""Columns that may hold the children, the best first: a plan wants expected values."""
LOW = ("low-ci", "low-95pc-bound", "p05")
HIGH = ("high-ci", "high-95pc-bound", "p95")
NEED_WORDS = {"M": "MLD", "UKN": "UNK", "NONE": "UNK", "SPL": "SPLD"}
BROAD_AREAS = {
    "CI": "communication and interaction (SLCN, ASD)",
    "CL": "cognition and learning (SPLD, MLD, SLD, PMLD)",
    "SP": "sensory and/or physical (HI, VI, MSI, PD)",
}
"""The broad areas of need of the SEND Code of Practice by which some models count; the fourth, SEMH, is a need too."""
STATE = ("state", "need-setting")
"""Columns that may hold need and setting together: as older versions call it, and as today's does."""


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
    state = next((name for name in STATE if name in rows.columns), None)
    if state is None and not {"need", "setting"} <= set(rows.columns):
        missing.append("state")
    if missing:
        fix = "give Output_AY_State.csv of Witan SEND"
        raise InputError([Problem(f"not a state file: it has no column {', '.join(missing)}", file, fix=fix)])
    if rows.empty:
        raise InputError([Problem("the file has no rows", file)])
    need, setting = _states(rows, state)
    rows_used = pd.DataFrame(
        {"year": _number(rows["calendar-year"]), "ncy": _number(rows["academic-year"]), "need": need}
    )
    rows_used["setting"] = setting
    rows_used["children"] = _number(rows[str(count)])
    for name, choices in (("low", LOW), ("high", HIGH)):
        column = next((choice for choice in choices if choice in rows.columns), None)
        rows_used[name] = np.nan if column is None else _number(rows[column])
    _refuse(rows_used, rows, file, str(count), state or "need")
    return rows_used.astype({"year": "int64", "ncy": "int64"})


def _states(rows: pd.DataFrame, state: str | None) -> tuple[pd.Series[str], pd.Series[str]]:
    if state is not None:
        parts = rows[state].str.strip().str.lstrip(":").str.split("-", n=1, expand=True).reindex(columns=[0, 1])
        need, setting = parts[0].fillna(""), parts[1].fillna("")
    else:
        need, setting = rows["need"].str.strip().str.lstrip(":"), rows["setting"].str.strip().str.lstrip(":")
    code = need.str.upper().replace(NEED_WORDS)
    return code.astype("str"), setting.astype("str")


def _number(texts: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(texts.str.replace(",", ""), errors="coerce").astype("float64")


def _refuse(rows_used: pd.DataFrame, rows: pd.DataFrame, file: str, count: str, needs: str) -> None:
    """Raises InputError for what cannot be read: `count` and `needs` are the columns of the file it stands in."""
    faults = {
        "calendar-year": (~rows_used["year"].between(1990, 2100), "not a year", "write a year such as 2026"),
        "academic-year": (
            ~(rows_used["ncy"].between(FIRST_NCY, LAST_NCY) & (rows_used["ncy"] % 1 == 0)),
            "not a national curriculum year",
            f"give one from {FIRST_NCY} to {LAST_NCY}",
        ),
        count: (~(rows_used["children"] >= 0), "not a number of children", "give 0 or more"),
    }
    problems: list[Problem] = []
    for column, (wrong, what, fix) in faults.items():
        cells = rows[column][wrong].set_axis(rows_used.index[wrong] + 2)
        problems += value_problems(what, cells, file, column, fix)
    broad = rows_used["need"].isin(BROAD_AREAS)
    if broad.any():
        there = sorted(set(rows_used["need"][broad]))
        row = int(rows_used.index[broad][0])
        what = (
            f"a broad area of need, not a primary need: {'; '.join(f'{code} is {BROAD_AREAS[code]}' for code in there)}"
        )
        fix = "run Witan SEND by primary need, or share these children out over primary needs first"
        problems.append(Problem(what, file, row + 2, needs, str(rows[needs][row]), fix, count=int(broad.sum())))
    strange = rows_used["need"][~rows_used["need"].isin([*NEEDS, *BROAD_AREAS])]
    strange = strange.set_axis(strange.index + 2)
    problems += value_problems("not a primary need code", strange, file, needs, lambda code: did_you_mean(code, NEEDS))
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
                Problem("no such setting in the file", file, value=name, fix=did_you_mean(name, known))
                for name in strange
            ]
        )
    wanted = {name.casefold() for name in settings}
    return states[states["setting"].str.casefold().isin(wanted)]
