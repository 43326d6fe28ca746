"""What holds between the published tables of one year: the totals, and the same children seen from several sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sufficiency.codes import AWAITING, BOUGHT
from sufficiency.report.disclosure.catalogue import (
    CATALOGUE,
    COUNTED,
    OTHERS,
    PATTERN,
    PLACED,
    PLAN_ONLY,
    TYPE_GROUPS,
    WHERE,
    others,
)
from sufficiency.report.disclosure.linked import Builder, Cell

Frames = Mapping[str, pd.DataFrame]
TODAY = "today"
"""Stands in place of a year for figures of the base year."""
_CLOSE = 1e-4
"""Children: links that hold only sometimes are taken where the figures keep them so near."""


def cells_of(frames: Frames, scenario: str, year: int | str) -> dict[Cell, float]:
    """The numbers of children in one year of published tables by the name of their cell; NaN: suppressed."""
    cells: dict[Cell, float] = {}
    for name, table in CATALOGUE.items():
        if name == "measures" or not table.counts or name not in frames or year == TODAY:
            continue
        rows = frames[name]
        keys = [key for key in row_keys(name) if key in rows]
        for column in table.counts:
            for row, value in zip(_rows(rows, keys), rows[column].to_numpy(dtype=float), strict=True):
                cells[name, column, scenario, str(year), *row] = value
    measures = frames["measures"]
    for column in (TODAY,) if year == TODAY else ("plan", "unmitigated"):
        rows = measures[measures["unit"] == "children"]
        for row, value in zip(_rows(rows, ["measure", "item"]), rows[column].to_numpy(dtype=float), strict=True):
            if column == "plan" or row[0] not in PLAN_ONLY:
                cells["measures", column, scenario, str(year), *row] = value
    return cells


def row_keys(table: str) -> list[str]:
    """The key columns that name a cell of a table beside its year: those that others follow from are left out."""
    followed = {"area_gaps": {"locality"}, "occupancy": {"setting", "type"}}
    return [key for key in CATALOGUE[table].keys if key not in {"year", *followed.get(table, set())}]


def add_year(to: Builder, frames: Frames, scenario: str, year: int | str) -> None:
    """Add the cells of one year of one scenario, and what holds between them; `frames`: the rows of that year alone."""
    _Year(to, frames, scenario, str(year)).add()


class _Year:
    """The tables of one year of one scenario."""

    def __init__(self, to: Builder, frames: Frames, scenario: str, year: str) -> None:
        self.to, self.frames, self.scenario, self.year = to, frames, scenario, year
        self.known = cells_of(frames, scenario, year)

    def add(self) -> None:
        if self.year == TODAY:
            self._projection(TODAY)
            return
        self._gaps()
        self._provision()
        self._areas()
        self._lines()
        self._plan_measures()
        self._projection("unmitigated")
        self._changes()

    def _head(self, table: str, column: str) -> Cell:
        return table, column, self.scenario, self.year

    def _has(self, table: str, column: str, *row: str) -> bool:
        return (*self._head(table, column), *row) in self.to.place

    def _cell(self, table: str, column: str, *row: str) -> int:
        return self.to.cell(*self._head(table, column), *row)

    def _sum(self, table: str, column: str, places: Mapping[int, str]) -> float:
        rows = self.frames[table]
        chosen = pd.Series(True, index=rows.index)
        keys = row_keys(table)
        for at, word in places.items():
            chosen &= rows[keys[at]] == word
        return float(rows.loc[chosen, column].sum())

    def _gaps(self) -> None:
        rows = _rows(self.frames["gaps"], ["locality", "need", "phase"])
        for column in WHERE:
            self.to.cross(self._head("gaps", column), rows)
        for row in rows:
            parts = [self._cell("gaps", column, *row) for column in WHERE]
            self.to.total(self._cell("gaps", "demand", *row), parts, "gaps: each child once")
        self.to.cross(self._head("gaps", "demand"), rows)
        self.to.cross(self._head("gaps", "shortfall"), rows)
        for row in rows:
            short = self._cell("gaps", "shortfall", *row)
            sure = {self._cell("gaps", column, *row): -1.0 for column in ("awaiting", "over_places")}
            bought = {self._cell("gaps", "independent", *row): -1.0}
            self.to.add({short: 1.0} | sure, 0.0, float("inf"), "gaps: who waits is short of a place")
            self.to.add({short: 1.0} | sure | bought, -float("inf"), 0.0, "gaps: nobody else is short of a place")

    def _provision(self) -> None:
        rows = _rows(self.frames["provision"], ["type", "need", "phase"])
        self.to.cross(self._head("provision", "children"), rows)
        cohorts = {row[1:] for row in rows}
        gaps = self.frames["gaps"]
        placed = {row[1:] for row in _rows(gaps, ["locality", "need", "phase"])}
        types = {kind for kind, *_ in rows}
        pattern_holds = all(
            abs(
                self._sum("gaps", "by_pattern", {1: need, 2: phase})
                - sum(self._sum("provision", "children", {0: kind, 1: need, 2: phase}) for kind in PATTERN)
            )
            < _CLOSE
            for need, phase in placed | cohorts
        )
        for cohort in sorted(placed | cohorts):
            here = [self._cell("gaps", column, "", *cohort) for column in PLACED] if cohort in placed else []
            there = [self._cell("provision", "children", "", *cohort)] if cohort in cohorts else []
            self.to.equal(here, there, "gaps and provision: the same children")
            kinds = {kind: (kind, *cohort) for kind in types if (kind, *cohort) in set(rows)}
            if pattern_holds and here:
                there = [self._cell("provision", "children", *kinds[kind]) for kind in PATTERN if kind in kinds]
                self.to.equal([self._cell("gaps", "by_pattern", "", *cohort)], there, "gaps and provision: by pattern")
            if here:
                bought = {self._cell("provision", "children", *kinds[kind]): 1.0 for kind in BOUGHT if kind in kinds}
                inside = {self._cell("gaps", "independent", "", *cohort): -1.0}
                above = {self._cell("gaps", "over_places", "", *cohort): -1.0}
                self.to.add(bought | inside, 0.0, float("inf"), "gaps and provision: bought places")
                self.to.add(bought | inside | above, -float("inf"), 0.0, "gaps and provision: bought places")

    def _areas(self) -> None:
        areas = self.frames["area_gaps"]
        for column in ("demand", "shortfall"):
            rows = _rows(areas, ["area"])
            for row in rows:
                self._cell("area_gaps", column, *row)
            by_locality = {
                str(locality): _rows(part, ["area"]) for locality, part in areas.groupby("locality", sort=True)
            }
            if not all(self._has("gaps", column, locality, "", "") for locality in by_locality):
                by_locality = {"": rows}
            for locality, inside in by_locality.items():
                whole = [self._cell("gaps", column, locality, "", "")]
                parts = [self._cell("area_gaps", column, *row) for row in inside]
                self.to.equal(parts, whole, f"area_gaps and gaps: the same {column}")

    def _lines(self) -> None:
        lines = self.frames["occupancy"]
        for kind, part in lines.groupby("type", sort=True):
            cells = [self._cell("occupancy", "children", *row) for row in _rows(part, ["line"])]
            self.to.equal(cells, self._of_type(str(kind)), "occupancy and provision: the same children")

    def _of_type(self, kind: str) -> list[int]:
        """The plan's children in a type of settings, or awaiting."""
        if kind == AWAITING:
            return [self._cell("gaps", "awaiting", "", "", "")]
        there = self._has("provision", "children", kind, "", "")
        return [self._cell("provision", "children", kind, "", "")] if there else []

    def _plan_measures(self) -> None:
        types = sorted({row[0] for row in _rows(self.frames["provision"], ["type"])})
        for measure, item in self._measures("plan"):
            name = ("measures", "plan", measure, item)
            cell, parts = self._cell(*name), None
            if measure in COUNTED:
                parts = [self._cell(table, column, "", "", "") for table, column in COUNTED[measure]]
            elif measure == "children_in":
                parts = self._of_type(item)
            elif (kinds := _group(measure, types)) is not None:
                parts = [cell for kind in kinds for cell in self._of_type(kind)]
                if not self._holds("plan", measure, kinds):
                    continue
            if parts:
                self.to.total(cell, parts, f"measures: {measure}")

    def _projection(self, column: str) -> None:
        """A column of `measures` alone: doing nothing more, or the base year."""
        names = self._measures(column)
        cells = {name: self._cell("measures", column, *name) for name in names}
        types = {item: cell for (measure, item), cell in cells.items() if measure == "children_in"}
        placed = [*types.values(), *(cells[name] for name in [("awaiting", "")] if name in cells)]
        for (measure, _), cell in cells.items():
            kinds = _group(measure, sorted(types))
            if measure == "children":
                self.to.total(cell, placed, "measures: every child is somewhere")
            elif measure == "by_pattern" and self._holds(column, measure, [kind for kind in PATTERN if kind in types]):
                self.to.total(cell, [types[kind] for kind in PATTERN if kind in types], f"measures: {measure}")
            elif measure == "bought":
                most = {cell: -1.0} | {types[kind]: 1.0 for kind in BOUGHT if kind in types}
                self.to.add(most, 0.0, float("inf"), "measures: bought places")
            elif kinds is not None and self._holds(column, measure, kinds):
                self.to.total(cell, [types[kind] for kind in kinds], f"measures: {measure}")

    def _measures(self, column: str) -> list[tuple[str, str]]:
        head = self._head("measures", column)
        return [(cell[4], cell[5]) for cell in self.known if cell[:4] == head]

    def _holds(self, column: str, measure: str, kinds: Iterable[str]) -> bool:
        head = self._head("measures", column)
        parts = sum(self.known.get((*head, "children_in", kind), 0.0) for kind in kinds)
        return bool(abs(self.known[*head, measure, ""] - parts) < _CLOSE)

    def _changes(self) -> None:
        changes = self.frames["changes"]
        rows = _rows(changes, ["from_type", "to_type"])
        self.to.cross(self._head("changes", "children"), rows)
        moved = sorted({kind for row in rows for kind in row})
        for kind in moved:
            before = ("awaiting", "") if kind == AWAITING else ("children_in", kind)
            if not self._has("measures", "unmitigated", *before):
                continue
            left = [self._cell("changes", "children", kind, "")] if any(row[0] == kind for row in rows) else []
            came = [self._cell("changes", "children", "", kind)] if any(row[1] == kind for row in rows) else []
            was = [self._cell("measures", "unmitigated", *before)]
            self.to.equal([*was, *came], [*self._of_type(kind), *left], "changes: from doing nothing more to the plan")


def _group(measure: str, types: list[str]) -> list[str] | None:
    """The types that a measure counts, in order; None where it is no such measure."""
    if measure == OTHERS:
        return sorted(others(frozenset(types)))
    return [kind for kind in types if kind in TYPE_GROUPS[measure]] if measure in TYPE_GROUPS else None


def _rows(frame: pd.DataFrame, keys: list[str]) -> list[tuple[str, ...]]:
    return list(frame[keys].astype(str).itertuples(index=False, name=None))
