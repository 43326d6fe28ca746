"""Rows as coarse or as fine as a council keeps them, spread over areas, needs and year groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.codes import SCHOOL_PHASES, normal_code
from sufficiency.forecast.england import NEED_CODES, YEAR_GROUPS, plans
from sufficiency.phases import Phase
from sufficiency.problems import Problem, did_you_mean

BAND_YEARS = {"under 5": (-4, 0), "5 to 10": (1, 6), "11 to 15": (7, 11), "16 to 19": (12, 15), "20 to 25": (16, 20)}
"""Age bands of the published tables as year groups: age at the start of the academic year less four."""
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
    named = " ".join(row.age_band.casefold().replace("–", " to ").replace("-", " to ").split()).removeprefix("age ")
    spans = {phase.code: (phase.first, phase.last) for phase in phases} | SCHOOL_PHASES
    return BAND_YEARS.get(named) or spans.get(normal_code(row.age_band))


def check_grain(frame: pd.DataFrame, file: str, phases: Sequence[Phase]) -> list[Problem]:
    """Rows that name their ages twice or by a band that is not known, and years of mixed grain or with a row twice."""
    problems = []
    several = frame[["ncy", "age"]].notna().sum(axis=1) + (frame["age_band"] != "") > 1
    if several.any():
        row, mend = int(frame.index[several][0]), "fill in one of ncy, age and age_band"
        problems.append(Problem("the ages are given twice", file, row, mend=mend, count=int(several.sum())))
    known = [*BAND_YEARS, *(phase.code for phase in phases)]
    for band, rows in frame[frame["age_band"] != ""].groupby("age_band", sort=False):
        if year_groups_of(next(rows.itertuples()), phases) is None:
            mend = did_you_mean(str(band), known)
            problems.append(
                Problem("not an age band", file, int(rows.index[0]), "age_band", str(band), mend, count=len(rows))
            )
    for column, words in (("area", "some areas"), ("need", "some needs")):
        blank = frame[column] == ""
        mixed = frame["year"].isin(set(frame["year"][blank]) & set(frame["year"][~blank])) & blank
        if mixed.any():
            what = f"this row counts everyone and other rows of {frame['year'][mixed].iloc[0]} count {words}"
            mend = f"leave {column} blank in all rows of a year, or in none"
            problems.append(Problem(what, file, int(frame.index[mixed][0]), column, mend=mend, count=int(mixed.sum())))
    twice = frame.duplicated(KEY)
    if twice.any():
        row, mend = int(frame.index[twice][0]), "keep one of the rows, or add them together"
        problems.append(
            Problem("the same children are in an earlier row", file, row, mend=mend, count=int(twice.sum()))
        )
    return problems


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
