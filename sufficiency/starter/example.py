"""The worked example, as a planner copies it."""

from __future__ import annotations

import shutil
from pathlib import Path

from sufficiency.shipped import shipped_folder

_NOT_COPIED = ("*.py", "*.pyc", "__pycache__", ".*", "*-wal", "*-shm", "*-journal")
"""The scripts that made the data (they are in the source), and what an open GeoPackage leaves beside it."""


def write_example(folder: Path) -> None:
    """Copy Saltmere's models and tables into `folder`, laid out so that the models find their tables."""
    shipped = shipped_folder()
    (folder / "models").mkdir()
    for model in sorted((shipped / "models").glob("saltmere*.toml")):
        shutil.copyfile(model, folder / "models" / model.name)
    shutil.copytree(
        shipped / "data" / "saltmere",
        folder / "data" / "saltmere",
        ignore=shutil.ignore_patterns(*_NOT_COPIED),
        copy_function=shutil.copyfile,
    )
