"""Errors and rivals, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sufficiency.forecast import rivals
from sufficiency.forecast.scores import OURS, better_rivals, outcomes, scored


def test_errors_by_hand() -> None:
    # history 10, 12, 16: mean yearly change 3. Forecast 20 where 18 came: MASE 2/3, MAPE 1/9, bias 1/9, inside 15 to 21
    rows = outcomes(OURS, "total", ["A"], 2022, np.array([[10.0, 12, 16]]), np.array([[18.0]]), np.array([[20.0]]),
                    np.array([[15.0]]), np.array([[21.0]]))  # fmt: skip
    score = scored(rows).iloc[0]
    assert score["mase"] == pytest.approx(2 / 3)
    assert score["mape"] == pytest.approx(1 / 9)
    assert score["bias"] == pytest.approx(1 / 9)
    assert score["coverage"] == 1


def test_an_outcome_that_is_not_known_does_not_count() -> None:
    rows = outcomes(OURS, "total", ["A", "B"], 2022, np.array([[1.0, 2], [1, 2]]), np.array([[3.0], [np.nan]]),
                    np.array([[3.0], [9.0]]))  # fmt: skip
    assert scored(rows).iloc[0]["series"] == 1


def test_a_series_that_never_changed_has_no_mase() -> None:
    rows = outcomes(OURS, "total", ["A"], 2022, np.array([[5.0, 5]]), np.array([[6.0]]), np.array([[5.0]]))
    assert np.isnan(scored(rows).iloc[0]["mase"])


def test_the_better_rival_is_told() -> None:
    import pandas as pd

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
    assert better["ours"].iloc[0] == pytest.approx(0.5)


def test_simple_rivals() -> None:
    series = np.array([[100.0, 110.0]])
    assert rivals.last_value(series, 2).tolist() == [[110, 110]]
    assert rivals.last_growth(series, 2)[0] == pytest.approx([121, 133.1])
    assert rivals.at_growth(series, 2, np.log(1.2))[0] == pytest.approx([132, 158.4])
    assert rivals.last_growth(np.array([[0.0, 5.0]]), 2).tolist() == [[5, 5]]


def test_a_straight_line_goes_on_damped() -> None:
    line = np.array([[10.0, 20, 30, 40, 50]])
    told = rivals.damped_trend(line, 2)[0]
    assert 50 < told[0] <= 60
    assert told[0] < told[1] <= 70


def test_automatic_smoothing_finds_a_trend(require: object) -> None:
    require("rivals", rivals.has_automatic(), "statsmodels is not installed")  # type: ignore[operator]
    line = np.array([10.0 * year + (year % 3) for year in range(12)])[None]
    told = rivals.automatic(line, 2)[0]
    assert told[1] > told[0] > line[0, -1]
