"""Plans by authority and age band, projected from their history and, where they are known, signals."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.band_history import BANDS, TOTAL, BandHistory, code_of, read_band_history
from sufficiency.forecast.intervals import CentralFrom, limits, scales
from sufficiency.forecast.pooled import are_many, central, shipped
from sufficiency.forecast.signal_tables import SignalTables, lay_out, read_signal_tables
from sufficiency.forecast.signals import central_by_shipped, model_of
from sufficiency.problems import InputError, Problem, raise_errors

LONGEST_PROJECTION = 60


def project(
    history: pd.DataFrame,
    years: int | Iterable[int],
    seed: int = 0,
    requests: pd.DataFrame | None = None,
    children: pd.DataFrame | None = None,
    regions: pd.DataFrame | None = None,
    new_plans: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """EHC plans by local authority and age band, with intervals that hold nine outcomes in ten.

    `history`: a frame `la, age_band, year, plans`. A band is `under 5`, `5 to 10`, `11 to 15`, `16 to 19`, `20 to 25`
    or `total`; `year` is the year of the count; `plans` may be missing, or `x`, `z`, `c` as DfE publishes it. One
    authority or all of them: with 30 or more the model learns from them, with fewer it uses what DfE's tables of 2010
    to 2022 taught. `years`: how many years after the last one, or which years.

    What else is known sharpens it, and what is missing counts as average. `requests`: a frame `la, year, requests,
    refused, undecided`, requests for assessment of the calendar year before the January count of `year`. `children`:
    `la, children`, aged 2 to 18. `regions`: `la, region`. `new_plans`: `la, age_band, year, plans`, plans begun in the
    calendar year `year`, as DfE publishes them. Authorities are named as in the history; later years than its last
    count are not used.

    Returns `la, age_band, year, p05, p50, p95` for every authority and band of the history that still exists; an
    authority of which no figure is known has blanks. The bands of p50 add up to its total where all are given; p05
    and p95 do not, as percentiles never do. `attrs["notes"]` says what was filled in, joined or left out. `seed` is
    there for the contract: intervals are read off past errors and nothing is drawn, so the figures are the same for
    every seed.

    Raises InputError that lists every row of every frame that makes no sense, and for years that are not after the
    last one.
    """
    np.random.default_rng(seed)  # refuses what is no seed
    given = {"requests": requests, "children": children, "regions": regions, "new_plans": new_plans}
    read, tables = _read(history, given)
    last = int(read.years[-1])
    wanted = years_after(last, years)
    horizon = max(wanted) - last
    middle, first, power = _middle_and_scales(read, tables, horizon)
    low, high = limits(middle, first, power, np.minimum(read.since, len(read.years)))
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
    frame.attrs["notes"] = [*read.notes, *(() if tables is None else tables.notes)]
    return frame


def _read(history: pd.DataFrame, given: dict[str, pd.DataFrame | None]) -> tuple[BandHistory, SignalTables | None]:
    """The history, and the tables of signals where one is given. Raises InputError with the problems of all frames."""
    signals, problems = read_signal_tables(given)
    try:
        read = read_band_history(history)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from None
    raise_errors(problems)
    return read, lay_out(signals, read) if signals else None


def _middle_and_scales(read: BandHistory, tables: SignalTables | None, horizon: int) -> tuple[Floats, Floats, Floats]:
    """The middle forecast [authority, band or total, horizon]; the standard deviation of its errors a year ahead, and
    the power of time with which it grows [band or total].
    """
    if tables is None:
        central_from: CentralFrom = lambda position, ahead: central(read.until(position), ahead)  # noqa: E731
        return central(read, horizon), *scales(read, central_from, shipped())
    figures = shipped()["signals"]
    if not are_many(read) or len(read.years) < 3:
        return (
            central_by_shipped(read, tables, horizon),
            np.array(figures["error_first"]),
            np.array(figures["error_power"]),
        )
    model = model_of(read, tables)
    return model.central(len(read.years) - 1, horizon), *scales(read, model.central, figures)


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
