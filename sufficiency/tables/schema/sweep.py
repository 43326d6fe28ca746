"""The tables that a sweep writes: what every column means."""

from __future__ import annotations

from sufficiency.tables.schema.columns import YEAR_OUT, TableSpec, output

_BANDS = {
    "p05": "5th percentile over the draws that have a plan | number",
    "p50": "their median | number",
    "p95": "their 95th percentile | number",
}

SWEEPS: dict[str, TableSpec] = {
    "draws": output(
        "draws",
        "The draws of a sweep, one row a future (`draws.parquet`); cash is not discounted, and of all plan years",
        draw="number of the draw, from 0 | number",
        status="optimal, stopped (the time was up: the best plan so far), infeasible (hard rules cannot be kept with "
        "these openings) or not_certified; the last two have no figures",
        gap="(objective − bound) / (objective − what no decision can change), with the openings as they are | share",
        objective="money and policy weights, present value in pounds of the first plan year | £",
        dsg="spend from the Dedicated Schools Grant | £",
        general_fund="spend from the General Fund | £",
        capital="capital of the options that open, contingency included | £",
        overspend="spend above budget on all lines that are over, by financial year; blank: budgets are not known | £",
        awaiting="child-years that children await a place | child-years",
        over_places="child-years of children above the places of their line | child-years",
        mean_minutes="mean journey one way of all children placed | minutes",
        options="options that open, each with its year, and its part where it opens in part",
    ),
    "draws_by_year": output(
        "draws_by_year",
        "The figures of each draw year by year (`draws_by_year.parquet`), from which `fan.csv` is made",
        draw="number of the draw | number",
        measure="what is counted, as in fan.csv",
        year="September in which the academic year starts; of overspend and the dsg_ figures April of the financial "
        "year",
        value="the figure | number",
    ),
    "lines": output(
        "lines",
        "Lines of places over all draws: how often each is full, and how many children are there",
        line="line of places; an option that is a line of its own by its code",
        **YEAR_OUT,
        share_full="share of the draws in which no place is left; blank: the line has no limit | share",
        p05="5th percentile of the children there | children",
        p50="median of the children there | children",
        p95="95th percentile of the children there | children",
    ),
    "options": output(
        "options",
        "Options over all draws: when each opens",
        option="option",
        **YEAR_OUT,
        share_opens="share of the draws in which it opens in that year; in part counts as well | share",
    ),
    "fan": output(
        "fan",
        "Figures year by year over all draws; percentiles are of whole draws and are never added up",
        measure="children, awaiting, over_places, mean_minutes, dsg, general_fund, capital (academic years); "
        "overspend, dsg_in_year, dsg_balance (financial years, where budgets are known)",
        year="September in which the academic year starts, or April of the financial year",
        **_BANDS,
    ),
}
"""By name of the file."""
