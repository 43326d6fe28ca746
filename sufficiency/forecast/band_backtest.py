"""The projection of plans by age band, tried on the past: each authority forecast from what was known then."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast import rivals
from sufficiency.forecast.band_history import BANDS, BandHistory, national_growth, read_band_history
from sufficiency.forecast.bands import project
from sufficiency.forecast.scores import OURS, outcomes
from sufficiency.progress import Progress, silent

POOLED = "own last value at the growth of all"


def band_outcomes(
    history: pd.DataFrame,
    origins: Iterable[int],
    ahead: int = 3,
    with_automatic: bool = False,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Forecasts and outcomes, one row each, of every authority and band from every origin, beside the rivals.

    At each origin the model sees the rows up to it and nothing else. Levels are `total` and `age band`; the name of a
    series is the authority, with the band behind it.
    """
    whole = read_band_history(history)
    year = pd.to_numeric(history["year"])
    known = np.where(whole.known, whole.plans, np.nan)
    rows = []
    for origin in origins:
        progress("Back-test", f"from {origin}")
        until = int(np.flatnonzero(whole.years == origin)[0])
        now = read_band_history(history[year <= origin])
        came = known[:, :, until + 1 : until + 1 + ahead]
        told = _projected(history[year <= origin], whole, came.shape[2])
        methods = _rivals(now, came.shape[2], with_automatic)
        where = pd.Index(now.authorities).get_indexer(pd.Index(whole.authorities))
        there = where >= 0
        for level, bands in (("total", [len(BANDS)]), ("age band", list(range(len(BANDS))))):
            names = [
                f"{la}, {band}"
                for la in np.array(whole.authorities)[there]
                for band in np.array([*BANDS, "total"])[bands]
            ]
            past = known[there][:, bands, : until + 1].reshape(len(names), -1)
            actual = came[there][:, bands].reshape(len(names), -1)
            ours = told[:, there][:, :, bands].reshape(3, len(names), -1)
            rows.append(outcomes(OURS, level, names, origin, past, actual, ours[1], ours[0], ours[2]))
            for method, forecasts in methods.items():
                theirs = forecasts[where[there]][:, bands].reshape(len(names), -1)
                rows.append(outcomes(method, level, names, origin, past, actual, theirs))
    return pd.concat(rows, ignore_index=True)


def _projected(history: pd.DataFrame, whole: BandHistory, ahead: int) -> Floats:
    """[5th, 50th or 95th percentile, authority, band or total, years ahead]."""
    told = project(history, ahead)
    out = np.full((3, len(whole.authorities), len(BANDS) + 1, ahead), np.nan)
    row = pd.Index(whole.authorities).get_indexer(pd.Index(told["la"]))
    band = pd.Index([*BANDS, "total"]).get_indexer(pd.Index(told["age_band"]))
    step = told["year"].to_numpy() - told["year"].min()
    for position, name in enumerate(("p05", "p50", "p95")):
        out[position, row, band, step] = told[name]
    return out


def _rivals(now: BandHistory, ahead: int, with_automatic: bool) -> dict[str, Floats]:
    """Each rival's [authority, band or total, years ahead]; gaps are filled for them as for us."""
    flat = now.plans.reshape(-1, now.plans.shape[2])
    series = np.where(np.isnan(flat), 0.0, flat)
    growth = national_growth(np.where(now.known, now.plans, np.nan))[:, -1]
    told = {
        "last value": rivals.last_value(series, ahead),
        "last growth": rivals.last_growth(series, ahead),
        "damped trend": rivals.damped_trend(series, ahead),
        POOLED: rivals.at_growth(series, ahead, np.tile(growth, len(now.plans))),
    }
    if with_automatic:
        told["automatic exponential smoothing"] = rivals.automatic(series, ahead)
    return {name: values.reshape(*now.plans.shape[:2], ahead) for name, values in told.items()}
