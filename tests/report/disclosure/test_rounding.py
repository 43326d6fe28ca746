"""Controlled rounding: everything adds up, and nothing is further away than it says."""

from __future__ import annotations

import numpy as np
import pytest

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import Builder, System
from sufficiency.report.disclosure.rounding import round_system

HEAD = ("t", "n", "base", "2026")


def crossed(values: Floats) -> tuple[System, Floats]:
    """A table with its totals over every set of its columns."""
    to = Builder()
    rows = [tuple(str(at) for at in place) for place in np.ndindex(values.shape)]
    to.cross(HEAD, rows)
    system = to.system()
    return system, system.added_up({(*HEAD, *row): float(values[tuple(map(int, row))]) for row in rows})


@pytest.mark.parametrize("seed", range(6))
def test_all_totals_add_up_and_every_cell_is_within_the_base(seed: int) -> None:
    chance = np.random.default_rng(seed)
    system, values = crossed(chance.gamma(0.5, 8.0, (4, 3, 3)) * (chance.random((4, 3, 3)) < 0.8))
    found = round_system(system, values, 5)
    assert np.all(found.values % 5 == 0)
    assert system.misses(found.values).max() == 0
    assert np.abs(found.values - values).max() <= found.totals_within
    assert np.abs(found.values - values)[~system.total].max() <= 5
    assert np.all(found.values[values == 0] == 0)


def test_the_same_figures_are_rounded_alike_and_need_not_go_to_the_nearest() -> None:
    system, values = crossed(np.full((6, 6), 1.0))
    first, again = (round_system(system, values, 5).values for _ in range(2))
    assert np.array_equal(first, again)
    finest = first[~system.total]
    assert set(finest) == {0.0, 5.0}  # the nearest multiple of 1 is 0 everywhere; the total of 36 would then be 0
    assert abs(finest.sum() - 36) <= 5


def test_what_was_published_before_stays_where_it_still_fits() -> None:
    system, values = crossed(np.array([[7.0, 12.0], [3.0, 9.0]]))
    before = {(*HEAD, "0", "0"): 10.0, (*HEAD, "1", "0"): 0.0, (*HEAD, "1", "1"): 40.0}
    found = dict(zip(system.cells, round_system(system, values, 5, before).values, strict=True))
    assert found[(*HEAD, "0", "0")] == 10.0
    assert found[(*HEAD, "1", "0")] == 0.0
    assert found[(*HEAD, "1", "1")] in (5.0, 10.0)
