"""From a solved case to its result: tables, layers and summary."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sufficiency.api.solving import SolvedCase
from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.finance.budget import deficit, overspend, with_other_spend
from sufficiency.finance.by_area import spend_by_area, spend_by_need
from sufficiency.finance.monitoring import monitoring
from sufficiency.finance.reconcile import reconciliation
from sufficiency.finance.spend import (
    Posted,
    academic,
    added_up,
    financial,
    place_funding,
    posted,
)
from sufficiency.plan.explain.empty_places import empty_beside_bought
from sufficiency.plan.explain.projection import Projection, do_nothing_more
from sufficiency.plan.explain.shortfall import deficits
from sufficiency.plan.solve.solve import Plan
from sufficiency.progress import Progress, silent
from sufficiency.rates import years_with_budget
from sufficiency.result import Result, frames
from sufficiency.result.bases_first import without_a_base
from sufficiency.result.finances import finances
from sufficiency.result.impact import impact, longer_by
from sufficiency.result.layers import make_layers
from sufficiency.result.measures import measures, present_value
from sufficiency.result.programme import programme_figures, programme_frames, with_capital
from sufficiency.result.summary import summary
from sufficiency.result.walking import walking
from sufficiency.result.whole import base_figures, whole_figures, with_appraisal_figures


@dataclass(frozen=True)
class _Money:
    """What the plan, and doing nothing more, spend, by name of the projection; `over` and
    `balance` only where a budget is known.
    """

    posted: dict[str, list[Posted]]
    academic: dict[str, pd.DataFrame]
    financial: dict[str, pd.DataFrame]
    over: dict[str, pd.DataFrame]
    balance: pd.DataFrame | None


def result_of(solved: SolvedCase, progress: Progress = silent) -> Result:
    """The result that is shown and saved."""
    started = time.perf_counter()
    progress("Tables", "placements, gaps, spend")
    case, plan, programme = solved.case, solved.plan, solved.programme
    projection = do_nothing_more(solved.base)
    stock = plan.stock
    money = _money(case, plan, stock, projection)
    beside = empty_beside_bought(plan)
    by_cell = frames.cell_gaps(plan, stock, beside.children)
    tables = _tables(solved, stock, projection, money, by_cell)
    areas, settings, desire_lines = make_layers(case.tables.areas, case.tables.settings, tables, case.model.plan_years)
    why = deficits(plan)
    seconds = {**solved.seconds, "tables": time.perf_counter() - started}
    spend, least = money.academic, solved.least
    figures = summary(
        plan, projection, spend["plan"], spend["unmitigated"], solved.values, by_cell, beside, why, seconds
    )
    figures["finance"] = finances(
        case, money.financial, money.over, money.balance, least, tables["reconciliation"], tables["place_funding"]
    )
    figures["programme"] = programme_figures(programme, solved.appraisal, plan, tables)
    tables["measures"] = measures(
        figures["headline"],
        money.financial,
        money.over,
        money.balance,
        whole_figures(figures, tables.get("programme"), least, money.over.get("unmitigated")),
        base_figures(figures["finance"]),
        _by_place(plan, projection, money),
        case.model.years[0],
    )
    figures |= _how_far(solved)
    figures["longer_by_minutes"] = longer_by(case)
    figures["ties_settled_to"] = solved.ties_settled_to
    written = {name: frames.without_dust(frame) for name, frame in tables.items()}
    layers = map(frames.without_dust, (areas, settings, desire_lines))
    return Result(written, figures, *layers)


def result_with_appraisal(result: Result, solved: SolvedCase) -> Result:
    """The result of a case with what its appraisal adds, or changes."""
    added = programme_frames(solved.programme, solved.appraisal, solved.plan)
    programme = programme_figures(solved.programme, solved.appraisal, solved.plan, added)
    present = present_value(solved.case.model.years[0])
    added["measures"] = with_appraisal_figures(result.frames["measures"], programme, present)
    added = {name: frames.without_dust(frame) for name, frame in added.items()}
    seconds = {**result.summary["seconds"], **solved.seconds}
    figures = {
        **result.summary,
        **_how_far(solved),
        "programme": programme,
        "seconds": {**seconds, "total": sum(took for step, took in seconds.items() if step != "total")},
    }
    return replace(result, frames={**result.frames, **added}, summary=figures)


def _how_far(solved: SolvedCase) -> dict[str, Any]:
    """What was done, and what was not."""
    return {"interrupted": solved.interrupted, "left_out": solved.left_out, "appraisal": solved.appraised}


def _money(case: Case, plan: Plan, stock: Floats, projection: Projection) -> _Money:
    parts = {
        "plan": posted(case, plan.data, stock, plan.waiting),
        "unmitigated": posted(case, projection.data, projection.stock, projection.waiting),
    }
    spend = {
        "plan": added_up(plan.data, parts["plan"]),
        "unmitigated": added_up(projection.data, parts["unmitigated"]),
    }
    by_financial_year = {
        name: financial(rows, case.model.years[0], case.model.finance.month_split) for name, rows in spend.items()
    }
    if not years_with_budget(case):
        return _Money(parts, spend, by_financial_year, {}, None)
    over = {name: overspend(case, rows) for name, rows in by_financial_year.items()}
    return _Money(parts, spend, by_financial_year, over, deficit(case, **by_financial_year))


def _by_place(plan: Plan, projection: Projection, money: _Money) -> dict[str, list[tuple[str, str, pd.DataFrame]]]:
    """By projection what `measures` calls it, the column to add up by, and pounds by place or need."""
    return {
        name: [
            ("spend_in_locality", "locality", spend_by_area(data, money.posted[name])),
            ("spend_on_need", "need", spend_by_need(data, money.posted[name])),
        ]
        for name, data in (("plan", plan.data), ("unmitigated", projection.data))
    }


def _tables(
    solved: SolvedCase, stock: Floats, projection: Projection, money: _Money, by_cell: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The result's tables by name, but for `measures`, which the summary is needed for."""
    case, plan, programme = solved.case, solved.plan, solved.programme
    data = plan.data
    tables = {
        "placements": frames.placements(plan, stock),
        "occupancy": frames.occupancy(data, stock),
        "awaiting": frames.awaiting(data, plan.waiting),
        "place_values": solved.values,
        "gaps": frames.gaps(by_cell),
        "area_gaps": frames.area_gaps(by_cell),
        "provision": frames.provision(data, stock),
        "journeys": frames.journeys(data, stock),
        "spend": academic(money.academic["plan"]),
        "spend_financial": with_other_spend(case, money.financial["plan"]),
        "spend_by_area": spend_by_area(data, money.posted["plan"]),
        "spend_by_need": spend_by_need(data, money.posted["plan"]),
        "impact": impact(case, plan, projection),
        "place_funding": place_funding(case, data, stock),
        "changes": frames.changes(plan, stock, projection),
        "rules": frames.rules(plan),
        "reconciliation": reconciliation(case, data, money.academic["plan"]),
    }
    if money.balance is not None:
        tables |= {"overspend": money.over["plan"], "deficit": money.balance}
    if case.tables.monitoring is not None:
        tables["monitoring"] = monitoring(case, tables["reconciliation"], money.financial["plan"])
    if case.journeys.walking_km is not None:
        tables["walking"] = walking(case, data, stock)
    tables |= programme_frames(programme, solved.appraisal, plan)
    tables |= with_capital(tables, programme)
    tables["spend"]["post_16_pounds"] = tables["spend"]["post_16_pounds"].fillna(0.0)  # of capital nothing is
    if case.model.rules.bases_first:
        tables["bases_first"] = without_a_base(case, solved.base.data)
    return tables
