"""Totals of the returns that must tie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sufficiency.report.content.returns.children import PROJECTIONS
from sufficiency.report.content.returns.form import WORDS
from sufficiency.report.content.returns.rows import LSRP_YEARS, TABLES_7
from sufficiency.report.content.tables.checks import CHILDREN, Check, Sum
from sufficiency.report.content.tables.table import Table
from sufficiency.report.words import academic_year


def checks_of_returns(tables: Mapping[str, Table]) -> list[Check]:
    """LSRP tables 5, 5.1, 6 and 7 have one total, 7.1 to 7.7 and what they leave over add up to 7, and the bridge ends
    at table 6.
    """
    return [check for check in _lsrp(tables) if tables["LSRP 5.1"].frame[check.left[0].column].notna().any()]


def _lsrp(tables: Mapping[str, Table]) -> Iterator[Check]:
    for projection in PROJECTIONS:
        for year in LSRP_YEARS:
            key = f"children:{projection}:{year}"
            when = f"{WORDS[projection]} {academic_year(year)}"
            by_age = (Sum("LSRP 5.1", key),)
            for code, of in (("5", "all children"), ("6", "by provision"), ("7", "by need")):
                what = f"Plans by age (LSRP 5.1), and {of} (LSRP {code})"
                yield Check(what, when, by_age, (Sum(f"LSRP {code}", key),), CHILDREN)
            parts = tuple(Sum(f"LSRP {code}", key) for code in (*TABLES_7, "7 rest"))
            what = "Plans by age (LSRP 5.1), and 7.1 to 7.7 with what they leave over"
            yield Check(what, when, by_age, parts, CHILDREN)
