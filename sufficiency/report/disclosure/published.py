"""A published folder as it is read by anybody, and what in it should not be there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.report.disclosure.catalogue import CATALOGUE, NOTES, Published
from sufficiency.result.swap import DRAWN, is_litter, is_release
from sufficiency.result.written import unguarded

CLAIMS = "disclosure.json"
TABLES = "tables"
PAGE, WORKBOOK, PAPER = "page.html", "workbook.xlsx", "cabinet-paper.docx"
FIGURES, MAP, MAPS = "figures.json", "plan.gpkg", "maps"
FILES = frozenset({CLAIMS, FIGURES, WORKBOOK, PAGE, PAPER, MAP})
FOLDERS = frozenset({TABLES, MAPS})
ALWAYS = ("gaps", "area_gaps", "provision", "occupancy", "measures", "spend")
"""Tables that every release has, be they empty."""
METHODS = ("rounding", "suppression")


@dataclass(frozen=True)
class Claims:
    """How a release says it was protected: figures are `within` so much of the true ones, totals `totals_within`;
    money is rounded to `money_step` £ (0: not rounded).
    """

    method: str
    base: int
    threshold: int
    within: float
    totals_within: float
    money_step: float


@dataclass(frozen=True)
class Reading:
    """A published folder: its claims, its tables, and what is in it that is not known to be safe."""

    claims: Claims
    tables: dict[str, pd.DataFrame]
    strange: tuple[str, ...]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios in it, in order."""
        return tuple(self.tables["gaps"]["scenario"].unique())

    def of(self, scenario: str, year: int | str) -> dict[str, pd.DataFrame]:
        """The rows of a scenario and a year; of tables by financial year, and of today, those of the scenario."""
        figures = {}
        for name, frame in self.tables.items():
            rows = frame[frame["scenario"] == scenario]
            figures[name] = rows[rows["year"] == year] if "year" in rows and year != "today" else rows
        if year == "today":
            measures = figures["measures"]
            figures["measures"] = measures[measures["year"] == measures["year"].min()]
        return figures


def read_published(folder: Path) -> Reading:
    """Read a folder that `--publish` wrote. Raises InputError where it is none."""
    claims = _claims(folder)
    strange = [f"{name}: not a file of a release" for name in _strange_files(folder)]
    tables = {}
    for file in sorted((folder / TABLES).glob("*")):
        if file.stem == NOTES and file.suffix == ".csv":
            continue
        spec = CATALOGUE.get(file.stem) if file.suffix == ".csv" else None
        if spec is None:
            strange.append(f"{TABLES}/{file.name}: not a table that may be published")
            continue
        frame, faults = _read(file, spec)
        tables[spec.name] = frame
        strange += faults
    missing = [name for name in ALWAYS if name not in tables]
    if missing:
        raise InputError([Problem(f"there is no table {missing[0]}.csv", str(folder / TABLES), fix="publish again")])
    strange += _odd_counts(tables, claims)
    strange += _figures(folder / FIGURES, tables)
    return Reading(claims, tables, tuple(strange))


def _claims(folder: Path) -> Claims:
    try:
        said = json.loads((folder / CLAIMS).read_text(encoding="utf-8"))
        return Claims(*(said[name] for name in Claims.__dataclass_fields__))
    except (OSError, ValueError, KeyError, TypeError):
        what = "this is not a folder that report --publish wrote"
        raise InputError([Problem(what, str(folder), fix=f"name one that holds {CLAIMS}")]) from None


def _strange_files(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir() if item.name not in (FOLDERS if item.is_dir() else FILES))


def refuse_others(folder: Path) -> None:
    """Raise InputError where a release cannot take the place of `folder`: it is there, and no release, or holds what no
    release has.
    """
    if not os.path.lexists(folder):
        return
    fix = "move it elsewhere"
    if not is_release(folder):
        what = "this is no release that report --publish wrote, and a release would take its place"
        raise InputError([Problem(what, str(folder), fix=fix)])
    tables = [*(f"{name}.csv" for name in CATALOGUE), f"{NOTES}.csv"]
    others = [item for item in (folder / TABLES).glob("*") if item.name not in tables]
    others += [item for item in (folder / MAPS).glob("*") if not DRAWN.fullmatch(item.name)]
    others = [item for item in [*(folder / name for name in _strange_files(folder)), *others] if not is_litter(item)]
    if others:
        named = ", ".join(item.relative_to(folder).as_posix() for item in others[:3])
        what = f"this release also holds {named}, which a new release would remove"
        raise InputError([Problem(what, str(folder), fix=fix)])


def unit_of(claims: Claims) -> int:
    """What every number of children is a multiple of."""
    return claims.base if claims.method == "rounding" else 1


def _read(file: Path, spec: Published) -> tuple[pd.DataFrame, list[str]]:
    frame = pd.read_csv(file, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    where = f"{TABLES}/{file.name}"
    faults = [f"{where}, column {name}: not known to be safe" for name in frame if name not in spec.columns]
    absent = [name for name in spec.columns if name not in frame]
    if absent:
        raise InputError([Problem(f"there is no column {absent[0]}", str(file), fix="publish again")])
    numbers = {*spec.counts, *spec.exact, *(name for name, _ in spec.steps), "year", "financial_year", "opens"}
    for name in spec.columns:
        if name in numbers:
            try:
                frame[name] = frame[name].where(frame[name] != "", "nan").to_numpy(dtype=object).astype(np.float64)
            except ValueError as error:
                raise InputError([Problem(str(error), str(file), column=name, fix="publish again")]) from None
        else:
            frame[name] = frame[name].map(unguarded)
    for name in ("year", "financial_year", "opens"):
        if name in frame:
            frame[name] = frame[name].astype(int)
    return frame, faults


def counted(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, str, pd.Series[bool]]]:
    """Table, column and rows of every number of children that is published."""
    for name, frame in tables.items():
        for column in CATALOGUE[name].counts:
            rows = frame["unit"] == "children" if name == "measures" else pd.Series(True, index=frame.index)
            yield name, column, rows


def _odd_counts(tables: dict[str, pd.DataFrame], claims: Claims) -> list[str]:
    unit = unit_of(claims)
    odd = []
    for name, column, rows in counted(tables):
        values = tables[name].loc[rows, column].to_numpy(dtype=float)
        wrong = np.abs(values / unit - np.round(values / unit)) > 1e-9
        if wrong.any():
            said = f"a multiple of {unit}" if unit > 1 else "a whole number"
            odd.append(f"{TABLES}/{name}.csv, column {column}: {values[wrong][0]:g} is not {said}")
    return odd


def _figures(file: Path, tables: dict[str, pd.DataFrame]) -> list[str]:
    """Figures that are not the cell of a published table which they name."""
    if not file.is_file():
        return []
    figures: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [f"figures.json, {figure.get('id')}: not a published cell" for figure in figures if not _is(figure, tables)]


def _is(figure: dict[str, Any], tables: dict[str, pd.DataFrame]) -> bool:
    frame = tables.get(str(figure.get("table")))
    if frame is None or figure.get("column") not in frame:
        return False
    rows = pd.Series(True, index=frame.index)
    for key, value in figure.get("row", {}).items():
        if key not in frame:
            return False
        rows &= frame[key].astype(str) == str(value)
    cells = frame.loc[rows, figure["column"]]
    return len(cells) == 1 and bool(np.isclose(float(cells.iloc[0]), float(figure["value"]), rtol=1e-9))
