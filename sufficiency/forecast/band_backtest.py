"""The projection of plans by age band, tried on the past: each authority forecast from what was known then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast import rivals
from sufficiency.forecast.band_history import BANDS, BandHistory, national_growth, read_band_history
from sufficiency.forecast.bands import project
from sufficiency.forecast.intervals import CentralFrom, limits, scales
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.scores import OURS, outcomes
from sufficiency.forecast.signal_tables import COLUMNS as SIGNAL_FRAMES
from sufficiency.progress import Progress, silent

POOLED = "own last value at the growth of all"
Rival = Callable[[Floats, int, Floats], Floats]
"""Series [series, year], years ahead and the growth of all [series]: [series, years ahead]."""
WITH_SIGNALS = f"{OURS}, with signals"


def band_outcomes(
    history: pd.DataFrame,
    origins: Iterable[int],
    ahead: int = 3,
    with_automatic: bool = False,
    progress: Progress = silent,
    signals: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Forecasts and outcomes, one row each, of every authority and band from every origin, beside the rivals.

    At each origin the model sees the rows up to it and nothing else. `signals` are the other frames of `project`: with
    them it is tried twice, from plans alone and with signals. Rivals have intervals from their own past errors, by the
    same law; automatic exponential smoothing has none. Levels are `total` and `age band`; the name of a series is
    the authority, with the band behind it.
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
        methods = {OURS: _projected(history[year <= origin], whole, came.shape[2], {})}
        if signals:
            methods[WITH_SIGNALS] = _projected(history[year <= origin], whole, came.shape[2], signals)
        rivals_now = _rivals(now, came.shape[2], with_automatic)
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
            for method, outcome in methods.items():
                low, middle, high = outcome[:, there][:, :, bands].reshape(3, len(names), -1)
                rows.append(outcomes(method, level, names, origin, past, actual, middle, low, high))
            for method, forecasts in rivals_now.items():
                low, middle, high = forecasts[:, where[there]][:, :, bands].reshape(3, len(names), -1)
                rows.append(outcomes(method, level, names, origin, past, actual, middle, low, high))
    return pd.concat(rows, ignore_index=True)


def _projected(history: pd.DataFrame, whole: BandHistory, ahead: int, signals: Mapping[str, pd.DataFrame]) -> Floats:
    """[5th, 50th or 95th percentile, authority, band or total, years ahead]."""
    requests, children, regions, begun = (signals.get(name) for name in SIGNAL_FRAMES)
    projected = project(history, ahead, 0, requests, children, regions, begun)
    out = np.full((3, len(whole.authorities), len(BANDS) + 1, ahead), np.nan)
    row = pd.Index(whole.authorities).get_indexer(pd.Index(projected["la"]))
    band = pd.Index([*BANDS, "total"]).get_indexer(pd.Index(projected["age_band"]))
    step = projected["year"].to_numpy() - projected["year"].min()
    for position, name in enumerate(("p05", "p50", "p95")):
        out[position, row, band, step] = projected[name]
    return out


def _rivals(now: BandHistory, ahead: int, with_automatic: bool) -> dict[str, Floats]:
    """Each rival's [5th, 50th or 95th percentile, authority, band or total, years ahead]; gaps are filled for them as
    for us.
    """
    methods: dict[str, Rival] = {
        "last value": lambda series, years, _: rivals.last_value(series, years),
        "last growth": lambda series, years, _: rivals.last_growth(series, years),
        "damped trend": lambda series, years, _: rivals.damped_trend(series, years),
        POOLED: rivals.at_growth,
    }
    by_method = {}
    for name, method in methods.items():
        middle = _by(method, now, ahead)
        first, power = scales(now, _from_past(method, now), shipped())
        low, high = limits(middle, first, power, now.since.astype(float))
        by_method[name] = np.stack([low, middle, high])
    if with_automatic:
        middle = _by(lambda series, years, _: rivals.automatic(series, years), now, ahead)
        unknown = np.full_like(middle, np.nan)
        by_method["automatic exponential smoothing"] = np.stack([unknown, middle, unknown])
    return by_method


def _from_past(method: Rival, now: BandHistory) -> CentralFrom:
    return lambda origin, years: _by(method, now.until(origin), years)


def _by(method: Rival, now: BandHistory, ahead: int) -> Floats:
    """[authority, band or total, years ahead] by a rival."""
    flat = now.plans.reshape(-1, now.plans.shape[2])
    series = np.where(np.isnan(flat), 0.0, flat)
    growth = national_growth(np.where(now.known, now.plans, np.nan))[:, -1]
    return method(series, ahead, np.tile(growth, len(now.plans))).reshape(*now.plans.shape[:2], ahead)
