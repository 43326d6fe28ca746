"""The folder of a sweep: its tables, whole or not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow.parquet import write_table

from sufficiency.problems import InputError, Problem
from sufficiency.result.swap import SWEEP, is_litter, real, refuse_unwritable, replacing
from sufficiency.result.written import text_columns, write_csv
from sufficiency.studies.sweep.together import Together
from sufficiency.tables.schema.sweep import SWEEPS

CSV = ("lines", "options", "fan")
PARQUET = ("draws", "draws_by_year")
FILES = frozenset({SWEEP, *(f"{name}.csv" for name in SWEEPS), *(f"{name}.parquet" for name in PARQUET)})


def refuse_unusable_sweep(folder: Path) -> None:
    """Raise InputError, before anything is solved, unless `folder` is absent, empty or an earlier sweep."""
    folder = real(folder)
    refuse_unwritable(folder)
    there = [item for item in folder.iterdir() if not is_litter(item)] if folder.is_dir() else []
    strange = sorted(item.name for item in there if item.name not in FILES)
    if strange or (there and not (folder / SWEEP).is_file()):
        named = ", ".join((strange or sorted(item.name for item in there))[:3])
        what = f"this folder holds other things than an earlier sweep: {named}"
        raise InputError([Problem(what, str(folder), fix="choose another folder with -o")])


def save_sweep(folder: Path, tables: Together, programmes: pd.DataFrame | None, document: dict[str, Any]) -> list[Path]:
    """Write `sweep.json` and the tables; returns the files. Numbers in full; draws in Parquet."""
    refuse_unusable_sweep(folder)
    frames = {"draws": tables.draws, "draws_by_year": tables.by_year}
    frames |= {"lines": tables.lines, "options": tables.options, "fan": tables.fan}
    with replacing(folder) as new:
        text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
        (new / SWEEP).write_text(text + "\n", encoding="utf-8", newline="\n")
        for name in CSV:
            write_csv(frames[name], SWEEPS[name], new / f"{name}.csv")
        for name in PARQUET:
            write_table(_arrow(frames[name], name), new / f"{name}.parquet")
        if programmes is not None:
            # every future has a column, whose name the model gives
            programmes.to_csv(new / "programmes.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")
        written = sorted(file.name for file in new.iterdir())
    return [folder / name for name in written]


def _arrow(frame: pd.DataFrame, name: str) -> pa.Table:
    """The same types whatever the draws hold, and whatever pandas keeps text in: a file is the same to the byte."""
    texts, whole = text_columns(SWEEPS[name]), {"draw", "year"}
    kinds = {one: pa.string() if one in texts else pa.int64() if one in whole else pa.float64() for one in frame}
    return pa.Table.from_arrays(
        [pa.array(frame[one].tolist(), kind) for one, kind in kinds.items()], schema=pa.schema(list(kinds.items()))
    )
