"""What the plan costs where every area, need and phase has its low, or its high, forecast: the same schemes open, and
children are placed anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from sufficiency.api.solving import SolvedCase
from sufficiency.arrays import on_one_core
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Interrupted, Stop
from sufficiency.finance.budget import deficit, overspend
from sufficiency.finance.spend import financial, spend_by_academic_year
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_like
from sufficiency.problems import InputError
from sufficiency.progress import Progress, silent
from sufficiency.rates import years_with_budget
from sufficiency.tables import Tables
from sufficiency.tables.schema.results import OUTPUTS

ENDS = ("low", "high")


def has_range(case: Case) -> bool:
    """Whether the demand table gives low and high for some plan year."""
    planned = case.tables.demand[case.tables.demand["year"] > case.model.base_year]
    return all(end in planned and planned[end].notna().any() for end in ENDS)


@on_one_core
def demand_range(solved: SolvedCase, progress: Progress = silent, stop: Stop | None = None) -> pd.DataFrame | None:
    """`range.csv`; None where a stop is asked for, or time is up, before both ends are proven, or where hard rules
    cannot be kept at one of them.

    Cells where an end is blank keep their forecast, and so does the base year. Weights are those of the plan.
    """
    until = Deadline.after(solved.seconds_left, stop)
    columns = {"central": _figures(solved.case, solved.plan)}
    for end in ENDS:
        progress("Range", f"{end} demand")
        case = replace(solved.case, defaults=solved.base.defaults, tables=_at(solved.case, end))
        instance = solved.solved.priced.instance.reopen(prepare(case))
        try:
            plan = solve_like(solved.solved.priced, instance, progress, until).plan
        except (InputError, Interrupted):  # a hard rule cannot be kept at this end, or there was no time
            return None
        if until.stopped or plan.status == "stopped":
            return None
        columns[end] = _figures(case, plan)
    both = pd.DataFrame(columns).rename_axis(["measure", "financial_year"]).reset_index()
    return both[list(OUTPUTS["range"].names)]


def _at(case: Case, end: str) -> Tables:
    """The tables with the demand of plan years at one end of its range."""
    demand = case.tables.demand
    later = (demand["year"] > case.model.base_year) & demand[end].notna()
    return replace(case.tables, demand=demand.assign(children=demand["children"].where(~later, demand[end])))


def _figures(case: Case, plan: Plan) -> dict[tuple[str, int], float]:
    years = spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)
    spend = financial(years, case.model.years[0], case.model.finance.month_split)
    return dict(_measures(case, spend))


def _measures(case: Case, spend: pd.DataFrame) -> Iterator[tuple[tuple[str, int], float]]:
    for fund in ("dsg", "general_fund"):
        summed = spend[spend["fund"] == fund].groupby("financial_year")["pounds"].sum()
        yield from (((f"spend_{fund}", int(year)), float(pounds)) for year, pounds in summed.items())  # type: ignore[call-overload]
    if not years_with_budget(case):
        return
    over = overspend(case, spend)
    gross = over.assign(over=over["over"].clip(lower=0.0)).groupby("financial_year")["over"].sum()
    yield from ((("overspend", int(year)), float(pounds)) for year, pounds in gross.items())  # type: ignore[call-overload]
    balance = deficit(case, spend, spend)
    for row in balance[balance["projection"] == "plan"].to_dict("records"):
        for name in ("in_year", "balance"):
            if not pd.isna(row[name]):
                yield (f"dsg_{name}", int(row["financial_year"])), float(row[name])
