"""Ten years of Bournemouth, Christchurch and Poole from open data (../shared/data/bcp), from its files to its maps.

ONS, DfE and MHCLG, OGL v3. Nothing of it is copied here; the model is made in a temporary folder.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from sufficiency import api
from sufficiency.result import Result
from tests.real.bcp import BASE_YEAR, LAST_YEAR, build, published

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "bcp"
YEARS = list(range(BASE_YEAR + 1, LAST_YEAR + 1))

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def model(require: Callable[[str, bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    require("shared", DATA.is_dir(), "../shared/data/bcp is absent")
    return build(tmp_path_factory.mktemp("bcp") / "model", DATA)


@pytest.fixture(scope="module")
def planned(model: Path) -> tuple[Result, Path]:
    started = time.perf_counter()
    result, folder = api.plan_to_folder(model, folder=model.parent / "result")
    seconds = {step: round(took, 1) for step, took in result.summary["seconds"].items()}
    print(f"\nBCP, everything: {time.perf_counter() - started:.1f} s; {seconds}")
    return result, folder


@pytest.fixture(scope="module")
def demand(model: Path) -> pd.DataFrame:
    return pd.read_parquet(model.parent / "demand.parquet")


def test_the_tables_have_no_errors(model: Path) -> None:
    problems, picture = api.inspect(model)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert picture


def test_the_model_holds_the_published_numbers(model: Path, demand: pd.DataFrame) -> None:
    placements = pd.read_csv(model.parent / "placements.csv")
    lines = pd.read_csv(model.parent / "places.csv")
    kinds = pd.read_csv(model.parent / "settings.csv").set_index("setting")["type"]
    type_of = lines.set_index("line")["setting"].map(kinds).to_dict() | {"awaiting": "awaiting"}
    by_type = placements.groupby(placements["line"].map(type_of))["children"].sum()
    pd.testing.assert_series_equal(by_type, published(DATA), check_names=False, check_dtype=False)
    now = demand[demand["year"] == BASE_YEAR]
    assert now["children"].sum() == by_type.sum()
    assert demand["area"].nunique() == 240


def test_the_plan_is_proven(planned: tuple[Result, Path]) -> None:
    summary = planned[0].summary
    assert summary["status"] == "optimal"
    assert summary["certificate"]["ok"]
    assert abs(summary["gap"]) <= 1e-6


def test_the_base_year_of_the_plan_is_as_published(planned: tuple[Result, Path]) -> None:
    headline = planned[0].summary["headline"]
    now = headline["children_by_type"]["plan"][str(BASE_YEAR)]
    known = published(DATA)
    waiting = headline["plan"][str(BASE_YEAR)]["awaiting"]
    assert {kind: children for kind, children in now.items() if children} == pytest.approx(
        known.drop("awaiting").to_dict()
    )
    assert waiting == pytest.approx(known["awaiting"])


def test_every_child_is_counted_once_in_every_area_and_year(planned: tuple[Result, Path], demand: pd.DataFrame) -> None:
    result = planned[0]
    keys = ["year", "area", "need", "phase"]
    parts = [result.frames[name][[*keys, "children"]] for name in ("placements", "awaiting")]
    met = pd.concat(parts).groupby(keys)["children"].sum()
    asked = demand[demand["year"] > BASE_YEAR].groupby(keys)["children"].sum()
    both = pd.concat({"met": met, "asked": asked}, axis=1).fillna(0.0)  # rows of nobody are left out of results
    assert np.abs(both["met"] - both["asked"]).max() <= 1e-6
    assert sorted(result.placements["year"].unique()) == YEARS


def test_nobody_is_in_a_place_that_is_not_there(planned: tuple[Result, Path]) -> None:
    occupancy = planned[0].occupancy
    assert occupancy.loc[occupancy["places"].notna(), "over"].max() <= 1e-6


def test_a_saved_plan_reads_back(planned: tuple[Result, Path]) -> None:
    result, folder = planned
    again = api.load(folder)
    assert again.summary["objective"] == result.summary["objective"]
    assert len(again.areas) == 240
    assert (folder / "plan.gpkg").stat().st_size > 0


def test_the_maps_are_drawn(model: Path, planned: tuple[Result, Path]) -> None:
    folder = planned[1]
    started = time.perf_counter()
    drawn = api.maps_to_folder(model, folder=folder, years=[BASE_YEAR + 1], formats=("png",))
    print(f"\nBCP, maps: {time.perf_counter() - started:.1f} s")
    assert not drawn.planned
    assert {file.suffix for file in drawn.files} == {".png"}
    for file in drawn.files:
        picture = mpl.image.imread(file)[..., :3]
        assert min(picture.shape[:2]) > 500
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 20, f"{file.name} is blank"
