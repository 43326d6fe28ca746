"""What every setting is worth: each worth worked by hand, or found again by another way."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sufficiency import api
from sufficiency.api.reading import changed_case
from sufficiency.case import Case
from sufficiency.codes import NEEDS
from sufficiency.deadline import Interrupted, Stop
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_directly
from sufficiency.plan.tuning import Tuning
from sufficiency.problems import InputError
from sufficiency.studies.worth import Worth, closing
from sufficiency.tables.checks.all import check_tables

from ..examples import examples
from ..random_cases import random_case, richer_case
from ..random_options import random_case_with_options
from ..solved import toy_case, toy_result
from ..tiny import tiny
from ..worked import case_of, model_of, steady

TOY = Path(__file__).parents[1] / "toy" / "toy.toml"
YEAR = (2025, 2026)
COLUMNS = (
    "setting,name,type,locality,places,children_there,more,more_money,more_awaiting,more_minutes,per_child,instead,note,"
    "rules_missed"
)
BLANK = ["more", "more_money", "more_awaiting", "more_minutes", "per_child"]


def worths(case: Case) -> Worth:
    return api.setting_worths(with_travel_table(case))


def by_setting(case: Case) -> pd.DataFrame:
    return worths(case).table.set_index("setting")


def with_travel_table(case: Case) -> Case:
    """A case written by hand has journeys and no table of them; where settings change, they are read from it."""
    if case.tables.travel is not None:
        return case
    area, setting = np.nonzero(~np.isnan(case.journeys.minutes))
    travel = pd.DataFrame(
        {
            "area": np.asarray(case.journeys.areas, dtype=object)[area],
            "setting": np.asarray(case.journeys.settings, dtype=object)[setting],
            "minutes": case.journeys.minutes[area, setting],
            "km": case.journeys.km[area, setting],
        }
    )
    return replace(case, tables=replace(case.tables, travel=travel))


def near_and_far(far: dict[str, Any] | None = None, funding: float = np.nan, **more: Any) -> Case:
    """Ten children; `near` at their door for £10,000, `far` 30 minutes away for £12,000, an hour of travel £5."""
    return case_of(
        model_of(YEAR, weights={"hour_travelled": 5}, **more.pop("sections", {})),
        demand=steady("A", 10, range(2025, 2027)),
        places=[
            {"line": "near", "setting": "N", "places": 10},
            {"line": "far", "setting": "F", "places": 20} | (far or {}),
        ],
        costs=[
            {"setting": "N", "per_child": 10_000},
            {"setting": "F", "per_child": 12_000, "per_place": funding},
        ],
        travel=[{"area": "A", "setting": "F", "minutes": 30.0, "km": 20.0}],
        **more,
    )


def test_ten_children_go_to_the_more_expensive_school_half_an_hour_away() -> None:
    # 10 · £2,000 of fees; half an hour on 190 days, both ways, at £5 an hour is £950 a child. Nobody uses `far`.
    worth = by_setting(near_and_far())
    assert worth.index.tolist() == ["N", "F"]
    near, far = worth.loc["N"], worth.loc["F"]
    assert near["children_there"] == pytest.approx(10)
    assert near["places"] == 10
    assert near["more"] == pytest.approx(10 * (2_000 + 950))
    assert near["more_money"] == pytest.approx(10 * 2_000)
    assert near["more_minutes"] == pytest.approx(30)
    assert near["more_awaiting"] == pytest.approx(0)
    assert near["per_child"] == pytest.approx(2_950)
    assert near["instead"] == "10.0 at F"
    assert far[["children_there", "more", "more_minutes"]].tolist() == pytest.approx([0, 0, 0])
    assert np.isnan(far["per_child"])
    assert (far["instead"], far["note"]) == ("", "")


def test_rules_that_are_missed_are_said_of_every_plan_that_is_compared() -> None:
    # One child at most in the independent school: kept while `near` has ten places; with nine of them one child is
    # there, with eight two: missed. Without `near` all ten are: missed.
    rule = {"name": "One", "types": ["independent"], "at_most_children": 1}
    kinds = [{"setting": "N"}, {"setting": "F", "type": "independent"}]
    case = with_travel_table(near_and_far(settings=kinds, sections={"rules": {"share": [rule]}}))
    weights = case.model.weights.model_copy(update={"rule_breach": 1_000.0})  # less than to wait
    case = replace(case, model=case.model.model_copy(update={"weights": weights}))
    asked, near = api.session(case), {"table": "places", "where": {"line": "near"}}
    missed = [asked.what_if({"edit": [near | {"set": {"places": places}}]}).rules_missed for places in (10, 9, 8)]
    assert missed == ["", "", "One: 2026"]
    answer = api.setting_worths(case)
    assert answer.table.set_index("setting")["rules_missed"].to_dict() == {"N": "One: 2026", "F": ""}
    shown = api.worth_screen(answer)
    assert "Without N missed: One: 2026" in shown
    assert "present value, 2026/27 pounds" in shown


def test_a_setting_nobody_uses_saves_its_place_funding() -> None:
    # `far` has 20 places at £1,000 whether anybody is there or not.
    far = by_setting(near_and_far(funding=1_000)).loc["F"]
    assert far[["more", "more_money"]].tolist() == pytest.approx([-20_000, -20_000])
    assert far["note"] == ""


def test_who_finds_no_place_waits() -> None:
    # `far` takes eight of the ten; the other two wait, at £1,000,000 of weight instead of a £10,000 fee.
    near = by_setting(near_and_far(far={"places": 8})).loc["N"]
    assert near["more"] == pytest.approx(8 * 2_950 + 2 * (1_000_000 - 10_000))
    assert near["more_money"] == pytest.approx(8 * 2_000 - 2 * 10_000)
    assert near["more_awaiting"] == pytest.approx(2)
    assert near["instead"] == "8.0 at F; 2.0 awaiting a place"


def test_two_years_count_every_year() -> None:
    # The same ten children in 2026 and 2027; places from 2026 on are listed, `children_there` is a mean year.
    case = near_and_far()
    model = model_of((2025, 2027), weights={"hour_travelled": 5})
    demand = pd.concat([case.tables.demand, case.tables.demand.tail(1).assign(year=2027)], ignore_index=True)
    near = by_setting(replace(case, model=model, tables=replace(case.tables, demand=demand))).loc["N"]
    assert near["more"] == pytest.approx(2 * 10 * 2_950)
    assert near["children_there"] == pytest.approx(10)
    assert near["per_child"] == pytest.approx(2_950)


def test_children_already_there_move_at_once() -> None:
    # All ten are placed at dear D (£50,000) and 6/7 of them stay in 2026, 1/7 enter cheap C at £15,000. Without D all
    # ten are at C: a saving of 10 · 6/7 · £35,000 that no plan may make, and the note says so.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 10, range(2025, 2027)),
        placements=[{"area": "A", "line": "dear", "children": 10}],
        places=[{"line": "dear", "setting": "D", "places": 20}, {"line": "cheap", "setting": "C", "places": 20}],
        costs=[{"setting": "D", "per_child": 50_000}, {"setting": "C", "per_child": 15_000}],
    )
    worth = by_setting(case)
    assert worth.loc["D", "more"] == pytest.approx(-10 * 6 / 7 * 35_000)
    assert "already there would have to move at once" in worth.loc["D", "note"]
    assert worth.loc["C", "more"] == pytest.approx(10 / 7 * 35_000)
    assert worth.loc["C", "note"] == ""


def test_hard_rules_that_clash_without_it_are_words_and_not_a_crash() -> None:
    base = {"name": "Half in bases", "types": ["resource_base"], "at_least": 0.5, "hard": True}
    kinds = [{"setting": "N", "type": "resource_base"}, {"setting": "F", "type": "special_school"}]
    answer = worths(near_and_far(settings=kinds, sections={"rules": {"share": [base]}}))
    last = answer.table.iloc[-1]
    assert answer.table["setting"].tolist() == ["F", "N"]
    assert last[BLANK].isna().all()
    assert last["note"].startswith("No plan without it: no plan keeps the hard rule “Half in bases”")
    assert last["children_there"] == pytest.approx(10)
    assert "N: No plan without it" in api.worth_screen(answer)


def test_a_school_closes_with_its_satellite() -> None:
    # Near has six places, its satellite at the same door four; without the school all ten are at `far`.
    case = near_and_far(
        settings=[{"setting": "N"}, {"setting": "F"}, {"setting": "T", "name": "Annexe", "school": "N"}],
    )
    places = pd.concat([case.tables.places, case.tables.places.head(1).assign(line="annexe", setting="T", places=4.0)])
    places.loc[places["line"] == "near", "places"] = 6.0
    costs = pd.concat([case.tables.costs, case.tables.costs.head(1).assign(setting="T")], ignore_index=True)
    tables = replace(case.tables, places=places.reset_index(drop=True), costs=costs)
    worth = by_setting(replace(case, tables=tables))
    assert worth.loc["N", "more"] == pytest.approx(10 * 2_950)
    assert worth.loc["N", ["places", "children_there"]].tolist() == pytest.approx([10, 10])
    assert worth.loc["N", "note"] == "With Annexe"
    assert worth.loc["T", "more"] == pytest.approx(4 * 2_950)


def test_options_there_do_not_open_and_others_stay() -> None:
    # N (£10,000) holds ten, twenty with its option; one at O (£20,000) ten. Nobody is at F (£40,000), which has no
    # limit: it is not asked about.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 30, range(2025, 2027)),
        settings=[{"setting": "N"}, {"setting": "F", "type": "independent"}, {"setting": "O"}],
        places=[{"line": "near", "setting": "N", "places": 10}, {"line": "far", "setting": "F", "places": np.nan}],
        costs=[
            {"setting": "N", "per_child": 10_000},
            {"setting": "F", "per_child": 40_000},
            {"setting": "O", "per_child": 20_000},
        ],
        options=[
            {"option": "more", "setting": "N", "line": "near", "needs": tuple(NEEDS), "places": 10, "per_year": 7_000},
            {"option": "new", "setting": "O", "places": 10, "per_year": 5_000},
        ],
    )
    worth = by_setting(case)
    assert worth.loc["N", "more"] == pytest.approx(20 * 30_000 - 7_000)
    assert worth.loc["N", "note"] == "Without option more (2026)"
    assert worth.loc["O", "more"] == pytest.approx(10 * 20_000 - 5_000)
    assert worth.loc["O", "note"] == "Without option new (2026)"
    assert "F" not in worth.index


def test_what_closed_before_is_left_out_and_what_opens_later_never_does() -> None:
    # N closed in 2025; L opens in 2027, so that its ten children of 2027 go to F instead: 10 · £2,000.
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 10, range(2025, 2028)),
        settings=[{"setting": "N", "closes": 2025}, {"setting": "F"}, {"setting": "L", "opens": 2027}],
        places=[{"line": name, "setting": name, "places": 20} for name in ("N", "F", "L")],
        costs=[{"setting": "F", "per_child": 12_000}, {"per_child": 10_000}],
    )
    case = replace(case, tables=replace(case.tables, demand=_newcomers(case)))
    worth = by_setting(case)
    assert worth.index.tolist() == ["L", "F"]
    assert worth.loc["L", "more"] == pytest.approx(10 * 2_000)
    assert worth.loc["L", ["places", "note"]].tolist() == [20, "Would open in 2027"]


def _newcomers(case: Case) -> pd.DataFrame:
    """Nobody before 2027."""
    demand = case.tables.demand
    return demand.assign(children=demand["children"].where(demand["year"] == 2027, 0.0))


@pytest.mark.slow
def test_every_row_is_the_full_plan_of_the_edited_model() -> None:
    """The toy with nothing to choose, each setting's closure written into its tables and planned from nothing."""
    case = changed_case(toy_case(), {"set": {"rules": {"open_at_most": 0}}})
    plan = api.solve(case, appraise=False).summary
    worth = by_setting(case)
    assert len(worth) == 5
    for setting, row in worth.iterrows():
        without = api.solve(changed_case(case, closing(case, str(setting))), direct=True, appraise=False).summary
        assert row["more"] == pytest.approx(without["objective"] - plan["objective"], abs=1e-6 * plan["objective"])
        assert row["more_money"] == pytest.approx(without["money"] - plan["money"], abs=1e-6 * plan["objective"])


