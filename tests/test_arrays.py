"""Numbers for rows that agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.arrays import alike, first_of_each
from sufficiency.plan.certificate.tables import apart

rows = st.lists(st.tuples(st.sampled_from(["", "a", "b", "ab"]), st.sampled_from(["", "a", "b"]), st.integers(0, 2)))
NAMES = ["one", "other", "number"]


def frame_of(some: list[tuple[str, str, int]]) -> pd.DataFrame:
    return pd.DataFrame(some, columns=NAMES).astype({"one": "str", "other": "str", "number": "int64"})


@given(rows, rows)
def test_rows_have_one_number_where_they_agree_and_nowhere_else(some: list[tuple[str, str, int]], more: list) -> None:
    one, other = alike((frame_of(some), frame_of(more)), NAMES)
    number = dict.fromkeys([*some, *more])  # in the order in which they first stand there
    number = {row: place for place, row in enumerate(number)}
    assert one.tolist() == [number[row] for row in some]
    assert other.tolist() == [number[row] for row in more]
    assert first_of_each(one).tolist() == [some.index(row) for row in dict.fromkeys(some)]


def test_missing_values_agree_with_each_other_alone() -> None:
    frame = pd.DataFrame({"one": [np.nan, 1.0, np.nan, 0.0], "other": [0.0, np.nan, 0.0, np.nan]})
    assert alike((frame,), ["one", "other"])[0].tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize(
    ("ours", "theirs", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 200.0], [1.0, 210.0], 0.05),
        ([0.1], [0.3], 0.2),
        ([np.inf, 5.0], [np.inf, 5.0], 0.0),
        ([np.inf], [-np.inf], np.nan),
        ([np.inf], [5.0], np.nan),
        ([np.nan], [np.nan], np.nan),
        ([1.0], [np.nan], np.nan),
        ([1.0], [1.0, 1.0], np.nan),
        ([True, False], [True, True], 1.0),
        (3, 0, 1.0),
    ],
)
def test_how_far_figures_worked_out_twice_are_apart(ours: object, theirs: object, error: float) -> None:
    found = float(np.max(apart(ours, theirs), initial=0.0))
    assert found == pytest.approx(error, nan_ok=True)
