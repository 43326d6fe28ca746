"""Counts of children that `deidentify` wrote, read back to build a model on."""

from __future__ import annotations

import pandas as pd

from sufficiency.codes import FIRST_NCY, LAST_NCY, NEEDS, UNKNOWN_AREA
from sufficiency.problems import InputError, Problem, raise_errors
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import numbers
from sufficiency.sources.published.text_file import read_text
from sufficiency.sources.sen2_return.counts import COUNT_COLUMNS
from sufficiency.sources.sen2_return.modules import SEN_SETTINGS
from sufficiency.sources.sen2_return.postcodes import ONS_CODE

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


def read_counts(download: Download) -> pd.DataFrame:
    """The columns of `COUNT_COLUMNS`: codes as text, `year_group` and `children` whole numbers, `entry_year` NaN where
    it is not known. Raises InputError with every cell that `deidentify` cannot have written.
    """
    table = read_text(download.path, download.called, COUNT_COLUMNS)
    missing = [name for name in COUNT_COLUMNS if name not in table]
    if missing:
        raise InputError([Problem(f"the column {missing[0]} is missing", download.called, fix=_AGAIN)])
    text = table.apply(lambda column: column.str.strip())
    counts = {name: numbers(text[name]) for name in ("year_group", "entry_year", "children")}
    wrong = {name: ~text[name].str.fullmatch(pattern) for name, (pattern, _) in _CODES.items()}
    says = {name: f"this is not {what}" for name, (_, what) in _CODES.items()}
    groups, entered, children = counts.values()
    wrong["year_group"] = ~groups.between(FIRST_NCY, LAST_NCY) | (groups % 1 != 0)
    says["year_group"] = f"this is not a year group from {FIRST_NCY} to {LAST_NCY}"
    wrong["entry_year"] = text["entry_year"].ne("") & (entered.isna() | (entered % 1 != 0))
    says["entry_year"] = "this is not a year, nor blank"
    wrong["children"] = children.isna() | (children % 1 != 0) | (children < 1)
    says["children"] = "this is not a whole number of children"
    faults = [
        Problem(says[name], download.called, int(str(row)), name, str(text.loc[row, name]), fix=_AGAIN)
        for name, cells in wrong.items()
        for row in text.index[cells]
    ]
    raise_errors(faults)
    whole: pd.DataFrame = text.assign(**counts).astype({"year_group": int, "children": int})
    return whole


def count_year(counts: pd.DataFrame) -> int | None:
    """September of the academic year of the count: the latest in which a placement began; None where none is known."""
    latest = counts["entry_year"].max()
    return None if pd.isna(latest) else int(latest)
