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
from sufficiency.tables.layout import LOOKED_AT, has_all_headings, headings_in, plain_heading, spec_of
from sufficiency.tables.parse import MOST_SHOWN

if TYPE_CHECKING:
    from sufficiency.tables.locate import Located


def read_delimited(located: Located, table: str) -> Cells:
    """The cells of a delimited text file. Raises InputError where it is no table."""
    text, named = _without_hint(decoded(located))
    delimiter = named or _delimiter(text, table)
    located.refuse_wide(_fields(text, delimiter))
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
        if text.strip(INVISIBLE):
            return _row_by_row(located, table, text, delimiter)
        raise located.unusable("the file is empty", "export the table again") from None
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return _row_by_row(located, table, text, delimiter)
    blank = _blank_rows(frame.head(200))
    if blank.all():
        return tidy(table, located.called, [], frame.iloc[:0])
    head = int((~blank).argmax())
    header = [str(name) for name in frame.iloc[head]]
    if frame.shape[1] > _fields(text, delimiter):
        return _row_by_row(located, table, text, delimiter)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    rows = frame.iloc[head + 1 :]
    if '"' in text:
        _refuse_swallowed(located, header, rows, delimiter)
    if delimiter == ";":
        _refuse_commas(located, table, header, rows)
    return tidy(table, located.called, header, rows)


def _without_hint(text: str) -> tuple[str, str]:
    """The text with the line `sep=;` that Excel reads made blank, so that rows keep their numbers; and its sign."""
    hint = re.match(r"\ufeff?\"?sep=([,;|\t])\"?[ \t]*(?=[\r\n])", text, re.IGNORECASE)
    return (text[hint.end() :], hint[1]) if hint else (text, "")


def _refuse_commas(located: Located, table: str, header: list[str], rows: pd.DataFrame) -> None:
    """Raises InputError for `1,250` in a file of semicolons: where these part cells, commas are decimal points."""
    spec = spec_of(table)
    numbers = {column.name for column in spec.columns if column.kind == "number"} if spec else set()
    problems = []
    for position, name in enumerate(header):
        if plain_heading(name) not in numbers:
            continue
        cells = rows.iloc[:, position].str.strip(INVISIBLE)
        doubtful = cells[cells.str.fullmatch(r"-?£?\d{1,3},\d{3}")]
        if len(doubtful):
            plain = doubtful.iloc[0].replace(",", "")
            what = "in a file with semicolons a comma may stand for thousands or for a decimal point"
            fix = f"write {plain} or {doubtful.iloc[0].replace(',', '.')}"
            row, value, count = int(str(doubtful.index[0])), doubtful.iloc[0], len(doubtful)
            problems.append(Problem(what, located.called, row, name.strip(INVISIBLE), value, fix, count=count))
    if problems:
        raise InputError(problems)


def _refuse_swallowed(located: Located, header: list[str], rows: pd.DataFrame, delimiter: str) -> None:
    """Raises InputError for cells that hold whole rows: a lone quotation mark takes in all up to the next one."""
    problems = []
    for position, name in enumerate(header):
        cells = rows.iloc[:, position]
        several = cells[cells.str.contains("\n", regex=False)]
        swallowed = several[several.str.count(re.escape(delimiter)) >= max(len(header) - 1, 1)]
        for row, cell in swallowed.items():
            what = f"this cell holds the {cell.count(chr(10)):,} rows after it: a quotation mark opens here"
            fix = 'take the lone " out of this row, and its partner further down'
            problems.append(
                Problem(what, located.called, int(str(row)), name.strip(INVISIBLE), cell.split("\n")[0], fix)
            )
    if problems:
        raise InputError(problems[:MOST_SHOWN])


def decoded(located: Located) -> str:
    """The text of a file in UTF-8 (with or without a mark), UTF-16 or Windows-1252."""
    data = located.path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(located, data, ("utf-16",))
    data = data.removeprefix(codecs.BOM_UTF8)  # before Windows-1252 too, where files were joined
    if b"\x00" in data[:200]:
        return _decoded(located, data, ("utf-16-be" if data[:1] == b"\x00" else "utf-16-le",))
    return _decoded(located, data, ("utf-8", "cp1252"))


def _decoded(located: Located, data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise located.unusable("its text encoding is not one that can be read", "save it as “CSV UTF-8”")


def _delimiter(text: str, table: str) -> str:
    """The sign that parts cells: the one that shows most of the table's headings, else the most frequent."""
    spec = spec_of(table)
    lines = _first_lines(text)

    def headings(sign: str) -> float:
        headings_found = (headings_in([cell.strip('" ') for cell in line.split(sign)], spec) for line in lines if spec)
        return max(headings_found, default=0.0)

    header = _header_outside_quotes(text)
    return max(",;\t|", key=lambda sign: (headings(sign), header.count(sign)))


def _fields(text: str, delimiter: str) -> int:
    return _header_outside_quotes(text).count(delimiter) + 1


def _first_lines(text: str) -> list[str]:
    return [line for line in text[:100_000].splitlines() if line.strip(INVISIBLE + ",;")][:LOOKED_AT]


def _header_outside_quotes(text: str) -> str:
    return "".join("".join(_first_lines(text)[:1]).split('"')[::2])


def _blank_rows(frame: pd.DataFrame) -> pd.Series[bool]:
    blank = np.ones(len(frame), dtype=bool)
    for position in range(frame.shape[1]):
        blank &= (frame.iloc[:, position].str.strip(INVISIBLE) == "").to_numpy(dtype=bool)
    return pd.Series(blank, index=frame.index, dtype=bool)


def _from_headings(table: str, header: list[str], frame: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    """The table from its headings on, where a title of fewer cells stands above them."""
    spec = spec_of(table)
    if spec is None or has_all_headings(header, spec):
        return header, frame
    for position, row in enumerate(frame.head(LOOKED_AT).to_numpy().tolist()):
        if has_all_headings(row, spec):
            return row, frame.iloc[position + 1 :]
    return header, frame


def _row_by_row(located: Located, table: str, text: str, delimiter: str) -> Cells:
    """Slower, and names the row that has more cells than the header."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise located.unusable("a quotation mark is opened and never closed", 'look for a lone " in the file') from None
    first, whole = numbered(rows)
    header, frame = _from_headings(table, first, whole)
    named = max((position + 1 for position, name in enumerate(header) if name.strip(INVISIBLE)), default=0)
    cells = pd.Series([len(row) for row in rows[len(rows) - len(frame) :]], index=frame.index)
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
                    located.called,
                    row,
                    fix='put "quotes" round a name or a number with a comma in it',
                    count=int(spilled.sum()),
                )
            ]
        )
    return tidy(table, located.called, first, whole)
