"""From a file of OpenStreetMap roads to OSRM's graph of it, made once and kept by content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from sufficiency.caches import FOLDER_VARIABLE, cache_folder, file_hash
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress

PROFILES = {"car": "by car", "foot": "on foot"}
"""OSRM's own profiles that are used, in words."""
BASE = "roads.osrm"
_CONTENTS = "contents.json"
_STEPS = {
    "extract": "reading the roads",
    "partition": "dividing the map",
    "customize": "working out the speeds",
}
_UNUSED = ("cnbg", "cnbg_to_ebg", "ebg", "enw", "restrictions", "turn_penalties_index")
"""Endings of files that only making the graph needs."""
_ABANDONED_AFTER = 24 * 3600.0
"""Seconds after which a graph that was never finished is taken for left behind by a run that was killed."""
_UNFINISHED = "unfinished-"


def graph_of(extract: Path, profile: str, called: str, progress: Progress) -> Path:
    """What OSRM opens: the graph of an extract for a profile of `PROFILES`, from the cache or made now.

    It lies in `roads/` of the cache folder, called by a hash of the extract's content, the profile and the version of
    OSRM. A graph is written beside and then renamed, so it is there whole or not at all.

    Raises InputError (`called`: what it calls the extract) where the file cannot be read as roads, or the cache folder
    cannot be written.
    """
    import osrm

    shipped = Path(osrm.__file__).parent
    script = shipped / "share" / "profiles" / f"{profile}.lua"
    made_by = "\n".join((sha256_of(extract), profile, sha256_of(script), version("osrm-bindings"), sys.platform))
    home = cache_folder() / "roads"
    graph = home / f"{profile}-{hashlib.sha256(made_by.encode()).hexdigest()[:32]}"
    if is_whole(graph):
        return graph / BASE
    try:
        home.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(home)
        made = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=home))
    except OSError as error:
        raise _no_cache(home, error) from None
    try:
        for step, words in _STEPS.items():
            progress("Roads", f"{called} {PROFILES[profile]}: {words}")
            what = [str(extract), "-p", str(script), "-o", str(made / "roads")] if step == "extract" else []
            _run(shipped, step, what or [str(made / BASE)], called)
        _finish(made, graph)
    except OSError as error:
        raise _no_cache(home, error) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return graph / BASE


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, worked out again only where its size or time has changed."""
    stat = path.stat()
    return _sha256(path.resolve(), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=16)
def _sha256(path: Path, _size: int, _time: int) -> str:
    return file_hash(path)


def is_whole(folder: Path) -> bool:
    """Whether a graph is there with every file as long as it was when it was made."""
    try:
        contents = json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))
        return bool(contents) and all((folder / name).stat().st_size == size for name, size in contents.items())
    except (OSError, ValueError, AttributeError):
        return False


def forget(base: Path) -> None:
    """Remove a graph from the cache: it cannot be opened."""
    shutil.rmtree(base.parent, ignore_errors=True)


def _finish(made: Path, graph: Path) -> None:
    for ending in _UNUSED:
        (made / f"{BASE}.{ending}").unlink(missing_ok=True)
    sizes = {file.name: file.stat().st_size for file in sorted(made.iterdir())}
    (made / _CONTENTS).write_text(json.dumps(sizes, indent=1), encoding="utf-8")
    if graph.exists() and not is_whole(graph):
        shutil.rmtree(graph)
    try:
        made.rename(graph)
    except OSError:
        if not is_whole(graph):  # else another run has made the same graph in the meantime
            raise


def _run(shipped: Path, step: str, arguments: list[str], called: str) -> None:
    windows = sys.platform == "win32"
    program = shipped / "bin" / f"osrm-{step}{'.exe' if windows else ''}"
    libraries = f"{shipped.parent / 'osrm_bindings.libs'}{os.pathsep}" if windows else ""
    environment = {**os.environ, "PATH": libraries + os.environ.get("PATH", "")}
    done = subprocess.run([str(program), *arguments], capture_output=True, env=environment, check=False)
    if done.returncode:
        raise InputError([_unreadable(done.stderr + b"\n" + done.stdout, called, done.returncode)])


def _unreadable(printed: bytes, called: str, status: int) -> Problem:
    """Why OSRM stopped, from what it printed."""
    text = printed.decode("utf-8", errors="replace")
    said = re.search(r"what\(\):\s*(.+)|\[error\]\s*(.+)", text)
    words = " ".join(next((part for part in said.groups() if part), "").split()) if said else ""
    if "No space left" in text:
        fix = f"make room, or set {FOLDER_VARIABLE} to a folder on another disk"
        return Problem("the disk is full: the graph of roads cannot be made", called, fix=fix)
    if "bad_alloc" in text or status in {-9, 137}:
        fix = "use an extract of your own county and its neighbours, not of all Great Britain"
        return Problem("the computer's memory does not do for the roads of this file", called, fix=fix)
    if re.search("EOF|end of (?:file|input)|truncated|incomplete|unclosed", text, re.IGNORECASE):
        return Problem("the file of roads is cut short", called, fix="download it again, whole")
    if "no edges" in text.casefold() or "no nodes" in text.casefold() or "There are no" in text:
        return Problem("there are no roads in this file", called, fix="give an extract of OpenStreetMap with its roads")
    what = "the file cannot be read as OpenStreetMap roads" + (f" (OSRM says: {words[:120]})" if words else "")
    return Problem(what, called, fix="download it again, as .osm.pbf")


def _no_cache(home: Path, error: OSError) -> InputError:
    what = f"the graph of roads cannot be kept in this folder: {error.strerror or 'the disk gave no reason'}"
    fix = f"set the environment variable {FOLDER_VARIABLE} to a folder that can be written"
    return InputError([Problem(what, value=str(home), fix=fix)])


def _clear_abandoned(home: Path) -> None:
    for folder in home.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(folder, ignore_errors=True)
