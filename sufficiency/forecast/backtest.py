"""A council's forecast, tried on its own past: the last one, two and three years hidden, forecast and compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast import rivals
from sufficiency.forecast.england import NEED_CODES
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.run import forecast
from sufficiency.forecast.scores import OURS, outcomes
from sufficiency.forecast.specialist import by_phase
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent

HIDDEN = (1, 2, 3)
LEAST_YEARS = 3
"""Years of history that must be left after three are hidden for every year to be tried; with fewer, fewer are."""
LEVELS = ("authority", "phase", "need", "area")
ENGLAND = "own last value at England's growth"


def council_outcomes(inputs: Inputs, progress: Progress = silent) -> pd.DataFrame:
    """Forecasts of plans and their outcomes, one row each, for the authority, phases, needs and areas, beside the
    rivals.

    Raises InputError where the history is too short to hide a year of it.
    """
    origins = [len(inputs.years) - 1 - hidden for hidden in HIDDEN if len(inputs.years) - hidden >= 2]
    if not origins:
        what = f"a back-test needs at least 3 years of history; there are {len(inputs.years)}"
        raise InputError([Problem(what, inputs.model.path.name, fix="add earlier years to the history")])
    actual = _series(inputs)
    rows = []
    for origin in origins:
        progress("Back-test", f"from {inputs.years[origin]}")
        then = inputs.until(origin)
        told = forecast(then)
        ahead = len(inputs.years) - 1 - origin
        for level, (names, values) in actual.items():
            past, came = values[:, : origin + 1], values[:, origin + 1 :]
            low, middle, high = (
                _told(told.levels, level, names, then.ahead, column) for column in ("p05", "p50", "p95")
            )
            year = inputs.years[origin]
            rows.append(outcomes(OURS, level, names, year, past, came, middle, low, high))
            for method, rival in _rivals(year).items():
                rows.append(outcomes(method, level, names, year, past, came, rival(past, ahead)))
    return pd.concat(rows, ignore_index=True)


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


def _told(levels: pd.DataFrame, level: str, names: list[str], years: tuple[int, ...], column: str) -> Floats:
    """[series, year] a column of the forecast."""
    rows = levels[(levels["level"] == level) & levels["year"].isin(years)]
    named = rows.assign(name="all" if level == "authority" else rows[level])
    table = named.pivot_table(index="name", columns="year", values=column).reindex(index=names, columns=list(years))
    return np.asarray(table.fillna(0.0).to_numpy(dtype=float))  # a need that nobody has is 0


def _rivals(year: int) -> dict[str, Callable[[Floats, int], Floats]]:
    england = shipped()["england"]
    # a September's year is counted in the January after
    known = [int(count) for count in england if int(count) <= year + 1][-2:]
    told: dict[str, Callable[[Floats, int], Floats]] = {
        "last value": rivals.last_value,
        "last growth": rivals.last_growth,
        "damped trend": rivals.damped_trend,
    }
    if len(known) == 2:
        growth = np.log(england[str(known[1])][-1] / england[str(known[0])][-1]) / (known[1] - known[0])
        told[ENGLAND] = partial(rivals.at_growth, growth=float(growth))
    if rivals.has_automatic():
        told["automatic exponential smoothing"] = rivals.automatic
    return told
