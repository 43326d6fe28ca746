"""Files of a report, put into its folder whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sufficiency.result.swap import TABLE


def put_all(files: Mapping[Path, bytes], what: str = "the report") -> list[Path]:
    """Write files beside their places, and put them there once all are written. Raises OSError that names the file, and
    `what` cannot be written.
    """
    parts: dict[Path, Path] = {}
    file = Path()
    try:
        for file, content in files.items():
            if file.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            file.parent.mkdir(parents=True, exist_ok=True)
            parts[file] = file.with_name(f".{file.name}.part")
            parts[file].unlink(missing_ok=True)
            with parts[file].open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        for file, part in parts.items():
            part.replace(file)
    except OSError as error:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()
        raise OSError(error.errno, f"{what} cannot be written: {error.strerror}", str(file)) from None
    return list(parts)


def drop_others(folder: Path, ours: Mapping[Path, bytes]) -> None:
    """Remove the tables of an earlier report from a folder, and nothing that anybody else put there."""
    for file in folder.glob("*.csv"):
        if file not in ours and file.is_file() and TABLE.fullmatch(file.name):
            file.unlink()
