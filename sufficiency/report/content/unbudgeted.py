"""Budget lines that money is spent on and that a council's own figures do not have: all of it looks overspent."""

from __future__ import annotations

import pandas as pd

from sufficiency.report.content.finding import SMALL_CHANGE


def spent_without(table: pd.DataFrame | None, given: str, spent: str) -> list[str]:
    """Budget lines with spending in the column `spent` and £0 in `given` in every row of `table`, which may be
    `overspend` or `reconciliation`; none where the result has no such table.
    """
    if table is None or not len(table):
        return []
    sums = table.set_index("budget_line")[[given, spent]].abs().groupby(level=0).sum()
    return [str(line) for line in sums.index[(sums[given] == 0) & (sums[spent] >= SMALL_CHANGE)]]
