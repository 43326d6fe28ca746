"""How wrong forecasts were: one row a forecast, then errors by method, level and years ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats

OURS = "this forecast"
KEYS = ["level", "ahead", "method"]


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


def scored(rows: pd.DataFrame, by: list[str] | None = None) -> pd.DataFrame:
    """Errors by `by` (level, years ahead and method by default).

    MAPE over forecasts whose outcome is above 0; MASE of the median series, each over its origins; bias as a share
    of all that came; coverage of the interval, blank without one. Series that never changed have no scale and no
    MASE.
    """
    by = by or KEYS
    known = rows[rows["actual"].notna() & rows["forecast"].notna()]
    missed = (known["forecast"] - known["actual"]).to_numpy()
    actual, scale = known["actual"].to_numpy(), known["scale"].to_numpy()
    inside = (known["low"].to_numpy() <= actual) & (actual <= known["high"].to_numpy())
    told = known.assign(
        relative=np.where(actual > 0, np.abs(missed) / np.where(actual > 0, actual, 1.0), np.nan),
        scaled=np.where(scale > 0, np.abs(missed) / np.where(scale > 0, scale, 1.0), np.nan),
        missed=missed,
        inside=np.where(known["low"].isna(), np.nan, inside),
    )
    groups = told.groupby(by, sort=False)
    series = told.groupby([*by, "name"], sort=False)["scaled"].mean().groupby(by, sort=False).median()
    return pd.DataFrame(
        {
            "series": groups["name"].nunique(),
            "mape": groups["relative"].mean(),
            "mase": series,
            "bias": groups["missed"].sum() / groups["actual"].sum(),
            "coverage": groups["inside"].mean(),
        }
    ).reset_index()


def better_rivals(scores: pd.DataFrame, ours: str = OURS) -> pd.DataFrame:
    """The rows of rivals with a lower MASE than this forecast, ours beside it, by level and years ahead."""
    mine = scores[scores["method"] == ours].set_index(["level", "ahead"])["mase"].rename("ours")
    rivals = scores[scores["method"] != ours].join(mine, on=["level", "ahead"])
    return rivals[rivals["mase"] < rivals["ours"]].reset_index(drop=True)
