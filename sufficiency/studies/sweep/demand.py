"""The children of a future: the demand table along one path. Percentiles are never added up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints, alike, positions
from sufficiency.studies.sweep.future import Future

KEYS = ["area", "need", "phase", "level", "year"]
AT_95 = 1.6448536269514722
"""Standard normal at the 95th percentile, which `high` is."""


class Paths(Protocol):
    """Simulated paths of demand as factors on what is expected, so that they hold under a scenario's changes too."""

    @property
    def count(self) -> int:
        """How many paths there are."""

    def entries(self) -> pd.DataFrame:
        """The area, need, phase, level and year of each number that `factors` gives."""

    def factors(self, path: int) -> Floats:
        """[entry] children of a path over those expected."""


@dataclass(frozen=True)
class TablePaths:
    """The `simulation` rows of a demand table: `children` [path, entry], and their `keys`."""

    keys: pd.DataFrame = field(repr=False)
    children: Floats = field(repr=False)

    @property
    def count(self) -> int:
        """How many paths there are."""
        return len(self.children)

    def entries(self) -> pd.DataFrame:
        """The keys of each number that `factors` gives."""
        return self.keys

    def factors(self, path: int) -> Floats:
        """[entry] children of a path over the mean of all."""
        mean: Floats = self.children.mean(axis=0)
        return np.asarray(np.divide(self.children[path], mean, out=np.ones_like(mean), where=mean > 0))


def paths_of_table(simulated: pd.DataFrame, base_year: int) -> TablePaths:
    """The paths of a demand table, in the order of their names. The base year is known: every path has its mean."""
    table = simulated.pivot_table(index="simulation", columns=KEYS, values="children", aggfunc="sum", observed=True)
    keys = table.columns.to_frame(index=False)
    children = table.to_numpy(dtype=float, copy=True)
    known = (keys["year"] <= base_year).to_numpy()
    children[:, known] = children[:, known].mean(axis=0)
    return TablePaths(keys, children)


def rows_of_paths(paths: Paths, demand: pd.DataFrame) -> Ints:
    """[row of the demand table] the entry of the paths, −1 where they have none."""
    entry, row = alike((paths.entries(), demand), KEYS)
    return positions(entry, row)


def along_path(demand: pd.DataFrame, factors: Floats, rows: Ints) -> pd.DataFrame:
    """The demand table along one path; rows that the paths do not know stay as they are."""
    factor = np.where(rows >= 0, factors[rows], 1.0)
    return demand.assign(children=demand["children"] * factor)


def at_level(demand: pd.DataFrame, base_year: int, future: Future) -> pd.DataFrame:
    """The demand table at one level of its range, shared by all rows: half a normal distribution below what is
    expected, as wide as `low` says, and half above, as wide as `high`. Rows without a range, and the base year, stay.
    """
    far = future.level / AT_95
    middle = demand["children"]
    end = demand["high"] if far > 0 else demand["low"]
    moved = (middle + abs(far) * (end - middle)).clip(lower=0.0)
    known = end.notna() & (demand["year"] > base_year)
    return demand.assign(children=moved.where(known, middle))
