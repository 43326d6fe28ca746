"""Errors and rivals, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sufficiency.forecast import rivals
from sufficiency.forecast.scores import (
    OURS,
    as_wide,
    better_rivals,
    interval_score,
    outcomes,
    scored,
    with_chance,
)


def test_errors_by_hand() -> None:
    # history 10, 12, 16: mean yearly change 3. Forecast 20 where 18 came: MASE 2/3, MAPE 1/9, bias 1/9, inside 15 to 21
    rows = outcomes(OURS, "total", ["A"], 2022, np.array([[10.0, 12, 16]]), np.array([[18.0]]), np.array([[20.0]]),
                    np.array([[15.0]]), np.array([[21.0]]))  # fmt: skip
    score = scored(rows).iloc[0]
    assert score["mase"] == pytest.approx(2 / 3)
    assert score["mape"] == pytest.approx(1 / 9)
    assert score["bias"] == pytest.approx(1 / 9)
    assert score["coverage"] == 1
    # half the error of 2 and a twentieth of the interval of 6, over one and a half; of the 18 that came
    assert score["wis"] == pytest.approx((1 + 0.3) / 1.5 / 18)
    assert score["error"] == pytest.approx(2 / 18)
    assert (score["series"], score["origins"]) == (1, 1)


def test_an_outcome_outside_the_interval_costs_twenty_times_its_distance() -> None:
    one = np.array([10.0])
    scores = interval_score(one, one, one + 1, one + 4)
    # no error of the median; an interval of 3, and 1 outside it at twenty: a twentieth of 23, over one and a half
    assert scores == pytest.approx(23 / 20 / 1.5)


def test_the_median_and_the_mean_series_and_the_error_of_all() -> None:
    history = np.array([[0.0, 1], [0, 1], [0, 1]])
    rows = outcomes(OURS, "need", ["A", "B", "C"], 2022, history, np.array([[10.0], [10], [10]]),
                    np.array([[11.0], [12], [19]]))  # fmt: skip
    score = scored(rows).iloc[0]
    assert score["mase"] == 2
    assert score["mase_mean"] == 4
    assert score["error"] == pytest.approx(12 / 30)
    assert np.isnan(score["wis"])


def test_a_rival_is_lent_an_interval_as_wide() -> None:
    # ours 100 from 80 to 130; a rival at 200.5, twice as high with the half that counts are raised by
    low, high = as_wide(np.array([200.5]), np.array([100.0]), np.array([80.0]), np.array([130.0]))
    assert low == pytest.approx(2 * 80.5 - 0.5)
    assert high == pytest.approx(2 * 130.5 - 0.5)


def test_what_is_within_chance() -> None:
    names = [f"S{number}" for number in range(20)]
    history, actual = np.tile([0.0, 1.0], (20, 1)), np.full((20, 1), 10.0)
    worse = actual + 3
    either = actual + np.where(np.arange(20)[:, None] % 2, 1.0, 3.0)
    rows = pd.concat(
        [
            outcomes(OURS, "need", names, 2022, history, actual, actual + 2),
            outcomes("worse", "need", names, 2022, history, actual, worse),
            outcomes("either", "need", names, 2022, history, actual, either),
        ]
    )
    scores = with_chance(scored(rows), rows).set_index("method")
    assert scores.loc["worse", ["behind", "behind_low", "behind_high"]].tolist() == [1, 1, 1]
    assert scores.loc["either", "behind"] == pytest.approx(0)
    assert scores.loc["either", "behind_low"] < 0 < scores.loc["either", "behind_high"]
    assert np.isnan(scores.loc[OURS, "behind"])
    few = rows[rows["name"].isin(names[:4])]
    assert with_chance(scored(few), few)["behind_low"].isna().all()


def test_an_outcome_that_is_not_known_does_not_count() -> None:
    rows = outcomes(OURS, "total", ["A", "B"], 2022, np.array([[1.0, 2], [1, 2]]), np.array([[3.0], [np.nan]]),
                    np.array([[3.0], [9.0]]))  # fmt: skip
    assert scored(rows).iloc[0]["series"] == 1


def test_a_series_that_never_changed_has_no_mase() -> None:
    rows = outcomes(OURS, "total", ["A"], 2022, np.array([[5.0, 5]]), np.array([[6.0]]), np.array([[5.0]]))
    assert np.isnan(scored(rows).iloc[0]["mase"])


def test_the_better_rival_is_reported() -> None:
    history, actual = np.array([[10.0, 12.0]]), np.array([[14.0]])
    rows = pd.concat(
        [
            outcomes(OURS, "total", ["A"], 2022, history, actual, np.array([[15.0]])),
            outcomes("drift", "total", ["A"], 2022, history, actual, np.array([[14.0]])),
            outcomes("last value", "total", ["A"], 2022, history, actual, np.array([[12.0]])),
        ]
    )
    better = better_rivals(scored(rows))
    assert better["method"].tolist() == ["drift"]
    assert better["our_mase"].iloc[0] == pytest.approx(0.5)


def test_simple_rivals() -> None:
    series = np.array([[100.0, 110.0]])
    assert rivals.last_value(series, 2).tolist() == [[110, 110]]
    assert rivals.last_growth(series, 2)[0] == pytest.approx([121, 133.1])
    assert rivals.at_growth(series, 2, np.log(1.2))[0] == pytest.approx([132, 158.4])
    assert rivals.last_growth(np.array([[0.0, 5.0]]), 2).tolist() == [[5, 5]]


def test_a_straight_line_goes_on_damped() -> None:
    line = np.array([[10.0, 20, 30, 40, 50]])
    projected = rivals.damped_trend(line, 2)[0]
    assert 50 < projected[0] <= 60
    assert projected[0] < projected[1] <= 70


def test_automatic_smoothing_finds_a_trend(require: object) -> None:
    require("rivals", rivals.has_automatic(), "statsmodels is not installed")  # type: ignore[operator]
    line = np.array([10.0 * year + (year % 3) for year in range(12)])[None]
    projected = rivals.automatic(line, 2)[0]
    assert projected[1] > projected[0] > line[0, -1]
