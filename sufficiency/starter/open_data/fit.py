"""Tables fitted to published totals (iterative proportional fitting), and rounded to whole children."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sufficiency.arrays import Floats

ROUNDS = 200
CLOSE = 1e-9


def fit(seed: Floats, margins: Sequence[tuple[tuple[int, ...], Floats]], rounds: int = ROUNDS) -> Floats:
    """`seed` scaled in turn so that its sums over some axes are as asked; the last margin is met exactly.

    `margins`: the axes summed over, and the sums asked for. Where seed is 0 it stays 0, and sums asked for there are
    not met. It stops when a round changes no cell by more than a share of CLOSE.
    """
    table = seed.astype(np.float64)
    for _ in range(rounds):
        before = table
        for axes, asked in margins:
            there = table.sum(axis=axes)
            ratio = np.divide(asked, there, out=np.zeros_like(asked, dtype=np.float64), where=there > 0)
            table = table * np.expand_dims(ratio, axes)
        if np.abs(table - before).max(initial=0.0) <= CLOSE * max(before.max(initial=0.0), 1.0):
            break
    return table


def whole(rows: Floats) -> Floats:
    """[row, column] `rows` in whole children: each row keeps its (whole) sum, and columns keep theirs as near as
    they can.

    What a row rounds away from a column is carried to the next row: a column of many small cells is not lost.
    """
    out = np.floor(rows + CLOSE)
    carried = np.zeros(rows.shape[1])
    for number, row in enumerate(rows):
        left = round(float(row.sum() - out[number].sum()))
        wanted = row - out[number] + carried
        wanted[row <= 0] = -np.inf
        for column in np.argsort(-wanted, kind="stable")[: max(left, 0)]:
            out[number, column] += 1
        carried += row - out[number]
    return np.asarray(out)


def systematic(shares: Floats, count: int, start: float) -> Floats:
    """`count` whole children over the cells of `shares`, each cell as often as its share says, to within one child.

    `start` in [0, 1) is where on the line of shares the first child falls (systematic sampling).
    """
    total = float(shares.sum())
    if count <= 0 or total <= 0:
        return np.zeros(len(shares))
    edges = np.cumsum(shares) / total * count
    edges[-1] = count
    reached = np.ceil(edges - start).clip(0, count)
    reached[-1] = count
    return np.asarray(np.diff(reached, prepend=0.0))
