"""Changes to the rows of a parsed table, in the words of a scenario: where, set, times, plus, a new row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sufficiency.problems import Problem, did_you_mean
from sufficiency.tables.cells import cell_text
from sufficiency.tables.parse import parse_value
from sufficiency.tables.readers import Fault, blank_value

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.model.scenarios import Edit
    from sufficiency.tables.schema.columns import Column, TableSpec

Flags = NDArray[np.bool_]
HUGE = 1e300
"""Beyond what any column holds: a whole number without end is as good."""


class ChangeError(Exception):
    """A change that cannot be made: everything that is wrong with it, each with the likely fix and the value."""

    def __init__(self, what: str, fix: str = "", value: str = "", also: Sequence[Problem] = ()) -> None:
        self.problems = [Problem(what, value=value, fix=fix), *also]
        super().__init__(what)


@contextmanager
def errors_raised_together() -> Iterator[list[Problem]]:
    """A list for what is wrong with a change, filled under `errors_collected`; raised as one ChangeError at the end."""
    problems: list[Problem] = []
    yield problems
    if problems:
        first, *others = problems
        raise ChangeError(first.what, first.fix, first.value, others)


@contextmanager
def errors_collected(problems: list[Problem]) -> Iterator[None]:
    """Keep what is wrong in the block for later, so that the rest of the change is looked at too."""
    try:
        yield
    except ChangeError as bad:
        problems += bad.problems


def changed(spec: TableSpec, model: Model, frame: pd.DataFrame, edit: Edit) -> pd.DataFrame:
    """`frame` with the rows that `edit.where` finds set, multiplied or added to. Raises ChangeError."""
    if not (edit.set or edit.times or edit.plus):
        raise ChangeError("it changes nothing", "give set, times or plus")
    result, rows = frame.copy(), np.zeros(len(frame), dtype=np.bool_)
    with errors_raised_together() as wrong:
        with errors_collected(wrong):
            rows = matching_rows(spec, model, frame, edit.where)
        for name, value in edit.set.items():
            with errors_collected(wrong):
                _set(spec, model, result, rows, name, value)
        for numbers, how in ((edit.times, np.multiply), (edit.plus, np.add)):
            for name, number in numbers.items():
                with errors_collected(wrong):
                    _reckon(spec, model, result, rows, name, number, how)
    return _places_forgotten(spec, result, rows, set(edit.set) | set(edit.times) | set(edit.plus))


def removed(spec: TableSpec, model: Model, frame: pd.DataFrame, where: dict[str, Any]) -> pd.DataFrame:
    """`frame` without the rows that `where` finds. Raises ChangeError."""
    if not where:
        raise ChangeError("it names no rows", "give where")
    return frame[~matching_rows(spec, model, frame, where)]


def new_row(spec: TableSpec, model: Model, frame: pd.DataFrame | None, row: dict[str, Any]) -> dict[str, Any]:
    """The values of a row to add, by column. Raises ChangeError."""
    extra = [] if frame is None else [str(name) for name in frame.columns if name not in (*spec.names, "geometry")]
    values: dict[str, Any] = {}
    with errors_raised_together() as wrong:
        for name in row:
            if name not in spec.names and name not in extra:
                fix = did_you_mean(name, [*spec.names, *extra])
                wrong.append(Problem(f"{spec.name} has no such column", value=name, fix=fix))
        for column in spec.columns:
            if column.name not in row and column.required and not column.blank:
                what = f"the row needs {column.name}: {column.meaning}"
                wrong.append(Problem(what, fix=f"add {column.name}"))
                continue
            with errors_collected(wrong):
                values[column.name] = _read(column, model, row.get(column.name, ""))
        for name in extra:
            with errors_collected(wrong):
                values[name] = _text(name, row.get(name, ""))
    return values


def with_rows(spec: TableSpec, frame: pd.DataFrame | None, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """`frame` with more rows (`new_row`), numbered after the last."""
    first = 2 if frame is None or frame.empty else int(frame.index.max()) + 1
    index = pd.RangeIndex(first, first + len(rows))
    new = pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], index=index, dtype=_dtype(spec, name)) for name in rows[0]}
    )
    if frame is None:
        return new
    if frame.empty:
        return new.reindex(columns=frame.columns)
    if "geometry" in frame.columns:
        new["geometry"] = None
    new = new.astype({name: frame[name].dtype for name in new.columns if name != "geometry"})
    return pd.concat([frame, new[list(frame.columns)]])


def matching_rows(spec: TableSpec, model: Model, frame: pd.DataFrame, where: dict[str, Any]) -> Flags:
    """Which rows `where` finds. Raises ChangeError where it finds none."""
    rows = np.ones(len(frame), dtype=np.bool_)
    with errors_raised_together() as wrong:
        for name, wanted in where.items():
            with errors_collected(wrong):
                hits = _hits(_column(spec, frame, name), model, frame[_spelled(spec, frame, name)], wanted, name)
                rows &= hits
                if not hits.any():
                    what = f"no row of {spec.name} has this {name}"
                    raise ChangeError(what, _nearest_value(frame, name, wanted), _said(wanted))
    if not rows.any():
        what = f"no row of {spec.name} fits all of {', '.join(where)}" if where else f"{spec.name} has no rows"
        raise ChangeError(what, "loosen where" if where else "", ", ".join(map(_said, where.values())))
    return rows


def _nearest_value(frame: pd.DataFrame, name: str, wanted: Any) -> str:
    if name not in frame or not isinstance(wanted, str) or not isinstance(frame[name].dtype, pd.StringDtype):
        return ""
    return did_you_mean(wanted, [str(value) for value in frame[name].unique()][:5000])


def _said(wanted: Any) -> str:
    if isinstance(wanted, dict):
        return ", ".join(f"{key} {value}" for key, value in wanted.items())
    return cell_text(wanted)


def _spelled(spec: TableSpec, frame: pd.DataFrame, name: str) -> str:
    column = _column(spec, frame, name)
    return name if column is None else column.name


def _column(spec: TableSpec, frame: pd.DataFrame, name: str) -> Column | None:
    """The catalogue's column, None for one of the file's extra columns. Raises ChangeError where there is
    neither.
    """
    if name in spec.names:
        return spec.column(name)
    if name in frame.columns and name != "geometry":
        return None
    names = [str(known) for known in frame.columns if known != "geometry"]
    raise ChangeError(f"{spec.name} has no such column", did_you_mean(name, names), name)


def _hits(column: Column | None, model: Model, values: pd.Series[Any], wanted: Any, name: str) -> Flags:
    if isinstance(wanted, dict):
        return _in_span(column, values, wanted, name)
    options = wanted if isinstance(wanted, list) else [wanted]
    if column is None:
        return values.isin([cell_text(option) for option in options]).to_numpy(dtype=np.bool_)
    read = [_read(column, model, option, blank=True) for option in options]
    if column.kind in {"number", "year"}:
        read = [math.nan if value == "" else value for value in read]
        hit = values.isin([value for value in read if not math.isnan(value)]).to_numpy(dtype=np.bool_)
        return hit | (values.isna().to_numpy() if any(math.isnan(value) for value in read) else False)
    if isinstance(values.dtype, pd.StringDtype):
        return values.str.casefold().isin([str(value).casefold() for value in read]).to_numpy(dtype=np.bool_)
    return np.array([value in read for value in values], dtype=np.bool_)


def _in_span(column: Column | None, values: pd.Series[Any], span: dict[str, Any], name: str) -> Flags:
    strange = next((key for key in span if key not in {"from", "to"}), None)
    if strange is not None or not span:
        raise ChangeError(
            f"where.{name} takes a value, a list, or from and to",
            "use { from = 2027, to = 2030 }",
            str(strange or ""),
        )
    if column is None or column.kind not in {"number", "year"}:
        raise ChangeError(
            f"from and to need a column of numbers or years, and {name} is not one", "give a list of values"
        )
    ends = {"from": -math.inf, "to": math.inf} | span
    with errors_raised_together() as wrong:
        for end, value in ends.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
                what = f"where.{name}.{end} is not a number"
                wrong.append(Problem(what, value=cell_text(value), fix="write one such as 2027, without quotes"))
    low, high = (min(max(ends[end], -HUGE), HUGE) for end in ("from", "to"))
    return values.between(low, high).to_numpy(dtype=np.bool_)


def _text(name: str, value: Any) -> str:
    """The text of a column that only the file has."""
    if isinstance(value, dict | list):
        raise ChangeError(f"{name}: one value is wanted here, not several", "give one value")
    return cell_text(value)


def _read(column: Column, model: Model, value: Any, *, blank: bool = False) -> Any:
    several = column.kind.endswith("s")
    if isinstance(value, dict) or (isinstance(value, list) and not several):
        raise ChangeError(f"{column.name}: one value is wanted here, not several", "give one value")
    if several and (value == [] or (isinstance(value, float) and math.isnan(value))):
        raise ChangeError(f"{column.name}: nothing is listed", 'list some, or write "" for what a blank means')
    text = cell_text(value).strip()
    if text == "" and blank and column.kind in {"needs", "phases"}:
        return blank_value(column, model)
    read = parse_value(column, model, text) if text or column.blank or not blank else ""
    if isinstance(read, Fault):
        raise ChangeError(f"{column.name}: {read.what}", read.fix, text)
    return read


def _set(spec: TableSpec, model: Model, frame: pd.DataFrame, rows: Flags, name: str, value: Any) -> None:
    column = _column(spec, frame, name)
    if column is None:
        frame[name] = frame[name].where(~rows, _text(name, value))
        return
    read = _read(column, model, value)
    if isinstance(read, tuple):
        frame[name] = pd.Series(
            [read if hit else old for hit, old in zip(rows, frame[name], strict=True)],
            frame.index,
            dtype=object,
        )
    elif column.kind in {"number", "year"}:
        numbers = np.where(rows, read, frame[name].to_numpy(dtype=float))
        frame[name] = np.nan_to_num(numbers, nan=0.0).astype("int64") if frame[name].dtype.kind == "i" else numbers
    else:
        frame[name] = frame[name].where(~rows, read)


def _reckon(
    spec: TableSpec, model: Model, frame: pd.DataFrame, rows: Flags, name: str, number: float, how: np.ufunc
) -> None:
    column = _column(spec, frame, name)
    if column is None or column.kind not in {"number", "year"}:
        raise ChangeError(f"{name} is not a column of numbers of {spec.name}", "use set", name)
    before = frame[column.name].to_numpy(dtype=float)
    values = np.where(rows, how(before, number), before)
    _in_range(column, model, values[rows])
    frame[column.name] = pd.Series(values, frame.index).astype(frame[column.name].dtype)


def _in_range(column: Column, model: Model, values: NDArray[np.float64]) -> None:
    low, high = column.minimum, column.maximum
    if low is not None and (values < low).any():
        raise ChangeError(
            f"it makes {column.name} fall below {low:g}", "check times and plus", f"{np.nanmin(values):g}"
        )
    if high is not None and (values > high).any():
        raise ChangeError(
            f"it makes {column.name} rise above {high:g}", "check times and plus", f"{np.nanmax(values):g}"
        )
    known = values[~np.isnan(values)]
    parts = known[known % 1 != 0][:1] if column.kind == "year" else known[:0]
    for value in (known.min(initial=np.inf), known.max(initial=-np.inf), *parts):
        read = parse_value(column, model, f"{value:.15g}") if np.isfinite(value) else None
        if isinstance(read, Fault):
            raise ChangeError(f"it makes {column.name} {read.what}", "check times and plus", f"{value:g}")


def _places_forgotten(spec: TableSpec, frame: pd.DataFrame, rows: Flags, names: set[str]) -> pd.DataFrame:
    """Settings that move: latitude and longitude hold where they are what was changed."""
    if spec.name != "settings" or not names & {"latitude", "longitude"} or names & {"x", "y"}:
        return frame
    return frame.assign(x=frame["x"].where(~rows), y=frame["y"].where(~rows))


def _dtype(spec: TableSpec, name: str) -> Any:
    kind = spec.column(name).kind if name in spec.names else "text"
    if kind == "year":
        return "float64" if spec.column(name).blank else "int64"
    if kind in {"needs", "phases", "levels", "ids", "numbers"}:
        return object
    return {"number": "float64", "flag": "bool"}.get(kind, "str")
