"""Cells to columns: each distinct text of a column is read once, each that cannot be read is a problem with
its row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sufficiency.problems import Problem, did_you_mean, raise_errors, shown
from sufficiency.tables.header import match_header
from sufficiency.tables.layout import spec_of
from sufficiency.tables.personal import refuse_personal
from sufficiency.tables.readers import Fault, blank_value, reader_of
from sufficiency.tables.schema.columns import Column, TableSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from sufficiency.model import Model
    from sufficiency.tables.cells import Cells

MOST_SHOWN = 10
"""Distinct bad values of a column that get a line each; the rest are counted on one more line."""


KEEP_ONE = "keep one of the two rows"


@dataclass(frozen=True)
class Parsed:
    """A table by the catalogue: its frame, its shapes, what was wrong with it, and the columns with cells
    that could not be read.
    """

    spec: TableSpec
    file: str
    frame: pd.DataFrame
    shapes: gpd.GeoSeries | None
    problems: tuple[Problem, ...]
    doubtful: frozenset[str]


def parse_table(cells: Cells, model: Model) -> Parsed:
    """Parse one table. Raises InputError where its header does not fit the catalogue, so that nothing in it
    can be used.
    """
    spec = spec_of(cells.table)
    if spec is None:
        raise KeyError(cells.table)
    if cells.without:
        there = (replace(column, required=column.name not in cells.without) for column in spec.columns)
        spec = replace(spec, columns=tuple(there))
    raise_errors(refuse_personal(list(cells.frame.columns), cells.table, cells.file))
    names, problems = match_header(list(cells.frame.columns), spec, cells.file)
    problems = [*cells.warnings, *problems]
    raise_errors(problems)
    text = cells.frame.set_axis(names, axis=1)
    doubtful: set[str] = set()
    columns: dict[str, Any] = {}
    spelled = dict(zip(cells.frame.columns, names, strict=True))
    problems += _merged(cells, spec, spelled, doubtful)
    empty, hardly_filled = _hardly_filled(text, spec, cells.file)
    if hardly_filled:
        problems += hardly_filled
        text, shapes = text[~empty], None if cells.shapes is None else cells.shapes[~empty]
        doubtful |= {f"{spec.name}.{column.name}" for column in spec.columns}
        cells = replace(cells, shapes=shapes)
    for column in spec.columns:
        texts = text.get(column.name)
        values, faults = _parse_column(texts, column, model, len(text))
        columns[column.name] = values
        if faults:
            doubtful.add(f"{spec.name}.{column.name}")
            problems += list(_problems(faults, column, cells.file, text.index))
    frame = pd.DataFrame(columns, index=text.index)
    ignored = [name for name in names if name not in spec.names and not (spec.spatial and name == "geometry")]
    if ignored:
        frame = pd.concat([frame, text[ignored]], axis=1)
    return Parsed(spec, cells.file, frame, cells.shapes, tuple(problems), frozenset(doubtful))


def _merged(cells: Cells, spec: TableSpec, spelled: dict[str, str], doubtful: set[str]) -> list[Problem]:
    """Problems of merged cells that cannot count for each of their rows: numbers, and cells across columns."""
    problems: list[Problem] = []
    kinds = {column.name: column.kind for column in spec.columns}
    for merged in cells.merged:
        columns = [spelled[name] for name in merged.columns if spelled[name] in kinds]
        if len(merged.columns) > 1 and columns:
            what = f"the cells {merged.address} are merged across columns"
        elif columns and kinds[columns[0]] in {"number", "numbers"} and len(merged.rows) > 1:
            what = f"the cells {merged.address} are merged: one number for {len(merged.rows)} rows"
        else:
            continue
        doubtful |= {f"{spec.name}.{name}" for name in columns}
        fix = "unmerge them, and fill in each cell by itself"
        problems.append(Problem(what, cells.file, merged.rows[0], ", ".join(columns), fix=fix))
    return problems


def _hardly_filled(text: pd.DataFrame, spec: TableSpec, file: str) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Rows that leave several cells blank which every row must fill, and one problem for those that leave the same."""
    needed = [column.name for column in spec.columns if column.required and not column.blank and column.name in text]
    blanks = np.column_stack([(text[name] == "").to_numpy(dtype=bool) for name in needed]) if needed else None
    if blanks is None or not (blanks.sum(axis=1) > 1).any():
        return np.zeros(len(text), dtype=bool), []
    several = blanks.sum(axis=1) > 1
    problems: list[Problem] = []
    patterns, which = np.unique(blanks[several], axis=0, return_inverse=True)
    rows = text.index[several]
    for number, pattern in enumerate(patterns):
        mine = rows[np.ravel(which) == number]
        columns = [name for name, blank in zip(needed, pattern, strict=True) if blank]
        first = next((cell for cell in text.loc[mine[0]] if cell), "")
        what = f"these cells are blank: {', '.join(columns)}"
        fix = "fill them in, even where they repeat the row above; or delete the row if it is a note, heading or total"
        problems.append(Problem(what, file, int(mine[0]), value=first, fix=fix, count=len(mine)))
    return several, problems


