"""A council's forecast, tried on its own past: the last one to five years hidden, forecast and compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, each_row
from sufficiency.forecast import rivals
from sufficiency.forecast.england import NEED_CODES
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.run import forecast
from sufficiency.forecast.scores import OURS, as_wide, better_rivals, outcomes
from sufficiency.forecast.specialist import by_phase
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent

LEAST_LEFT = {1: 2, 2: 2, 3: 2, 4: 5, 5: 5}
"""Years of history that must be left for as many years to be hidden: growth needs two, a trend worth trusting far ahead
five.
"""
LEVELS = ("authority", "phase", "need", "area")
MOST_NAMED = 6
ENGLAND = "own last value at England's growth"


def council_outcomes(inputs: Inputs, progress: Progress = silent) -> pd.DataFrame:
    """Forecasts of plans and their outcomes, one row each, for the authority, phases, needs and areas, beside the
    rivals.

    Rivals give no interval; they are lent ours, as wide in proportion. Raises InputError where the history is too
    short to hide a year of it.
    """
    count = len(inputs.years)
    origins = [count - 1 - hidden for hidden, left in LEAST_LEFT.items() if count - hidden >= left]
    if not origins:
        what = f"a back-test needs at least 3 years of history; there are {len(inputs.years)}"
        raise InputError([Problem(what, inputs.model.path.name, fix="add earlier years to the history")])
    actual = _series(inputs)
    rows = []
    for origin in origins:
        progress("Back-test", f"from {inputs.years[origin]}")
        then = inputs.until(origin)
        forecast_then = forecast(then)
        ahead = len(inputs.years) - 1 - origin
        for level, (names, values) in actual.items():
            past, came = values[:, : origin + 1], values[:, origin + 1 :]
            low, middle, high = (
                _column_of(forecast_then.levels, level, names, then.ahead, column) for column in ("p05", "p50", "p95")
            )
            year = inputs.years[origin]
            rows.append(outcomes(OURS, level, names, year, past, came, middle, low, high))
            for method, rival in _rivals(year).items():
                theirs = rival(past, ahead)
                limits = as_wide(theirs, middle, low, high)
                rows.append(outcomes(method, level, names, year, past, came, theirs, *limits))
    return pd.concat(rows, ignore_index=True)


def lost_to(errors: pd.DataFrame, file: str) -> list[Problem]:
    """One warning that names where a rival did better on the past, and whether that may be chance; none where none
    did.
    """
    better = better_rivals(errors).sort_values("mase_mean", kind="stable")
    better = better.drop_duplicates(["level", "ahead"]).sort_index()  # the best rival of each
    if better.empty:
        return []
    chance = better["behind_high"].isna() | (better["behind_high"] >= 0)
    places = "; ".join(
        f"{row.level}, {row.ahead} year{'s' if row.ahead > 1 else ''} ahead: {row.method} "
        f"({row.mase:.2f} and {row.mase_mean:.2f} against {row.our_mase:.2f} and {row.our_mase_mean:.2f})"
        for row in each_row(better.head(MOST_NAMED))
    )
    more = f"; and {len(better) - MOST_NAMED} more, in errors.csv" if len(better) > MOST_NAMED else ""
    sure = "all of it may be chance" if chance.all() else f"{int((~chance).sum())} of them by more than chance"
    what = f"on your own past a simple rival did better, by the median or the mean MASE: {places}{more}; {sure}"
    fix = "at these levels, compare the rival with the forecast before you rely on either"
    return [Problem(what, file, fix=fix, severity="warning")]


def _series(inputs: Inputs) -> dict[str, tuple[list[str], Floats]]:
    """The plans that came, [series, year], by level with their names."""
    phases = [phase.code for phase in inputs.model.phase_list]
    needs = [row for row in range(len(NEED_CODES)) if inputs.plans[:, row].any()]
    inside = by_phase(inputs.plans, inputs.phase_of, len(phases))
    out = {
        "authority": (["all"], inside.sum(axis=(1, 2))[None, :]),
        "phase": (phases, inside.sum(axis=1).T),
        "need": ([NEED_CODES[row] for row in needs], inside[:, needs].sum(axis=2).T),
    }
    if inputs.cells is not None:
        of_areas = by_phase(inputs.cells, inputs.phase_of, len(phases)).sum(axis=(2, 3))
        out["area"] = (list(inputs.areas), of_areas.T)
    return out


def _column_of(levels: pd.DataFrame, level: str, names: list[str], years: tuple[int, ...], column: str) -> Floats:
    """[series, year] a column of the forecast."""
    rows = levels[(levels["level"] == level) & levels["year"].isin(years)]
    named = rows.assign(name="all" if level == "authority" else rows[level])
    table = named.pivot_table(index="name", columns="year", values=column).reindex(index=names, columns=list(years))
    return np.asarray(table.fillna(0.0).to_numpy(dtype=float))  # a need that nobody has is 0


def _rivals(year: int) -> dict[str, Callable[[Floats, int], Floats]]:
    england = shipped()["england"]
    # a September's year is counted in the January after
    known = [int(count) for count in england if int(count) <= year + 1][-2:]
    methods: dict[str, Callable[[Floats, int], Floats]] = {
        "last value": rivals.last_value,
        "last growth": rivals.last_growth,
        "damped trend": rivals.damped_trend,
    }
    if len(known) == 2:
        growth = np.log(england[str(known[1])][-1] / england[str(known[0])][-1]) / (known[1] - known[0])
        methods[ENGLAND] = partial(rivals.at_growth, growth=float(growth))
    if rivals.has_automatic():
        methods["automatic exponential smoothing"] = rivals.automatic
    return methods
