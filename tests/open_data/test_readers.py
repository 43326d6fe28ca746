"""Published files are known by what is in them, and read whatever their names, order, encodings and marks."""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency.problems import InputError
from sufficiency.sources.published import people, plans, schools, small_areas
from sufficiency.sources.published.districts import districts_of
from sufficiency.sources.published.folder import Download, find_downloads
from sufficiency.sources.published.marks import ages, numbers, plain, strange
from sufficiency.sources.published.money import read_place_numbers, read_spending
from sufficiency.starter.open_data.gather import gather
from tests.open_data.made import COUNTY, DEMAND, Downloads, write_downloads

GROUP_OF = {"resource_base": "base", "alternative_provision": "ap"}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Downloads:
    return write_downloads(tmp_path_factory.mktemp("downloads"))


@pytest.fixture
def copy(made: Downloads, tmp_path: Path) -> Downloads:
    """Downloads that a test may spoil."""
    folder = tmp_path / "downloads"
    shutil.copytree(made.folder, folder)
    files = {kind: folder / file.relative_to(made.folder) for kind, file in made.files.items()}
    return Downloads(folder, made.children, files)


def files_in(downloads: Downloads) -> dict[str, Download]:
    return find_downloads(downloads.folder).found


def said(raised: pytest.ExceptionInfo[InputError]) -> str:
    return "\n".join(str(problem) for problem in raised.value.problems)


def test_files_are_found_by_content_in_folders_inside(made: Downloads) -> None:
    there = files_in(made)
    assert {kind: one.path for kind, one in there.items()} == made.files
    assert there["population"].part == "Mid-2024 LSOA 2021"
    assert there["needs"].called == "a/two.csv"


def test_plans_by_type_are_those_of_the_published_columns(made: Downloads) -> None:
    read = plans.read_plans(files_in(made)["caseload"], files_in(made)["needs"], "926")
    assert read.authority == plans.Authority(*COUNTY)
    assert read.year == 2024
    expected = {GROUP_OF.get(kind, kind): count for kind, count in made.by_type().items()}
    assert read.by_type.to_dict() == expected
    assert read.by_age.sum().to_dict() == expected
    assert read.need_by_type.sum().to_dict() == expected
    assert read.total_by_age.sum() == len(made.children)
    assert read.need_by_age.to_numpy().sum() == len(made.children)
    assert read.totals.to_dict() == {2022: 490, 2023: 595, 2024: 700}
    assert sorted(read.history["year"].unique()) == [2023, 2024]
    assert read.notes == ()


def test_an_ons_code_names_the_authority_too(made: Downloads) -> None:
    by_ons = plans.read_plans(files_in(made)["caseload"], files_in(made)["needs"], "e10000020")
    assert by_ons.authority.code == "926"


def test_columns_split_in_2026_come_to_the_same(copy: Downloads) -> None:
    before = plans.read_plans(files_in(copy)["caseload"], files_in(copy)["needs"], "926")
    table = pd.read_csv(copy.files["caseload"], dtype=str, encoding="utf-8-sig")
    whole = table["special_academy_free"].astype(int)
    table = table.drop(columns="special_academy_free").assign(
        special_academy=whole - whole // 3, special_free_school=whole // 3
    )
    table.to_csv(copy.files["caseload"], index=False)
    after = plans.read_plans(files_in(copy)["caseload"], files_in(copy)["needs"], "926")
    pd.testing.assert_series_equal(after.by_type, before.by_type)


def test_new_plans_are_those_of_the_next_count_a_year_older(made: Downloads) -> None:
    begun = plans.read_new_plans(files_in(made)["new_plans"], "926", [])
    own = [one for one in made.children[::5] if one[1] == 16]
    row = begun.by_age[(begun.by_age["year"] == 2024) & (begun.by_age["age"] == 17)]
    assert row["plans"].item() == len(own)
    assert begun.totals.to_dict() == {2023: len(made.children[::6]), 2024: len(made.children[::5])}
    needs = plans.read_new_needs(files_in(made)["new_needs"], "926", [])
    assert needs["plans"].sum() == len(made.children[::5])
    assert set(needs["need"]) <= {"UNK", *(name.upper() for name in ("asd", "hi", "mld", "msi", "oth", "pd"))} | {
        "PMLD", "SEMH", "SLCN", "SLD", "SPLD", "VI",
    }  # fmt: skip


def test_another_authoritys_files_say_whose_they_are(made: Downloads) -> None:
    with pytest.raises(InputError) as raised:
        plans.read_plans(files_in(made)["caseload"], files_in(made)["needs"], "839")
    assert "926 Norfolk" in said(raised)
    assert "873 Cambridgeshire" in said(raised)
    with pytest.raises(InputError, match=r"did you mean 926 \(Norfolk\)"):
        plans.read_plans(files_in(made)["caseload"], files_in(made)["needs"], "Norfok")


