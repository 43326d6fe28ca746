"""A result on disk: one folder, known by its `summary.json`, whole or not there."""

from __future__ import annotations

import importlib
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from sufficiency.caches import file_hash
from sufficiency.problems import InputError, Problem
from sufficiency.result import Result
from sufficiency.result.geopackage import BRITISH_GRID, read_layers, write_layers
from sufficiency.result.names import names_of
from sufficiency.result.shape import faults, layer_faults
from sufficiency.result.swap import (
    PUBLISHED_FOLDER,
    held_open,
    is_litter,
    is_release,
    real,
    recover,
    refuse_foreign,
    refuse_unwritable,
    refuse_while_written,
    replacing,
)
from sufficiency.result.written import read_csv, write_csv
from sufficiency.standing import of_summary
from sufficiency.tables.schema.results import OUTPUTS

SUMMARY, MAP = "summary.json", "plan.gpkg"
LAYERS = ("areas", "settings", "journeys")
SEALS = "tables"
"""Key of `summary.json`: each table with its SHA-256."""
PLAN = "plan again, or restore the file"
MARKS = frozenset({"status", "objective", "certificate"})
"""Keys by which a `summary.json` is recognised as ours."""
ALWAYS = (
    "area_gaps",
    "awaiting",
    "changes",
    "gaps",
    "impact",
    "journeys",
    "measures",
    "occupancy",
    "place_funding",
    "place_values",
    "placements",
    "provision",
    "reconciliation",
    "rules",
    "spend",
    "spend_by_area",
    "spend_by_need",
    "spend_financial",
)
"""Tables that every result has, whatever its model."""
MAPS_FOLDER, REPORT_FOLDER = "maps", "report"
"""What `map` and `report` put into a result; a new plan drops both."""


def save(result: Result, folder: Path, *, parquet: bool = False) -> Path:
    """Write a result into `folder`, in place of an earlier one. Raises InputError where the folder cannot be used."""
    refuse_unusable(folder)
    try:
        with replacing(folder) as new:
            _write(result, new, parquet=parquet)
    except OSError as error:
        what = f"the result cannot be written here: {error.strerror or error}"
        raise _refused(what, folder, "free disk space, check permissions, or choose another folder") from None
    return folder


def load(folder: str | Path, *, whole: bool = False) -> Result:
    """The result in `folder`. `whole`: it is one of this version, with every key of its summary. Raises InputError with
    every fault where there is none, or where a file is damaged or was changed since it was saved.
    """
    folder = Path(folder)
    summary, seals, problems = _summary_there(folder, whole)
    frames = _frames(folder, tuple(OUTPUTS), seals, problems)
    layers: list[gpd.GeoDataFrame] = []
    try:
        layers = read_layers(folder / MAP, LAYERS)
        if not problems:
            problems += _problems_of(folder / MAP, layer_faults(dict(zip(LAYERS, layers, strict=True)), summary))
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    areas, settings, desire_lines = layers
    return Result(frames, summary, areas, settings, desire_lines)


def load_tables(folder: str | Path, names: Sequence[str], *, whole: bool = False) -> Result:
    """Some tables of the result in `folder`, without its layers: in a moment where all of it takes seconds. Raises as
    `load`.
    """
    folder = Path(folder)
    summary, seals, problems = _summary_there(folder, whole)
    frames = _frames(folder, names, seals, problems)
    if problems:
        raise InputError(problems)
    nothing = gpd.GeoDataFrame(geometry=[], crs=BRITISH_GRID)
    return Result(frames, summary, nothing, nothing, nothing)


def _summary_there(folder: Path, whole: bool) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """The summary, the SHA-256 of each table as it was saved, and what is wrong with the summary."""
    recover(folder)
    summary = read_summary(folder)
    if summary is None:
        raise InputError([Problem("there is no result in this folder", str(folder), fix="run sufficiency plan first")])
    seals = summary.pop(SEALS, {})
    found = faults(summary, whole)
    if whole and not seals:
        found.append(f"{SEALS}: it is missing")
    if not (isinstance(seals, dict) and all(isinstance(one, str) for one in seals.values())):
        seals, found = {}, [*found, f"{SEALS}: it is no list of tables"]
    return summary, seals, _problems_of(folder / SUMMARY, found)


def _problems_of(file: Path, found: Sequence[str]) -> list[Problem]:
    return [Problem(f"this file is not as it was saved: {what}", str(file), fix=PLAN) for what in found]


def _frames(
    folder: Path, names: Sequence[str], seals: Mapping[str, str], problems: list[Problem]
) -> dict[str, pd.DataFrame]:
    """The tables that are there; what is wrong with them goes to `problems`."""
    frames = {}
    for name in names:
        file = folder / f"{name}.csv"
        if not file.is_file():
            if name in seals:
                problems.append(Problem("this table of the result is missing", str(file), fix=PLAN))
            continue
        try:
            frames[name] = read_csv(file, OUTPUTS[name])
            if seals and seals.get(name) != file_hash(file):
                done = "changed" if name in seals else "added"
                problems.append(Problem(f"this table was {done} after the result was saved", str(file), fix=PLAN))
        except InputError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(f"this table cannot be read: {error.strerror or error}", str(file), fix=PLAN))
    return frames


