"""The September view: who stays, leaves and joins in each line of places, and what is vacant."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd

from sufficiency.case import Case
from sufficiency.model import Model
from sufficiency.plan.explain.september import Shares, september
from sufficiency.plan.rows.instance import prepare
from sufficiency.problems import InputError, Problem
from sufficiency.result.frames import without_dust
from sufficiency.result.study import saved_study
from sufficiency.tables.read import read_table

SEPTEMBER = "september"


def september_view(case: Case, year: int) -> pd.DataFrame:
    """`september.csv` of a case for a plan year. Raises InputError where the year is not planned."""
    first, last = case.model.years
    if not first <= year <= last:
        what, fix = "the plan does not cover this September", f"name one from {first} to {last}"
        raise InputError([Problem(what, case.model.path.name, value=str(year), fix=fix)])
    return without_dust(september(prepare(case), year, year_group_shares(case.model)))


def save_september(table: pd.DataFrame, folder: Path) -> Path:
    """Write `september.csv` into `folder`. Raises InputError where that holds anything else."""
    with saved_study(folder, SEPTEMBER, table):
        pass
    return folder / f"{SEPTEMBER}.csv"


def year_group_shares(model: Model) -> Shares | None:
    """Plans by need and year group in the last year of the history up to the base year; None where there is no history
    by age.
    """
    if model.tables.history is None:
        return None
    with suppress(InputError):  # check names what is wrong in a history; a plan does not need one
        history = read_table(model, "history")[0].frame
        ncy = history["ncy"].fillna(history["age"] - 4)
        known = history.assign(ncy=ncy)[ncy.notna() & (history["year"] <= model.base_year)]
        if len(known):
            last = known[known["year"] == known["year"].max()]
            summed = last.groupby(["need", "ncy"])["plans"].sum()
            return {(str(need), int(group)): float(plans) for (need, group), plans in summed.items()}
    return None
