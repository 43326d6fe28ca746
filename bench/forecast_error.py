"""How wrong the projection by age band has been on DfE's tables, beside its rivals: the tables of
docs/explanation/forecast.md.

    python bench/forecast_error.py ../shared/data/dfe                       origins 2013 to 2021
    python bench/forecast_error.py ../shared/data/dfe --origins 2017 2019
    python bench/forecast_error.py ../shared/data/dfe --quick               without automatic exponential smoothing

The folder holds sen2_age_caseload.csv.gz: 152 local authorities, five age bands and the total, January 2010 to 2022. At
each origin every method sees the years up to it and nothing else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from sufficiency.forecast import project
from sufficiency.forecast.band_backtest import band_outcomes
from sufficiency.forecast.band_history import BANDS, TOTAL
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.scores import better_rivals, scored
from sufficiency.sources.sen2 import read_sen2_age


def markdown(scores: pd.DataFrame) -> str:
    """One row a level and method: MASE one, two and three years ahead, then the rest three years ahead."""
    lines = [
        "| level | method | MASE 1 year | 2 years | 3 years | MAPE, 3 years | bias, 3 years | coverage, 1, 3 years |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (level, method), rows in scores.groupby(["level", "method"], sort=False):
        by_ahead = rows.set_index("ahead")
        three, mase = by_ahead.loc[3], " | ".join(f"{by_ahead.loc[ahead, 'mase']:.2f}" for ahead in (1, 2, 3))
        held = " and ".join(f"{by_ahead.loc[ahead, 'coverage']:.0%}" for ahead in (1, 3))
        cover = "" if pd.isna(three["coverage"]) else held
        lines.append(f"| {level} | {method} | {mase} | {percent(three['mape'])} | {percent(three['bias'])} | {cover} |")
    return "\n".join(lines)


def percent(share: float) -> str:
    return "over 1,000 %" if share > 10 else f"{100 * share:.1f} %"


def england(history: pd.DataFrame) -> str:
    """The latest published year of England against the sum of the authorities projected from the last year of the
    tables.
    """
    published = shipped()["england"]
    latest = max(map(int, published))
    told = project(history, [latest]).groupby("age_band")[["p50"]].sum()["p50"]
    lines = [f"| England, January {latest} | projected | published | difference |", "|---|---|---|---|"]
    for band, plans in zip((*BANDS, TOTAL), published[str(latest)], strict=True):
        lines.append(f"| {band} | {told[band]:,.0f} | {plans:,} | {100 * (told[band] / plans - 1):+.1f} % |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--origins", type=int, nargs=2, default=(2013, 2021), metavar=("FIRST", "LAST"))
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    history = read_sen2_age(chosen.folder / "sen2_age_caseload.csv.gz")
    first, last = chosen.origins
    rows = band_outcomes(history, range(first, last + 1), with_automatic=not chosen.quick)
    scores = scored(rows).sort_values(["level", "ahead", "mase"], ascending=[False, False, True], kind="stable")
    print(f"Origins {first} to {last}\n\n{markdown(scores)}\n")
    by_origin = scored(rows, ["level", "ahead", "method", "origin"])
    three = by_origin[by_origin["ahead"] == 3]
    print("MASE three years ahead, by origin\n")
    for level, told in three.groupby("level", sort=False):
        table = told.pivot_table(index="method", columns="origin", values="mase")
        table = table.sort_values(table.columns[-1])
        print(f"| {level} | " + " | ".join(map(str, table.columns)) + " |\n|---|" + "---|" * len(table.columns))
        for method, row in table.iterrows():
            print(f"| {method} | " + " | ".join(f"{mase:.2f}" for mase in row) + " |")
        print()
    print(england(history))
    better = better_rivals(scores)
    print("\nRivals that do better:", "none" if better.empty else "")
    for row in better.itertuples():
        print(f"- {row.level}, {row.ahead} ahead: {row.method} {row.mase:.2f} against {row.ours:.2f}")


if __name__ == "__main__":
    main()