def refuse_unusable(folder: Path) -> None:
    """Raise InputError, before anything is solved, unless `folder` is absent, empty or an earlier result.

    The folder is left as it is, save that a swap cut short is finished.
    """
    given, folder = Path(folder), real(folder)  # `absent/../folder` is the folder, though no absent is there
    if not folder.name or not str(given).isprintable():
        raise _refused("results cannot go here", given, "name a folder in plain letters")
    if folder.is_dir():
        _refuse_foreign(folder)
    recover(folder)
    refuse_while_written(folder)
    if folder.is_dir():
        _refuse_foreign(folder)
        if Path.cwd().is_relative_to(folder):
            raise _refused("results cannot replace the folder you are in", folder, "name a folder inside it")
        if os.name == "nt" and (held := held_open(folder)):
            raise _refused("this file is open in another program", held, "close it and run again")
    refuse_unwritable(folder)


def refuse_other_model(folder: Path, model_file: str, inputs: Mapping[str, Mapping[str, str]]) -> None:
    """Raise InputError where `folder` holds the result of another model file than `model_file`, unless that was planned
    from the very same `inputs` (SHA-256 of each file): a copy of the model elsewhere.
    """
    summary = read_summary(folder) or {}
    there = summary.get("model_file", model_file)
    if there != model_file and summary.get("inputs") != inputs:
        what = f"this folder holds the result of another model file, {there}"
        raise _refused(what, folder, "name a folder with -o, or give one of the two model files another name")


def refuse_without_parquet() -> None:
    """Raise InputError where pyarrow cannot be loaded, which writes Parquet files."""
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        what = f"Parquet files cannot be written: pyarrow cannot be loaded ({str(error).splitlines()[0]})"
        raise InputError([Problem(what, fix="install pyarrow again, or leave --parquet out")]) from None


def refuse_unusable_inside(folder: Path, name: str) -> None:
    """Raise InputError where what is made of the result in `folder` could not be put into its folder `name` (maps,
    report), or would go elsewhere.
    """
    inside = folder / name
    if inside.is_symlink() or (inside.exists() and not inside.is_dir()):
        kind, made = (
            ("link" if inside.is_symlink() else "file"),
            ("maps go" if name == MAPS_FOLDER else "the report goes"),
        )
        what = f"this is a {kind}, and {made} into a folder of this name"
        raise _refused(what, inside, "move it elsewhere, or choose another folder with -o")


def _refuse_foreign(folder: Path) -> None:
    inside = sorted(item.name for item in folder.iterdir() if not is_litter(item))
    if not inside:
        return
    if read_summary(folder) is None:
        what = f"this folder is neither empty nor an earlier result: it holds {_listed(inside)}"
        raise _refused(what, folder)
    known = {
        SUMMARY,
        MAP,
        MAPS_FOLDER,
        REPORT_FOLDER,
        *([PUBLISHED_FOLDER] if is_release(folder / PUBLISHED_FOLDER) else []),
        *(f"{name}.{ending}" for name in OUTPUTS for ending in ("csv", "parquet")),
    }
    strange = [name for name in inside if name not in known]
    if strange:
        what = f"this result folder also holds {_listed(strange)}, which a new plan would remove"
        raise _refused(what, folder, "move that elsewhere, or choose another folder with -o")
    refuse_foreign(folder)


def _refused(what: str, where: Path, fix: str = "choose another folder with -o") -> InputError:
    return InputError([Problem(what, str(where), fix=fix)])


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def read_summary(folder: Path) -> dict[str, Any] | None:
    """The summary of a result; None where the folder holds none of ours."""
    try:
        file = folder / SUMMARY
        summary = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    except (OSError, ValueError):
        return None
    return summary if isinstance(summary, dict) and summary.keys() >= MARKS and _has_years(summary) else None


def version_of(summary: Mapping[str, Any]) -> str:
    """The version of sufficiency that a result was made by; blank where its summary does not say."""
    versions = summary.get("versions")
    return str(versions.get("sufficiency", "")) if isinstance(versions, dict) else ""


def tables_of(summary: Mapping[str, Any]) -> list[str]:
    """The tables that a result must have: those that every result has, and those that it was saved with."""
    seals = summary.get(SEALS)
    return sorted({*ALWAYS, *(seals if isinstance(seals, dict) else ())})


def _has_years(summary: dict[str, Any]) -> bool:
    """Whether the years of a summary, where it gives them, are a first and a last one."""
    years = summary.get("years", [0, 0])
    return isinstance(years, list) and len(years) == 2 and all(type(year) is int for year in years)


def _write(result: Result, new: Path, *, parquet: bool) -> None:
    names = names_of(result)
    for name, frame in result.frames.items():
        write_csv(frame, OUTPUTS[name], new / f"{name}.csv", names)
        if parquet:
            frame[list(OUTPUTS[name].names)].to_parquet(new / f"{name}.parquet", index=False)
    layers = (result.areas, result.settings, result.desire_lines)
    standing = of_summary(result.summary)
    write_layers(dict(zip(LAYERS, layers, strict=True)), new / MAP, standing.layer if standing else "")
    seals = {name: file_hash(new / f"{name}.csv") for name in result.frames}
    text = json.dumps({SEALS: seals, **plain(result.summary)}, ensure_ascii=False, indent=2, allow_nan=False)
    (new / SUMMARY).write_text(text + "\n", encoding="utf-8", newline="\n")


def plain(value: Any) -> Any:
    """`value` as JSON knows it: NumPy numbers as plain ones, and null for what is no finite number."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | Iterator | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
