"""A folder to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency.progress import Progress, silent

if TYPE_CHECKING:
    from sufficiency.starter.open_data.build import NewModel


def start(folder: Path, template: str | None = None) -> list[Path]:
    """Put a starter model into a new folder: the worked example, or empty templates (`csv`, `xlsx`)."""
    from sufficiency.starter import start_in

    return start_in(folder, template)


def start_from_open_data(
    folder: Path, la: str, downloads: Path, template: str | None = None, progress: Progress = silent
) -> NewModel:
    """Build a model of the authority with a DfE or ONS code from a folder of downloads: CSV tables, or, with `template`
    `xlsx`, one workbook. A second run keeps the tables that were edited. Raises InputError with every problem.
    """
    from sufficiency.starter.open_data.build import new_from_open_data

    return new_from_open_data(folder, la, downloads, template, progress)
