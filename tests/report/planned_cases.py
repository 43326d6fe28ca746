"""Plans for the tests of tables and workbook: one that cannot close its gap, one that does, one with hostile names."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

import sufficiency as sf
from sufficiency.api.reading import changed_case
from sufficiency.report.content.tables import Planned
from sufficiency.report.content.tables.effects import CHANGED, WHERE
from tests.solved import toy_case, toy_result
from tests.worked import case_of, model_of, steady

FORMULA = '=HYPERLINK("http://evil.example","click")'
"""Text that a spreadsheet would run."""


@cache
def falls_short() -> Planned:
    """The toy: nine children short of a state-funded place in its last year, and over budget."""
    return Planned(toy_result(), toy_case())


@cache
def closes() -> Planned:
    """The toy with 30 more places in every school and four times the budget: nobody is short, the grant is enough."""
    case = changed_case(
        toy_case(),
        {
            "edit": [
                {"table": "places", "where": {"line": ["QB", "HB", "SP", "AP"]}, "plus": {"places": 30}},
                {"table": "settings", "where": {"setting": "100003"}, "set": {"physical_places": 200}},
                {"table": "budget", "where": {"budget_line": ["1.2.1", "1.2.3"]}, "times": {"pounds": 4}},
            ]
        },
    )
    return Planned(sf.solve(case), case)


@cache
def with_impact() -> Planned:
    """The toy with the tables that are made with the appraisal, a few rows each: all spend belongs to the North and to
    ASD primary but for capital; 40 of 78 children are in their locality under the plan, 30 if we do nothing more.
    """
    planned = falls_short()
    spend = planned.result.spend.drop(columns="post_16_pounds")
    ours = spend["fund"] != "capital"
    group = {"group": "locality", "value": "North", "mean_minutes": 12.5, "p90_minutes": 20.0, "children": 78.0}
    impact = [
        {"year": 2026, "projection": "unmitigated", **group, "in_locality": 30.0},
        {"year": 2026, "projection": "plan", **group, "in_locality": 40.0, "longer": 2.0, "shorter": 5.0},
        {"year": 2025, "projection": "today", **group, "group": "all", "value": "all", "children": 73.0},
        {"year": 2026, "projection": "plan", **group, "group": "need", "value": "ASD", "children": 47.0},
        {"year": 2026, "projection": "plan", **group, "group": "need", "value": "SEMH", "children": 30.5},
    ]
    by_option = {"option": "QB+", "group": "all", "value": "all", "children": 78.0, "awaiting": 0.0}
    frames = {
        "spend_by_area": spend.assign(locality=np.where(ours, "North", ""), area=np.where(ours, "N1", "")),
        "spend_by_need": spend.assign(
            locality=np.where(ours, "North", ""), need=np.where(ours, "ASD", ""), phase=np.where(ours, "primary", "")
        ),
        "impact": pd.DataFrame(impact).reindex(columns=list(dict.fromkeys([*impact[0], *WHERE, *CHANGED]))),
        "impact_options": pd.DataFrame(
            [
                {**by_option, "state": "left", "mean_minutes": 14.0},
                {**by_option, "state": "opened", "mean_minutes": 13.0},
            ]
        ),
        "range": pd.DataFrame(
            {
                "measure": ["bought", "dsg_in_year"],
                "financial_year": [2028, 2026],
                "low": [2.0, -500_000.0],
                "central": [5.5, -1_000_000.0],
                "high": [9.0, -1_500_000.0],
            }
        ),
    }
    return Planned(replace(planned.result, frames=planned.result.frames | frames), planned.case)


@cache
def hostile() -> Planned:
    """Names that a spreadsheet would run, in every place where a planner may write one."""
    case = case_of(
        model_of(
            (2025, 2027),
            rules={"share": [{"name": "=1+1", "types": ["independent"], "at_most_children": 1}]},
            labels={"types": {"special_school": FORMULA, "independent": "@SUM(A1)"}, "phases": {"primary": "+A1"}},
            about=FORMULA,
        ),
        demand=steady("A", 6, range(2025, 2028)),
        settings=[
            {"setting": "-S", "name": FORMULA},
            {"setting": "I", "type": "independent", "name": "http://evil.example"},
            {"setting": "N", "name": "a\x07b\r\nc" + "x" * 40_000},
        ],
        places=[
            {"line": "=s", "setting": "-S", "places": 2},
            {"line": "i", "setting": "I", "places": np.nan},
        ],
        costs=[
            {"type": "special_school", "per_child": 10_000, "budget_line": "=2+2"},
            {"type": "independent", "per_child": 60_000, "budget_line": "1.2.3"},
        ],
        placements=[{"area": "A", "line": "=s", "children": 2}, {"area": "A", "line": "i", "children": 4}],
        options=[
            {"option": "+O", "setting": "N", "name": FORMULA, "places": 4, "earliest": 2026, "latest": 2027},
        ],
    )
    result = sf.solve(case)
    return Planned(replace(result, summary=result.summary | {"model": "&G" + FORMULA}), case, {FORMULA: result})
