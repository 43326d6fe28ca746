"""Whether a plan takes longer because of the shape of a council: one thing changed at a time from a base case.

    python bench/shapes.py                     # every shape
    python bench/shapes.py "a locality an area" "no placements"

The base case is Saltmere with its 240 small areas, six localities, ten years, no options. Each shape is written as a
planner's files would be and planned by the command `sufficiency plan` in a process of its own; the base is timed again
after each shape, so that a ratio compares two runs on the same machine a minute apart. Seconds are of the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
from areas import ROOT, written
from plan import machine

from sufficiency import api
from sufficiency.plan.pricing.aggregation import neighbourhoods
from sufficiency.plan.rows.instance import prepare

AREAS = 240
Change = Callable[[Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", help="names of shapes; all of them where none is given")
    asked = parser.parse_args()
    unknown = set(asked.shapes) - set(SHAPES)
    if unknown:
        raise SystemExit(f"no such shape: {', '.join(sorted(unknown))} → use {', '.join(SHAPES)}")
    print(machine(), flush=True)
    print(f"{'shape':<28}      arcs   seconds   of the base   an arc, of the base   status")
    with tempfile.TemporaryDirectory() as folder:
        base = written(Path(folder) / "base", AREAS)
        for name in asked.shapes or SHAPES:
            model = written(Path(folder) / name.replace(" ", "-"), AREAS)
            SHAPES[name](model)
            took, status = _planned(model)
            beside, _ = _planned(base)
            arcs = _arcs(model)
            each = took / beside * _arcs(base) / arcs
            print(f"{name:<28}{arcs:>10,}{took:>10.1f}{took / beside:>14.2f}{each:>22.2f}   {status}", flush=True)


def _arcs(model: Path) -> int:
    instance = prepare(api.read(model))
    return int(instance.open_arcs[:, : len(instance.data.pair_cell)].sum())


def _planned(model: Path) -> tuple[float, str]:
    """Seconds of processor of the command, and the status of its plan."""
    out = model.parent / "planned"
    before = os.times()
    command = [sys.executable, "-m", "sufficiency", "plan", str(model), "-o", str(out), "--quiet"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    after = os.times()
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8-sig"))
    took = after.children_user + after.children_system - before.children_user - before.children_system
    return took, summary["status"]


def _localities(count: int) -> Change:
    """So many localities, neighbours with neighbours; a setting lies in that of the nearest area."""

    def change(model: Path) -> None:
        path = model.parent / "small_areas.csv"
        areas = pd.read_csv(path, dtype={"area": str})
        group = neighbourhoods(areas[["x", "y"]].to_numpy(dtype=float), count)
        areas["locality"] = [f"Ward {number}" for number in group]
        areas.to_csv(path, index=False)
        settings = pd.read_csv(ROOT / "data" / "saltmere" / "settings.csv", dtype={"setting": str})
        points = gpd.GeoDataFrame(settings, geometry=gpd.points_from_xy(settings["x"], settings["y"]))
        homes = gpd.GeoDataFrame(areas[["locality"]], geometry=gpd.points_from_xy(areas["x"], areas["y"]))
        inside = (settings["locality"].fillna("") != "").to_numpy()
        nearest = points[inside].drop(columns="locality").sjoin_nearest(homes)
        settings.loc[inside, "locality"] = nearest[~nearest.index.duplicated()]["locality"]
        settings.to_csv(model.parent / "settings.csv", index=False)
        _reworded(model, {(ROOT / "data" / "saltmere" / "settings.csv").as_posix(): "settings.csv"})

    return change


def _equal_costs(model: Path) -> None:
    """£30,000 a child and nothing a place, everywhere: only journeys tell lines apart."""
    costs = pd.read_csv(ROOT / "data" / "saltmere" / "costs.csv")
    costs["per_child"] = costs["per_child"].where(costs["per_child"].isna(), 30_000)
    for column in ("per_place", "per_empty_place"):
        if column in costs:
            costs[column] = costs[column].where(costs[column].isna(), 0)
    costs.to_csv(model.parent / "costs.csv", index=False)
    _reworded(model, {(ROOT / "data" / "saltmere" / "costs.csv").as_posix(): "costs.csv"})


def _no_placements(model: Path) -> None:
    text = model.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("placements = ")]
    model.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _with(old: str, new: str) -> Change:
    return lambda model: _reworded(model, {old: new})


def _reworded(model: Path, words: dict[str, str]) -> None:
    text = model.read_text(encoding="utf-8")
    for old, new in words.items():
        if old not in text:
            raise SystemExit(f"{model.name} no longer says {old!r}")
        text = text.replace(old, new)
    model.write_text(text, encoding="utf-8")


def _both(first: Change, second: Change) -> Change:
    def change(model: Path) -> None:
        first(model)
        second(model)

    return change


YEARS, SHARE = "years = [2026, 2035]", "preference_share = { 2026 = 0.6, 2029 = 0.5 }"
JOURNEYS = "locality_minutes = [{ at_most = 25 }]"
SHAPES: dict[str, Change] = {
    "one locality": _localities(1),
    "52 localities": _localities(52),
    "a locality an area": _localities(AREAS),
    "no placements": _no_placements,
    "52 localities, no placements": _both(_localities(52), _no_placements),
    "no preferences": _with(SHARE, "preference_share = 0.0"),
    "all by preference": _with(SHARE, "preference_share = 1.0"),
    "a rule a locality": _with("bases_first = false", f"{JOURNEYS}\nbases_first = false"),
    "52 localities, each a rule": _both(
        _localities(52), _with("bases_first = false", f"{JOURNEYS}\nbases_first = false")
    ),
    "equal costs": _equal_costs,
    "equal costs, no placements": _both(_equal_costs, _no_placements),
    "one year": _with(YEARS, "years = [2026, 2026]"),
}


if __name__ == "__main__":
    main()
