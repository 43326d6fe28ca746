"""The options that the paper weighs: how each is made of a model, that it is planned once, and what the paper says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sufficiency.api.courses import Course, courses_of, own_courses, planned_courses
from sufficiency.api.reading import read_cases
from sufficiency.api.reporting import report_to_folder
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model.scenarios import BASE
from sufficiency.model_file import read_model
from sufficiency.problems import InputError

from .test_paper import texts_in

FILES = {
    "two.toml": """name = "Two ways"
fictional = true
base_year = 2025
years = [2026, 2028]
[tables]
areas = "areas.csv"
demand = "demand.csv"
settings = "settings.csv"
places = "places.csv"
placements = "placements.csv"
costs = "costs.csv"
options = "options.csv"
budget = "budget.csv"
other_spend = "other_spend.csv"
[travel]
method = "straight_line"
[scenarios.help]
about = "Earlier help in ordinary classes"
[scenarios.help.early_intervention]
share = 0.2
cost_per_child = 1_000
evidence = "a pilot in two schools"
""",
    "areas.csv": "area,name,locality,x,y\nA,Alder,North,402500,302500\n",
    "demand.csv": "area,need,phase,year,children\n"
    + "".join(
        f"A,ASD,primary,{year},{children}\n" for year, children in zip(range(2025, 2029), (6, 8, 9, 9), strict=True)
    ),
    "settings.csv": (
        "setting,name,type,x,y\nS,Sands School,special_school,402900,302500\nH,Hill "
        "School,resource_base,402900,302900\n"
        "I,Ivy House,independent,412900,302500\nF,Fen Free School,special_free_school,402700,302500\n"
    ),
    "places.csv": (
        "line,setting,needs,phases,from_year,places,status\nS1,S,ASD,primary,2025,4,\nI1,I,ASD,primary,2025,,\n"
        "F1,F,ASD,primary,2027,1,\nS1,S,ASD,primary,2028,5,proposed\n"
    ),
    "placements.csv": "area,need,phase,line,children\nA,ASD,primary,S1,4\nA,ASD,primary,I1,2\n",
    "costs.csv": (
        "type,per_child,per_place,budget_line\nspecial_school,12000,10000,1.2.1\nspecial_free_school,12000,10000,1.2.1\n"
        "resource_base,9000,6000,1.2.2\nindependent,60000,,1.2.3\n"
    ),
    "options.csv": (
        "option,setting,line,needs,phases,places,earliest,latest,capital,name\n"
        "OB,H,,ASD,primary,2,2027,2028,20000,A base at Hill\nOS,S,S1,,,2,2027,2028,150000,A wing at Sands\n"
    ),
    "other_spend.csv": "financial_year,budget_line,fund,pounds\n"
    + "".join(f"{year},1.2.5,dsg,1000\n" for year in (2026, 2027, 2028)),
    "budget.csv": "financial_year,budget_line,pounds\n"
    + "".join(f"{year},{line},60000\n" for year in (2026, 2027, 2028) for line in ("1.2.1", "1.2.2", "1.2.3")),
}


def written(folder: Path, **changes: str) -> Path:
    """The model in a folder; `changes`: other texts of files, by the name before the ending."""
    for name, text in FILES.items():
        (folder / name).write_text(changes.get(name.split(".")[0], text), encoding="utf-8")
    return folder / "two.toml"


def courses(model: Path) -> dict[str, Course]:
    return {one.key: one for one in courses_of(cases(model))}


def cases(model: Path) -> dict[str, Case]:
    return read_cases(model, [BASE, *own_courses(read_model(model)).values()], lambda step, detail="": None)


def options_in(course: Course) -> list[str]:
    assert course.case is not None, course.why_not
    table = course.case.tables.options
    return [] if table is None else list(table["option"])


def test_each_option_is_made_from_the_model(tmp_path: Path) -> None:
    made = courses(written(tmp_path))
    assert [one.scenario for one in made.values()] == [
        *("do-minimum", "bases-first", "special-first", "help", "free-school-late")
    ]
    least, bases, special = made["do_minimum"].case, made["bases_first"].case, made["special_first"].case
    assert least is not None
    assert bases is not None
    assert special is not None
    assert options_in(made["do_minimum"]) == []
    held = least.tables.places
    assert list(held.loc[held["line"] == "S1", "places"]) == [4.0]  # what is only proposed does not happen
    assert bases.model.rules.bases_first
    assert options_in(made["bases_first"]) == ["OB", "OS"]
    assert options_in(made["special_first"]) == ["OS"]
    late = made["free_school_late"].case
    assert late is not None
    assert list(late.tables.settings.loc[late.tables.settings["setting"] == "F", "opens"].dropna()) == [2028.0] or list(
        late.tables.places.loc[late.tables.places["line"] == "F1", "from_year"]
    ) == [2028]


def test_what_is_committed_stays_in_every_option(tmp_path: Path) -> None:
    rules = FILES["two.toml"].replace("[travel]", "[rules]\ncommitted = { OB = 2027 }\n[travel]")
    made = courses(written(tmp_path, two=rules))
    assert options_in(made["do_minimum"]) == ["OB"]
    assert options_in(made["special_first"]) == ["OB", "OS"]


def test_what_cannot_be_planned_says_why(tmp_path: Path) -> None:
    options, places = FILES["options.csv"].splitlines(), FILES["places.csv"].splitlines()
    settled = "\n".join([options[0], options[1], ""])
    there = "\n".join([*places[:3], ""])
    without = FILES["two.toml"].split("[scenarios.help]")[0]
    why = {
        key: one.why_not for key, one in courses(written(tmp_path, two=without, options=settled, places=there)).items()
    }
    assert why["do_minimum"] == ""
    assert why["bases_first"] == "the model has no option for new places in a special school or alternative provision"
    assert why["special_first"] == why["bases_first"]
    assert "the model has no scenario in which help comes earlier" in why["demand"]
    assert "no free school that is still to come" in why["free_school_late"]
    bare = without.replace('options = "options.csv"\n', "")
    why = {key: one.why_not for key, one in courses(written(tmp_path, two=bare, places=there)).items()}
    assert "it is the preferred option itself" in why["do_minimum"]
    assert why["bases_first"] == "the model has no option for new places"


def test_a_planner_names_own_scenarios_and_leaves_some_out(tmp_path: Path) -> None:
    text = FILES["two.toml"].replace(
        "[travel]", '[paper]\ndo_minimum = "wait"\nleave_out = ["special_first"]\n[travel]'
    )
    text += '[scenarios.wait]\nset.rules.open_at_most = 0\n[scenarios.bases-first]\nabout = "Ours"\n'
    text += "set.rules.bases_first = true\n"
    made = courses(written(tmp_path, two=text))
    assert made["do_minimum"].scenario == "wait"
    assert options_in(made["do_minimum"]) == ["OB", "OS"]
    base = made["bases_first"].case
    assert base is not None
    assert base.model.scenarios["bases-first"].about == "Ours"
    assert made["special_first"].case is None
    assert "leaves it out" in made["special_first"].why_not


def test_a_scenario_that_is_none_is_refused(tmp_path: Path) -> None:
    text = FILES["two.toml"].replace("[travel]", '[paper]\ndemand = "hlep"\nleave_out = ["bases"]\n[travel]')
    with pytest.raises(InputError) as refused:
        read_model(written(tmp_path, two=text))
    words = " ".join(str(one) for one in refused.value.problems)
    assert "“bases” is none of do_minimum" in words
    assert "paper.demand: “hlep” is not a scenario of this model; did you mean “help”?" in words


def test_once_stopped_the_rest_are_left_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model, stop = written(tmp_path), Stop()
    stop.asked = True
    made = courses_of(cases(model))
    done, planned = planned_courses(made, lambda name: tmp_path / name, lambda *_: False, lambda *_: None, stop)
    assert planned == []
    assert {one.why_not for one in done} == {"the report was stopped before it was planned"}


def test_hard_rules_that_clash_are_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rule = '[[rules.share]]\nname = "Bases"\ntypes = ["resource_base"]\nat_least = 0.1\nfrom_year = 2028\nhard = true\n'
    model = written(tmp_path, two=FILES["two.toml"].replace("[travel]", f"{rule}[travel]"))
    least = [one for one in courses_of(cases(model)) if one.key == "do_minimum"]
    done, planned = planned_courses(least, lambda name: tmp_path / name, lambda *_: False, lambda *_: None)
    assert (planned, done[0].case) == ([], None)
    assert done[0].why_not


def test_a_folder_that_cannot_be_used_is_refused_before_anything_is_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = Path("results/two/do-minimum/mine.txt")
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(InputError, match=r"mine\.txt"):
        report_to_folder(written(tmp_path), only=["paper"])
    assert [one.name for one in Path("results/two").iterdir()] == ["do-minimum"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model's report with all of its options planned."""
    here = tmp_path_factory.mktemp("options")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        made = report_to_folder(written(here), only=["paper"])
        assert made.planned == (BASE, "do-minimum", "bases-first", "special-first", "help", "free-school-late")
        assert report_to_folder(here / "two.toml", only=["paper"]).planned == ()
    return here / "results" / "two" / "base"