def test_a_file_of_another_year_is_named(copy: Downloads) -> None:
    table = pd.read_csv(copy.files["needs"], dtype=str, encoding="utf-8-sig")
    table.assign(time_period="202324").to_csv(copy.files["needs"], index=False)
    with pytest.raises(InputError, match=r"no rows of Norfolk.*202425.*202324.*one release"):
        plans.read_plans(files_in(copy)["caseload"], files_in(copy)["needs"], "926")


def test_last_years_columns_are_named(copy: Downloads) -> None:
    table = pd.read_csv(copy.files["caseload"], dtype=str, encoding="utf-8-sig")
    table.drop(columns=["special_academy_free", "other_arrangements_la"]).to_csv(copy.files["caseload"], index=False)
    with pytest.raises(InputError) as raised:
        plans.read_plans(files_in(copy)["caseload"], files_in(copy)["needs"], "926")
    assert "other_arrangements_la" in said(raised)
    assert "special_academy_free or special_academy and special_free_school" in said(raised)
    assert "special_la_maintained" not in said(raised)


def test_schools_are_read_with_their_traps(made: Downloads) -> None:
    read = schools.read_schools(files_in(made)["schools"], "926", "E10000020", 2024)
    rows = read.settings.set_index("name")
    assert rows.loc["Château School", "needs"] == "ASD SLD"  # SEN1 is "Not Applicable"
    assert np.isnan(rows.loc["Fen Edge School", "capacity"])
    assert "Old Hall School" not in rows.index
    assert "Over the border" not in rows.index
    assert "Nothing Special Primary" not in rows.index
    assert rows.loc["Market Primary", ["type", "part", "capacity", "roll"]].tolist() == [
        "resource_base", "resourced provision", 12.0, 9.0,
    ]  # fmt: skip
    assert rows.loc["Cathedral High School", "part"] == "SEN unit"
    assert rows.loc["Broad Free School", "type"] == "special_free_school"
    assert rows.loc["Marsh House", "section_41"]
    assert rows.loc["Château School", "academy"]
    assert not rows.loc["Fen Edge School", "academy"]
    assert len(read.districts) == 2
    text = "\n".join(map(str, read.notes))
    assert "more pupils than capacity" in text
    assert "Broad Free School" in text
    assert "1 closed" in text


def test_small_areas_are_those_of_the_countys_districts(made: Downloads) -> None:
    wanted = districts_of("E10000020", "Norfolk")
    assert set(wanted) >= {"E07000143", "E07000148"}
    rows = small_areas.read_lookup(files_in(made)["lookup"], wanted, "E10000020").rows
    assert len(rows) == 12
    assert set(rows["district_name"]) == {"Breckland", "Norwich"}
    shapes = small_areas.read_boundaries(files_in(made)["boundaries"], sorted(rows.index))
    assert list(shapes["area"]) == sorted(rows.index)
    assert shapes.crs.to_epsg() == 27700
    decile = small_areas.read_deprivation(files_in(made)["deprivation"], sorted(rows.index), [])
    assert decile.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2]


def test_population_is_read_from_the_newest_sheet(made: Downloads) -> None:
    areas = ["E0100" + "0003", "E0101" + "0000"]
    read = people.read_population(files_in(made)["population"], areas, [])
    sheet = pd.read_excel(made.files["population"], sheet_name="Mid-2024 LSOA 2021", header=3).set_index(
        "LSOA 2021 Code"
    )
    for age in (0, 7, 25):
        assert read[age].tolist() == (sheet.loc[areas, f"F{age}"] + sheet.loc[areas, f"M{age}"]).tolist()
    assert people.population_year(files_in(made)["population"]) == 2024
    with pytest.raises(InputError, match="1 of 2 small areas"):
        people.read_population(files_in(made)["population"], [areas[0], "E01999999"], [])


def test_a_second_run_reads_the_cache_and_not_the_file(made: Downloads, own_cache: Path) -> None:
    areas = ["E01000003"]
    first = people.read_population(files_in(made)["population"], areas, [])
    download = files_in(made)["population"]
    gone = Download(download.kind, made.folder / "gone", download.called, download.part, download.sha256)
    pd.testing.assert_frame_equal(people.read_population(gone, areas, []), first)
    assert list(own_cache.glob("population-*.parquet"))
    for entry in own_cache.glob("*.parquet"):
        entry.write_bytes(b"cut short")
    pd.testing.assert_frame_equal(people.read_population(download, areas, []), first)


