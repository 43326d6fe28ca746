"""Scenarios side by side: on the toy model, and differences counted by hand on results of a few rows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sufficiency as sf
from sufficiency import api
from sufficiency.api.comparing import compare_cases
from sufficiency.cli import main
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing, with_ties_settled
from sufficiency.problems import InputError
from sufficiency.report.screens.compare import compare_summary
from sufficiency.result import Result
from sufficiency.result.frames import placements
from sufficiency.result.measures import KEYS
from sufficiency.studies.compare import Comparison, compared, moves

from ..examples import examples
from ..random_cases import random_case
from ..tiny import tiny
from ..worked import case_of, model_of, steady

TOY = Path(__file__).parents[1] / "toy" / "toy.toml"


def result_of(rows: list[tuple[str, str, float]], waiting: float = 0.0) -> Result:
    """A result of one year and need: (area, line, children). Lines S1, S2 are special schools, I is independent."""
    cell = {"year": 2026, "need": "ASD", "phase": "primary"}
    placed = pd.DataFrame([{**cell, "area": area, "line": line, "children": children} for area, line, children in rows])
    awaiting = pd.DataFrame(
        [{**cell, "area": "A", "children": waiting}] if waiting else [], columns=[*cell, "area", "children"]
    )
    kinds = {"S1": "special_school", "S2": "special_school", "I": "independent"}
    occupancy = pd.DataFrame({"line": list(kinds), "type": list(kinds.values())})
    areas = gpd.GeoDataFrame({"area": ["A", "B"], "locality": ["North", "South"]})
    return Result({"placements": placed, "awaiting": awaiting, "occupancy": occupancy}, {}, areas, areas, areas)


BASE_PLAN = [("A", "S1", 4.0), ("A", "I", 2.0), ("B", "S1", 3.0)]


def moves_by_locality(base: Result, other: Result) -> dict[str, tuple[float, float, float]]:
    """By locality: how many more, in another place, of them in another type."""
    table = moves(base, other).set_index("locality")
    return {name: (row["more"], row["other_place"], row["other_type"]) for name, row in table.iterrows()}


def test_the_same_plan_moves_nobody() -> None:
    assert moves(result_of(BASE_PLAN), result_of(BASE_PLAN)).empty


def test_who_is_elsewhere_is_counted_once_and_by_type() -> None:
    # In A one child is in S2 and not in S1 (the same type), and one in S2 and not independent (another).
    other = result_of([("A", "S1", 3.0), ("A", "I", 1.0), ("A", "S2", 2.0), ("B", "S1", 3.0)])
    assert moves_by_locality(result_of(BASE_PLAN), other) == {"North": (0, 2, 1)}


def test_a_child_who_waits_is_placed_otherwise() -> None:
    other = result_of([("A", "S1", 4.0), ("A", "I", 1.0), ("B", "S1", 3.0)], waiting=1.0)
    assert moves_by_locality(result_of(BASE_PLAN), other) == {"North": (0, 1, 1)}


def test_children_whom_only_one_of_them_has_are_not_moved() -> None:
    # Two more in A, who are independent; one fewer in B.
    other = result_of([("A", "S1", 4.0), ("A", "I", 4.0), ("B", "S1", 2.0)])
    assert moves_by_locality(result_of(BASE_PLAN), other) == {"North": (2, 0, 0), "South": (-1, 0, 0)}


def test_ties_are_settled_to_the_base_plan() -> None:
    # Two lines alike in every way; today's children are all in the first, so that is where ties go. A plan that had
    # its entrants in the second is followed all the same.
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}}),
        demand=steady("A", 4, range(2025, 2027)),
        settings=[{"setting": "S"}, {"setting": "T"}],
        places=[{"line": "first", "setting": "S", "places": 9}, {"line": "second", "setting": "T", "places": 9}],
        costs=[{"per_child": 10_000}],
        placements=[{"area": "A", "line": "first", "children": 4}],
    )
    rows = {"year": 2026, "area": "A", "need": "ASD", "phase": "primary"}
    towards = pd.DataFrame([{**rows, "line": "first", "entrants": 1.0}, {**rows, "line": "second", "entrants": 3.0}])
    solved = solve_by_pricing(prepare(case))
    plan = with_ties_settled(solved, towards)
    table = placements(plan, plan.stock).set_index("line")["children"]
    assert table.to_dict() == pytest.approx({"first": 1, "second": 3})


@given(st.integers(0, 100_000))
@examples(20)
def test_the_same_case_settled_to_its_own_plan_is_that_plan(seed: int) -> None:
    case = random_case(seed)
    first = with_ties_settled(solve_by_pricing(prepare(case)))
    again = with_ties_settled(solve_by_pricing(prepare(case)), placements(first, first.stock))
    assert again.objective == pytest.approx(first.objective, rel=1e-9)
    assert abs(again.stock - first.stock).sum() == pytest.approx(0, abs=1e-5)


@pytest.fixture(scope="module")
def toy() -> Comparison:
    return sf.compare(TOY)


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model for tests of folders: what is planned does not matter."""
    return tiny(tmp_path_factory.mktemp("tiny"))


