"""CSV as councils' systems write it: any of four encodings, commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.tables.cells import INVISIBLE, Cells, numbered, tidy
from sufficiency.tables.parse import MOST_SHOWN

if TYPE_CHECKING:
    from sufficiency.tables.locate import Located


def read_delimited(found: Located, table: str) -> Cells:
    """The cells of a delimited text file. Raises InputError where it is no table."""
    text = decoded(found)
    delimiter = _delimiter(text)
    found.refuse_wide(_fields(text, delimiter))
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except pd.errors.EmptyDataError:
        raise found.unusable("the file is empty", "export the table again") from None
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return _row_by_row(found, table, text, delimiter)
    blank = _blank_rows(frame.head(200))
    if blank.all():
        return tidy(table, found.called, [], frame.iloc[:0])
    head = int((~blank).argmax())
    header = [str(name) for name in frame.iloc[head]]
    if frame.shape[1] > _fields(text, delimiter):
        return _row_by_row(found, table, text, delimiter)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    if '"' in text:
        _refuse_swallowed(found, header, frame.iloc[head + 1 :], delimiter)
    return tidy(table, found.called, header, frame.iloc[head + 1 :])


def _refuse_swallowed(found: Located, header: list[str], rows: pd.DataFrame, delimiter: str) -> None:
    """Raises InputError for cells that hold whole rows: a lone quotation mark takes in all up to the next one."""
    problems = []
    for position, name in enumerate(header):
        cells = rows.iloc[:, position]
        several = cells[cells.str.contains("\n", regex=False)]
        swallowed = several[several.str.count(re.escape(delimiter)) >= max(len(header) - 1, 1)]
        for row, cell in swallowed.items():
            what = f"this cell holds the {cell.count(chr(10)):,} rows after it: a quotation mark opens here"
            mend = 'take the lone " out of this row, and its partner further down'
            problems.append(
                Problem(what, found.called, int(str(row)), name.strip(INVISIBLE), cell.split("\n")[0], mend)
            )
    if problems:
        raise InputError(problems[:MOST_SHOWN])


def decoded(found: Located) -> str:
    """The text of a file in UTF-8 (with or without a mark), UTF-16 or Windows-1252."""
    data = found.path.read_bytes()
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(found, data, (encoding,))
    if b"\x00" in data[:200]:
        return _decoded(found, data, ("utf-16-be" if data[:1] == b"\x00" else "utf-16-le",))
    return _decoded(found, data, ("utf-8", "cp1252"))


def _decoded(found: Located, data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise found.unusable("its text is in an encoding that cannot be told", "save it as “CSV UTF-8”")


def _delimiter(text: str) -> str:
    return max(",;\t", key=_header_outside_quotes(text).count)


def _fields(text: str, delimiter: str) -> int:
    return _header_outside_quotes(text).count(delimiter) + 1


def _header_outside_quotes(text: str) -> str:
    line = next((line for line in text[:100_000].splitlines() if line.strip(INVISIBLE + ",;")), "")
    return "".join(line.split('"')[::2])


def _blank_rows(frame: pd.DataFrame) -> pd.Series[bool]:
    blank = np.ones(len(frame), dtype=bool)
    for position in range(frame.shape[1]):
        blank &= (frame.iloc[:, position].str.strip(INVISIBLE) == "").to_numpy(dtype=bool)
    return pd.Series(blank, index=frame.index, dtype=bool)


def _row_by_row(found: Located, table: str, text: str, delimiter: str) -> Cells:
    """Slower, and names the row that has more cells than the header."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise found.unusable("a quotation mark is opened and never closed", 'look for a lone " in the file') from None
    header, frame = numbered(rows)
    named = max((position + 1 for position, name in enumerate(header) if name.strip(INVISIBLE)), default=0)
    cells = pd.Series([len(row) for row in rows[-len(frame) :]], index=frame.index)
    blank = _blank_rows(frame)
    spilled = ~_blank_rows(frame.iloc[:, named:])
    if len(set(cells[~blank])) > 1:
        # commas at the end of every row are an export's habit; at the end of some they are cells that have
        # moved along
        spilled |= ~blank & (cells > named) & (cells > cells[~blank].mode().iloc[0])
    if spilled.any():
        row = int(frame.index[spilled][0])
        raise InputError(
            [
                Problem(
                    f"this row has more cells than the header has names ({named})",
                    found.called,
                    row,
                    mend='put "quotes" round a name or a number with a comma in it',
                    count=int(spilled.sum()),
                )
            ]
        )
    return tidy(table, found.called, header, frame)
