"""How long a national set of downloads takes to read, filter and join for one authority, and again from the cache.

    python bench/open_data.py

Makes files in the published shapes with 33,755 small areas (the number in England) for 135 made-up districts:
boundaries, lookup, deprivation, and the population workbook with single years of age of both sexes. Nothing real is in
them.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

AREAS, A_DISTRICT = 33_755, 250
POINTS = 60
"""Corners of a boundary: about as many as the generalised ones have."""


def districts() -> pd.DataFrame:
    """Every small area with its district and ward."""
    number = np.arange(AREAS)
    lad = number // A_DISTRICT
    return pd.DataFrame(
        {
            "LSOA21CD": [f"E01{one:06d}" for one in number],
            "LSOA21NM": [f"Place {one} {two:03d}A" for one, two in zip(lad, number % A_DISTRICT, strict=True)],
            "WD24NM": [f"Ward {one}" for one in number // 8],
            "LAD24CD": [f"E069{one:05d}" for one in lad],
            "LAD24NM": [f"Place {one}" for one in lad],
        }
    )


def write(folder: Path) -> None:
    """The national files."""
    table = districts()
    table.to_csv(folder / "lookup.csv", index=False, encoding="utf-8-sig")
    pd.DataFrame(
        {
            "LSOA code (2021)": table["LSOA21CD"],
            "LSOA name (2021)": table["LSOA21NM"],
            "Local Authority District code (2024)": table["LAD24CD"],
            "Local Authority District name (2024)": table["LAD24NM"],
            "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": table.index % 10 + 1,
        }
    ).to_csv(folder / "deprivation.csv", index=False)
    angle = np.linspace(0, 2 * np.pi, POINTS)
    middle = np.stack([300_000 + 1_500 * (table.index % 184), 100_000 + 1_500 * (table.index // 184)], axis=1)
    corners = middle[:, None] + 700 * np.stack([np.cos(angle), np.sin(angle)], axis=1)[None]
    shapes = shapely.polygons(corners)
    gpd.GeoDataFrame(table[["LSOA21CD", "LSOA21NM"]], geometry=shapes, crs=27700).to_file(
        folder / "boundaries.gpkg", layer="LSOA", driver="GPKG"
    )
    rng = random.Random(0)  # noqa: S311
    with xlsxwriter.Workbook(folder / "population.xlsx") as book:
        sheet = book.add_worksheet("Mid-2024 LSOA 2021")
        ages = [f"{sex}{age}" for sex in "FM" for age in range(91)]
        sheet.write_row(3, 0, ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total", *ages])
        for number, row in enumerate(table.itertuples(), 4):
            counts = [rng.randint(3, 20) for _ in ages]
            sheet.write_row(number, 0, [row.LAD24CD, row.LAD24NM, row.LSOA21CD, row.LSOA21NM, sum(counts), *counts])


def read(folder: Path) -> pd.DataFrame:
    """The small areas of one district with all that the four files say of them."""
    from sufficiency.sources.published.cache import file_hash
    from sufficiency.sources.published.folder import Download, recognised
    from sufficiency.sources.published.people import read_population
    from sufficiency.sources.published.small_areas import read_boundaries, read_deprivation, read_lookup

    rows = {}
    for file in sorted(folder.iterdir()):
        sha256 = file_hash(file)
        what = recognised(file, sha256)
        rows[what.kind] = Download(what.kind, file, file.name, what.part, sha256)
    lookup = read_lookup(rows["lookup"], {"E06900042": "Place 42"}, "E06900042").rows
    areas = sorted(lookup.index)
    shapes = read_boundaries(rows["boundaries"], areas)
    people = read_population(rows["population"], areas, [])
    decile = read_deprivation(rows["deprivation"], areas, [])
    return shapes.assign(decile=decile.to_numpy(), children=people.loc[:, 0:18].sum(axis=1).to_numpy())


def main() -> None:
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as cache:
        os.environ["SUFFICIENCY_CACHE"] = cache
        folder = Path(made)
        started = time.perf_counter()
        write(folder)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        print(f"made {AREAS:,} small areas, {size:.0f} MB, in {time.perf_counter() - started:.0f} s")
        for words in ("first run", "second run, from the cache"):
            started, worked = time.perf_counter(), time.process_time()
            rows = read(folder)
            took, work = time.perf_counter() - started, time.process_time() - worked
            print(f"{words}: {len(rows)} small areas in {took:.2f} s ({work:.2f} s of processor)", flush=True)


if __name__ == "__main__":
    main()
