"""The cells of tables for people as figures, and each table as the CSV file that they name."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from math import isfinite
from typing import Any

import pandas as pd

from sufficiency.report.content.figure import Cell, Figure
from sufficiency.report.content.tables.table import Column, Table, Unit, shown
from sufficiency.result.written import BYTE_ORDER_MARK, guarded

FOLDER = "report/tables"
"""Where these files are, as seen from the result's folder."""


def cell_figures(table: Table) -> Iterator[Figure]:
    """Every number of a table, row by row, named by its code, row (from 1) and column: T7a.3.2026. `row` has the
    headings of the columns that tell its row from the others, with their cells.
    """
    columns = [table.cells(column) for column in table.columns]
    heads = headings_of(table)
    naming = _naming(table, columns)
    for at in range(len(table.frame)):
        row = {heads[place]: _plain(columns[place][at][0]) for place in naming}
        for column, head, cells in zip(table.columns, heads, columns, strict=True):
            value, unit = cells[at]
            if unit is Unit.TEXT or isinstance(value, str) or not isfinite(value):
                continue
            name = f"{table.code}.{at + 1}.{column.key}"
            text = shown(value, unit)
            yield Figure(name, text, float(value), unit.value, f"{FOLDER}/{table.code}", row, head)


def table_csv(table: Table) -> bytes:
    """A table as CSV: its headings, numbers in full, no text that runs as a formula."""
    columns = {
        head: [_in_csv(value) for value, _ in table.cells(column)]
        for head, column in zip(headings_of(table), table.columns, strict=True)
    }
    out = StringIO()
    pd.DataFrame(columns).to_csv(out, index=False, lineterminator="\r\n")
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def headings_of(table: Table) -> list[str]:
    """The headings of a table, no two alike in any case: labels of a model may be."""
    used: set[str] = set()
    found = []
    for place, column in enumerate(table.columns, 1):
        heading = column.heading if column.heading.casefold() not in used else f"{column.heading} ({place})"
        used.add(heading.casefold())
        found.append(heading)
    return found


def _naming(table: Table, columns: list[list[tuple[Any, Unit]]]) -> list[int]:
    """The first columns that tell every row from the others: those of text, then any."""
    of_text = [place for place, column in enumerate(table.columns) if _is_text(column)]
    rest = [place for place in range(len(columns)) if place not in of_text]
    chosen: list[int] = []
    for place in [*of_text, *rest]:
        chosen.append(place)
        if place in of_text and len(chosen) < len(of_text):
            continue
        rows = range(len(table.frame))
        if len({tuple(_plain(columns[one][at][0]) for one in chosen) for at in rows}) == len(rows):
            break
    return chosen


def _is_text(column: Column) -> bool:
    return column.unit is Unit.TEXT and column.key not in SENTENCES


SENTENCES = frozenset({"meaning", "text", "process", "flags"})
"""Columns of sentences, which name no row."""


def _plain(value: Any) -> Cell:
    """A cell that names a row, as it stands in the CSV file."""
    if isinstance(value, str):
        return value
    return "" if value is None or not isfinite(value) else _in_csv(value)


def _in_csv(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if value is None or value != value:
        return ""
    number = float(value)
    return int(number) if number.is_integer() else number
