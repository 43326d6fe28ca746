"""Text files of councils' systems to columns of text. What goes wrong is said without a cell of the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pandas as pd

from sufficiency.problems import InputError, Problem

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def plain(heading: str) -> str:
    """A heading as headings are compared: its letters and digits, in small letters."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def unusable(what: str, file: str, fix: str, row: int | None = None, column: str = "") -> InputError:
    """The error of a file that cannot be used."""
    return InputError([Problem(what, file, row, column, fix=fix)])


def headings(content: bytes, file: str) -> list[str]:
    """The first row, plain. Raises InputError where the file is no text or is empty."""
    text = _decoded(content, file)
    try:
        first = next(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), [])
    except csv.Error:
        fix = "export it again, with the headings in row 1"
        raise unusable("the headings cannot be read", file, fix) from None
    if not any(name.strip() for name in first):
        raise unusable("the file has no headings", file, "export it again, with the headings in row 1")
    return [plain(name) for name in first]


def columns_of(content: bytes, file: str, is_wanted: Callable[[str], bool]) -> pd.DataFrame:
    """The columns whose plain heading `is_wanted`, as trimmed text under their plain headings; the index is the row in
    the file. No other column is read. Raises InputError where rows have more cells than headings, or a heading is there
    twice.
    """
    text = _decoded(content, file)
    names = headings(content, file)
    wanted = [name for name in names if is_wanted(name)]
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    if twice:
        raise unusable("the column is there twice", file, "remove or rename one of them", column=twice[0])
    _refuse_long_rows(text, len(names), file)
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=_delimiter(text),
            names=range(len(names)),
            usecols=[names.index(name) for name in wanted],
            skiprows=1,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            engine="python",
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, csv.Error, ValueError):
        fix = "export the file again; a comma or a quotation mark in a cell may be the cause"
        raise unusable("a row has more cells than there are headings, or quotation marks are open", file, fix) from None
    frame.columns = pd.Index([names[int(place)] for place in frame.columns])
    frame = frame.apply(lambda cells: cells.fillna("").str.strip()) if len(frame.columns) else frame
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame[(frame != "").any(axis=1)] if len(frame.columns) else frame


def _refuse_long_rows(text: str, width: int, file: str) -> None:
    """Raises InputError for a row with more cells than there are headings: its cells may have moved."""
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), start=1):
            if any(cell.strip() for cell in row[width:]):
                fix = "export the file again; a comma in a cell without quotation marks may be the cause"
                raise unusable("the row has more cells than there are headings", file, fix, number)
    except csv.Error:
        raise unusable("a cell is longer than any table has", file, "export the file again") from None


def _decoded(content: bytes, file: str) -> str:
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise unusable("the file is no text", file, "export it as CSV (UTF-8)")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=first.count)
