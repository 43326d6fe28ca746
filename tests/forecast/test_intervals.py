"""Widths of the projection by age band, with answers by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sufficiency.forecast import intervals
from sufficiency.forecast.intervals import NINE_TENTHS, law_of, limits, robust_scale, spread_of, weighted_quantile

MANY = 1e12
"""Forecasts so large that counting noise is nil."""


def test_a_quantile_by_weight() -> None:
    # 1, 2 and 3 hold 0.2, 0.3 and 0.5: half is reached at 2, nine tenths at 3
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.5, 0.2, 0.3])
    assert weighted_quantile(values, weights, 0.5) == 2
    assert weighted_quantile(values, weights, 0.9) == 3
    assert weighted_quantile(np.array([]), np.array([]), 0.5) == 0


def test_nine_of_ten_errors_lie_inside_a_spread() -> None:
    errors = np.arange(1, 11) / 10
    found = spread_of(errors[None] ** 2, np.full((1, 10), MANY), 1, np.ones(1))
    assert found * NINE_TENTHS == pytest.approx(0.9)


def test_what_counting_explains_is_no_spread() -> None:
    # an error of 0.1 in a count of 24: variance (0.1 / 1.645)² = 0.0037, of counting 1 / 25 = 0.04
    assert spread_of(np.full((1, 9), 0.01), np.full((1, 9), 24.0), 1, np.ones(1)) == 0


def test_one_wild_year_is_no_surprise_for_ever() -> None:
    assert robust_scale(np.array([0.5, -0.01, 0.01]), np.ones(3)) == pytest.approx(0.014826)
    assert robust_scale(np.array([np.nan, 0.02]), np.ones(2)) == pytest.approx(1.4826 * 0.02)


def test_a_law_from_errors_that_double() -> None:
    """Apart from a common error of nil, every authority misses three times as much after three years: power one."""
    apart = np.linspace(-0.1, 0.1, 41)
    errors = np.stack([apart, 2 * apart, 3 * apart], axis=1)[None].repeat(3, axis=0)
    first, power = law_of(errors, np.full(errors.shape, MANY))
    # 37 of 41 within 0.09 are 90.2 %
    assert first == pytest.approx(0.09 / NINE_TENTHS)
    assert power == pytest.approx(1)


def test_what_all_miss_together_widens_the_first_year() -> None:
    apart = np.linspace(-0.1, 0.1, 41)
    errors = (np.stack([apart] * 3, axis=1) + 0.05)[None].repeat(3, axis=0)
    first, power = law_of(errors, np.full(errors.shape, MANY))
    assert first == pytest.approx(np.hypot(0.09 / NINE_TENTHS, 1.4826 * 0.05))
    assert power == intervals.LEAST_POWER


def test_limits_by_hand() -> None:
    # a count of 100 two years on: large 0.1 · √2, counting 2 / 101
    low, high = limits(np.array([[[0.0, 100.0]]]), np.array([0.1]), np.array([0.5]), np.zeros((1, 1)))
    spread = np.sqrt(0.02 + 2 / 101)
    assert high[0, 0, 1] == pytest.approx(100.5 * np.exp(1.645 * spread) - 0.5)
    assert low[0, 0, 0] == 0
