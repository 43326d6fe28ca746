"""A finance export, transport by route or place numbers as a table: a row for each row of the file."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sufficiency.model import Model
from sufficiency.problems import Problem, raise_errors
from sufficiency.sources.own_files.find import OwnFile
from sufficiency.tables.cells import Cells
from sufficiency.tables.layout import columns_in
from sufficiency.tables.read import parse_located
from sufficiency.tables.schema.own_files import OWN_FILES, TRANSPORT
from sufficiency.tables.years import date_in, term_in


def read_own_file(file: OwnFile, model: Model, notes: list[Problem]) -> pd.DataFrame:
    """The columns of the catalogue and `file`, index = row in the file; in transport `pounds` is of a whole year.

    Warnings are added to `notes`. Raises InputError with every cell that cannot be read, where a row says no pounds,
    and where the file is of several financial years.
    """
    parsed = parse_located(file.place, file.kind, model, _with_septembers)
    frame, problems = parsed.frame, [*parsed.problems]
    if "financial_year" in frame:
        years = sorted({int(year) for year in frame["financial_year"].dropna()})
        if len(years) > 1:
            what = f"the file holds the financial years {', '.join(map(str, years))}: they would be added up"
            problems.append(Problem(what, parsed.file, column="financial_year", fix="keep the rows of one year"))
    if file.kind == TRANSPORT:
        neither = frame["pounds"].isna() & frame["pounds_per_day"].isna()
        unread = parsed.doubtful & {"transport.pounds", "transport.pounds_per_day"}
        problems += [
            Problem("no cost is given", parsed.file, int(str(row)), "pounds", fix="give £ a year, or £ a day")
            for row in frame.index[neither]
            if not unread
        ]
        days = frame["days"].fillna(model.travel.days)
        frame = frame.assign(pounds=frame["pounds"].fillna(frame["pounds_per_day"] * days))
    raise_errors(problems)
    notes += problems
    return frame.assign(file=parsed.file)


def _with_septembers(cells: Cells) -> Cells:
    """`cells` with 1 September, or September alone, as its year: agreements begin on that day."""
    frame, spec = cells.frame.copy(), OWN_FILES[cells.table]
    for position, heading in enumerate(frame.columns):
        if columns_in([str(heading)], spec) == {"from_year"}:
            frame.isetitem(position, frame.iloc[:, position].map(_september).array)
    return replace(cells, frame=frame)


def _september(text: str) -> str:
    day = date_in(text) or term_in(text)
    return str(day.year) if day is not None and (day.month, day.day) == (9, 1) else text
