"""Exact suppression against trying every set of cells, and against naive hiding."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sufficiency.arrays import Flags, Floats
from sufficiency.problems import InputError
from sufficiency.report.disclosure import suppression
from sufficiency.report.disclosure.linked import System
from sufficiency.report.disclosure.suppression import suppress
from tests.report.disclosure.second import ranges
from tests.report.disclosure.test_rounding import crossed


def safe(system: System, values: Floats, hidden: Flags, threshold: int) -> bool:
    """Whether every hidden cell that may be small has a range a threshold wide, by another solver."""
    lower, upper = np.where(hidden, 0.0, values), np.where(hidden, np.inf, values)
    for least, greatest in ranges(system, lower, upper, np.flatnonzero(hidden)):
        if least < threshold - 1e-6 and greatest - least < threshold - 1e-6:
            return False
    return True


def cheapest(system: System, values: Floats, threshold: int) -> int:
    """The fewest further cells that make the small ones safe, by trying all sets in order of size."""
    primary = (values > 0) & (values < threshold)
    others = np.flatnonzero((values > 0) & ~primary)
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            hidden = primary.copy()
            hidden[list(chosen)] = True
            if safe(system, values, hidden, threshold):
                return size
    raise AssertionError("hiding everything is safe")


@pytest.mark.parametrize(
    "table",
    [
        [[2, 10, 20], [15, 8, 30], [9, 12, 6]],
        [[3, 7, 9], [6, 14, 4], [11, 5, 8]],
        [[1, 0, 9], [6, 7, 0], [0, 8, 12]],
    ],
)
def test_as_few_cells_as_by_trying_every_set(table: list[list[float]]) -> None:
    system, values = crossed(np.array(table, dtype=float))
    found = suppress(system, values, 5, cost=np.ones(len(values)), gap=0.0)
    assert safe(system, values, found.hidden, 5)
    assert found.cost == cheapest(system, values, 5)


def test_naive_hiding_is_undone_and_ours_is_not() -> None:
    system, values = crossed(np.array([[2.0, 10.0, 20.0], [15.0, 8.0, 30.0]]))
    primary = (values > 0) & (values < 5)
    assert not safe(system, values, primary, 5)
    assert safe(system, values, suppress(system, values, 5).hidden, 5)


def test_cells_known_from_elsewhere_protect_no_others() -> None:
    system, values = crossed(np.array([[2.0, 10.0, 20.0], [15.0, 8.0, 30.0], [7.0, 9.0, 11.0]]))
    plain = suppress(system, values, 5, gap=0.0)
    helpers = plain.hidden & (values >= 5)
    found = suppress(system, values, 5, known=helpers, gap=0.0)
    assert safe(system, values, found.hidden & ~helpers, 5)


def test_too_many_cells_are_refused_with_what_to_coarsen(monkeypatch: pytest.MonkeyPatch) -> None:
    system, values = crossed(np.ones((3, 3)))
    monkeypatch.setattr(suppression, "MOST_CELLS", 10)
    with pytest.raises(InputError, match="coarsen: fewer localities"):
        suppress(system, values, 5)
