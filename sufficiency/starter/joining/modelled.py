"""What a model says of its base year by setting: children, their top-ups and fees, their transport."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.plan.instance.budget_lines import postings
from sufficiency.plan.instance.build import instance_data


def base_year(case: Case) -> pd.DataFrame:
    """`children, fees, transport` (£ a year) of the placements, by setting; a setting without children is there too."""
    data = instance_data(case)
    used = np.flatnonzero(data.placed > 0)
    at, children = postings(case, data, used), data.placed[used]
    rows = pd.DataFrame(
        {
            "setting": data.lines["setting"].to_numpy()[data.pair_line[used]],
            "children": children,
            "fees": np.nan_to_num(at.fee[0].astype(float)) * children,
            "transport": at.transport[0] * children,
        }
    )
    return rows.groupby("setting").sum().reindex(case.tables.settings["setting"], fill_value=0.0)
