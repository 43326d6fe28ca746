"""What of the places table is decided already: rows that are open or committed, and those that are only proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sufficiency.tables import Tables

OPEN, COMMITTED, PROPOSED = "open", "committed", "proposed"
STATUSES = (OPEN, COMMITTED, PROPOSED)
"""A funding agreement signed, a contract let or a notice approved makes a row committed; less makes it proposed."""
NEVER = 9999
"""A year after every plan: the first year of a line that is only proposed, where nothing proposed happens."""


def statuses(places: pd.DataFrame, base_year: int) -> NDArray[np.object_]:
    """[rows of places] `open`, `committed` or `proposed`; blank is open, or committed after the base year."""
    said = places["status"].str.strip().str.casefold().to_numpy(dtype=object)
    otherwise = np.where(places["from_year"] > base_year, COMMITTED, OPEN)
    return np.where(said == "", otherwise, said)


def existing_commitments(tables: Tables, base_year: int) -> Tables:
    """The tables without what is only proposed, so that the row before a proposed one goes on holding. A line of which
    every row is proposed keeps its first one, which never starts.
    """
    places = tables.places
    proposed = statuses(places, base_year) == PROPOSED
    if not proposed.any():
        return tables
    existing = places[~proposed]
    only = places[proposed & ~places["line"].isin(existing["line"])].sort_values("from_year", kind="stable")
    never = only.drop_duplicates("line").assign(from_year=NEVER)
    return replace(tables, places=pd.concat([existing, never]).sort_index(kind="stable"))
