"""What the plan means for children and families, by group, and who moves between types (T18)."""

from __future__ import annotations

import pandas as pd

from sufficiency.report.content.tables.children import EXPECTED
from sufficiency.report.content.tables.placed import NOTHING_MORE
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Column, Omitted, Table, Unit, columns_by_key
from sufficiency.report.words import academic_year

GROUPS = {
    "all": "All children",
    "locality": "Locality",
    "need": "Primary need",
    "phase": "Phase",
    "imd_quintile": "Deprivation fifth, 1 most deprived",
    "rural": "Rural area",
    "type": "Type of setting",
    "transfer": "Looking for a place that year",
}
WORDED = {"need": "need", "phase": "phase", "type": "type", "transfer": "phase"}
"""Groups whose values are codes, and of what."""
WHERE = {
    "children": "Children",
    "in_locality": "In their locality",
    "in_authority": "In the authority",
    "in_mainstream_base": "In a base at a mainstream school",
    "bought": "In bought places",
    "off_designation": "In a place not designed for their need",
    "over_places": "Above the places",
    "awaiting": "Awaiting a place",
}
CHANGED = {
    "children": "Children",
    "mean_minutes": "Mean minutes",
    "p90_minutes": "Minutes nine in ten do not exceed",
    "over_limit": "Beyond the guideline",
    "longer": "Longer journey than doing nothing more",
    "shorter": "Shorter journey",
    "moved_by_closure": "Moved by a closure",
    "redirected_at_transfer": "Redirected on starting or changing phase",
    "preferences_missed": "Of them, preference missed",
}
MINUTES = ("mean_minutes", "p90_minutes")
LEFT_OUT = "the result has no impact.csv: plan again with its appraisal"


OF_RESULT = "By locality, need and phase: changes.csv of the result."


def effect_tables(planned: Planned) -> list[Table | Omitted]:
    """T18."""
    return [
        _impact(planned, "T18a", "Impact where children are", WHERE, "where the children of each group are"),
        _impact(planned, "T18b", "Impact journeys and moves", CHANGED, "journeys and changes of the children"),
        _by_option(planned),
        changes(planned),
    ]


def _impact(planned: Planned, code: str, name: str, columns: dict[str, str], what: str) -> Table | Omitted:
    if not planned.has("impact"):
        return Omitted(code, name, LEFT_OUT)
    frame = _worded(planned, planned.rows("impact"), "group", "value", "year", "projection")
    frame["projection"] = [planned.word("projection", of) for of in frame["projection"]]
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        code,
        name,
        f"Impact on children and families: {what}, by group",
        "A row is a group in an academic year. Children, but for minutes one way.",
        "impact.csv",
        (
            *columns_by_key(group_words="Group", which="Which", projection="Projection", year="Academic year"),
            *(Column(key, words, Unit.MINUTES if key in MINUTES else Unit.CHILDREN) for key, words in columns.items()),
        ),
        frame,
        (
            NOTHING_MORE,
            EXPECTED,
            "Longer and shorter: by more than five minutes where journeys come from a table, ten where they are "
            "straight lines. Children in the same place in both are the same children; the rest are paired shortest "
            "with shortest.",
        ),
        blank="not compared: only the plan is, with doing nothing more; or nobody there",
    )


def _worded(planned: Planned, rows: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Groups and their values in words, sorted `by` columns, of which `group` and `value` are in the order of codes."""
    ranks = {group: place for place, group in enumerate(GROUPS)}
    values = [_rank(planned, group, value) for group, value in zip(rows["group"], rows["value"], strict=True)]
    words = [_words(planned, group, value) for group, value in zip(rows["group"], rows["value"], strict=True)]
    frame = rows.assign(
        which=words,
        group_words=[GROUPS.get(group, group) for group in rows["group"]],
        group=rows["group"].map(ranks).fillna(len(ranks)),
        value=values,
    )
    return frame.sort_values(list(by), kind="stable").reset_index(drop=True)


def _rank(planned: Planned, group: str, value: str) -> str:
    """By what a value is sorted: the place of its code, else itself."""
    codes = list(planned.words[WORDED[group]]) if group in WORDED else []
    return f"{codes.index(value):03d}" if value in codes else value


def _words(planned: Planned, group: str, value: str) -> str:
    if group in WORDED:
        return planned.word(WORDED[group], value)
    return value.capitalize() if group in ("all", "rural") else value


def _by_option(planned: Planned) -> Table | Omitted:
    if not planned.has("impact_options"):
        return Omitted("T18c", "Impact of options", "no option was appraised, or the result has no impact_options.csv")
    rows = planned.rows("impact_options")
    rows = rows.assign(state=rows["state"].map({"opened": "With it", "left": "Without it"}))
    frame = _worded(planned, rows, "option", "group", "value", "state")
    if planned.has("options_appraisal"):
        names = planned.rows("options_appraisal").set_index("option")["name"]
        frame["name"] = [str(names.get(option, "")) for option in frame["option"]]
    else:
        frame["name"] = ""
    return Table(
        "T18c",
        "Impact of options",
        "Impact on children and families of each option: with it and without it, by group",
        "A row is a group of children with the option opened, or left. Children, but for minutes one way.",
        "impact_options.csv",
        (
            *columns_by_key(option="Option", name="Name", group_words="Group", which="Which", state="State"),
            Column("children", "Children", Unit.CHILDREN),
            Column("mean_minutes", "Mean minutes", Unit.MINUTES),
            Column("awaiting", "Awaiting a place", Unit.CHILDREN),
        ),
        frame,
        (EXPECTED,),
        blank="not known, or nobody there",
    )


def changes(planned: Planned) -> Table:
    """T18d."""
    rows = planned.rows("changes")
    frame = planned.spread(rows, ["from_type", "to_type"], with_base=False)
    return Table(
        "T18d",
        "Placed otherwise",
        "Who is placed in another type of setting than if we do nothing more",
        "Children whose type of setting differs between the two projections, a column an academic year.",
        "changes.csv",
        (
            *columns_by_key(from_type="If we do nothing more", to_type="Under the plan"),
            *planned.year_columns(with_base=False),
        ),
        planned.in_words(frame, from_type="type", to_type="type"),
        (NOTHING_MORE, EXPECTED, OF_RESULT),
        nobody="Nobody is placed in another type of setting than if we do nothing more.",
    )
