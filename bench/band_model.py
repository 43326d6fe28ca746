"""Learn the shipped figures of the pooled band model from DfE's tables, and print them.

    python bench/band_model.py ../shared/data/dfe > sufficiency/reference/band_model.toml

The folder holds sen2_age_caseload.csv.gz (2010 to 2022), england_cohort_ratio_2024_2025.csv,
england_2025_primary_need_by_age.csv and ehcp_caseload_by_placement_england_201819_202425.csv.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.forecast import intervals, pooled
from sufficiency.forecast.band_history import BANDS, read_band_history
from sufficiency.sources.sen2 import read_sen2_age

UPPER_AGE = np.array([4, 10, 15, 19, 25])


def england(folder: Path) -> dict[int, list[int]]:
    rows = read_sen2_age(folder / "sen2_age_caseload.csv.gz", level="National")
    table = rows.assign(plans=rows["plans"].astype(int)).pivot_table(index="year", columns="age_band", values="plans")
    series = {int(year): [*map(int, row[list(BANDS)].fillna(0)), int(row["total"])] for year, row in table.iterrows()}
    ratio = pd.read_csv(folder / "england_cohort_ratio_2024_2025.csv")
    need = pd.read_csv(folder / "england_2025_primary_need_by_age.csv")
    ages = need["breakdown"].str.extract(r"(\d+)")[0].astype(int).where(need["breakdown"] != "under 3", 2)
    for year, age, plans in ((2024, ratio["age_jan24"], ratio["plans_jan24"]), (2025, ages, need["ehc_plans"])):
        bands = np.bincount(np.searchsorted(UPPER_AGE, age), plans, len(BANDS)).astype(int)
        series[year] = [*map(int, bands), int(bands.sum())]
    totals = pd.read_csv(folder / "ehcp_caseload_by_placement_england_201819_202425.csv", index_col=0).loc["ehcplans"]
    series[2024] = shared_out(int(totals["202324"]), np.array(series[2024][:5], dtype=float))
    series[2023] = shared_out(int(totals["202223"]), np.sqrt(np.array(series[2022][:5]) * series[2024][:5]))
    return dict(sorted(series.items()))


def shared_out(total: int, bands: np.ndarray) -> list[int]:
    told = np.rint(total * bands / bands.sum()).astype(int)
    told[2] += total - told.sum()
    return [*map(int, told), total]


def learn(folder: Path) -> str:
    history = read_band_history(read_sen2_age(folder / "sen2_age_caseload.csv.gz"))
    logs = np.log1p(np.where(history.known, history.plans, np.nan))
    steps = range(len(history.years) - pooled.RECENT, len(history.years))
    raw = [pooled.raw_signals(logs[..., step], logs[..., step - 1]) for step in steps]
    spread = np.mean([np.apply_along_axis(deviation, 0, signal) for signal in raw], axis=0)
    first, power = intervals.scales(history)
    lines = [
        "# The pooled band model where a history has too few authorities to learn from, by bench/band_model.py from",
        "# DfE, Education, health and care plans: SEN2 by local authority and age band, January 2010 to 2022; England",
        "# by age, January 2024 (raised to the total) and 2025; England's total in January 2023, by ages between 2022",
        "# and 2024. Open Government Licence v3.0.",
        f"# Columns of [england]: {', '.join(BANDS)}, total. Rows of the lists below: the same bands, youngest first.",
        "",
        "# Bands, then the total: growth of the total, of the band, the band below against this one, growth of the",
        "# band below; of the total: its growth and that of the 5 to 10 year olds.",
        f"coefficients = {listed(pooled.learnt_coefficients(history))}",
        "# Robust standard deviation of each signal over the authorities.",
        f"spread = {listed(spread)}",
        "# Error of a large series one year ahead (standard deviation, log scale), and the power of time it grows by.",
        f"error_first = {listed(first)}",
        f"error_power = {listed(power)}",
        "",
        "[england]",
        *(f"{year} = {plans}" for year, plans in england(folder).items()),
    ]
    return "\n".join(lines)


def deviation(values: np.ndarray) -> float:
    return pooled.robust_deviation(values[np.isfinite(values)])


def listed(values: np.ndarray) -> str:
    return str(np.round(values, 3).tolist())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    print(learn(parser.parse_args().folder))
