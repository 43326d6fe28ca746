"""Names beside the codes of a saved result: what an area, a setting, an option and a budget line are called."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sufficiency.codes import BUDGET_LINES, INTERIM, NOT_GIVEN, RECOUPED
from sufficiency.result import Result

Names = Mapping[str, Mapping[str, str]]
"""By column the names of its codes."""
OTHER_LINES = {RECOUPED: "Places paid by DfE", INTERIM: "Provision while waiting", NOT_GIVEN: "No budget line given"}


def names_of(result: Result) -> Names:
    """What the codes of a result are called."""
    appraised = result.frames.get("options_appraisal", pd.DataFrame({"option": [], "name": []}))
    return {
        "area": _of(result.areas, "area"),
        "setting": _of(result.settings, "setting"),
        "option": _of(appraised, "option"),
        "budget_line": BUDGET_LINES | OTHER_LINES,
    }


def with_names(frame: pd.DataFrame, names: Names) -> pd.DataFrame:
    """`frame` with a column `<code>_name` after each column of codes that have names; blank where a code has none. A
    table that has a column `name` of its own needs no other.
    """
    named = frame
    for column, known in names.items():
        if column in named and "name" not in named:
            named = named.copy() if named is frame else named
            codes = named[column].astype(object)
            named.insert(list(named).index(column) + 1, f"{column}_name", codes.map(known).fillna(""))
    return named


def _of(table: pd.DataFrame, code: str) -> dict[str, str]:
    return dict(zip(table[code].astype(str), table["name"].fillna("").astype(str), strict=True))
