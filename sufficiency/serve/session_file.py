"""The file that restores a sitting: written whole or not at all, after everything that is done."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sufficiency.problems import InputError, Problem
from sufficiency.serve.sitting import Sitting, sitting_of

VERSION = 1
FILE = "explore.json"
"""Where a sitting is kept: in `results/MODEL`."""
LONGEST = 64 * 2**20
"""Bytes; a file that is longer is not one of ours."""


def write_whole(file: Path, content: bytes, *, like: Path | None = None) -> None:
    """Write a file beside its place and put it there once it is all on the disk, with the permissions of `like`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if like is not None:
            part.chmod(like.stat().st_mode & 0o777)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def save_sitting(file: Path, sitting: Sitting, inputs: Mapping[str, Any]) -> None:
    """Write the session file. `inputs`: the hashes of the files that its answers come from."""
    document = {"sufficiency_explore": VERSION, "inputs": inputs, **sitting.document()}
    write_whole(file, json.dumps(document, ensure_ascii=False, allow_nan=False).encode())


def load_sitting(file: Path, inputs: Mapping[str, Any]) -> tuple[Sitting, bool]:
    """The sitting of a session file, a new one where there is none; and whether the model is another since then.

    Raises InputError where the file cannot be used: it is never written over.
    """
    try:
        if file.stat().st_size > LONGEST:
            raise ValueError("too long")
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["sufficiency_explore"] != VERSION:
            raise ValueError("another version")
        changed = document["inputs"] != inputs
        return sitting_of(document, same_model=not changed), changed
    except FileNotFoundError:
        return Sitting(), False
    except (InputError, KeyError, TypeError, ValueError, AttributeError, RecursionError, UnicodeDecodeError):
        what = "this is no session file that this version can restore"
        raise InputError([Problem(what, str(file), fix="move it elsewhere to start a new session")]) from None
