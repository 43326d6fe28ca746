"""A folder that appears whole or not at all: written beside, then swapped in.

Beside the folder `mine`, and hidden: `.mine.new-<process>` is being written, `.mine.ready` is complete and waits for
its place, `.mine.old-<process>` had the place before. The next run finishes what was cut short: a ready folder
takes its place; without one, an old folder goes back; everything else is litter. A folder that holds anything a run
does not write is never moved or removed.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from fnmatch import fnmatch
from itertools import filterfalse
from pathlib import Path

from sufficiency.problems import InputError, Problem
from sufficiency.result.locked import only_run
from sufficiency.tables.schema.forecast import FANS, FORECAST_OUTPUTS
from sufficiency.tables.schema.results import MAPS, OUTPUTS
from sufficiency.tables.schema.studies import STUDIES
from sufficiency.tables.schema.sweep import SWEEPS

SWEEP = "sweep.json"
"""By which a sweep is known."""
_TABLES = {*OUTPUTS, *FORECAST_OUTPUTS, *STUDIES, *SWEEPS}
_OURS = frozenset(
    {"summary.json", SWEEP, "plan.gpkg", *(f"{name}.png" for name in FANS)}
    | {f"{name}{ending}" for name in _TABLES for ending in (".csv", ".parquet", ".png", ".svg")}
)
"""The files that a run writes into its folder, or draws there later."""
DRAWN = re.compile(rf"\.?({'|'.join(MAPS)})(_[\w.-]+)?_\d{{4}}(-\d{{4}})?\.(png|svg)(\.part)?")
"""The files that `map` draws into the folder `maps` of a result."""
_REPORT = re.compile(
    r"\.?(page\.html|workbook\.xlsx|cabinet-paper\.docx|workings\.csv|figures\.json|returns\.xlsx)(\.part)?"
)
"""The files that `report` writes into the folder `report` of a result."""
TABLE = re.compile(r"\.?[A-Z]\d+[a-z]?\.csv(\.part)?")
"""The tables that `report` writes beside them, by their codes."""
_RETURN = re.compile(r"\.?(lsrp|scap|dsg|place_change|s251|notes)(_[a-z0-9_]+)?\.csv(\.part)?")
"""The files that it writes into the folder `returns` of that."""
_INSIDE = {"maps": DRAWN, "report": _REPORT, "report/tables": TABLE, "report/returns": _RETURN}
PUBLISHED_FOLDER = "published"
"""What `report --publish` puts into a result, known by its `disclosure.json`: a new plan leaves it in place."""
_LITTER = (
    *(".DS_Store", "Thumbs.db", "desktop.ini", "~$*", ".~lock.*"),
    *(f"plan.gpkg{ending}" for ending in ("-wal", "-shm", "-journal", ".aux.xml")),
)
"""What Excel, LibreOffice, QGIS and file managers leave behind."""


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of `folder` once the block has ended without an error.

    Raises InputError where `folder` holds what no run writes, another run is at it, or a file in the way is open in
    another program: then the old folder stays, and a new one that is whole waits beside it for the next run.
    """
    folder = real(folder)
    refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _only_run(folder):
        finish_swap(folder)
        new = _beside(folder, f"new-{os.getpid()}")
        new.mkdir()
        try:
            yield new
            _flush(new)
            os.replace(new, _beside(folder, "ready"))  # noqa: PTH105
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        _swap_in(folder)


def recover(folder: Path) -> None:
    """Finish a swap that was cut short, unless another run is at work in the folder."""
    folder = real(folder)
    if not _leftovers(folder):
        return
    with suppress(InputError), _only_run(folder):
        finish_swap(folder)


def refuse_while_written(folder: Path) -> None:
    """Raise InputError where another run is writing the folder."""
    folder = real(folder)
    if _beside(folder, "lock").exists():
        with _only_run(folder):
            pass


def refuse_unwritable(folder: Path) -> None:
    """Raise InputError where `folder` could not be put: it or what it lies in is a file, or not ours to write to."""
    fix = "choose another folder with -o"
    try:
        above = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if above == folder and folder.is_dir():
            above = folder.parent  # a folder is swapped for a new one beside it
    except OSError as error:
        raise InputError([Problem(f"this folder cannot exist: {error.strerror}", str(folder), fix=fix)]) from None
    if not above.is_dir():
        raise InputError([Problem("this is a file; results need a folder", str(above), fix=fix)])
    if not os.access(above, os.W_OK):
        raise InputError([Problem("this folder cannot be written to", str(above), fix=fix)])
    ready = _beside(folder, "ready")
    if os.path.lexists(ready) and ready not in _leftovers(folder):
        what = "this was not written by sufficiency, and is in the place where results are put together"
        raise InputError([Problem(what, str(ready), fix="move it elsewhere, or choose another folder with -o")])


def finish_swap(folder: Path) -> None:
    """Put the folder right after a run that was cut short. The caller holds the lock."""
    if _beside(folder, "ready") in _leftovers(folder):
        _swap_in(folder)
    for left in _leftovers(folder):
        if left.name.startswith(f".{folder.name}.old-") and not folder.exists():
            os.replace(left, folder)  # noqa: PTH105
        else:
            shutil.rmtree(left, ignore_errors=True)


