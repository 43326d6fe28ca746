"""A model to start from, in a new folder: the worked example, or empty tables to fill in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sufficiency.problems import InputError, Problem, did_you_mean
from sufficiency.result.swap import real
from sufficiency.starter.example import write_example
from sufficiency.starter.template import write_csv_template, write_xlsx_template

__all__ = ["start_in"]

_WRITERS: dict[str | None, Callable[[Path], None]] = {
    None: write_example,
    "csv": write_csv_template,
    "xlsx": write_xlsx_template,
}
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in an empty folder."""
_NAMED = 5


def start_in(folder: Path, template: str | None = None) -> list[Path]:
    """Write a starter model into `folder`, which must be absent or empty, whole or not at all; the files written.

    `template`: None for the worked example, `csv` or `xlsx` for empty tables. Raises InputError where the folder cannot
    be used.
    """
    if template not in _WRITERS:
        kinds = [kind for kind in _WRITERS if kind]
        raise InputError(
            [Problem("there is no such template", value=str(template), fix=did_you_mean(str(template), kinds))]
        )
    folder = Path(folder)
    if not str(folder).isprintable():
        raise InputError([Problem("the starter cannot go here", str(folder), fix="name a folder in plain letters")])
    whole = real(folder)
    _refuse_used(folder)
    _refuse_used(whole)  # `absent/../folder` is the folder, though no absent is there
    try:
        whole.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".starter-", dir=whole.parent) as beside:
            made = Path(beside) / "made"
            made.mkdir()
            _WRITERS[template](made)
            names = sorted(file.relative_to(made) for file in made.rglob("*") if file.is_file())
            _move(made, whole)
    except OSError as error:
        what = f"the folder cannot be written: {error.strerror or error}"
        raise InputError([Problem(what, str(folder), fix="choose another folder")]) from None
    return [folder / name for name in names]


def _refuse_used(folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        raise InputError([Problem("this link points to nothing", str(folder), fix="choose another folder")])
    if folder.exists() and not folder.is_dir():
        raise InputError([Problem("this is a file, not a folder", str(folder), fix="choose another name")])
    if not folder.is_dir():
        return
    try:
        inside = sorted(item.name for item in folder.iterdir() if item.name not in _LITTER)
    except OSError as error:
        what = f"the folder cannot be read: {error.strerror or error}"
        raise InputError([Problem(what, str(folder), fix="choose another folder")]) from None
    if inside:
        more = f" and {len(inside) - _NAMED} more" if len(inside) > _NAMED else ""
        what = f"the folder is not empty; it has {', '.join(inside[:_NAMED])}{more}"
        raise InputError([Problem(what, str(folder), fix="name a new folder; nothing is overwritten")])


def _move(made: Path, folder: Path) -> None:
    """All of `made` becomes `folder`. An empty folder that is there stays: one may be standing in it."""
    if not folder.exists():
        made.rename(folder)
        return
    moved: list[Path] = []
    try:
        for item in sorted(made.iterdir()):
            target = folder / item.name
            item.rename(target)
            moved.append(target)
    except BaseException:
        for target in moved:
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        raise
