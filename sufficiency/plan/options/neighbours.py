"""Openings that differ little from others: one option closed, opened, or moved to another year, or two exchanged."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.plan.options.choices import Choices
from sufficiency.plan.options.master import Allowed, Cut

KEPT_TO = 1e-9
"""By how much openings may break a limit: rounding."""


def neighbours(choices: Choices, allowed: Allowed, y: Floats) -> Floats:
    """[N, Y] allowed openings that differ from y in one option (closed, opened, or opened in another year), or in two,
    of which one closes and the other opens. Options that may open in part stay as they are.
    """
    columns = np.flatnonzero(choices.whole & (allowed.upper > 0))
    options = np.unique(choices.scheme[columns])
    closed = [np.where(choices.scheme == option, 0.0, y) for option in options if y[choices.scheme == option].any()]
    found = list(closed)
    for column in columns:
        same = choices.scheme == choices.scheme[column]
        for before in [y] if y[same].any() else [y, *closed]:
            after = np.where(same, 0.0, before)
            after[column] = 1.0
            found.append(after)
    rows = np.array(found).reshape(len(found), len(choices))
    fitting = (choices.limits @ rows.T <= choices.most[:, None] + KEPT_TO).all(axis=0)
    fitting &= (allowed.rows @ rows.T <= allowed.most[:, None] + KEPT_TO).all(axis=0)
    return np.asarray(rows[fitting & (rows != y).any(axis=1)])


def by_cuts(cuts: tuple[Cut, ...], rows: Floats) -> Floats:
    """[N] £ discounted: what the cuts say that openings [N, Y] cost at least."""
    slopes, constants = np.array([cut.coefficients for cut in cuts]), np.array([cut.intercept for cut in cuts])
    return np.asarray((constants[:, None] + slopes @ rows.T).max(axis=0))
