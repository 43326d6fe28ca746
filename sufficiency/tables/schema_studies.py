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
    ),
    "worth": _out(
        "worth",
        "What every setting is worth: one row a setting, dearest first; those that no plan can do without last",
        setting="setting that closes before the first plan year in this calculation, with its satellites",
        name="its name",
        type="type of setting",
        locality="planning area it stands in",
        places="places for the children of the demand table, first plan year with any; blank: no limit | places",
        children_there="children there in a mean plan year | children",
        more="discounted money and policy weights that the plan would cost more; below 0: less | £",
        more_money="of them money; below 0: place funding, fees or transport saved | £",
        more_awaiting="child-years more that children await a place, over all plan years | child-years",
        more_minutes="by how much the mean journey one way of all children placed is longer | minutes",
        per_child="`more` for each child-year there; blank: nobody is there | £",
        instead="where most of its children would be: children more in a mean plan year",
        note="what else to know; where the other columns are blank, why there is no plan without the setting",
    ),
}
"""By name of the file."""
