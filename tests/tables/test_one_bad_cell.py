"""One cell that cannot be read gives one message; nothing else is said because of it."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency.problems import InputError, Problem
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.read import tables_from_frames
from sufficiency.tables.schema.inputs import INPUTS
from tests.tables.test_any_cell import AREAS, FRAMES, MODEL

NONSENSE = "?!"
READ = {"number", "year", "need", "phase", "type", "level", "flag", "needs", "phases", "levels", "numbers"}
CELLS = [
    (table, column.name, row)
    for table in FRAMES
    for column in INPUTS[table].columns
    if column.kind in READ and column.name in FRAMES[table]
    for row in [len(FRAMES[table]) // 2]
]


def problems_with(frames: dict[str, pd.DataFrame]) -> list[Problem]:
    try:
        tables, problems = tables_from_frames(MODEL, frames)
        return problems + check_tables(MODEL, tables)
    except InputError as error:
        return list(error.problems)


@pytest.mark.parametrize(("table", "column", "row"), CELLS)
def test_an_unreadable_cell_gives_one_message(table: str, column: str, row: int) -> None:
    frame = FRAMES[table].copy()
    frame.loc[row, column] = NONSENSE
    problems = problems_with({**FRAMES, "areas": AREAS, table: frame})
    assert [(one.file, one.row, one.column, one.value) for one in problems] == [(table, row + 2, column, NONSENSE)], [
        str(one) for one in problems
    ]


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        ("demand", "area", 3),
        ("placements", "area", 3),
        ("placements", "line", 2),
        ("places", "setting", 0),
        ("options", "setting", 1),
        ("options", "line", 0),
    ],
)
def test_a_code_that_names_nothing_gives_one_message(table: str, column: str, row: int) -> None:
    frame = FRAMES[table].copy()
    frame.loc[row, column] = "Z9"
    problems = problems_with({**FRAMES, "areas": AREAS, table: frame})
    assert [(one.file, one.row, one.column, one.value) for one in problems] == [(table, row + 2, column, "Z9")], [
        str(one) for one in problems
    ]


@pytest.mark.parametrize("table", ["demand", "placements", "places"])
def test_a_whole_column_of_nonsense_gives_one_line(table: str) -> None:
    for column in INPUTS[table].columns:
        if column.kind not in READ or column.name not in FRAMES[table]:
            continue
        frame = FRAMES[table].assign(**{column.name: NONSENSE})
        problems = problems_with({**FRAMES, "areas": AREAS, table: frame})
        assert [(one.column, one.count) for one in problems] == [(column.name, len(frame))], [str(p) for p in problems]
