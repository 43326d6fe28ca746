"""The worked example: its map tiles, its tables agree with one another, and its generator makes the same
tables again.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from sufficiency.forecast.inputs import read_inputs
from sufficiency.forecast.run import forecast
from sufficiency.model_file import read_model

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "saltmere"
MODELS = sorted((ROOT / "models").glob("saltmere*.toml"))
YEARS = list(range(2025, 2036))
PHASE_OF = {
    str(ncy): phase
    for phase, (first, last) in {
        "early_years": (-4, -1), "primary": (0, 6), "secondary": (7, 11), "post_16": (12, 14),
        "post_19": (15, 20),
    }.items()
    for ncy in range(first, last + 1)
}  # fmt: skip
GRAINS = {
    "wards": ("demand.csv", "placements.csv"),
    "small areas": ("demand_small_areas.parquet", "placements_small_areas.csv"),
    "year groups": ("demand_year_groups.parquet", "placements_year_groups.csv"),
}
FLOWS = ("history", "new_plans", "ceased_plans")
FORECAST_FROM = {"history", "population", "new_plans", "ceased_plans", "housing"}
MAY_BE_UNLIMITED = {
    "independent",
    "non_maintained",
    "eotas",
    "home_education",
    "college",
    "specialist_post_16",
    "other",
}


def read(name: str, folder: Path = DATA) -> pd.DataFrame:
    path = folder / name
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype=dict.fromkeys(("setting", "school", "budget_line", "phase"), str))


@pytest.fixture(scope="module")
def wards() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "areas.gpkg")


@pytest.fixture(scope="module")
def small_areas() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "small_areas.gpkg")


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """Lines of places as they first open, with their own type or that of their setting."""
    places = read("places.csv").drop_duplicates("line")
    return places.merge(
        read("settings.csv")[["setting", "type"]],
        on="setting",
        suffixes=("", "_setting"),
        validate="many_to_one",
    ).assign(type=lambda t: t["type"].fillna(t["type_setting"]))


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example made again, without leaving the generator's modules behind for other tests."""
    out = tmp_path_factory.mktemp("saltmere")
    before, path = set(sys.modules), list(sys.path)
    spec = importlib.util.spec_from_file_location("saltmere_make", DATA / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        module.build(out)
    finally:
        sys.path[:] = path
        made = {"children", "expected", "flows", "geography", "history", "money", "placing", "provision", "schemes"}
        for name in made - before:
            sys.modules.pop(name, None)
    return out


# ---- the map -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["areas.gpkg", "small_areas.gpkg"])
def test_areas_tile_the_land(layer: str) -> None:
    areas = gpd.read_file(DATA / layer)
    shapes = areas.geometry.to_numpy()
    land = shapely.union_all(shapes)
    assert areas.crs.to_epsg() == 27700
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(land.area, abs=1)
    assert land.geom_type == "Polygon"
    assert not land.interiors
    assert areas["area"].is_unique
    assert areas["name"].is_unique


def test_wards_are_the_size_they_should_be(wards: gpd.GeoDataFrame, small_areas: gpd.GeoDataFrame) -> None:
    left, bottom, right, top = wards.total_bounds
    assert len(wards) == 33
    assert wards["locality"].nunique() == 5
    assert len(small_areas) == 240
    assert 22_000 < right - left < 28_000
    assert 12_000 < top - bottom < 18_000
    assert 0 < left < right < 700_000
    assert 0 < bottom < top < 1_300_000
    assert (wards.geom_type == "Polygon").all()


def test_small_areas_nest_in_wards(wards: gpd.GeoDataFrame, small_areas: gpd.GeoDataFrame) -> None:
    ward = wards.set_index("area")
    for code, parts in small_areas.groupby("ward"):
        assert shapely.union_all(parts.geometry.to_numpy()).symmetric_difference(ward.geometry[code]).area < 1
        assert set(parts["locality"]) == {ward["locality"][code]}
        assert parts["area"].str.fullmatch(rf"{code}[A-Z]").all()


def test_centres_of_population_lie_in_their_small_areas(small_areas: gpd.GeoDataFrame) -> None:
    assert small_areas.contains(gpd.GeoSeries.from_xy(small_areas["x"], small_areas["y"], crs=27700)).all()
    assert small_areas["imd_decile"].between(1, 10).all()


def test_settings_stand_on_land_in_their_locality(wards: gpd.GeoDataFrame) -> None:
    settings = read("settings.csv").dropna(subset=["x"])
    spots = gpd.GeoDataFrame(settings, geometry=gpd.points_from_xy(settings["x"], settings["y"]), crs=27700)
    found = spots.sjoin(wards[["locality", "geometry"]], predicate="within", lsuffix="own", rsuffix="ward")
    assert len(found) == len(settings)
    assert (found["locality_own"] == found["locality_ward"]).all()


# ---- children ----------------------------------------------------------------------------------------------


def test_totals_are_in_range() -> None:
    demand = read("demand.csv")
    by_year = demand.groupby("year")["children"].sum()
    assert 2_100 <= by_year[2025] <= 2_500
    assert by_year.is_monotonic_increasing
    growth = by_year.diff().dropna()
    assert growth.idxmax() <= 2030
    assert growth.max() > 2 * growth.iloc[-1], "fast at first, then flattening"
    by_phase = demand.pivot_table(index="phase", columns="year", values="children", aggfunc="sum")
    rise = by_phase[2035] / by_phase[2025]
    assert min(rise["secondary"], rise["post_16"]) > rise["primary"]
    assert set(demand["need"]) == {
        "SPLD",
        "MLD",
        "SLD",
        "PMLD",
        "SEMH",
        "SLCN",
        "ASD",
        "HI",
        "VI",
        "MSI",
        "PD",
        "OTH",
    }


def test_deprived_wards_have_more_semh(wards: gpd.GeoDataFrame) -> None:
    demand = (
        read("demand.csv").query("year == 2030").merge(wards[["area", "imd_decile"]], on="area", validate="many_to_one")
    )
    share = demand.assign(semh=demand["children"].where(demand["need"] == "SEMH", 0)).groupby(demand["imd_decile"] <= 4)
    semh = share["semh"].sum() / share["children"].sum()
    assert semh[True] > semh[False]


@pytest.mark.parametrize("grain", GRAINS)
def test_every_cell_has_every_year(grain: str) -> None:
    demand = read(GRAINS[grain][0])
    keys = ["area", "need", "phase"]
    assert not demand.duplicated([*keys, "year"]).any()
    assert sorted(demand["year"].unique()) == YEARS
    assert (demand.groupby(keys).size() == len(YEARS)).all()
    assert (demand.groupby(keys)["children"].max() > 0).all(), "cells that are nil in every year are left out"
    assert (demand["low"] <= demand["children"] + 1e-3).all()
    assert (demand["children"] <= demand["high"] + 1e-3).all()
    assert (demand["low"] >= 0).all()


def test_small_areas_sum_to_wards_and_year_groups_to_phases(small_areas: gpd.GeoDataFrame) -> None:
    keys = ["area", "need", "phase", "year"]
    of_wards = read("demand.csv").set_index(keys)["children"]
    ward = small_areas.set_index("area")["ward"]
    fine = read("demand_small_areas.parquet")
    of_small = fine.assign(area=fine["area"].map(ward)).groupby(keys)["children"].sum()
    fine = read("demand_year_groups.parquet")
    of_years = fine.assign(phase=fine["phase"].map(PHASE_OF)).groupby(keys)["children"].sum()
    for summed in (of_small, of_years):
        assert set(summed.index) == set(of_wards.index)
        assert (summed - of_wards).abs().max() < 1e-9


def test_children_seldom_fall_faster_than_they_grow_up() -> None:
    demand = read("demand_year_groups.parquet").astype({"phase": int})
    later = demand.assign(year=demand["year"] - 1, phase=demand["phase"] - 1)
    pairs = demand.merge(later, on=["area", "need", "phase", "year"], suffixes=("", "_later"), validate="one_to_one")
    school = pairs[pairs["phase"].between(0, 10)]
    by_age = school.groupby(["phase", "year"])[["children", "children_later"]].sum()
    assert (by_age["children_later"] >= 0.98 * by_age["children"]).all()
    # within a need they also fall where reviews record another need: speech and language gives way with age
    lost = (school["children"] - school["children_later"]).clip(lower=0).sum()
    assert lost < 0.02 * school["children"].sum()


# ---- one story ---------------------------------------------------------------------------------------------


def test_the_demand_table_is_what_the_tool_forecasts_from_the_history() -> None:
    demand = read("demand.csv")
    inputs = read_inputs(read_model(ROOT / "models" / "saltmere.toml"))
    projected = forecast(inputs, quick=True).demand
    by_year = [table.groupby("year")["children"].sum() for table in (projected, demand)]
    assert (by_year[0] / by_year[1]).between(0.98, 1.02).all()
    for by, most in (("phase", 0.10), ("need", 0.15)):
        cells = [table.query("year == 2035").groupby(by)["children"].sum() for table in (projected, demand)]
        large = cells[1] >= 100
        assert large.sum() >= 4
        assert (cells[0] / cells[1])[large].between(1 - most, 1 + most).all(), by


def test_the_history_ends_with_the_children_of_the_base_year() -> None:
    history = read("history.csv")
    plans = history.query("year == 2025").groupby(["area", "need", "ncy"])["plans"].sum()
    placed = read("placements_year_groups.csv").assign(ncy=lambda t: t["phase"].astype(int))
    placed = placed.groupby(["area", "need", "ncy"])["children"].sum()
    assert (plans.reindex(placed.index, fill_value=0) >= placed).all(), "those in a specialist place have a plan"
    assert 2_400 < history.query("year == 2016")["plans"].sum() < plans.sum() == 4_302


def test_plans_of_a_year_are_those_before_less_those_ended_and_with_those_begun() -> None:
    by_year = {name: read(f"{name}.csv").groupby("year")["plans"].sum() for name in FLOWS}
    grown = by_year["history"].diff().dropna()
    assert (grown == by_year["new_plans"] - by_year["ceased_plans"]).all()


def test_those_who_join_in_secondary_have_other_needs_than_those_who_are_there() -> None:
    # DfE, plans begun in 2024: of those aged 12 to 14, 53 % have SEMH; of all plans at 13 to 15, 28 %
    share = {}
    for name in ("new_plans", "history"):
        table = read(f"{name}.csv").query("9 <= ncy <= 11 and year >= 2021")
        share[name] = table.query("need == 'SEMH'")["plans"].sum() / table["plans"].sum()
    assert share["new_plans"] > 0.45
    assert share["history"] < 0.35


# ---- provision and placements ------------------------------------------------------------------------------


@pytest.mark.parametrize("grain", GRAINS)
def test_base_year_demand_is_the_children_placed_and_waiting(grain: str) -> None:
    demand, placements = (read(name) for name in GRAINS[grain])
    keys = ["area", "need", "phase"]
    stock = demand.query("year == 2025 and children > 0").set_index(keys)["children"]
    placed = placements.groupby(keys)["children"].sum()
    pd.testing.assert_series_equal(stock.sort_index(), placed.sort_index().astype(float), check_names=False)
    assert pd.api.types.is_integer_dtype(placements["children"])
    assert (placements["children"] > 0).all()


@pytest.mark.parametrize("grain", GRAINS)
def test_children_are_placed_in_lines_that_are_there_and_take_their_phase(grain: str, lines: pd.DataFrame) -> None:
    placements = read(GRAINS[grain][1])
    placed = placements[placements["line"] != "awaiting"]
    line = lines.set_index("line").query("from_year <= 2025")
    assert set(placed["line"]) <= set(line.index)
    phase = placed["phase"].replace(PHASE_OF)
    assert all(f in phases.split() for f, phases in zip(phase, placed["line"].map(line["phases"]), strict=True))


def test_the_grains_hold_the_same_children(small_areas: gpd.GeoDataFrame) -> None:
    keys = ["area", "need", "phase", "line"]
    wards = read("placements.csv").groupby(keys)["children"].sum()
    small, years = read("placements_small_areas.csv"), read("placements_year_groups.csv")
    small = small.assign(area=small["area"].map(small_areas.set_index("area")["ward"]))
    years = years.assign(phase=years["phase"].map(PHASE_OF))
    pd.testing.assert_series_equal(wards, small.groupby(keys)["children"].sum())
    pd.testing.assert_series_equal(wards, years.groupby(keys)["children"].sum())


def test_the_troubles_are_there(lines: pd.DataFrame) -> None:
    placements = read("placements.csv").groupby("line")["children"].sum()
    lines = lines.query("from_year <= 2025").assign(children=lambda t: t["line"].map(placements).fillna(0))
    lines["room"] = lines["places"] - lines["imported"] - lines["reserved"]
    by_type = lines.groupby("type")[["children", "room"]].sum()
    special = lines[lines["type"] == "special_school"]
    assert (special["children"] >= special["room"]).all(), "every special school is full"
    assert (special["children"] > special["room"]).any(), "and some are over full"
    assert by_type.loc["resource_base", "room"] - by_type.loc["resource_base", "children"] > 50, (
        "bases have places to spare"
    )
    assert by_type.loc["alternative_provision", "children"] > 0.04 * placements.sum()
    assert by_type.loc["independent", "children"] > 0.08 * placements.sum()
    assert 15 <= placements["awaiting"] <= 60
    assert by_type.loc["eotas", "children"] > 100


def test_physical_limits_hold_in_the_base_year(lines: pd.DataFrame) -> None:
    settings = read("settings.csv").set_index("setting")
    school = lines["setting"].map(settings["school"]).fillna(lines["setting"])
    inside = read("placements.csv").groupby("line")["children"].sum()
    children = lines["line"].map(inside).fillna(0) + lines["imported"].where(lines["from_year"] <= 2025, 0)
    total = children.groupby(school).sum()
    limit = settings["physical_places"].reindex(total.index).dropna()
    assert (total[limit.index] <= limit).all()


def test_only_those_who_may_have_no_limit_have_none(lines: pd.DataFrame) -> None:
    assert set(lines.loc[lines["places"].isna(), "type"]) <= MAY_BE_UNLIMITED


def test_every_need_and_phase_can_be_met_without_limit(lines: pd.DataFrame) -> None:
    unlimited = lines[lines["places"].isna() & (lines["needs"] == "any") & (lines["type"] != "eotas")]
    assert {phase for phases in unlimited["phases"] for phase in phases.split()} == set(PHASE_OF.values())


def test_every_line_and_option_stands_at_a_known_setting() -> None:
    settings = read("settings.csv")
    assert settings["setting"].is_unique
    assert settings["name"].is_unique
    known = set(settings["setting"])
    places, options, costs = read("places.csv"), read("options.csv"), read("costs.csv")
    assert set(places["setting"]) <= known
    assert set(options["setting"]) <= known
    assert set(costs["setting"].dropna()) <= known
    assert set(settings["school"].dropna()) <= known
    assert set(options["line"].dropna()) | set(options["closes_line"].dropna()) <= set(places["line"])
    assert settings["setting"].str.fullmatch(r"990\d{3}").all(), "a range that no English school uses"
    steps = places.groupby("line")[["setting", "needs", "phases", "can_meet"]].nunique(dropna=False)
    assert (steps == 1).all(axis=None), "later rows change only places, imported and overfill"


def test_every_type_has_a_rate(lines: pd.DataFrame) -> None:
    general = read("costs.csv").query("setting.isna() and need.isna()")
    assert set(lines["type"]) <= set(general.dropna(subset=["per_child"])["type"])


def test_money_covers_every_year() -> None:
    for name in ("budget.csv", "other_spend.csv"):
        table = read(name)
        assert sorted(table["financial_year"].unique()) == YEARS
        assert (table["pounds"] > 0).all()
        assert table["budget_line"].str.fullmatch(r"1\.\d\.\d+|transport").all()


# ---- models and generator ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODELS, ids=lambda p: p.stem)
def test_models_name_tables_that_are_there_and_say_they_are_fictional(path: Path) -> None:
    model = tomllib.loads(path.read_text(encoding="utf-8"))
    assert all((path.parent / table).exists() for table in model["tables"].values())
    assert "fictional" in model["name"]
    assert model["fictional"] is True
    assert (model["base_year"], model["years"]) == (YEARS[0], [YEARS[1], YEARS[-1]])


def test_the_finer_models_differ_only_in_their_areas_demand_and_placements() -> None:
    models = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in MODELS}
    whole = models.pop("saltmere")
    assert sorted(models) == ["saltmere-small-areas", "saltmere-year-groups"]
    for model in models.values():
        shared = set(whole["tables"]) - FORECAST_FROM
        differ = {key for key in shared if whole["tables"][key] != model["tables"][key]}
        assert differ <= {"areas", "demand", "placements"}
        for section in ("continuity", "travel", "weights", "finance", "labels", "rules", "solver"):
            assert model[section] == whole[section], section
    assert models["saltmere-year-groups"]["phases"] == "year_groups"


