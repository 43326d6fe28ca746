"""Dates as returns write them, and the years that follow from them."""

from __future__ import annotations

import pandas as pd

_FORMATS = ("%Y-%b-%d", "%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y", "%d-%m-%Y")


def dates(cells: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """Each cell as a date, day before month; no date where the cell is blank or cannot be read."""
    days = cells.str.split(r"[ T]", regex=True).str[0].fillna("")
    read = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    for written in _FORMATS:
        read = read.fillna(pd.to_datetime(days, format=written, errors="coerce").astype("datetime64[s]"))
    return read


def year_group(birth: pd.Series[pd.Timestamp], count_day: pd.Timestamp) -> pd.Series[int]:
    """National curriculum year: age on 31 August before the count, less 4 (DfE's age tables)."""
    first_september = academic_year_of(count_day)
    before = (birth.dt.month > 8).astype(int)
    return first_september - birth.dt.year - before - 4


def academic_year_of(day: pd.Timestamp) -> int:
    """The September in which the academic year of a day began."""
    return day.year - (day.month < 9)
