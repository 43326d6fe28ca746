"""Whether the tables of a model are an authority's own, or still those that were built from published files."""

from __future__ import annotations

import csv
import hashlib
from functools import lru_cache
from pathlib import Path

from sufficiency.caches import file_hash
from sufficiency.model import Model
from sufficiency.standing import FICTIONAL, ILLUSTRATIVE, Standing
from sufficiency.tables.cells import cell_text

TABLE = "table"
"""`used_for` of the tables in sources.csv."""
OWN = ("placements", "places")
"""Tables that a planner must have put in for outputs no longer to say Illustrative."""
COUNTS = "counts"
"""`used_for` of a council's own counts, which make `placements` its own."""


def standing_of(model: Model) -> Standing | None:
    """What outputs of a model say of its data; None for an authority's own."""
    if model.fictional:
        return FICTIONAL
    return ILLUSTRATIVE if model.sources is not None and not _own(model, model.sources) else None


def fingerprint(place: Path, part: str = "") -> str:
    """SHA-256 of a file, or of the cells of one sheet of a workbook, which stay the same when Excel saves it again."""
    stat = place.stat()
    return _fingerprint(place, part, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _fingerprint(place: Path, part: str, changed: int, size: int) -> str:
    if not part:
        return file_hash(place)
    import openpyxl

    book = openpyxl.load_workbook(place, read_only=True, data_only=True)
    try:
        rows = [[cell_text(value) for value in row] for row in book[part].iter_rows(values_only=True)]
    finally:
        book.close()
    lines = ["\t".join(row).rstrip("\t") for row in rows]
    return hashlib.sha256("\n".join(lines).rstrip("\n").encode()).hexdigest()


def is_as_built(model: Model, table: str) -> bool:
    """Whether a table is still as it was written from published files."""
    if model.sources is None:
        return False
    listed = model.path.parent / model.sources
    built = _written_tables(_sources(listed))
    return bool(built) and not _differs(model, table, listed.parent, built)


def _sources(listed: Path) -> list[dict[str, str]]:
    """The rows of the list of sources; none where it cannot be read."""
    try:
        with listed.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def _written_tables(rows: list[dict[str, str]]) -> dict[str, str]:
    """SHA-256 of each table as it was written, by its path."""
    return {str(row.get("file")): str(row.get("sha256")) for row in rows if row.get("used_for") == TABLE}


def _own(model: Model, sources: str) -> bool:
    """Whether placements and places both differ from what was written, or placements were written from own counts.
    Where the list of sources cannot be read, that cannot be said, and they count as built.
    """
    listed = model.path.parent / sources
    rows = _sources(listed)
    built = _written_tables(rows)
    if not built:
        return False
    counted = any(row.get("used_for") == COUNTS and row.get("file") for row in rows)
    estimated = [table for table in OWN if table != "placements" or not counted]
    return all(_differs(model, table, listed.parent, built) for table in estimated)


def _differs(model: Model, table: str, folder: Path, built: dict[str, str]) -> bool:
    named = getattr(model.tables, table)
    if named is None:
        return False
    file, _, part = str(named).partition("#")
    place = (model.path.parent / file).resolve()
    for known, sha256 in built.items():
        name, _, sheet = known.partition("#")
        if (folder / name).resolve() == place and sheet == part:
            try:
                return fingerprint(place, part) != sha256
            except (OSError, KeyError, ValueError):
                return False
    return True
