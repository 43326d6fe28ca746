"""Scenarios: keys set, rows edited, added and removed, and what follows from them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from sufficiency.api import inspect
from sufficiency.api.reading import read_cases
from sufficiency.model import Model
from sufficiency.model_file import parse_model, read_model
from sufficiency.problems import InputError
from sufficiency.progress import silent
from sufficiency.scenarios import check_scenarios, edited_tables, faults_of, scenario_model
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.read import read_tables
from tests.tables.faults import TOY

if TYPE_CHECKING:
    from sufficiency.tables import Tables

BASE = read_model(TOY / "toy.toml")
TABLES: Tables = read_tables(BASE)[0]


def under(scenarios: dict[str, Any] | None = None, /, **scenario: Any) -> tuple[Model, Tables]:
    model = parse_model({**BASE.raw, "scenarios": scenarios or {"what-if": scenario}}, BASE.path)
    name = next(iter(reversed(model.scenarios)))
    model = scenario_model(model, name)
    return model, edited_tables(model, TABLES, name)


def message(**scenario: Any) -> str:
    with pytest.raises(InputError) as caught:
        under(**scenario)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_base_is_the_model_itself() -> None:
    assert scenario_model(BASE, "base") is BASE
    assert edited_tables(BASE, TABLES, "base") is TABLES


def test_the_toy_scenarios_can_be_made() -> None:
    assert check_scenarios(BASE, TABLES) == []


def test_builds_on_comes_first() -> None:
    model = scenario_model(BASE, "late-and-more")
    tables = edited_tables(model, TABLES, "late-and-more")
    assert model.finance.capital_budget == 100_000
    assert tables.places.loc[tables.places["line"] == "HB", "from_year"].tolist() == [2020, 2028]
    semh = TABLES.demand["need"] == "SEMH"
    factor = (tables.demand["children"] / TABLES.demand["children"]).fillna(1.0)
    assert factor[semh & (TABLES.demand["year"] >= 2027) & (TABLES.demand["children"] > 0)].round(9).eq(1.1).all()
    assert factor[~semh | (TABLES.demand["year"] < 2027)].eq(1.0).all()
    assert TABLES.places.loc[TABLES.places["line"] == "HB", "from_year"].tolist() == [2020, 2027]


def test_several_are_applied_in_order_and_each_once() -> None:
    def more(children: float) -> list[dict[str, Any]]:
        where = {"area": "N1", "need": "ASD", "phase": "primary", "year": 2027}
        return [{"table": "demand", "where": where, "plus": {"children": children}}]

    scenarios = {
        "more": {"edit": more(8), "set": {"travel": {"days": 195}}},
        "late": {"builds_on": "more", "set": {"travel": {"days": 180}}},
        "dear": {"builds_on": ["more", "base"], "edit": more(1), "set": {"travel": {"trips_per_day": 1}}},
        "both": {"builds_on": ["late", "dear"], "edit": more(0.5)},
    }
    model, tables = under(scenarios)
    assert (model.travel.days, model.travel.trips_per_day) == (180, 1)
    assert (tables.demand["children"] - TABLES.demand["children"]).sum() == pytest.approx(9.5)


def test_each_fault_in_what_scenarios_build_on_is_listed() -> None:
    loop = {"a": {"builds_on": ["b", "bse"]}, "b": {"builds_on": ["c", "a"]}, "c": {}}
    with pytest.raises(InputError) as caught:
        under(loop | {"d": {"builds_on": ["a", "e"]}})
    assert [str(problem).split(" → ")[0] for problem in caught.value.problems] == [
        "toy.toml: scenarios build on each other in a circle: d, a, b, a",
        "toy.toml, value “bse”: there is no such scenario",
        "toy.toml, value “e”: there is no such scenario",
    ]


def test_tables_merge_and_lists_replace() -> None:
    model, _ = under(set={"travel": {"days": 195}, "rules": {"share": []}})
    assert (model.travel.days, model.travel.method, model.rules.share) == (195, "matrix", [])


def test_a_value_the_model_cannot_hold_names_the_scenario() -> None:
    assert "scenario what-if: finance.discount_rate" in message(set={"finance": {"discount_rate": "high"}})


def test_rows_are_found_by_value_list_and_range() -> None:
    where = {"need": "asd", "area": ["N1", "N2"], "year": {"from": 2026, "to": 2027}}
    _, tables = under(edit=[{"table": "demand", "where": where, "plus": {"children": 2}}])
    changed = tables.demand["children"] != TABLES.demand["children"]
    assert changed.sum() == 2 * 2 * 2
    assert (tables.demand["children"] - TABLES.demand["children"])[changed].eq(2).all()


def test_codes_and_lists_are_set_as_they_are_read() -> None:
    _, tables = under(
        edit=[
            {
                "table": "places",
                "where": {"line": "SP"},
                "set": {"needs": "ASD, hi", "phases": "0-11", "places": "40"},
            }
        ]
    )
    row = tables.places[tables.places["line"] == "SP"].iloc[0]
    assert (row["needs"], row["phases"], row["places"]) == (("ASD", "HI"), ("primary", "secondary"), 40.0)


def test_a_line_follows_the_type_of_its_setting() -> None:
    _, tables = under(edit=[{"table": "settings", "where": {"setting": "100004"}, "set": {"type": "special school"}}])
    assert tables.places.set_index("line").loc["AP", "type"] == "special_school"


def test_a_setting_that_moves_has_a_new_place_and_locality() -> None:
    _, tables = under(edit=[{"table": "settings", "where": {"setting": "100004"}, "set": {"x": 401_000, "y": 304_000}}])
    row = tables.settings.set_index("setting").loc["100004"]
    assert (row.geometry.x, row.geometry.y, row["locality"]) == (401_000, 304_000, "North")


def test_rows_are_added_and_removed() -> None:
    row = {"option": "B9", "setting": "100003", "needs": "ASD", "phases": "primary", "places": 12}
    model, tables = under(
        add=[
            {"table": "options", "row": row},
            {
                "table": "settings",
                "row": {"setting": "7", "name": "New", "type": "resource_base", "x": 408_000, "y": 303_000},
            },
            {
                "table": "places",
                "row": {
                    "line": "NB",
                    "setting": 7,
                    "needs": "SEMH",
                    "phases": "primary",
                    "from_year": 2027,
                    "places": 8,
                },
            },
        ],
        remove=[{"table": "options", "where": {"option": "LB"}}],
    )
    assert tables.options is not None
    assert tables.options["option"].tolist() == ["QB+", "B9"]
    assert tables.options["ramp"].tolist() == [(0.5, 1.0), (1.0,)]
    assert tables.settings.set_index("setting").loc["7", "locality"] == "North"
    assert tables.places.set_index("line").loc["NB", "type"] == "resource_base"
    problems = [str(problem) for problem in check_tables(model, tables)]
    assert len(problems) == 1
    assert "value “7”: the travel table has no journey to this setting" in problems[0]


def test_a_table_that_the_model_does_not_have_can_be_begun() -> None:
    document = {
        **BASE.raw,
        "scenarios": {
            "s": {
                "add": [
                    {
                        "table": "options",
                        "row": {"option": "B", "setting": "100003", "needs": "", "phases": "", "places": 3},
                    }
                ]
            }
        },
    }
    document["tables"] = {name: path for name, path in BASE.raw["tables"].items() if name != "options"}
    model = parse_model(document, BASE.path)
    tables = edited_tables(model, read_tables(model)[0], "s")
    assert tables.options is not None
    pd.testing.assert_series_equal(tables.options.dtypes, TABLES.options.dtypes)  # type: ignore[union-attr]


def edit(table: str, **change: Any) -> dict[str, Any]:
    return {"edit": [{"table": table, **change}]}


def add(table: str, **row: Any) -> dict[str, Any]:
    return {"add": [{"table": table, "row": row}]}


ONE = {"set": {"places": 1}}
CHILD = {"set": {"children": 1}}


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (edit("placs", **ONE), "there is no table of this name → did you mean “places”?"),
        (edit("places", set={"plaecs": 1}), "places has no such column → did you mean “places”?"),
        (edit("places", where={"lin": "QB"}, **ONE), "places has no such column → did you mean “line”?"),
        (edit("places", where={"line": "QBX"}, **ONE), "no row of places has this line → did you mean “QB”?"),
        (edit("places", where={"line": "QB", "from_year": 2027}, **ONE), "fits all of line, from_year"),
        (edit("places", where={"line": "QB"}), "it changes nothing"),
        (edit("places", set={"needs": "ADS"}), "needs: not a primary need code → did you mean “ASD”?"),
        (edit("places", times={"line": 2}), "line is not a column of numbers of places"),
        (edit("demand", plus={"children": -99}), "it makes children fall below 0"),
        (edit("demand", times={"children": 1e12}), "it makes children too large to be true"),
        (edit("costs", times={"per_child": 1e12}), "it makes per_child too large to be true"),
        (edit("places", plus={"from_year": 0.5}), "it makes from_year"),
        (edit("places", plus={"from_year": -1_000}), "it makes from_year"),
        (edit("demand", where={"need": {"from": 1}}, **CHILD), "need a column of numbers or years"),
        (edit("demand", where={"year": {"form": 1}}, **CHILD), "takes a value, a list, or from and to"),
        (add("places", line="A", setting="100001", needs="", phases=""), "the row needs from_year"),
        (
            add("options", option="A", setting="100003", optoin="A"),
            "options has no such column → did you mean “option”?",
        ),
        (
            add("places", line="QB", setting="100001", needs="", phases="", from_year=2020, places=1),
            "the same line, from_year as row 2",
        ),
        ({"remove": [{"table": "places", "where": {}}]}, "it names no rows"),
        (edit("demand", where={"year": ""}, **CHILD), "no row of demand has this year"),
        (edit("demand", where={"year": float("nan")}, **CHILD), "no row of demand has this year"),
        (edit("demand", where={"children": {"from": 10**400}}, **CHILD), "no row of demand has this children"),
        (edit("demand", where={"children": 10**5000}, **CHILD), "a number too long to write"),
        (edit("demand", where={"year": {"from": True}}, **CHILD), "where.year.from is not a number"),
        (edit("demand", where={"year": {"to": "2030"}}, **CHILD), "where.year.to is not a number"),
        (edit("places", set={"needs": []}), 'needs: nothing is listed → list some, or write ""'),
        (edit("places", set={"phases": float("nan")}), "phases: nothing is listed"),
        (edit("places", where={"line": "QB"}, set={"line": ""}), "line: the cell is blank → give line"),
        ({"remove": [{"table": "costs", "where": {"per_child": {"from": 0}}}]}, "leaves no row in costs"),
    ],
)
def test_a_change_that_cannot_be_made_is_named(scenario: dict[str, Any], said: str) -> None:
    assert said in message(**scenario)


def test_everything_that_is_wrong_with_a_change_is_reported_at_once() -> None:
    where = {"line": "QBX", "from_yaer": 2027}
    wrong = {
        "edit": [{"table": "places", "where": where, "set": {"needs": "ADS"}, "times": {"line": 2}}],
        "add": [{"table": "options", "row": {"optoin": "A", "setting": "100003", "places": "many"}}],
        "remove": [{"table": "places", "where": {"line": "ZZ", "places": {"form": 1}}}],
    }
    with pytest.raises(InputError) as caught:
        under(**wrong)
    said = [problem.what for problem in caught.value.problems]
    assert [one.split(": ")[0].removeprefix("scenarios.what-if.") for one in said] == [
        *["edit 1"] * 4,
        *["add 1"] * 3,
        *["remove 1"] * 2,
    ]
    assert "no row of places has this line" in said[0]
    assert "places has no such column" in said[1]
    assert "not a primary need code" in said[2]
    assert "line is not a column of numbers" in said[3]
    assert "options has no such column" in said[4]
    assert "the row needs option" in said[5]
    assert "places: " in said[6]


def test_keys_and_changes_that_are_wrong_are_reported_together() -> None:
    wrong = {"set": {"finance": {"discount_rate": "high"}}, "edit": [{"table": "plces", "set": {"places": 1}}]}
    model = parse_model({**BASE.raw, "scenarios": {"what-if": wrong}}, BASE.path)
    said = [problem.what for problem in faults_of(model, TABLES, "what-if")]
    assert len(said) == 2
    assert "discount_rate" in said[0]
    assert "no table of this name" in said[1]
    assert [problem.what for problem in check_scenarios(model, TABLES)] == said


def test_check_tells_what_is_wrong_in_the_scenarios_of_a_model(tmp_path: Path) -> None:
    shutil.copytree(TOY, tmp_path / "toy")
    with (tmp_path / "toy" / "toy.toml").open("a", encoding="utf-8") as model:
        model.write('[scenarios.wrong]\nremove = [{ table = "places", where = { line = "QQ" } }]\n')
    problems, picture = inspect(tmp_path / "toy" / "toy.toml")
    assert [problem.what for problem in problems if problem.severity == "error"] == [
        "scenarios.wrong.remove 1: no row of places has this line"
    ]
    assert picture is not None
    assert not [one for one in inspect(tmp_path / "toy" / "toy.toml", "late")[0] if one.severity == "error"]


def test_what_was_filled_in_follows_and_what_was_said_stays() -> None:
    """In the toy's files no line of places names its type, and of the settings Sands School alone its locality."""
    _, tables = under(edit=[{"table": "areas", "where": {"locality": "North"}, "set": {"locality": "East"}}])
    before, now = (them.settings.set_index("setting")["locality"] for them in (TABLES, tables))
    assert (before == "North").any()
    assert now.tolist() == before.replace("North", "East").tolist()
    _, tables = under(edit=[{"table": "settings", "where": {"setting": "100003"}, "plus": {"y": 5_000}}])
    assert tables.settings.set_index("setting").loc["100003", "locality"] == "South"
    said = [
        {"table": "places", "where": {"type": "special_school"}, "set": {"type": "alternative_provision"}},
        {"table": "settings", "where": {"type": ["special_school", "resource_base"]}, "set": {"type": "independent"}},
    ]
    _, tables = under(edit=said)
    types = tables.places.drop_duplicates("line").set_index("line")["type"]
    assert types["SP"] == "alternative_provision"
    assert types[["QB", "HB"]].tolist() == ["independent"] * 2


