"""Whose journey is longer: who is paired with whom, by hand and beside children laid out one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.plan.explain.same_children import longer_and_shorter, paired, places_of
from sufficiency.plan.rows.instance import prepare

from ..examples import examples
from ..worked import case_of, model_of, steady


def test_those_in_the_same_place_are_the_same_and_the_rest_go_nearest_with_nearest() -> None:
    # Places by rising minutes: a, b, c, d. Here 4 in a, 1 in c, 2 in d; there 3 in a, 3 in b, 1 in d. In the same place
    # are 3 in a and 1 in d. Left here: 1 in a, 1 in c, 1 in d; there: 3 in b. So b is paired with each of a, c and d.
    here, there = np.array([4.0, 0, 1, 2]), np.array([3.0, 3, 0, 1])
    first, second, children = paired(np.zeros(4, dtype=np.int64), here, there)
    assert list(zip(first.tolist(), second.tolist(), children.tolist(), strict=True)) == [
        (0, 1, pytest.approx(1)),
        (2, 1, pytest.approx(1)),
        (3, 1, pytest.approx(1)),
    ]


def test_groups_do_not_mix_and_a_group_of_one_placement_alone_is_left_out() -> None:
    # Group 0 moves 2 from its second place to its first; group 1 has children here and nobody there; group 2 moves 1.
    group = np.array([0, 0, 1, 2, 2])
    first, second, children = paired(group, np.array([2.0, 0, 5, 0, 1]), np.array([0.0, 2, 0, 1, 0]))
    assert (first.tolist(), second.tolist(), children.tolist()) == ([0, 4], [1, 3], pytest.approx([2, 1]))


def test_those_there_are_scaled_to_as_many_as_here() -> None:
    # 3 here in the far place, 2 there in two nearer ones, one each: 1.5 are paired with each.
    first, second, children = paired(np.zeros(3, dtype=np.int64), np.array([0.0, 0, 3]), np.array([1.0, 1, 0]))
    assert (first.tolist(), second.tolist(), children.tolist()) == ([2, 2], [0, 1], pytest.approx([1.5, 1.5]))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
@examples(100)
def test_pairs_are_those_of_children_laid_out_one_by_one(rows: list[tuple[int, int, int]]) -> None:
    """Whole children in each place of a few groups, as many here as there: sort them, and set them side by side."""
    rows = sorted(rows)
    group = np.unique([row[0] for row in rows], return_inverse=True)[1].astype(np.int64)
    here, there = (np.array([row[column] for row in rows], dtype=float) for column in (1, 2))
    expected: dict[tuple[int, int], float] = {}
    for number in range(int(group.max()) + 1):
        of = np.flatnonzero(group == number)
        same = np.minimum(here[of], there[of])
        mine, others = (np.repeat(of, (part[of] - same).astype(int)) for part in (here, there))
        if len(mine) != len(others):
            there[of] = here[of]  # only whole children of equal number are laid out
            continue
        for pair in zip(mine.tolist(), others.tolist(), strict=True):
            expected[pair] = expected.get(pair, 0.0) + 1
    first, second, children = paired(group, here, there)
    found = dict(zip(zip(first.tolist(), second.tolist(), strict=True), children.tolist(), strict=True))
    assert found == pytest.approx(expected)


def test_longer_and_shorter_count_changes_beyond_the_minutes_and_nobody_who_waits() -> None:
    # Near 10, Far 25, Further 31 minutes. Here 2 far, 1 further, 1 near; there 3 near, 1 waits. One near child is the
    # same in both. Far (two) and further (one) are paired with near, near and waiting: two are longer by 15.
    case = case_of(
        model_of((2025, 2026)),
        demand=steady("A", 4, range(2025, 2027)),
        places=[{"line": name, "setting": name, "places": 5} for name in ("Near", "Far", "Further")],
        costs=[{"type": "special_school", "per_child": 0}],
        travel=[
            {"area": "A", "setting": name, "minutes": minutes, "km": 1.0}
            for name, minutes in (("Near", 10.0), ("Far", 25.0), ("Further", 31.0))
        ],
    )
    data = prepare(case).data
    assert data.lines["line"].tolist() == ["Far", "Further", "Near"]
    places = places_of(data)
    here, there = np.array([2.0, 1, 1, 0]), np.array([0.0, 0, 3, 1])  # far, further, near, waiting
    longer, shorter = longer_and_shorter(places, here, there, 10.0)
    assert (longer.tolist(), shorter.tolist()) == (pytest.approx([2, 0, 0, 0]), [0, 0, 0, 0])
    longer, shorter = longer_and_shorter(places, there, here, 10.0)
    assert (longer.tolist(), shorter.tolist()) == ([0, 0, 0, 0], pytest.approx([0, 0, 2, 0]))
    assert longer_and_shorter(places, here, there, 15.0)[0].tolist() == [0, 0, 0, 0]
