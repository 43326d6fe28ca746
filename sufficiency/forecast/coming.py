"""Plans begun and ended, and new homes, as arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.grain import spread
from sufficiency.model import Model
from sufficiency.model.forecast import Forecast


def flow(frame: pd.DataFrame | None, years: tuple[int, ...], model: Model) -> Floats | None:
    """[year, need, NCY] plans begun or ended; None where the table lacks years of the history after its first."""
    if frame is None or not set(years[1:]) <= set(frame["year"]):
        return None
    areas = sorted(set(frame["area"]) - {""})
    return np.asarray(spread(frame, areas, years, model.phase_list).sum(axis=1))


def names_needs(frame: pd.DataFrame | None) -> bool:
    """Whether every row names its need."""
    return frame is not None and bool((frame["need"] != "").all())


def new_homes(frame: pd.DataFrame | None, areas: tuple[str, ...], ahead: range, choice: Forecast) -> Floats:
    """[year, area] children with a plan who come with new homes; those of the whole authority in the place after the
    last.
    """
    out = np.zeros((len(ahead), len(areas) + 1))
    if frame is None:
        return out
    rows = frame[frame["year"].isin(list(ahead))]
    place = pd.Index([*areas, ""]).get_indexer(pd.Index(rows["area"]))
    children = rows["homes"].to_numpy() * rows["plans_per_home"].fillna(choice.plans_per_home).to_numpy()
    np.add.at(out, (rows["year"].to_numpy() - ahead[0], place), children)
    return out