@pytest.mark.slow
def test_every_option_has_a_row_and_a_reason(report: Path) -> None:
    texts = texts_in((report / "report" / "cabinet-paper.docx").read_bytes())
    for label in ("Do minimum", "Bases first", "Special schools first", "Preferred"):
        assert texts.count(label) >= 4, label  # side by side, gates, and twice as a heading of scores
        why = (f"{label}: not preferred.", f"{label}: comes to the same cost")
        assert label == "Preferred" or any(text.startswith(why) for text in texts), label
    assert any("Evidence given: a pilot in two schools." in text for text in texts)
    assert any(text.startswith("Demand (early help): not an alternative") for text in texts)
    assert any(text.startswith("If it is late: Fen Free School would start a year late, in 2028/29.") for text in texts)


@pytest.mark.slow
def test_every_figure_of_the_options_equals_its_cell(report: Path) -> None:
    figures = json.loads((report / "report" / "figures.json").read_text("utf-8"))
    workings = [one for one in figures if one["table"] == "report/workings"]
    others = [one for one in figures if one["table"].startswith("../") and one["table"].endswith("/measures")]
    assert len(workings) > 60
    assert len({one["table"] for one in others}) == 5
    for one in [*workings, *others[:60]]:
        table = pd.read_csv(
            report / f"{one['table']}.csv", dtype={"item": str}, keep_default_na=False, encoding="utf-8-sig"
        )
        for column, cell in one["row"].items():
            table = table[table[column].astype(str) == str(cell)]
        assert float(table[one["column"]].iloc[0]) == one["value"], one


