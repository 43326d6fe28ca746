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
        raise InputError([Problem(busy, str(what), fix="wait until it has ended")])
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
        file = _opened(lock)
        if not _try(file):
            file.close()
            return None
        try:
            # a holder that ended meanwhile removed the file we opened: take the one that is there now
            same = os.fstat(file.fileno()).st_ino == lock.stat().st_ino
        except FileNotFoundError:
            same = False
        if same:
            file.seek(0)
            if not file.read().isdigit() and os.fstat(file.fileno()).st_size:
                file.close()
                raise _in_the_way(lock, "this file was not written by sufficiency")
            with suppress(OSError):  # on a full disk the lock holds as well without the name of its holder
                file.truncate(0)
                os.write(file.fileno(), f"{os.getpid()}".encode())
            return file
        file.close()


def _opened(lock: Path) -> BinaryIO:
    """The lock, never through a link: what that points to is not ours to write to."""
    if lock.exists() and not lock.is_file():
        raise _in_the_way(lock, "this is not a file")
    follows_no_link = getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | os.O_APPEND | follows_no_link, 0o666), "a+b")
    except OSError as error:
        if lock.is_symlink():
            raise _in_the_way(lock, "this is a link") from None
        if lock.exists():
            raise _in_the_way(lock, f"this cannot be opened ({error.strerror})") from None
        raise


def _in_the_way(lock: Path, what: str) -> InputError:
    return InputError([Problem(f"{what}, and is in the place of the lock file", str(lock), fix="move it elsewhere")])


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
