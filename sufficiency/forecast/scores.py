"""How wrong forecasts were: one row a forecast, then errors by method, level and years ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats

OURS = "this forecast"
KEYS = ["level", "ahead", "method"]
MISSED = 0.1
"""Share of outcomes that an interval of nine in ten leaves out."""
RESAMPLES, LEAST_SERIES = 1_000, 5
"""Draws of a bootstrap, and the series below which it says nothing."""


def outcomes(
    method: str,
    level: str,
    names: list[str],
    origin: int,
    history: Floats,
    actual: Floats,
    middle: Floats,
    low: Floats | None = None,
    high: Floats | None = None,
) -> pd.DataFrame:
    """One row a series and year ahead. `history` [series, year] until the origin; `actual` and the forecasts [series,
    years ahead]. The scale of a series is its mean change from year to year so far (Hyndman and Koehler 2006).
    """
    with np.errstate(invalid="ignore"):
        changes = np.abs(np.diff(history, axis=1))
        counted = (~np.isnan(changes)).sum(axis=1)
        scale = np.where(counted > 0, np.nansum(changes, axis=1) / np.maximum(counted, 1), np.nan)
    ahead = actual.shape[1]
    nothing = np.full_like(actual, np.nan)
    return pd.DataFrame(
        {
            "method": method,
            "level": level,
            "name": np.repeat(np.array(names, dtype=object), ahead),
            "origin": origin,
            "ahead": np.tile(np.arange(1, ahead + 1), len(names)),
            "forecast": middle[:, :ahead].ravel(),
            "low": (nothing if low is None else low[:, :ahead]).ravel(),
            "high": (nothing if high is None else high[:, :ahead]).ravel(),
            "actual": actual.ravel(),
            "scale": np.repeat(scale, ahead),
        }
    )


def as_wide(middle: Floats, ours: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Limits for a rival that gives none: as far from its `middle` as `low` and `high` are from `ours`, by ratio."""
    centre = (middle + 0.5) / (ours + 0.5)
    return np.maximum(centre * (low + 0.5) - 0.5, 0.0), centre * (high + 0.5) - 0.5


def interval_score(actual: Floats, middle: Floats, low: Floats, high: Floats) -> Floats:
    """Weighted interval score of a median and an interval of nine in ten, in children: the lower the better; a narrow
    interval is rewarded, and an outcome outside it costs twenty times what it is outside (Bracher and others 2021).
    """
    outside = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    wide = high - low + 2 / MISSED * outside
    return np.asarray((0.5 * np.abs(actual - middle) + MISSED / 2 * wide) / 1.5)


def scored(rows: pd.DataFrame, by: list[str] | None = None) -> pd.DataFrame:
    """Errors by `by` (level, years ahead and method by default), with the number of series and origins.

    MAPE over forecasts whose outcome is above 0; MASE of the median series and of the mean one, each over its origins;
    error, weighted interval score and bias as shares of all that came; coverage of the interval, blank without
    one. Series that never changed have no scale and no MASE.
    """
    by = by or KEYS
    each = _each(rows)
    groups = each.groupby(by, sort=False)
    series = each.groupby([*by, "name"], sort=False)["scaled"].mean().groupby(by, sort=False)
    came = groups["actual"].sum()
    return pd.DataFrame(
        {
            "series": groups["name"].nunique(),
            "origins": groups["origin"].nunique(),
            "mape": groups["relative"].mean(),
            "mase": series.median(),
            "mase_mean": series.mean(),
            "error": groups["off"].sum() / came,
            "wis": groups["wis"].sum(min_count=1) / came,
            "bias": groups["missed"].sum() / came,
            "coverage": groups["inside"].mean(),
        }
    ).reset_index()


def with_chance(scores: pd.DataFrame, rows: pd.DataFrame, ours: str = OURS) -> pd.DataFrame:
    """Scores with `behind`: how much larger a rival's mean MASE is than ours on the same series, and the 95 % that a
    paired bootstrap over series leaves of it (`behind_low`, `behind_high`); blank for fewer than LEAST_SERIES.
    """
    series = _each(rows).pivot_table(
        index=["level", "ahead", "name"], columns="method", values="scaled", sort=False, dropna=False
    )
    behind = []
    for (level, ahead), table in series.groupby(level=["level", "ahead"], sort=False):
        for rival in table.columns.drop(ours, errors="ignore"):
            apart = (table[rival] - table[ours]).dropna().to_numpy() if ours in table else np.zeros(0)
            if not len(apart):
                continue
            low, high = _likely(apart)
            behind.append((level, ahead, rival, apart.mean(), low, high))
    names = [*KEYS, "behind", "behind_low", "behind_high"]
    return scores.merge(pd.DataFrame(behind, columns=names), on=KEYS, how="left", validate="one_to_one")


def better_rivals(scores: pd.DataFrame, ours: str = OURS) -> pd.DataFrame:
    """The rows of rivals with a lower median or mean MASE than this forecast, ours beside it, by level and years
    ahead.
    """
    mine = scores[scores["method"] == ours].set_index(["level", "ahead"])[["mase", "mase_mean"]]
    rivals = scores[scores["method"] != ours].join(mine.add_prefix("our_"), on=["level", "ahead"])
    better = (rivals["mase"] < rivals["our_mase"]) | (rivals["mase_mean"] < rivals["our_mase_mean"])
    return rivals[better].reset_index(drop=True)


def _each(rows: pd.DataFrame) -> pd.DataFrame:
    """The forecasts whose outcome is known, with how far each was off."""
    known = rows[rows["actual"].notna() & rows["forecast"].notna()]
    actual, scale = known["actual"].to_numpy(), known["scale"].to_numpy()
    low, high, middle = (known[name].to_numpy() for name in ("low", "high", "forecast"))
    missed = middle - actual
    inside = (low <= actual) & (actual <= high)
    return known.assign(
        relative=np.where(actual > 0, np.abs(missed) / np.where(actual > 0, actual, 1.0), np.nan),
        scaled=np.where(scale > 0, np.abs(missed) / np.where(scale > 0, scale, 1.0), np.nan),
        missed=missed,
        off=np.abs(missed),
        inside=np.where(known["low"].isna(), np.nan, inside),
        wis=interval_score(actual, middle, low, high),
    )


def _likely(apart: Floats) -> tuple[float, float]:
    """Where 95 % of the means of resampled series lie."""
    if len(apart) < LEAST_SERIES:
        return np.nan, np.nan
    picked = np.random.default_rng(0).integers(len(apart), size=(RESAMPLES, len(apart)))
    low, high = np.percentile(apart[picked].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
