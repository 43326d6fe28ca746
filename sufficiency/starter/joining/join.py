"""Another team's files set against a model: every row matched or listed, and the tables with what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.sources.own_files.find import OwnFile, find_own_files
from sufficiency.sources.own_files.kinds import OWN_KINDS
from sufficiency.sources.own_files.read import read_own_file
from sufficiency.starter.joining.costs import PLACE_FUNDING, put_costs
from sufficiency.starter.joining.edited import Edited
from sufficiency.starter.joining.match import matched
from sufficiency.starter.joining.modelled import base_year
from sufficiency.starter.joining.places import lines_named, put_places
from sufficiency.starter.joining.transport import put_transport
from sufficiency.tables.schema.own_files import AGREEMENTS, FINANCE, TRANSPORT

TABLE_OF = {FINANCE: "costs", TRANSPORT: "settings", AGREEMENTS: "places"}
"""The table that each kind of file ends up in."""


@dataclass(frozen=True)
class Joined:
    """`rows` and `differences` as the tables `joined` and `differences` have them; `files` by kind, those `missing`;
    the tables `edited`, by name; `notes` on what was not read.
    """

    rows: pd.DataFrame
    differences: pd.DataFrame
    files: dict[str, OwnFile]
    missing: tuple[str, ...]
    edited: dict[str, Edited]
    notes: tuple[Problem, ...]


def join(case: Case, folder: Path, beside: Path, progress: Progress = silent) -> Joined:
    """Set the files of `folder` against a case; the tables of the model and what is in `beside` are passed over.

    Raises InputError with the problems of all files, and where none of them is there.
    """
    named = frozenset(path.resolve() for path in case.tables.files.values())
    ours = named | {path.with_name(f"{path.stem}.new{path.suffix}") for path in named}
    files, notes = find_own_files(folder, ours | {case.model.path.resolve()}, beside)
    if not files:
        wanted = "; ".join(f"“{kind.title}”, held by {kind.holder}" for kind in OWN_KINDS.values())
        what = "no file in this folder is one that can be joined"
        raise InputError([Problem(what, str(folder), fix=f"ask for {wanted}"), *notes])
    read: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for kind, file in files.items():
        progress("Read", file.place.called)
        try:
            read[kind] = read_own_file(file, case.model, notes)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError([*problems, *notes])
    progress("Join", case.model.name)
    model = base_year(case)
    edited = {TABLE_OF[kind]: Edited(case.model, TABLE_OF[kind]) for kind in read}
    puts: dict[str, Callable[[pd.DataFrame, Edited], pd.Series[str]]] = {
        FINANCE: lambda rows, table: put_costs(case, rows, table),
        TRANSPORT: lambda rows, table: put_transport(case, rows, model["children"], table),
        AGREEMENTS: lambda rows, table: put_places(case, rows, table),
    }
    listed, found = [], {}
    for kind in OWN_KINDS:
        if kind not in read:
            continue
        at = matched(read[kind], case.tables)
        rows = read[kind].drop(columns="line", errors="ignore").join(at)
        if kind == AGREEMENTS:
            rows = lines_named(case, rows)
        became = puts[kind](rows, edited[TABLE_OF[kind]])
        found[kind] = rows
        listed.append(_listed(kind, rows, became))
    missing = tuple(kind for kind in OWN_KINDS if kind not in read)
    listed.append(_missing(missing))
    return Joined(
        pd.concat([part for part in listed if len(part)], ignore_index=True),
        _differences(case, found, model),
        files,
        missing,
        edited,
        tuple(notes),
    )


def _listed(kind: str, rows: pd.DataFrame, became: pd.Series[str]) -> pd.DataFrame:
    """A row of `joined` for each row of a file. Where the setting matched by its URN, the file's name is not shown."""
    by_code = rows["setting"].where(rows["setting"].ne(""), rows["name"])
    named = rows["name"].where(rows["name"].ne("") & rows["at"].eq(""), by_code)
    to = rows["at"].where(rows["line"].eq(""), rows["line"])
    nothing = pd.Series(np.nan, index=rows.index)
    return pd.DataFrame(
        {
            "file": rows["file"],
            "row": rows.index,
            "what": kind + ": " + named.where(named.ne(""), "no setting is named"),
            "matched_to": to.where(rows["at"].ne(""), ""),
            "pupils": rows.get("pupils", nothing),
            "places": rows.get("places", nothing),
            "pounds": rows.get("pounds", nothing),
            "why": rows["why"].where(became.eq(""), rows["why"] + "; " + became),
        }
    )


def _missing(kinds: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        {
            "file": "",
            "row": np.nan,
            "what": f"{kind}: no such file",
            "matched_to": "",
            "pupils": np.nan,
            "places": np.nan,
            "pounds": np.nan,
            "why": f"without it {OWN_KINDS[kind].without}; usually held by {OWN_KINDS[kind].holder}",
        }
        for kind in kinds
    ]
    return pd.DataFrame(rows)


def _differences(case: Case, found: dict[str, pd.DataFrame], model: pd.DataFrame) -> pd.DataFrame:
    """A row for each setting, or line, and measure that a file or the model has: `what, setting, line, file_says,
    model_says, difference`.
    """
    parts = []
    if FINANCE in found:
        rows = found[FINANCE]
        top_ups = rows[~rows["budget_line"].str.startswith(PLACE_FUNDING)]
        parts.append(_apart("pupils", top_ups, "pupils", model["children"]))
        parts.append(_apart("top-ups and fees", top_ups, "pounds", model["fees"]))
    if TRANSPORT in found:
        parts.append(_apart("transport", found[TRANSPORT], "pounds", model["transport"]))
    if AGREEMENTS in found:
        parts.append(_places_apart(case, found[AGREEMENTS]))
    columns = ["what", "setting", "line", "file_says", "model_says", "difference"]
    return pd.concat(parts, ignore_index=True)[columns]


def _apart(what: str, rows: pd.DataFrame, column: str, model: pd.Series[float]) -> pd.DataFrame:
    theirs = rows[rows["at"].ne("")].groupby("at")[column].sum()
    both = pd.DataFrame({"file_says": theirs, "model_says": model}).fillna(0.0)
    both = both[(both != 0).any(axis=1)].rename_axis("setting").reset_index()
    return both.assign(what=what, line="", difference=both["file_says"] - both["model_says"])


def _places_apart(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Places agreed for the base year, against those of the model, by line."""
    base = case.model.base_year
    agreed = rows[rows["at"].ne("") & (rows["from_year"] <= base)].sort_values("from_year").groupby("line")
    table = case.tables.places
    now = table[table["from_year"] <= base].sort_values("from_year").groupby("line").tail(1).set_index("line")
    both = pd.DataFrame({"file_says": agreed["places"].last(), "model_says": now["places"]})
    both = both[both.notna().any(axis=1)].rename_axis("line").reset_index()
    at = table.drop_duplicates("line").set_index("line")["setting"]
    difference = both["file_says"] - both["model_says"]
    return both.assign(what="places", setting=both["line"].map(at), difference=difference)
