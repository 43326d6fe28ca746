"""Files of other teams joined to the toy: every pupil and pound is accounted for, and nothing is guessed."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sufficiency import api
from sufficiency.api.joining import JoinMade, join_to_folder
from sufficiency.cli import main
from sufficiency.problems import InputError
from sufficiency.sources.own_files.find import kind_of
from sufficiency.sources.published import recognise
from sufficiency.starter.joining.edited import Edited
from sufficiency.starter.joining.match import plain_name
from sufficiency.starter.joining.write import put_tables

TOY = Path(__file__).parent.parent / "toy"
FINANCE = """High needs commitments 2025/26,,,,
Provider,URN,FTE,Annual cost (£),S251 line
Sands School,100003,20,"£320,000",1.2.2
The Quay Primary Base,,11,"110,000",1.2.2
Hill Academy bas,,8,72000,1.2.2
Far School,199999,2.5,126000,1.2.3
Total,,41.5,"£628,000",
"""
TRANSPORT = """Route,School,Passengers,£ a day,£ a year
R1,Sands School,10,500,
R2,The Link,2,,18000
"""
AGREEMENTS = """URN,Line,Agreed places,From
100003,,40,01/09/2025
100002,HB,11,Sept 2026
"""
FILES = {"a.csv": FINANCE, "b.csv": TRANSPORT, "deeper/c.csv": AGREEMENTS}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """The toy in a folder of its own, and beside it the folder `in` for the files."""
    shutil.copytree(TOY, tmp_path / "toy")
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    return tmp_path / "toy" / "toy.toml"


def put(toy: Path, files: dict[str, str]) -> Path:
    folder = toy.parent.parent / "in"
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def joined(toy: Path, files: dict[str, str]) -> JoinMade:
    return join_to_folder(toy, put(toy, files), toy.parent.parent / "out")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["join", *map(str, words)])


def as_built(toy: Path) -> None:
    """Have the toy as if `new` had written it from published files."""
    folder = toy.parent
    toy.write_text('sources = "sources.csv"\n' + toy.read_text(encoding="utf-8"), encoding="utf-8")
    rows = ["file,used_for,rows,sha256,missing,where"]
    rows += [
        f"{name}.csv,table,1,{hashlib.sha256((folder / f'{name}.csv').read_bytes()).hexdigest()},,"
        for name in ("costs", "places", "settings")
    ]
    (folder / "sources.csv").write_text("\n".join(rows), encoding="utf-8")


def why(made: JoinMade) -> list[str]:
    return made.rows["why"].tolist()


def table(toy: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(toy.parent / name, encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_every_row_is_matched_or_listed_with_its_pupils_and_pounds(toy: Path) -> None:
    made = joined(toy, FILES)
    rows = made.rows
    assert rows["matched_to"].tolist() == ["100003", "100001", "", "", "100003", "100004", "SP", "HB"]
    assert rows["row"].tolist() == [3, 4, 5, 6, 2, 3, 2, 3]
    assert rows["pupils"].sum() == 41.5 + 12
    # £500 a day for the 190 days of the model
    assert rows["pounds"].sum() == 628_000 + 500 * 190 + 18_000
    assert rows["places"].sum() == 51
    saved = pd.read_csv(made.folder / "joined.csv", encoding="utf-8-sig")
    assert saved["pounds"].sum() == rows["pounds"].sum()
    assert made.missing == ()
    for line in ("2 of 4 rows match, 31 of 41.5 pupils, £430,000 of £628,000", "51 of 51 places"):
        assert line in made.screen


def test_names_that_are_alike_are_listed_and_never_matched(toy: Path) -> None:
    rows = joined(toy, {"a.csv": FINANCE}).rows
    alike = rows[rows["row"] == 5].iloc[0]
    assert alike["matched_to"] == ""
    assert alike["why"] == (
        "no setting of the model has this name; like “Hill Academy base” (100002): give the URN if it is the same"
    )
    assert rows[rows["row"] == 6].iloc[0]["why"] == "no setting of the model has this URN"


def test_the_tables_follow_and_lead_to_the_files_own_figures(toy: Path) -> None:
    made = joined(toy, FILES)
    assert sorted(file.name for file in made.tables) == ["costs.new.csv", "places.new.csv", "settings.new.csv"]
    costs = table(toy, "costs.new.csv").set_index("setting")
    assert costs.loc["100003", ["per_child", "per_place", "budget_line"]].tolist() == ["16000", "", "1.2.2"]
    assert costs.loc["100001", "per_child"] == "10000"  # £110,000 for 11 children
    settings = table(toy, "settings.new.csv").set_index("setting")["transport_per_child"]
    assert settings[settings != ""].to_dict() == {"100003": "3518.52", "100004": "2000"}  # 95,000 / 27; 18,000 / 9
    places = table(toy, "places.new.csv")
    added = places.tail(2)[["line", "from_year", "places", "imported"]]
    assert added.to_numpy().tolist() == [["HB", "2026", "11", "0"], ["SP", "2025", "40", "2"]]
    for name in ("costs", "places", "settings"):
        (toy.parent / f"{name}.new.csv").replace(toy.parent / f"{name}.csv")
    again = join_to_folder(toy, toy.parent.parent / "in", made.folder)
    assert again.tables == ()
    apart = again.differences.set_index(["what", "setting"])["difference"]
    assert apart["top-ups and fees", "100001"] == 0  # 11 children at £10,000
    assert apart["top-ups and fees", "100003"] == 320_000 - (27 - 9) * 16_000 - 9 * 16_000
    assert apart["transport", "100003"] == pytest.approx(0, abs=0.2)
    assert apart["transport", "100004"] == 0
    api.read(toy)  # without an error


def test_differences_name_what_only_one_side_has(toy: Path) -> None:
    made = joined(toy, {"a.csv": FINANCE})
    pupils = made.differences[made.differences["what"] == "pupils"].set_index("setting")
    assert pupils.loc["100003", ["file_says", "model_says", "difference"]].tolist() == [20, 27, -7]
    assert pupils.loc["IND", ["file_says", "model_says"]].tolist() == [0, 5]


def test_missing_files_are_named_with_what_is_lost_and_who_holds_them(toy: Path) -> None:
    made = joined(toy, {"b.csv": TRANSPORT})
    assert made.missing == ("finance", "agreements")
    gone = made.rows[made.rows["file"] == ""]
    assert gone["what"].tolist() == ["finance: no such file", "agreements: no such file"]
    assert "finance business partner" in made.screen
    assert "School Organisation" in gone["why"].iloc[1]


HEAD = "URN,Line,Pupils,Cost,S251 line\n"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("100003,,20,1000,1.2.1\n100003,,20,500,1.2.3\n", "compared only: on several budget lines (1.2.1, 1.2.3)"),
        ("100003,,0,1000,1.2.1\n", "compared only: no pupils"),
        ("100003,,20,-5,1.2.1\n", "compared only: below £0"),
        ("100003,,20,200000,1.0.2\n", "place funding"),
        ("100003,QB,20,1000,1.2.1\n", "but it has no line “QB”"),
        ("100003,SP,20,320000,1.2.1\n", "costs: £16,000 a child"),
        (",SP,20,320000,1.2.1\n", "by line; costs: £16,000 a child"),
        (",,20,320000,1.2.1\n", "the row names no setting"),
        ("Sands  School,,20,320000,1.2.1\n", "by name; costs"),
    ],
)
def test_finance_is_not_made_a_rate_where_that_could_be_wrong(toy: Path, rows: str, says: str) -> None:
    made = joined(toy, {"a.csv": HEAD + rows})
    assert says in why(made)[0]
    assert bool(made.tables) == ("costs:" in why(made)[0])


def test_rates_by_need_are_left_and_place_funding_keeps_its_budget_line(toy: Path) -> None:
    costs = toy.parent / "costs.csv"
    own = "special_school,100003,SEMH,,17500,,1.2.1,,,\nresource_base,100001,,,9000,6000,1.2.1,,10000,\n"
    costs.write_text(costs.read_text(encoding="utf-8") + own, encoding="utf-8")
    made = joined(toy, {"a.csv": HEAD + "100003,,20,320000,1.2.1\n100001,,11,110000,1.2.2\n"})
    assert "compared only: the costs table has rates by line, level, need or phase" in why(made)[0]
    row = table(toy, "costs.new.csv").set_index("setting").loc["100001"]
    assert row[["per_child", "per_place", "budget_line", "place_budget_line"]].tolist() == [
        "10000",
        "6000",
        "1.2.2",
        "1.2.1",
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("R1,100003,5,9000\nR1,100004,3,9000\n", "the same cost in several rows"),
        ("R1,100003,28,9000\n", "more pupils are carried than the model has children there (27)"),
        ("R1,100003,5,5400\nR2,100003,4,2700\n", "settings: £300 a child, over all 27 placed there"),
    ],
)
def test_transport_is_not_made_a_rate_where_that_could_be_wrong(toy: Path, rows: str, says: str) -> None:
    assert says in why(joined(toy, {"b.csv": "Route,URN,Pupils,Annual cost\n" + rows}))[0]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("100003,40,2010\n100003,44,2019\n", ["an older number", "places: 44 from September 2020"]),
        ("100003,40,2025\n100003,44,2025\n", ["compared only: several rows", "compared only: several rows"]),
        ("100003,40,2020\n", ["places: 40 from September 2020"]),
        ("IND,5,2025\n", ["places: 5 from September 2025"]),
    ],
)
def test_place_numbers_hold_from_their_september(toy: Path, rows: str, says: list[str]) -> None:
    said = why(joined(toy, {"c.csv": "URN,Places,From\n" + rows}))
    assert all(part in line for part, line in zip(says, said, strict=False))


def test_a_setting_with_several_lines_asks_for_the_line(toy: Path) -> None:
    places = toy.parent / "places.csv"
    places.write_text(places.read_text(encoding="utf-8") + "SP2,100003,SEMH,,2020,4,0,0,,,0\n", encoding="utf-8")
    made = joined(toy, {"c.csv": "URN,Places,From\n100003,40,2025\n"})
    assert why(made)[0] == "the setting matches (100003), but it has several lines (SP, SP2): give the line"
    assert (made.rows["matched_to"].iloc[0], made.tables) == ("", ())


def test_tables_that_nobody_has_touched_are_replaced_and_places_only_when_all_are_known(toy: Path) -> None:
    as_built(toy)
    folder = toy.parent
    first = joined(toy, FILES)
    assert sorted(file.name for file in first.tables) == ["costs.csv", "places.new.csv", "settings.csv"]
    every = "Line,Places,From\nQB,13,2020\nHB,10,2020\nSP,36,2020\nAP,10,2020\n"
    (folder / "places.new.csv").unlink()
    assert [file.name for file in joined(toy, {"deeper/c.csv": every}).tables] == ["places.csv"]
    assert table(toy, "places.csv")["places"].tolist() == ["13", "10", "14", "36", "10", "", ""]


def test_tables_that_nobody_touched_stay_where_the_model_would_have_an_error(toy: Path) -> None:
    as_built(toy)
    case = api.read(toy)
    costs = Edited(case.model, "costs")
    costs.write(2, "budget_line", "1.2.9")
    costs.add({"type": "special_school", "per_child": "1"})  # the special schools have a row already
    files, faults = put_tables(case, {"costs": costs}, {"costs": True})
    assert [file.name for file in files] == ["costs.new.csv"]
    assert [(fault.file, fault.row, fault.severity) for fault in faults] == [("costs.csv as joined", 8, "warning")]
    assert table(toy, "costs.csv")["budget_line"].iloc[0] == "1.2.2"


def test_all_problems_of_all_files_at_once(toy: Path) -> None:
    files = {
        "a.csv": HEAD + "100003,,some,1000,1.2.1\n100001,,3,much,1.2.1\n",
        "b.csv": "Route,URN,Pupils,Annual cost\nR1,100003,5,\n",
        "c.csv": "URN,Places,From\n100003,40,soon\n100003,40,01/04/2026\n",
    }
    done = run(toy, "--from", put(toy, files), "-o", toy.parent.parent / "out")
    assert done.exit_code == 2
    for part in ("“some”", "“much”", "no cost is given", "“soon”", "“01/04/2026”"):
        assert part in done.stderr
    assert not (toy.parent.parent / "out").exists()
    assert not list(toy.parent.glob("*.new.csv"))


def test_files_that_say_who_a_child_is_are_refused_without_a_value(toy: Path) -> None:
    text = "Route,URN,Pupil name,UPN,Pupils,Annual cost\nR1,100003,Zebedee Quill,Z999,1,4000\n"
    done = run(toy, "--from", put(toy, {"b.csv": text}))
    assert done.exit_code == 2
    assert "column Pupil name: the column identifies children" in done.stderr
    assert "column UPN" in done.stderr
    assert "Zebedee" not in done.output + done.stderr


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.csv": FINANCE, "z.csv": FINANCE.replace("20,", "21,")}, "this and z.csv both read as"),
        ({"a.csv": "one,two\n1,2\n"}, "no file in this folder is one that can be joined"),
        ({"a.csv": "URN,Pupils,FTE,Cost\n100003,1,1,5\n"}, "the column is there twice"),
        (
            {"a.csv": "URN,Pupils,Cost,Financial year\n100003,1,5,2025\n100003,1,5,2026\n"},
            "the financial years 2025, 2026: they would be added up",
        ),
        ({"a.csv": "URN,Pupils,Annual cost (£000)\n100003,1,5\n"}, "the heading says £000"),
    ],
)
def test_files_that_cannot_be_joined_are_refused(toy: Path, files: dict[str, str], says: str) -> None:
    with pytest.raises(InputError) as refused:
        joined(toy, files)
    assert says in str(refused.value)


def test_a_file_that_lacks_one_heading_is_named(toy: Path) -> None:
    made = joined(toy, {"b.csv": TRANSPORT, "a.csv": "URN,Pupils,Weekly fee\n100003,5,300\n"})
    assert any("a.csv: not read: its headings lack pounds for" in str(note) for note in made.notes)


def test_one_workbook_with_a_sheet_for_each(toy: Path) -> None:
    with pd.ExcelWriter(toy.parent.parent / "in" / "all.xlsx") as book:
        pd.DataFrame({"URN": [100003], "Pupils": [20], "Cost": [320_000]}).to_excel(book, sheet_name="£", index=False)
        pd.DataFrame({"URN": [100003], "Places": [40], "From": [2025]}).to_excel(book, sheet_name="P", index=False)
    made = joined(toy, {})
    assert made.rows["file"].tolist() == ["all.xlsx#£", "all.xlsx#P", ""]
    assert made.rows["matched_to"].tolist() == ["100003", "SP", ""]


def test_the_document_for_programs_ties(toy: Path) -> None:
    done = run(toy, "--from", put(toy, FILES), "-o", toy.parent.parent / "out", "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["matched"]["pounds"] + document["unmatched"]["pounds"] == 628_000 + 95_000 + 18_000
    assert (document["matched"]["rows"], document["unmatched"]["rows"], document["rows"]) == (6, 2, 8)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The St. Mary's C of E School", "st marys c of e school", True),
        ("Château & Fen", "CHATEAU AND FEN", True),
        ("Hill Academy", "Hill School", False),
    ],
)
def test_names_are_compared_as_plain_words(one: str, other: str, same: bool) -> None:
    assert (plain_name(one) == plain_name(other)) == same


def test_place_numbers_of_a_council_are_not_those_that_dfe_publishes() -> None:
    assert kind_of(["URN", "Places", "From"]) == "agreements"
    assert recognise.kind_of(["urn", "places", "from"], []) == ""
    assert recognise.kind_of(["urn", "2024_to_2025_pre_16_sen_unit_rp_places"], []) == "place_numbers"
