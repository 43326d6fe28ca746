"""The files of a report: where they go, when the plan is made again, and that they are whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sufficiency import api
from sufficiency.api import report_forms, reporting
from sufficiency.api.reporting import report_to_folder
from sufficiency.problems import InputError
from sufficiency.report.files import drop_others, put_all

from ..tiny import tiny


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tiny(tmp_path)


def test_it_is_planned_once_and_again_when_a_table_changes(here: Path) -> None:
    first = report_to_folder(here, ["late"])
    assert first.planned == ("base", "late")
    report = Path("results/tiny/base/report")
    names = ["page.html", "workbook.xlsx", "cabinet-paper.docx", "returns.xlsx", "workings.csv"]
    assert sorted(file.name for file in report.iterdir()) == sorted([*names, "figures.json", "returns", "tables"])
    assert first.files[:5] == [report / name for name in names]
    assert {file.parent for file in first.files[5:-1]} == {report / "returns"}
    assert first.files[-1] == report / "figures.json"
    assert report_to_folder(here, ["late"]).planned == ()
    demand = here.parent / "demand.csv"
    demand.write_text(demand.read_text().replace("2026,5", "2026,6"))
    assert report_to_folder(here).planned == ("base",)
    assert "late/children.plan.2026" not in (report / "figures.json").read_text()
    assert report_to_folder(here, ["late"]).planned == ("late",)


def test_with_a_folder_only_the_plan_itself_is_in_it(here: Path) -> None:
    """Figures of the scenario name its tables as seen from there."""
    made = report_to_folder(here, ["late"], Path("elsewhere/mine"))
    assert made.files[0] == Path("elsewhere/mine/report/page.html")
    assert Path("results/tiny/late/summary.json").is_file()
    assert not Path("results/tiny/base").exists()
    figures = json.loads(Path("elsewhere/mine/report/figures.json").read_text("utf-8"))
    tables = {one["table"] for one in figures if one["id"].startswith("late/")}
    assert "../../results/tiny/late/measures" in tables


def test_a_plan_whose_appraisal_was_cut_short_is_made_again(here: Path) -> None:
    report_to_folder(here)
    file = Path("results/tiny/base/summary.json")
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"appraisal": "pending"}))
    assert report_to_folder(here).planned == ("base",)


def test_a_new_plan_drops_the_report_and_nothing_else_is_dropped(here: Path) -> None:
    report_to_folder(here)
    api.plan_to_folder(here)
    assert not Path("results/tiny/base/report").exists()
    report_to_folder(here)
    note = Path("results/tiny/base/report/my-note.txt")
    note.write_text("mine")
    with pytest.raises(InputError, match=r"report/my-note\.txt"):
        api.plan_to_folder(here)
    assert note.read_text() == "mine"


def test_a_file_of_yours_in_the_result_is_no_reason_to_refuse(here: Path) -> None:
    """Nothing is removed to write a report of a result that is there."""
    report_to_folder(here)
    note = Path("results/tiny/base/my-note.txt")
    note.write_text("mine")
    assert report_to_folder(here).planned == ()
    assert note.read_text() == "mine"


@pytest.mark.parametrize("kind", ["file", "link"])
def test_it_does_not_go_through_a_link_out_of_the_result(here: Path, kind: str) -> None:
    result, _ = api.plan_to_folder(here)
    assert result.summary["scenario"] == "base"
    (here.parent / "theirs").mkdir()
    report = Path("results/tiny/base/report")
    report.write_text("mine") if kind == "file" else report.symlink_to(here.parent / "theirs")
    with pytest.raises(InputError, match=r"report"):
        report_to_folder(here)
    assert not list((here.parent / "theirs").iterdir())


def test_every_scenario_that_is_none_is_named_before_anything_is_planned(here: Path) -> None:
    with pytest.raises(InputError) as refused:
        report_to_folder(here, ["lat", "never"])
    assert len(refused.value.problems) == 2
    assert not Path("results").exists()


def test_where_a_form_fails_nothing_is_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a page nor figures, and those of the report before stay as they were."""
    report_to_folder(here)
    report = Path("results/tiny/base/report")
    before = {file: file.read_bytes() for file in report.rglob("*") if file.is_file()}

    def fails(material: object) -> bytes:
        raise MemoryError

    forms = {"page": report_forms.Form("page.html", fails)}
    monkeypatch.setattr(report_forms, "FORMS", forms)
    monkeypatch.setattr(reporting, "FORMS", forms)
    with pytest.raises(MemoryError):
        report_to_folder(here, ["late"])
    assert {file: file.read_bytes() for file in report.rglob("*") if file.is_file()} == before


