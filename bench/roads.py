"""How long journeys by road take to work out, and how far straight lines are from them, on the roads of Rutland.

    python bench/roads.py ../shared/data/rutland

The folder holds rutland-latest.osm.pbf, rutland_lsoa21.geojson and rutland_schools.csv. Needs the extra `roads`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from sufficiency.progress import silent
from sufficiency.travel import default_curve
from sufficiency.travel.roads.by_road import degrees
from sufficiency.travel.roads.engine import table_of_extract
from sufficiency.travel.roads.graph import graph_of

AREAS, SETTINGS = 240, 100
BANDS = (0.0, 2.0, 5.0, 10.0, 15.0, 20.0, 40.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    extract = folder / "rutland-latest.osm.pbf"
    homes = gpd.read_file(folder / "rutland_lsoa21.geojson", ignore_geometry=True)[["x", "y"]].astype(float)
    schools = pd.read_csv(folder / "rutland_schools.csv")[["easting", "northing"]].dropna()
    schools = schools.set_axis(["x", "y"], axis=1)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["SUFFICIENCY_CACHE"] = cache
        print_times(extract, homes, Path(cache))
        for profile in ("car", "foot"):
            table = table_of_extract(extract, profile, degrees(homes), degrees(schools), extract.name, silent)
            off = np.concatenate([table.source_off, table.destination_off])
            print(
                f"\n{profile}: {len(homes)} LSOAs to {len(schools)} schools, "
                f"{np.isnan(table.seconds).sum()} pairs without a way; points "
                f"{np.median(off):.0f} m from a road at the middle, {off.max():.0f} m at most, "
                f"{(off > 500).sum()} above 500 m"
            )
            print_error(table.seconds / 60, table.metres / 1000, homes, schools, profile)


def print_times(extract: Path, homes: pd.DataFrame, cache: Path) -> None:
    """Seconds for the graphs and for a council's worth of journeys."""
    rng = np.random.default_rng(1)
    low, high = homes.min().to_numpy(), homes.max().to_numpy()
    areas, settings = (
        pd.DataFrame(rng.uniform(low, high, (size, 2)), columns=["x", "y"]) for size in (AREAS, SETTINGS)
    )
    began = time.perf_counter()
    for profile in ("car", "foot"):
        started = time.perf_counter()
        graph_of(extract, profile, extract.name, silent)
        print(f"graph, {profile}: {time.perf_counter() - started:.1f} s")
    for again in ("", ", again"):
        for profile in ("car", "foot"):
            started = time.perf_counter()
            table_of_extract(extract, profile, degrees(areas), degrees(settings), extract.name, silent)
            print(f"{AREAS} × {SETTINGS} journeys, {profile}{again}: {time.perf_counter() - started:.2f} s")
        if not again:
            print(f"all of it: {time.perf_counter() - began:.1f} s")
    size = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
    print(f"the cache has {size / 1e6:.0f} MB for {extract.stat().st_size / 1e6:.1f} MB of roads")


def print_error(minutes: np.ndarray, km: np.ndarray, homes: pd.DataFrame, schools: pd.DataFrame, profile: str) -> None:
    """Straight lines beside roads, by distance."""
    crow = np.hypot(*(homes.to_numpy()[:, None] - schools.to_numpy()[None]).transpose(2, 0, 1)) / 1000
    curve = default_curve()
    if profile == "foot":
        some = crow > 0.5
        print(f"walking km ÷ straight-line km, over 0.5 km: {km[some].sum() / crow[some].sum():.2f}")
        for miles in (2, 3):
            reach = miles * 1.609344
            print(
                f"beyond {miles} miles on foot: {(km > reach).mean():.1%} of pairs; "
                f"in a straight line {(crow > reach).mean():.1%}, in a straight line × 1.3 "
                f"{(crow * 1.3 > reach).mean():.1%}"
            )
        return
    print("| straight line, km | pairs | road minutes, mean | curve, mean | MAE | bias | road km ÷ straight-line km |")
    print("|---|---|---|---|---|---|---|")
    for low, high in [*pairwise(BANDS), (0.5, np.inf)]:
        some = (crow > low) & (crow <= high) & ~np.isnan(minutes)
        if not some.any():
            continue
        error = curve.minutes(crow[some]) - minutes[some]
        name = f"{low:g}–{high:g}" if np.isfinite(high) else f"over {low:g}"
        print(
            f"| {name} | {some.sum()} | {minutes[some].mean():.1f} | {curve.minutes(crow[some]).mean():.1f} | "
            f"{np.abs(error).mean():.1f} | {error.mean():+.1f} | {km[some].sum() / crow[some].sum():.2f} |"
        )


if __name__ == "__main__":
    main()
