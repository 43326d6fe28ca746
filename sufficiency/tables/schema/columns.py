"""What a table and a column of it are, and the columns that several tables share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "id",  # text that names something; Excel's 113842.0 reads as 113842, leading zeros stay
    "text",
    "need",
    "phase",
    "level",
    "type",
    "year",
    "number",
    "flag",
    "needs",  # several codes in one cell, apart by spaces; blank or `any` means all
    "phases",
    "levels",
    "ids",
    "numbers",
]


@dataclass(frozen=True)
class Column:
    """One column of a table. `required`: the column must be there; `blank`: a cell of it may be empty."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = True
    blank: bool = False
    minimum: float | None = None
    maximum: float | None = None
    default: float | str | bool | None = None
    """What a blank cell reads as; None: the blank of its kind (all, for `needs`, `phases`)."""


@dataclass(frozen=True)
class TableSpec:
    """One table: its columns, those that together name a row, and whether it carries shapes on a map. `words`: other
    headings, as `normal_code` has them, and the columns that they mean, in tables that other teams make.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    spatial: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column called `name`; raises KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def optional(name: str, kind: Kind, meaning: str, unit: str = "", **more: float | str | bool | None) -> Column:
    """A column that need not be there, and whose cells may be blank; `more` as in `Column`."""
    return Column(name, kind, meaning, unit, required=False, blank=True, **more)  # type: ignore[arg-type]


def amount(name: str, meaning: str, unit: str) -> Column:
    """A number that must be there and is never below 0."""
    return Column(name, "number", meaning, unit, minimum=0)


def output(name: str, meaning: str, /, **columns: str) -> TableSpec:
    """A table that is written: for each column its meaning and, behind a bar, its unit."""
    return TableSpec(name, meaning, tuple(_out_column(column, text) for column, text in columns.items()))


def _out_column(name: str, text: str) -> Column:
    meaning, _, unit = text.partition(" | ")
    kind: Kind = "year" if name in {"year", "financial_year"} or unit == "September" else "number" if unit else "text"
    return Column(name, kind, meaning, unit)


YEAR = Column("year", "year", "September in which the academic year starts")
YEAR_OUT = {"year": YEAR.meaning}
CELL_OUT = {"area": "area code", "need": "primary need", "phase": "phase"}
