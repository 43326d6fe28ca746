"""A table of a return: its rows for a file, one number a row, and the same as a sheet with a column a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.report.content.figure import Figure, in_words
from sufficiency.report.content.returns.children import MITIGATED, UNMITIGATED
from sufficiency.report.content.tables.planned import FUNDS
from sufficiency.report.content.tables.table import Column, Table, Unit
from sufficiency.report.words import academic_year

NOTE = "note"
FOLDER = "report/returns"
WORDS = {UNMITIGATED: "Unmitigated", MITIGATED: "Mitigated"}
_UNITS = {Unit.CHILDREN: "children", Unit.PLACES: "places", Unit.POUNDS: "£ cash"}


@dataclass(frozen=True)
class Return:
    """One table. `name`: of its file; `code`, `short`: of its sheet; `keys`: columns of `frame` that tell its rows
    apart; `values`: its numbers, blank where the model does not know them, and then `note` says why.

    `across`: the keys that are columns of the sheet; `headings`: what other columns are called there.
    """

    name: str
    code: str
    short: str
    title: str
    about: str
    source: str
    keys: tuple[str, ...]
    values: Mapping[str, Unit]
    frame: pd.DataFrame = field(repr=False)
    across: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    totals: bool = False

    def __post_init__(self) -> None:
        if self.frame.duplicated(list(self.keys)).any():
            raise ValueError(f"{self.name} has two rows alike in {self.keys}")

    @property
    def columns(self) -> list[str]:
        """The columns of the file."""
        return [*self.keys, *self.values, NOTE]

    def figures(self) -> Iterator[Figure]:
        """Every number, and the cell of the file it is."""
        for row in self.frame.to_dict("records"):
            named = {key: row[key] for key in self.keys}
            for column, unit in self.values.items():
                if not pd.isna(row[column]):
                    apart = [str(part) for part in named.values()]
                    of = [column] if len(self.values) > 1 else []
                    yield Figure(
                        ".".join(["returns", self.name, *apart, *of]),
                        in_words(float(row[column]), _UNITS[unit]),
                        float(row[column]),
                        _UNITS[unit],
                        f"{FOLDER}/{self.name}",
                        named,
                        column,
                    )

    def sheet(self) -> Table:
        """The same numbers as a sheet: the keys `across` side by side, and what the notes of a row say once."""
        down = [key for key in self.keys if key not in self.across]
        rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        notes: dict[tuple[Any, ...], dict[str, list[str]]] = {}
        columns: dict[str, Column] = {}
        for row in self.frame.to_dict("records"):
            name = tuple(row[key] for key in down)
            cells = rows.setdefault(name, {key: self._shown(key, row[key]) for key in down} | {NOTE: ""})
            beside = [row[key] for key in self.across]
            when = " ".join(str(self._shown(key, row[key])) for key in self.across)
            for column, unit in self.values.items():
                key = ":".join([column, *map(str, beside)])
                head = when.strip() or self.headings.get(column, column.capitalize())
                columns.setdefault(key, Column(key, head, unit, total=self.totals))
                cells[key] = row[column]
            if row[NOTE]:
                notes.setdefault(name, {}).setdefault(str(row[NOTE]), []).append(when)
        for name, said in notes.items():
            rows[name][NOTE] = "; ".join(said)
        columns = {key: self._summed(column, rows.values()) for key, column in columns.items()}
        heads = [Column(key, self.headings.get(key, key.capitalize())) for key in down]
        keys = [*down, *columns, NOTE]
        frame = pd.DataFrame(list(rows.values())).reindex(columns=keys)
        return Table(
            self.code,
            self.short,
            self.title,
            self.about,
            self.source,
            (*heads, *columns.values(), Column(NOTE, "Note")),
            frame,
            self.notes,
            blank="the model does not know: the last column says why",
        )

    @staticmethod
    def _summed(column: Column, rows: Iterable[Mapping[str, Any]]) -> Column:
        """The column without a total where nothing in it is known."""
        known = any(not pd.isna(row.get(column.key, np.nan)) for row in rows)
        return column if known else replace(column, total=False)

    def _shown(self, key: str, cell: Any) -> str:
        if key in ("year", "financial_year"):
            return academic_year(cell)
        if key == "ncy":
            return "Reception" if cell == 0 else f"Year {cell}"
        return (FUNDS if key == "fund" else WORDS).get(str(cell), str(cell))


def completed(
    counts: pd.DataFrame,
    keys: Sequence[str],
    domains: Sequence[Sequence[Any]],
    why_blank: Callable[[Mapping[str, Any]], str],
    note: Callable[[Mapping[str, Any]], str] = lambda row: "",
    value: str = "children",
) -> pd.DataFrame:
    """A row for each combination of `domains` in the order of `keys`, with the sum of `value` in `counts`, 0 where
    nobody is; blank where `why_blank` of the row has a reason, which its note is then.
    """
    summed = counts.groupby(list(keys), sort=False)[value].sum().to_dict() if len(counts) else {}
    cells = list(product(*domains))
    rows = [dict(zip(keys, cell, strict=True)) for cell in cells]
    reasons = [why_blank(row) for row in rows]
    numbers = [
        np.nan if reason else round(float(summed.get(cell, 0.0)), 9) + 0.0
        for cell, reason in zip(cells, reasons, strict=True)
    ]
    notes = [reason or note(row) for reason, row in zip(reasons, rows, strict=True)]
    frame = pd.DataFrame(rows, columns=list(keys))
    frame[value], frame[NOTE] = numbers, notes
    return frame
