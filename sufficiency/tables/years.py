"""The year in a cell: academic years by their September, financial years by their April; and the year a date means."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from sufficiency.codes import academic_year
from sufficiency.tables.fault import Fault

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables.schema.columns import Column

FIRST_YEAR, LAST_YEAR = 1990, 2100
_EXCEL_BEGINS = dt.date(1899, 12, 30)
_OPENING = {"opens", "from_year", "earliest", "latest"}
"""Columns in which a day within an academic year may mean that year or the one after."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"autumn": 9, "spring": 1, "summer": 5}


def year_of(text: str, column: Column, model: Model) -> float | Fault:
    """The year of a cell: `2026`, `2026/27`, `2026-2027` or `202627`; else why it is none."""
    if column.default is not None and text == f"{column.default}":
        return float(column.default)
    first = FIRST_YEAR if column.minimum is None else int(column.minimum)
    start = f"year of the {_first_month(column)} in which it starts"
    written = re.fullmatch(r"(\d{4})(?:\.0+)?(?:\s*[/–-]\s*(\d{2}|\d{4}))?", text, re.ASCII)
    together = re.fullmatch(r"((?:19|20)\d\d)(\d\d)(?:\.0+)?", text, re.ASCII)
    if together and int(together[2]) == (int(together[1]) + 1) % 100:
        written = together
    if not written:
        return _no_year(text, column, model, start)
    year = int(written[1])
    if written[2] and int(written[2]) not in {year + 1, (year + 1) % 100}:
        kind = "financial" if column.name == "financial_year" else "academic"
        return Fault(f"not one {kind} year", f"{year} means {academic_year(year)}: give each year a row of its own")
    if not first <= year <= LAST_YEAR:
        return Fault(f"a year outside {first}–{LAST_YEAR}", f"write the {start}, such as {model.years[0]}")
    return float(year)


def _first_month(column: Column) -> str:
    return "April" if column.name == "financial_year" else "September"


def _no_year(text: str, column: Column, model: Model, start: str) -> Fault:
    day = date_in(text)
    if day is not None:
        return _a_date(day, column)
    term = term_in(text)
    if term is not None:
        return _a_date(term, column)
    serial = re.fullmatch(r"(\d{5})(?:\.0+)?", text, re.ASCII)
    if serial and 32_874 <= int(serial[1]) <= 73_415:
        fault = _a_date(_EXCEL_BEGINS + dt.timedelta(days=int(serial[1])), column)
        return Fault("a date as Excel counts days, not a year", fault.fix)
    other = _in_other_words(text, column)
    if other is not None:
        return other
    return Fault("not a year", f"write the {start}, such as {model.years[0]}")


def _in_other_words(text: str, column: Column) -> Fault | None:
    """A year with words or signs around it: `FY25-26`, `AY 2025/26`, `2025_26`, `2025 to 2026`, `2,025`, `2025*`."""
    bare = re.sub(r"\s+", " ", text.casefold().strip(" *†‡'"))
    match = re.fullmatch(r"(fy|ay)? ?((?:19|20)?\d\d)(?: ?(?:[/–_-]|to) ?((?:19|20)?\d\d))?", bare, re.ASCII)
    if match is None:
        comma = re.fullmatch(r"([12]),(\d{3})", bare, re.ASCII)
        return Fault("not a year", f"write {comma[1]}{comma[2]}") if comma else None
    year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
    if (match[3] is None and len(match[2]) == 2) or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if match[3] and int(match[3]) not in {year + 1, (year + 1) % 100}:
        return None
    meant = "financial" if match[1] == "fy" else "academic"
    wanted = "financial" if column.name == "financial_year" else "academic"
    if match[1] and meant != wanted:
        start = "April" if wanted == "financial" else "September"
        return Fault(
            f"{'a' if meant == 'financial' else 'an'} {meant} year, not {wanted}",
            f"write the year of the {start} in which the {wanted} year starts",
        )
    return Fault("not a year", f"write {year} for {academic_year(year)}")


def date_in(text: str) -> dt.date | None:
    """The day that a text names as databases, Excel and people in Britain write it; None where it is no date."""
    bare = re.sub(r"[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$", "", text)
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", bare, re.ASCII)
    parts = [int(part) for part in match.groups()] if match else None
    if parts is None:
        match = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", bare, re.ASCII)
        parts = [int(part) for part in match.groups()][::-1] if match else None
    if parts is None:
        match = re.fullmatch(r"(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4})", bare.casefold(), re.ASCII)
        if match is None or match[2] not in _MONTHS:
            return None
        parts = [int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])]
    try:
        return dt.date(*parts)
    except ValueError:
        return None


def term_in(text: str) -> dt.date | None:
    """The first day of a month or a term that is named with its year: `Sept 2026`, `Spring 2027`."""
    named = re.fullmatch(r"([a-z]+)[ -]*((?:19|20)\d\d)|((?:19|20)\d\d)[ -]*([a-z]+)", text.casefold(), re.ASCII)
    if not named:
        return None
    word, year = named[1] or named[4], int(named[2] or named[3])
    month = _SEASONS.get(word.removesuffix("term").strip())
    if month is None and word[:3] in _MONTHS:
        month = _MONTHS.index(word[:3]) + 1
    return None if month is None else dt.date(year, month, 1)


def _a_date(day: dt.date, column: Column) -> Fault:
    """What to write for a day: the year that it lies in, where that is certain."""
    shown_as_date = (day - _EXCEL_BEGINS).days
    if FIRST_YEAR <= shown_as_date <= LAST_YEAR:
        return Fault(f"{shown_as_date} that the workbook shows as a date", "give the cells the number format General")
    what, said = "a date, not a year", f"{day.day} {day:%B %Y}"
    start = 4 if column.name == "financial_year" else 9
    year = day.year - (day.month < start)
    if column.name == "closes":
        closed = day.year + (day.month > start or (day.month == start and day.day > 1))
        return Fault(what, f"write {closed}: the first September from {said} on is in {closed}")
    if column.name in _OPENING and (day.month, day.day) != (start, 1):
        return Fault(
            what,
            f"write {year} if it counts from {academic_year(year)} on, {year + 1} if from {academic_year(year + 1)}",
        )
    return Fault(what, f"write {year}: {said} is in {academic_year(year)}")
