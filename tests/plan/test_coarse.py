"""The coarse map has the same groups whatever the localities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sufficiency.plan.pricing.aggregation import COARSEST, coarse_maps, coarsest_map


def county(count: int, localities: int) -> pd.DataFrame:
    points = np.random.default_rng(7).uniform(0, 50_000, (count, 2))
    area = [f"A{number:03}" for number in range(count)]
    return pd.DataFrame({"area": area, "locality": np.arange(count) % localities, "x": points[:, 0], "y": points[:, 1]})


@pytest.mark.parametrize("localities", [1, 6, 52, 223])
def test_groups_do_not_hang_on_localities(localities: int) -> None:
    expected, found = coarse_maps(county(223, 1)), coarse_maps(county(223, localities))
    assert [groups.tolist() for groups in found] == [groups.tolist() for groups in expected]


@pytest.mark.parametrize(
    ("areas", "groups"), [(1, [1]), (3, [1]), (9, [2]), (24, [6]), (95, [6]), (96, [6, 24]), (900, [6, 24, 96])]
)
def test_groups_follow_the_number_of_areas(areas: int, groups: list[int]) -> None:
    """At most six at first, four times as many on each finer map, and never fewer than four areas to a group."""
    assert [found.nunique() for found in coarse_maps(county(areas, 1))] == groups


def test_groups_are_neighbours_of_like_size() -> None:
    """Halving the largest group along its longer side keeps sizes within a factor of two, and groups apart in space:
    the mean spread within a group is well below that of the county."""
    areas = county(240, 1)
    group = coarsest_map(areas).to_numpy()
    sizes = pd.Series(group).value_counts()
    assert len(sizes) == COARSEST
    assert sizes.max() <= 2 * sizes.min()
    spread = areas.groupby(group)[["x", "y"]].std().to_numpy().mean()
    assert spread < 0.7 * areas[["x", "y"]].std().mean()
