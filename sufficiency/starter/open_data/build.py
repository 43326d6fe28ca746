"""From a folder of downloads to a model of one authority in a folder of its own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sufficiency.forecast.inputs import read_inputs
from sufficiency.forecast.run import forecast
from sufficiency.model.forecast import Forecast
from sufficiency.model_file import read_model
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.result.swap import real
from sufficiency.sources.published.kinds import KINDS
from sufficiency.starter.open_data.estimates import estimates_of
from sufficiency.starter.open_data.gather import Gathered, gather
from sufficiency.starter.open_data.model_text import Counts, model_text, requests_of
from sufficiency.starter.open_data.tables import Built, build_tables
from sufficiency.starter.open_data.words import built_words, workbook_lines
from sufficiency.starter.open_data.write import (
    DATA,
    ESTIMATES,
    MODELS,
    SOURCE_COLUMNS,
    SOURCES,
    Written,
    put,
    refuse_foreign,
    workspace,
    write_areas,
    write_table,
)
from sufficiency.starter.template import write_workbook
from sufficiency.tables.origin import TABLE, fingerprint

AREAS = "areas.gpkg"
TYPED = ("settings", "places", "placements", "costs", "options", "budget", "other_spend")
"""Tables that planners type: the sheets of a workbook. Demand and what it is forecast from stay files beside it."""
_TABLE_ORDER = ("areas", "demand", *TYPED, "history", "population", "new_plans")
_DECIMALS = 6
PATHS = 200
"""Paths behind the percentiles of each cell: enough for an illustration, and a fifth of the time of the default."""


@dataclass(frozen=True)
class NewModel:
    """The model file, the files written, tables of the planner that were left (with the new one beside each), what
    could not be used, and the `screen`: what to show.
    """

    model: Path
    files: list[Path]
    left: list[tuple[Path, Path]]
    notes: tuple[Problem, ...]
    screen: str


def new_from_open_data(
    folder: Path, la: str, downloads: Path, template: str | None = None, progress: Progress = silent
) -> NewModel:
    """Build a model of the authority with this DfE or ONS code from the downloads in a folder, into `folder`: tables
    as CSV, or with `template` `xlsx` those that planners type as the sheets of one workbook.

    Raises InputError with every problem before anything is written; what is there already and is not ours is left.
    """
    folder = Path(folder)
    if not str(folder).isprintable():
        raise InputError([Problem("the model cannot go here", str(folder), fix="name a folder in plain letters")])
    gathered = gather(Path(downloads), la, real(folder), progress)
    name = slug(gathered.plans.authority.name)
    model = Path(MODELS) / f"{name}.toml"
    refuse_foreign(folder, model)
    progress("Estimate", gathered.plans.authority.name)
    built = build_tables(gathered)
    with workspace(folder) as beside:
        made = Path(beside) / "made"
        book = f"{name}.xlsx" if template == "xlsx" else None
        rows = make_folder(made, model, gathered, built, book, progress)
        try:
            written = put(made, real(folder), model)
        except OSError as error:
            what = f"the folder cannot be written: {error.strerror or error}"
            raise InputError([Problem(what, str(folder), fix="close its files elsewhere, and run again")]) from None
    return _new_model(folder, model, written, gathered, built, rows)


def make_folder(
    made: Path, model: Path, gathered: Gathered, built: Built, book: str | None, progress: Progress
) -> dict[str, int]:
    """Write the whole folder into `made`, tables that planners type into the workbook `book` where one is named; the
    rows of each table.
    """
    data = made / DATA
    data.mkdir(parents=True)
    (made / MODELS).mkdir()
    write_areas(built.areas, data / AREAS)
    places = {"areas": AREAS, "demand": "demand.csv"}
    tables = dict(built.tables)
    if book is not None:
        typed = {name: tables.pop(name, None) for name in TYPED}
        write_workbook(data / book, typed, workbook_lines(gathered.plans.authority.name))
        places |= {name: f"{book}#{name}" for name in typed}
    for table, frame in tables.items():
        write_table(frame, data / f"{table}.csv")
        places[table] = f"{table}.csv"
    ordered = {table: f"../{DATA}/{places[table]}" for table in _TABLE_ORDER if table in places}
    (made / model).write_text(model_text(gathered, ordered, f"../{SOURCES}"), encoding="utf-8", newline="\n")
    demand = demand_of(made / model, requests_of(gathered), progress)
    write_table(demand, data / "demand.csv")
    rows = {"areas": len(built.areas), "demand": len(demand), "options": 0, "budget": 0, "other_spend": 0}
    rows |= {table: len(frame) for table, frame in built.tables.items()}
    write_table(estimates_of(built, gathered, demand), made / ESTIMATES)
    write_table(source_rows(made, gathered, places, rows), made / SOURCES)
    return rows


def demand_of(model: Path, requests: Counts, progress: Progress) -> pd.DataFrame:
    """The demand table that the forecast makes of the tables just written and of requests for assessment."""
    read = read_model(model)
    read = read.model_copy(update={"forecast": Forecast(paths=PATHS, **requests)})
    demand = forecast(read_inputs(read), progress, quick=True).demand
    counts = ["children", "low", "high"]
    return demand.assign(**{name: demand[name].round(_DECIMALS) for name in counts if name in demand})


def source_rows(made: Path, gathered: Gathered, places: dict[str, str], rows: dict[str, int]) -> pd.DataFrame:
    """sources.csv: a row a file read or missing, and a row a table written. `places`: where each table is in `data`."""
    rows_of_sources: list[tuple[object, ...]] = []
    for code, kind in KINDS.items():
        download = gathered.downloads.found.get(code)
        if download is None:
            rows_of_sources.append(("", code, 0, "", f"{kind.title}: without it {kind.without}", kind.where))
        else:
            rows_of_sources.append((download.called, code, gathered.rows.get(code, 0), download.sha256, "", kind.where))
    for table in _TABLE_ORDER:
        if table in places:
            file, _, sheet = places[table].partition("#")
            rows_of_sources.append(
                (f"{DATA}/{places[table]}", TABLE, rows[table], fingerprint(made / DATA / file, sheet), "", "")
            )
    return pd.DataFrame(rows_of_sources, columns=list(SOURCE_COLUMNS))


def slug(name: str) -> str:
    """A name in plain letters, digits and hyphens: nothing in it can lead elsewhere on a disk."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "authority"


def _new_model(
    folder: Path, model: Path, written: Written, gathered: Gathered, built: Built, rows: dict[str, int]
) -> NewModel:
    whole = real(folder)
    files = [folder / file.relative_to(whole) for file in written.files]
    left = [(folder / old.relative_to(whole), folder / new.relative_to(whole)) for old, new in written.left]
    counts = {**rows, "children": int(built.tables["placements"]["children"].sum())}
    plans = gathered.plans
    screen = built_words(
        plans.authority.name, plans.year, counts, gathered.downloads.missing, left, gathered.own is not None
    )
    return NewModel(folder / model, files, left, gathered.notes, screen)
