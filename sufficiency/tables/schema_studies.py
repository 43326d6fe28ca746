"""The tables that studies write: what every column means."""

from __future__ import annotations

from sufficiency.tables.schema import TableSpec, _out

STUDIES: dict[str, TableSpec] = {
    "frontier": _out(
        "frontier",
        "What fairer journeys cost: one row a plan, from the cheapest to the fairest",
        limit="most that the fair equivalent of the journeys of a year may be, where the year can reach it | minutes",
        fair_minutes="fair equivalent (Kolm–Pollak) of all journeys of the plan | minutes",
        mean_minutes="mean journey one way of all children placed | minutes",
        over_limit="children a year whose journey exceeds the limit of their phase | children",
        awaiting="children a year who await a place | children",
        money="discounted money of the plan | £",
        objective="discounted money and policy weights | £",
        pounds="saved if the limit were a minute looser in every year where it binds (dual, discounted) | £",
        extra_money="money beyond that of the cheapest plan | £",
        extra_objective="money and policy weights beyond those of the cheapest plan | £",
    )
}
"""By name of the file."""
