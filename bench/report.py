"""How large the page of a county is, and how long a report takes from results that are there.

    python bench/report.py                              # from results/saltmere, planned first where it is not there
    python bench/report.py free-school-late ap-halved   # with scenarios beside it, whose results are there

A county is made of Saltmere's result: each of its areas is divided into neighbours (fixed seed), the children of each
in random shares, four times as many; each setting becomes two, a little way apart. Its page has to be at most 1 MB at
300 areas and 100 settings. The report of Saltmere has to take at most 20 seconds. Times are of the
processor, so that a busy machine does not tell.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sufficiency import api
from sufficiency.model_file import read_model
from sufficiency.report.content.document import content_of
from sufficiency.report.page.render import page_of
from sufficiency.result import Result

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "models" / "saltmere.toml"
AREAS, SETTINGS = 300, 100
TIMES = 4.0
"""So many times the children of Saltmere live in the county."""
APART = 900.0
"""Metres east and north, at most, from a setting to its twin."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*")
    asked = parser.parse_args()
    first = api.report_to_folder(MODEL, asked.scenarios)
    print(f"planned first: {', '.join(first.planned) or 'none'}")
    started = time.process_time()
    made = api.report_to_folder(MODEL, asked.scenarios)
    beside = f" with {len(asked.scenarios)} scenarios" if asked.scenarios else ""
    print(
        f"report of Saltmere{beside}: {time.process_time() - started:.1f} s, {size(made.files[0].read_text('utf-8'))}"
    )
    county = county_of(made.result)
    started = time.process_time()
    page = page_of(content_of(county, read_model(MODEL)))
    took = time.process_time() - started
    print(f"page of {len(county.areas)} areas and {len(county.settings)} settings: {took:.1f} s, {size(page)}")
    mebibyte = 1 if sys.platform == "darwin" else 1024
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * mebibyte / 2**20:,.0f} MB")
    if len(page.encode()) > 1_000_000:
        raise SystemExit("the page of a county is larger than 1 MB")


def size(page: str) -> str:
    return f"{len(page.encode()) / 1e6:.2f} MB"


def county_of(result: Result) -> Result:
    """A result with `AREAS` areas and `SETTINGS` settings, made of one with fewer."""
    draw = np.random.default_rng(18)
    areas, part = divided(result.areas, draw)
    settings = doubled(result.settings, draw)
    frames = dict(result.frames)
    frames["area_gaps"] = shared(frames["area_gaps"], part, ["demand", "shortfall"])
    placements = shared(frames["placements"], part, ["children", "entrants"])
    twin = draw.random(len(placements)) < 0.5
    for column in ("line", "setting"):
        placements[column] = placements[column].where(~twin, placements[column] + "-2")
    frames["placements"] = placements
    for table in ("occupancy", "place_values"):
        again = frames[table].assign(line=frames[table]["line"] + "-2", setting=frames[table]["setting"] + "-2")
        frames[table] = pd.concat([frames[table], again], ignore_index=True)
    return replace(result, areas=areas, settings=settings, frames=frames)


def divided(areas: gpd.GeoDataFrame, draw: np.random.Generator) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Areas divided about random points, and which share of each goes into which."""
    pieces, rows = [], []
    each, more = divmod(AREAS, len(areas))
    for number, (_, area) in enumerate(areas.iterrows()):
        count = each + (number < more)
        points = inside(area.geometry, count, draw)
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=area.geometry))
        shapes = [shape for shape in shapely.intersection(cells, area.geometry) if not shape.is_empty]
        shares = draw.dirichlet(np.full(len(shapes), 4.0))
        for place, (shape, share) in enumerate(zip(shapes, shares, strict=True)):
            into = f"{area['area']}-{place + 1}"
            centre = shape.representative_point()
            pieces.append(
                {"area": into, "name": f"{area['name']} {place + 1}", "locality": area["locality"], "geometry": shape}
                | {"x": centre.x, "y": centre.y}
            )
            rows.append({"area": area["area"], "into": into, "share": share})
    return gpd.GeoDataFrame(pieces, crs=areas.crs), pd.DataFrame(rows)


def inside(shape: shapely.Geometry, count: int, draw: np.random.Generator) -> np.ndarray:
    west, south, east, north = shape.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        x, y = draw.uniform(west, east), draw.uniform(south, north)
        if shapely.contains_xy(shape, x, y):
            found.append((x, y))
    return np.array(found)


def doubled(settings: gpd.GeoDataFrame, draw: np.random.Generator) -> gpd.GeoDataFrame:
    apart = draw.uniform(-APART, APART, (len(settings), 2))
    again = settings.assign(setting=settings["setting"] + "-2", name=settings["name"] + " (second)")
    again["x"] += apart[:, 0]
    again["y"] += apart[:, 1]
    there = again["x"].notna()
    points = shapely.points(again.loc[there, ["x", "y"]].to_numpy(dtype=float))
    again.loc[there, "geometry"] = gpd.GeoSeries(points, index=again.index[there], crs=settings.crs)
    return gpd.GeoDataFrame(pd.concat([settings, again], ignore_index=True), crs=settings.crs)


def shared(rows: pd.DataFrame, part: pd.DataFrame, amounts: list[str]) -> pd.DataFrame:
    """Rows of areas as rows of their parts, amounts in the shares of the parts."""
    parted = rows.merge(part, on="area", how="inner", validate="many_to_many")
    for amount in amounts:
        parted[amount] *= TIMES * parted["share"]
    return parted.assign(area=parted["into"]).drop(columns=["into", "share"])


if __name__ == "__main__":
    main()
