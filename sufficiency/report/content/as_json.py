"""`figures.json`: every figure that a report may print, and the cell it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sufficiency.report.content.figure import Figure


def figures_json(figures: Iterable[Figure]) -> bytes:
    """A list of `{id, text, value, unit, table, row, column}`, a figure a line. `table` is the CSV file that the figure
    is in, without its ending, as seen from the result's folder.
    """
    lines = (json.dumps(vars(one), ensure_ascii=False, allow_nan=False) for one in figures)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()
