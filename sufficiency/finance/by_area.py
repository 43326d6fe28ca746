"""What is spent on the children of each area, and of each need and phase: the same pounds as in `spend.csv`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sufficiency.finance.spend import Posted, added_up
from sufficiency.plan.instance.data import InstanceData

OF_AREA = ("locality", "area")
OF_NEED = ("locality", "need", "phase")


def spend_by_area(data: InstanceData, parts: list[Posted]) -> pd.DataFrame:
    """`spend_by_area.csv`, without capital; what belongs to no child stands with locality and area blank."""
    return _spend_by(data, parts, OF_AREA)


def spend_by_need(data: InstanceData, parts: list[Posted]) -> pd.DataFrame:
    """`spend_by_need.csv`, without capital; what belongs to no child stands with locality, need and phase blank."""
    return _spend_by(data, parts, OF_NEED)


def _spend_by(data: InstanceData, parts: list[Posted], names: Sequence[str]) -> pd.DataFrame:
    groups = data.cells.groupby(list(names), sort=True)
    named = pd.DataFrame(list(groups.groups), columns=list(names))
    named.loc[len(named)] = ""
    rows = added_up(data, parts, np.append(groups.ngroup().to_numpy(), len(named) - 1))
    keys = ["year", "group", "budget_line", "type", "fund"]
    summed = rows.groupby(keys, as_index=False)["pounds"].sum()
    of_group = named.loc[summed["group"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "year": summed["year"],
            **of_group,
            **{name: summed[name] for name in ("budget_line", "type", "fund", "pounds")},
        }
    )
