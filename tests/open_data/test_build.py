"""From a folder of downloads to a model that checks and plans, says what it is, and keeps what a planner edits."""

from __future__ import annotations

import csv
import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from sufficiency import api
from sufficiency.model.forecast import Forecast
from sufficiency.problems import InputError
from sufficiency.sources.published.kinds import KINDS
from sufficiency.standing import ILLUSTRATIVE
from sufficiency.starter.open_data.build import slug
from sufficiency.tables.origin import standing_of
from tests.open_data.made import Downloads, write_downloads

TYPES = {"special_free_school": "special", "special_school": "special"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Downloads:
    return write_downloads(tmp_path_factory.mktemp("downloads"))


@pytest.fixture(scope="module")
def built(made: Downloads, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model built once; tests only read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUFFICIENCY_CACHE", str(tmp_path_factory.mktemp("cache")))
        folder = tmp_path_factory.mktemp("built") / "norfolk"
        api.start_from_open_data(folder, "926", made.folder)
    return folder


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may edit."""
    shutil.copytree(built, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))


def model_of(folder: Path) -> Path:
    return folder / "models" / "norfolk.toml"


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(
        folder / "data" / f"{name}.csv", encoding="utf-8-sig", dtype={"line": str, "setting": str, "budget_line": str}
    )


def types_of_lines(folder: Path) -> dict[str, str]:
    settings = table(folder, "settings").set_index("setting")["type"].replace(TYPES)
    return dict(table(folder, "places").set_index("line")["setting"].map(settings))


def edit(file: Path) -> None:
    """What a planner does: one number more."""
    text = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join([*text[:-1], text[-1].rsplit(",", 1)[0] + ",2"]) + "\n", encoding="utf-8")


def test_totals_by_type_and_need_are_the_published_ones(made: Downloads, built: Path) -> None:
    placements = table(built, "placements")
    kinds = placements["line"].map(types_of_lines(built))
    by_type = placements.groupby(kinds)["children"].sum().to_dict()
    assert by_type == {kind: count for kind, count in made.by_type().items() if count}
    by_need = placements.groupby(["need", kinds])["children"].sum().to_dict()
    assert by_need == made.need_by_type()


def test_demand_of_the_base_year_is_the_placements(built: Path) -> None:
    demand, placements = table(built, "demand"), table(built, "placements")
    now = demand[demand["year"] == 2024].groupby(["area", "need", "phase"])["children"].sum()
    there = placements.groupby(["area", "need", "phase"])["children"].sum()
    assert (now - there.reindex(now.index).fillna(0.0)).abs().max() < 1e-5
    assert sorted(demand["year"].unique()) == list(range(2024, 2035))


def test_areas_are_a_geopackage_with_districts_as_localities(built: Path) -> None:
    areas = gpd.read_file(built / "data" / "areas.gpkg")
    assert len(areas) == 12
    assert set(areas["locality"]) == {"Breckland", "Norwich"}
    assert areas["imd_decile"].between(1, 10).all()


def test_places_leave_room_for_ours_and_say_what_others_take(built: Path) -> None:
    places = table(built, "places").set_index("line")
    ours = table(built, "placements").groupby("line")["children"].sum().reindex(places.index).fillna(0)
    limited = places["places"].notna()
    free = places["places"] - places["imported"] - places["reserved"] - ours
    assert (free[limited] >= 0).all()
    assert places.loc["140004", "places"] == max(55, ours["140004"])  # more on roll than the capacity of 40
    assert places.loc["140002", "needs"] == "SEMH"
    assert places.loc["140005", "phases"] == "primary"
    assert "140003" not in places.index
    settings = table(built, "settings").set_index("setting")
    assert settings.loc["140008", "section_41"] == "yes"
    assert settings.loc["140001", "recouped"]
    assert not settings.loc["140002", "recouped"]


def test_the_budget_is_the_planned_expenditure_and_places_are_those_funded(built: Path) -> None:
    budget = table(built, "budget")
    assert dict(zip(budget["budget_line"], budget["pounds"], strict=True)) == {
        "1.0.2": 1_000_000, "1.2.1": 2_000_000, "1.2.10": 30_000, "1.2.4": 400_000,
    }  # fmt: skip
    assert set(budget["financial_year"]) == {2025}
    assert set(table(built, "other_spend")["budget_line"]) == {"1.2.10", "1.2.4"}
    places = table(built, "places").set_index("line")["places"]
    ours = table(built, "placements").groupby("line")["children"].sum()
    assert places["140005"] == max(9 + 5, ours.get("140005", 0))
    assert places["140006"] == max(20, ours.get("140006", 0))


def test_the_model_holds_the_requests_its_demand_was_forecast_with(built: Path) -> None:
    text = model_of(built).read_text(encoding="utf-8")
    block = text.partition("# [forecast]")[2].partition("\n\n")[0]
    read = tomllib.loads(block.replace("# ", ""))
    assert read == {
        "requests": {"2022": 150, "2023": 1180, "2024": 210},
        "refusals": {"2022": 40, "2023": 45, "2024": 50},
        "undecided": {"2023": 20},
    }
    Forecast.model_validate(read)


def test_sources_list_every_file_read_or_missing_and_every_table(made: Downloads, built: Path) -> None:
    with (built / "sources.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "used_for", "rows", "sha256", "missing", "where"]
    read = {row["used_for"]: row for row in rows if row["file"] and row["used_for"] != "table"}
    assert {kind: row["file"] for kind, row in read.items()} == {
        kind: file.relative_to(made.folder).as_posix() for kind, file in made.files.items()
    }
    missing = {row["used_for"]: row for row in rows if not row["file"]}
    assert set(missing) == set(KINDS) - set(made.files)
    assert all(row["missing"] and row["where"] for row in missing.values())
    written = {row["file"] for row in rows if row["used_for"] == "table"}
    assert written == {f"data/{item.name}" for item in (built / "data").iterdir()}
    assert read["schools"]["rows"] == "10"


def test_estimates_name_table_column_rows_and_method(built: Path) -> None:
    with (built / "estimates.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["table", "column", "rows", "method"]
    assert {"placements", "places", "costs", "demand"} <= {row["table"] for row in rows}
    assert any("left in age × need" in row["method"] for row in rows)


def test_the_model_is_checked_without_an_error_and_says_illustrative(built: Path) -> None:
    problems, picture = api.inspect(model_of(built))
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert picture is not None
    assert "Illustrative: built from published data" in picture


@pytest.mark.slow
def test_every_output_says_illustrative_until_placements_and_places_are_own(own: Path) -> None:
    model = model_of(own)
    text = model.read_text(encoding="utf-8").replace("years = [2025, 2034]", "years = [2025, 2025]")
    model.write_text(text.split("# A what-if")[0], encoding="utf-8")
    result, folder = api.plan_to_folder(model, folder=own.parent / "result", appraise=False)
    assert result.summary["status"] == "optimal"
    assert result.summary["illustrative"] is True
    assert result.summary["fictional"] is False
    assert ILLUSTRATIVE.mark in api.screen(result)
    drawn = api.maps_to_folder(model, folder=folder, years=[2025], kinds=["gap"], formats=["svg"])
    assert not drawn.planned
    assert ILLUSTRATIVE.mark.encode() in (folder / "plan.gpkg").read_bytes()
    case = api.read(model)
    assert standing_of(case.model) is ILLUSTRATIVE
    edit(own / "data" / "placements.csv")
    assert standing_of(case.model) is ILLUSTRATIVE
    edit(own / "data" / "places.csv")
    assert standing_of(case.model) is None


def test_tables_of_ones_own_elsewhere_count_too(own: Path) -> None:
    model = model_of(own)
    for name in ("places", "placements"):
        shutil.copy(own / "data" / f"{name}.csv", own / f"my_{name}.csv")
    text = model.read_text(encoding="utf-8")
    text = text.replace("../data/places.csv", "../my_places.csv")
    model.write_text(text, encoding="utf-8")
    assert standing_of(api.read(model).model) is ILLUSTRATIVE
    model.write_text(text.replace("../data/placements.csv", "../my_placements.csv"), encoding="utf-8")
    assert standing_of(api.read(model).model) is None


def test_no_scenario_makes_it_the_councils_own(own: Path) -> None:
    model = model_of(own)
    model.write_text(
        model.read_text(encoding="utf-8") + '\n[scenarios.mine]\nset.sources = "elsewhere.csv"\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="sources"):
        api.read(model, "mine")


def test_a_second_run_leaves_what_was_edited(made: Downloads, own: Path) -> None:
    placements = own / "data" / "placements.csv"
    edit(placements)
    model_of(own).write_text(model_of(own).read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    mine, before = placements.read_bytes(), (own / "data" / "places.csv").read_bytes()
    again = api.start_from_open_data(own, "926", made.folder)
    assert placements.read_bytes() == mine
    assert (own / "data" / "places.csv").read_bytes() == before
    assert again.left == [(placements, own / "data" / "placements.new.csv")]
    assert "placements.new.csv" in again.screen
    assert (own / "data" / "placements.new.csv").read_bytes() != mine
    assert model_of(own).read_text(encoding="utf-8").endswith("# mine\n")
    third = api.start_from_open_data(own, "926", made.folder)
    assert third.left == again.left
    assert standing_of(api.read(model_of(own)).model) is ILLUSTRATIVE  # places are still as built


@pytest.mark.slow
def test_the_same_downloads_give_the_same_bytes(made: Downloads, built: Path, tmp_path: Path) -> None:
    api.start_from_open_data(tmp_path / "again", "E10000020", made.folder)
    for file in sorted(path for path in built.rglob("*") if path.is_file()):
        assert (tmp_path / "again" / file.relative_to(built)).read_bytes() == file.read_bytes(), file.name


def test_a_folder_of_other_things_is_left(made: Downloads, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letters.txt").write_text("mine")
    with pytest.raises(InputError, match=r"letters\.txt"):
        api.start_from_open_data(tmp_path / "mine", "926", made.folder)
    assert [item.name for item in (tmp_path / "mine").iterdir()] == ["letters.txt"]
    assert not list(tmp_path.glob(".starter-*"))


def test_nothing_is_written_where_a_file_is_bad(made: Downloads, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    shutil.copytree(made.folder, folder)
    spoilt = folder / made.files["schools"].relative_to(made.folder)
    spoilt.write_text("URN,EstablishmentName,TypeOfEstablishment (code)\n1,A,7\n", encoding="utf-8")
    spoilt_too = folder / made.files["population"].relative_to(made.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.open_data.made.areas", lambda: [("E01999999", "A", "W", "E07000143", "B")])
        from random import Random

        from tests.open_data.made import population

        population(spoilt_too, Random(1))
    with pytest.raises(InputError) as raised:
        api.start_from_open_data(tmp_path / "model", "926", folder)
    text = str(raised.value)
    assert "LA (code)" in text or "la_code" in text
    assert "12 of 12 small areas are not in this file" in text
    assert not (tmp_path / "model").exists()


def test_without_optional_files_a_coarser_model_is_built(made: Downloads, tmp_path: Path) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    for kind in ("caseload", "needs", "boundaries"):
        shutil.copy(made.files[kind], folder / made.files[kind].name)
    built = api.start_from_open_data(tmp_path / "model", "926", folder)
    placements = table(tmp_path / "model", "placements")
    kinds = placements["line"].map(types_of_lines(tmp_path / "model"))
    assert placements.groupby(kinds)["children"].sum().to_dict() == made.by_type()
    assert "Get Information about Schools" in built.screen
    problems, _ = api.inspect(built.model)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


@pytest.mark.slow
def test_a_list_of_ones_own_localities_is_taken(made: Downloads, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    shutil.copytree(made.folder, folder)
    codes = [f"E0100{number:04d}" for number in range(6)]
    rows = pd.DataFrame({"lsoa21cd": codes, "Locality": ["The Brecks"] * 6})
    rows.to_csv(folder / "mine.csv", index=False)
    api.start_from_open_data(tmp_path / "model", "926", folder)
    areas = gpd.read_file(tmp_path / "model" / "data" / "areas.gpkg")
    assert areas["locality"].value_counts().to_dict() == {"The Brecks": 6, "Other": 6}


def test_names_from_files_lead_nowhere() -> None:
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("St. Helens") == "st-helens"
    assert slug("…") == "authority"


@pytest.mark.slow
def test_the_workbook_is_filled_in_and_read_as_it_is(made: Downloads, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    new = api.start_from_open_data(folder, "926", made.folder, template="xlsx")
    file = folder / "data" / "norfolk.xlsx"
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "Read me"
    assert {"settings", "places", "placements", "costs", "options"} <= set(book.sheetnames)
    assert book["places"].max_row - 1 == len(table(built, "places"))
    lists = [rule.formula1 for rule in book["settings"].data_validations.dataValidation]
    assert any("special_school" in listed for listed in lists)
    assert all(cell.comment for cell in book["places"][1] if cell.value in {"line", "needs", "places"})
    problems, _ = api.inspect(new.model)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    case = api.read(new.model)
    assert case.tables.placements["children"].sum() == table(built, "placements")["children"].sum()
    assert standing_of(case.model) is ILLUSTRATIVE
    book.save(file)
    assert standing_of(case.model) is ILLUSTRATIVE  # saved again, nothing changed
    for name in ("placements", "places"):
        sheet = book[name]
        headings = [cell.value for cell in sheet[1]]
        sheet.cell(2, headings.index("children" if name == "placements" else "places") + 1, 77)
    book.save(file)
    assert standing_of(case.model) is None
    again = api.start_from_open_data(folder, "926", made.folder, template="xlsx")
    assert again.left == [(file, folder / "data" / "norfolk.new.xlsx")]


def test_a_folder_with_hidden_files_alone_gets_the_whole_model(made: Downloads, tmp_path: Path) -> None:
    folder = tmp_path / "norfolk"
    (folder / ".git").mkdir(parents=True)
    new = api.start_from_open_data(folder, "926", made.folder)
    assert new.model.is_file()
    assert new.model in new.files
    edited = new.model.read_text(encoding="utf-8") + "# mine\n"
    new.model.write_text(edited, encoding="utf-8")
    api.start_from_open_data(folder, "926", made.folder)
    assert new.model.read_text(encoding="utf-8") == edited


@pytest.mark.parametrize(("code", "says"), [("x" * 5000, "xxx…”"), ("", "“”"), ("a\x1bb", "“a�b”")])
def test_a_code_that_is_none_is_cut_and_made_visible(made: Downloads, tmp_path: Path, code: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        api.start_from_open_data(tmp_path / "norfolk", code, made.folder)
    assert all(len(str(problem)) < 500 for problem in error.value.problems)
