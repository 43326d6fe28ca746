"""Openings that cannot be as cheap as is claimed, by prices worked out at them alone, and what else that rules out.

Openings that keep no hard rule cost more than any sum, as prices prove that rise without end. So steep a cut is no good
beside others in a program over openings: there, whole ones may be off by a millionth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.plan.certificate.options import MayOpen

ROUNDING = 1e-11
"""Of what all children together would pay at the highest price: what is proven has to lie above it."""


def columns_of(may: MayOpen, openings: Sequence[tuple[int, int]]) -> Floats:
    """[Y] 1 for openings (row of the options table, September); none that may not open."""
    named = set(openings)
    return np.array([float(one in named) for one in zip(may.row.tolist(), may.year.tolist(), strict=True)])


def ruled_out(
    cut: tuple[float, Floats], may: MayOpen, y: Floats, claimed: float, at_most: float
) -> tuple[Floats, float] | None:
    """Weights [Y] and the most they may come to with openings that a cut (constant, slopes) leaves cheaper than
    `claimed`, where it does not leave openings y so: at least one has to differ of those whose change lowers it.
    None where it leaves them. `at_most`: £ that all children together would pay at the highest price.
    """
    constant, slopes = cut
    lowest = constant + float(slopes @ np.where(may.whole, y, 0.0)) + float(np.minimum(slopes, 0.0)[~may.whole].sum())
    if not lowest >= max(claimed, ROUNDING * at_most):
        return None
    change = np.where(may.whole, np.where(y > 0, -slopes, slopes), 0.0)
    smallest, spare, free = np.argsort(-change, kind="stable"), lowest - claimed, np.ones(len(y), dtype=bool)
    for column in smallest.tolist():
        spare += min(float(change[column]), 0.0)
        free[column] = spare >= 0
    weights = np.where(free, 0.0, np.where(y > 0, 1.0, -1.0))
    return weights, float((weights > 0).sum() - 1)
