"""A council's own counts, from `deidentify`, in place of estimates from published totals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from sufficiency import api
from sufficiency.problems import InputError
from sufficiency.sources.sen2_return import COUNT_COLUMNS
from sufficiency.tables.origin import standing_of
from tests.open_data.made import Downloads, write_downloads
from tests.open_data.test_build import model_of, table

ROWS = (
    # need, year group, area, urn, ukprn, SEN setting, unit, resourced provision, entered, children
    ("ASD", 3, "E01000000", "140001", "", "", "no", "no", 2023, 4),
    ("ASD", 9, "E01000001", "140001", "", "", "no", "no", 2025, 2),
    ("SLCN", 4, "E01000000", "140005", "", "", "no", "yes", 2024, 3),
    ("SLCN", 5, "E01000000", "140005", "", "", "no", "no", 2024, 7),
    ("SEMH", 2, "E01000001", "140006", "", "", "yes", "no", 2024, 1),
    ("SEMH", 10, "E01999999", "149999", "", "", "no", "no", 2024, 2),
    ("MLD", 13, "E01000002", "", "10001234", "", "no", "no", 2025, 5),
    ("ASD", 6, "E01000002", "", "", "OLA", "no", "no", "", 6),
    ("ASD", 8, "unknown", "", "", "EHE", "no", "no", "", 1),
    ("ASD", 14, "E01000002", "", "", "NEET", "no", "no", "", 8),
)
ORDINARY, NEET = 7, 8
CHILDREN = sum(row[-1] for row in ROWS)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Downloads:
    downloads = write_downloads(tmp_path_factory.mktemp("downloads"))
    write_counts(downloads.folder / "anything.csv", ROWS)
    return downloads


@pytest.fixture(scope="module")
def built(made: Downloads, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "norfolk"
    api.start_from_open_data(folder, "926", made.folder)
    return folder


def write_counts(file: Path, rows: tuple[tuple[object, ...], ...]) -> None:
    pd.DataFrame(rows, columns=list(COUNT_COLUMNS)).to_csv(file, index=False, encoding="utf-8-sig")


def test_placements_are_the_counts(built: Path) -> None:
    placements = table(built, "placements")
    there = {(row.line, row.area, row.need, row.phase): row.children for row in placements.itertuples(index=False)}
    assert there == {
        ("140001", "E01000000", "ASD", "primary"): 4,
        ("140001", "E01000001", "ASD", "secondary"): 2,
        ("140005", "E01000000", "SLCN", "primary"): 3,
        ("140006", "E01000001", "SEMH", "primary"): 1,
        ("149999", "unknown", "SEMH", "secondary"): 2,
        ("COLLEGES-OTHER", "E01000002", "MLD", "post_16"): 5,
        ("EOTAS", "E01000002", "ASD", "primary"): 6,
        ("HOME", "unknown", "ASD", "secondary"): 1,
    }


def test_history_ends_with_every_child_counted(built: Path) -> None:
    history = table(built, "history")
    assert history["year"].max() == 2025
    last = history[history["year"] == 2025]
    assert last["plans"].sum() == CHILDREN
    assert last.loc[(last["need"] == "SLCN") & (last["age"] == 9), "plans"].tolist() == [ORDINARY]
    assert "base_year = 2025" in model_of(built).read_text(encoding="utf-8")


def test_a_school_elsewhere_is_a_setting_of_its_own(built: Path) -> None:
    settings = table(built, "settings").set_index("setting")
    assert settings.loc["149999", "name"] == "Over the border"
    assert not settings.loc["149999", "in_area"]
    assert settings.loc["140001", "in_area"]
    places = table(built, "places").set_index("line")
    assert "secondary" in places.loc["140001", "phases"]
    assert "primary" in places.loc["140006", "phases"]  # as the council has placed a child there


def test_placements_are_the_councils_own_and_places_are_not_yet(built: Path, tmp_path: Path) -> None:
    estimates = pd.read_csv(built / "estimates.csv", encoding="utf-8-sig")
    assert "placements" not in set(estimates["table"])
    folder = tmp_path / "mine"
    shutil.copytree(built, folder)
    standing = standing_of(api.read(model_of(folder)).model)
    assert standing is not None
    assert "not the council's own placements" not in standing.screen
    places = folder / "data" / "places.csv"
    places.write_text(places.read_text(encoding="utf-8-sig").replace(",120,", ",125,"), encoding="utf-8")
    assert standing_of(api.read(model_of(folder)).model) is None


def test_the_model_is_checked_without_an_error(built: Path) -> None:
    problems, _ = api.inspect(model_of(built))
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_children_who_are_no_demand_are_reported(made: Downloads, tmp_path: Path) -> None:
    notes = [str(note) for note in api.start_from_open_data(tmp_path / "new", "926", made.folder).notes]
    assert any(f"{NEET} children are not in education, employment or training" in note for note in notes)
    assert any("3 children live in no area of this authority" in note for note in notes)
    assert any(f"{CHILDREN} children are counted, and DfE published 700 plans for 2024/25" in note for note in notes)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({3: "123456"}, "of no establishment"),
        ({0: "ABC"}, "this is not one of"),
        ({9: "some"}, "not a whole number of children"),
        ({1: 99}, "not a year group"),
        ({2: "BH1 1AA"}, "not a code of ONS"),
        ({9: 10**6}, r"anything.csv, row 2, column children, value “1000000”: .*from 1 to 100,000"),
        ({8: 9999}, "not a year from 1990 to 2100"),
        ({8: 2052}, r"anything.csv, row 2, column entry_year, value “2052”: .*more than 5 years after the published"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    made: Downloads, tmp_path: Path, change: dict[int, object], says: str
) -> None:
    downloads = tmp_path / "downloads"
    shutil.copytree(made.folder, downloads)
    row = tuple(change.get(place, cell) for place, cell in enumerate(ROWS[0]))
    write_counts(downloads / "anything.csv", (row, *ROWS[1:]))
    target = tmp_path / "new"
    with pytest.raises(InputError, match=says):
        api.start_from_open_data(target, "926", downloads)
    assert not target.exists()


def refused(made: Downloads, there: Path, text: str) -> str:
    shutil.copytree(made.folder, there / "downloads")
    (there / "downloads" / "anything.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        api.start_from_open_data(there / "new", "926", there / "downloads")
    return str(error.value)


def test_counts_without_a_column_are_not_left_aside(made: Downloads, tmp_path: Path) -> None:
    said = refused(made, tmp_path, ",".join(COUNT_COLUMNS[:7]) + "\nASD,3,E01000000,140001,,,no\n")
    assert [line.split(" → ")[0] for line in said.splitlines()] == [
        f"anything.csv, column {name}: this column is missing" for name in COUNT_COLUMNS[7:]
    ]


def test_a_row_longer_than_its_headings_is_refused(made: Downloads, tmp_path: Path) -> None:
    row = "ASD,3,E01000000,140001,,,no,no,2023,4"
    said = refused(made, tmp_path, "\n".join([",".join(COUNT_COLUMNS), row, f"{row},", f"{row},5", row]) + "\n")
    assert said.splitlines()[0].startswith("anything.csv, row 4: this row has more cells than there are headings")
    assert len(said.splitlines()) == 1


def test_what_may_say_who_a_child_is_is_not_shown(made: Downloads, tmp_path: Path) -> None:
    rest = "140001,,,no,no,2023,4\n"
    headings = ",".join(COUNT_COLUMNS)
    said = refused(made, tmp_path, f"{headings}\nJo Bloggs 1/2/2014,3,BH1 1AA,{rest}XYZ,3,BH11AA,{rest}")
    assert all(word not in said for word in ("Bloggs", "2014", "BH1"))
    assert "row 2, column need: this is not one of" in said
    assert "row 3, column need, value “XYZ”" in said
    (tmp_path / "again").mkdir()
    with_upn = f"{headings},UPN\nASD,3,E01000000,140001,,,no,no,2023,4,A123456789012\n"
    assert "column UPN: the column identifies children" in (said := refused(made, tmp_path / "again", with_upn))
    assert "A1234" not in said


def test_counts_older_than_the_published_plans_are_refused(made: Downloads, tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    shutil.copytree(made.folder, downloads)
    write_counts(downloads / "anything.csv", tuple((*row[:8], 2022, row[9]) for row in ROWS))
    with pytest.raises(InputError, match="newest return"):
        api.start_from_open_data(tmp_path / "new", "926", downloads)
