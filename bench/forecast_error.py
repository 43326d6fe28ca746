"""How wrong the projection by age band has been on DfE's tables, beside its rivals: the tables of
docs/explanation/forecast.md.

    python bench/forecast_error.py ../shared/data/dfe                       origins 2013 to 2021
    python bench/forecast_error.py ../shared/data/dfe --origins 2017 2019
    python bench/forecast_error.py ../shared/data/dfe --quick               without automatic exponential smoothing

The folder holds sen2_age_caseload.csv.gz (152 local authorities, five age bands and the total, January 2010 to 2022)
and, for the signals, sen2_requests.csv.gz, sen2_age_new_plans.csv.gz and la_children_and_region.csv. At each origin
every method sees the years up to it and nothing else; children and regions are those of 2021 throughout.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from sufficiency.forecast import project
from sufficiency.forecast.band_backtest import WITH_SIGNALS, band_outcomes
from sufficiency.forecast.band_history import BANDS, TOTAL
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.scores import OURS, better_rivals, scored, with_chance
from sufficiency.sources.sen2 import read_sen2_age, read_sen2_requests


def read_signals(folder: Path) -> dict[str, pd.DataFrame]:
    """The frames of `project` beside the history, authorities by name."""
    places = pd.read_csv(folder / "la_children_and_region.csv").rename(
        columns={"la_name": "la", "children_2_18": "children"}
    )
    return {
        "requests": read_sen2_requests(folder / "sen2_requests.csv.gz", by="la_name"),
        "children": places[["la", "children"]],
        "regions": places[["la", "region"]],
        "new_plans": read_sen2_age(folder / "sen2_age_new_plans.csv.gz"),
    }


def markdown(scores: pd.DataFrame) -> str:
    """One row a level, years ahead and method."""
    lines = [
        "| level | years | series × origins | method | usual error | MASE, median | mean | error | WIS | coverage |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in scores[scores["ahead"].isin([1, 3])].itertuples():
        cover = "" if pd.isna(row.coverage) else f"{row.coverage:.0%}"
        score = "" if pd.isna(row.wis) else percent(row.wis)
        lines.append(
            f"| {row.level} | {row.ahead} | {row.series} × {row.origins} | {row.method} | {percent(row.usual)} | "
            f"{row.mase:.2f} | {row.mase_mean:.2f} | {percent(row.error)} | {score} | {cover} |"
        )
    return "\n".join(lines)


def usual_error(rows: pd.DataFrame) -> pd.DataFrame:
    """`usual`: the share by which the median series was missed, averaged over origins."""
    known = rows[(rows["actual"] > 0) & rows["forecast"].notna()]
    off = known.assign(off=(known["forecast"] / known["actual"] - 1).abs())
    by_origin = off.groupby(["level", "ahead", "method", "origin"], sort=False)["off"].median()
    return by_origin.groupby(["level", "ahead", "method"], sort=False).mean().rename("usual").reset_index()


def chance(scores: pd.DataFrame) -> str:
    """What is within chance: the mean MASE of every rival less that of the forecast with signals, three years ahead."""
    lines = ["| level | rival | mean MASE behind the forecast with signals | 95 % |", "|---|---|---|---|"]
    for row in scores[(scores["ahead"] == 3) & scores["behind"].notna()].itertuples():
        lines.append(
            f"| {row.level} | {row.method} | {row.behind:.2f} | {row.behind_low:.2f} to {row.behind_high:.2f} |"
        )
    return "\n".join(lines)


def percent(share: float) -> str:
    return "over 1,000 %" if share > 10 else f"{100 * share:.1f} %"


def england(history: pd.DataFrame) -> str:
    """The latest published year of England against the sum of the authorities projected from the last year of the
    tables.
    """
    published = shipped()["england"]
    latest = max(map(int, published))
    projected = project(history, [latest]).groupby("age_band")[["p50"]].sum()["p50"]
    lines = [f"| England, January {latest} | projected | published | difference |", "|---|---|---|---|"]
    for band, plans in zip((*BANDS, TOTAL), published[str(latest)], strict=True):
        lines.append(f"| {band} | {projected[band]:,.0f} | {plans:,} | {100 * (projected[band] / plans - 1):+.1f} % |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--origins", type=int, nargs=2, default=(2013, 2021), metavar=("FIRST", "LAST"))
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    history = read_sen2_age(chosen.folder / "sen2_age_caseload.csv.gz")
    first, last = chosen.origins
    signals = read_signals(chosen.folder)
    rows = band_outcomes(history, range(first, last + 1), with_automatic=not chosen.quick, signals=signals)
    scores = scored(rows).merge(usual_error(rows), on=["level", "ahead", "method"], validate="one_to_one")
    scores = scores.sort_values(["level", "ahead", "mase"], ascending=[False, True, True], kind="stable")
    print(f"Origins {first} to {last}\n\n{markdown(scores)}\n")
    print(chance(with_chance(scores, rows, WITH_SIGNALS)), "\n")
    by_origin = scored(rows, ["level", "ahead", "method", "origin"])
    three = by_origin[by_origin["ahead"] == 3]
    print("MASE three years ahead, by origin\n")
    for level, of_level in three.groupby("level", sort=False):
        table = of_level.pivot_table(index="method", columns="origin", values="mase")
        table = table.sort_values(table.columns[-1])
        print(f"| {level} | " + " | ".join(map(str, table.columns)) + " |\n|---|" + "---|" * len(table.columns))
        for method, row in table.iterrows():
            print(f"| {method} | " + " | ".join(f"{mase:.2f}" for mase in row) + " |")
        print()
    held = scored(rows[rows["method"] == WITH_SIGNALS], ["level", "ahead", "origin"])
    table = held.pivot_table(index=["level", "ahead"], columns="origin", values="coverage")
    print("Coverage of the forecast with signals, by origin\n")
    print("| | " + " | ".join(map(str, table.columns)) + " |\n|---|" + "---|" * len(table.columns))
    for (level, ahead), row in table.iterrows():
        cells = " | ".join("" if pd.isna(share) else f"{share:.0%}" for share in row)
        print(f"| {level}, {ahead} year{'s' if ahead > 1 else ''} | {cells} |")
    print(f"\n{england(history)}")
    better = better_rivals(scores[scores["method"] != OURS], WITH_SIGNALS)
    print("\nRivals that do better:", "none" if better.empty else "")
    for row in better.itertuples():
        ours = f"{row.our_mase:.2f} and {row.our_mase_mean:.2f}"
        print(f"- {row.level}, {row.ahead} ahead: {row.method}, {row.mase:.2f} and {row.mase_mean:.2f} against {ours}")


if __name__ == "__main__":
    main()
