"""The figures of a release made safe, and put back into its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.progress import Progress, silent
from sufficiency.report.disclosure.catalogue import CATALOGUE
from sufficiency.report.disclosure.linked import Builder, Cell, System
from sufficiency.report.disclosure.published import Claims
from sufficiency.report.disclosure.release import Release, Tables, with_steps
from sufficiency.report.disclosure.rounding import round_system
from sufficiency.report.disclosure.side_by_side import each
from sufficiency.report.disclosure.structure import TODAY, add_year, cells_of, row_keys
from sufficiency.report.disclosure.suppression import suppress

_SAME = 1e-6
"""Children: figures nearer than this are the same in two scenarios."""


@dataclass(frozen=True)
class Protected:
    """Tables that may be published, once the audit has passed."""

    tables: Tables
    claims: Claims


def protect(
    release: Release,
    method: str,
    base: int,
    threshold: int,
    earlier: Mapping[Cell, float],
    progress: Progress = silent,
    workers: int = 1,
) -> Protected:
    """Round or suppress all numbers of children of a release, year by year. `earlier`: figures published before.

    Raises InputError where a year is too large to suppress.
    """
    unit = base if method == "rounding" else 1
    known: dict[Cell, float] = {}
    within = 0.0
    years: list[int | str] = [TODAY, *release.years]
    jobs = [
        _Year(_of_year(release, year), year, method, unit, threshold, _cells_of_year(earlier, year)) for year in years
    ]
    progress("Protect", "every year")
    rows = len(release.tables["gaps"])
    for job, (protected, far) in zip(jobs, each(_protect_year, jobs, workers, rows), strict=True):
        progress("Protect", str(job.year))
        within = max(within, far)
        known |= protected
    claims = Claims(method, base, threshold, float(unit), within, release.money_step)
    return Protected(with_steps(_put_back(release.tables, known)), claims)


@dataclass(frozen=True)
class _Year:
    """One year of a release to protect; `earlier`: its figures published before."""

    release: Release
    year: int | str
    method: str
    unit: int
    threshold: int
    earlier: Mapping[Cell, float]


def _of_year(release: Release, year: int | str) -> Release:
    """A release with the rows of one year alone; today's figures stand beside the first."""
    of = release.years[0] if year == TODAY else year
    tables = {name: frame[frame["year"] == of] if "year" in frame else frame for name, frame in release.tables.items()}
    return replace(release, tables=tables)


def _cells_of_year(figures: Mapping[Cell, float], year: int | str) -> dict[Cell, float]:
    return {cell: value for cell, value in figures.items() if cell[3] == str(year)}


def _protect_year(job: _Year) -> tuple[dict[Cell, float], float]:
    rounding = job.method == "rounding"
    found, far = _round_year(job.release, job.year, job.unit, job.earlier if rounding else {})
    if not rounding:
        found = _suppress_year(job.release, job.year, found, job.threshold, job.earlier)
    return found, far


def _system(release: Release, tables: Tables, scenario: str, year: int | str) -> tuple[System, dict[Cell, float]]:
    frames = {}
    for name, frame in tables.items():
        rows = frame[frame["scenario"] == scenario]
        if "year" in rows:
            rows = rows[rows["year"] == (release.years[0] if year == TODAY else year)]
        frames[name] = rows
    to = Builder()
    add_year(to, frames, scenario, year)
    return to.system(), cells_of(frames, scenario, year)


def _round_year(
    release: Release, year: int | str, unit: int, earlier: Mapping[Cell, float]
) -> tuple[dict[Cell, float], float]:
    """The cells of a year in whole multiples, scenario by scenario: a figure that is the same in an earlier one is
    published alike.
    """
    published: dict[Cell, float] = {}
    truth: dict[Cell, float] = {}
    within = 0.0
    for scenario in release.scenarios:
        system, known = _system(release, release.tables, scenario, year)
        values = system.added_up(known)
        before = dict(earlier)
        same = set()
        for cell, value in zip(system.cells, values, strict=True):
            for other in release.scenarios[: release.scenarios.index(scenario)]:
                twin = (*cell[:2], other, *cell[3:])
                if twin in published:
                    before[cell] = published[twin]
                    if cell[1] == "demand" and abs(truth[twin] - value) < _SAME:
                        same.add(cell)
        done = round_system(system, values, unit, before, frozenset(same))
        published |= dict(zip(system.cells, done.values.tolist(), strict=True))
        truth |= dict(zip(system.cells, values.tolist(), strict=True))
        within = max(within, done.totals_within)
    return published, within


def _suppress_year(
    release: Release, year: int | str, values_shown: dict[Cell, float], threshold: int, earlier: Mapping[Cell, float]
) -> dict[Cell, float]:
    """The whole numbers of a year with some of them hidden (NaN), the same cells in every scenario."""
    whole = _put_back(release.tables, values_shown)
    builder = Builder()
    for scenario in release.scenarios:
        frames = {}
        for name, frame in whole.items():
            rows = frame[frame["scenario"] == scenario]
            if "year" in rows:
                rows = rows[rows["year"] == (release.years[0] if year == TODAY else year)]
            frames[name] = rows
        add_year(builder, frames, scenario, year)
    system = builder.system()
    values = system.values_of(values_shown)
    twins = [(*cell[:2], "", *cell[3:]) for cell in system.cells]
    public = np.array([earlier.get(cell, np.nan) == value for cell, value in zip(system.cells, values, strict=True)])
    hidden = suppress(system, values, threshold, alike=twins, known=public).hidden
    return {
        cell: (float("nan") if hide else float(value))
        for cell, value, hide in zip(system.cells, values, hidden, strict=True)
    }


def _put_back(tables: Tables, known: Mapping[Cell, float]) -> Tables:
    """Tables with the figures of `known` in place of their own, and without rows that are 0 throughout."""
    done = dict(tables)
    for name, frame in tables.items():
        table = CATALOGUE[name]
        if not table.counts:
            continue
        if name == "measures":
            done[name] = _measures(frame, known)
            continue
        keys = [key for key in row_keys(name) if key in frame]
        new = frame.copy()
        heads = frame[["scenario", "year"]].astype(str).itertuples(index=False, name=None)
        rows = frame[keys].astype(str).itertuples(index=False, name=None)
        names = [(*head, *row) for head, row in zip(heads, rows, strict=True)]
        for column in table.counts:
            new[column] = _taken(frame[column], [(name, column, *cell) for cell in names], known)
        if name in {"gaps", "provision", "changes"}:
            new = new[(new[list(table.counts)] != 0.0).any(axis=1)]
        done[name] = new.reset_index(drop=True)
    return done


def _measures(frame: pd.DataFrame, known: Mapping[Cell, float]) -> pd.DataFrame:
    new = frame.copy()
    counts = frame["unit"] == "children"
    rows = frame[counts]
    for column in ("today", "plan", "unmitigated"):
        years = [TODAY] * len(rows) if column == TODAY else rows["year"].astype(str)
        cells: list[Cell] = [
            ("measures", column, scenario, year, measure, item)
            for scenario, year, measure, item in zip(
                rows["scenario"], years, rows["measure"], rows["item"], strict=True
            )
        ]
        new.loc[counts, column] = _taken(rows[column], cells, known)
    return new


def _taken(column: pd.Series[float], cells: list[Cell], known: Mapping[Cell, float]) -> Floats:
    """The figures of `known`; a cell that is not in it stays as it is."""
    return np.array([known.get(cell, value) for cell, value in zip(cells, column, strict=True)], dtype=float)
