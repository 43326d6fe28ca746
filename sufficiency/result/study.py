"""The folder of a study: its table and its pictures, whole or not there, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.result.swap import real, refuse_unwritable, replacing
from sufficiency.result.written import write_csv
from sufficiency.tables.schema.studies import STUDIES

ENDINGS = ("csv", "png", "svg")


def refuse_unusable_study(folder: Path, name: str, beside: tuple[str, ...] = ()) -> None:
    """Raise InputError, before anything is solved, unless `folder` is absent, empty or an earlier study `name`, which
    may have the tables `beside` too.
    """
    fix = "choose another folder with -o"
    folder = real(folder)
    refuse_unwritable(folder)
    ours = {f"{table}.{ending}" for table in (name, *beside) for ending in ENDINGS}
    strange = sorted(item.name for item in folder.iterdir() if item.name not in ours) if folder.is_dir() else []
    if strange:
        what = f"this folder holds other things than an earlier {name}: {', '.join(strange[:3])}"
        raise InputError([Problem(what, str(folder), fix=fix)])


@contextmanager
def saved_study(
    folder: Path, name: str, table: pd.DataFrame, beside: Mapping[str, pd.DataFrame] | None = None
) -> Iterator[Path]:
    """Write `table` as `<name>.csv`, the tables `beside` by their names, and let the caller draw beside them; then the
    folder takes its place.
    """
    tables = {name: table, **(beside or {})}
    refuse_unusable_study(folder, name, tuple(tables))
    with replacing(folder) as new:
        for called, frame in tables.items():
            write_csv(frame, STUDIES[called], new / f"{called}.csv")
        yield new