def test_children_there_are_those_of_the_plan() -> None:
    case = toy_case()
    occupancy = toy_result().occupancy
    there = occupancy.groupby("setting")["children"].sum() / occupancy["year"].nunique()
    worth = by_setting(case)["children_there"]
    assert set(worth.index) == {"100001", "100002", "100003", "100004", "IND"}  # not EOT: no place that could close
    assert worth.to_dict() == pytest.approx(there[worth.index].to_dict(), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("many", [False, True], ids=["few arcs", "arcs contested"])
@given(seed=st.integers(0, 100_000), rich=st.booleans())
@examples(8)
def test_every_worth_is_found_again_in_one_piece(many: bool, seed: int, rich: bool) -> None:
    """Years, closures, late openings, satellites, rules, what is settled: against the program of all arcs."""
    case = with_travel_table((richer_case if rich else random_case)(seed))
    assume(not any(problem.severity == "error" for problem in check_tables(case.model, case.tables)))
    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr("sufficiency.api.asking.prepare", partial(prepare, tuning=Tuning(boxstep_arcs=8)))
        worth = by_setting(case)
    plan = solve_directly(prepare(case)).plan
    for setting, row in worth.iterrows():
        assert not np.isnan(row["more"]), row["note"]
        without = solve_directly(prepare(changed_case(case, closing(case, str(setting))))).plan
        scale = max(abs(plan.objective), abs(without.objective), 1.0)
        assert row["more"] == pytest.approx(without.objective - plan.objective, abs=3e-6 * scale)


@pytest.mark.slow
@given(seed=st.integers(0, 100_000))
@examples(8)
def test_with_options_every_setting_has_an_answer(seed: int) -> None:
    case = with_travel_table(random_case_with_options(seed))
    assume(not any(problem.severity == "error" for problem in check_tables(case.model, case.tables)))
    worth = api.setting_worths(case).table
    assert worth["more"].notna().all(), worth["note"].tolist()
    assert worth["more"].is_monotonic_decreasing


# ---- stopped, saved, shown


def stopped_at(number: int) -> Any:
    stop = Stop()

    def progress(step: str, detail: str = "") -> None:
        if step == "Worth" and detail.startswith(f"setting {number} of"):
            stop.ask()

    return api.setting_worths(toy_case(), progress, stop)


def test_stopped_it_keeps_what_it_knows_and_names_the_rest() -> None:
    answer = stopped_at(3)
    assert set(answer.table["setting"]) == {"100001", "100002"}
    assert answer.missing == ("Sands School", "The Link", "Independent schools")
    assert answer.table["more"].notna().all()
    shown = api.worth_screen(answer)
    assert "Interrupted: 2 of 5 settings were asked about." in shown
    assert "Missing: Sands School, The Link, Independent schools" in shown


def test_stopped_before_the_first_there_is_nothing() -> None:
    with pytest.raises(Interrupted, match="the worth of no setting is known"):
        stopped_at(1)
    stop = Stop()
    stop.ask()
    with pytest.raises(Interrupted):
        api.setting_worths(toy_case(), stop=stop)


def test_a_plan_that_is_not_proven_has_no_worths() -> None:
    case = toy_case()
    with pytest.raises(InputError, match="not proven in time"):
        api.setting_worths(changed_case(case, {"set": {"solver": {"seconds": 1e-6}}}))


def test_the_folder_and_the_screen(tmp_path: Path) -> None:
    folder, small = tmp_path / "mine", tiny(tmp_path)
    answer, files = api.setting_worth_to_folder(small, folder=folder)
    assert files == [folder / "worth.csv"]
    assert [item.name for item in folder.iterdir()] == ["worth.csv"]
    lines = (folder / "worth.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == COLUMNS
    assert len(lines) == 1 + len(answer.table)
    shown = api.worth_screen(answer)
    assert "FICTIONAL DATA" in shown
    assert max(map(len, shown.splitlines())) <= 90
    assert all(name in shown for name in answer.table["name"])
    api.setting_worth_to_folder(small, folder=folder)  # over an earlier one
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other things"):
        api.setting_worth_to_folder(small, folder=folder)


def test_the_screen_of_many_settings_has_both_ends() -> None:
    answer = worths(near_and_far())
    many = pd.concat([answer.table.head(1)] * 20, ignore_index=True)
    names = [f"School {number:02}" for number in range(20)]
    shown = api.worth_screen(replace(answer, table=many.assign(name=names, more=np.linspace(9e6, -1e6, 20))))
    assert [name in shown for name in names] == [number < 10 or number >= 15 for number in range(20)]
    assert "… 5 between" in shown
    assert "−£1.0m" in shown
    assert "With a minus" in shown
