"""From what a model file calls a table to a file on disk that is what its name says."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from sufficiency.problems import InputError, Problem, nearest, shown

if TYPE_CHECKING:
    from pathlib import Path

    from sufficiency.model import Model

LARGEST_BYTES = 1_000_000_000
"""A table larger than this is a mistake, and would fill the memory of a planner's laptop."""

MOST_COLUMNS = 1_000
"""More columns than this are a slip: a cell far to the right, or rows and columns exchanged."""

DELIMITED = frozenset({".csv", ".txt", ".tsv"})
WORKBOOKS = frozenset({".xlsx", ".xlsm"})
PARQUET = frozenset({".parquet", ".geoparquet", ".pq"})
_TABLES = (*DELIMITED, *WORKBOOKS, *PARQUET, ".gpkg", ".geojson", ".shp")
_MOST_BESIDE = 6
_REFUSED = {
    ".xls": "save it as .xlsx in Excel",
    ".xlsb": "save it as .xlsx in Excel",
    ".ods": "save it as .xlsx or .csv",
    ".pdf": "a table cannot be read out of a PDF: give CSV or .xlsx",
    ".zip": "unzip it and name the file inside",
    ".vrt": "name the file it points to",
}


@dataclass(frozen=True)
class Located:
    """A file that is there. `part` names a sheet or a layer in it, `called` is what problems call it."""

    path: Path
    part: str
    called: str

    @property
    def suffix(self) -> str:
        """The ending of its name, lower case."""
        return self.path.suffix.casefold()

    def unusable(self, what: str, fix: str = "", value: str = "") -> InputError:
        """The error that says why the file cannot be read."""
        return InputError([Problem(what, self.called, value=value, fix=fix)])

    def refuse_wide(self, columns: int) -> None:
        """Raises InputError for more columns than any table has."""
        if columns > MOST_COLUMNS:
            what = f"the table has {columns:,} columns; {MOST_COLUMNS:,} is the most that is read"
            raise self.unusable(what, "leave out what is not needed")


def file_called(written: str) -> str:
    """What problems call a table's file: its name, with the sheet or layer where one is given."""
    return re.split(r"[/\\]", written)[-1] or written


def locate(model: Model, table: str) -> Located:
    """The file of `table`. Raises InputError where there is none, or where it is not what its name says."""
    written: str = getattr(model.tables, table)
    if not written.strip():
        what = f"tables.{table} names no file"
        raise InputError([Problem(what, model.path.name, fix="name its file, or take the line out")])
    if re.match(r"[a-z][a-z0-9+.-]+://", written, re.IGNORECASE) or written.replace("\\", "/").casefold().startswith(
        "/vsi"
    ):
        raise InputError(
            [
                Problem(
                    "a table is a file, not an address",
                    f"tables.{table}",
                    value=written,
                    fix="download it first",
                )
            ]
        )
    located = _located(model, written)
    refuse_unreadable(located)
    return located


def _located(model: Model, written: str) -> Located:
    folder = model.path.parent
    called = file_called(written)
    try:
        whole = folder / written
        if "#" not in written or whole.exists():
            path, part = whole, ""
        else:
            name, _, part = written.rpartition("#")
            path = folder / name
        there = path.exists()
    except (OSError, ValueError):
        raise InputError([Problem("this is not a path that can be opened", called, fix="check the path")]) from None
    if not there:
        raise InputError([missing_file(path, written)])
    return Located(path, part.strip(), called)


def missing_file(path: Path, written: str, endings: tuple[str, ...] = _TABLES) -> Problem:
    """The problem of a file that is not there, with the one beside it that may be meant; `endings`: of such files."""
    folder = path.parent
    if path.is_symlink():
        return Problem("this is a link that leads nowhere", written, fix="name the file itself")
    if not folder.is_dir():
        return Problem("there is no such file", written, fix=f"there is no folder {folder.name} either; check the path")
    try:
        beside = sorted(item.name for item in folder.iterdir())
    except OSError:
        beside = []
    return Problem("there is no such file", written, fix=_beside(path, beside, endings))


