"""Levels of provision: small programs worked by hand, the answer in the test."""

from __future__ import annotations

from typing import Any

import pytest

from sufficiency.plan.rows.instance import prepare

from ..worked import case_of, model_of, steady
from .planned import YEAR, in_line, planned


def test_levels_keep_children_of_special_level_out_of_base_lines_unless_they_step_down() -> None:
    common: dict[str, Any] = {
        "demand": steady("A", 10, range(2025, 2027), level="special"),
        "places": [
            {"line": "base", "setting": "B", "places": 9, "levels": ("base",)},
            {"line": "special", "setting": "S", "places": 20, "levels": ("special", "complex")},
        ],
        "costs": [{"setting": "B", "per_child": 10_000}, {"setting": "S", "per_child": 20_000}],
    }
    assert in_line(planned(case_of(model_of(YEAR), **common)), 2026) == pytest.approx({"base": 0, "special": 10})
    eased = model_of(YEAR, continuity={"step_down": 0.3})
    assert in_line(planned(case_of(eased, **common)), 2026) == pytest.approx({"base": 3, "special": 7})


def test_known_waiters_of_a_cell_that_is_split_are_not_counted_twice() -> None:
    case = case_of(
        model_of(YEAR, continuity={"step_down": 0.5}),
        demand=steady("A", 10, range(2025, 2027), level="special"),
        placements=[{"area": "A", "level": "special", "line": "awaiting", "children": 8}],
        places=[{"line": "only", "setting": "S", "places": 20}],
        costs=[{"per_child": 10_000}],
    )
    data = prepare(case).data
    assert data.demand[0].sum() == pytest.approx(10)
    assert data.raised == pytest.approx(0)


def test_children_placed_without_a_level_are_of_the_levels_there_are_though_the_line_is_for_neither() -> None:
    # Seven children at two levels, four of them in a line for a third level. Nobody is counted twice, and six of seven
    # stay in primary: 4 × 6/7 are still in the line a year later, and 4 × (6/7)² after two.
    case = case_of(
        model_of((2025, 2027)),
        demand=[
            *steady("A", 3, range(2025, 2028), level="special"),
            *steady("A", 4, range(2025, 2028), level="complex"),
        ],
        places=[
            {"line": "base", "setting": "B", "places": 4, "levels": ("base",)},
            {"line": "school", "setting": "S", "places": 20},
        ],
        costs=[{"setting": "B", "per_child": 30_000}, {"setting": "S", "per_child": 20_000}],
        placements=[{"area": "A", "line": "base", "children": 4}, {"area": "A", "line": "awaiting", "children": 3}],
    )
    plan = planned(case)
    assert plan.data.raised == pytest.approx(0, abs=1e-9)
    assert set(plan.data.cells["level"]) == {"special", "complex"}
    assert in_line(plan, 2026)["base"] == pytest.approx(4 * 6 / 7)
    assert in_line(plan, 2027)["base"] == pytest.approx(4 * (6 / 7) ** 2)


@pytest.mark.parametrize("first", [(0.0, 4.0), (1.0, 3.0)])
@pytest.mark.parametrize("later", [(0.0, 4.0), (2.0, 4.0)])
def test_children_placed_without_a_level_are_of_no_level_that_has_none(
    first: tuple[float, float], later: tuple[float, float]
) -> None:
    # Three in the line, shared as the children of the base year are: a level without any has none of them.
    demand = [
        {"area": "A", "level": level, "year": year, "children": children}
        for year, all_levels in ((2025, first), (2026, later))
        for level, children in zip(("base", "special"), all_levels, strict=True)
    ]
    case = case_of(
        model_of(YEAR),
        demand=demand,
        places=[{"line": "L", "setting": "S", "places": 9}],
        costs=[{"per_child": 20_000}],
        placements=[{"area": "A", "line": "L", "children": 3}],
    )
    plan = planned(case)
    assert plan.status == "optimal"
    assert plan.data.placed == pytest.approx([3 * share / sum(first) for share in first], abs=0)
