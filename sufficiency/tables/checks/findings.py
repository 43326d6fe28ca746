"""What the checks share: the tables under inspection, and the words for children and years."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from sufficiency.arrays import Ints, alike, first_of_each, totals
from sufficiency.codes import AWAITING, UNKNOWN_AREA
from sufficiency.problems import Problem
from sufficiency.tables.checks.remembered import Fact, Noted, Notes, Read, Remembered, remembered
from sufficiency.tables.naming import unknown_code
from sufficiency.tables.parse import value_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sufficiency.model import Model
    from sufficiency.tables import Tables

CELL = ["area", "need", "phase", "level"]
KIND = ["need", "phase", "level"]
"""What says which lines take a child."""


@dataclass
class Inspection:
    """The tables under inspection and what was found so far; checks that rest on a doubtful column are left
    out.
    """

    model: Model
    tables: Tables
    problems: list[Problem] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    facts: dict[str, tuple[Read, Any]] = field(default_factory=dict, init=False, repr=False)
    notes: Notes = field(default_factory=Notes, init=False, repr=False)
    current: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    memory: Remembered = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.current, self.memory = {"model": self.model, "tables": self.tables}, self.tables.checked
        self.model = cast("Model", Noted("model", self.model, self.notes))
        self.tables = cast("Tables", Noted("tables", self.tables, self.notes))

    def look(self, check: Callable[[Inspection], None]) -> None:
        """Make a check, or say again what it found where nothing that it reads has changed."""
        if self.doubtful:
            check(self)
            return

        def made() -> tuple[tuple[Problem, ...], frozenset[str]]:
            before = len(self.problems)
            check(self)
            found = tuple(self.problems[before:])
            del self.problems[before:]
            return found, frozenset(self.doubtful)

        _, (found, doubtful) = remembered(self, check.__name__, made)
        self.problems += found
        self.doubtful |= doubtful

    def file(self, table: str) -> str:
        """What problems call the file of a table."""
        return self.tables.called.get(table, table)

    def sure(self, *columns: str) -> bool:
        """Whether each cell of these columns (`places.needs`) could be read, and what it names is there."""
        return not self.doubtful.intersection(columns)

    def error(self, what: str, file: str = "", fix: str = "", **where: object) -> None:
        """Add an error; `where` is row, column, value, count."""
        self.problems.append(Problem(what, file, fix=fix, **where))  # type: ignore[arg-type]

    def warn(self, what: str, file: str = "", fix: str = "", **where: object) -> None:
        """Add a warning; `where` is row, column, value, count."""
        self.problems.append(Problem(what, file, fix=fix, severity="warning", **where))  # type: ignore[arg-type]

    def unknown(
        self,
        table: str,
        column: str,
        known: Iterable[str],
        what: str,
        *,
        warning: bool = False,
        reserved: str = "",
        names: Sequence[str] = (),
    ) -> None:
        """Problems for the values of a column that are not among `known` (`names`: what these are called); blanks are
        left alone.
        """
        frame = getattr(self.tables, table)
        if frame is None:
            return
        codes = list(known)
        values = frame[column]
        strange = values[~values.isin([*codes, reserved, ""])]
        if strange.empty:
            return
        fix: Callable[[str], str] = lambda value: unknown_code(value, codes, names)  # noqa: E731
        severity = "warning" if warning else "error"
        self.problems += value_problems(what, strange, self.file(table), column, fix, severity)
        if not warning:
            self.doubtful.add(f"{table}.{column}")

    @Fact
    def areas(self) -> list[str]:
        """Known area codes."""
        return [str(code) for code in self.tables.areas["area"]]

    @Fact
    def settings(self) -> list[str]:
        """Known setting codes."""
        return [str(code) for code in self.tables.settings["setting"]]

    @Fact
    def lines(self) -> pd.DataFrame:
        """One row a line, indexed by its name: what does not change, the rows' first year, and when its
        setting is open.
        """
        first = self.tables.places.sort_values("from_year", kind="stable").drop_duplicates("line")
        settings = self.tables.settings.drop_duplicates("setting").set_index("setting")
        opens = first["setting"].map(settings["opens"]).fillna(-np.inf)  # blank: open since ever
        closes = first["setting"].map(settings["closes"]).fillna(np.inf)  # blank: never closes
        lines = first.assign(row=first.index, opens=np.maximum(opens, first["from_year"]), closes=closes)
        return lines.set_index("line", drop=False)

    @Fact
    def future(self) -> pd.DataFrame:
        """Demand of the plan's years."""
        return self.tables.demand[self.tables.demand["year"].isin(self.model.plan_years)]

    @Fact
    def cell(self) -> Ints:
        """[rows of demand] the number of the row's cell, from 0 on, in the order of their first rows."""
        return alike((self.tables.demand,), CELL)[0]

    @Fact
    def cells(self) -> pd.DataFrame:
        """The cells of demand by their number: area, need, phase, level."""
        return pd.DataFrame(self.tables.demand[CELL].iloc[first_of_each(self.cell)])

    @Fact
    def kinds(self) -> pd.DataFrame:
        """Children of the plan's years by need, phase, level and year, in that order; what demand has no row for is
        left out.
        """
        years = self.model.plan_years
        (kind,) = alike((self.cells,), KIND)
        demand = self.tables.demand
        planned = demand["year"].isin(years).to_numpy()
        year = demand["year"].to_numpy()[planned].astype(np.int64) - years[0]
        key = kind[self.cell[planned]] * len(years) + year
        size = (int(kind.max(initial=-1)) + 1) * len(years)
        children = totals(key, demand["children"].to_numpy(dtype=float)[planned], size)
        there = np.unique(key)
        frame = self.cells[KIND].iloc[first_of_each(kind)[there // len(years)]]
        frame = frame.assign(year=there % len(years) + years[0], children=children[there])
        return pd.DataFrame(frame.sort_values([*KIND, "year"], ignore_index=True))

    @Fact
    def placed(self) -> pd.DataFrame:
        """Placements of children who have a line that is known."""
        placements = self.tables.placements
        if placements is None:
            return pd.DataFrame({column: [] for column in (*CELL, "line", "children")})
        return placements[placements["line"].isin(self.lines.index) & (placements["children"] > 0)]


def open_in(lines: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Which lines take children in `year`: their first year has come and their setting is open."""
    return (lines["opens"] <= year) & (lines["closes"] > year)


def children(number: float) -> str:
    """A number of children in words."""
    if round(number, 1) == 1:
        return "1 child"
    if 0 < number < 0.05:
        return "fewer than 0.1 children"
    return f"{number:,.1f}".removesuffix(".0") + " children"


def years(listed: Iterable[int]) -> str:
    """Years in words: `2026–2028, 2030`."""
    ordered = sorted({int(year) for year in listed})
    runs: list[list[int]] = []
    for year in ordered:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


__all__ = ["AWAITING", "CELL", "KIND", "UNKNOWN_AREA", "Inspection", "children", "open_in", "years"]
