"""`figures.json`: every figure that a report may print, and the cell it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sufficiency.report.content.figure import Figure
from sufficiency.report.content.workings import Workings


def figures_json(figures: Iterable[Figure]) -> bytes:
    """A list of `{id, text, value, unit, table, row, column}`, a figure a line. `table` is the CSV file that the figure
    is in, without its ending, as seen from the result's folder.
    """
    lines = (json.dumps(vars(one), ensure_ascii=False, allow_nan=False) for one in figures)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def workings_csv(workings: Workings) -> bytes:
    """`workings.csv`: a number a row with how it is worked out, as Excel reads it."""
    return workings.table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
