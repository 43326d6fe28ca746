"""The folder of a model built from published files, written whole; a second run keeps what a planner has edited."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.result.geopackage import write_layers
from sufficiency.result.swap import real
from sufficiency.result.written import BYTE_ORDER_MARK, guarded
from sufficiency.tables.origin import TABLE, fingerprint

SOURCES, ESTIMATES = "sources.csv", "estimates.csv"
SOURCE_COLUMNS = ("file", "used_for", "rows", "sha256", "missing", "where")
DATA, MODELS = "data", "models"


@dataclass(frozen=True)
class Written:
    """The files written, and the tables of the planner that were left, each with its new version beside it."""

    files: list[Path]
    left: list[tuple[Path, Path]]


def write_table(frame: pd.DataFrame, file: Path) -> None:
    """A table as CSV that Excel opens safely: UTF-8 with its mark, no text that runs as a formula."""
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name].dtype):
            safe[name] = safe[name].map(lambda cell: guarded(str(cell)) if isinstance(cell, str) else cell)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(BYTE_ORDER_MARK)
        safe.to_csv(out, index=False, lineterminator="\r\n")


def write_areas(areas: gpd.GeoDataFrame, file: Path) -> None:
    """The areas as the layer `areas` of a GeoPackage, which QGIS opens and edits."""
    write_layers({"areas": areas}, file)


def put(made: Path, folder: Path, model: Path) -> Written:
    """Move all of `made` into `folder`. `model`: the model file inside it, which is never written over.

    A table that a planner has changed (its hash is not that of sources.csv) is left, and the new one goes beside it as
    NAME.new.csv. Raises InputError where the folder holds something else.
    """
    if not folder.exists() or not any(folder.iterdir()):
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            for item in sorted(made.iterdir()):
                item.rename(folder / item.name)
        else:
            made.rename(folder)
        return Written(sorted(file for file in folder.rglob("*") if file.is_file()), [])
    known = table_hashes(folder)
    files: list[Path] = []
    left: list[tuple[Path, Path]] = []
    last = [made / ESTIMATES, made / SOURCES]
    for new in [*sorted(file for file in made.rglob("*") if file.is_file() and file not in last), *last]:
        inside = new.relative_to(made)
        target = folder / inside
        if inside == model and target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        edited = inside.parts[0] == DATA and target.exists() and _edited(target, inside.as_posix(), known)
        if edited and fingerprint(target) != fingerprint(new):
            beside = target.with_name(f"{target.stem}.new{target.suffix}")
            new.replace(beside)
            left.append((target, beside))
            files.append(beside)
        elif not edited:
            new.replace(target)
            files.append(target)
    return Written(files, left)


def refuse_foreign(folder: Path, model: Path) -> None:
    """Raise InputError where `folder` holds anything but a model of the same name built from published files."""
    whole = real(folder)
    if whole.exists() and not whole.is_dir():
        raise InputError([Problem("this is a file, not a folder", str(folder), fix="choose another name")])
    if not whole.is_dir():
        return
    inside = sorted(item.name for item in whole.iterdir() if not item.name.startswith("."))
    if not inside:
        return
    if not (whole / SOURCES).is_file() or not (whole / model).is_file():
        named = ", ".join(inside[:3])
        what = f"this folder is neither empty nor a model of this authority built before: it holds {named}"
        raise InputError([Problem(what, str(folder), fix="name a new folder; nothing is overwritten")])


def _edited(target: Path, inside: str, known: dict[str, str]) -> bool:
    """Whether a table, or a sheet of a workbook, is no longer as it was written."""
    parts = {name.partition("#")[2]: sha256 for name, sha256 in known.items() if name.partition("#")[0] == inside}
    try:
        return not parts or any(fingerprint(target, sheet) != sha256 for sheet, sha256 in parts.items())
    except (OSError, KeyError, ValueError):  # a workbook that cannot be read is the planner's, and is left
        return True


def table_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each table as it was written, by its path in the folder."""
    try:
        with (folder / SOURCES).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    return {row["file"]: row["sha256"] for row in rows if row.get("used_for") == TABLE and row.get("file")}


def workspace(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder beside `folder` to make everything in before it is moved. Raises InputError where there can be none."""
    whole = real(folder)
    try:
        whole.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".starter-", dir=whole.parent)
    except OSError as error:
        what = f"the folder cannot be written: {error.strerror or error}"
        raise InputError([Problem(what, str(folder), fix="choose another folder")]) from None
