"""The picture of `check`: places against children from the tables alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sufficiency import api
from sufficiency.case import Case
from sufficiency.plan.instance.build import instance_data
from sufficiency.report.screens.supply import supply_screen
from tests.solved import toy_case

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def toy() -> Case:
    return toy_case()


@pytest.fixture(scope="module")
def saltmere() -> Case:
    return api.read(ROOT / "models" / "saltmere.toml")


def numbers(screen: str, label: str) -> list[int]:
    """The numbers of the first row that starts with `label`."""
    row = next(line for line in screen.splitlines() if line.strip().startswith(label))
    found = re.findall(r"[−+]?[\d,]+", row[len(label) + 2 :])
    return [int(text.replace(",", "").replace("−", "-")) for text in found]


def test_totals_are_those_that_the_plan_starts_from(toy: Case) -> None:
    data = instance_data(toy)
    state = data.lines["funded_by_state"].to_numpy()
    totals = numbers(supply_screen(toy), "All")
    for position, year in enumerate((0, 1, data.horizon)):
        need, other, places, spare = totals[4 * position : 4 * position + 4]
        asked = toy.tables.demand.loc[toy.tables.demand["year"] == data.years[year], "children"].sum()
        assert abs(need - asked) <= 1
        assert abs(places - data.places[year, state].sum()) <= 1
        assert spare == places - (need - other)


def test_what_is_kept_free_is_no_place(toy: Case) -> None:
    rules = toy.model.rules.model_copy(update={"reserve": 1.0})
    with_reserve = replace(toy, model=toy.model.model_copy(update={"rules": rules}))
    assert numbers(supply_screen(with_reserve), "All")[2::4] == [0, 0, 0]


def test_a_closed_setting_has_no_places(toy: Case) -> None:
    settings = toy.tables.settings.assign(closes=2026.0)
    closed = replace(toy, tables=replace(toy.tables, settings=settings))
    now, *later = numbers(supply_screen(closed), "All")[2::4]
    assert now > 0
    assert later == [0, 0]


def test_children_in_colleges_without_a_limit_are_not_short(saltmere: Case) -> None:
    """Saltmere: 442 children are at further education colleges and 41 at specialist institutions, most post-16, and 151
    are in EOTAS or home education; none of them wants a place of a state-funded setting.
    """
    case = saltmere
    placed = case.tables.placements
    kinds = placed["line"].map(case.tables.places.drop_duplicates("line").set_index("line")["type"])
    elsewhere = placed.loc[kinds.isin(["college", "specialist_post_16", "eotas"]), "children"].sum()
    _, other, *_ = numbers(supply_screen(case), "All")
    assert other == pytest.approx(elsewhere, rel=0.03)  # some who wait or are not placed follow the others
    need, other, places, spare = numbers(supply_screen(case), "Post-19")[:4]
    assert places == 0
    assert other > 0.9 * need
    assert spare == -(need - other)


def test_without_placements_today_is_asked_for(toy: Case) -> None:
    screen = supply_screen(replace(toy, tables=replace(toy.tables, placements=None)))
    assert "add the table placements" in screen


def test_a_year_groups_model_is_shown_by_school_phase(saltmere: Case) -> None:
    wards = supply_screen(saltmere)
    groups = supply_screen(api.read(ROOT / "models" / "saltmere-year-groups.toml"))
    assert numbers(groups, "Primary")[0] == numbers(wards, "Primary")[0]
    assert "Year 7" not in groups
    assert "FICTIONAL DATA: nobody lives here." in groups


def test_it_fits_a_screen(saltmere: Case) -> None:
    screen = supply_screen(saltmere)
    assert len(screen.splitlines()) <= 50
    assert all(len(line) <= 110 for line in screen.splitlines() if not line.startswith("Lines"))


def test_children_of_the_base_year_in_no_row_of_placements_are_counted(toy: Case) -> None:
    """73 children in demand, 64 in placements, the one awaiting a place included."""
    row = next(line for line in supply_screen(toy).splitlines() if "in no row" in line)
    assert int(row.split()[-1]) == round(73.0 - 64.0)