def _beside(path: Path, beside: list[str], endings: tuple[str, ...]) -> str:
    """The file that a slip of the pen names, or the same name with another ending; else the tables that are there."""
    stems = {name.rpartition(".")[0].casefold(): name for name in reversed(beside)}
    wanted = file_called(path.name).rpartition(".")[0].casefold() or path.name.casefold().strip()
    stem = nearest(wanted, stems)
    if stem and OSA.distance(wanted, stem) <= max(1, len(wanted) // 4):
        return f"did you mean {shown(stems[stem])}?"
    tables = [name for name in beside if name.casefold().endswith(endings)]
    listed = ", ".join(shown(name, 40) for name in tables[:_MOST_BESIDE]) + (" …" if len(tables) > _MOST_BESIDE else "")
    return f"check the path; in that folder are {listed}" if tables else "check the path"


def refuse_unreadable(located: Located) -> None:
    """Raises InputError where a file is not what its name says, is empty, too large, or cannot be opened."""
    if located.path.is_dir():
        if located.suffix != ".gdb":
            raise located.unusable("this is a folder, not a file", "name the file in it")
        return
    if not located.path.is_file():
        raise located.unusable("this is not an ordinary file", "name a file on disk")
    if located.suffix in _REFUSED:
        raise located.unusable(f"{located.suffix} files are not read", _REFUSED[located.suffix])
    try:
        size = located.path.stat().st_size
        with located.path.open("rb") as file:
            head = file.read(65_536)
    except PermissionError:
        raise located.unusable(
            "the file cannot be opened: it is open in another program, or you may not read it",
            "close it in Excel and try again",
        ) from None
    except OSError as error:
        raise located.unusable(f"the file cannot be read: {error.strerror or 'the disk gave no reason'}") from None
    if size == 0:
        raise located.unusable("the file is empty", "export the table again")
    if size > LARGEST_BYTES:
        raise located.unusable(
            f"the file has {size / 1e9:,.1f} GB; 1 GB is the most that is read",
            "leave out what is not needed",
        )
    _refuse_other_content(located, head)


def _refuse_other_content(located: Located, head: bytes) -> None:
    content = _content(head, located.path)
    if located.suffix in DELIMITED:
        wrong = content not in {"text", "UTF-16 text"}
    elif located.suffix in WORKBOOKS:
        wrong = content != "an Excel workbook"
    elif located.suffix in PARQUET:
        wrong = content != "a Parquet file"
    else:
        wrong = content in {
            "a web page",
            "an Excel workbook",
            "a pointer to a file kept elsewhere (Git LFS)",
            "a virtual map layer",
        }
    if wrong:
        fixes = {
            "an Excel workbook": "give its name the ending .xlsx, or save it as CSV",
            "a web page": "the download link led to a page: download the file itself",
            "text": f"give its name the ending .csv, or save it as {located.suffix} in Excel",
            "an old or password-protected Excel workbook": "save it as .xlsx without a password",
            "a zip archive": "unzip it and name the file inside",
            "a pointer to a file kept elsewhere (Git LFS)": "fetch the file itself",
            "a virtual map layer": "name the file it points to",
        }
        raise located.unusable(
            f"its name ends in {located.suffix} but this is {content}",
            fixes.get(content, "export the table again"),
        )


_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel workbook"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database (GeoPackage or SQLite)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"version https://git-lfs", "a pointer to a file kept elsewhere (Git LFS)"),
)


def _content(head: bytes, path: Path) -> str:
    """What a file holds, in a planner's words."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return words
    if head.startswith(b"PK\x03\x04"):
        return "an Excel workbook" if _is_workbook(path) else "a zip archive"
    start = head[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith((b"<ogrvrt", b"<ogrwfs", b"<ogrwcs", b"<vrtdataset")):
        return "a virtual map layer"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _every_other_byte_is_nul(head):
        return "UTF-16 text"
    control = sum(byte < 32 and byte not in b"\t\n\r\f\v\x1a" for byte in head[:8192])
    return "text" if control <= len(head[:8192]) // 200 and b"\x00" not in head else "not text"


def _every_other_byte_is_nul(head: bytes) -> bool:
    return len(head) >= 4 and (
        head[1:200:2].count(0) > len(head[1:200:2]) * 0.9 or head[0:200:2].count(0) > len(head[0:200:2]) * 0.9
    )


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False
