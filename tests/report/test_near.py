"""Who is near what: counted by hand on the toy, and drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sufficiency import api
from sufficiency.case import Case
from sufficiency.problems import InputError
from sufficiency.report.content.near import near_places, near_summary
from sufficiency.report.maps.near import draw_near
from sufficiency.report.screens.near import near_screen

TOY = Path(__file__).parents[1] / "toy" / "toy.toml"


@pytest.fixture(scope="module")
def toy() -> Case:
    return api.read(TOY)


def minutes(case: Case) -> dict[tuple[str, str, str], float]:
    near = near_places(case)
    return {(row.area, row.need, row.phase): row.minutes for row in near.itertuples()}


def test_the_nearest_place_designated_for_need_and_phase_counts(toy: Case) -> None:
    """QB takes ASD primary, HB ASD secondary, SP ASD and SEMH of all phases, AP SEMH from secondary on."""
    there = minutes(toy)
    assert there["N1", "ASD", "primary"] == 6.4  # QB
    assert there["S1", "ASD", "primary"] == 6.4  # SP, nearer than QB (17.2)
    assert there["N2", "ASD", "secondary"] == 7.2  # HB
    # HB can meet SEMH but is not designated for it: SP at 15.5, not HB at 15.9
    assert there["N1", "SEMH", "secondary"] == 15.5


def test_a_need_that_nobody_is_designated_for_has_no_place(toy: Case) -> None:
    demand = toy.tables.demand.assign(need="VI")
    case = replace(toy, tables=replace(toy.tables, demand=demand))
    near = near_places(case)
    assert np.isinf(near["minutes"]).all()
    rows = near_summary(near)
    assert rows["no_place"].sum() == pytest.approx(near["children"].sum())
    assert rows["within_60"].sum() == 0


def test_places_that_are_closed_or_none_do_not_count(toy: Case) -> None:
    places = toy.tables.places
    places = places.assign(places=places["places"].where(places["line"] != "QB", 0.0))
    case = replace(toy, tables=replace(toy.tables, places=places))
    assert minutes(case)["N1", "ASD", "primary"] == 15.5  # SP
    settings = toy.tables.settings
    settings = settings.assign(closes=settings["closes"].where(settings["setting"] != "100003", 2026))
    closed = replace(case, tables=replace(case.tables, settings=settings))
    assert np.isinf(minutes(closed)["N1", "ASD", "primary"])


def test_children_are_those_of_the_first_plan_year_once_each(toy: Case) -> None:
    demand = toy.tables.demand
    assert near_places(toy)["children"].sum() == pytest.approx(demand.loc[demand["year"] == 2026, "children"].sum())
    rows = near_summary(near_places(toy))
    assert (rows["within_30"] <= rows["within_45"]).all()
    assert (rows["within_60"] + rows["no_place"] <= rows["children"] + 1e-9).all()


def test_the_screen_says_how_many_are_near(toy: Case) -> None:
    screen = near_screen(toy)
    assert "Near a suitable place, 2026/27" in screen
    row = next(line for line in screen.splitlines() if line.startswith("  All"))
    assert row.split()[2] == "100%"
    assert all(len(line) <= 80 for line in screen.splitlines())


def test_the_map_is_drawn_and_the_ending_says_how(toy: Case, tmp_path: Path) -> None:
    files = draw_near(toy, tmp_path / "near.svg")
    assert files == [tmp_path / "near.svg"]
    text = files[0].read_text(encoding="utf-8")
    assert "45 minutes from a suitable place" in text
    assert "Fictional data" in text
    with pytest.raises(InputError, match="png"):
        draw_near(toy, tmp_path / "near.jpg")
