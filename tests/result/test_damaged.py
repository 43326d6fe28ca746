"""A result whose files were edited or damaged: refused, every file by name, by whatever reads it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sufficiency import api
from sufficiency.cli import main
from sufficiency.problems import InputError
from sufficiency.result.folder import load

from ..solved import TOY, toy_result


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_result().save(tmp_path_factory.mktemp("saved") / "base")


@pytest.fixture
def there(saved: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the toy's result, where commands look for it."""
    folder = tmp_path / "results" / "toy" / "base"
    shutil.copytree(saved, folder)
    here = Path.cwd()
    os.chdir(tmp_path)
    yield folder
    os.chdir(here)


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    file = folder / "summary.json"
    summary = json.loads(file.read_text(encoding="utf-8"))
    change(summary)
    file.write_text(json.dumps(summary), encoding="utf-8")


SUMMARIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a key is gone": (lambda one: one.pop("labels"), "labels: it is missing"),
    "a key within is gone": (lambda one: one["rules"][0]["years"][0].pop("value"), "rules.0.years.0.value: it is miss"),
    "text for a number": (lambda one: one.update(objective="much"), "objective: .*number .it is “much”."),
    "a number for a list": (lambda one: one.update(places_most_worth=5), "places_most_worth: .*list"),
    "no number": (
        lambda one: one["places_most_worth"][0].update(net=float("nan")),
        "places_most_worth.0.net: .*finite",
    ),
    "a status there is not": (lambda one: one.update(status="fine"), "status: .*“fine”"),
    "years the wrong way": (lambda one: one.update(years=[2028, 2026]), "years: they do not follow base_year"),
    "a year that is none": (lambda one: one.update(years=[2026, 10**9]), "years.1: .*less than or equal to 2200"),
    "a list of a list": (lambda one: one.update(warnings=[["x"]]), "warnings.0: .*string"),
    "half a programme": (lambda one: one["programme"].pop("appraisal"), "programme: appraisal is missing"),
    "no options told": (lambda one: one["programme"].update(opened={}), "programme.opened: .*list"),
    "no seals": (lambda one: one.pop("tables"), "tables: it is missing"),
    "seals": (lambda one: one.update(tables=3), "tables: it is no list of tables"),
}


@pytest.mark.parametrize("name", list(SUMMARIES))
def test_a_summary_that_was_edited_is_refused_with_the_key(there: Path, name: str) -> None:
    change, told = SUMMARIES[name]
    edit(there, change)
    with pytest.raises(InputError, match=rf"summary\.json: this file is not as it was saved: {told}"):
        load(there, whole=True)


def cut(file: Path) -> None:
    """Leave the first half of a file, and one cell of the row after it."""
    half, rest = file.read_bytes()[: file.stat().st_size // 2].rsplit(b"\n", 1)[0], b"academic"
    file.write_bytes(half + b"\n" + rest)


def without_last_row(file: Path) -> None:
    file.write_bytes(b"\r\n".join(file.read_bytes().split(b"\r\n")[:-2]) + b"\r\n")


def swap(old: str, new: str) -> Callable[[Path], None]:
    def put(file: Path) -> None:
        text = file.read_bytes().decode()
        assert old in text
        file.write_bytes(text.replace(old, new, 1).encode())

    return put


def in_first_row(column: str, value: str) -> Callable[[Path], None]:
    def put(file: Path) -> None:
        head, row, rest = file.read_bytes().decode("utf-8-sig").split("\r\n", 2)
        cells = dict(zip(head.split(","), row.split(","), strict=True)) | {column: value}
        file.write_bytes(f"\ufeff{head}\r\n{','.join(cells.values())}\r\n{rest}".encode())

    return put


TABLES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "cut within a row": ("measures", cut, "column year: this is no year"),
    "cut between rows": ("gaps", without_last_row, "was changed after the result was saved"),
    "empty": ("spend", lambda file: file.write_bytes(b""), "this is not the table spend"),
    "a column is gone": ("occupancy", swap("children", "pupils"), "this is not the table occupancy"),
    "text in a number": (
        "occupancy",
        in_first_row("children", "many"),
        "row 2, column children, value “many”: this is no n",
    ),
    "NaN": ("impact", in_first_row("children", "NaN"), "row 2, column children, value “NaN”: this is no number"),
    "no year": ("spend", in_first_row("year", "20x6"), "row 2, column year, value “20x6”: this is no year"),
    "another number": ("placements", in_first_row("children", "7"), "was changed after the result was saved"),
    "no text": ("awaiting", lambda file: file.write_bytes(b"\xff\xfe\x00"), "this is not the table awaiting"),
    "gone": ("range", lambda file: file.unlink(missing_ok=True), ""),
    "gone that must be there": ("deficit", Path.unlink, "this table of the result is missing"),
}


@pytest.mark.parametrize("name", list(TABLES))
def test_a_table_that_was_edited_or_cut_is_refused_by_name(there: Path, name: str) -> None:
    table, damage, told = TABLES[name]
    damage(there / f"{table}.csv")
    if not told:
        load(there, whole=True)
        return
    with pytest.raises(InputError, match=rf"{table}\.csv.*{told}"):
        load(there, whole=True)


def test_a_table_that_the_result_was_saved_without_is_refused(there: Path) -> None:
    """It stayed behind from another plan, or somebody put it there."""
    edit(there, lambda one: one["tables"].pop("deficit"))
    with pytest.raises(InputError, match=r"deficit\.csv: this table was added after the result was saved"):
        load(there, whole=True)


def test_a_map_file_that_is_none_or_lacks_a_column_is_refused(there: Path) -> None:
    file = there / "plan.gpkg"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("alter table areas drop column demand_2027")
        opened.commit()
    with pytest.raises(InputError, match=r"plan\.gpkg: .*the layer areas has no column demand_2027"):
        load(there)
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"plan\.gpkg: this is not the map"):
        load(there)


def test_every_fault_is_told_at_once(there: Path) -> None:
    edit(there, lambda one: one.update(gap="x", bound="y"))
    without_last_row(there / "gaps.csv")
    in_first_row("children", "many")(there / "occupancy.csv")
    (there / "plan.gpkg").write_bytes(b"")
    with pytest.raises(InputError) as refused:
        load(there)
    assert len(refused.value.problems) == 5


@pytest.mark.parametrize("command", [["report", "--only", "page"], ["map"]])
def test_commands_end_with_the_reason_and_no_traceback(there: Path, command: list[str]) -> None:
    edit(there, lambda one: one.update(labels="none"))
    in_first_row("children", "many")(there / "occupancy.csv")
    done = CliRunner().invoke(main, [command[0], str(TOY), *command[1:], "--quiet"])
    assert done.exit_code == 2, done.output
    assert "labels: input should be a valid dictionary" in done.output.replace("\n", " ")
    assert "Traceback" not in done.output
    assert not (there / "report").exists()


def test_a_comparison_plans_a_damaged_result_again(there: Path) -> None:
    without_last_row(there / "gaps.csv")
    comparison, _ = api.compare_to_folder(TOY, ["base"])
    assert comparison.reused == ()