def test_two_versions_of_a_file_are_named_and_copies_are_one(copy: Downloads) -> None:
    shutil.copy(copy.files["needs"], copy.folder / "copy.csv")
    there = find_downloads(copy.folder)
    assert any("the same file as" in str(note) for note in there.notes)
    table = pd.read_csv(copy.files["caseload"], dtype=str, encoding="utf-8-sig")
    table.iloc[1:].to_csv(copy.folder / "older.csv", index=False)
    with pytest.raises(InputError) as raised:
        find_downloads(copy.folder)
    assert "older.csv" in said(raised)
    assert "one.txt" in said(raised)
    assert "move the other elsewhere" in said(raised)


def test_of_two_lookups_the_one_with_wards_is_used(copy: Downloads) -> None:
    table = pd.read_csv(copy.files["lookup"], dtype=str, encoding="utf-8-sig")
    table[["LSOA21CD", "LAD24CD", "LAD24NM"]].to_csv(copy.folder / "aaa.csv", index=False)
    there = find_downloads(copy.folder)
    assert there.found["lookup"].path == copy.files["lookup"]
    assert any("aaa.csv: not used: six.csv has wards too" in str(note) for note in there.notes)


def test_a_needed_file_that_is_missing_says_where_it_is(copy: Downloads) -> None:
    copy.files["boundaries"].unlink()
    with pytest.raises(InputError, match="geoportal"):
        find_downloads(copy.folder)


def test_a_zip_is_named_and_not_opened(copy: Downloads) -> None:
    with zipfile.ZipFile(copy.folder / "all.zip", "w") as archive:
        archive.write(copy.files["needs"], "../../needs.csv")
    copy.files["needs"].unlink()
    with pytest.raises(InputError) as raised:
        find_downloads(copy.folder)
    assert "all.zip: this is a zip" in said(raised)
    assert "or is it in all.zip?" in said(raised)


