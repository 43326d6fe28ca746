"""A SEN2 return to counts: every child once, and nothing that says who a child is anywhere."""

from __future__ import annotations

import json
import os
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


def test_a_row_longer_than_the_headings_is_refused_without_its_cells(tmp_path: Path) -> None:
    lines = ["SENtype,NCY,LSOA,URN", "ASD,4,E01000001,113842", "ASD,4,E01000001,113842,Quillfeather"]
    (tmp_path / "children.csv").write_text("\n".join(lines))
    done = run(tmp_path / "children.csv", "-o", tmp_path / "counts.csv")
    assert done.exit_code == 2
    assert "children.csv, row 3: the row has more cells than there are headings" in done.stderr
    assert "Quillfeather" not in done.output


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


HEADINGS = "SENtype,NCY,PersonBirthDate,LSOA,URN,EntryDate,LeavingDate,Surname\n"
DAY = ("--date", "2026-01-15")


def one_child(folder: Path, **cells: str) -> Path:
    """A table of one child, whose surname is Quine and who was born on 7 March 2015."""
    child = {
        "SENtype": "ASD",
        "NCY": "6",
        "PersonBirthDate": "2015-03-07",
        "LSOA": "E01000001",
        "URN": "113842",
        "EntryDate": "2022-09-01",
        "LeavingDate": "",
        "Surname": "Quine",
    }
    file = folder / "children.csv"
    file.write_text(HEADINGS + ",".join((child | cells).values()) + "\n", encoding="utf-8")
    return file


def is_refused(done: Result, target: Path, *words: str) -> None:
    assert done.exit_code == 2, done.output
    assert all(word in done.stderr for word in words), done.stderr
    assert "Quine" not in done.output
    assert "2015-03-07" not in done.output
    assert not target.exists()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"NCY": "inf"}, "the year group or date of birth"),
        ({"NCY": "1e400"}, "the year group or date of birth"),
        ({"NCY": "", "PersonBirthDate": "0001-01-01"}, "the year group or date of birth"),
        ({"NCY": "", "PersonBirthDate": "31/12/9999"}, "the year group or date of birth"),
        ({"EntryDate": "1066-10-14"}, "the date of entry"),
        ({"LeavingDate": "Quine"}, "a date of the placement cannot be read"),
        ({"URN": "١١٣٨٤٢"}, "a URN has six digits"),
        ({"LSOA": "E٠١٠٠٠٠٠١"}, "the area is no code of ONS"),
    ],
)
def test_a_cell_that_no_return_holds_is_named_by_its_row(tmp_path: Path, cells: dict[str, str], says: str) -> None:
    target = tmp_path / "counts.csv"
    is_refused(run(one_child(tmp_path, **cells), "-o", target, *DAY), target, "children.csv, row 2", says)


def test_a_child_who_has_left_is_counted_without_the_placement(tmp_path: Path) -> None:
    for ended, urn in (("2025-07-20", ""), ("31/12/9999", "113842")):
        done = run(one_child(tmp_path, LeavingDate=ended), "-o", tmp_path / "counts.csv", *DAY)
        assert done.exit_code == 0, done.stderr
        assert counts_of(tmp_path / "counts.csv")["urn"].tolist() == [urn]
        assert ("1 children have no placement" in done.stderr) == (urn == "")


def test_a_leaving_date_needs_the_day_of_the_count(tmp_path: Path) -> None:
    target = tmp_path / "counts.csv"
    is_refused(run(one_child(tmp_path, LeavingDate="2025-07-20"), "-o", target), target, "--date")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("children.csv", HEADINGS.encode(), "there are no children in this file"),
        ("children.csv", f'{HEADINGS[:-1]},"{"x" * 200_000}"\n'.encode(), "the headings cannot be read"),
        ("children.csv", f"{HEADINGS}ASD,6".encode("utf-32"), "the file is no text"),
        ("children.csv", f"{HEADINGS}ASD,6".encode("utf-16")[:-1], "the file is no text"),
        ("return.xml", b'<?xml version="1.0" encoding="bogus"?><Message/>', "the XML is damaged"),
        ("return.xml", b'<?xml version="1.0" encoding="shift_jis"?><Message/>', "the XML is damaged"),
    ],
)
def test_a_file_that_is_no_return_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    target = tmp_path / "counts.csv"
    is_refused(run(tmp_path / name, "-o", target, *DAY), target, name, says)


def test_line_ends_of_old_macs_are_read(tmp_path: Path) -> None:
    file = one_child(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r"))
    assert run(file, "-o", tmp_path / "counts.csv", *DAY).exit_code == 0
    assert counts_of(tmp_path / "counts.csv")["urn"].tolist() == ["113842"]


@pytest.mark.parametrize("damage", ["content", "method"])
def test_a_damaged_zip_is_refused(tmp_path: Path, damage: str) -> None:
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(one_child(tmp_path), "x.csv")
    content = bytearray(packed.read_bytes())
    if damage == "content":
        content[60] ^= 255
    else:
        content[8] = content[content.rfind(b"PK\x01\x02") + 10] = 99
    packed.write_bytes(content)
    target = tmp_path / "counts.csv"
    is_refused(run(packed, "-o", target, *DAY), target, "export.zip", "the ZIP file is damaged")


def test_a_postcode_with_two_areas_is_refused(tmp_path: Path) -> None:
    lookup, target = tmp_path / "lookup.csv", tmp_path / "counts.csv"
    lookup.write_text("pcds,lsoa21cd\nAB1 2CD,E01000001\nab12cd,E01000002\nAB1 2CE,E01000001\n", encoding="utf-8")
    done = run(one_child(tmp_path), "-o", target, "--postcodes", lookup, *DAY)
    is_refused(done, target, "lookup.csv, row 3", "the postcode has another area above")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_neither_read_nor_written(tmp_path: Path) -> None:
    pipe, source, target = tmp_path / "pipe.csv", one_child(tmp_path), tmp_path / "counts.csv"
    os.mkfifo(pipe)
    for words in ((source, "-o", pipe), (pipe, "-o", target), (source, "-o", target, "--postcodes", pipe)):
        done = run(*words, *DAY)
        is_refused(done, target, "pipe.csv", "this is not an ordinary file")
