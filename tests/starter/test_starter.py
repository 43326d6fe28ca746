"""Starter models: whole or not there, never over anything, and templates that the reader takes once filled in."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import openpyxl
import pytest

from sufficiency import api
from sufficiency.problems import InputError
from sufficiency.shipped import shipped_folder
from sufficiency.starter import start_in
from sufficiency.starter.words import EXAMPLE_ROWS, MODEL_NAME, SPECS, template_columns

NEEDED = {"areas", "demand", "settings", "places", "costs"}


def model_in(folder: Path) -> Path:
    return folder / "models" / f"{MODEL_NAME}.toml"


def fill_csv(folder: Path) -> None:
    for table, rows in EXAMPLE_ROWS.items():
        with (folder / "data" / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [column.name for column in template_columns(table)])
            writer.writerows(rows)


def fill_xlsx(folder: Path) -> None:
    file = folder / "data" / f"{MODEL_NAME}.xlsx"
    book = openpyxl.load_workbook(file)
    for table, rows in EXAMPLE_ROWS.items():
        names = [cell.value for cell in book[table][1]]
        for number, row in enumerate(rows, 2):
            for name, value in row.items():
                book[table].cell(number, names.index(name) + 1, value)
    book.save(file)


def plan_to_2027(folder: Path) -> None:
    """The example rows end in 2027, so that a test need not write ten years of them."""
    text = model_in(folder).read_text(encoding="utf-8")
    model_in(folder).write_text(text.replace("2035]", "2027]").replace("to = 2035", "to = 2027"), encoding="utf-8")


def test_the_example_is_copied_whole_and_can_be_read(tmp_path: Path) -> None:
    files = start_in(tmp_path / "mine")
    assert files == sorted(files)
    assert {file.suffix for file in files} <= {".toml", ".csv", ".gpkg", ".parquet", ".md"}
    assert tmp_path / "mine/data/saltmere/README.md" in files
    assert any("published" in file.parts for file in files)
    assert all(file.is_file() for file in files)
    for model in (tmp_path / "mine" / "models").iterdir():
        named = tomllib.loads(model.read_text(encoding="utf-8"))["tables"]
        assert all((model.parent / path).is_file() for path in named.values())
    shipped = shipped_folder() / "data" / "saltmere" / "demand.csv"
    assert (tmp_path / "mine/data/saltmere/demand.csv").read_bytes() == shipped.read_bytes()
    assert api.read(tmp_path / "mine/models/saltmere.toml").model.fictional


@pytest.mark.parametrize("template", ["csv", "xlsx"])
def test_an_untouched_template_says_that_its_tables_are_empty(tmp_path: Path, template: str) -> None:
    start_in(tmp_path / "mine", template)
    problems, picture = api.inspect(model_in(tmp_path / "mine"))
    assert picture is None
    assert len(problems) == len(NEEDED)
    assert all("no rows" in problem.what for problem in problems)


@pytest.mark.parametrize(("template", "fill"), [("csv", fill_csv), ("xlsx", fill_xlsx)])
def test_a_filled_template_is_read(tmp_path: Path, template: str, fill: object) -> None:
    start_in(tmp_path / "mine", template)
    assert callable(fill)
    fill(tmp_path / "mine")
    plan_to_2027(tmp_path / "mine")
    problems, picture = api.inspect(model_in(tmp_path / "mine"))
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert picture is not None
    assert "Primary" in picture
    case = api.read(model_in(tmp_path / "mine"), "more-demand")
    for table in set(EXAMPLE_ROWS) - {"history"}:
        assert len(case.tables.frames()[table]) >= len(EXAMPLE_ROWS[table])
    assert list(case.tables.areas["area"]) == ["E05000001", "E05000002"]


@pytest.mark.parametrize("template", ["csv", "xlsx"])
def test_the_columns_are_those_of_the_catalogue(tmp_path: Path, template: str) -> None:
    start_in(tmp_path / "mine", template)
    explained = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert NEEDED | {"budget", "other_spend", "travel", "history"} <= set(EXAMPLE_ROWS) <= set(SPECS)
    for table in EXAMPLE_ROWS:
        names = [column.name for column in template_columns(table)]
        if template == "csv":
            header = (tmp_path / "mine" / "data" / f"{table}.csv").read_text(encoding="utf-8-sig").splitlines()
            assert header == [",".join(names)]
        else:
            sheet = openpyxl.load_workbook(tmp_path / "mine" / "data" / f"{MODEL_NAME}.xlsx")[table]
            assert [cell.value for cell in sheet[1]] == names
            assert all(cell.comment and cell.comment.text for cell in sheet[1])
        assert {column.name for column in SPECS[table].columns if column.required} <= set(names)
        assert all(f"| `{name}` |" in explained for name in names)


def test_the_model_file_has_room_for_the_capital_budget_and_the_opening_balance(tmp_path: Path) -> None:
    start_in(tmp_path / "mine", "csv")
    text = model_in(tmp_path / "mine").read_text(encoding="utf-8")
    finance = tomllib.loads(text.replace("# capital_budget", "capital_budget").replace("# opening_dsg", "opening_dsg"))
    assert finance["finance"]["capital_budget"] == 5_000_000
    assert finance["finance"]["opening_dsg_balance"] == -8_000_000
    assert not {"capital_budget", "opening_dsg_balance"} & set(tomllib.loads(text)["finance"])  # no made-up figures


def test_tables_that_may_stay_empty_are_not_spoken_of(tmp_path: Path) -> None:
    start_in(tmp_path / "mine", "csv")
    fill_csv(tmp_path / "mine")
    plan_to_2027(tmp_path / "mine")
    assert any(
        "the travel table is not used" in problem.what for problem in api.inspect(model_in(tmp_path / "mine"))[0]
    )
    for table in ("travel", "history", "budget", "other_spend", "options"):
        file = tmp_path / "mine" / "data" / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    problems, _ = api.inspect(model_in(tmp_path / "mine"))
    named = " ".join(map(str, problems))
    assert not [table for table in ("travel", "history", "budget", "other_spend", "options") if table in named], named


def test_codes_have_lists_in_the_workbook(tmp_path: Path) -> None:
    start_in(tmp_path / "mine", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "mine" / "data" / f"{MODEL_NAME}.xlsx")
    assert book.sheetnames == ["Read me", *EXAMPLE_ROWS]
    lists = [rule.formula1 for rule in book["demand"].data_validations.dataValidation]
    assert any("SEMH" in listed for listed in lists)
    assert any("secondary" in listed for listed in lists)
    assert any("special_school" in rule.formula1 for rule in book["settings"].data_validations.dataValidation)


def test_a_folder_in_use_is_left_as_it_is(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"mine{number}.txt").write_text("mine")
    with pytest.raises(InputError) as raised:
        start_in(tmp_path)
    assert "mine0.txt" in str(raised.value)
    assert "and 2 more" in str(raised.value)
    assert len(list(tmp_path.iterdir())) == 7


def test_an_empty_folder_will_do_even_the_one_we_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = start_in(Path(), "csv")
    assert model_in(Path()) in files
    assert sorted(item.name for item in tmp_path.iterdir()) == ["README.md", "data", "models"]


@pytest.mark.parametrize("there_already", [False, True])
def test_nothing_stays_of_a_start_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_already: bool
) -> None:
    folder = tmp_path / "up" / "mine"
    if there_already:
        folder.mkdir(parents=True)

    def fails(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(InputError, match="No space left"):
        start_in(folder, "csv")
    assert folder.exists() == there_already
    assert [item for item in folder.parent.iterdir() if item != folder] == []


def test_a_half_moved_start_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fails_late(self: Path, target: Path) -> Path:
        if self.name == "models":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_late)
    with pytest.raises(InputError, match="No space left"):
        start_in(tmp_path, "csv")
    assert list(tmp_path.iterdir()) == []


def test_other_faults_of_a_folder_are_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link", "file/inside"):
        with pytest.raises(InputError):
            start_in(tmp_path / name)
    with pytest.raises(InputError, match="csv"):
        start_in(tmp_path / "new", "cvs")
    assert not (tmp_path / "new").exists()


def test_the_rows_in_the_readme_stand_under_the_full_heading_of_the_template(tmp_path: Path) -> None:
    """Copied from the README into the file, each row is right as it stands."""
    start_in(tmp_path / "mine", "csv")
    text = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    for table, rows in EXAMPLE_ROWS.items():
        with (tmp_path / "mine" / "data" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            heading = next(csv.reader(file))
        block = text.split(f"## {table}\n", 1)[1].split("```", 2)[1].strip().splitlines()
        shown = list(csv.DictReader(block))
        assert list(shown[0]) == heading
        assert [{name: value for name, value in row.items() if value} for row in shown] == [
            {name: str(value) for name, value in row.items()} for row in rows
        ]
