"""One run at a time in a folder: a lock that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sufficiency.problems import InputError, Problem

_BEYOND = 1 << 20
"""Where Windows locks a byte: past the text, which others may then read."""


@contextmanager
def only_run(lock: Path, what: Path) -> Iterator[None]:
    """Hold `lock` while writing `what`. Raises InputError where another run holds it.

    Nothing is left to go stale: the lock is the system's and ends with its process; the file names the holder.
    """
    file = _taken(lock)
    if file is None:
        busy = f"{_holder(lock)} is writing these results"
        raise InputError([Problem(busy, str(what), mend="wait until it has ended")])
    try:
        yield
    finally:
        if sys.platform != "win32":
            lock.unlink(missing_ok=True)  # while it is held, so that nobody else's is removed
        file.close()
        if sys.platform == "win32":
            with suppress(OSError):
                lock.unlink(missing_ok=True)


def _taken(lock: Path) -> BinaryIO | None:
    while True:
        file = lock.open("a+b")
        if not _try(file):
            file.close()
            return None
        try:
            # a holder that ended meanwhile removed the file we opened: take the one that is there now
            same = os.fstat(file.fileno()).st_ino == lock.stat().st_ino
        except FileNotFoundError:
            same = False
        if same:
            file.truncate(0)
            file.write(f"{os.getpid()}".encode())
            file.flush()
            return file
        file.close()


def _holder(lock: Path) -> str:
    try:
        number = lock.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        number = ""
    return f"another run (process {number})" if number.isdigit() else "another run"


def _try(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_BEYOND)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a network share that knows no locks: go on without
    return True
