"""A plan made by both routes, the children in its lines, and the case that several tests begin with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing, solve_directly, with_ties_settled

YEAR = (2025, 2026)
BASE_AND_SPECIAL: dict[str, Any] = {
    "places": [
        {"line": "base", "setting": "B", "places": 6},
        {"line": "special", "setting": "S", "places": 20},
    ],
    "costs": [{"setting": "B", "per_child": 10_000}, {"setting": "S", "per_child": 20_000}],
}


def planned(case: Case) -> Plan:
    """The plan by both routes: they must agree before anything else is asked."""
    direct = solve_directly(prepare(case)).plan
    plan = with_ties_settled(solve_by_pricing(prepare(case)))
    assert plan.objective == pytest.approx(direct.objective, rel=1e-9, abs=1e-6)
    assert plan.certificate is not None
    assert plan.certificate.ok
    return plan


def in_line(plan: Plan, year: int) -> dict[str, float]:
    """Children by line in a year."""
    t = int(np.flatnonzero(plan.data.years == year)[0])
    total = np.bincount(plan.data.pair_line, plan.stock[t], len(plan.data.lines))
    return dict(zip(plan.data.lines["line"], total.tolist(), strict=True))
