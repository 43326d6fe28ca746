"""What was read of a large published file, kept so that a second run need not read it again.

An entry is found by what is in the file (SHA-256), by the reader, its version and what it was asked for: never by the
name or the date of the file. The cache may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from sufficiency.caches import cache_folder

VERSION = 2
"""Changes whenever a reader gives something else for the same file."""


def cached(sha256: str, reader: str, asked: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """What `read` gives for the file of this hash: from the cache where it is there, else read, and put there.

    A cache that cannot be written or read is done without: it only saves time.
    """
    key = hashlib.sha256(f"{VERSION}|{reader}|{asked}|{sha256}".encode()).hexdigest()
    path = cache_folder() / f"{reader}-{key[:32]}.parquet"
    there = _read_cached(path)
    if there is not None:
        return there
    frame = read()
    _put(frame, path)
    return frame


def _read_cached(path: Path) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    try:
        return gpd.read_parquet(path) if path.name.startswith("boundaries-") else pd.read_parquet(path)
    except (OSError, ValueError):  # an entry cut short is read again from the file it came from
        return None


def _put(frame: pd.DataFrame, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as beside:
            new = Path(beside) / "entry.parquet"
            frame.to_parquet(new)
            new.replace(path)
    except OSError:
        return