def test_placements_that_name_a_setting_follow_it() -> None:
    assert TABLES.placements is not None
    placements = TABLES.placements
    named = placements.index[placements["line"] == "QB"]
    setting = placements["setting"].where(~placements.index.isin(named), "100001")
    there = replace(
        TABLES,
        placements=placements.assign(setting=setting),
        filled={**TABLES.filled, "placements.line": named},
    )
    where = {"setting": "100001", "area": "N2"}
    moved = {"table": "placements", "where": where, "set": {"setting": "100003"}}
    model = parse_model({**BASE.raw, "scenarios": {"what-if": {"edit": [moved]}}}, BASE.path)
    tables = edited_tables(model, there, "what-if")
    assert tables.placements is not None
    assert set(tables.placements.loc[tables.placements["setting"] == "100003", "line"]) == {"SP"}


def test_many_rows_are_numbered_after_the_last() -> None:
    row = {"area": "A1", "need": "MLD", "phase": "primary"}
    rows = [{"table": "demand", "row": {**row, "year": 2040 + year, "children": 1}} for year in range(40)]
    _, tables = under(add=rows)
    added = tables.demand.tail(40)
    assert added["year"].tolist() == list(range(2040, 2080))
    assert added.index.tolist() == list(range(TABLES.demand.index.max() + 1, TABLES.demand.index.max() + 41))


