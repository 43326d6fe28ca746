"""Bournemouth, Christchurch and Poole from the downloads as published, and Rutland from fewer of them.

DfE, ONS and MHCLG, OGL v3 (../shared/data/raw). Nothing of it is copied here; models are made in a temporary folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from sufficiency import api

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RAW = DATA / "raw"
TYPES = {
    "resource_base": [
        f"mainstream_{kind}_{part}"
        for kind in ("la_maintained", "academy", "free_school")
        for part in ("resourced_provision", "senunit")
    ],
    "special": ["special_la_maintained", "special_academy_free"],
    "independent": ["special_independent"],
    "non_maintained": ["special_non_maintained"],
    "alternative_provision": ["ap_pru_total"],
    "college": ["general_fe_tertiary_colleges", "ukrlp_provider"],
    "specialist_post_16": ["specialist_post_16_institutions"],
    "early_years": ["nm_early_years"],
    "eotas": ["other_arrangements_la"],
    "home_education": ["elective_home_education"],
}
LABELS = {
    "special": ("Special - LA maintained", "Special - Academy/free schools"),
    "independent": ("Special - independent",),
    "non_maintained": ("Special - non-maintained",),
    "alternative_provision": ("AP/PRU - total",),
    "college": ("FE - general FE and tertiary colleges", "FE - UKRLP provider"),
    "specialist_post_16": ("FE - specialist post-16 institutions",),
    "early_years": ("Non-maintained early years",),
    "eotas": ("Educated elsewhere - other arrangements by LA",),
    "home_education": ("Educated elsewhere - elective home education",),
}

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def bcp(require: Callable[[str, bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    require("shared", RAW.is_dir(), "../shared/data/raw is absent")
    folder = tmp_path_factory.mktemp("bcp") / "model"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUFFICIENCY_CACHE", str(tmp_path_factory.mktemp("cache")))
        api.start_from_open_data(folder, "839", RAW)
    return folder


@pytest.fixture(scope="module")
def rutland(require: Callable[[str, bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another authority from the same release: boundaries and plans alone, no school is named."""
    require("shared", RAW.is_dir(), "../shared/data/raw is absent")
    downloads = tmp_path_factory.mktemp("rutland")
    shutil.copytree(RAW / "ehc_plans_2025", downloads / "plans")
    areas = gpd.read_file(DATA / "rutland" / "rutland_lsoa21.geojson")
    names = {"lsoa21_code": "LSOA21CD", "lsoa21_name": "LSOA21NM"}
    areas.rename(columns=names)[[*names.values(), "geometry"]].to_file(downloads / "map.geojson", driver="GeoJSON")
    folder = tmp_path_factory.mktemp("built") / "model"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUFFICIENCY_CACHE", str(tmp_path_factory.mktemp("cache")))
        api.start_from_open_data(folder, "857", downloads)
    return folder


def placed(folder: Path) -> pd.DataFrame:
    """The placements with the type of the setting."""
    text = {"line": str, "setting": str}
    placements, places, settings = (
        pd.read_csv(folder / "data" / f"{name}.csv", encoding="utf-8-sig", dtype=text)
        for name in ("placements", "places", "settings")
    )
    both = {"special_school": "special", "special_free_school": "special"}
    kinds = settings.set_index("setting")["type"].replace(both)
    return placements.assign(kind=placements["line"].map(places.set_index("line")["setting"].map(kinds)))


def published(la: str) -> pd.Series[int]:
    """Plans of January 2025 by type, of the columns of caseload.csv."""
    table = pd.read_csv(RAW / "ehc_plans_2025" / "caseload.csv", dtype=str, encoding="utf-8-sig")
    row = table[
        (table["old_la_code"] == la) & (table["time_period"] == "202425") & (table["breakdown"] == "All EHC plans")
    ].iloc[0]
    return pd.Series({kind: sum(int(row[name]) for name in columns) for kind, columns in TYPES.items()})


@pytest.mark.parametrize(("model", "la"), [("bcp", "839"), ("rutland", "857")])
def test_totals_by_type_are_the_published_ones(model: str, la: str, request: pytest.FixtureRequest) -> None:
    by_type = placed(request.getfixturevalue(model)).groupby("kind")["children"].sum()
    expected = published(la)
    assert by_type.to_dict() == expected[expected > 0].to_dict()


@pytest.mark.parametrize(("model", "la"), [("bcp", "839"), ("rutland", "857")])
def test_need_and_type_are_as_published_to_a_child(model: str, la: str, request: pytest.FixtureRequest) -> None:
    table = pd.read_csv(RAW / "ehc_plans_2025" / "sen_needs_all_plans.csv", dtype=str, encoding="utf-8-sig")
    rows = table[(table["old_la_code"] == la) & (table["breakdown_topic"] == "Type of placement")]
    rows = rows.set_index("breakdown")
    needs = [name for name in rows.columns if name.startswith("number_")]
    counts = rows[needs].astype(int)
    found = placed(request.getfixturevalue(model)).groupby(["kind", "need"])["children"].sum()
    bases = counts.index[counts.index.str.contains("resourced provision|SEN unit")]
    for kind, labels in {**LABELS, "resource_base": tuple(bases)}.items():
        there = counts.reindex(list(labels)).fillna(0).sum().astype(int)
        for name, count in there.items():
            code = {"number_need_unknown": "UNK"}.get(str(name), str(name).removeprefix("number_").upper())
            assert found.get((kind, code), 0) == count, (kind, code)


@pytest.mark.parametrize("model", ["bcp", "rutland"])
def test_the_model_is_checked_without_an_error(model: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(model)
    problems, picture = api.inspect(next((folder / "models").glob("*.toml")))
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert picture is not None
    assert "Illustrative: built from published data" in picture


def test_every_small_area_is_there_with_its_ward(bcp: Path) -> None:
    areas = gpd.read_file(bcp / "data" / "areas.gpkg")
    assert len(areas) == 240
    assert areas["locality"].nunique() == 33
    assert areas["imd_decile"].notna().all()