def test_files_that_cannot_be_used_are_said(copy: Downloads) -> None:
    (copy.folder / "locked.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    (copy.folder / "empty.csv").write_bytes(b"")
    (copy.folder / "page.csv").write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    (copy.folder / "holiday.csv").write_text("place,day\nCromer,Monday\n")
    notes = "\n".join(map(str, find_downloads(copy.folder).notes))
    assert "locked.xlsx: this workbook has a password" in notes
    assert "empty.csv: the file is empty" in notes
    assert "page.csv: this is a web page" in notes
    assert "holiday" not in notes


@pytest.mark.parametrize("kind", ["caseload", "needs", "schools", "lookup"])
def test_a_download_cut_short_in_a_row_is_said(copy: Downloads, kind: str) -> None:
    whole = copy.files[kind].read_bytes()
    last = whole.rstrip(b"\r\n").rfind(b"\n")
    copy.files[kind].write_bytes(whole[: last + 1 + (len(whole) - last) // 2])
    there = files_in(copy)
    reads = {
        "caseload": lambda: plans.read_plans(there["caseload"], there["needs"], "926"),
        "needs": lambda: plans.read_plans(there["caseload"], there["needs"], "926"),
        "schools": lambda: schools.read_schools(there["schools"], "926", "E10000020", 2024),
        "lookup": lambda: small_areas.read_lookup(there["lookup"], districts_of("E10000020", ""), "E10000020"),
    }
    with pytest.raises(InputError, match="cut short"):
        reads[kind]()


@pytest.mark.parametrize("kind", ["population", "boundaries"])
def test_a_workbook_or_map_cut_short_is_said(copy: Downloads, kind: str) -> None:
    whole = copy.files[kind].read_bytes()
    copy.files[kind].write_bytes(whole[: len(whole) // 2])
    try:
        there = find_downloads(copy.folder)
    except InputError as error:
        text = str(error)
    else:
        text = "\n".join(map(str, there.notes))
        if kind in there.found:
            with pytest.raises(InputError) as raised:
                small_areas.read_boundaries(there.found["boundaries"], ["E01000000"])
            text = said(raised)
    assert "cut short" in text


def test_marks_are_no_numbers_and_nonsense_is_found() -> None:
    cells = pd.Series(["1,250", "x", "z", "c", ":", "7", "", "about ten"])
    assert numbers(cells).fillna(-1).tolist() == [1250, -1, -1, -1, -1, 7, -1, -1]
    assert strange(cells).tolist() == ["about ten"]
    labels = ["under 3", "age 3", "Aged 7", "2 and under", "age 20 and over", "White", "Less than a year"]
    assert ages(labels) == [2, 3, 7, 2, 20, None, None]


def test_requests_are_those_of_the_authority_in_all(made: Downloads) -> None:
    read = plans.read_requests(files_in(made)["requests"], "926", [])
    assert read.index.tolist() == [2022, 2023, 2024]
    assert read["requests"].tolist() == [150, 1180, 210]
    assert read["refusals"].tolist() == [40, 45, 50]
    assert read["undecided"].fillna(-1).tolist() == [-1, 20, -1]


COUNTS = {
    "caseload": "mainstream_academy",
    "needs": "number_asd",
    "new_plans": "new_ehc_plans",
    "new_needs": "number_asd",
    "requests": "requests_received_in_year",
    "schools": "SchoolCapacity",
    "deprivation": "decile",
    "spending": "net_planned_expenditure",
    "place_numbers": "places",
}


@pytest.mark.parametrize("kind", COUNTS)
def test_words_where_a_count_should_be_are_reported(copy: Downloads, kind: str) -> None:
    encoding = "cp1252" if kind == "schools" else "utf-8-sig"
    table = pd.read_csv(copy.files[kind], dtype=str, keep_default_na=False, encoding=encoding)
    column = next(name for name in table.columns if COUNTS[kind].casefold() in name.casefold())
    table[column] = "lots"
    table.to_csv(copy.files[kind], index=False, encoding=encoding)
    notes = gather(copy.folder, "926").notes
    said = [note for note in notes if note.file == files_in(copy)[kind].called and note.value == "lots"]
    assert said
    assert all(note.row and note.column for note in said)
    assert any(note.column == plain(column) for note in said)


def test_spending_is_matched_by_the_whole_line(tmp_path: Path) -> None:
    file = tmp_path / "s251.csv"
    pd.DataFrame(
        {
            "time_period": ["202526"] * 4,
            "old_la_code": ["926", "926", "926", "873"],
            "main_category_planned_expenditure": "High needs",
            "category_of_planned_expenditure": [
                "1.2.1 Top-up funding – maintained schools",
                "1.2.10 PFI and BSF costs",
                "1.2.3 Top-up and other funding",
                "1.2.1 Top-up funding – maintained schools",
            ],
            "net_planned_expenditure": ["1,000", "20", "c", "5"],
        }
    ).to_csv(file, index=False)
    read = read_spending(Download("spending", file, "s251.csv", "", ""), "926", [])
    assert read.to_dict("records") == [
        {"financial_year": 2025, "budget_line": "1.2.1", "pounds": 1000.0},
        {"financial_year": 2025, "budget_line": "1.2.10", "pounds": 20.0},
    ]


def test_places_funded_by_school_add_both_rates_of_the_last_year(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    head = "{} mainstream academies and free schools - pre-16 SEN Unit/RP Places (@£{}k)"
    rows = {"URN": ["140005", "140006"]}
    rows |= {head.format(years, rate): ["4", "x"] for years in ("2023 to 2024", "2024 to 2025") for rate in (6, 10)}
    rows[head.format("2024 to 2025", 6)] = ["8", "16"]
    pd.DataFrame(rows).to_csv(file, index=False, encoding="utf-8")
    read = read_place_numbers(Download("place_numbers", file, "places.csv", "", ""), []).set_index("urn")
    assert read["places"].to_dict() == {"140005": 12.0, "140006": 16.0}
    assert set(read["part"]) == {"base"}


def test_every_column_of_demand_is_counted_once() -> None:
    columns = [column for listed in DEMAND.values() for column in listed]
    assert len(columns) == len(set(columns))
    assert "mainstream_independent" not in columns


@pytest.mark.parametrize("seed", range(12))
def test_spoilt_bytes_never_end_in_a_traceback(copy: Downloads, seed: int) -> None:
    """Bytes overwritten at random: the file is read, or what is wrong with it is said."""
    rng = np.random.default_rng(seed)
    for kind in ("population", "boundaries", "caseload", "schools"):
        data = bytearray(copy.files[kind].read_bytes())
        for place in rng.integers(0, len(data), 40):
            data[place] = int(rng.integers(0, 256))
        copy.files[kind].write_bytes(bytes(data))
    areas = ["E01000003"]
    try:
        there = find_downloads(copy.folder).found
    except InputError:
        return
    reads = [lambda: small_areas.read_boundaries(there["boundaries"], areas)]
    reads += [lambda: people.read_population(there["population"], areas, [])] if "population" in there else []
    reads += [lambda: plans.read_plans(there["caseload"], there["needs"], "926")]
    reads += [lambda: schools.read_schools(there["schools"], "926", "", 2024)] if "schools" in there else []
    for read in reads:
        with contextlib.suppress(InputError):
            read()
