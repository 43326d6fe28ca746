"""Why children may not be met in a base: the justification that goes with every special or AP place opened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, where_true
from sufficiency.case import Case
from sufficiency.plan.instance.bases_first import BASE, GOOD_MATCH
from sufficiency.plan.instance.data import InstanceData
from sufficiency.tables.schema.results import OUTPUTS


def without_a_base(case: Case, data: InstanceData) -> pd.DataFrame:
    """`bases_first.csv`: by year, area, need and phase the children who start or change phase and whom no base, open or
    an option, could take, and why. `data` has all options still open to choice.
    """
    year, cell = where_true(~data.base_in_reach[1:] & (data.entrants[1:] > 0))
    year = year + 1
    is_base = (data.lines["type"] == BASE).to_numpy()[data.pair_line]
    takes = is_base & (data.match > 0)
    good = is_base & (data.match >= GOOD_MATCH)
    known = {
        "no base takes this need and phase": _cells_with(data, takes),
        "bases take this need and phase only as a poor match": _cells_with(data, good),
        "no base is within the journey guideline": _cells_with(data, good & ~data.over_limit),
    }
    why = np.full(len(cell), "no base that could take them is open yet", dtype=object)
    for words, met in reversed(known.items()):
        why[~met[cell]] = words
    rows = data.cells.iloc[cell][["area", "need", "phase"]].reset_index(drop=True)
    rows.insert(0, "year", data.years[year])
    rows["children"], rows["why"] = data.entrants[year, cell], why
    keys = ["year", "area", "need", "phase", "why"]
    summed = rows.groupby(keys)["children"].sum().reset_index()
    return summed[list(OUTPUTS["bases_first"].names)]


def _cells_with(data: InstanceData, arcs: Flags) -> Flags:
    cells_with_one = np.zeros(len(data.cells), dtype=bool)
    cells_with_one[data.pair_cell[arcs]] = True
    return cells_with_one
