"""The tables that studies write: what every column means."""

from __future__ import annotations

from sufficiency.tables.schema.columns import YEAR_OUT, TableSpec, output

STUDIES: dict[str, TableSpec] = {
    "frontier": output(
        "frontier",
        "What fairer journeys cost: one row a plan, from the cheapest to the fairest; with its limit alone: not made "
        "before it was interrupted",
        limit="most that the fair equivalent of the journeys of a year may be, where the year can reach it | minutes",
        fair_minutes="fair equivalent (Kolm–Pollak) of all journeys of the plan | minutes",
        mean_minutes="mean journey one way of all children placed | minutes",
        over_limit="children a year whose journey exceeds the limit of their phase | children",
        awaiting="children a year who await a place | children",
        money="money of the plan, present value in pounds of the first plan year | £",
        objective="money and policy weights, present value as `money` | £",
        pounds="saved if the limit were a minute looser in every year where it binds (dual), present value | £",
        extra_money="money beyond that of the cheapest plan | £",
        extra_objective="money and policy weights beyond those of the cheapest plan | £",
        rules_missed="policy rules that the plan misses, and when; blank: none",
    ),
    "worth": output(
        "worth",
        "What every setting is worth: one row a setting, highest worth first; those that no plan can do without last",
        setting="setting that closes before the first plan year in this calculation, with its satellites",
        name="its name",
        type="type of setting",
        locality="planning area it stands in",
        places="places for the children of the demand table in the plan year with most; blank: no limit | places",
        children_there="children there in a mean plan year | children",
        more="money and policy weights that the plan would cost more, present value in pounds of the first plan year; "
        "below 0: less | £",
        more_money="of them money; below 0: place funding, fees or transport saved | £",
        more_awaiting="child-years more that children await a place, over all plan years | child-years",
        more_minutes="by how much the mean journey one way of all children placed is longer | minutes",
        per_child="`more` for each child-year there; blank: nobody is there | £",
        instead="where most of its children would be: children more in a mean plan year",
        note="what else to know; where the other columns are blank, why there is no plan without the setting",
        rules_missed="policy rules that the plan without it misses, and when; blank: none",
    ),
    "joined": output(
        "joined",
        "Files of other teams set against the model (`join`): every row of each file, matched or not, and every file "
        "that is missing",
        file="file, with its sheet; blank: a file that is missing",
        row="row in it | row",
        what="kind of file, and what the row names",
        matched_to="setting of the model, or its line where the row is about a line; blank: not matched",
        pupils="pupils of the row | children",
        places="places of the row | places",
        pounds="pounds of the row, a year | £",
        why="how it matched and what became of it, or why it did not match; of a missing file, what is lost and who "
        "usually holds it",
    ),
    "differences": output(
        "differences",
        "What the files say of a setting, or a line, and what the model says of its base year (`join`)",
        what="`pupils` and `top-ups and fees` (finance), `transport`, `places` (agreements)",
        setting="setting",
        line="line of places; blank: the setting as a whole",
        file_says="in the file; 0: not there | children, places or £",
        model_says="in the model; 0: not there; places blank: no limit | children, places or £",
        difference="the file's less the model's | children, places or £",
    ),
    "september": output(
        "september",
        "A September by line of places, if nothing more is decided (`check --september YEAR`): a row for each line, "
        "with phase and year group blank, and below it its children by phase and year group",
        setting="setting",
        line="line of places",
        phase="phase the children are in (of those who leave: were in); blank: the line as a whole",
        year_group="year group (NCY, Reception is 0) likewise; blank: the line as a whole, or not known. Where phases "
        "are wider than a year group, the last year of the history up to the base year splits them",
        places="places for the children of the demand table; blank: no limit, or a row by year group | places",
        staying="children in the line the year before who are still there, in the next year group | children",
        leaving="children in the line the year before who are not there any more | children",
        joining="children who join it if nothing more is decided: following today's pattern, or as places allow | "
        "children",
        vacancies="places less those who stay and join; below 0: children above the places; blank as places | places",
    ),
}
"""By name of the file."""

COMPARISONS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        output(
            "comparison",
            "Scenarios side by side, a row a figure and scenario; comparison_wide has a column a scenario",
            scenario="name of the scenario; base: the model itself",
            period="academic (year), financial (year), or whole (the whole plan; its year is the first)",
            year="year in which the period starts",
            measure="what is counted",
            item="which type of setting, fund or budget line; blank: all",
            unit="children, minutes, km, places, share or £",
            value="under the plan of the scenario | number",
            base="under the base plan | number",
            difference="value less base | number",
            unmitigated="in the scenario, if we do nothing more (existing commitments only) | number",
        ),
        output(
            "comparison_moves",
            "Children whose place is another than in the base plan; no row where nobody's is",
            scenario="name of the scenario",
            **YEAR_OUT,
            need="primary need",
            locality="planning area of the children",
            children="children who need a specialist place in the scenario | children",
            more="whom only the scenario has; below 0: whom only the base plan has | children",
            other_place="in both, and in another line of places or awaiting one | children",
            other_type="of them, in another type of setting | children",
        ),
    )
}
"""What `compare` writes beside the results of the scenarios."""
