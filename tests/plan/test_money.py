"""What a plan costs: small programs worked by hand, the answer in the test."""

from __future__ import annotations

import pytest

from ..worked import case_of, model_of, steady
from .planned import YEAR, planned


def test_place_funding_counts_every_commissioned_place_and_empty_ones_at_their_rate() -> None:
    # 6 base places, 4 children: 4 × £6,000 + 2 × £10,000; 5 special places at £10,000, one child.
    case = case_of(
        model_of(YEAR),
        demand=steady("A", 4, range(2025, 2027)),
        settings=[{"setting": "B", "type": "resource_base"}, {"setting": "S"}],
        places=[{"line": "base", "setting": "B", "places": 6}, {"line": "special", "setting": "S", "places": 5}],
        costs=[
            {"type": "resource_base", "per_child": 12_000},
            {"type": "resource_base", "per_place": 6_000, "per_empty_place": 10_000},
            {"type": "special_school", "per_child": 20_000, "per_place": 10_000},
        ],
    )
    assert planned(case).money == pytest.approx(4 * 12_000 + 4 * 6_000 + 2 * 10_000 + 5 * 10_000)


def test_inflation_discount_and_tail() -> None:
    # £10,000 in 2025; 10 % inflation, 10 % discount, first plan year undiscounted: 11,000 + 12,100/1.1; the
    # tail repeats the last year's £12,100 twice more: /1.21 and /1.331.
    case = case_of(
        model_of((2025, 2027), finance={"inflation": {"default": 0.1}, "discount_rate": 0.1, "tail_years": 2}),
        demand=steady("A", 1, range(2025, 2028)),
        places=[{"line": "only", "setting": "S", "places": 5}],
        costs=[{"per_child": 10_000}],
    )
    assert planned(case).money == pytest.approx(11_000 + 12_100 / 1.1 + 12_100 / 1.21 + 12_100 / 1.331)


def test_transport_is_for_the_share_who_are_transported() -> None:
    # 0.8 × (3,000 + 10 km × £2.4 × 190 × 2 / 2.4) = 0.8 × 6,800.
    case = case_of(
        model_of(YEAR, travel={"fixed_per_child": 3_000, "pounds_per_km": 2.4}),
        demand=steady("A", 1, range(2025, 2027)),
        places=[{"line": "only", "setting": "S", "places": 5}],
        costs=[{"per_child": 10_000}],
        travel=[{"area": "A", "setting": "S", "minutes": 20.0, "km": 10.0}],
    )
    assert planned(case).money == pytest.approx(10_000 + 0.8 * 6_800)
