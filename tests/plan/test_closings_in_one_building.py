"""Two closings in a building that has more children than it holds are refused, and only these."""

from __future__ import annotations

import pytest

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