def parse_value(column: Column, model: Model, text: str) -> Any:
    """One value of a column, blank ones too; a `Fault` where it cannot be read."""
    if text.strip() == "":
        return blank_value(column, model) if column.blank else _blank(column)
    return reader_of(column, model)(text.strip())


def _blank(column: Column) -> Fault:
    return Fault("the cell is blank", f"give {column.name}: {column.meaning}")


def _parse_column(
    texts: pd.Series[str] | None, column: Column, model: Model, rows: int
) -> tuple[Any, list[tuple[NDArray[np.intp], str, Fault]]]:
    """The values of a column, and each bad text with the positions of its rows."""
    blank = blank_value(column, model)
    if texts is None:
        return _typed([blank], np.zeros(rows, dtype=np.intp), column), []
    code_of_row, distinct = pd.factorize(texts)
    read = reader_of(column, model)
    values: list[Any] = []
    bad: list[tuple[int, str, Fault]] = []
    for code, text in enumerate(distinct.tolist()):
        value = read(text) if text else (blank if column.blank else _blank(column))
        if isinstance(value, Fault):
            bad.append((code, text, value))
            value = blank
        values.append(value)
    order = np.argsort(code_of_row, kind="stable") if bad else np.empty(0, dtype=np.intp)
    starts = np.searchsorted(code_of_row[order], np.arange(len(distinct) + 1))
    faults = [(order[starts[code] : starts[code + 1]], text, fault) for code, text, fault in bad]
    return _typed(values or [blank], code_of_row, column), faults


def _typed(values: list[Any], code_of_row: NDArray[np.intp], column: Column) -> Any:
    """The value of each row in the type that the rest of the program relies on."""
    if column.kind in {"number", "year"}:
        numbers = np.array(values, dtype=np.float64)[code_of_row]
        if column.kind == "year" and not column.blank:
            return np.nan_to_num(numbers, nan=0.0).astype(np.int64)  # only unreadable cells, reported, are not a year
        return numbers
    if column.kind == "flag":
        return np.array(values, dtype=np.bool_)[code_of_row]
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    if column.kind in {"needs", "phases", "levels", "ids", "numbers"}:
        return objects[code_of_row]
    return pd.array(objects[code_of_row], dtype="str")


def _problems(
    faults: list[tuple[NDArray[np.intp], str, Fault]], column: Column, file: str, index: pd.Index[Any]
) -> Iterator[Problem]:
    for rows, text, fault in faults[:MOST_SHOWN]:
        yield Problem(fault.what, file, int(index[rows[0]]), column.name, text, fault.fix, count=len(rows))
    rest = faults[MOST_SHOWN:]
    if rest:
        first_rows, text, fault = rest[0]
        count = sum(len(rows) for rows, _, _ in rest)
        yield Problem(fault.what, file, int(index[first_rows[0]]), column.name, text, fault.fix, count=count)


def duplicates(frame: pd.DataFrame, key: list[str], file: str, fix: str = KEEP_ONE) -> list[Problem]:
    """One problem for all rows that repeat the key of an earlier row."""
    again = frame.duplicated(key)
    if not again.any():
        return []
    row = frame.index[again][0]
    values = frame.loc[again, key].iloc[0]
    earlier = frame.index[(frame[key] == values).all(axis=1)][0]
    value = " ".join(str(item) for item in values if str(item) != "")
    columns = ", ".join(name for name in key if str(values[name]) != "")
    return [
        Problem(
            f"the same {columns} as row {earlier}",
            file,
            int(row),
            value=value,
            fix=fix,
            count=int(again.sum()),
        )
    ]


def listed(names: list[str], most: int = 6) -> str:
    """Names with commas, the rest counted."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def one_of_two(cells: pd.Series[str], words: tuple[str, str], file: str) -> list[Problem]:
    """Cells of a column that are neither of two words, nor blank."""
    strange = cells[~cells.str.strip().str.casefold().isin(["", *words])]
    what = f"neither {words[0]} nor {words[1]}"
    return value_problems(what, strange, file, str(cells.name), lambda value: did_you_mean(value, words))


def value_problems(
    what: str, rows: pd.Series[str], file: str, column: str, fix: Any = "", severity: Any = "error"
) -> list[Problem]:
    """A problem for each distinct value in `rows` (index: file rows), counted; `fix` is text or a function
    of the value.
    """
    problems: list[Problem] = []
    counts = rows.value_counts(sort=False)
    firsts = rows.drop_duplicates()
    for position, (row, value) in enumerate(firsts.items()):
        last = position == MOST_SHOWN
        count = int(counts.sum() - counts[firsts.iloc[:position]].sum()) if last else int(counts[value])
        said = fix(value) if callable(fix) else fix
        problems.append(Problem(what, file, int(str(row)), column, value, said, severity, count))
        if last:
            break
    return problems


__all__ = ["Parsed", "duplicates", "listed", "parse_table", "parse_value", "shown", "value_problems"]
