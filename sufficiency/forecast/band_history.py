"""Plans by authority, age band and year, as published or kept, as one array: read, checked, joined over boundary
changes, gaps filled and marked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.forecast.boundaries import Succession, successions
from sufficiency.problems import InputError, Problem, did_you_mean, raise_errors, shown

BANDS = ("under 5", "5 to 10", "11 to 15", "16 to 19", "20 to 25")
TOTAL = "total"
COLUMNS = ("la", "age_band", "year", "plans")
NOT_KNOWN = frozenset(
    {"", "x", "z", "c", "..", ":", "-", "low", "na", "n/a", "nan", "none", "<na>", "null", "*", "u", "k", "~"}
)
"""How published tables and frames say that there is no figure."""
FIRST_YEAR, LAST_YEAR = 1974, 2100
MOST_TOLD = 10


@dataclass(frozen=True)
class BandHistory:
    """Plans [authority, band or total, year]; the total is last on the second axis.

    `plans` has gaps filled and is NaN before a series starts; `known` marks figures that were given; `asked` marks the
    [authority, band] pairs of the frame; `since` [authority, band] counts the years from the last figure given to
    the last year of the frame; `notes` say in words what was filled, joined or left out.
    """

    authorities: tuple[str, ...]
    years: Ints
    plans: Floats
    known: Flags
    asked: Flags
    since: Ints
    notes: tuple[str, ...] = ()

    def until(self, position: int) -> BandHistory:
        """The history without the years after `position`: what a forecaster knew then."""
        cut = slice(0, position + 1)
        return replace(self, years=self.years[cut], plans=self.plans[..., cut], known=self.known[..., cut])


def read_band_history(history: pd.DataFrame) -> BandHistory:
    """The array of a frame `la, age_band, year, plans`. Raises InputError with every row that makes no sense."""
    frame = _checked(history)
    authorities = tuple(sorted(frame["la"].unique()))
    years = np.arange(frame["year"].min(), frame["year"].max() + 1)
    given = np.full((len(authorities), len(BANDS) + 1, len(years)), np.nan)
    rows = pd.Index(authorities).get_indexer(pd.Index(frame["la"]))
    bands = pd.Index([*BANDS, TOTAL]).get_indexer(pd.Index(frame["age_band"]))
    given[rows, bands, frame["year"].to_numpy() - years[0]] = frame["plans"].to_numpy()
    asked = np.zeros(given.shape[:2], dtype=bool)
    asked[rows, bands] = True
    asked[:, -1] |= asked[:, :-1].all(axis=1)
    plans, notes = _added_up(given, authorities)
    known = ~np.isnan(plans)
    plans, ended, joined = _joined(plans, authorities, years)
    asked[ended] = False
    since = np.where(known.any(axis=2), len(years) - 1 - _last_true(known), len(years))
    plans, filled = _filled(plans)
    notes += joined + filled_in_words(known & ~np.isnan(plans), filled, asked)
    return BandHistory(authorities, years, plans, known, asked, since, tuple(notes))


def national_growth(plans: Floats) -> Floats:
    """[band, year − 1] log growth of all authorities that have a figure in both years; 0 where none has."""
    there = ~np.isnan(plans[..., 1:]) & ~np.isnan(plans[..., :-1])
    before = np.where(there, plans[..., :-1], 0.0).sum(axis=0)
    after = np.where(there, plans[..., 1:], 0.0).sum(axis=0)
    return np.where(before > 0, np.log(np.maximum(after, 0.5) / np.maximum(before, 0.5)), 0.0)


def filled_in_words(kept: Flags, filled: Flags, asked: Flags) -> list[str]:
    """What was filled, counted."""
    count = int((filled & asked[..., None]).sum())
    return [f"{count:,} missing figures of {int(kept.sum()) + count:,} were filled in"] if count else []


def _checked(history: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in COLUMNS if name not in history.columns]
    if missing:
        what = f"the history has no column {', '.join(missing)}"
        fix = did_you_mean(missing[0], [str(name) for name in history.columns], f"columns: {', '.join(COLUMNS)}")
        raise InputError([Problem(what, fix=fix)])
    if history.empty:
        raise InputError([Problem("the history has no rows", fix="give plans by la, age_band and year")])
    frame = history[list(COLUMNS)].reset_index(drop=True).astype(object)
    read = pd.DataFrame(
        {
            "la": frame["la"].map(code_of),
            "age_band": frame["age_band"].map(_band),
            "year": frame["year"].map(_year),
            "plans": frame["plans"].map(_plans),
        }
    )
    problems = _problems(frame, read["la"] == "", "la", "no authority is named", "")
    bands = ", ".join([*BANDS, TOTAL])
    problems += _problems(frame, read["age_band"] == "", "age_band", "not an age band", f"use one of: {bands}")
    problems += _problems(frame, read["year"] == 0, "year", "not a year", "write the year of the count, such as 2022")
    fix = "give a number of plans, or leave it empty where it is not known"
    problems += _problems(frame, np.isinf(read["plans"]), "plans", "not a number of plans", fix)
    key = ["la", "age_band", "year"]
    apart = read.dropna().groupby(key)["plans"].transform("nunique") > 1
    twice = pd.Series(False, index=read.index) | apart.reindex(read.index, fill_value=False)
    problems += _problems(frame, twice, "plans", "the same la, age band and year has two figures", "keep one of them")
    raise_errors(problems)
    if read["plans"].isna().all():
        raise InputError([Problem("no row of the history has a number of plans", fix="check the column plans")])
    return read.sort_values("plans", na_position="last").drop_duplicates(key)


def _problems(frame: pd.DataFrame, wrong: pd.Series, column: str, what: str, fix: str) -> list[Problem]:
    rows = frame.index[wrong.to_numpy(dtype=bool)]
    told = [Problem(what, "history", int(row) + 2, column, str(frame[column][row]), fix) for row in rows[:MOST_TOLD]]
    if len(rows) > MOST_TOLD:
        told[-1] = replace(told[-1], count=len(rows) - MOST_TOLD + 1)
    return told


def code_of(value: object) -> str:
    """An authority as it is compared: text, without the `.0` of a number."""
    text = "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value).strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def _band(value: object) -> str:
    text = re.sub(r"\s*(?:–|-|\bto\b)\s*", " to ", str(value).strip().casefold().replace("_", " "))
    text = re.sub(r"^ages?\s+", "", text)
    text = {"0 to 4": BANDS[0], "all": TOTAL, "all ages": TOTAL, "under 5s": BANDS[0]}.get(text, text)
    return text if text in {*BANDS, TOTAL} else ""


def _year(value: object) -> int:
    text = code_of(value)
    return int(text) if re.fullmatch(r"\d{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR else 0


def _plans(value: object) -> float:
    """A number, NaN where it is not known, infinite where it makes no sense."""
    text = code_of(value).replace(",", "")
    if text.casefold().strip("[]") in NOT_KNOWN:
        return math.nan
    try:
        number = float(text)
    except ValueError:
        return math.inf
    return number if 0 <= number < 1e7 else math.inf


def _added_up(given: Floats, authorities: Sequence[str]) -> tuple[Floats, list[str]]:
    """The total is the sum of the bands where all are known; one band alone not known is what is left of the total."""
    plans = given.copy()
    bands, total = plans[:, :-1], plans[:, -1]
    missing = np.isnan(bands)
    left = total - np.where(missing, 0.0, bands).sum(axis=1)
    one = (missing.sum(axis=1) == 1) & ~np.isnan(total) & (left >= 0)
    bands[missing & one[:, None]] = np.broadcast_to(left[:, None], bands.shape)[missing & one[:, None]]
    whole = ~np.isnan(bands).any(axis=1)
    sums = bands.sum(axis=1)
    differ = whole & ~np.isnan(total) & (np.abs(sums - total) > np.maximum(5.0, 0.01 * total))
    plans[:, -1] = np.where(whole, sums, total)
    named = [authorities[row] for row in np.unique(np.nonzero(differ)[0])]
    if not named:
        return plans, []
    listed = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    return plans, [f"bands do not add up to the total in {int(differ.sum())} years of {listed}: the bands are used"]


def _joined(plans: Floats, authorities: tuple[str, ...], years: Ints) -> tuple[Floats, list[int], list[str]]:
    """Histories of the authorities before a boundary change under their successors, level and growth chained; and the
    authorities that have ended.
    """
    plans, ended, notes = plans.copy(), [], []
    growth = national_growth(plans)
    for change in successions(authorities):
        start = _first_after(change, plans, years)
        if not 0 < start < len(years):
            continue
        before = plans[list(change.before), :, :start]
        past = np.where(np.isnan(before).all(axis=0), np.nan, np.nansum(before, axis=0))
        for row in change.after:
            expected = past[:, -1] * np.exp(growth[:, start - 1])
            ratio = np.where(expected > 0, plans[row, :, start] / np.where(expected > 0, expected, 1.0), np.nan)
            plans[row, :, :start] = past if change.same else past * ratio[:, None]
        gone = [row for row in change.before if row not in change.after]
        ended += gone
        told = ", ".join(authorities[row] for row in gone or change.before)
        heirs = ", ".join(authorities[row] for row in change.after)
        scaled = "" if change.same else ", scaled to its first year"
        notes.append(f"{told} until {years[start] - 1} is the history of {heirs}{scaled}")
    return plans, ended, notes


def _first_after(change: Succession, plans: Floats, years: Ints) -> int:
    """The position of the first count after a change: where an authority that is new has its first figure, else the
    year of the change.
    """
    new = [row for row in change.after if row not in change.before]
    counted = np.flatnonzero(~np.isnan(plans[new]).all(axis=(0, 1)))
    return int(counted[0]) if len(counted) else change.first_year - int(years[0])


def _last_true(known: Flags) -> Ints:
    return np.asarray(known.shape[2] - 1 - known[..., ::-1].argmax(axis=2), dtype=np.int64)


def _filled(plans: Floats) -> tuple[Floats, Flags]:
    """Gaps inside a series on the straight line of its logarithm; a series that stops early at national growth; a band
    never known by the national shares of the total.
    """
    missing = np.isnan(plans)
    if not missing.any():
        return plans, missing
    growth = national_growth(plans)
    filled = plans.copy()
    for row, band in zip(*np.nonzero(missing.any(axis=2) & ~missing.all(axis=2)), strict=True):
        series = filled[row, band]
        there = np.flatnonzero(~np.isnan(series))
        inside = np.arange(there[0], there[-1] + 1)
        series[inside] = np.expm1(np.interp(inside, there, np.log1p(series[there])))
        for year in range(there[-1] + 1, len(series)):
            series[year] = series[year - 1] * np.exp(growth[band, year - 1])
    _share_out(filled)
    return filled, np.isnan(plans) & ~np.isnan(filled)


def _share_out(plans: Floats) -> None:
    """Bands without any figure get their national share of what the total leaves."""
    last = plans[..., -1]
    lacking = np.isnan(last[:, :-1]) & ~np.isnan(last[:, -1:])
    if not lacking.any():
        return
    national = np.nan_to_num(np.nansum(np.where(np.isnan(last[:, -1:]), np.nan, last)[:, :-1], axis=0)) + 1e-9
    for row in np.flatnonzero(lacking.any(axis=1)):
        absent = lacking[row]
        left = max(float(last[row, -1] - np.nansum(last[row, :-1])), 0.0)
        if (national[absent].sum() > 1e-6 and not (~absent).any()) or left > 0:
            plans[row, :-1, -1][absent] = left * national[absent] / national[absent].sum()


__all__ = ["BANDS", "TOTAL", "BandHistory", "national_growth", "read_band_history", "shown"]
