"""Levers of scenarios: each equals the changes that would be written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sufficiency.api.reading import changed_case, read
from sufficiency.model_file import parse_model, read_model
from sufficiency.problems import InputError
from sufficiency.report.screens.opening_words import lever_lines
from sufficiency.scenarios import Made, check_scenarios, faults_of, made, scenario_model
from sufficiency.tables import Tables
from sufficiency.tables.read import read_tables

from .tables.faults import TOY

ROOT = Path(__file__).parents[1]
SALTMERE = read_model(ROOT / "models" / "saltmere.toml")
BASE = read_model(TOY / "toy.toml")
TABLES: Tables = read_tables(BASE)[0]


def under(scenario: dict[str, Any], **others: Any) -> Made:
    model = parse_model({**BASE.raw, "scenarios": {**others, "x": scenario}}, BASE.path)
    return made(scenario_model(model, "x"), TABLES, "x")


def message(scenario: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        under(scenario)
    (problem,) = caught.value.problems
    return str(problem)


def pounds(tables: Tables, line: str) -> dict[int, float]:
    other = tables.other_spend
    assert other is not None
    return other[other["budget_line"] == line].groupby("financial_year")["pounds"].sum().to_dict()


HELP = {"needs": ["SEMH"], "phases": ["secondary", "post_16"], "share": 0.1, "cost_per_child": 8_000}


def test_early_intervention_takes_children_out_of_demand_and_pays_for_them_in_ordinary_classes() -> None:
    # Half of the tenth from 2027, all of it from 2028; in the South alone. Financial year 2027: 7/12 of the secondary
    # and 8/12 of the post-16 children of 2027, at £8,000 × 1.03²; 2028: 5/12 and 4/12 of them, and the new shares of
    # those of 2028, × 1.03³.
    lever = HELP | {"localities": ["south"], "from_year": 2027, "full_year": 2028, "evidence": "a pilot of 2024"}
    row = {"budget_line": "1.2.4", "pounds": 500_000, "fund": "dsg"}
    add = [{"table": "other_spend", "row": {"financial_year": 2027, **row}}]
    add += [{"table": "other_spend", "row": {"financial_year": 2028, **row, "budget_line": "1.2.5"}}]
    done = under({"early_intervention": lever, "add": add})
    south = TABLES.areas.loc[TABLES.areas["locality"] == "South", "area"]
    demand = TABLES.demand
    inside = demand["area"].isin(south) & (demand["need"] == "SEMH") & demand["phase"].isin(["secondary", "post_16"])
    factor = demand["year"].map({2027: 0.95, 2028: 0.9}).fillna(1.0).where(inside, 1.0)
    for column in ("children", "low", "high"):
        pd.testing.assert_series_equal(done.tables.demand[column], demand[column] * factor, check_names=False)
    fewer = (demand["children"] * (1 - factor)).groupby([demand["phase"], demand["year"]]).sum()
    assert fewer["secondary"][2028] > 0
    paid = {
        2027: (7 / 12 * fewer["secondary"][2027] + 8 / 12 * fewer["post_16"][2027]) * 8_000 * 1.03**2,
        2028: (
            5 / 12 * fewer["secondary"][2027]
            + 4 / 12 * fewer["post_16"][2027]
            + 7 / 12 * fewer["secondary"][2028]
            + 8 / 12 * fewer["post_16"][2028]
        )
        * 8_000
        * 1.03**3,
    }
    before, after = pounds(TABLES, "1.2.4"), pounds(done.tables, "1.2.4")
    assert after == pytest.approx(before | {2027: 500_000 + paid[2027], 2028: paid[2028]})
    (pulled,) = done.levers
    assert (pulled.key, pulled.evidence) == ("early_intervention", "a pilot of 2024")
    assert "10 % of those in its scope by 2028" in pulled.words
    assert "not counted" not in pulled.words
    shown = " ".join(lever_lines([{"lever": pulled.key, "words": pulled.words, "evidence": pulled.evidence}]))
    assert shown.startswith("Lever: from 2027 fewer children need a specialist place")
    assert shown.endswith("in an ordinary class, on 1.2.4. Evidence: a pilot of 2024.")
    short = under({"early_intervention": lever, "add": add[:1]})
    assert short.levers[0].words.endswith("; not counted in 2028, which other_spend does not cover")


def test_the_shipped_early_intervention_equals_its_edits_by_hand_to_a_thousand_pounds_a_year() -> None:
    scope = {"need": ["SEMH", "SLCN"], "phase": ["early_years", "primary", "secondary"]}
    shares = {2027: 0.98, 2028: 0.96, 2029: 0.94, 2030: 0.92} | dict.fromkeys(range(2031, 2036), 0.90)
    top_ups = [68_000, 193_000, 330_000, 480_000, 643_000, 729_000, 756_000, 781_000, 804_000]
    by_hand = [
        {
            "table": "demand",
            "where": scope | {"year": year},
            "times": dict.fromkeys(("children", "low", "high"), factor),
        }
        for year, factor in shares.items()
    ] + [
        {"table": "other_spend", "where": {"financial_year": year, "budget_line": "1.2.4"}, "plus": {"pounds": more}}
        for year, more in zip(range(2027, 2036), top_ups, strict=True)
    ]
    document = SALTMERE.raw | {"scenarios": SALTMERE.raw["scenarios"] | {"by-hand": {"edit": by_hand}}}
    model = parse_model(document, SALTMERE.path)
    tables = read_tables(model)[0]
    lever, hand = (made(model, tables, name).tables for name in ("early-intervention", "by-hand"))
    for name, frame in lever.frames().items():
        if name == "demand":
            pd.testing.assert_frame_equal(frame, hand.demand, rtol=1e-12)
        elif name != "other_spend":
            assert frame.equals(hand.frames()[name]), name
    assert lever.other_spend is not None
    assert hand.other_spend is not None
    keys = ["financial_year", "budget_line", "fund"]
    both = lever.other_spend.merge(hand.other_spend, on=keys, how="outer", validate="one_to_one")
    assert (both["pounds_x"] - both["pounds_y"]).abs().max() < 1_000


def test_a_scenario_that_only_brings_capital_changes_something() -> None:
    """One scenario adds an option and the next gives it up for money: the tables are as before, the capital is not."""
    row = {"option": "NEW", "setting": "100004", "needs": "SEMH", "phases": "primary", "places": 10, "capital": 1_000}
    row |= {"earliest": 2027, "latest": 2028}
    scenarios = {
        "school": {"add": [{"table": "options", "row": row}]},
        "money": {"builds_on": "school", "free_school_cash": {"option": "NEW", "per_place": 5_000}},
    }
    document = {**BASE.raw, "finance": {**BASE.raw.get("finance", {}), "capital_budget": 100_000}}
    model = parse_model({**document, "scenarios": scenarios}, BASE.path)
    done = made(scenario_model(model, "money"), TABLES, "money")
    assert done.model.finance.capital_budget == 150_000
    assert done.tables.options is not None
    assert list(done.tables.options["option"]) == ["QB+", "LB"]
    assert [one.what for one in faults_of(model, TABLES, "money") if "changes nothing" in one.what] == []


def test_an_ambition_for_ap_is_a_soft_rule_in_place_of_others_of_its_kind() -> None:
    rules = [
        {"name": "old", "types": ["Alternative Provision"], "at_most": 0.05, "from_year": 2026},
        {"name": "later", "types": ["alternative_provision"], "at_most": 0.02, "from_year": 2028},
        {"name": "hard", "types": ["alternative_provision"], "at_most": 0.9, "hard": True},
        {"name": "South", "types": ["alternative_provision"], "at_most": 0.5, "localities": ["South"]},
        {"name": "ended", "types": ["alternative_provision"], "at_most": 0.5, "to_year": 2026},
    ]
    done = under({"set": {"rules": {"share": rules}}, "ap_at_most": {"2027": 0.045, "2028": 0.03}})
    shares = [(rule.name, rule.from_year, rule.to_year, rule.at_most, rule.hard) for rule in done.model.rules.share]
    assert shares == [
        ("old", 2026, 2026, 0.05, False),
        ("hard", None, None, 0.9, True),
        ("South", None, None, 0.5, False),
        ("ended", None, 2026, 0.5, False),
        ("AP at most 4.5 % from 2027", 2027, 2027, 0.045, False),
        ("AP at most 3 % from 2028", 2028, None, 0.03, False),
    ]
    assert done.tables is TABLES
    assert [lever.key for lever in done.levers] == ["ap_at_most"]


def test_a_late_school_moves_its_lines_and_its_opening() -> None:
    where = {"table": "places", "row": {"line": "FS+", "setting": "S9", "from_year": 2027, "places": 9}}
    new = NEW_SCHOOL | {"add": [*NEW_SCHOOL["add"], where]}
    done = under({"free_school_delay": {"line": "fs1", "years": 2}, "builds_on": "new"}, new=new)
    there = done.tables.places.query("setting == 'S9'").set_index(["line", "from_year"])["places"]
    assert there.to_dict() == {("FS1", 2028): 10, ("FS1", 2030): 20, ("FS+", 2029): 9}
    assert done.tables.settings.query("setting == 'S9'")["opens"].tolist() == [2028]
    assert done.levers[0].words == "A new school (FS+, FS1) opens 2 years late, in 2028"


AREAS = ("N1", "N2", "S1")
SCHOOL = {"setting": "S9", "name": "A new school", "type": "special_free_school", "opens": 2026}
NEW_SCHOOL: dict[str, Any] = {
    "add": [
        {
            "table": "settings",
            "row": {"setting": "S9", "name": "A new school", "type": "special_free_school", "opens": 2026},
        },
        {"table": "places", "row": {"line": "FS1", "setting": "S9", "from_year": 2026, "places": 10}},
        {"table": "places", "row": {"line": "FS1", "setting": "S9", "from_year": 2028, "places": 20}},
        {"table": "costs", "row": {"setting": "S9", "per_child": 21_000}},
        {"table": "costs", "row": {"line": "FS1", "per_child": 22_000}},
        *(
            {"table": "travel", "row": {"area": area, "setting": "S9", "minutes": 9, "km": 5}}
            for area in ("N1", "N2", "S1")
        ),
    ],
    "set": {"finance": {"capital_budget": 1_000_000}, "rules": {"committed": {"LB": 2027}}},
}


def test_money_in_place_of_a_school_takes_its_places_and_costs_and_comes_as_capital() -> None:
    cash = {"line": "FS1", "per_place": 50_000, "years": 3, "evidence": "DfE's letter"}
    done = under({"free_school_cash": cash, "builds_on": "new"}, new=NEW_SCHOOL)
    assert done.model.finance.capital_budget == 1_000_000 + 20 * 50_000
    assert "S9" not in set(done.tables.settings["setting"])
    assert not done.tables.places["line"].eq("FS1").any()
    assert not done.tables.costs["line"].eq("FS1").any()
    assert not done.tables.costs["setting"].eq("S9").any()
    assert done.tables.travel is not None
    assert not done.tables.travel["setting"].eq("S9").any()
    assert done.levers[0].words == (
        "A new school (FS1, 20 places) is not built; £1,000,000 comes as capital over 3 years, £50,000 a place"
    )


def test_an_option_given_up_for_money_is_no_longer_committed() -> None:
    done = under({"free_school_cash": {"option": "lb", "per_place": 50_000}, "builds_on": "new"}, new=NEW_SCHOOL)
    assert done.tables.options is not None
    assert done.tables.options["option"].tolist() == ["QB+"]
    assert done.model.rules.committed == {}
    assert done.model.finance.capital_budget == 1_000_000 + 8 * 50_000
    assert "100004" in set(done.tables.settings["setting"])  # it has lines of places


def test_the_enrolment_of_a_school_given_up_for_money_goes_with_it() -> None:
    enrolled = {"set": {"continuity": {"enrolment": {"fs1": 0.6, "HB": 0.9}}}}
    cash = {"free_school_cash": {"line": "FS1", "per_place": 50_000}, "builds_on": ["new", "enrolled"]}
    done = under(cash, new=NEW_SCHOOL, enrolled=enrolled)
    assert done.model.continuity.enrolment == {"HB": 0.9}
    scenarios = {"new": NEW_SCHOOL, "x": cash, "enrolled": enrolled | {"builds_on": "new"}}
    assert check_scenarios(parse_model({**BASE.raw, "scenarios": scenarios}, BASE.path), TABLES) == []


def test_a_what_if_of_a_scenario_keeps_what_its_levers_did(tmp_path: Path) -> None:
    text = (TOY / "toy.toml").read_text(encoding="utf-8")
    lever = 'set.finance.capital_budget = 1e5\nfree_school_cash = { option = "LB", per_place = 5e4 }\n'
    lever += "set.rules.committed = { LB = 2027 }\nset.continuity.enrolment = { LB = 0.5 }\n"
    for file in TOY.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "toy.toml").write_text(f"{text}\n[scenarios.cash]\n{lever}", encoding="utf-8")
    case = read(tmp_path / "toy.toml", "cash")
    assert [one.key for one in case.levers] == ["free_school_cash"]
    assert case.model.finance.capital_budget == 500_000
    asked = changed_case(case, {"set": {"travel": {"days": 180}}, "ap_at_most": {"2027": 0.5}})
    assert (asked.model.finance.capital_budget, asked.model.travel.days) == (500_000, 180)
    assert (asked.model.rules.committed, asked.model.continuity.enrolment) == ({}, {})
    assert [one.key for one in asked.levers] == ["free_school_cash", "ap_at_most"]


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (
            {"early_intervention": HELP | {"localities": ["Sout"]}},
            "value “Sout”: scenarios.x.early_intervention: there is no such locality → did you mean “South”?",
        ),
        (
            {"early_intervention": HELP | {"needs": ["PMLD"]}},
            "scenarios.x.early_intervention: no children of the plan's years are in its scope",
        ),
        (
            {"early_intervention": HELP | {"phases": ["key_stage_3"]}},
            "value “key_stage_3”: scenarios.x.early_intervention: this is not a phase of the model",
        ),
        (
            {"free_school_delay": {"line": "HB", "years": 1}},
            "value “HB”: scenarios.x.free_school_delay: the line HB is open in the base year 2025: it cannot open late",
        ),
        (
            {"free_school_delay": {"line": "FS9", "years": 1}},
            "value “FS9”: scenarios.x.free_school_delay: there is no such line of places",
        ),
        (
            {"free_school_cash": {"option": "HB", "per_place": 1}},
            'this is a line of the places table, not an option → write line = "HB"',
        ),
        (
            {"free_school_cash": {"line": "HB", "per_place": 1}},
            "the line HB is open in the base year 2025: it is not given up for money",
        ),
        (
            {"free_school_cash": {"option": "LB", "per_place": 1}},
            "the model has no finance.capital_budget: extra capital would change nothing → give finance.capital_budget",
        ),
    ],
)
def test_a_lever_that_changes_nothing_says_why(scenario: dict[str, Any], expected: str) -> None:
    assert expected in message(scenario)


def test_the_cost_of_early_help_needs_a_table_to_stand_in() -> None:
    document = {key: value for key, value in BASE.raw.items() if key != "scenarios"}
    named = {key: value for key, value in document["tables"].items() if key not in {"other_spend", "budget"}}
    model = parse_model(document | {"tables": named, "scenarios": {"x": {"early_intervention": HELP}}}, BASE.path)
    (problem,) = check_scenarios(model, read_tables(model)[0])
    assert "its cost is added to other_spend, and the model has no other_spend table" in str(problem)


def test_levers_of_the_model_file_are_read_strictly() -> None:
    for lever, expected in (
        (
            {"early_intervention": HELP | {"from_year": 2030, "full_year": 2028}},
            "full_year 2028 is before from_year 2030",
        ),
        ({"early_intervention": {"share": 0.1}}, "cost_per_child is missing"),
        ({"early_intervention": HELP | {"share": 10}}, "must be 1 or less"),
        ({"free_school_cash": {"per_place": 1}}, "give option or line: the school that is given up"),
        ({"free_school_cash": {"option": "A", "line": "B", "per_place": 1}}, "give option or line"),
        ({"ap_at_most": {}}, "must not be empty"),
        ({"ap_at_most": 0.03}, "must be a table"),
        ({"free_school_delay": {"line": "A", "years": 0}}, "must be 1 or more"),
    ):
        with pytest.raises(InputError, match=expected):
            parse_model({**BASE.raw, "scenarios": {"x": lever}}, BASE.path)
