"""One simulated path of a forecast as a whole: every area, need and phase in every year."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from sufficiency.arrays import Floats
from sufficiency.forecast.areas import known_as
from sufficiency.forecast.inputs import Inputs

LEAST_SIZE = 0.05
"""Least concentration of a draw of shares: below it an area would have nearly all of them or nobody."""


@dataclass(frozen=True)
class CoursePaths:
    """`expected` [year, area, kind, phase] children, of them `since` [year, kind, phase] those there since the base
    year, and the authority's paths, `course` [year, path, kind, phase].

    An area's share of a path has in every year the distribution that the forecast's own percentiles have (a Dirichlet
    draw), but keeps its rank from year to year: an area with more children than expected in one year has more in the
    next, as children stay. Drawn anew each year, shares would have children leave and join who do not.
    """

    inputs: Inputs = field(repr=False)
    expected: Floats = field(repr=False)
    since: Floats = field(repr=False)
    course: Floats = field(repr=False)
    seed: int

    @property
    def count(self) -> int:
        """How many paths there are."""
        return int(self.course.shape[1])

    def entries(self) -> pd.DataFrame:
        """The area, need, phase, level and year of each number that `factors` gives."""
        inputs, (years, areas, kinds, phases) = self.inputs, self.expected.shape
        year, area, kind, phase = (index.ravel() for index in np.indices((years, areas, kinds, phases)))
        needs, levels = (np.array(codes, dtype=object) for codes in zip(*inputs.kinds, strict=True))
        named = np.array([one.code for one in inputs.model.phase_list], dtype=object)
        return pd.DataFrame(
            {
                "area": np.array(inputs.areas, dtype=object)[area],
                "need": needs[kind],
                "phase": named[phase],
                "level": levels[kind],
                "year": year + inputs.model.base_year,
            }
        )

    def factors(self, path: int) -> Floats:
        """[entry] children of a path over those expected; 1 where nobody is expected, and in the base year."""
        years, areas, kinds, phases = self.expected.shape
        chance = np.random.default_rng([self.seed, 3, path]).random((areas, kinds, phases))
        out = np.ones((years, areas, kinds, phases))
        for year in range(1, years):
            total = self.expected[year].sum(axis=0)
            shares = np.divide(self.expected[year], total, out=np.zeros((areas, kinds, phases)), where=total > 0)
            size = known_as(self.since[year], total, year)
            loose = np.isfinite(size)
            shape = shares * np.where(loose, np.maximum(size, LEAST_SIZE), 1.0)
            lot = np.where(shape > 0, gammaincinv(np.where(shape > 0, shape, 1.0), chance), 0.0)
            sums = lot.sum(axis=0)
            split = np.where(loose & (sums > 0), lot / np.where(sums > 0, sums, 1.0), shares)
            children = split * self.course[year, path]
            np.divide(children, self.expected[year], out=out[year], where=self.expected[year] > 0)
        return out.ravel()
