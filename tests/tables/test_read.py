"""The same tables come out of every format that a planner may keep them in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest

from sufficiency.model import Model
from sufficiency.model_file import parse_model, read_model
from sufficiency.problems import InputError
from sufficiency.tables.read import read_tables, tables_from_frames
from tests.effort import lines_run
from tests.tables.faults import TOY

if TYPE_CHECKING:
    from sufficiency.tables import Tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "toy"))


def model_with(folder: Path, **tables: str | None) -> Model:
    model = read_model(folder / "toy.toml")
    document = model.raw | {"tables": {**model.raw["tables"], **tables}}
    document["tables"] = {name: path for name, path in document["tables"].items() if path is not None}
    return parse_model(document, model.path)


def read_without_problems(model: Model) -> Tables:
    tables, problems = read_tables(model)
    assert [str(problem) for problem in problems] == []
    return tables


def assert_same(left: Tables, right: Tables, *, but: tuple[str, ...] = ()) -> None:
    for name, frame in left.frames().items():
        if name not in but:
            pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(right.frames()[name]))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_any_encoding_and_delimiter(folder: Path, encoding: str, delimiter: str) -> None:
    text = (folder / "settings.csv").read_text(encoding="utf-8").replace("Sands School", "École de Sandé")
    (folder / "settings.csv").write_bytes(text.replace(",", delimiter).encode(encoding))
    tables = read_without_problems(model_with(folder))
    assert tables.settings["name"].tolist()[2] == "École de Sandé"
    assert tables.settings.index.tolist() == [2, 3, 4, 5, 6, 7]


def test_blank_lines_are_left_out_but_counted(folder: Path) -> None:
    lines = (folder / "costs.csv").read_text(encoding="utf-8").splitlines()
    (folder / "costs.csv").write_text(
        "\n\n".join([lines[0], *lines[1:3], ",,,,,,,,,", *lines[3:]]) + "\n\n\n", encoding="utf-8"
    )
    assert read_without_problems(model_with(folder)).costs.index.tolist() == [3, 5, 9, 11, 13, 15]


def test_commas_at_the_end_of_every_row_are_no_fault(folder: Path) -> None:
    lines = (folder / "costs.csv").read_text(encoding="utf-8").splitlines()
    (folder / "costs.csv").write_text("\n".join([lines[0], *(f"{line},," for line in lines[1:])]), encoding="utf-8")
    read_without_problems(model_with(folder))


def test_parquet_and_workbook_read_like_csv(folder: Path) -> None:
    expected = read_without_problems(model_with(folder))
    pd.read_csv(folder / "demand.csv").to_parquet(folder / "demand.parquet")
    with pd.ExcelWriter(folder / "book.xlsx") as book:
        for name in ("settings", "places", "costs"):
            pd.read_csv(folder / f"{name}.csv").to_excel(book, sheet_name=name.title(), index=False)
    model = model_with(
        folder,
        demand="demand.parquet",
        settings="book.xlsx",
        places="book.xlsx#PLACES",
        costs="book.xlsx#costs",
    )
    assert_same(expected, read_without_problems(model))


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326", "EPSG:3857"])
@pytest.mark.parametrize("name", ["areas.gpkg", "areas.fgb", "areas.shp", "areas.parquet"])
def test_areas_in_any_format_and_reference_system(folder: Path, name: str, crs: str) -> None:
    expected = read_without_problems(model_with(folder))
    areas = gpd.read_file(folder / "areas.geojson").to_crs(crs)
    if name.endswith(".parquet"):
        areas.to_parquet(folder / name)
    else:
        areas.to_file(folder / name)
    tables = read_without_problems(model_with(folder, areas=name))
    assert tables.areas.crs.to_epsg() == 27700
    found = tables.areas.set_index("area")
    shift = found.geometry.distance(expected.areas.set_index("area").geometry.centroid.reindex(found.index))
    assert shift.max() < 1
    assert np.allclose(found.sort_index()["x"], expected.areas.set_index("area").sort_index()["x"], atol=1)


def test_points_instead_of_polygons(folder: Path) -> None:
    (folder / "areas.csv").write_text(
        "area,name,locality,x,y\nN1,a,North,402500,302500\nN2,b,North,407500,302500\nS1,c,South,405000,297500\n",
        encoding="utf-8",
    )
    tables = read_without_problems(model_with(folder, areas="areas.csv"))
    assert set(tables.areas.geom_type) == {"Point"}
    assert tables.settings["locality"].tolist()[:3] == ["North", "North", "South"]


def test_latitude_and_longitude_are_placed_on_the_grid(folder: Path) -> None:
    settings = pd.read_csv(folder / "settings.csv", dtype=str, keep_default_na=False)
    given = settings["x"] != ""
    points = gpd.GeoSeries(gpd.points_from_xy(settings.loc[given, "x"], settings.loc[given, "y"]), crs=27700).to_crs(
        4326
    )
    settings["latitude"] = settings["longitude"] = ""
    settings.loc[given, "latitude"] = [str(y) for y in points.y]
    settings.loc[given, "longitude"] = [str(x) for x in points.x]
    settings.drop(columns=["x", "y"]).to_csv(folder / "settings.csv", index=False)
    tables = read_without_problems(model_with(folder))
    assert np.allclose(tables.settings["x"][:4], [402000, 408000, 405500, 404500], atol=0.5)


def test_settings_without_a_place_have_an_empty_geometry() -> None:
    tables = read_without_problems(read_model(TOY / "toy.toml"))
    assert tables.settings.geometry.is_empty.tolist() == [False] * 4 + [True] * 2
    assert tables.settings["locality"].tolist() == ["North", "North", "South", "South", "", ""]


def test_frames_read_like_files() -> None:
    model = read_model(TOY / "toy.toml")
    expected, _ = read_tables(model)
    frames: dict[str, pd.DataFrame] = {
        name: pd.read_csv(TOY / f"{name}.csv") for name in model.raw["tables"] if name != "areas"
    }
    tables, problems = tables_from_frames(model, {**frames, "areas": gpd.read_file(TOY / "areas.geojson")})
    assert problems == []
    assert_same(expected, tables)
    again, problems = tables_from_frames(model, tables.frames())
    assert problems == []
    assert_same(expected, again)


def test_a_frame_with_a_wrong_name_is_named() -> None:
    with pytest.raises(InputError) as caught:
        tables_from_frames(read_model(TOY / "toy.toml"), {"demnad": pd.DataFrame()})
    said = str(caught.value)
    assert "did you mean “demand”?" in said
    assert "the table places is missing" in said


def test_excel_ids_keep_their_digits(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("100001", "00100001").replace("100002", "100002.0"), encoding="utf-8")
    tables = read_without_problems(model_with(folder))
    assert tables.settings["setting"].tolist()[:2] == ["00100001", "100002"]
    assert tables.places["setting"].tolist()[:2] == ["00100001", "100002"]


def test_numbers_in_the_ways_of_the_office(folder: Path) -> None:
    text = (folder / "costs.csv").read_text(encoding="utf-8")
    text = text.replace("63000", '" £63,000 "').replace("40000", "4e4").replace("12000", "£12000.00")
    (folder / "costs.csv").write_text(text, encoding="utf-8")
    assert read_without_problems(model_with(folder)).costs["per_child"].tolist()[3:] == [12000, 63000, 40000]


def test_years_flags_and_codes_in_the_ways_of_the_office(folder: Path) -> None:
    demand = (folder / "demand.csv").read_text(encoding="utf-8")
    demand = (
        demand.replace(",2026,", ",2026/27,")
        .replace(",2027,", ",2027-28,")
        .replace("primary,2028,", "Primary ,2028.0,")
    )
    (folder / "demand.csv").write_text(demand.replace("ASD", "asd").replace("N1", "n1"), encoding="utf-8")
    settings = (folder / "settings.csv").read_text(encoding="utf-8").replace("true", "Yes").replace("false", "0")
    (folder / "settings.csv").write_text(settings.replace("special_school", "Special School"), encoding="utf-8")
    assert_same(read_without_problems(read_model(TOY / "toy.toml")), read_without_problems(model_with(folder)))


def test_cells_that_list_codes(folder: Path) -> None:
    places = (folder / "places.csv").read_text(encoding="utf-8")
    places = (
        places.replace("ASD SEMH,any", '"semh, ASD;ASD",0-6 7-11 "')
        .replace('7-11 "', "7-11")
        .replace("secondary post_16", "Post 16; secondary")
    )
    (folder / "places.csv").write_text(places, encoding="utf-8")
    tables = read_without_problems(model_with(folder))
    assert tables.places["needs"].tolist()[3] == ("SEMH", "ASD")
    assert tables.places["phases"].tolist()[3:5] == [("primary", "secondary"), ("secondary", "post_16")]
    assert tables.places["phases"].tolist()[5] == ("primary", "secondary", "post_16")
    assert len(tables.places["needs"].tolist()[5]) == 14
    assert tables.places["can_meet"].tolist()[0] == ()


def test_simulated_paths_are_averaged(folder: Path) -> None:
    demand = pd.read_csv(folder / "demand.csv")
    paths = [demand.assign(simulation=path, children=demand["children"] * (1 + path / 10)) for path in (-1, 0, 1)]
    pd.concat(paths).to_csv(folder / "demand.csv", index=False)
    tables = read_without_problems(model_with(folder))
    assert np.allclose(tables.demand["children"], demand["children"])
    assert tables.demand["simulation"].eq("").all()


def test_a_setting_stands_for_its_only_fitting_line(folder: Path) -> None:
    placements = pd.read_csv(folder / "placements.csv")
    home = {"QB": "100001", "HB": "100002", "SP": "100003", "AP": "100004", "IN": "IND", "EO": "EOT"}
    placements["setting"] = placements["line"].map(home)
    placements["line"] = placements["line"].where(placements["line"] == "awaiting", None)
    placements.to_csv(folder / "placements.csv", index=False)
    tables = read_without_problems(model_with(folder))
    expected = read_without_problems(read_model(TOY / "toy.toml"))
    assert tables.placements is not None
    assert expected.placements is not None
    assert tables.placements["line"].tolist() == expected.placements["line"].tolist()


def test_all_unusable_tables_are_reported_at_once(folder: Path) -> None:
    (folder / "demand.csv").unlink()
    (folder / "costs.csv").write_text("kind,rate\nx,1\n", encoding="utf-8")
    (folder / "places.csv").write_text(
        (folder / "places.csv").read_text(encoding="utf-8").replace("SEMH", "SMEH"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_tables(model_with(folder))
    assert {problem.file for problem in caught.value.problems} == {"demand.csv", "costs.csv", "places.csv"}


def test_a_file_open_in_excel_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Path.open

    def refuse(self: Path, *args: Any, **more: Any) -> Any:
        if self.name == "costs.csv":
            raise PermissionError(13, "Permission denied")
        return plain(self, *args, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"costs\.csv: the file cannot be opened.*close it in Excel"):
        read_tables(model_with(folder))


def test_formulas_and_hostile_text_are_text(folder: Path) -> None:
    hostile = "=cmd|' /C calc'!A0 <script>"
    settings = (folder / "settings.csv").read_text(encoding="utf-8").replace("The Link", hostile)
    (folder / "settings.csv").write_text(settings, encoding="utf-8")
    assert read_without_problems(model_with(folder)).settings["name"].tolist()[3] == hostile


def test_a_damaged_workbook_is_named(folder: Path) -> None:
    openpyxl.Workbook().save(folder / "costs.xlsx")
    data = (folder / "costs.xlsx").read_bytes()
    (folder / "costs.xlsx").write_bytes(
        data.replace(b"<worksheet", b"<workshoot").replace(b"PK\x05\x06", b"PK\x05\x07")
    )
    with pytest.raises(InputError, match=r"costs\.xlsx"):
        read_tables(model_with(folder, costs="costs.xlsx"))


def test_a_cost_for_a_school_phase_holds_for_its_year_groups(folder: Path) -> None:
    document = {name: value for name, value in model_with(folder).raw.items() if name not in {"phases", "scenarios"}}
    model = parse_model({**document, "phases": "year_groups"}, folder / "toy.toml")
    year_groups = {"primary": "3", "secondary": "8", "post_16": "12"}
    for name in ("demand", "placements"):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        for phase, year_group in year_groups.items():
            text = text.replace(phase, year_group)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with (folder / "costs.csv").open("a", encoding="utf-8") as file:
        file.write("special_school,,ASD,primary,15000,,1.2.1,,,\n")
    costs = read_without_problems(model).costs
    assert costs["phase"].tolist()[-7:] == ["0", "1", "2", "3", "4", "5", "6"]
    assert costs.index.tolist()[-7:] == [8] * 7


def test_many_bad_cells_make_few_lines(folder: Path) -> None:
    demand = pd.read_csv(folder / "demand.csv").astype({"children": object})
    demand["children"] = [f"x{row}" for row in range(len(demand))]
    demand.to_csv(folder / "demand.csv", index=False)
    _, problems = read_tables(model_with(folder))
    assert len(problems) == 11
    assert sum(problem.count for problem in problems) == len(demand)
    assert "(and 49 more rows like it)" in str(problems[-1])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_too_wide_to_be_one_is_reported(folder: Path, ending: str) -> None:
    wide = pd.read_csv(folder / "budget.csv")
    wide = pd.concat([wide, pd.DataFrame(0, wide.index, [f"more {number}" for number in range(1_000)])], axis=1)
    wide.to_csv(folder / "wide.csv", index=False) if ending == "csv" else wide.to_excel(
        folder / "wide.xlsx", index=False
    )
    with pytest.raises(InputError, match=rf"wide\.{ending}: the table has 1,003 columns; 1,000 is the most"):
        read_tables(model_with(folder, budget=f"wide.{ending}"))


def test_line_breaks_in_a_note_are_no_rows(folder: Path) -> None:
    text = (folder / "places.csv").read_text().splitlines()
    noted = [f"{text[0]},note", f'{text[1]},"first, second\nand a third, of its own"', *(f"{row}," for row in text[2:])]
    (folder / "places.csv").write_text("\n".join(noted) + "\n")
    assert len(read_without_problems(model_with(folder)).places) == len(text) - 1


def test_no_loop_over_the_rows_of_a_long_demand_table(folder: Path) -> None:
    """A text is read once, however often it stands there."""
    cells = pd.read_csv(folder / "demand.csv")
    long = pd.concat([cells.assign(simulation=path, children=cells["children"] + path % 7) for path in range(2700)])
    model = model_with(folder)
    with pd.option_context("mode.string_storage", "pyarrow"):  # as users have it
        short = lines_run(lambda: read_tables(model))
        long.to_csv(folder / "demand.csv", index=False)
        assert len(long) > 160_000
        assert lines_run(lambda: read_tables(model)) - short < len(long)  # half a line a row goes on the paths' numbers


def test_windows_1252_behind_a_mark_of_utf_8(folder: Path) -> None:
    """What joining files does: the mark of the first, the letters of another."""
    file = folder / "settings.csv"
    text = file.read_text().replace("Sands School", "St Mary’s")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode("cp1252"))
    tables = read_without_problems(read_model(folder / "toy.toml"))
    assert "St Mary’s" in set(tables.settings["name"])


def test_a_missing_file_of_another_year_is_not_taken_for_this_years(folder: Path) -> None:
    (folder / "demand.csv").rename(folder / "demand_2025.csv")
    for written, fix in (
        ("demand_2026.csv", "check the path; in that folder are"),
        ("Demnd_2025.xlsx", "did you mean"),
    ):
        with pytest.raises(InputError) as refused:
            read_tables(model_with(folder, demand=written))
        assert f"{written}: there is no such file → {fix}" in str(refused.value)


def test_postcodes_say_who_a_child_is_only_in_tables_of_children(folder: Path) -> None:
    settings = pd.read_csv(folder / "settings.csv").assign(Postcode="BH1 1AA")
    settings.to_csv(folder / "settings.csv", index=False)
    read_without_problems(model_with(folder))
    pd.read_csv(folder / "demand.csv").assign(Postcode="BH1 1AA").to_csv(folder / "demand.csv", index=False)
    with pytest.raises(InputError, match="column Postcode: the column identifies children") as refused:
        read_tables(model_with(folder))
    assert "BH1" not in str(refused.value)
