"""What one table leaves out and another tells: codes spelled alike, types, localities and lines filled in,
paths averaged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sufficiency.codes import AWAITING, UNKNOWN_AREA
from sufficiency.problems import InputError, Problem
from sufficiency.tables import Tables
from sufficiency.tables.naming import spelled
from sufficiency.tables.parse import KEEP_ONE, Parsed, duplicates
from sufficiency.tables.placed import lines_filled
from sufficiency.tables.points import place_settings
from sufficiency.tables.schema.inputs import INPUTS
from sufficiency.tables.shapes import area_shapes

if TYPE_CHECKING:
    from pathlib import Path

    from sufficiency.model import Model

CELL = ["area", "need", "phase", "level"]
FILLED = ("places.type", "settings.locality", "placements.line")
"""Columns filled in from another table where the file leaves them blank."""

_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("demand", "area", "areas.area"),
    ("placements", "area", "areas.area"),
    ("travel", "area", "areas.area"),
    ("places", "setting", "settings.setting"),
    ("placements", "setting", "settings.setting"),
    ("costs", "setting", "settings.setting"),
    ("options", "setting", "settings.setting"),
    ("travel", "setting", "settings.setting"),
    ("settings", "school", "settings.setting"),
    ("placements", "line", "places.line"),
    ("costs", "line", "places.line"),
    ("options", "line", "places.line"),
    ("options", "closes_line", "places.line"),
)
_RESERVED = {"areas.area": UNKNOWN_AREA, "places.line": AWAITING}


@dataclass(frozen=True)
class Completed:
    """The tables of a model, and what was wrong in them so far."""

    tables: Tables
    problems: list[Problem]


def complete_tables(
    model: Model, parsed: dict[str, Parsed], paths: dict[str, Path] | None = None, shaped: Any = None
) -> Completed:
    """Tables from parsed frames; doing it again to its own output changes nothing. `shaped`: the areas, where they are
    complete already. Raises InputError where areas have no place.
    """
    doubtful = {column for table in parsed.values() for column in table.doubtful}
    parsed = _spelled_alike(parsed)
    problems: list[Problem] = []
    unusable: list[Problem] = []
    frames: dict[str, Any] = {}
    for name, table in parsed.items():
        frames[name] = table.frame
        if name not in {"costs", "placements"}:
            remarks, frames[name] = _without_repeats(table)
            # the repeated code was probably meant to be another: that what points to it is not there says
            # nothing
            problems += (
                _marking(remarks, doubtful, f"{name}.{table.spec.key[0]}") if name in {"areas", "settings"} else remarks
            )
    try:
        if shaped is None:
            shaped, remarks = area_shapes(_with_frame(parsed["areas"], frames["areas"]))
            problems += _marking(remarks, doubtful, "areas.x")
        frames["areas"] = shaped
        frames["settings"], remarks = place_settings(_with_frame(parsed["settings"], frames["settings"]), shaped)
        problems += _marking(remarks, doubtful, "settings.x")
    except InputError as error:
        unusable += error.problems
    paths_of_demand = _paths(frames["demand"])
    frames["demand"], remarks = _mean_of_paths(frames["demand"], parsed["demand"].file)
    problems += _marking(remarks, doubtful, "demand.children")
    if "options" in frames:
        closing = frames["options"]["closes_line"] != ""
        # an option that closes a line brings no places of its own
        frames["options"] = frames["options"].assign(
            places=frames["options"]["places"].mask(closing & frames["options"]["places"].isna(), 0.0)
        )
    frames["places"] = _with_types(frames["places"], frames["settings"])
    frames["costs"] = _rate_rows(frames["costs"])
    if not doubtful & {f"costs.{column}" for column in INPUTS["costs"].key}:
        problems += _repeated_rates(frames["costs"], parsed["costs"].file)
    if "placements" in parsed:
        file = parsed["placements"].file
        filled, remarks = lines_filled(model, frames["placements"], frames["places"], file, doubtful)
        problems += _marking(remarks, doubtful, "placements.line")
        named = filled[filled["line"] != ""]
        if not doubtful & {f"placements.{column}" for column in (*CELL, "line", "setting")}:
            twice = duplicates(named, [*CELL, "line"], file, "add their children together in one row")
            problems += _marking(twice, doubtful, "placements.children")
        again = named.index[named.duplicated([*CELL, "line"])]
        frames["placements"] = filled.drop(index=again)
    if unusable:
        raise InputError([*problems, *unusable])
    filled_in = {column: _filled_in(parsed, frames, *column.split(".")) for column in FILLED}
    paths = paths or {}
    called = {name: table.file if name in paths else name for name, table in parsed.items()}
    tables = Tables(
        **frames,
        files=paths,
        called=called,
        doubtful=frozenset(doubtful),
        filled=filled_in,
        simulated=paths_of_demand,
    )
    return Completed(tables, problems)


def _filled_in(parsed: dict[str, Parsed], frames: dict[str, Any], table: str, column: str) -> pd.Index:
    """Rows whose cell was blank and is not any more."""
    if table not in frames:
        return pd.Index([], dtype="int64")
    now: pd.Series[str] = frames[table][column]
    before = parsed[table].frame[column].loc[now.index]
    rows: pd.Index = now.index[((before == "") & (now != "")).to_numpy()]
    return rows


def _with_frame(table: Parsed, frame: pd.DataFrame) -> Parsed:
    shapes = None if table.shapes is None else table.shapes.loc[frame.index]
    return replace(table, frame=frame, shapes=shapes)


def _marking(problems: list[Problem], doubtful: set[str], column: str) -> list[Problem]:
    if any(problem.severity == "error" for problem in problems):
        doubtful.add(column)
    return problems


def _spelled_alike(parsed: dict[str, Parsed]) -> dict[str, Parsed]:
    """Codes that name a row of another table, spelled as there: they are compared without regard to case, and the name
    of an area or a setting stands for its code where no other has that name.
    """
    alike = dict(parsed)
    for table, column, target in _REFERENCES:
        if table not in alike:
            continue
        home, key = target.split(".")
        rows = parsed[home].frame.drop_duplicates(key)
        reserved = [_RESERVED[target]] if target in _RESERVED else []
        frame = alike[table].frame
        names = [*rows["name"]] if "name" in rows else []
        values = spelled(frame[column], [*rows[key], *reserved], names)
        if values is not frame[column]:
            alike[table] = replace(alike[table], frame=frame.assign(**{column: values}))
    return alike


def _without_repeats(table: Parsed) -> tuple[list[Problem], pd.DataFrame]:
    key = list(table.spec.key)
    if table.doubtful & {f"{table.spec.name}.{column}" for column in key}:
        return [], table.frame
    # two rows of one line are often two phases or needs of it: which to keep is not certain
    lines = "keep one of the two rows, or give each line a name of its own"
    problems = duplicates(table.frame, key, table.file, lines if table.spec.name == "places" else KEEP_ONE)
    return problems, table.frame[~table.frame.duplicated(key)] if problems else table.frame


def _paths(demand: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of simulated paths; None where there are none."""
    named = demand["simulation"] != ""
    return demand.loc[named, [*CELL, "year", "simulation", "children"]] if named.any() else None


