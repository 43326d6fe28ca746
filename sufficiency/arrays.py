"""Array types, and sums over groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]
Function = TypeVar("Function", bound=Callable[..., Any])


def on_one_core(function: Function) -> Function:
    """`function` with the threads off that matrices are multiplied on: they are small here, and threads that wait for
    one another, and stand in the way of others, cost more than they bring.
    """
    return cast(Function, threadpool_limits.wrap(limits=1, user_api="blas")(function))


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
    if isinstance(values, np.ndarray):
        known: Any = values
    else:
        known = values.to_numpy(dtype=object) if isinstance(values, pd.Series) else list(values)
    index: pd.Index[Any] = pd.Index(known)
    return index


def alike(frames: Sequence[pd.DataFrame], names: Sequence[str]) -> list[Ints]:
    """For each frame a number for every row: the same one, from 0 on, for rows of any of them that agree in the columns
    `names`.
    """
    key = np.zeros(sum(map(len, frames)), dtype=np.int64)
    for name in names:
        code, words = pd.factorize(pd.concat([frame[name] for frame in frames], ignore_index=True))
        key = key * (len(words) + 1) + code
    return np.split(pd.factorize(key)[0].astype(np.int64), np.cumsum([len(frame) for frame in frames])[:-1])


def first_of_each(group: Ints) -> Ints:
    """Where each of the groups 0, 1, … first stands."""
    first = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    return first


def each_row(frame: pd.DataFrame) -> Iterable[Any]:
    """The rows of a short frame as named tuples."""
    return frame.itertuples()
