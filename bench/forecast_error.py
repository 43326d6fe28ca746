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

from sufficiency.forecast.band_backtest import band_outcomes
from sufficiency.forecast.scores import better_rivals, scored
from sufficiency.sources.sen2 import read_sen2_age


def markdown(scores: pd.DataFrame) -> str:
    lines = [
        "| level | years ahead | method | MASE | MAPE | bias | coverage | series |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in scores.itertuples():
        coverage = "" if pd.isna(row.coverage) else f"{row.coverage:.0%}"
        lines.append(
            f"| {row.level} | {row.ahead} | {row.method} | {row.mase:.2f} | {row.mape:.1%} | {row.bias:+.1%} "
            f"| {coverage} | {row.series} |"
        )
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
    scores = scored(rows).sort_values(["level", "ahead", "mase"], ascending=[False, True, True], kind="stable")
    print(f"Origins {first} to {last}\n\n{markdown(scores)}\n")
    by_origin = scored(rows, ["level", "ahead", "method", "origin"])
    three = by_origin[by_origin["ahead"] == 3].sort_values(["level", "origin", "mase"], ascending=[False, True, True])
    print("Three years ahead, by origin\n")
    print("| level | origin | method | MASE | bias | coverage |\n|---|---|---|---|---|---|")
    for row in three.itertuples():
        coverage = "" if pd.isna(row.coverage) else f"{row.coverage:.0%}"
        print(f"| {row.level} | {row.origin} | {row.method} | {row.mase:.2f} | {row.bias:+.1%} | {coverage} |")
    better = better_rivals(scores)
    print("\nRivals that do better:", "none" if better.empty else "")
    for row in better.itertuples():
        print(f"- {row.level}, {row.ahead} ahead: {row.method} {row.mase:.2f} against {row.ours:.2f}")


if __name__ == "__main__":
    main()
