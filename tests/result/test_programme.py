"""What a programme of options saves."""

from __future__ import annotations

from dataclasses import replace

import sufficiency as sf
from tests.solved import toy_case


def test_where_nothing_costs_anything_nothing_is_saved() -> None:
    """No row of spending at all, of any fund."""
    case = toy_case()
    assert case.tables.options is not None
    costs = case.tables.costs.assign(per_child=0.0, per_place=0.0, per_empty_place=0.0)
    options = case.tables.options.assign(per_year=0.0, capital=0.0)
    result = sf.solve(replace(case, tables=replace(case.tables, costs=costs, options=options)))
    appraisal = result.frames["options_appraisal"]
    assert len(appraisal)
    assert not appraisal["full_year_dsg"].fillna(0.0).any()