def test_every_scenario_stands_beside_the_base(toy: Comparison) -> None:
    assert toy.scenarios == ("base", "late", "late-and-more")
    figures = toy.figures.set_index(["scenario", "period", "year", "measure", "item"])["value"].sort_index()
    for name, result in toy.results.items():
        spend = result.spend_financial.query("type != 'not_modelled'")
        dsg = spend[(spend["financial_year"] == 2027) & (spend["fund"] == "dsg")]["pounds"].sum()
        assert figures[name, "financial", 2027, "spend", "dsg"] == pytest.approx(dsg)
        children = (
            result.placements.query("year == 2028")["children"].sum()
            + result.awaiting.query("year == 2028")["children"].sum()
        )
        assert figures[name, "academic", 2028, "children", ""] == pytest.approx(children)
    table = toy.figures
    assert (table.loc[table["scenario"] == "base", "difference"].dropna() == 0).all()
    assert list(toy.wide.columns)[-3:] == ["base", "late", "late-and-more"]


def test_a_scenario_is_planned_as_it_would_be_alone(toy: Comparison) -> None:
    alone = sf.solve(sf.read(TOY, scenario="late-and-more"))
    assert toy.results["late-and-more"].summary["objective"] == pytest.approx(alone.summary["objective"], rel=1e-9)


def test_the_screen_names_each_and_says_the_data_are_made_up(toy: Comparison) -> None:
    text = api.compare_screen(toy)
    assert "FICTIONAL DATA: nobody lives here." in text
    for words in ("base, do nothing more", "late-and-more", "And there is more need"):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_without_other_spending_the_comparison_does_not_speak_of_budgets() -> None:
    cases = {name: sf.read(TOY, scenario=name) for name in ("base", "late")}
    poor = {name: replace(case, tables=replace(case.tables, other_spend=None)) for name, case in cases.items()}
    comparison = compare_cases(poor, None, lambda step, detail="": None)
    text = api.compare_screen(comparison).lower()
    assert "over" not in text.replace("coverage", "")
    assert not comparison.figures["measure"].str.contains("over_on_line|overspend|dsg_").any()


def test_schemes_opened_stand_beside_the_money(toy: Comparison) -> None:
    # two schemes: 8 and 6 places, £160,000 and £90,000
    programme = [("capital", "£", 250_000.0), ("places", "places", 14.0), ("options", "options", 2.0)]
    rows = [("whole", 2026, f"programme_{what}", "", unit, number) for what, unit, number in programme]

    def with_measures(name: str, rows: list[tuple[object, ...]]) -> Result:
        result = toy.results[name]
        others = result.measures[~result.measures["measure"].str.startswith("programme_")]
        measures = pd.concat([others, pd.DataFrame(rows, columns=[*KEYS, "plan"])], ignore_index=True)
        return Result(
            {**result.frames, "measures": measures}, result.summary, result.areas, result.settings, result.areas
        )

    with_schemes = with_measures("late", rows)
    comparison = compared({"base": with_measures("base", []), "late": with_schemes})
    figures = {entry["scenario"]: entry["figures"] for entry in compare_summary(comparison)["scenarios"]}
    assert (figures["late"]["capital"], figures["late"]["places_opened"]) == (250_000, 14)
    assert figures["base"]["capital"] is None
    assert "Capital" in api.compare_screen(comparison)