def test_no_scenario_makes_made_up_data_real() -> None:
    assert "a scenario cannot make fictional data real" in message(set={"fictional": False})


def test_no_scenario_changes_scenarios() -> None:
    assert "it cannot set scenarios" in message(set={"scenarios": {"late": {"edit": []}}})


def test_scenarios_by_name() -> None:
    with pytest.raises(InputError, match=r"there is no such scenario → did you mean “late”\?"):
        scenario_model(BASE, "laet")
    loop = {"a": {"builds_on": "b"}, "b": {"builds_on": "a"}}
    with pytest.raises(InputError, match="in a circle"):
        under(loop)


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        (
            'remove = [{ table = "settings", where = { setting = "100003" } }]',
            [
                "places.csv, row 5, column setting, value “100003”: scenario x: there is no such setting → "
                "the scenario removes or renames it: let it change this row too"
            ],
        ),
        (
            'add = [{ table = "places", row = { line = "NEW", setting = "999", from_year = 2026, places = 10 } }]',
            [
                "places.csv, column setting, value “999”: scenario x: there is no such setting (in a row that it adds) "
                "→ check its digits, or add it; known are 100001, 100002, 100003, 100004, IND, EOT"
            ],
        ),
        (
            'edit = [{ table = "placements", where = { line = "QB" }, set = { line = "nope" } }]',
            [
                "placements.csv, row 2, column line, value “nope”: scenario x: there is no such line of places "
                "(and 1 more row like it) → use one of: QB, HB, SP, AP, IN, EO"
            ],
        ),
        ('edit = [{ table = "demand", times = { children = 1.1 } }]', []),
    ],
)
def test_what_a_scenario_brings_about_is_called_its_doing(tmp_path: Path, changes: str, messages: list[str]) -> None:
    """By check of the model, by check of the scenario and before it is planned, in the same words."""
    shutil.copytree(TOY, tmp_path / "toy")
    file = tmp_path / "toy" / "toy.toml"
    with file.open("a", encoding="utf-8") as model:
        model.write(f"[scenarios.x]\n{changes}\n")
    for scenario in ("base", "x"):
        problems = [one for one in inspect(file, scenario)[0] if one.severity == "error"]
        assert [str(one) for one in problems] == messages
    if messages:
        with pytest.raises(InputError, match="scenario x"):
            read_cases(file, None, silent)
