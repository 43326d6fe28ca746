"""A return as it lies on a council's disk, to the modules that counting needs: XML, the CSV files of COLLECT's Blade
export in a folder or a ZIP file, or one table with a row for each child.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.sources.sen2_return.modules import MODULES, OF_ONE_TABLE
from sufficiency.sources.sen2_return.text import columns_of, headings, plain, unusable
from sufficiency.sources.sen2_return.xml import read_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_WHOLE = ("person", "request", "plan", "placement", "need")
_EXPORT = "give the folder or the ZIP file with all CSV files of the Blade export, or the XML of the return"
_MOST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Extract:
    """A return: `modules` (frames of text by module; index: row of the file), or `table`, one frame with a row for each
    child. `files` says in which file each stands. It holds personal data, and lives in memory only.
    """

    modules: dict[str, pd.DataFrame]
    table: pd.DataFrame | None
    files: dict[str, str]


def read_extract(path: Path) -> Extract:
    """Read a return. Names, UPNs and learner numbers are never read; what is not needed is not kept.

    Raises InputError where the file is another one, part of a return, damaged or locked.
    """
    if path.is_file() and path.suffix.casefold() == ".xml":
        return Extract(read_xml(path), None, dict.fromkeys(MODULES, path.name))
    contents = list(_contents(path))
    found: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in contents:
        module = _module(headings(content, name))
        if module:
            found.setdefault(module, []).append((name, content))
    if not found and len(contents) == 1:
        return _one_table(*contents[0])
    problems = [
        Problem(f"this is the file of {module} records, as {files[0][0]} is", files[1][0], fix="give one export only")
        for module, files in found.items()
        if len(files) > 1
    ]
    missing = [module for module in _WHOLE if module not in found]
    if missing:
        what = f"the {', '.join(missing)} records of the return are missing"
        problems.append(Problem(what, path.name, fix=_EXPORT))
    if problems:
        raise InputError(problems)
    modules = {module: _columns_of_module(module, *files[0]) for module, files in found.items()}
    return Extract(modules, None, {module: files[0][0] for module, files in found.items()})


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.casefold() == ".csv" and file.is_file())
        if not files:
            raise unusable("there is no CSV file in this folder", str(path), _EXPORT)
        yield from ((file.name, file.read_bytes()) for file in files)
    elif path.suffix.casefold() == ".zip":
        yield from _zipped(path)
    elif path.suffix.casefold() == ".csv":
        yield path.name, path.read_bytes()
    else:
        raise unusable("a file of this kind is not read", path.name, _EXPORT)


def _zipped(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if one.filename.casefold().endswith(".csv")]
            if any(one.flag_bits & 1 for one in members):
                raise unusable("the ZIP file has a password", path.name, "unpack it, and give the folder")
            if sum(one.file_size for one in members) > _MOST_BYTES:
                raise unusable(
                    "the ZIP file unpacks to more than 2 GB", path.name, "give the files of the return alone"
                )
            if not members:
                raise unusable("there is no CSV file in this ZIP file", path.name, _EXPORT)
            for one in members:
                yield one.filename.rsplit("/", 1)[-1], archive.read(one)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError):
        raise unusable("the ZIP file is damaged", path.name, "download or export it again") from None


def _module(names: list[str]) -> str:
    return next((module for module, spec in MODULES.items() if spec.marks <= {*names}), "")


def _columns_of_module(module: str, file: str, content: bytes) -> pd.DataFrame:
    columns = MODULES[module].columns
    return _with_columns(columns_of(content, file, lambda name: name in columns), columns)


def _with_columns(frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The columns `names`, blank where the file has none. (`reindex` fails there with text in pandas 3.0.0.)"""
    wanted = list(names)
    return frame.assign(**{name: "" for name in wanted if name not in frame})[wanted]


def _one_table(file: str, content: bytes) -> Extract:
    meaning = {word: column for column, words in OF_ONE_TABLE.items() for word in words}
    there = headings(content, file)
    claimed = [name for name in there if name in meaning]
    twice = next((name for name in claimed if [meaning[one] for one in claimed].count(meaning[name]) > 1), "")
    if twice:
        raise unusable("two columns mean the same", file, "remove or rename one of them", column=twice)
    columns = {meaning[name] for name in claimed}
    if "sentype" not in columns or not columns & {"ncy", "personbirthdate"} or not columns & {"urn", "sensetting"}:
        what = "this is neither a file of a SEN2 return nor one table of children"
        fix = f"{_EXPORT}; one table has SENtype, NCY or PersonBirthDate, PostCode or LSOA, URN or SENsetting"
        raise unusable(what, file, fix)
    frame = columns_of(content, file, lambda name: name in meaning).rename(columns=meaning)
    return Extract({}, _with_columns(frame, OF_ONE_TABLE), {"table": file})


__all__ = ["Extract", "plain", "read_extract"]
