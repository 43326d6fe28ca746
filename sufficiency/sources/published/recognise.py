"""What a file is, from what is in it: names and endings play no part."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio

from sufficiency.problems import InputError
from sufficiency.sources.published import big_sheet
from sufficiency.sources.published.kinds import KINDS, NOT_USED
from sufficiency.sources.published.marks import part_of, plain
from sufficiency.sources.published.text_file import first_rows

LSOA_CODE = re.compile(r"lsoa_?(20)?(21|11)?_?(cd|code)(_2021)?|lsoa_code_2021|lsoa_2021_code|geography_code")
_HEADINGS_LOOKED_AT = 10
_SHEETS_LOOKED_AT = 12

OTHER = ""
WARDS = "wards"
"""The part of a lookup that has wards: of several lookups it is the one to use."""
ZIP = "zip"
PASSWORD = "password"  # noqa: S105
OLD_WORKBOOK = "old workbook"
EMPTY = "empty"
PAGE = "web page"
DAMAGED = "damaged"


@dataclass(frozen=True)
class Recognised:
    """`kind`: a code of KINDS or NOT_USED, or one of the words above; `part`: the sheet or layer; `says`: why not."""

    kind: str
    part: str = ""
    says: str = ""


def recognise(path: Path) -> Recognised:
    """What a file is. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        return Recognised(EMPTY)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_container(path)
    if start.startswith(b"SQLite format 3") or start[:4] == b"\x00\x00\x27\x0a":
        return _layer(path)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"{", b"[")):
        return _layer(path) if _is_geojson(path) else Recognised(OTHER)
    if text[:1] == b"<":
        return Recognised(PAGE if b"<html" in text.lower() or b"<!doctype html" in text.lower() else OTHER)
    return _text(path)


def _archive(path: Path) -> Recognised:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                document = "mimetype" in names or "[Content_Types].xml" in names
                return Recognised(OLD_WORKBOOK if document and b"spreadsheet" in _kind(archive) else ZIP)
    except zipfile.BadZipFile:
        return Recognised(DAMAGED, says="the download was cut short, or the file is damaged")
    try:
        with big_sheet.open_workbook(path, path.name) as book:
            return _workbook(book, path.name)
    except (InputError, zipfile.BadZipFile, zlib.error, ET.ParseError, ValueError, LookupError, EOFError) as error:
        says = error.problems[0].what if isinstance(error, InputError) else "this workbook is damaged"
        return Recognised(DAMAGED, says=says)


def _kind(archive: zipfile.ZipFile) -> bytes:
    return archive.read("mimetype") if "mimetype" in archive.namelist() else b""


def _old_container(path: Path) -> Recognised:
    """Excel puts a workbook with a password into the container that workbooks had before 2007."""
    with path.open("rb") as file:
        data = file.read(1 << 20)
    locked = "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data
    return Recognised(PASSWORD if locked else OLD_WORKBOOK)


def _is_geojson(path: Path) -> bool:
    with path.open("rb") as file:
        return b'"FeatureCollection"' in file.read(4096)


def _layer(path: Path) -> Recognised:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL warns of a name that does not end as its kind does
        try:
            layers = [(str(name), str(kind)) for name, kind in pyogrio.list_layers(path)]
            fields = {name: pyogrio.read_info(path, layer=name)["fields"] for name, _ in layers}
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError):
            return Recognised(DAMAGED, says="this map cannot be opened: the download was cut short, or it is damaged")
    for name, kind in layers:
        if "Polygon" in kind and any(LSOA_CODE.fullmatch(plain(field)) for field in fields[name]):
            return Recognised("boundaries", name)
    return Recognised(OTHER)


