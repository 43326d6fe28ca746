"""Labels of ages: as DfE publishes them and as councils write them."""

from __future__ import annotations

import pandas as pd
import pytest

from sufficiency.forecast.ages import ages_named, span_named
from sufficiency.forecast.grain import check_grain
from sufficiency.phases import school_phases

PHASES = school_phases({"primary": (0, 6), "secondary": (7, 11), "post_16": (12, 14)})


@pytest.mark.parametrize(
    ("label", "ages"),
    [
        ("age 7", (7, 7)),
        ("7", (7, 7)),
        ("under 5", (0, 4)),
        ("under 3", (0, 2)),
        ("age 2 and under", (0, 2)),
        ("5 to 10", (5, 10)),
        ("5-10", (5, 10)),
        ("Ages 11 – 15", (11, 15)),
        ("age 20 and over", (20, 25)),
        ("20+", (20, 25)),
        ("over 19", (20, 25)),
        ("Total", (0, 25)),
        ("10 to 5", None),
        ("30", None),
        ("2025-10-05", None),
        ("some", None),
    ],
)
def test_a_label_is_its_ages(label: str, ages: tuple[int, int] | None) -> None:
    assert ages_named(label) == ages


def test_ages_are_year_groups_less_four_and_phases_are_their_own() -> None:
    assert span_named("age 11", PHASES) == (7, 7)
    assert span_named("under 5", PHASES) == (-4, 0)
    assert span_named("age 25", PHASES) == (20, 20)
    assert span_named("secondary", PHASES) == (7, 11)
    assert span_named("Y7-11", PHASES) == (7, 11)


def rows(*bands: str) -> pd.DataFrame:
    frame = pd.DataFrame({"area": "", "need": "", "ncy": float("nan"), "age": float("nan"), "age_band": bands})
    return frame.assign(year=2025, plans=1.0).set_axis(range(2, len(bands) + 2))


def test_a_total_beside_its_parts_counts_nobody_twice() -> None:
    assert check_grain(rows("under 5", "5 to 10", "11 to 15", "16 to 19", "20 to 25"), "history.csv", PHASES) == []
    assert check_grain(rows("age 24", "age 25", "23"), "history.csv", PHASES) == []
    for bands in (("5 to 10", ""), ("Total", "age 7"), ("primary", "5 to 10"), ("under 5", "age 3")):
        found = check_grain(rows(*bands), "history.csv", PHASES)
        assert [problem.what.split(":")[0] for problem in found] == ["the ages of this row are in another row too"], (
            bands
        )
