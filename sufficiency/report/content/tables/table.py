"""What a table for people is: a frame with the words, units and drawing that every form of it shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from sufficiency.report.words import academic_year


class Unit(StrEnum):
    """What the cells of a column are. Frames hold numbers in full; forms round them by this."""

    TEXT = "text"
    CHILDREN = "children"
    PLACES = "places"
    POUNDS = "£"
    MINUTES = "minutes"
    KM = "km"
    SHARE = "share"
    COUNT = "number"
    TIMES = "times"
    YEAR = "year"
    """The year something happens, 2026 for 2026/27; blank where it does not."""
    PLAIN = "as given"
    """A number or a word as it was given."""


DECIMALS = {Unit.MINUTES: 1, Unit.KM: 1, Unit.TIMES: 1}
"""Decimals that are shown; of units that are not here, none."""


def shown(value: Any, unit: Unit) -> str:
    """A cell as it is shown."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if unit is Unit.YEAR:
        return academic_year(int(value))
    if unit is Unit.SHARE:
        return f"{value:.1%}"
    if unit is Unit.PLAIN:
        return f"{value:g}"
    return f"{'£' if unit is Unit.POUNDS else ''}{value:,.{DECIMALS.get(unit, 0)}f}"


@dataclass(frozen=True)
class Column:
    """One column. `key`: of the frame; `heading`: what it is called, no two alike in a table; `unit`: None where each
    row has its own (`Table.row_unit`); `total`: adding it up means something; `shaded`: darker where it is larger.
    """

    key: str
    heading: str
    unit: Unit | None = Unit.TEXT
    total: bool = False
    shaded: bool = False


class Shape(StrEnum):
    """How a drawing is drawn."""

    STACKED = "stacked columns"
    COLUMNS = "columns side by side"
    LINES = "lines"


class Colour(StrEnum):
    """What a series is about, which says its colour wherever it is drawn."""

    PLAN = "the plan"
    NOTHING_MORE = "doing nothing more"
    NEED = "what is needed"
    LIMIT = "what limits it: a budget"
    ORDER = "one of several in order: its shade"
    TYPE = "a type of setting: its colour on the maps"


@dataclass(frozen=True)
class Series:
    """One series of a drawing: the cells of column `key` in the rows of the drawing; or, with `row`, the cells of all
    of its `columns` in that row. `kind`: the code of the type of setting that it is about; `as_line`: a line over
    columns.
    """

    label: str
    colour: Colour
    key: str = ""
    row: int | None = None
    kind: str = ""
    as_line: bool = False


@dataclass(frozen=True)
class Drawing:
    """A chart of a table. `title` is its finding, `subtitle` what is drawn and in which unit. Its categories are the
    cells of `along` in `rows` (first and last, both included), or the headings of `columns` where series are rows.
    """

    title: str
    subtitle: str
    shape: Shape
    series: tuple[Series, ...]
    along: str = ""
    rows: tuple[int, int] = (0, 0)
    columns: tuple[str, ...] = ()
    unit: Unit = Unit.CHILDREN


@dataclass(frozen=True)
class Table:
    """One table. `code`: as T10b, by which it is cited; `name`: short; `about`: what a row and its numbers are;
    `source`: the files of the result or of the model that it is read from; `blank`: what a blank cell means; `nobody`:
    said in place of a table that has no rows; `row_unit`: the frame's column with the unit of each row, for columns
    without one of their own.
    """

    code: str
    name: str
    title: str
    about: str
    source: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()
    blank: str = ""
    nobody: str = "There are no rows."
    row_unit: str = ""
    drawing: Drawing | None = None

    def __post_init__(self) -> None:
        missing = [column.key for column in self.columns if column.key not in self.frame]
        if missing:
            raise ValueError(f"{self.code} has no {missing}")

    @property
    def keys(self) -> list[str]:
        """The frame's columns that are shown, in order."""
        return [column.key for column in self.columns]

    def cells(self, column: Column) -> list[tuple[Any, Unit]]:
        """The cells of a column from the first row on, each with its unit; NaN where there is nothing."""
        given = self.frame[column.key]
        values = given.astype(object).where(given.notna(), float("nan")).tolist()
        if column.unit is not None:
            return [(value, column.unit) for value in values]
        return list(zip(values, map(Unit, self.frame[self.row_unit]), strict=True))


@dataclass(frozen=True)
class Omitted:
    """A table that the data do not allow, and what it would take."""

    code: str
    name: str
    why: str


def columns_by_key(**headings: str) -> tuple[Column, ...]:
    """Columns of text."""
    return tuple(Column(key, heading) for key, heading in headings.items())