def _text(path: Path) -> Recognised:
    rows = first_rows(path, _HEADINGS_LOOKED_AT + 2)
    for position, row in enumerate(rows[:_HEADINGS_LOOKED_AT]):
        following = rows[position + 1] if position + 1 < len(rows) else []
        headings = [plain(cell) for cell in row]
        kind = kind_of(headings, [cell.strip() for cell in following])
        if kind:
            wards = kind == "lookup" and any(re.match(r"wd\w*(nm|name)", heading) for heading in headings)
            return Recognised(kind, WARDS if wards else "")
    return Recognised(OTHER)


def _workbook(book: zipfile.ZipFile, called: str) -> Recognised:
    """The newest population sheet, or the first sheet with the headings of another file."""
    strings = big_sheet.shared_strings(book)
    recognised: list[Recognised] = []
    for sheet, file in list(big_sheet.sheet_files(book, called).items())[:_SHEETS_LOOKED_AT]:
        rows = [
            list(big_sheet.cells_of(row, strings).values())
            for row, _ in zip(big_sheet.rows_of(book, file), range(_HEADINGS_LOOKED_AT), strict=False)
        ]
        kinds = [kind_of([plain(cell) for cell in row], []) for row in rows]
        kind = next((kind for kind in kinds if kind), "")
        if kind:
            recognised.append(Recognised(kind, sheet))
    people = sorted((one for one in recognised if one.kind == "population"), key=lambda one: _year(one.part))
    return people[-1] if people else recognised[0] if recognised else Recognised(OTHER)


def _year(sheet: str) -> int:
    years = [int(year) for year in re.findall(r"20\d\d", sheet)]
    return min(years) if years else 0


_OF_COUNTS = frozenset(
    {"need", "year_group", "area", "urn", "ukprn", "sen_setting", "sen_unit", "entry_year", "children"}
)
_ENOUGH = 5
"""Counts that lack a column are known as counts still, and refused: they are not left aside without a word."""


def kind_of(headings: list[str], first: list[str]) -> str:
    """The kind that has these plain headings, and this first row of data; blank for none."""
    there = set(headings)
    if len(_OF_COUNTS & there) >= _ENOUGH:
        return "counts"
    topics = {"breakdown_topic", "breakdown", "old_la_code"} <= there
    if {"urn", "establishmentname"} <= there and there & {"typeofestablishment_code", "typeofestablishment_name"}:
        return "schools"
    if topics:
        return _of_plans(headings, first)
    if "category_of_planned_expenditure" in there and "net_planned_expenditure" in there:
        return "spending"
    if "urn" in there and any("places" in heading and part_of(heading) for heading in headings):
        return "place_numbers"
    if {"area_code", "age_group"} <= there and any(re.fullmatch(r"(year_)?20\d\d", name) for name in headings):
        return "projection"
    if any(map(LSOA_CODE.fullmatch, headings)):
        return _of_small_areas(headings)
    return ""


def _of_plans(headings: list[str], first: list[str]) -> str:
    there = set(headings)
    if "new_ehc_plans" in there:
        return "new_plans"
    if "ehcplans" in there:
        return "caseload"
    if "ehc_plans" in there and any(heading.startswith("number_") for heading in headings):
        cells = dict(zip(headings, first, strict=False))
        calendar = "calendar" in cells.get("time_identifier", "").casefold() or len(cells.get("time_period", "")) == 4
        return "new_needs" if calendar else "needs"
    if "requests_received_in_year" in there:
        return "requests"
    if "total_ceased" in there:
        return "ceased"
    return "assessments" if "assess_in_year" in there else ""


def _of_small_areas(headings: list[str]) -> str:
    there = set(headings)
    if {"f0", "m0"} <= there:
        return "population"
    if any("imd_decile" in heading or "deprivation_imd_decile" in heading for heading in headings):
        return "deprivation"
    if "locality" in there:
        return "localities"
    places = re.compile(r"(wd|lad|cty|utla|ltla)\w*(cd|code)|local_authority_district_code")
    if any(map(places.match, headings)):
        return "lookup"
    return ""


assert not set(KINDS) & set(NOT_USED)  # one file, one use
