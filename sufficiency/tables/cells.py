"""A table as it lies in its file: every cell as text, every row with the number its reader's editor shows."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from sufficiency.problems import Problem, written
from sufficiency.tables.layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

INVISIBLE = " \t\r\n\f\v\u00a0\u2007\u202f\u200b\u200e\ufeff"
"""Spaces, and the marks that web pages and exports leave at the ends of cells."""


@dataclass(frozen=True)
class Merged:
    """Cells merged into one: their address (`C2:C4`), their columns by name, and their rows in the file."""

    address: str
    columns: tuple[str, ...]
    rows: range


@dataclass(frozen=True)
class Cells:
    """One table before it is parsed.

    `frame`: text, columns named as in the file, index = row in the file (the header is row 1; of a map layer,
    feature + 1). `file`: what problems call it. `shapes`: its geometry in the file's own reference system,
    same index, where it has any. `merged`: its merged cells. `without`: required columns that it may lack.
    """

    table: str
    file: str
    frame: pd.DataFrame
    shapes: gpd.GeoSeries | None = None
    warnings: tuple[Problem, ...] = ()
    merged: tuple[Merged, ...] = ()
    without: frozenset[str] = frozenset()


def has_shape(shapes: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Which geometries are there: neither missing nor empty."""
    geometry = shapes.to_numpy()
    return np.asarray(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)), dtype=np.bool_)


def cell_text(value: Any) -> str:
    """The text of one cell as a planner sees it: blank for nothing, whole numbers without `.0`, lists apart
    by spaces.
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        if math.isnan(value):
            return ""
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return " ".join(cell_text(item) for item in value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return written(value)


def text_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with every cell as text; the index and the column names stay."""
    columns = [_text_column(frame.iloc[:, position]) for position in range(frame.shape[1])]
    text = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=frame.index)
    text.columns = pd.Index([cell_text(name) for name in frame.columns], dtype="str")
    return text


def _text_column(values: pd.Series[Any]) -> pd.Series[str]:
    if isinstance(values.dtype, pd.StringDtype):
        return values.fillna("").astype("str")  # nothing in the cell is a blank cell
    return pd.Series([cell_text(value) for value in values.tolist()], index=values.index, dtype="str")


def numbered(rows: Sequence[Sequence[str]], first: int = 1) -> tuple[list[str], pd.DataFrame]:
    """The header and the text frame of rows read one by one: the first row that is not blank is the header.

    `first` is the number of the first row given. Short rows are filled with blanks.
    """
    head = next((position for position, row in enumerate(rows) if any(cell.strip(INVISIBLE) for cell in row)), None)
    if head is None:
        return [], pd.DataFrame()
    width = max(len(row) for row in rows[head:])
    filled = [[*row, *[""] * (width - len(row))] for row in rows[head:]]
    index = range(first + head + 1, first + len(rows))
    return filled[0], pd.DataFrame(filled[1:], index=index, columns=range(width), dtype="str")


def tidy(
    table: str,
    file: str,
    header: Iterable[str],
    frame: pd.DataFrame,
    shapes: gpd.GeoSeries | None = None,
    warnings: tuple[Problem, ...] = (),
    merged: Sequence[tuple[str, range, range]] = (),
) -> Cells:
    """Cells trimmed; what stands around the table, blank rows and columns without a name left out. `merged`: address,
    positions of columns, and rows of merged cells. Raises InputError where rows of data stand above the headings.
    """
    trimmed = frame.copy()
    for position in range(frame.shape[1]):
        trimmed.isetitem(position, frame.iloc[:, position].str.strip(INVISIBLE).array)
    layout = laid_out(table, file, [name.strip(INVISIBLE) for name in header], trimmed)
    names, rows = [name.strip(INVISIBLE) for name in layout.header], layout.frame
    notes = (*warnings, *layout.notes)
    named = [position for position, name in enumerate(names) if name]
    if not named:
        return Cells(table, file, pd.DataFrame(index=frame.index[:0]), warnings=notes)
    text = rows.iloc[:, named].set_axis(pd.Index([names[position] for position in named], dtype="str"), axis=1)
    blank = np.ones(len(rows), dtype=bool)
    for position in range(rows.shape[1]):
        blank &= (rows.iloc[:, position] == "").to_numpy(dtype=bool)
    if shapes is not None:
        shapes = shapes.loc[rows.index]
        blank &= ~has_shape(shapes)
        shapes = shapes[~blank]
    there = set(rows.index[~blank])
    cells = tuple(
        Merged(address, tuple(names[position] for position in columns if position in named), lines)
        for address, columns, lines in merged
        if there.intersection(lines)
    )
    return Cells(table, file, text[~blank], shapes, notes, cells)
