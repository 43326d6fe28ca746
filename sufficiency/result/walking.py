"""How far children placed would walk, beside the statutory walking distances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, positions
from sufficiency.case import Case
from sufficiency.plan.instance.data import InstanceData
from sufficiency.result.frames import long_stock
from sufficiency.tables.schema.results import OUTPUTS

TWO_MILES, THREE_MILES = 2 * 1.609344, 3 * 1.609344
"""km: how far a child under eight, and an older one, may be asked to walk (Education Act 1996, section 444(5))."""
RECEPTION, LAST_UNDER_EIGHT, FIRST_FROM_EIGHT, YEAR_11 = 0, 2, 4, 11
"""National Curriculum Years: children turn eight in Year 3."""
_KEYS = ["year", "area", "phase", "type"]


def walking(case: Case, data: InstanceData, stock: Floats) -> pd.DataFrame:
    """`walking.csv`: by year, area, phase and type of setting the children placed, their mean way on foot, and how many
    are beyond two and three miles. Raises ValueError where no walking distance of the case is known.
    """
    on_foot = case.journeys.walking_km
    if on_foot is None:
        raise ValueError("the journeys of this case have no walking distances")
    rows = long_stock(data, stock)
    cell, line = rows["cell"].to_numpy(), rows["line"].to_numpy()
    for name, table, at in (("area", data.cells, cell), ("phase", data.cells, cell), ("type", data.lines, line)):
        rows[name] = table[name].array.take(at)
    area = positions(case.journeys.areas, data.cells["area"])[cell]
    setting = positions(case.journeys.settings, data.lines["setting"])[line]
    km, children = on_foot[area, setting], rows["children"].to_numpy()
    known = ~np.isnan(km)
    rows["known"], rows["not_known"] = children * known, children * ~known
    rows["km"] = children * np.where(known, km, 0.0)
    rows["over_two_miles"] = children * (known & (km > TWO_MILES))
    rows["over_three_miles"] = children * (known & (km > THREE_MILES))
    counts = ["children", "known", "not_known", "km", "over_two_miles", "over_three_miles"]
    summed = pd.DataFrame(rows.groupby(_KEYS, as_index=False)[counts].sum())
    summed["mean_walking_km"] = summed["km"] / summed["known"].where(summed["known"] > 0)
    phases = {phase.code: phase for phase in case.model.phase_list}
    of_row = [phases[code] for code in summed["phase"]]
    of_age = np.array([phase.first >= RECEPTION and phase.last <= YEAR_11 for phase in of_row], dtype=bool)
    young = np.array([phase.last <= LAST_UNDER_EIGHT for phase in of_row], dtype=bool)
    old = np.array([phase.first >= FIRST_FROM_EIGHT for phase in of_row], dtype=bool)
    two, three = summed["over_two_miles"], summed["over_three_miles"]
    summed["beyond_least"] = two.where(young, three).where(of_age)
    summed["beyond_most"] = three.where(old, two).where(of_age)
    return summed[list(OUTPUTS["walking"].names)]
