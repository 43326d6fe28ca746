"""Plans by authority and age band, projected from nothing but their history."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sufficiency.forecast.band_history import BANDS, TOTAL, code_of, read_band_history
from sufficiency.forecast.intervals import limits, scales
from sufficiency.forecast.pooled import central
from sufficiency.problems import InputError, Problem

LONGEST_PROJECTION = 60


def project(history: pd.DataFrame, years: int | Iterable[int], seed: int = 0) -> pd.DataFrame:
    """EHC plans by local authority and age band, with intervals that hold nine outcomes in ten.

    `history`: a frame `la, age_band, year, plans`. A band is `under 5`, `5 to 10`, `11 to 15`, `16 to 19`, `20 to 25`
    or `total`; `year` is the year of the count; `plans` may be missing, or `x`, `z`, `c` as DfE publishes it. One
    authority or all of them: with 30 or more the model learns from them, with fewer it uses what DfE's tables of 2010
    to 2022 taught. `years`: how many years after the last one, or which years.

    Returns `la, age_band, year, p05, p50, p95` for every authority and band of the history that still exists; an
    authority of which no figure is known has blanks. The bands of p50 add up to its total where all are given; p05
    and p95 do not, as percentiles never do. `attrs["notes"]` says what was filled in, joined or left out. `seed` is
    there for the contract: intervals are read off past errors and nothing is drawn, so the figures are the same for
    every seed.

    Raises InputError that lists every row that makes no sense, and for years that are not after the last one.
    """
    np.random.default_rng(seed)  # refuses what is no seed
    read = read_band_history(history)
    last = int(read.years[-1])
    wanted = years_after(last, years)
    horizon = max(wanted) - last
    middle = central(read, horizon)
    low, high = limits(middle, *scales(read), np.minimum(read.since, len(read.years)))
    rows, bands = np.nonzero(read.asked)
    steps = np.array(wanted) - last - 1
    as_given = {code_of(label): label for label in history["la"].drop_duplicates()}
    frame = pd.DataFrame(
        {
            "la": np.repeat(np.array([as_given[code] for code in read.authorities], dtype=object)[rows], len(wanted)),
            "age_band": np.repeat(np.array([*BANDS, TOTAL], dtype=object)[bands], len(wanted)),
            "year": np.tile(wanted, len(rows)),
            **{
                name: values[rows, bands][:, steps].ravel()
                for name, values in (("p05", low), ("p50", middle), ("p95", high))
            },
        }
    ).infer_objects()
    frame.attrs["notes"] = list(read.notes)
    return frame


def years_after(last: int, years: int | Iterable[int]) -> list[int]:
    """The years asked for, in order. Raises InputError where one is not after `last`, or there is none."""
    try:
        if isinstance(years, int | np.integer):
            wanted = [last + step for step in range(1, int(years) + 1)] if years < last else [int(years)]
        else:
            wanted = sorted({int(year) for year in years})
    except (TypeError, ValueError):
        wanted = []
    if not wanted or wanted[0] <= last or wanted[-1] > last + LONGEST_PROJECTION:
        what = f"years to project must lie after {last}, the last year of the history, and within {LONGEST_PROJECTION}"
        raise InputError([Problem(what, value=str(years), fix=f"give 3, or [{last + 1}, {last + 2}]")])
    return wanted
