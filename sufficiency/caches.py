"""Where what is worked out once is kept: a folder of the user, which may be deleted at any time."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

FOLDER_VARIABLE = "SUFFICIENCY_CACHE"
"""The environment variable that names another folder."""


def cache_folder() -> Path:
    """The folder of caches; it need not exist. `SUFFICIENCY_CACHE` where that is set; else `sufficiency` in the
    system's own folder for caches: `%LOCALAPPDATA%`, `~/Library/Caches`, or `$XDG_CACHE_HOME` (`~/.cache`).
    """
    given = os.environ.get(FOLDER_VARIABLE, "").strip()
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "sufficiency" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "sufficiency"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sufficiency"


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