def test_scenarios_find_the_rows_they_edit() -> None:
    model = tomllib.loads((ROOT / "models" / "saltmere.toml").read_text(encoding="utf-8"))
    tables = {key: read(Path(name).name) for key, name in model["tables"].items() if not name.endswith(".gpkg")}
    for name, scenario in model["scenarios"].items():
        assert scenario["about"], name
        for change in [*scenario.get("edit", []), *scenario.get("remove", [])]:
            table = tables[change["table"]]
            for column, wanted in change["where"].items():
                if isinstance(wanted, dict):
                    table = table[table[column].between(wanted.get("from", -9e9), wanted.get("to", 9e9))]
                else:
                    table = table[table[column].isin(wanted if isinstance(wanted, list) else [wanted])]
            assert len(table), f"{name}: {change['where']} finds no row"
        added = {c["row"]["setting"] for c in scenario.get("add", []) if c["table"] == "settings"}
        assert not added & set(tables["settings"]["setting"])


def test_the_generator_makes_the_same_tables_again(made_again: Path) -> None:
    names = sorted(p.name for p in DATA.iterdir() if p.suffix in {".csv", ".parquet", ".gpkg"})
    assert sorted(p.name for p in made_again.iterdir()) == names
    for name in names:
        if name.endswith(".csv"):
            # A checkout on Windows may have turned the line ends.
            assert (made_again / name).read_bytes() == (DATA / name).read_bytes().replace(b"\r\n", b"\n"), name
        elif name.endswith(".parquet"):
            pd.testing.assert_frame_equal(read(name, made_again), read(name))
        else:
            again, shipped = gpd.read_file(made_again / name), gpd.read_file(DATA / name)
            pd.testing.assert_frame_equal(again.drop(columns="geometry"), shipped.drop(columns="geometry"))
            assert shapely.equals(
                shapely.normalize(again.geometry.to_numpy()), shapely.normalize(shipped.geometry.to_numpy())
            ).all()


def test_the_example_stays_small_and_says_it_is_fictional() -> None:
    files = [p for p in DATA.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(p.stat().st_size for p in files) < 6_000_000
    assert re.search(r"\*\*fictional\*\*", (DATA / "README.md").read_text(encoding="utf-8"))