def real(folder: Path) -> Path:
    """The folder that a path stands for, links and `..` followed, though not all of it need be there. Raises InputError
    for links that lead in a circle.
    """
    circle = InputError([Problem("these links lead in a circle", str(folder), fix="name another folder")])
    try:
        resolved = Path(folder).resolve()
    except (OSError, RuntimeError):
        raise circle from None
    # From Python 3.13 on, a circle is left as it stands. `islink`, because a folder that may not be read is none.
    if any(os.path.islink(part) for part in (resolved, *resolved.parents)):  # noqa: PTH114
        raise circle
    return resolved


def held_open(folder: Path) -> Path | None:
    """A file in `folder` that another program keeps open, where the system says so (Windows does)."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
        try:
            if file.is_file():
                with file.open("r+b"):
                    pass
        except PermissionError:
            return file
        except OSError:
            continue
    return None


def in_the_way(folder: Path) -> InputError:
    """What to say where `folder` cannot be moved because a file in it is open."""
    held = held_open(folder)
    fix = "close it in Excel or QGIS and run again; the old result is unchanged, and the new one is kept beside it"
    if held is not None:
        return InputError([Problem("this file is open in another program", str(held), fix=fix)])
    what = (
        "this folder cannot be replaced: another program has a file in it open, or you have no permission to change it"
    )
    return InputError([Problem(what, str(folder), fix=fix)])


def _swap_in(folder: Path) -> None:
    ready, old = _beside(folder, "ready"), _beside(folder, f"old-{os.getpid()}")
    refuse_foreign(folder)
    published = folder / PUBLISHED_FOLDER
    if is_release(published) and not (ready / PUBLISHED_FOLDER).exists():
        os.replace(published, ready / PUBLISHED_FOLDER)  # noqa: PTH105
    if folder.exists():
        try:
            os.replace(folder, old)  # noqa: PTH105
        except PermissionError:
            raise in_the_way(folder) from None
    try:
        os.replace(ready, folder)  # noqa: PTH105
    except PermissionError:
        if old.exists():
            os.replace(old, folder)  # noqa: PTH105
        raise in_the_way(ready) from None
    if old.exists():
        _drop(old)


def _drop(old: Path) -> None:
    """Remove an old folder; half of one is never left under a name from which it would go back."""
    litter = old.with_name(f"{old.name.replace('.old-', '.new-')}-dropped")
    os.replace(old, litter)  # noqa: PTH105
    shutil.rmtree(litter, ignore_errors=True)


def is_written(folder: Path) -> bool:
    """Whether a folder holds a result, a forecast, a study or a sweep."""
    return any((folder / name).is_file() for name in ("summary.json", SWEEP, *(f"{study}.csv" for study in STUDIES)))


def refuse_foreign(folder: Path) -> None:
    """Raise InputError where a folder holds what no run writes: the last guard before it goes, by whatever path."""
    strange = _foreign_in(folder) if folder.is_dir() else []
    if strange:
        what = f"this folder also holds {', '.join(strange[:3])}, which would be removed"
        fix = "move that elsewhere, or choose another folder with -o"
        raise InputError([Problem(what, str(folder), fix=fix)])


def _foreign_in(folder: Path) -> list[str]:
    """What stands in a folder and is no file that a run writes: a folder of such a name is somebody's own."""
    strange = [item for item in folder.iterdir() if not (item.is_file() and item.name in _OURS)]
    for name, ours in _INSIDE.items():
        inside = folder / name
        if inside in strange and inside.is_dir() and not inside.is_symlink():
            strange.remove(inside)
            strange += [item for item in inside.iterdir() if not (item.is_file() and ours.fullmatch(item.name))]
    strange = [item for item in strange if not (item.name == PUBLISHED_FOLDER and is_release(item))]
    return sorted(item.relative_to(folder).as_posix() for item in filterfalse(is_litter, strange))


def is_release(folder: Path) -> bool:
    """Whether a folder is what `report --publish` wrote."""
    return folder.is_dir() and not folder.is_symlink() and (folder / "disclosure.json").is_file()


def is_litter(item: Path) -> bool:
    """Whether this is a file that Excel, QGIS or a file manager left behind."""
    return item.is_file() and any(fnmatch(item.name, pattern) for pattern in _LITTER)


def _only_run(folder: Path) -> AbstractContextManager[None]:
    return only_run(_beside(folder, "lock"), folder)


def _beside(folder: Path, what: str) -> Path:
    if not folder.name:
        raise InputError([Problem("results cannot go here", str(folder), fix="name a folder inside it")])
    return folder.with_name(f".{folder.name}.{what}")


def _leftovers(folder: Path) -> list[Path]:
    """What an earlier run left beside `folder`: only names that a run gives, and only folders that hold nothing but
    what a run writes. Anything else that looks alike is somebody's own and is not touched.
    """
    if not folder.parent.is_dir():
        return []
    ours = re.compile(rf"\.{re.escape(folder.name)}\.(new-\d+(-dropped)?|old-\d+|ready)")
    beside = sorted(item for item in folder.parent.iterdir() if ours.fullmatch(item.name))
    return [item for item in beside if item.is_dir() and not item.is_symlink() and _is_ours(item)]


def _is_ours(folder: Path) -> bool:
    half_written = folder.name.rpartition(".")[2].startswith("new-")
    return (is_written(folder) or half_written) and not _foreign_in(folder)


def _flush(folder: Path) -> None:
    """Have the system write everything down, so that a power cut cannot leave a new name on half a file."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("r+b") as opened:
                os.fsync(opened.fileno())
