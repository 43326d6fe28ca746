"""Array types, and sums over groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]


def totals(group: Ints, values: Floats, groups: int) -> Floats:
    """[groups] the sum of `values` in each group; `group` holds the group of each value."""
    return np.bincount(group, values, groups).astype(np.float64, copy=False)


def where_true(mask: Flags) -> tuple[Ints, Ints]:
    """Row and column of every true cell of a matrix, row by row."""
    rows, columns = np.nonzero(mask)
    return rows, columns


def positions(known: Iterable[Any], wanted: Iterable[Any]) -> Ints:
    """Where each wanted value stands among the known ones; −1 where it is not there."""
    return np.asarray(_index(known).get_indexer(_index(wanted)), dtype=np.int64)


def _index(values: Iterable[Any]) -> pd.Index[Any]:
    known: Any = values.to_numpy(dtype=object) if isinstance(values, pd.Series) else list(values)
    index: pd.Index[Any] = pd.Index(known)
    return index


def each_row(frame: pd.DataFrame) -> Iterable[Any]:
    """The rows of a short frame as named tuples."""
    return frame.itertuples()