def test_a_file_that_cannot_be_written_leaves_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(OSError, match="the report cannot be written"):
        put_all({tmp_path / "a": b"new", tmp_path / "b" / ("x" * 300): b"new"})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b"]


def test_tables_of_an_earlier_report_do_not_stay(here: Path) -> None:
    """With a scenario beside it there is a table of scenarios; without one there is none."""
    report_to_folder(here, ["late"], only=["page"])
    table = Path("results/tiny/base/report/tables/T17b.csv")
    assert table.is_file()
    report_to_folder(here, only=["page"])
    assert not table.exists()


def test_forms_are_those_there_are(here: Path) -> None:
    with pytest.raises(InputError, match=r"pages.*did you mean “page”"):
        report_to_folder(here, only=["pages"])
    assert [file.name for file in report_to_folder(here, only=["page"]).files] == ["page.html", "figures.json"]


def test_returns_have_an_age_and_go_with_a_new_plan_unless_a_file_of_yours_is_beside_them(here: Path) -> None:
    """Five children are evenly in Reception to Year 6: one group turns 11, and another is not yet 5 at the start."""
    with pytest.raises(InputError, match=r"turnd.*did you mean “turned”"):
        report_to_folder(here, only=["returns"], age="turnd")
    with pytest.raises(InputError, match="returns, which are not asked for"):
        report_to_folder(here, only=["page"], age="start")
    assert not Path("results").exists()
    folder = Path("results/tiny/base/report/returns")
    for age, band in (("turned", "Age 11 to 15"), ("start", "Under 5")):
        made = report_to_folder(here, only=["returns"], age=age)
        rows = (folder / "lsrp_5_1.csv").read_text("utf-8-sig").splitlines()
        found = [float(row.split(",")[3]) for row in rows if row.startswith(f"mitigated,2026,{band}")]
        assert found == pytest.approx([5 / 7])
    assert folder / "lsrp_5_1.csv" in made.files
    figures = json.loads((folder.parent / "figures.json").read_text("utf-8"))
    assert "report/returns/lsrp_5_1" in {one["table"] for one in figures}
    (folder / "my-lsrp.csv").write_text("mine")
    with pytest.raises(InputError, match=r"report/returns/my-lsrp\.csv"):
        api.plan_to_folder(here)
    (folder / "my-lsrp.csv").unlink()
    api.plan_to_folder(here)
    assert not folder.exists()


@pytest.mark.parametrize("table", ["area_gaps", "impact"])
def test_a_result_that_has_lost_a_table_is_made_again(here: Path, table: str) -> None:
    report_to_folder(here, only=["page"])
    lost = Path(f"results/tiny/base/{table}.csv")
    lost.unlink()
    assert report_to_folder(here, only=["page"]).planned == ("base",)
    assert lost.is_file()


def test_nothing_is_written_where_a_folder_stands_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").mkdir()
    with pytest.raises(OSError, match="Is a directory") as refused:
        put_all({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert refused.value.filename == str(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "b"]


def test_it_does_not_write_through_a_link_to_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    for name in ("a", ".a.part"):
        (tmp_path / name).symlink_to(mine)
    put_all({tmp_path / "a": b"new"})
    assert mine.read_bytes() == b"mine"
    assert (tmp_path / "a").read_bytes() == b"new"
    assert not (tmp_path / "a").is_symlink()


def test_only_tables_of_an_earlier_report_are_dropped(tmp_path: Path) -> None:
    for name in ("T1.csv", "T99z.csv", "my-notes.csv"):
        (tmp_path / name).write_text("x")
    (tmp_path / "T98.csv").mkdir()
    drop_others(tmp_path, {tmp_path / "T1.csv": b"x"})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["T1.csv", "T98.csv", "my-notes.csv"]
