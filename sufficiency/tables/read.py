"""Read the tables a model names: the one door from files, or a notebook's frames, to `Tables`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sufficiency.model import Model
from sufficiency.model.tables import TablePaths
from sufficiency.problems import InputError, Problem, did_you_mean
from sufficiency.progress import Progress, silent
from sufficiency.tables.complete import complete_tables
from sufficiency.tables.delimited import read_delimited
from sufficiency.tables.layer import cells_of_frame, read_layer, read_parquet
from sufficiency.tables.locate import DELIMITED, PARQUET, WORKBOOKS, locate, refuse_unreadable
from sufficiency.tables.matrices import as_travel_rows
from sufficiency.tables.parse import Parsed, parse_table
from sufficiency.tables.schema.forecast import FORECAST_INPUTS
from sufficiency.tables.schema.inputs import INPUTS
from sufficiency.tables.schema.own_files import OWN_FILES
from sufficiency.tables.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from sufficiency.tables import Tables
    from sufficiency.tables.cells import Cells
    from sufficiency.tables.locate import Located

REQUIRED: tuple[str, ...] = tuple(name for name, field in TablePaths.model_fields.items() if field.is_required())
"""Tables no model can do without."""
FORECAST_CALLED = "the demand forecast"
"""What problems call a demand table that is no file."""

NO_ROWS = "the table has no rows"


def read_tables(
    model: Model, progress: Progress = silent, given: dict[str, pd.DataFrame] | None = None
) -> tuple[Tables, list[Problem]]:
    """The tables of a model and everything wrong inside each of them; `check_tables` looks across tables. `given` holds
    tables that are not in a file but made: a demand forecast.

    Raises InputError with the problems of all tables where any of them cannot be used at all: no such file,
    not what its name says, a column missing, no rows, no reference system.
    """
    named = [name for name in INPUTS if getattr(model.tables, name) is not None]
    paths: dict[str, Path] = {}

    def cells_of(name: str) -> Cells:
        progress("Read", name)
        if given and name in given:
            return cells_of_frame(given[name], name, FORECAST_CALLED)
        located = locate(model, name)
        paths[name] = located.path
        return _cells_in(located, name)

    return _tables(model, named, cells_of, paths)


def read_table(model: Model, table: str, named_by: str | None = None) -> tuple[Parsed, Path]:
    """One table by itself, and its file; `named_by` is the key of [tables] that names it, where that is not its own
    name.

    Raises InputError where it cannot be used at all.
    """
    located = locate(model, named_by or table)
    return parse_table(_with_rows(_cells_in(located, table), model), model), located.path


def parse_located(located: Located, table: str, model: Model, clean: Callable[[Cells], Cells]) -> Parsed:
    """A file, or a sheet, that no model names, as a table of the catalogue; `clean` is given its cells first. Raises
    InputError where it cannot be used at all.
    """
    refuse_unreadable(located)
    return parse_table(clean(_with_rows(_cells_in(located, table), model)), model)


def named_cells(model: Model, table: str) -> tuple[Cells, Located]:
    """The cells of a table as they stand in its file, and where that is. Raises InputError where it cannot be read."""
    located = locate(model, table)
    return _cells_in(located, table), located


def _cells_in(located: Located, table: str) -> Cells:
    if located.suffix in DELIMITED:
        cells = read_delimited(located, table)
    elif located.suffix in WORKBOOKS:
        cells = read_workbook(located, table)
    else:
        cells = read_parquet(located, table) if located.suffix in PARQUET else read_layer(located, table)
    return as_travel_rows(cells) if table == "travel" else cells


def tables_from_frames(model: Model, frames: dict[str, pd.DataFrame]) -> tuple[Tables, list[Problem]]:
    """The tables from frames held in memory, parsed as files are; `areas` is a GeoDataFrame, or has x and y.

    Keys are the names of tables; a frame's first row counts as row 2, as it would in a file. Raises
    InputError as `read_tables` does.
    """
    strange = [name for name in frames if name not in INPUTS]
    missing = [name for name in REQUIRED if name not in frames]
    problems = [
        Problem("there is no table of this name", value=name, fix=did_you_mean(name, INPUTS)) for name in strange
    ]
    problems += [Problem(f"the table {name} is missing", fix=f"add {name}: {INPUTS[name].meaning}") for name in missing]
    if problems:
        raise InputError(problems)
    named = [name for name in INPUTS if name in frames]
    return _tables(model, named, lambda name: cells_of_frame(frames[name], name, name), {})


def _tables(
    model: Model, named: list[str], cells_of: Callable[[str], Cells], paths: dict[str, Path]
) -> tuple[Tables, list[Problem]]:
    parsed: dict[str, Parsed] = {}
    problems: list[Problem] = []
    usable = True
    for name in named:
        try:
            parsed[name] = parse_table(_with_rows(cells_of(name), model), model)
            problems += parsed[name].problems
        except InputError as error:
            usable = False
            problems += error.problems
    without_options = "options" not in parsed or parsed["options"].frame.empty
    if "places" in parsed and parsed["places"].frame.empty and without_options:
        what = "the table has no rows, and no options bring places"
        problems.append(Problem(what, parsed["places"].file, fix="add rows, or an options table"))
        usable = False
    if not usable:
        raise InputError(problems)
    try:
        done = complete_tables(model, parsed, paths)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    return done.tables, [*problems, *done.problems]


def _with_rows(cells: Cells, model: Model) -> Cells:
    """`cells`; raises InputError where a table that must have rows has none. Places may have headings alone: all
    provision is options then; so may journeys that the model file says are computed.
    """
    computed = "method" in model.travel.model_fields_set and model.travel.method == "straight_line"
    headed = len(cells.frame.columns) > 0 and (cells.table == "places" or (cells.table == "travel" and computed))
    needs_rows = (*REQUIRED, *FORECAST_INPUTS, *OWN_FILES, "travel")
    if cells.frame.empty and cells.table in needs_rows and not headed:
        what = NO_ROWS if len(cells.frame.columns) else "the file is empty"
        raise InputError([Problem(what, cells.file, fix="add rows, or name another file")])
    return cells
