"""The shipped travel curve against real car minutes in Devon (../shared/data/travel).

Minutes computed with Valhalla on OpenStreetMap roads, ODbL; centroids ONS, OGL v3.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from sufficiency.shipped import reference_file
from sufficiency.travel import journeys

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "travel"

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def folder(require: Callable[[str, bool, str], None]) -> Path:
    require("shared", FOLDER.is_dir(), "../shared/data/travel is absent")
    return FOLDER


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    return tomllib.loads(reference_file("travel_curve.toml").read_text(encoding="utf-8"))


def test_the_shipped_figures_come_out_of_the_data_again(folder: Path, shipped: dict[str, Any]) -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "travel_curve.py"), str(folder), "--toml"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    made = tomllib.loads(run.stdout.decode("utf-8"))
    assert made["source"] == shipped["source"]
    assert made["curve"] == pytest.approx(shipped["curve"], rel=0.005)
    assert made["fit"] == pytest.approx(shipped["fit"], rel=0.01, abs=0.02)


def test_journeys_are_no_worse_than_stated(folder: Path, shipped: dict[str, Any]) -> None:
    real = pd.read_csv(folder / "devon_car_minutes.csv").set_index("lsoa21_name")
    areas = pd.read_csv(folder / "devon_origins.csv").rename(columns={"lsoa21_name": "area"})
    sites = pd.read_csv(folder / "devon_sites.csv")
    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    x, y = to_grid.transform(sites["Longitude"], sites["Latitude"])
    settings = pd.DataFrame({"setting": sites["Facility_Name"], "type": "special_school", "x": x, "y": y}).assign(
        km=np.nan, minutes=np.nan
    )

    found = journeys(areas, settings, method="straight_line")
    near = found.km / shipped["curve"]["detour"] <= 60
    real_minutes = real.loc[list(found.areas), list(found.settings)].to_numpy()
    error = (found.minutes - real_minutes)[near]

    stated = shipped["fit"]
    assert near.sum() == stated["pairs"]
    assert np.abs(error).mean() <= stated["mean_absolute_error"] + 0.001
    assert abs(error.mean()) <= abs(stated["bias"]) + 0.001
    assert np.quantile(np.abs(error), 0.9) <= stated["percentile_90_error"] + 0.001