def test_the_command_saves_all_and_uses_results_again(tmp_path: Path) -> None:
    folder = tmp_path / "side by side"
    first = CliRunner().invoke(main, ["compare", str(TOY), "late", "-o", str(folder), "--json"])
    assert first.exit_code == 0
    document = json.loads(first.stdout)
    assert [entry["scenario"] for entry in document["scenarios"]] == ["base", "late"]
    assert not any(entry["reused"] for entry in document["scenarios"])
    written = {item.name for item in folder.iterdir()}
    assert written == {
        "base", "late", "comparison.csv", "comparison_wide.csv", "comparison_moves.csv", "comparison.json",
    }  # fmt: skip
    assert (folder / "late" / "summary.json").is_file()
    before = (folder / "comparison.csv").read_bytes()
    again = CliRunner().invoke(main, ["compare", str(TOY), "late", "-o", str(folder), "--json"])
    assert again.exit_code == 0
    assert all(entry["reused"] for entry in json.loads(again.stdout)["scenarios"])
    assert (folder / "comparison.csv").read_bytes() == before


def test_a_comparison_has_a_folder_of_its_own_and_leaves_plans_as_they_are(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base plan is used, maps and all; the scenario's, whose ties are settled to today's pattern, is not."""
    monkeypatch.chdir(tmp_path)
    for scenario in ("base", "late"):
        _, planned = api.plan_to_folder(small, scenario)
        (planned / "maps").mkdir()
        (planned / "maps" / "gap_2026.png").write_bytes(b"drawn")
    before = {file: file.read_bytes() for file in Path("results").rglob("*") if file.is_file()}
    comparison, folder = api.compare_to_folder(small, ["late"])
    assert folder == Path("results") / "tiny.compare"
    assert comparison.reused == ("base",)
    assert {item.name for item in folder.iterdir() if item.is_dir()} == {"late"}
    comparison, _ = api.compare_to_folder(small, ["late"])
    assert comparison.reused == ("base", "late")
    after = {file: file.read_bytes() for file in Path("results").rglob("*") if file.is_file()}
    assert {file: after[file] for file in before} == before


def test_a_plan_in_the_folder_of_a_comparison_is_not_replaced(tmp_path: Path, small: Path) -> None:
    _, planned = api.plan_to_folder(small, "late", tmp_path / "late")
    before = (planned / "summary.json").read_bytes()
    with pytest.raises(InputError, match="a comparison would replace the plan that is here"):
        api.compare_to_folder(small, ["late"], tmp_path)
    assert (planned / "summary.json").read_bytes() == before


def test_a_name_that_is_none_is_refused_before_anything_is_solved(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["compare", str(TOY), "latr", "-o", str(tmp_path / "new")])
    assert done.exit_code == 2
    assert "there is no such scenario" in done.stderr
    assert "late" in done.stderr
    assert not (tmp_path / "new").exists()


def test_forecasts_and_studies_beside_the_results_stay(tmp_path: Path, small: Path) -> None:
    (tmp_path / "base-forecast").mkdir()
    (tmp_path / "base-forecast" / "summary.json").write_text('{"kind": "forecast"}', encoding="utf-8")
    (tmp_path / "base.worth").mkdir()
    (tmp_path / "base.worth" / "worth.csv").write_text("setting", encoding="utf-8")
    api.compare_to_folder(small, ["late"], tmp_path)
    assert (tmp_path / "base.worth" / "worth.csv").read_text(encoding="utf-8") == "setting"
    assert (tmp_path / "base-forecast" / "summary.json").is_file()


def test_a_foreign_folder_is_left_alone(tmp_path: Path, small: Path) -> None:
    (tmp_path / "letter.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"letter\.docx"):
        api.compare_to_folder(small, ["late"], tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["letter.docx"]