@pytest.mark.slow
def test_the_steps_go_from_doing_nothing_more_to_the_plan(report: Path) -> None:
    table = pd.read_csv(report / "report" / "workings.csv", encoding="utf-8-sig").set_index(["working", "item"])[
        "value"
    ]
    measures = pd.read_csv(report / "measures.csv", keep_default_na=False, encoding="utf-8-sig")
    whole = measures[measures["item"] == ""].set_index("measure")["plan"].astype(str)
    down = float(whole["overspend_same_lines_nothing_more"]) - float(whole["overspend_same_lines"])
    assert table["step", "other_placements"] + table["step", "programme"] == pytest.approx(down)
    texts = texts_in((report / "report" / "cabinet-paper.docx").read_bytes())
    assert "The programme, and other proposals" in texts


def test_a_score_follows_its_threshold() -> None:
    from sufficiency.report.content.weighing import CRITERIA

    by = {one.key: one for one in CRITERIA}
    assert [by["dsg"].score(value) for value in (-0.06, -0.05, -0.02, 0.0)] == [3, 3, 2, 1]
    assert [by["capital_a_place"].score(value) for value in (30_000, 60_000, 60_001)] == [3, 2, 1]
    assert [by["host_schools"].score(value) for value in (0, 16, 17, 33)] == [3, 3, 2, 1]
    assert replace(by["dsg"], good=("", -1.0)).score(-0.06) == 2


def test_a_scenario_whose_folder_would_be_that_of_an_option_is_the_option(tmp_path: Path) -> None:
    """On Windows `Do-Minimum` and `do-minimum` are one folder."""
    two = FILES["two.toml"].replace("[scenarios.help]\n", "[scenarios.Do-Minimum]\nabout = 'x'\n[scenarios.help]\n", 1)
    assert own_courses(read_model(written(tmp_path, two=two)))["do_minimum"] == "Do-Minimum"
