"""Rows as coarse or as fine as a council keeps them, spread over areas, needs and year groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.ages import span_named
from sufficiency.forecast.england import NEED_CODES, YEAR_GROUPS, plans
from sufficiency.phases import Phase
from sufficiency.problems import Problem
from sufficiency.tables.parse import value_problems
from sufficiency.tables.years import date_in

AGES = ("ncy", "age", "age_band")
KEY = ["area", "need", *AGES, "year"]


def year_groups_of(row: Any, phases: Sequence[Phase]) -> tuple[int, int] | None:
    """First and last NCY of a row by its `ncy`, `age` or `age_band`; all ages where they are blank; None for a band
    that is not known.
    """
    if not math.isnan(row.ncy):
        return int(row.ncy), int(row.ncy)
    if not math.isnan(row.age):
        ncy = int(np.clip(row.age - 4, YEAR_GROUPS[0], YEAR_GROUPS[-1]))
        return ncy, ncy
    if row.age_band == "":
        return int(YEAR_GROUPS[0]), int(YEAR_GROUPS[-1])
    return span_named(row.age_band, phases)


def check_grain(frame: pd.DataFrame, file: str, phases: Sequence[Phase]) -> list[Problem]:
    """Rows that name their ages twice or by a band that is not known, and years of mixed grain or with a row twice."""
    problems = []
    several = frame[["ncy", "age"]].notna().sum(axis=1) + (frame["age_band"] != "") > 1
    if several.any():
        row, fix = int(frame.index[several][0]), "fill in one of ncy, age and age_band"
        problems.append(Problem("the ages are given twice", file, row, fix=fix, count=int(several.sum())))
    known = sorted({phase.code for phase in phases})
    fix = f"write ages (“age 7”, “5 to 10”, “under 5”, “20 and over”) or a phase: {', '.join(known[:8])}"
    labels = frame["age_band"].drop_duplicates()
    spans = {label: span_named(label, phases) for label in labels if label}
    strange = frame["age_band"][frame["age_band"].isin([label for label, span in spans.items() if span is None])]
    problems += value_problems("not an age band", strange, file, "age_band", lambda label: _made_a_date(label) or fix)
    for column, words in (("area", "some areas"), ("need", "some needs")):
        blank = frame[column] == ""
        mixed = frame["year"].isin(set(frame["year"][blank]) & set(frame["year"][~blank])) & blank
        if mixed.any():
            what = f"this row counts everyone and other rows of {frame['year'][mixed].iloc[0]} count {words}"
            fix = f"leave {column} blank in all rows of a year, or in none"
            problems.append(Problem(what, file, int(frame.index[mixed][0]), column, fix=fix, count=int(mixed.sum())))
    if not several.any() and strange.empty:
        problems += _overlaps(frame, file, phases)
    twice = frame.duplicated(KEY)
    if twice.any():
        row, fix = int(frame.index[twice][0]), "keep one of the rows, or add them together"
        problems.append(Problem("the same children are in an earlier row", file, row, fix=fix, count=int(twice.sum())))
    return problems


def _made_a_date(label: str) -> str:
    """What to do about an age band such as 5-10 that Excel has turned into a date; nothing where it is none."""
    day = date_in(label)
    return f"Excel makes a date of {day.day}-{day.month}: format the column as Text and type it again" if day else ""


def _overlaps(frame: pd.DataFrame, file: str, phases: Sequence[Phase]) -> list[Problem]:
    """A problem for rows whose ages are a part of those of another row: a total beside its parts, or two groupings."""
    kinds = frame.drop_duplicates(list(AGES))
    spans = {_ages_key(row): year_groups_of(row, phases) for row in kinds.itertuples()}
    keys = [_ages_key(row) for row in frame[list(AGES)].itertuples()]
    ends = [spans[key] or (0, 0) for key in keys]
    ordered = frame[["area", "need", "year", "age_band"]].assign(
        first=[first for first, _ in ends], last=[last for _, last in ends]
    )
    ordered = ordered.sort_values(["area", "need", "year", "first", "last"], kind="stable")
    cell = ordered[["area", "need", "year"]].ne(ordered[["area", "need", "year"]].shift()).any(axis=1).cumsum()
    reach = ordered.groupby(cell)["last"].cummax().groupby(cell).shift()
    same = ordered[["first", "last"]].eq(ordered.groupby(cell)[["first", "last"]].shift()).all(axis=1)
    # ages beyond the last year group all count as it: 24 and 25 are no overlap
    over = (reach >= ordered["first"]) & ~same & (ordered["first"] < YEAR_GROUPS[-1])
    if not over.any():
        return []
    row = int(ordered.index[over].min())
    value = str(frame["age_band"][row])
    what = "the ages of this row are in another row too: a total beside its parts, or two ways of grouping"
    fix = "give each child in one row: delete the totals"
    column = "age_band" if value else ""
    return [Problem(what, file, row, column, value, fix, count=int(over.sum()))]


def _ages_key(row: Any) -> tuple[float, float, str]:
    return (-99.0 if math.isnan(row.ncy) else row.ncy, -99.0 if math.isnan(row.age) else row.age, row.age_band)


def spread(frame: pd.DataFrame, areas: Sequence[str], years: Sequence[int], phases: Sequence[Phase]) -> Floats:
    """[year, area, need, NCY] the plans of rows, each spread over the needs and ages it does not tell as in England;
    rows without an area are in the place after the last area. Rows of other years are left out.
    """
    out = np.zeros((len(years), len(areas) + 1, len(NEED_CODES), len(YEAR_GROUPS)))
    used = frame[frame["year"].isin(list(years))]
    place = pd.Index([*areas, ""]).get_indexer(pd.Index(used["area"]))
    when = pd.Index(list(years)).get_indexer(pd.Index(used["year"]))
    keys = used[["need", *AGES]].copy()
    kind, kinds = pd.factorize(pd.MultiIndex.from_frame(keys.fillna({"ncy": -99, "age": -99})), sort=False)
    count = used["plans"].to_numpy(dtype=float)
    first = pd.Series(np.arange(len(used))).groupby(kind).first()
    rows = list(used.itertuples())
    for number in range(len(kinds)):
        weight = _weight(rows[int(first[number])], phases)
        mine = kind == number
        needs, groups = np.nonzero(weight)
        cells = (when[mine][:, None], place[mine][:, None], needs[None, :], groups[None, :])
        np.add.at(out, cells, count[mine][:, None] * weight[needs, groups][None, :])
    return out


def _weight(row: Any, phases: Sequence[Phase]) -> Floats:
    """[need, NCY] how a row's children fall on the cells it covers."""
    span = year_groups_of(row, phases)
    assert span is not None
    inside = (span[0] <= YEAR_GROUPS) & (span[1] >= YEAR_GROUPS)
    profile = plans() * inside
    if row.need:
        need = np.array([code == row.need for code in NEED_CODES])[:, None]
        # a need that England's table does not tell by age has the ages of all plans
        profile = profile * need if (profile * need).sum() > 0 else profile.sum(axis=0) * need
    if profile.sum() <= 0:
        profile = inside * (
            np.array([code == row.need for code in NEED_CODES])[:, None] if row.need else plans().sum(axis=1)[:, None]
        )
    return np.asarray(profile / profile.sum())
