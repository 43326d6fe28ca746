"""Make the worked example: Saltmere, a fictional coastal unitary authority.

    python data/saltmere/make.py            writes the tables beside this file
    python data/saltmere/make.py FOLDER     writes them to another folder

The same seed gives the same tables, to the byte for CSV.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import children as demand  # noqa: E402
import expected  # noqa: E402
import geography as maps  # noqa: E402
import history  # noqa: E402
import money  # noqa: E402
import placing  # noqa: E402
import provision  # noqa: E402
import schemes  # noqa: E402

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

SEED = 2025


def build(out_dir: Path | str) -> None:
    """Write every table of the example to a folder."""
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)

    geography = maps.draw(rng)
    _write_map(geography.wards, out / "areas.gpkg", "areas")
    _write_map(geography.small_areas, out / "small_areas.gpkg", "small_areas")

    settings = provision.settings_table(rng, geography)
    _write_csv(settings, out / "settings.csv")
    _write_csv(provision.places_table(), out / "places.csv")
    _write_csv(schemes.options_table(), out / "options.csv")

    children = demand.draw_children(rng, geography)
    children["line"] = placing.place(rng, children, geography, settings)
    children["phase"] = children["ncy"].map(demand.PHASE_OF)
    children["ncy_code"] = children["ncy"].astype(str)
    children["small_area"] = geography.small_areas["area"].to_numpy()[children["small"]]
    children["ward"] = geography.small_areas["ward"].to_numpy()[children["small"]]
    _write_csv(placing.placements_table(children, "ward", "phase"), out / "placements.csv")
    _write_csv(placing.placements_table(children, "small_area", "phase"), out / "placements_small_areas.csv")
    _write_csv(placing.placements_table(children, "ward", "ncy_code"), out / "placements_year_groups.csv")

    past = history.tables(children, geography)
    parts = expected.demand(children, geography, past["housing"].groupby("year")["homes"].sum())
    wards, small_areas = list(geography.wards["area"]), list(geography.small_areas["area"])
    phases, year_groups = list(demand.PHASES), [str(ncy) for ncy in demand.YEAR_GROUPS]
    by_phase = demand.sum_to_phases(parts)
    _write_csv(demand.demand_table(demand.sum_to_wards(by_phase, geography), wards, phases), out / "demand.csv")
    _write_parquet(demand.demand_table(by_phase, small_areas, phases), out / "demand_small_areas.parquet")
    by_ward = demand.sum_to_wards(parts, geography)
    _write_parquet(demand.demand_table(by_ward, wards, year_groups), out / "demand_year_groups.parquet")

    for name, table in past.items():
        _write_csv(table, out / f"{name}.csv")

    _write_csv(money.costs_table(), out / "costs.csv")
    _write_csv(money.budget_table(children), out / "budget.csv")
    _write_csv(money.other_spend_table(), out / "other_spend.csv")


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False, compression="zstd")


def _write_map(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": "2025-09-01T00:00:00.000Z"}
    )  # else the file holds the time of writing
    try:
        frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


if __name__ == "__main__":
    build(sys.argv[1] if len(sys.argv) > 1 else HERE)
