"""What the plan comes to with low and with high demand, each figure derived beside it."""

from __future__ import annotations

import numpy as np
import pytest

import sufficiency as sf

from ..worked import case_of, model_of


def test_low_and_high_demand_are_placed_and_paid_for_with_the_same_schemes() -> None:
    # 4 children, 2 to 7 in 2026 and 2027; nobody stays. Two places at £10,000 (£0 place funding), the rest is bought at
    # £50,000. A year: 2 × 10 + 2 × 50 = 120; low 2 × 10 = 20; high 2 × 10 + 5 × 50 = 270 thousand. The financial year
    # 2026 has 5/12 of the base year, 120 in each: 120; 50 + 7/12 × 20 = 61.667; 50 + 7/12 × 270 = 207.5.
    rows = [{"area": "A", "year": 2025, "children": 4.0, "low": np.nan, "high": np.nan}]
    rows += [{"area": "A", "year": year, "children": 4.0, "low": 2.0, "high": 7.0} for year in (2026, 2027)]
    case = case_of(
        model_of((2025, 2027), continuity={"stay": {"primary": 0.0}}),
        demand=rows,
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "s", "setting": "S", "places": 2}, {"line": "i", "setting": "I", "places": np.nan}],
        costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 50_000}],
        placements=[{"area": "A", "line": "s", "children": 2}, {"area": "A", "line": "i", "children": 2}],
    )
    table = sf.solve(case).frames["range"].set_index(["measure", "financial_year"])
    assert table.loc[("spend_dsg", 2026)].tolist() == pytest.approx([61_666.67, 120_000, 207_500], rel=1e-6)
    assert table.loc[("spend_dsg", 2027)].tolist() == pytest.approx([20_000, 120_000, 270_000], rel=1e-6)
    assert "range" not in sf.solve(case, appraise=False).frames


def test_without_low_and_high_there_is_no_range() -> None:
    from ..solved import toy_result

    assert "range" not in toy_result().frames
