"""Which files of a folder are a finance export, transport by route or place numbers: their headings say so."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sufficiency.problems import InputError, Problem
from sufficiency.sources.published.folder import files_in, printable
from sufficiency.sources.published.kinds import KINDS
from sufficiency.sources.published.recognise import recognise
from sufficiency.sources.published.text_file import first_rows
from sufficiency.tables.cells import cell_text
from sufficiency.tables.layout import LOOKED_AT, columns_in
from sufficiency.tables.locate import DELIMITED, LARGEST_BYTES, WORKBOOKS, Located
from sufficiency.tables.personal import refuse_personal
from sufficiency.tables.schema.own_files import AGREEMENTS, FINANCE, OWN_FILES, TRANSPORT
from sufficiency.tables.sheet import is_visible

_WHO = {"setting", "name", "line"}


@dataclass(frozen=True)
class OwnFile:
    """A file, or the sheet of a workbook that `place` names, and its `kind`: a key of OWN_FILES."""

    kind: str
    place: Located


def find_own_files(folder: Path, but: frozenset[Path], beside: Path) -> tuple[dict[str, OwnFile], list[Problem]]:
    """The files of each kind in a folder and the folders inside it, but for the files `but` and the folder `beside`;
    and warnings of what is not read.

    Raises InputError where the folder cannot be read, where two files are of one kind, and where a file of a kind says
    who a child is.
    """
    found: dict[str, list[OwnFile]] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    for path in files_in(folder, beside):
        called = printable(path.relative_to(folder).as_posix())
        if path.resolve() in but or path.suffix.casefold() not in DELIMITED | WORKBOOKS:
            continue
        for part, rows in _parts(path, called, notes):
            place = Located(path, part, f"{called}#{part}" if part else called)
            kind, headings = _kind(rows)
            if kind:
                problems += refuse_personal(headings, kind, place.called)
                found.setdefault(kind, []).append(OwnFile(kind, place))
            elif headings and not _is_published(path):
                notes.append(_nearly(headings, place.called))
    for kind, files in found.items():
        if len(files) > 1:
            named = " and ".join(file.place.called for file in files[1:])
            what = f"this and {named} both read as “{OWN_FILES[kind].meaning}”"
            problems.append(Problem(what, files[0].place.called, fix="leave in the folder the one that holds"))
    if problems:
        raise InputError([*problems, *notes])
    return {kind: files[0] for kind, files in found.items()}, notes


def kind_of(cells: list[str]) -> str:
    """The kind of file that has these headings; blank for none."""
    named = {kind: columns_in(cells, spec) for kind, spec in OWN_FILES.items()}
    if not any(columns & _WHO for columns in named.values()):
        return ""
    money = {"pounds", "pounds_per_day"}
    if {"route", "pupils"} <= named[TRANSPORT] and named[TRANSPORT] & money:
        return TRANSPORT
    if {"pupils", "pounds"} <= named[FINANCE]:
        return FINANCE
    if {"places", "from_year"} <= named[AGREEMENTS] and not columns_in(cells, OWN_FILES[FINANCE]) & {"pupils"}:
        return AGREEMENTS
    return ""


def _kind(rows: list[list[str]]) -> tuple[str, list[str]]:
    """The kind that one of the first rows has the headings of, with them; else blank and the headings that are nearly
    those of a kind.
    """
    for row in rows:
        kind = kind_of(row)
        if kind:
            return kind, [cell for cell in row if cell]
    near = [row for row in rows if _lacking(row)]
    return "", near[0] if near else []


def _lacking(row: list[str]) -> str:
    """What headings lack of the kind that they are nearly of: who, and all but one of the rest; blank where none."""
    for spec in OWN_FILES.values():
        there = columns_in(row, spec)
        wanted = [column.name for column in spec.columns if column.required]
        missing = [name for name in wanted if name not in there]
        if there & {"setting", "name"} and len(missing) == 1 and len(wanted) > 1:
            return f"{missing[0]} for “{spec.meaning}”"
    return ""


def _is_published(path: Path) -> bool:
    """Whether `new` knows what a file is: counts of children by URN are nearly a finance export."""
    return recognise(path).kind in KINDS


def _nearly(headings: list[str], called: str) -> Problem:
    what = f"not read: its headings lack {_lacking(headings)}"
    return Problem(what, called, fix="if it is that file, call the column so", severity="warning")


def _parts(path: Path, called: str, notes: list[Problem]) -> Iterator[tuple[str, list[list[str]]]]:
    """The first rows of a file, or of each sheet of a workbook that is not hidden."""
    try:
        if path.suffix.casefold() in DELIMITED:
            yield "", first_rows(path, LOOKED_AT)
        elif path.stat().st_size <= LARGEST_BYTES:
            yield from _sheets(path)
    except Exception:  # a parser meets whatever a broken archive holds
        what = "this file cannot be opened, so what it holds is not known"
        notes.append(Problem(what, called, fix="open it in Excel and save it again", severity="warning"))


def _sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles that it leaves out
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if is_visible(sheet):
                yield sheet.title, [_texts(row) for row in sheet.iter_rows(max_row=LOOKED_AT, values_only=True)]
    finally:
        book.close()


def _texts(row: tuple[Any, ...]) -> list[str]:
    return [cell_text(value).strip() for value in row]
