"""A SEN2 return to counts: every child once, and nothing that says who a child is anywhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sufficiency.cli import main
from sufficiency.sources.sen2_return import COUNT_COLUMNS
from tests.sources.made_return import MadeReturn, made_return


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["deidentify", *[str(word) for word in words]])


@pytest.fixture
def made() -> MadeReturn:
    return made_return()


def counts_of(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def true_counts(made: MadeReturn) -> dict[tuple[str, ...], int]:
    keys = made.children[["need", "year_group", "area", "urn", "sen_unit", "entry_year"]].astype(str)
    return keys.value_counts().to_dict()


def found_counts(file: Path) -> dict[tuple[str, ...], int]:
    counts = counts_of(file)
    assert tuple(counts.columns) == COUNT_COLUMNS
    keys = counts[["need", "year_group", "area", "urn", "sen_unit", "entry_year"]]
    return dict(zip(keys.itertuples(index=False, name=None), counts["children"].astype(int), strict=True))


@pytest.mark.parametrize("form", ["folder", "zip", "xml", "table"])
def test_every_form_gives_the_children_that_are_there(made: MadeReturn, tmp_path: Path, form: str) -> None:
    if form == "xml":
        source = made.write_xml(tmp_path / "return.xml")
    elif form == "table":
        source = made.write_table(tmp_path / "children.csv")
    else:
        source = made.write_csv(tmp_path / "export")
    if form == "zip":
        packed = tmp_path / "export.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for file in source.iterdir():
                archive.write(file, f"inside/{file.name}")
        source = packed
    lookup = made.write_postcodes(tmp_path / "lookup.csv")
    day = ("--date", "2026-01-15") if form == "table" else ()
    done = run(source, "--postcodes", lookup, "-o", tmp_path / "counts.csv", *day)
    assert done.exit_code == 0, done.stderr
    assert found_counts(tmp_path / "counts.csv") == true_counts(made)
    assert "60 children with an EHC plan on 15 January 2026" in done.stdout


def test_nothing_personal_in_any_file_or_message_of_5000_children(tmp_path: Path) -> None:
    made = made_return(5_000)
    source = made.write_csv(tmp_path / "export")
    lookup = made.write_postcodes(tmp_path / "lookup.csv")
    inputs = {lookup, *source.iterdir()}
    needs = pd.read_csv(source / "Blade-Export_15-01-2026_senneed.csv", dtype=str)
    good = run(source, "--postcodes", lookup, "-o", tmp_path / "counts.csv", "--json")
    needs.loc[5_005:5_040, "sentype"] = made.modules["person"]["surname"].to_numpy()[
        :36
    ]  # columns moved: names where needs are
    needs.to_csv(source / "Blade-Export_15-01-2026_senneed.csv", index=False)
    bad = run(source, "--postcodes", lookup, "-o", tmp_path / "never.csv")
    assert (good.exit_code, bad.exit_code) == (0, 2)
    assert json.loads(good.stdout)["children"] == 5_000
    written = [file.read_text("utf-8-sig") for file in tmp_path.rglob("*") if file.is_file() and file not in inputs]
    assert len(written) == 1
    everything = "".join([*written, good.output, bad.output]).casefold()
    for value in made.personal:
        assert value.casefold() not in everything
        assert value.casefold().replace(" ", "") not in everything
    assert "senneed.csv, row" in bad.stderr


def test_the_year_group_turns_on_the_first_of_september(tmp_path: Path) -> None:
    """Aged 4 on 31 August 2025: Reception. A birthday one day later makes it the year below."""
    lines = ["SENtype,PersonBirthDate,LSOA,URN,EntryDate", "ASD,31/08/2021,E01000001,113842,01/09/2025"]
    lines += ["ASD,01/09/2021,E01000001,113842,31/08/2025", "ASD,2010-09-01,E01000001,113842,"]
    (tmp_path / "children.csv").write_text("\n".join(lines))
    assert run(tmp_path / "children.csv", "--date", "15/01/2026", "-o", tmp_path / "counts.csv").exit_code == 0
    counts = counts_of(tmp_path / "counts.csv")
    assert sorted(zip(counts["year_group"].astype(int), counts["entry_year"], strict=True)) == [
        (-1, "2024"),
        (0, "2025"),
        (10, ""),
    ]


def test_placements_that_are_over_or_to_come_do_not_count(made: MadeReturn, tmp_path: Path) -> None:
    details = made.modules["placementdetail"]
    details.loc[details.index[0], "entrydate"] = "2026-Sep-02 00:00:00"  # its earlier placement has ended too
    done = run(made.write_csv(tmp_path / "export"), "-o", tmp_path / "counts.csv")
    assert done.exit_code == 0
    assert counts_of(tmp_path / "counts.csv").query("urn == ''")["children"].astype(int).sum() == 1
    assert "1 children have no placement that is open" in done.stderr
    assert "60 homes are not known without a lookup of postcodes" in done.stderr


def test_a_child_with_two_plans_counts_once(made: MadeReturn, tmp_path: Path) -> None:
    modules = made.modules
    modules["activeplans"].loc[60] = ["A60", "R60"]
    modules["requests"].loc[60] = ["R60", "P0"]
    done = run(made.write_csv(tmp_path / "export"), "-o", tmp_path / "counts.csv")
    assert "60 children with an EHC plan" in done.stdout
    assert "1 plans are a second one of the same child" in done.stderr


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("no reference date", "give the day of the count with --date"),
        ("no needs", "the need records of the return are missing"),
        ("two exports", "this is the file of person records"),
        ("an entry date", "a date of the placement cannot be read"),
        ("a urn", "placementdetail.csv, row 2: the placement cannot be read → a URN has six digits"),
        ("no birthday", "person.csv, row 2: the year group or date of birth is missing"),
        ("a lost person", "the plan belongs to no person of the return"),
    ],
)
def test_faults_are_named_without_what_stands_there(made: MadeReturn, tmp_path: Path, fault: str, message: str) -> None:
    modules = made.modules
    if fault == "no reference date":
        del modules["sen2"]
    elif fault == "no needs":
        del modules["senneed"]
    elif fault == "two exports":
        modules["person2"] = modules["person"]
    elif fault == "an entry date":
        modules["placementdetail"].loc[0, "entrydate"] = "Quillfeather"
    elif fault == "a urn":
        modules["placementdetail"].loc[0, "urn"] = "Quillfeather"
    elif fault == "no birthday":
        modules["person"].loc[0, "personbirthdate"] = ""
    else:
        modules["requests"].loc[0, "persontableid"] = "Quillfeather"
    done = run(made.write_csv(tmp_path / "export"), "-o", tmp_path / "counts.csv")
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Quillfeather" not in done.output
    assert not (tmp_path / "counts.csv").exists()


def test_entities_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "return.xml"
    file.write_text('<!DOCTYPE m [<!ENTITY a "b">]><Message><Persons><Person>&a;</Person></Persons></Message>')
    done = run(file, "-o", tmp_path / "counts.csv")
    assert done.exit_code == 2
    assert "defines entities" in done.stderr


def test_damaged_and_other_files(tmp_path: Path) -> None:
    (tmp_path / "cut.xml").write_text("<Message><Persons><Person>")
    (tmp_path / "zip.zip").write_bytes(b"PK\x03\x04 no")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "folder").mkdir()
    for name in ("cut.xml", "zip.zip", "other.csv", "empty.csv", "book.xlsx", "folder"):
        done = run(tmp_path / name, "-o", tmp_path / "counts.csv")
        assert (name, done.exit_code) == (name, 2)
        assert name in done.stderr


def test_files_that_are_not_there_are_named_together(tmp_path: Path) -> None:
    done = run(tmp_path / "none.xml", "--postcodes", tmp_path / "no.csv", "-o", tmp_path / "counts.csv")
    assert done.exit_code == 2
    assert "none.xml: there is no such file" in done.stderr
    assert "no.csv: there is no such file" in done.stderr


def test_an_existing_file_is_replaced_only_where_it_holds_counts(made: MadeReturn, tmp_path: Path) -> None:
    source = made.write_csv(tmp_path / "export")
    target = tmp_path / "counts.csv"
    target.write_text("a letter")
    assert run(source, "-o", target).exit_code == 2
    assert target.read_text() == "a letter"
    target.unlink()
    assert run(source, "-o", target).exit_code == 0
    first = target.read_bytes()
    assert run(source, "-o", target).exit_code == 0
    assert target.read_bytes() == first
