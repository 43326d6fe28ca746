"""Where a table begins and ends on a sheet: titles above its headings, headings again further down, totals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.codes import normal_code
from sufficiency.problems import InputError, Problem
from sufficiency.tables.schema.forecast import FORECAST_INPUTS
from sufficiency.tables.schema.inputs import INPUTS
from sufficiency.tables.schema.own_files import OWN_FILES
from sufficiency.tables.words import COLUMN_WORDS, is_total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sufficiency.tables.schema.columns import TableSpec

_KEYS = frozenset(column.name for spec in INPUTS.values() for column in spec.columns)
LOOKED_AT = 20
"""Rows among which the headings are looked for."""
_NOTE = re.compile(r"\s*\[(?:note|footnote)s?[^\]]*\]|\s*[*†‡]+|(?<=\w)[¹²³]+$")
_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[£(-]*\d[\d,.]*\)?%?")
"""A number that is no year: titles and group headings hold years."""


@dataclass(frozen=True)
class Layout:
    """A table without what stands around it: its headings, the rows below them, and what was left out, in words."""

    header: list[str]
    frame: pd.DataFrame
    notes: tuple[Problem, ...] = ()


def plain_heading(name: str) -> str:
    """A heading as codes are compared, without line breaks, footnotes and what stands in brackets behind it."""
    bare = _NOTE.sub("", " ".join(name.split()))
    return normal_code(re.sub(r"\s*\([^()]*\)$", "", bare).strip(" :£"))


def spec_of(table: str) -> TableSpec | None:
    """The catalogue's entry of an input table, or of a file that another team keeps."""
    return INPUTS.get(table) or FORECAST_INPUTS.get(table) or OWN_FILES.get(table)


def headings_in(cells: Sequence[str], spec: TableSpec) -> float:
    """How many columns of the catalogue a row of cells names, those by another word for half."""
    codes = _codes(cells)
    known = codes & {*spec.names, *spec.words}
    other = {COLUMN_WORDS.get(code) for code in codes - known} & (set(spec.names) - known)
    return len(known) + len(other) / 2


def has_all_headings(cells: Sequence[str], spec: TableSpec) -> bool:
    """Whether a row of cells names every column that the table must have."""
    return _codes(cells) >= {column.name for column in spec.columns if column.required}


def columns_in(cells: Sequence[str], spec: TableSpec) -> set[str]:
    """The columns of the catalogue that a row of cells names, by their names or the other headings it knows."""
    codes = _codes(cells)
    return {name for name in spec.names if name in codes} | {spec.words[code] for code in codes if code in spec.words}


def _codes(cells: Sequence[str]) -> set[str]:
    return {code for cell in cells if cell for code in (normal_code(cell), plain_heading(cell))}


def laid_out(table: str, file: str, header: Sequence[str], frame: pd.DataFrame) -> Layout:
    """The table in rows of text cells (index: rows in the file; the header stands right above). Raises InputError where
    its headings stand below rows of data.
    """
    spec = spec_of(table)
    names = list(header)
    if spec is None or frame.empty:
        return Layout(names, frame)
    rows = [names, *frame.head(LOOKED_AT).to_numpy().tolist()]
    counted = [headings_in(row, spec) for row in rows]
    _refuse_turned(names, frame, spec, file)
    best = max(range(len(rows)), key=lambda position: (counted[position], -position))
    notes: list[Problem] = []
    if counted[best] > counted[0] and counted[best] >= min(2, len(spec.columns)):
        row = int(frame.index[best - 1])
        data = [above for above in rows[:best] if sum(bool(_NUMBER.fullmatch(cell)) for cell in above) > 1]
        if data and counted[0] == 0:
            what = f"the headings are in row {row}, below rows of data"
            raise InputError([Problem(what, file, row, fix="move the row of headings to the top")])
        what = f"the headings are in row {row}; everything above them is left out"
        notes.append(Problem(what, file, row, fix="delete the rows above them", severity="warning"))
        names, frame = rows[best], frame.iloc[best:]
    _refuse_another_table(names, frame, spec, file)
    again = _headings_again(names, frame)
    total = _totals(frame) & ~again & ~_complete(names, frame, spec)
    for mask, what, fix in (
        (again, "this row repeats the headings; it is left out", "delete the row"),
        (total, "this is a row of totals; it is left out", "delete the row"),
    ):
        if mask.any():
            row = int(frame.index[mask][0])
            value = next(str(cell) for cell in frame.loc[row] if cell)
            notes.append(Problem(what, file, row, "", value, fix, "warning", int(mask.sum())))
    return Layout(names, frame[~(again | total)], tuple(notes))


def _refuse_turned(names: Sequence[str], frame: pd.DataFrame, spec: TableSpec, file: str) -> None:
    """Raises InputError where the headings stand in the first column, one below the other."""
    column = [names[0], *frame.iloc[:, 0].head(LOOKED_AT)] if names else []
    if len(column) > 1 and has_all_headings(column, spec) and not has_all_headings(names, spec):
        required = sum(one.required for one in spec.columns)
        if required > 1:
            what = "the headings are in the first column: rows and columns are swapped"
            fix = "in Excel copy the table, then Paste Special, Transpose"
            raise InputError([Problem(what, file, fix=fix)])


def _refuse_another_table(names: Sequence[str], frame: pd.DataFrame, spec: TableSpec, file: str) -> None:
    """Raises InputError where the headings of another table stand below the rows."""
    for row, cells in frame[frame.iloc[:, 0].str.casefold().isin(_KEYS - {names[0].strip().casefold()})].iterrows():
        other = next((one for one in INPUTS.values() if has_all_headings(list(cells), one)), None)
        if other is not None and other is not spec:
            what = f"another table begins here, with the headings of {other.name}"
            raise InputError([Problem(what, file, int(str(row)), fix="put it on a sheet, or in a file, of its own")])


def _headings_again(names: Sequence[str], frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose cells are, two or more and all of them, the headings of their columns."""
    same = pd.Series(0, index=frame.index)
    filled = pd.Series(0, index=frame.index)
    for position, name in enumerate(names):
        column = frame.iloc[:, position]
        filled += column != ""
        same += (column != "") & (column.str.casefold() == name.strip().casefold())
    return (same == filled) & (filled > 1)


def _complete(names: Sequence[str], frame: pd.DataFrame, spec: TableSpec) -> pd.Series[bool]:
    """Rows in which every column of words or codes that a table must have is filled: `Sum` is a code there."""
    wanted = {column.name for column in spec.columns if column.required and column.kind not in {"number", "year"}}
    places = [place for place, name in enumerate(names) if name.strip().casefold() in wanted]
    if len(places) < 2:
        return pd.Series(False, index=frame.index)
    return (frame.iloc[:, places] != "").all(axis=1)


def _totals(frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose first cell with anything in it is a word for a total."""
    totals = pd.Series(False, index=frame.index)
    blank_so_far = ~totals
    for position in range(min(frame.shape[1], 4)):
        column = frame.iloc[:, position]
        totals |= blank_so_far & column.isin({text for text in column.unique() if is_total(text)})
        blank_so_far &= column == ""
    return totals


__all__ = ["Layout", "columns_in", "has_all_headings", "headings_in", "laid_out", "plain_heading", "spec_of"]
