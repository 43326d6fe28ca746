"""One table of a result as a CSV file that Excel opens safely, and back again to the last digit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.result.names import Names, with_names
from sufficiency.tables.schema.columns import Column, TableSpec

BYTE_ORDER_MARK = "\ufeff"
_STARTS = "=+\\-@\t\r\n＝＋－＠"
_NUMBER = r"[+-]?\d+(\.\d+)?\Z"
_AS_FORMULA = re.compile(rf"(?!{_NUMBER})'*[{_STARTS}]")
"""Text that a spreadsheet would run, also behind apostrophes; a bare number, as the phase -1, is harmless and stays."""
NUMBER_CELL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?inf|"
YEAR_CELL = r"\d{4}"
"""Cells as they are written: a number in full, or none; a year."""
_GUARDED = re.compile(rf"'+[{_STARTS}]")


def guarded(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _AS_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def text_columns(spec: TableSpec) -> list[str]:
    """The columns of an output that hold text: codes, names and identifiers."""
    return [column.name for column in spec.columns if column.kind not in {"number", "year"}]


def write_csv(frame: pd.DataFrame, spec: TableSpec, file: Path, names: Names | None = None) -> None:
    """Write the catalogue's columns, and the `names` of codes beside them: UTF-8 with a byte order mark, numbers in
    full, no text that runs as a formula.
    """
    table = with_names(frame[list(spec.names)].copy(), names or {})
    for name in [*text_columns(spec), *(name for name in table if name not in spec.names)]:
        table[name] = _each_once(table[name], guarded)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(BYTE_ORDER_MARK)  # Python's own codec for it (utf-8-sig) is ten times as slow as this one
        # Windows line ends: a lone carriage return inside a cell is then quoted by every version of Python
        table.to_csv(out, index=False, lineterminator="\r\n")


def read_csv(file: Path, spec: TableSpec) -> pd.DataFrame:
    """The frame that `write_csv` was given. Raises InputError where the file is no such table: every column whose cells
    are not what they were, with the first of them.
    """
    try:
        cells = pd.read_csv(file, encoding="utf-8-sig", usecols=list(spec.names), dtype=str, keep_default_na=False)
    except (ValueError, OSError) as error:
        raise InputError([_damaged(f"this is not the table {spec.name} as it was saved ({error})", file)]) from None
    problems = [found for column in spec.columns if (found := _fault(cells[column.name], column, file))]
    if problems:
        raise InputError(problems)
    return pd.DataFrame({column.name: _values(cells[column.name], column.kind) for column in spec.columns})


def _damaged(what: str, file: Path, **where: Any) -> Problem:
    return Problem(what, str(file), fix="plan again, or restore the file", **where)


def _fault(cells: pd.Series[str], column: Column, file: Path) -> Problem | None:
    """What is wrong with the cells of a column, with the first of them; None where nothing is."""
    pattern = {"year": YEAR_CELL, "number": NUMBER_CELL}.get(column.kind)
    if pattern is None or (column.kind == "number" and _are_numbers(cells)):
        return None
    wrong = {cell for cell in cells.unique() if not re.fullmatch(pattern, cell)}
    if not wrong:
        return None
    row = int(np.flatnonzero(cells.isin(wrong))[0])
    return _damaged(f"this is no {column.kind}", file, row=row + 2, column=column.name, value=cells.iloc[row])


def _are_numbers(cells: pd.Series[str]) -> bool:
    """Whether every cell is a number or blank, in a moment; where not, which one is found slowly."""
    try:
        return not np.isnan(cells.where(cells != "", "0").to_numpy(dtype=object).astype(np.float64)).any()
    except ValueError:
        return False


def _values(cells: pd.Series[str], kind: str) -> pd.Series[Any]:
    """The cells of a column as what they were; NumPy reads a number's digits exactly."""
    if kind == "year":
        return cells.astype("int64")
    if kind == "number":
        return pd.Series(cells.where(cells != "", "nan").to_numpy(dtype=object).astype(np.float64))
    return _each_once(cells, unguarded)


def _each_once(texts: pd.Series[str], change: Callable[[str], str]) -> pd.Series[str]:
    """`texts` with every different one changed once: a result repeats few names on many rows."""
    blank = texts.where(texts.notna(), "").astype(str)
    changed = {text: change(text) for text in blank.unique()}
    return blank.map(changed) if any(old != new for old, new in changed.items()) else blank
