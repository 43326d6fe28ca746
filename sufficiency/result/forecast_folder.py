"""A forecast on disk: a folder of CSV tables known by its `summary.json`, whole or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.result.folder import plain
from sufficiency.result.swap import real, recover, refuse_foreign, refuse_unwritable, refuse_while_written, replacing
from sufficiency.result.written import write_csv
from sufficiency.tables.schema.columns import Column, TableSpec
from sufficiency.tables.schema.forecast import FORECAST_OUTPUTS

SUMMARY = "summary.json"
KIND = "forecast"
"""What `kind` says in the summary of a forecast."""


def refuse_unusable_for_forecast(folder: Path) -> None:
    """Raise InputError, before anything is forecast, unless `folder` is absent, empty or an earlier forecast."""
    folder = real(folder)
    recover(folder)
    refuse_while_written(folder)
    if folder.is_dir():
        _refuse_foreign(folder)
    refuse_unwritable(folder)


def _refuse_foreign(folder: Path) -> None:
    if any(folder.iterdir()) and _kind(folder) != KIND:
        what = "this folder is neither empty nor an earlier forecast"
        raise InputError([Problem(what, str(folder), fix="choose another folder with -o")])
    refuse_foreign(folder)


@contextmanager
def forecast_folder(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of `folder` once the block has ended; see `swap.replacing`."""
    refuse_unusable_for_forecast(folder)
    with replacing(folder) as new:
        yield new


def write_forecast(
    tables: dict[str, pd.DataFrame], summary: dict[str, Any], folder: Path, *, parquet: bool = False
) -> None:
    """Write the tables that there are and the summary."""
    for name, frame in tables.items():
        spec = _with_level(FORECAST_OUTPUTS[name], frame)
        columns = frame.reindex(columns=list(spec.names))
        write_csv(columns, spec, folder / f"{name}.csv")
        if parquet:
            columns.to_parquet(folder / f"{name}.parquet", index=False)
    text = json.dumps(plain({"kind": KIND, **summary}), ensure_ascii=False, indent=2, allow_nan=False)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8", newline="\n")


def _with_level(spec: TableSpec, frame: pd.DataFrame) -> TableSpec:
    """The demand table has one more column where children are counted by level of provision."""
    if spec.name != "demand" or "level" not in frame.columns:
        return spec
    level = Column("level", "text", "level of provision needed")
    place = spec.names.index("phase") + 1
    return TableSpec(spec.name, spec.meaning, (*spec.columns[:place], level, *spec.columns[place:]), spec.key)


def _kind(folder: Path) -> str:
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(summary.get("kind", "")) if isinstance(summary, dict) else ""
