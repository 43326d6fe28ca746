"""Journeys as routing programs write them, long or wide, turned into the rows of the travel table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sufficiency.problems import InputError, Problem, shown
from sufficiency.tables.cells import Cells
from sufficiency.tables.layout import plain_heading

AREA, SETTING, MINUTES, KM = "area", "setting", "minutes", "km"
_FROM = ("from_id", "origin", "origin_id", "source", "source_id", "from")
_TO = ("to_id", "destination", "destination_id", "target", "target_id", "to")
_IN_MINUTES = ("travel_time", "travel_time_p50")
"""What r5py and r5r call minutes, the second for the median departure."""
_DURATION = ("duration", "durations")
_DISTANCE = ("distance", "distances")
"""What OSRM calls seconds and metres; others use the same words for minutes and km."""
_PLAUSIBLE = (8.0, 110.0)
"""km/h of journeys by road at the middle: no other pair of units brings a journey to such a speed."""
_LONGEST_MINUTES, _LEAST_SECONDS = 120.0, 180.0
"""A middle journey of more than three hours is none to school: it is in seconds. Up to two hours it is in minutes;
between the two nothing is certain.
"""
_MOSTLY = 0.5
"""Share of the cells of a column that are numbers, from which it is one of numbers."""
_NO_JOURNEY = ("", "nan", "na", "none", "null", "inf")
_CALL = "give minutes and km one way, and call the columns minutes and km"


def as_travel_rows(cells: Cells) -> Cells:
    """A travel table as the catalogue has it, from a matrix of a routing program: `from_id, to_id, travel_time` (r5py,
    r5r), `origin, destination, duration, distance` (OSRM's words), or minutes with an area a row and a setting a
    column. Pairs without a journey (blank cells) are left out. Any other table stays as it is.

    Without km the column km is left to be worked out. Raises InputError where the unit is not certain.
    """
    names = {plain_heading(name): name for name in reversed(list(cells.frame.columns))}
    if cells.frame.empty or {AREA, SETTING, MINUTES} <= names.keys():
        return cells
    start, end = (_first(names, words) for words in ((AREA, *_FROM), (SETTING, *_TO)))
    time = _first(names, (MINUTES, *_IN_MINUTES, *_DURATION))
    if start and end and time:
        return _from_long(cells, names, start, end, time)
    wide = end is None and _is_wide(cells.frame)
    return _from_wide(cells) if wide else cells


def _first(names: dict[str, str], words: tuple[str, ...]) -> str | None:
    return next((word for word in words if word in names), None)


def _from_long(cells: Cells, names: dict[str, str], start: str, end: str, time: str) -> Cells:
    length = _first(names, (KM, *_DISTANCE))
    text = cells.frame
    heads = [plain_heading(name) for name in text.columns]
    twice = [names[one] for one in dict.fromkeys((start, end, time, length)) if one and heads.count(one) > 1]
    if twice:
        fix = "remove or rename one of them"
        raise InputError([Problem("the column is there twice", cells.file, 1, name, fix=fix) for name in twice])
    columns = {AREA: text[names[start]], SETTING: text[names[end]], MINUTES: text[names[time]]}
    if length is not None:
        columns[KM] = text[names[length]]
    rows = pd.DataFrame(columns)
    rows = rows[~rows[MINUTES].str.casefold().isin(_NO_JOURNEY)]
    minutes = _numbers(rows[MINUTES])
    km = None if length is None else _numbers(rows[KM])
    per_minute = 1.0 if time not in _DURATION else None
    per_km = 1.0 if length not in _DISTANCE else None
    if per_minute is None or per_km is None:
        per_minute, per_km = _units(cells, minutes, km, per_minute, per_km, (names[time], names.get(length or "", "")))
    rows[MINUTES] = _divided(rows[MINUTES], minutes, per_minute)
    if km is not None:
        rows[KM] = _divided(rows[KM], km, per_km)
    said = [f"{names[time]} as {'seconds' if per_minute == 60 else 'minutes'}"]
    said += [f"{names[length]} as {'metres' if per_km == 1000 else 'km'}"] if length is not None else []
    return _turned(cells, rows, " and ".join(said))


def _units(
    cells: Cells,
    time: pd.Series[float],
    length: pd.Series[float] | None,
    per_minute: float | None,
    per_km: float | None,
    called: tuple[str, str],
) -> tuple[float, float]:
    """How many of the file's units of time a minute has, and of length a km, where a heading does not say which."""
    if length is None:
        return _unit_of_minutes(cells, time, called[0]), 1.0
    some = (time > 0) & (length > 0)
    speed = float((length[some] / time[some]).median()) if some.any() else np.nan
    for minute in (60.0, 1.0) if per_minute is None else (per_minute,):
        for km in (1000.0, 1.0) if per_km is None else (per_km,):
            if _PLAUSIBLE[0] <= speed * minute / km * 60 <= _PLAUSIBLE[1]:
                return minute, km
    what = f"the units of {shown(called[0])} and {shown(called[1])} are not certain: no units give the speed of a car"
    raise InputError([Problem(what, cells.file, fix=_CALL)])


def _unit_of_minutes(cells: Cells, time: pd.Series[float], called: str) -> float:
    """1 where numbers are minutes, 60 where they are seconds."""
    middle = float(time.median()) if time.notna().any() else 0.0
    if middle > _LEAST_SECONDS:
        return 60.0
    if middle <= _LONGEST_MINUTES:
        return 1.0
    what = f"{shown(called)} may be minutes or seconds: the middle journey is {middle:.0f}"
    raise InputError([Problem(what, cells.file, fix="give minutes one way, and call the column minutes")])


def _numbers(text: pd.Series[str]) -> pd.Series[float]:
    """Cells as numbers, `1,500` as 1500; NaN for what is none."""
    return pd.to_numeric(text.str.replace(r",(?=\d{3}(?:\D|$))", "", regex=True), errors="coerce")


def _is_wide(frame: pd.DataFrame) -> bool:
    """Whether the first column names areas and every other column holds numbers, but for a few cells, which are said
    to be none later.
    """
    names = [plain_heading(name) for name in frame.columns]
    known = {AREA, SETTING, MINUTES, KM, *_TO, *_IN_MINUTES, *_DURATION, *_DISTANCE}
    if len(names) < 3 or names[0] not in {AREA, *_FROM} or known & set(names[1:]):
        return False
    held = [column[~column.str.casefold().isin(_NO_JOURNEY)] for _, column in frame.iloc[:, 1:].items()]
    filled = [_numbers(column).notna() for column in held if len(column)]
    return bool(filled and all(numeric.mean() > _MOSTLY for numeric in filled))


def _from_wide(cells: Cells) -> Cells:
    first = str(cells.frame.columns[0])
    long = cells.frame.set_axis(cells.frame[first], axis=0).drop(columns=first)
    areas, settings = np.repeat(long.index.to_numpy(), long.shape[1]), np.tile(long.columns.to_numpy(), len(long))
    rows = pd.DataFrame(
        {AREA: areas, SETTING: settings, MINUTES: long.to_numpy().ravel()},
        index=np.repeat(cells.frame.index.to_numpy(), long.shape[1]),
        dtype="str",
    )
    rows = rows[~rows[MINUTES].str.casefold().isin(_NO_JOURNEY)]
    minutes = _numbers(rows[MINUTES])
    per_minute = _unit_of_minutes(cells, minutes, "the table")
    rows[MINUTES] = _divided(rows[MINUTES], minutes, per_minute)
    return _turned(cells, rows, f"cells as {'seconds' if per_minute == 60 else 'minutes'}, a setting a column")


def _divided(text: pd.Series[str], numbers: pd.Series[float], by: float) -> pd.Series[str]:
    """Numbers in another unit; what is no number stays as it is, to be reported."""
    if by == 1.0:
        return text
    return text.where(numbers.isna(), (numbers / by).map(repr))


def _turned(cells: Cells, rows: pd.DataFrame, read_as: str) -> Cells:
    what = f"this is a matrix of a routing program: it is read with {read_as}"
    without = frozenset({KM}) - set(rows.columns)
    if without:
        what += "; km, which it does not have, are worked out from straight lines"
    fix = "check that this is right; or give area, setting, minutes, km"
    said = Problem(what, cells.file, fix=fix, severity="warning")
    return replace(cells, frame=rows, warnings=(*cells.warnings, said), merged=(), without=without)
