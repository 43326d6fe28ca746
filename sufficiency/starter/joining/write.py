"""The tables that follow from other teams' files: in place where nobody has touched the old one, else beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sufficiency.case import Case
from sufficiency.model import Model
from sufficiency.problems import InputError, Problem
from sufficiency.result.swap import real
from sufficiency.starter.joining.edited import Edited
from sufficiency.starter.open_data.write import write_table
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.locate import DELIMITED
from sufficiency.tables.origin import is_as_built
from sufficiency.tables.read import read_tables


def put_tables(case: Case, edited: dict[str, Edited], whole: dict[str, bool]) -> tuple[list[Path], list[Problem]]:
    """Write the tables that changed, and say where each is, with what is wrong in them.

    A CSV file still as `new` wrote it is replaced, if `whole` says that all of it is known now and the model is sound
    with it. Every other table is left, and the new one goes beside it as NAME.new.csv.
    """
    changed = {name: table for name, table in edited.items() if table.changed and table.writable}
    if not changed:
        return [], []
    folder = real(next(iter(changed.values())).located.path.parent)
    try:
        with tempfile.TemporaryDirectory(prefix=".joined-", dir=folder) as work:
            made = {name: Path(work) / f"{name}.csv" for name in changed}
            for name, table in changed.items():
                write_table(table.frame(), made[name])
            problems = _faults(case, made)
            files = []
            for name, table in changed.items():
                sound = not problems and whole[name] and table.located.suffix in DELIMITED
                target = table.located.path if sound and is_as_built(case.model, name) else table.beside
                made[name].replace(target)
                files.append(target)
    except OSError as error:
        what = f"the tables cannot be written: {error.strerror or error}"
        raise InputError([Problem(what, str(folder), fix="close its files elsewhere, and run again")]) from None
    return files, problems


def _faults(case: Case, made: dict[str, Path]) -> list[Problem]:
    """What is wrong with the model under the new tables and was not before: as warnings, for the old ones hold."""
    named = case.model.tables.model_copy(update={name: str(file) for name, file in made.items()})
    model: Model = case.model.model_copy(update={"tables": named})
    given = None if model.forecast is None else {"demand": case.tables.demand}
    try:
        tables, problems = read_tables(model, given=given)
        problems += check_tables(model, tables)
    except InputError as error:
        problems = list(error.problems)
    return [
        Problem(one.what, f"{one.file} as joined", one.row, one.column, one.value, one.fix, "warning")
        for one in problems
        if one.severity == "error"
    ]
