"""Plans by authority, age band and year, as published or kept, as one array: read, checked, joined over boundary
changes, gaps filled and marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.forecast.band_cells import BANDS, TOTAL, code_of, read_cells
from sufficiency.forecast.boundaries import Succession, successions
from sufficiency.problems import InputError, Problem, raise_errors

COLUMNS = ("la", "age_band", "year", "plans")


@dataclass(frozen=True)
class Inherited:
    """Authorities (by position) that go on with what others counted before the year at `start`: each with the share of
    it in `parts`.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    start: int
    parts: tuple[float, ...]


@dataclass(frozen=True)
class BandHistory:
    """Plans [authority, band or total, year]; the total is last on the second axis.

    `plans` has gaps filled and is NaN before a series starts; `known` marks figures that were given; `asked` marks the
    [authority, band] pairs of the frame; `since` [authority, band] counts the years from the last figure given to
    the last year of the frame; `notes` say in words what was filled, joined or left out; `inherited` are the changes
    of boundaries it was joined over.
    """

    authorities: tuple[str, ...]
    years: Ints
    plans: Floats
    known: Flags
    asked: Flags
    since: Ints
    notes: tuple[str, ...] = ()
    inherited: tuple[Inherited, ...] = ()

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
    plans, inherited, joined = _joined(plans, authorities, years)
    ended = [row for change in inherited for row in change.before if row not in change.after]
    asked[ended] = False
    since = np.where(known.any(axis=2), len(years) - 1 - _last_true(known), len(years))
    plans, filled = _filled(plans)
    notes += joined + filled_in_words(known & ~np.isnan(plans), filled, asked)
    return BandHistory(authorities, years, plans, known, asked, since, tuple(notes), tuple(inherited))


def national_growth(plans: Floats) -> Floats:
    """[band, year − 1] log growth of all authorities that have a figure in both years; 0 where none has."""
    there = ~np.isnan(plans[..., 1:]) & ~np.isnan(plans[..., :-1])
    before = np.where(there, plans[..., :-1], 0.0).sum(axis=0)
    after = np.where(there, plans[..., 1:], 0.0).sum(axis=0)
    return np.where(before > 0, np.log(np.maximum(after, 0.5) / np.maximum(before, 0.5)), 0.0)


def filled_in_words(whole: Flags, filled: Flags, asked: Flags) -> list[str]:
    """What was filled, counted."""
    count = int((filled & asked[..., None]).sum())
    return [f"{count:,} missing figures of {int(whole.sum()) + count:,} were filled in"] if count else []


def _checked(history: pd.DataFrame) -> pd.DataFrame:
    if set(COLUMNS) <= set(history.columns) and history.empty:
        raise InputError([Problem("the history has no rows", fix="give plans by la, age_band and year")])
    read, problems = read_cells(history, "history", COLUMNS)
    raise_errors(problems)
    if read["plans"].isna().all():
        raise InputError([Problem("no row of the history has a number of plans", fix="check the column plans")])
    return read


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


def _joined(plans: Floats, authorities: tuple[str, ...], years: Ints) -> tuple[Floats, list[Inherited], list[str]]:
    """Histories of the authorities before a boundary change under their successors, level and growth chained; and what
    each has inherited.
    """
    plans, inherited, notes = plans.copy(), [], []
    growth = national_growth(plans)
    for change in successions(authorities):
        start = _first_after(change, plans, years)
        if not 0 < start < len(years):
            continue
        before = plans[list(change.before), :, :start]
        past = np.where(np.isnan(before).all(axis=0), np.nan, np.nansum(before, axis=0))
        parts = []
        for row in change.after:
            expected = past[:, -1] * np.exp(growth[:, start - 1])
            ratio = np.where(expected > 0, plans[row, :, start] / np.where(expected > 0, expected, 1.0), np.nan)
            plans[row, :, :start] = past if change.same else past * ratio[:, None]
            parts.append(1.0 if change.same else float(ratio[-1]))
        inherited.append(Inherited(change.before, change.after, start, tuple(parts)))
        gone = [row for row in change.before if row not in change.after]
        names = ", ".join(authorities[row] for row in gone or change.before)
        heirs = ", ".join(authorities[row] for row in change.after)
        scaled = "" if change.same else ", scaled to its first year"
        notes.append(f"{names} until {years[start] - 1} is the history of {heirs}{scaled}")
    return plans, inherited, notes


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


__all__ = ["BANDS", "TOTAL", "BandHistory", "Inherited", "code_of", "national_growth", "read_band_history"]
