"""Counts of children that `deidentify` wrote, read back to build a model on."""

from __future__ import annotations

import re

import pandas as pd

from sufficiency.codes import FIRST_NCY, LAST_NCY, NEEDS, UNKNOWN_AREA
from sufficiency.problems import Problem, raise_errors
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import numbers, plain
from sufficiency.sources.published.text_file import first_rows, longer_rows, read_text
from sufficiency.sources.sen2_return.counts import COUNT_COLUMNS, FIRST_ENTRY
from sufficiency.sources.sen2_return.modules import SEN_SETTINGS
from sufficiency.sources.sen2_return.postcodes import ONS_CODE
from sufficiency.tables.numbers import MOST_CHILDREN
from sufficiency.tables.personal import refuse_personal
from sufficiency.tables.years import LAST_YEAR

_AGAIN = "write the counts again with `sufficiency deidentify`"
_CODES = {
    "need": ("|".join(NEEDS), f"one of {', '.join(NEEDS)}"),
    "area": (f"{ONS_CODE.pattern}|{UNKNOWN_AREA}", f"a code of ONS, or {UNKNOWN_AREA}"),
    "urn": (r"(\d{6})?", "six digits, or blank"),
    "ukprn": (r"(\d{8})?", "eight digits, or blank"),
    "sen_setting": ("|".join([*SEN_SETTINGS, ""]), f"one of {', '.join(SEN_SETTINGS)}, or blank"),
    "sen_unit": ("yes|no", "yes or no"),
    "resourced_provision": ("yes|no", "yes or no"),
}
_SHORT = re.compile(r"(?![A-Za-z]{1,2}\d[A-Za-z\d]?\d[A-Za-z]{2}\Z)[\w+.,-]{1,12}")
"""Cells that may be shown: a word or a number, and no postcode."""
_MOST_AHEAD = 5


def read_counts(download: Download) -> pd.DataFrame:
    """The columns of `COUNT_COLUMNS`: codes as text, `year_group` and `children` whole numbers, `entry_year` NaN where
    it is not known. Raises InputError with every cell that `deidentify` cannot have written.
    """
    called = download.called
    headings = max(first_rows(download.path), key=lambda row: len({*map(plain, row)} & {*COUNT_COLUMNS}), default=[])
    longer = longer_rows(download.path, COUNT_COLUMNS)
    table = read_text(download.path, called, COUNT_COLUMNS)
    lacking = [name for name in COUNT_COLUMNS if name not in table]
    what = "this row has more cells than there are headings: its cells may have moved"
    raise_errors(
        [
            *refuse_personal(headings, "counts", called),
            *(Problem("this column is missing", called, column=name, fix=_AGAIN) for name in lacking),
            *(Problem(what, called, row, fix=_AGAIN) for row in longer),
        ]
    )
    text = table.apply(lambda column: column.str.strip())
    counts = {name: numbers(text[name]) for name in ("year_group", "entry_year", "children")}
    wrong = {name: ~text[name].str.fullmatch(pattern) for name, (pattern, _) in _CODES.items()}
    says = {name: f"this is not {what}" for name, (_, what) in _CODES.items()}
    groups, entered, children = counts.values()
    wrong["year_group"] = ~groups.between(FIRST_NCY, LAST_NCY) | (groups % 1 != 0)
    says["year_group"] = f"this is not a year group from {FIRST_NCY} to {LAST_NCY}"
    wrong["entry_year"] = text["entry_year"].ne("") & (~entered.between(FIRST_ENTRY, LAST_YEAR) | (entered % 1 != 0))
    says["entry_year"] = f"this is not a year from {FIRST_ENTRY} to {LAST_YEAR}, nor blank"
    wrong["children"] = ~children.between(1, MOST_CHILDREN) | (children % 1 != 0)
    says["children"] = f"this is not a whole number of children from 1 to {MOST_CHILDREN:,.0f}"
    faults = [
        Problem(says[name], called, int(str(row)), name, _shown(str(text.loc[row, name])), fix=_AGAIN)
        for name, cells in wrong.items()
        for row in text.index[cells]
    ]
    raise_errors(faults)
    whole: pd.DataFrame = text.assign(**counts).astype({"year_group": int, "children": int})
    return whole


def _shown(cell: str) -> str:
    """A cell in a message; blank where it might say who a child is or where one lives."""
    return cell if _SHORT.fullmatch(cell) else ""


def count_year(counts: pd.DataFrame, published: int, called: str) -> int:
    """September of the academic year of the count: the latest in which a placement began; that of the `published` plans
    where none is known. Raises InputError for placements that began long after these plans.
    """
    latest = counts["entry_year"].max()
    late = counts.index[counts["entry_year"] > published + _MOST_AHEAD]
    what = f"this is more than {_MOST_AHEAD} years after the published plans, which go on to {published}"
    fix = "correct the year, or add newer files of published plans to the folder"
    raise_errors(
        [Problem(what, called, int(row), "entry_year", f"{counts.loc[row, 'entry_year']:g}", fix) for row in late]
    )
    return published if pd.isna(latest) else int(latest)
