"""A published CSV file: its encoding, its headings, and the columns that are wanted, as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.sources.published.marks import plain

_LOOKED_AT = 65_536
CUT_SHORT = "this download was cut short"
_AGAIN = "download it again"


def encoding_of(data: bytes, whole: bool = False) -> str:
    """UTF-8 (with or without a mark), UTF-16, or Windows-1252, which GIAS uses."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def first_rows(path: Path, count: int = 12) -> list[list[str]]:
    """The first rows of a text file that are not blank, as cells; none where it is not text."""
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
    encoding = encoding_of(data)
    if b"\x00" in data and encoding != "utf-16":
        return []
    text = data.decode(encoding, errors="replace")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except csv.Error:
        return []
    return [row for row in rows if any(cell.strip() for cell in row)][:count]


def _delimiter(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=line.count)


def read_text(path: Path, called: str, wanted: Iterable[str] | None = None) -> pd.DataFrame:
    """The columns `wanted` (plain headings; None: all) of a CSV file as text, index = row in the file.

    Columns keep their plain headings; a wanted column that is not there is left out. Raises InputError where the file
    is damaged or its download was cut short.
    """
    data = path.read_bytes()
    encoding = encoding_of(data, whole=True)
    text = data.decode(encoding, errors="replace")
    _refuse_cut(text, called)
    names = set(wanted) if wanted is not None else None
    head, skipped = _heading_row(text, names)
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=_delimiter(text),
            skiprows=skipped,
            dtype=str,
            na_filter=False,
            usecols=None if names is None else lambda name: plain(name) in names,
            low_memory=False,
            index_col=False,  # a separator at the end of every row makes no column of it
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        what = f"{CUT_SHORT} or is damaged: {str(error).splitlines()[0]}"
        raise InputError([Problem(what, called, fix=_AGAIN)]) from None
    frame.columns = pd.Index([plain(name) for name in frame.columns], dtype="str")
    frame = frame.loc[:, ~frame.columns.duplicated()]
    frame.index = pd.RangeIndex(head + 2, head + 2 + len(frame))
    return frame


def longer_rows(path: Path, wanted: Iterable[str]) -> list[int]:
    """The rows, as the file counts them, that hold something beyond the last heading: their cells may have moved."""
    data = path.read_bytes()
    text = data.decode(encoding_of(data, whole=True), errors="replace")
    head, _ = _heading_row(text, set(wanted))
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except csv.Error:
        return []
    return [at for at, row in enumerate(rows, 1) if any(cell.strip() for cell in row[len(rows[head]) :])]


def _heading_row(text: str, names: set[str] | None) -> tuple[int, int]:
    """Row number of the headings counted from 0: the first of the first rows that has most of what is wanted."""
    lines = text[:_LOOKED_AT].splitlines()[:12]
    if names is None or not lines:
        return 0, 0
    sign = _delimiter(text)
    hits = [len({plain(cell.strip('"')) for cell in line.split(sign)} & names) for line in lines]
    row = hits.index(max(hits))
    return row, row


def _refuse_cut(text: str, called: str) -> None:
    """Raises InputError where the last row has fewer cells than the headings: a download that stopped in mid-row."""
    lines = text[-_LOOKED_AT:].splitlines()
    heading = next((line for line in text[:_LOOKED_AT].splitlines() if line.strip()), "")
    last = next((line for line in reversed(lines) if line.strip()), "")
    sign = _delimiter(text)
    try:
        named, there = (len(next(csv.reader([line], delimiter=sign), [])) for line in (heading, last))
    except csv.Error:
        return
    if (1 < named > there and last.count('"') % 2 == 0) or last.count('"') % 2:
        row = text.count("\n") + (0 if text.endswith("\n") else 1)
        what = f"{CUT_SHORT}: its last row has {there} of {named} cells"
        raise InputError([Problem(what, called, row, fix=_AGAIN)])
