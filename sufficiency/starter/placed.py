"""A new folder that is there whole or not at all, and never over something else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sufficiency.problems import InputError, Problem


@contextmanager
def placed_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into; once the block has ended without an error, `folder` holds what was written.

    Raises InputError where `folder` is neither absent nor empty, or cannot be written to.
    """
    _refuse_occupied(folder)
    here = folder.resolve()
    # an empty folder is written to from within: it may be the one the user stands in, which cannot be moved
    new = here / f".new-{os.getpid()}" if here.is_dir() else here.with_name(f".{here.name}.new-{os.getpid()}")
    try:
        new.mkdir(parents=True)
        yield new
        if here.is_dir():
            _move_in(new, here)
        else:
            os.replace(new, here)  # noqa: PTH105
    except OSError as error:
        what = f"the folder cannot be written: {error.strerror or error}"
        raise InputError([Problem(what, str(folder), mend="choose another folder")]) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _refuse_occupied(folder: Path) -> None:
    if folder.is_dir():
        inside = sorted(item.name for item in folder.iterdir())
        if inside:
            more = f" and {len(inside) - 3:,} more" if len(inside) > 3 else ""
            what = f"this folder is not empty: it holds {', '.join(inside[:3])}{more}"
            raise InputError([Problem(what, str(folder), mend="name a folder that is not there yet")])
    elif folder.exists() or folder.is_symlink():
        raise InputError([Problem("this is a file", str(folder), mend="name a folder that is not there yet")])


def _move_in(new: Path, folder: Path) -> None:
    moved: list[Path] = []
    try:
        for item in sorted(new.iterdir()):
            item.rename(folder / item.name)
            moved.append(folder / item.name)
    except BaseException:
        for item in moved:
            shutil.rmtree(item) if item.is_dir() else item.unlink()
        raise
