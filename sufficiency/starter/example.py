"""The worked example, copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from sufficiency.shipped import shipped_folder

EXAMPLE = "saltmere"
LEFT_OUT = shutil.ignore_patterns("*.py", "__pycache__", "published", ".*", "*-wal", "*-shm", "*-journal")
"""The scripts that made the example, and what they drew on: of use to developers alone."""


def copy_example(folder: Path) -> None:
    """Copy the models and tables of the worked example: paths inside the models hold as they are."""
    shipped = shipped_folder()
    (folder / "models").mkdir()
    for model in sorted((shipped / "models").glob(f"{EXAMPLE}*.toml")):
        shutil.copyfile(model, folder / "models" / model.name)
    shutil.copytree(
        shipped / "data" / EXAMPLE, folder / "data" / EXAMPLE, ignore=LEFT_OUT, copy_function=shutil.copyfile
    )
