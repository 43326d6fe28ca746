"""Two closings in a building that has more children than it holds are refused, and only these."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sufficiency import api
from sufficiency.case import Case
from sufficiency.plan.options.programme import programme_by_prices, programme_directly
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.problems import InputError
from tests.worked import case_of, model_of, steady


def building(physical: float, closing: tuple[str, ...] = ("A", "B")) -> Case:
    """Lines A and B of one building with five children each, all of whom stay."""
    return case_of(
        model_of((2025, 2026), solver={"gap": 1e-9}, continuity={"stay": {"primary": 1.0}}),
        demand=steady("a", 10, range(2025, 2027)),
        places=[
            {"line": "A", "setting": "S", "places": 5.0},
            {"line": "B", "setting": "S", "places": 5.0},
            {"line": "X1", "setting": "X"},
        ],
        settings=[
            {"setting": "S", "type": "special_school", "physical_places": physical},
            {"setting": "X", "type": "independent"},
        ],
        placements=[{"area": "a", "line": line, "children": 5.0} for line in ("A", "B")],
        costs=[
            {"setting": "", "per_child": 30_000.0},
            {"line": "A", "per_child": 60_000.0},
            {"line": "B", "per_child": 60_000.0},
            {"setting": "X", "per_child": 50_000.0},
        ],
        options=[
            {"option": f"C{line}", "setting": "S", "closes_line": line, "earliest": 2026, "latest": 2026}
            for line in closing
        ],
    )


@pytest.mark.parametrize("route", [programme_by_prices, programme_directly])
def test_two_closings_in_an_overfull_building_are_refused(route) -> None:  # type: ignore[no-untyped-def]
    """Room 5, ten children: either closing alone leaves the limit at 5, and so do both together."""
    with pytest.raises(InputError, match=r"CA, CB close lines of one building \(S\) that has more children in 2026"):
        route(prepare(building(5.0)))


@pytest.mark.parametrize(("physical", "closing"), [(10.0, ("A", "B")), (5.0, ("A",))])
def test_closings_are_weighed_where_the_sum_is_right(physical: float, closing: tuple[str, ...]) -> None:
    """Ten children at £60,000 in the building, £50,000 each at X: every line that may close does."""
    programme = programme_by_prices(prepare(building(physical, closing)))
    assert sorted(one.scheme.option for one in programme.opened) == [f"C{line}" for line in closing]
    stays = 2 - len(closing)
    assert solve_by_pricing(programme.instance).plan.money == pytest.approx(stays * 300_000 + len(closing) * 250_000)


TOY = Path(__file__).parents[1] / "toy"


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """The toy with a second line in the Sands School, which has more children than the 20 it has room for, and two
    schemes that close its lines.
    """
    shutil.copytree(TOY, tmp_path / "toy")
    folder = tmp_path / "toy"
    for file, old, new in (
        ("settings.csv", "South,,,40,", "South,,,20,"),
        ("places.csv", "AP,100004", "S2,100003,ASD SEMH,any,2020,5,0,0,,,0\nAP,100004"),
        ("places.csv", "SP,100003,ASD SEMH,any,2020,36,2,1,,,0.1", "SP,100003,ASD SEMH,any,2020,36,2,1,,,0"),
        ("options.csv", "ramp,per_year,group\n", "ramp,per_year,group,closes_line\n"),
        ("options.csv", "0.5 1,0,\n", "0.5 1,0,,\n"),
        ("options.csv", "5000,\n", "5000,,\nC1,100003,,,,2026,2026,,,,,,,SP\nC2,100003,,,,2026,2026,,,,,,,S2\n"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder / "toy.toml"


def scenario_with_room(name: str, rooms: int) -> str:
    where = 'table = "settings", where = { setting = "100003" }'
    return f"[scenarios.{name}]\nedit = [{{ {where}, set = {{ physical_places = {rooms} }} }}]\n"


def test_check_lists_what_the_plan_refuses_beside_all_else(crowded: Path) -> None:
    model = crowded.read_text(encoding="utf-8")
    wrong = '[scenarios.wrong]\nremove = [{ table = "places", where = { line = "QQ" } }]\n'
    crowded.write_text(model + wrong + scenario_with_room("room", 60), encoding="utf-8")
    said = [str(one) for one in api.inspect(crowded)[0] if one.severity == "error"]
    assert len(said) == 2
    assert any("scenarios.wrong.remove 1" in one for one in said)
    (refused,) = [one for one in said if "close lines of one building" in one]
    assert refused.startswith("options.csv, column closes_line, value “100003”: C1, C2 close lines of one building")
    with pytest.raises(InputError, match="C1, C2 close lines of one building"):
        api.solve(api.read(crowded))
    assert not [one for one in api.inspect(crowded, "room")[0] if one.severity == "error"]


def test_check_names_the_scenario_in_which_a_building_is_too_full(crowded: Path) -> None:
    settings = crowded.parent / "settings.csv"
    settings.write_text(settings.read_text(encoding="utf-8").replace("South,,,20,", "South,,,60,"), encoding="utf-8")
    crowded.write_text(crowded.read_text(encoding="utf-8") + scenario_with_room("full", 20), encoding="utf-8")
    (said,) = [one.what for one in api.inspect(crowded)[0] if one.severity == "error"]
    assert said.startswith("scenario full: C1, C2 close lines of one building (100003)")