def _mean_of_paths(demand: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """One row a cell and year: the mean over the simulated paths, where there are several."""
    named = demand["simulation"] != ""
    if not named.any():
        return demand, []
    if not named.all():
        rows = demand.index[~named]
        what = "the simulation is blank in some rows and given in others"
        return demand[named], [
            Problem(what, file, int(rows[0]), "simulation", fix="number every row's", count=len(rows))
        ]
    key = [*CELL, "year"]
    paths = demand["simulation"].unique()
    groups = demand.groupby(key, sort=False)
    size = groups["simulation"].transform("size")
    problems: list[Problem] = []
    if (size < len(paths)).any():
        row = size.index[size < len(paths)][0]
        first = demand.loc[row, key]
        there = set(demand.loc[(demand[key] == first).all(axis=1), "simulation"])
        cell = " ".join(str(value) for value in first if str(value) != "")
        absent = next(path for path in paths if path not in there)
        count = int((groups.size() < len(paths)).sum())
        fix = "give every path a row for every cell and year, 0 children where there are none"
        problems = [
            Problem(
                f"simulation {absent} has no row for this cell and year",
                file,
                int(row),
                value=cell,
                fix=fix,
                count=count,
            )
        ]
    firsts = demand[~demand.duplicated(key)]
    # paths are never added up percentile by percentile, so those of single paths have no meaning for the mean
    averaged = firsts.assign(
        children=groups["children"].transform("mean")[firsts.index], low=np.nan, high=np.nan, simulation=""
    )
    return averaged.astype({"simulation": "str"}), problems


def _with_types(places: pd.DataFrame, settings: pd.DataFrame) -> pd.DataFrame:
    """Lines take the type of their setting where they name none; a line at an unknown setting keeps none."""
    of_setting = places["setting"].map(settings.drop_duplicates("setting").set_index("setting")["type"]).fillna("")
    return places.assign(type=places["type"].where(places["type"] != "", of_setting).astype("str"))


def _rate_rows(costs: pd.DataFrame) -> pd.DataFrame:
    """Costs with a row for each phase; a rate without a first year has always held."""
    costs = costs.assign(from_year=costs["from_year"].astype("int64"))
    if not costs["phase"].str.contains(" ").any():
        return costs
    apart = costs.assign(phase=costs["phase"].str.split(" ")).explode("phase")
    return apart.astype({"phase": "str"})


def _repeated_rates(costs: pd.DataFrame, file: str) -> list[Problem]:
    """Two rows for the same children and year: only those that give the same rate are in each other's way."""
    problems: list[Problem] = []
    for rate in ("per_child", "per_place"):
        given = costs[costs[rate].notna()]
        again = given.duplicated(list(INPUTS["costs"].key))
        if not again.any():
            continue
        row = given.index[again][0]
        key = list(INPUTS["costs"].key)
        earlier = given.index[(given[key] == given.loc[again, key].iloc[0]).all(axis=1)][0]
        what = f"gives {rate} for the same children as row {earlier}"
        problems.append(Problem(what, file, int(row), rate, fix="keep one of the two rows", count=int(again.sum())))
    return problems
