"""Saltmere planned from any number of small areas, for the other scripts and to try things out.

    python bench/areas.py 960 /tmp/larger    # then: sufficiency plan /tmp/larger/model.toml

Its 240 small areas are joined to fewer, neighbours with neighbours, or each is split into equal pieces a little way
apart (fixed seed). Children are added up or divided in equal shares, those placed today as those forecast: their
total stays, and cells and arcs grow with the areas. Options are left out, so that the program is a linear one, but for
scripts that ask for them. The files are written as a planner's would be, so that reading counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio

from sufficiency.plan.pricing.aggregation import neighbourhoods

ROOT = Path(__file__).resolve().parents[1]
APART = 400.0
"""Metres east and north, at most, from a small area's middle to that of a piece of it: about half its width."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", type=int)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    print(written(asked.folder, asked.areas))


def written(folder: Path, count: int, more: str = "", *, options: bool = False) -> Path:
    """The model file of Saltmere with `count` areas, written to a folder with the tables that differ; `more` is put at
    its end. `options` keeps its options.
    """
    data = ROOT / "data" / "saltmere"
    areas, part = _regrouped(pyogrio.read_dataframe(data / "small_areas.gpkg", read_geometry=False), count)
    demand = _divided(pd.read_parquet(data / "demand_small_areas.parquet"), part, ["need", "phase", "year"])
    placements = _divided(pd.read_csv(data / "placements_small_areas.csv"), part, ["need", "phase", "line"])
    folder.mkdir(parents=True, exist_ok=True)
    areas.to_csv(folder / "small_areas.csv", index=False)
    demand.to_parquet(folder / "demand_small_areas.parquet", index=False)
    placements.to_csv(folder / "placements_small_areas.csv", index=False)
    text = (ROOT / "models" / "saltmere-small-areas.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if options or not line.startswith("options = ")]
    text = "\n".join(lines).replace("small_areas.gpkg", "small_areas.csv").replace("240 small areas", f"{count} areas")
    for name in ("small_areas.csv", "demand_small_areas.parquet", "placements_small_areas.csv"):
        text = text.replace(f"../data/saltmere/{name}", name)
    path = folder / "model.toml"
    path.write_text(f"{text.replace('../data/saltmere', data.as_posix())}\n{more}", encoding="utf-8")
    return path


def _regrouped(areas: pd.DataFrame, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The areas table with `count` rows, and which share of each small area (area, into, share) goes into which."""
    pieces, left = divmod(count, len(areas))
    if pieces and left:
        raise SystemExit(f"{count} areas: give fewer than {len(areas)}, or a multiple of it")
    points = areas[["x", "y"]].to_numpy(dtype=float)
    if pieces == 0:
        into = pd.Series(neighbourhoods(points, count), index=areas.index).astype(str).radd("G")
        part = pd.DataFrame({"area": areas["area"], "into": into, "share": 1.0})
        # the locality of a group is that of its first area
        joined = areas.assign(area=into).groupby("area").agg({"x": "mean", "y": "mean", "locality": "first"})
        return _named(joined.reset_index()), part
    again = areas.loc[areas.index.repeat(pieces)].reset_index(drop=True)
    number = pd.Series(np.tile(np.arange(1, pieces + 1), len(areas))).astype(str)
    into = again["area"] + ("" if pieces == 1 else "-" + number)
    part = pd.DataFrame({"area": again["area"], "into": into, "share": 1.0 / pieces})
    if pieces > 1:
        again[["x", "y"]] += np.random.default_rng(4).uniform(-APART, APART, (len(again), 2))
    return _named(again.assign(area=into)), part


def _named(areas: pd.DataFrame) -> pd.DataFrame:
    return areas.assign(name=areas["area"])[["area", "name", "locality", "x", "y"]]


def _divided(table: pd.DataFrame, part: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """A table of children by small area for the new areas."""
    shared = table.merge(part, on="area")
    shared = shared.assign(children=shared["children"] * shared["share"], area=shared["into"])
    return shared.groupby(["area", *keys], sort=False)[["children"]].sum().reset_index()


if __name__ == "__main__":
    main()
