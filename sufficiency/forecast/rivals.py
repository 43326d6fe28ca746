"""Simple forecasts that a good one has to beat. Each takes series [series, year] and gives [series, years ahead]."""

from __future__ import annotations

import itertools
import warnings

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.problems import InputError, Problem

ALPHAS = (0.3, 0.5, 0.7, 0.9, 1.0)
BETAS = (0.05, 0.2, 0.4, 0.7, 1.0)
DAMPINGS = (0.8, 0.9, 0.95)
"""Smoothing of level and trend, and damping, tried for a damped trend; the best on one-year errors is taken."""
LEAST_YEARS = 6
"""Years that automatic exponential smoothing needs."""


def last_value(series: Floats, years: int) -> Floats:
    """Everything stays as it was."""
    return np.repeat(series[:, -1:], years, axis=1)


def last_growth(series: Floats, years: int) -> Floats:
    """The last year's growth, again and again; a series that began at 0 stays."""
    if series.shape[1] < 2:
        return last_value(series, years)
    before = series[:, -2]
    growth = np.divide(series[:, -1], before, out=np.ones_like(before), where=before > 0)
    return np.asarray(series[:, -1:] * growth[:, None] ** np.arange(1, years + 1))


def at_growth(series: Floats, years: int, growth: Floats | float) -> Floats:
    """The last value at a growth (log scale) of others, again and again: of England, or of all authorities."""
    return np.asarray(series[:, -1:] * np.exp(np.broadcast_to(growth, len(series))[:, None] * np.arange(1, years + 1)))


def damped_trend(series: Floats, years: int) -> Floats:
    """Holt's trend, damped, with the smoothing that would have done best so far."""
    if series.shape[1] < 3:
        return last_value(series, years)
    best, ahead = np.full(len(series), np.inf), last_value(series, years)
    for alpha, beta, damping in itertools.product(ALPHAS, BETAS, DAMPINGS):
        level, trend = series[:, 0].copy(), series[:, 1] - series[:, 0]
        missed = np.zeros(len(series))
        for year in range(1, series.shape[1]):
            expected = level + damping * trend
            missed += (series[:, year] - expected) ** 2
            new = alpha * series[:, year] + (1 - alpha) * expected
            trend = beta * (new - level) + (1 - beta) * damping * trend
            level = new
        better = missed < best
        best[better] = missed[better]
        projected = level[:, None] + trend[:, None] * np.cumsum(damping ** np.arange(1, years + 1))
        ahead[better] = np.maximum(projected, 0.0)[better]
    return ahead


def automatic(series: Floats, years: int) -> Floats:
    """Exponential smoothing with the form (level, trend, damped trend) that AICc prefers, by statsmodels.

    Raises InputError where statsmodels is not installed: it comes with `pip install "sufficiency[rivals]"`.
    """
    try:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    except ImportError:
        fix = 'pip install "sufficiency[rivals]"'
        raise InputError([Problem("automatic exponential smoothing needs statsmodels", fix=fix)]) from None
    out = last_value(series, years).astype(float)
    for row, values in enumerate(series):
        known = values[~np.isnan(values)]
        if len(known) < LEAST_YEARS or np.ptp(known) == 0:
            continue
        best = np.inf
        for trend, damped in ((None, False), ("add", False), ("add", True)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # series of ten years seldom converge to the last digit
                try:
                    fit = ETSModel(known, error="add", trend=trend, damped_trend=damped).fit(disp=False)
                except (ValueError, np.linalg.LinAlgError):
                    continue
                if np.isfinite(fit.aicc) and fit.aicc < best:
                    best = float(fit.aicc)
                    out[row] = np.maximum(np.asarray(fit.forecast(years)), 0.0)
    return out


def has_automatic() -> bool:
    """Whether the library of `automatic` is installed."""
    from importlib.util import find_spec

    return find_spec("statsmodels") is not None
