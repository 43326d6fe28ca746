"""Learn the shipped figures of the pooled band model from DfE's tables, and print them.

    python bench/band_model.py ../shared/data > sufficiency/reference/band_model.toml

The folder holds, in dfe/, sen2_age_caseload.csv.gz and sen2_age_new_plans.csv.gz (2010 to 2022), sen2_requests.csv.gz
(2016 to 2021), la_children_and_region.csv, england_cohort_ratio_2024_2025.csv, england_2025_primary_need_by_age.csv and
ehcp_caseload_by_placement_england_201819_202425.csv; in raw/ehc_plans_2025/, DfE's requests.csv and newplans.csv, of
which only England's rows are used.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.forecast import intervals, pooled, signal_tables, signals
from sufficiency.forecast.band_history import BANDS, BandHistory, read_band_history
from sufficiency.forecast.signal_tables import lay_out, read_signal_tables
from sufficiency.sources.sen2 import read_sen2_age, read_sen2_requests

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
    whole = np.rint(total * bands / bands.sum()).astype(int)
    whole[2] += total - whole.sum()
    return [*map(int, whole), total]


def learn(folder: Path) -> str:
    dfe = folder / "dfe"
    history = read_band_history(read_sen2_age(dfe / "sen2_age_caseload.csv.gz"))
    logs = np.log1p(np.where(history.known, history.plans, np.nan))
    steps = range(len(history.years) - pooled.RECENT, len(history.years))
    raw = [pooled.raw_signals(logs[..., step], logs[..., step - 1]) for step in steps]
    spread = np.mean([np.apply_along_axis(deviation, 0, signal) for signal in raw], axis=0)
    first, power = intervals.scales(history, lambda origin, ahead: pooled.central(history.until(origin), ahead), {})
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
        *(f"{year} = {plans}" for year, plans in england(dfe).items()),
        "",
        *learn_signals(folder, history),
    ]
    return "\n".join(lines)


def learn_signals(folder: Path, history: BandHistory) -> list[str]:
    """The lines of [signals]."""
    dfe, raw_release = folder / "dfe", folder / "raw" / "ehc_plans_2025"
    places = pd.read_csv(dfe / "la_children_and_region.csv").rename(
        columns={"la_name": "la", "children_2_18": "children"}
    )
    requests = read_sen2_requests(dfe / "sen2_requests.csv.gz", by="la_name")
    frames = {
        "requests": requests,
        "children": places[["la", "children"]],
        "regions": places[["la", "region"]],
        "new_plans": read_sen2_age(dfe / "sen2_age_new_plans.csv.gz"),
    }
    read, problems = read_signal_tables(frames)
    assert not problems, problems
    tables = lay_out(read, history)
    model = signals.model_of(history, tables)
    lesson = signals.learn(model.distances, model.regions, np.where(history.known, np.log1p(history.plans), np.nan))
    raw = signals.raw_over_years(history.plans, tables.requests, tables.children, tables.begun)
    apart = np.full(raw.shape[1:3], 1.0)
    for band, signal in np.ndindex(apart.shape):
        found = [deviation(raw[:, band, signal, -step]) for step in range(1, pooled.RECENT + 1)]
        apart[band, signal] = np.mean(found) if np.isfinite(found).all() else 1.0
    first, power = intervals.scales(history, model.central, {})
    now = history.known[..., -1].any(axis=1)
    regions = sorted(set(tables.region) - {""})
    return [
        "# The same where requests, children, regions or plans begun are known besides, from DfE's tables of requests",
        "# by local authority (calendar years 2016 to 2021), plans begun by age band (2010 to 2021), and children aged",
        "# 2 to 18 and region (high-needs benchmarking, 2021); England's requests and plans begun of 2022 to 2024",
        "# from the release of 2025. Rows are bands and the total; columns the signals:",
        *(f"#   {number}. {name}" for number, name in enumerate(signals.SIGNALS, start=1)),
        "[signals]",
        f"children = {np.nansum(tables.children[now]):.0f}",
        f"coefficients = {listed(lesson.coefficients)}",
        "# Robust standard deviation of each signal over the authorities; 1 where there is none for a band.",
        f"apart = {listed(apart)}",
        "# Robust standard deviation of growth over one, two and three years.",
        f"spread = {listed(lesson.spread)}",
        f"error_first = {listed(first)}",
        f"error_power = {listed(power)}",
        "",
        "[signals.regions]",
        *(f'"{name}" = {listed(lesson.regions[:, column])}' for column, name in enumerate(regions)),
        "",
        "# By the January that follows: requests, refused, undecided; plans begun by band, and the total.",
        "[signals.requests]",
        *(f"{year} = {row}" for year, row in england_requests(requests, raw_release).items()),
        "",
        "[signals.begun]",
        *(f"{year} = {row}" for year, row in england_begun(dfe, raw_release).items()),
    ]


def england_requests(requests: pd.DataFrame, release: Path) -> dict[int, str]:
    names = list(signal_tables.REQUESTS)
    sums = requests.assign(**{name: pd.to_numeric(requests[name]) for name in names}).groupby("year")[names].sum()
    rows = {int(year): [float(value) for value in row] for year, row in zip(sums.index, sums.to_numpy(), strict=True)}
    later = national(release / "requests.csv", "All requests for EHC needs assessments")
    for row in later[later["time_period"].astype(int) >= max(rows)].itertuples():
        counts = (row.requests_received_in_year, row.requests_decided_not_to_assess, row.requests_decision_not_made)
        rows[int(row.time_period) + 1] = [float(count) if count.isdigit() else np.nan for count in counts]
    return {
        year: str([int(v) if np.isfinite(v) else "nan" for v in row]).replace("'", "") for year, row in rows.items()
    }


def england_begun(dfe: Path, release: Path) -> dict[int, list[int]]:
    past = read_sen2_age(dfe / "sen2_age_new_plans.csv.gz", level="National")
    table = past.assign(plans=pd.to_numeric(past["plans"], errors="coerce")).pivot_table(
        index="year", columns="age_band", values="plans"
    )
    rows = {int(year) + 1: [*map(int, row[list(BANDS)].fillna(0)), int(row["total"])] for year, row in table.iterrows()}
    later = national(release / "newplans.csv", "Age when plan started", "breakdown_topic")
    ages = later["breakdown"].str.extract(r"(\d+)")[0].dropna().astype(int)
    for year in sorted(later["time_period"].astype(int).unique()):
        mine = ages[later.loc[ages.index, "time_period"].astype(int) == year]
        counts = later.loc[mine.index, "new_ehc_plans"].astype(int)
        bands = np.bincount(np.searchsorted(UPPER_AGE, mine), counts, len(BANDS)).astype(int)
        rows[int(year) + 1] = [*map(int, bands), int(bands.sum())]
    return rows


def national(path: Path, wanted: str, column: str = "breakdown") -> pd.DataFrame:
    rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    return rows[(rows["geographic_level"] == "National") & (rows[column] == wanted)]


def deviation(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return pooled.robust_deviation(there) if len(there) else np.nan


def listed(values: np.ndarray) -> str:
    return str(np.round(values, 3).tolist())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    print(learn(parser.parse_args().folder))
