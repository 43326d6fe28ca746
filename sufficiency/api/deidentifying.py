"""A SEN2 person-level return to counts, which hold no child's name, number, birthday or postcode."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.problems import InputError, Problem

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Deidentified:
    """The file written, its rows and children, the day of the count, and what was assumed."""

    file: Path
    rows: int
    children: int
    count_day: str
    notes: tuple[Problem, ...]


def deidentify_to_file(
    path: str | Path, target: str | Path, postcodes: str | Path | None = None, day: date | None = None
) -> Deidentified:
    """Count the children of a return by need, year group, home area, placement and year of entry, and write the counts
    as CSV, whole or not at all. An existing file is replaced only where it holds such counts.

    Raises InputError for a return, a lookup or a target that cannot be used.
    """
    from sufficiency.sources.sen2_return import COUNT_COLUMNS, count_children, read_extract, read_postcodes

    source, file = Path(path), Path(target)
    missing = [one for one in (source, postcodes and Path(postcodes)) if one and not one.exists()]
    if missing:
        raise InputError([Problem("there is no such file", str(one), fix="check the path") for one in missing])
    pipes = [one for one in (source, postcodes and Path(postcodes), file) if one and _is_no_file(one)]
    if pipes:
        raise InputError([Problem("this is not an ordinary file", str(one), fix="name a file") for one in pipes])
    _refuse_target(file, source, COUNT_COLUMNS)
    homes = None if postcodes is None else read_postcodes(Path(postcodes))
    counted = count_children(read_extract(source), homes, None if day is None else pd.Timestamp(day))
    counts = counted.counts
    beside = file.with_name(f".{file.name}.new")
    try:
        counts.to_csv(beside, index=False, encoding="utf-8-sig")
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    shown = "" if counted.count_day is None else f"{counted.count_day.day} {counted.count_day:%B %Y}"
    children = counts["children"]
    return Deidentified(file, len(counts), int(children.sum()), shown, counted.notes)


def _is_no_file(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


def _refuse_target(file: Path, source: Path, columns: tuple[str, ...]) -> None:
    if file.is_dir() or not file.parent.is_dir():
        what = "this is a folder" if file.is_dir() else "its folder does not exist"
        raise InputError([Problem(what, str(file), fix="name a CSV file in an existing folder")])
    if not file.exists():
        return
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        first = opened.readline().strip()
    if file.resolve() == source.resolve() or first != ",".join(columns):
        raise InputError([Problem("the file exists and holds something else", str(file), fix="name another file")])


__all__ = ["Deidentified", "deidentify_to_file"]
