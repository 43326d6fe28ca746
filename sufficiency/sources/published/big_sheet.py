"""Rows of one large sheet of an Excel workbook, without reading the rest: a national sheet has six million cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from sufficiency.problems import InputError, Problem

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE = re.compile(rb"<(?:v|t)(?: [^>]*)?>(.*?)</(?:v|t)>", re.DOTALL)
_KIND = re.compile(rb't="(\w+)"')
_SHARED = re.compile(rb't="s"[^>]*><v>(\d+)</v>')
_INLINE = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_CHUNK = 1 << 22
LARGEST_BYTES = 4_000_000_000
Cells = dict[str, str]
"""Text of the cells of a row by the letters of their columns."""


def open_workbook(path: Path, called: str) -> zipfile.ZipFile:
    """The archive that a workbook is. Raises InputError where it is damaged or too large."""
    try:
        book = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        what = "this workbook cannot be opened: the download was cut short, or it is damaged"
        raise InputError([Problem(what, called, fix="download it again")]) from None
    if sum(item.file_size for item in book.infolist()) > LARGEST_BYTES:
        raise InputError([Problem("this workbook is too large to unpack", called, fix="save the sheet as CSV")])
    return book


def sheet_files(book: zipfile.ZipFile, called: str) -> dict[str, str]:
    """The file in the archive of each sheet by its name, in order. Raises InputError where there is none."""
    try:
        workbook = ET.fromstring(book.read("xl/workbook.xml"))  # noqa: S314
        links = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ET.ParseError, zipfile.BadZipFile):
        raise InputError([Problem("this workbook is damaged", called, fix="download it again")]) from None
    target = {link.get("Id"): str(link.get("Target")) for link in links}
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    by_name = {}
    for sheet in workbook.iter(f"{_SPACE}sheet"):
        name = target.get(sheet.get(relation), "")
        by_name[str(sheet.get("name"))] = name.lstrip("/") if name.startswith("/") else f"xl/{name}"
    return {name: file for name, file in by_name.items() if file in book.namelist()}


def shared_strings(book: zipfile.ZipFile) -> list[str]:
    """The texts that cells of a workbook refer to by number."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    texts: list[str] = []
    with book.open("xl/sharedStrings.xml") as file:
        for _, item in ET.iterparse(file):  # noqa: S314
            if item.tag == f"{_SPACE}si":
                texts.append("".join(part.text or "" for part in item.iter(f"{_SPACE}t")))
                item.clear()
    return texts


def rows_of(book: zipfile.ZipFile, file: str) -> Iterator[bytes]:
    """The markup of each row of a sheet, as it lies in the file."""
    rest = b""
    with book.open(file) as stream:
        while chunk := stream.read(_CHUNK):
            *whole, rest = (rest + chunk).split(b"</row>")
            yield from whole


def cells_of(row: bytes, strings: list[str]) -> Cells:
    """The cells of a row's markup that hold anything."""
    cells: Cells = {}
    for letters, attributes, inside in _CELL.findall(row):
        value = b"".join(_VALUE.findall(inside))
        if value:
            kind = _KIND.search(attributes)
            text = value.decode("utf-8", errors="replace")
            shared = kind is not None and kind[1] == b"s"
            cells[letters.decode()] = strings[int(text)] if shared else _unescaped(text)
    return cells


def _unescaped(text: str) -> str:
    for sign, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(sign, plain)
    return text


def rows_with(book: zipfile.ZipFile, file: str, strings: list[str], texts: frozenset[str]) -> Iterator[Cells]:
    """The rows in which some cell is one of `texts`; the others are skimmed, not read."""
    wanted = {str(number).encode() for number, text in enumerate(strings) if text in texts}
    pattern = _SHARED if strings else _INLINE
    wanted |= set() if strings else {text.encode() for text in texts}
    for row in rows_of(book, file):
        if not wanted.isdisjoint(pattern.findall(row)):
            yield cells_of(row, strings)
