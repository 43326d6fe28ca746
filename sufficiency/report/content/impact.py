"""Who is better and who is worse off: the plan beside doing nothing more, by group."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.figure import TODAY, Figure
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year

GROUPS = (
    ("locality", "By locality", ""),
    ("need", "By need", "needs"),
    ("phase", "By phase", "phases"),
    ("imd_quintile", "By deprivation of the area they live in", ""),
    ("rural", "By kind of area", ""),
    ("type", "By type of setting", "types"),
)
FIFTHS = {
    "1": "Most deprived fifth",
    "2": "Second most deprived fifth",
    "3": "Middle fifth",
    "4": "Second least deprived fifth",
    "5": "Least deprived fifth",
}
LONGER = 0.1
"""Minutes by which an average journey counts as longer: less is not seen in a tenth."""
COLUMNS = (
    ("Children", "children", PLAN),
    ("Average journey, plan", "mean_minutes", PLAN),
    (f"if we {DO_NOTHING_MORE}", "mean_minutes", NOTHING_MORE),
    ("Longer journey", "longer", PLAN),
    ("Shorter journey", "shorter", PLAN),
    ("Beyond the guideline", "over_limit", PLAN),
    ("Awaiting, plan", "awaiting", PLAN),
    (f"Awaiting if we {DO_NOTHING_MORE}", "awaiting", NOTHING_MORE),
)


def impact(story: Story) -> Chapter:
    """The chapter on who gains and loses; nothing in it where the result has no table of impact."""
    table = story.frame("impact")
    if table is None or not len(table):
        return Chapter("impact", "Who is better and worse off")
    rows = table[(table["year"] == story.last) & (table["projection"] == PLAN)]
    exhibits = []
    for group, title, labels in GROUPS:
        values = [str(value) for value in rows.loc[rows["group"] == group, "value"]]
        if labels:
            order = list(story.summary["labels"][labels])
            values.sort(key=lambda value: order.index(value) if value in order else len(order))
        if values:
            exhibits.append(_group(story, group, title, values, partial(group_name, story, group)))
    return Chapter("impact", "Who is better and worse off", _overall(story), tuple(exhibits))


def _figure(story: Story, column: str, projection: str, group: str, value: str) -> Figure | None:
    year = story.base_year if projection == TODAY else story.last
    return story.get(f"impact_{column}.{year}.{projection}.{group}.{value}".removesuffix("."))


def _all(story: Story, column: str, projection: str = PLAN) -> Figure | None:
    for value in ("all", ""):
        figure = _figure(story, column, projection, "all", value)
        if figure is not None:
            return figure
    return None


def _overall(story: Story) -> tuple[Words, ...]:
    year, by = academic_year(story.last), story.summary["longer_by_minutes"]
    longer = _all(story, "longer")
    child = "child travels" if longer is not None and longer.text == "1" else "children travel"
    journeys = say(
        f"In {year}, {{longer}} {child} over {by:.0f} minutes longer than if we {DO_NOTHING_MORE}, and {{shorter}} "
        f"over {by:.0f} minutes shorter. "
        "The average journey is {plan} minutes one way; {nothing} if we " + DO_NOTHING_MORE + ".",
        longer=longer,
        shorter=_all(story, "shorter"),
        plan=_all(story, "mean_minutes"),
        nothing=_all(story, "mean_minutes", NOTHING_MORE),
    )
    worst = say(
        "Nine in ten children travel no more than {ninth} minutes; {beyond} are beyond the guideline of their phase.",
        ninth=_all(story, "p90_minutes"),
        beyond=_all(story, "over_limit"),
    )
    return tuple(one for one in (journeys, worst) if one)


def group_name(story: Story, group: str, value: str) -> str:
    """What a value of a group of `impact.csv` is called."""
    if value == "unknown":
        return "Not known"
    if group == "imd_quintile":
        return FIFTHS.get(value, value)
    if group == "rural":
        return {"yes": "Rural areas", "no": "Urban areas"}.get(value, value)
    if value == "awaiting":
        return "Awaiting a place"
    labels = next((labels for name, _, labels in GROUPS if name == group), "")
    return story.label(labels, value) if labels else value


def _group(story: Story, group: str, title: str, values: list[str], name: Callable[[str], str]) -> Exhibit:
    shown = [one for one in COLUMNS if any(_figure(story, one[1], one[2], group, value) for value in values)]
    rows: list[tuple[Cell, ...]] = [
        (name(value), *(_figure(story, column, of, group, value) for _, column, of in shown)) for value in values
    ]
    return Exhibit(
        f"impact-{group.replace('_', '-')}",
        _finding(story, group, title, values, name),
        f"{title}, {academic_year(story.last)}. Journeys in minutes one way; longer and shorter by over "
        f"{story.summary['longer_by_minutes']:.0f} minutes against doing nothing more.",
        ("", *(head for head, _, _ in shown)),
        tuple(rows),
    )


def _finding(story: Story, group: str, title: str, values: list[str], name: Callable[[str], str]) -> Words:
    """Who travels longer on average than if nothing more is done; where nobody does, whose journey is the longest."""
    known = []
    for value in values:
        plan, nothing = (_figure(story, "mean_minutes", of, group, value) for of in (PLAN, NOTHING_MORE))
        if plan is not None and nothing is not None and value != "unknown":
            known.append((plan, nothing, name(value)))
    if not known:
        return (title,)
    plan, nothing, who = max(known, key=lambda one: one[0].value - one[1].value)
    if plan.value - nothing.value >= LONGER:
        return say(
            f"{title}: longer journeys for {{who}}, {{plan}} minutes on average; {{nothing}} if we {DO_NOTHING_MORE}",
            who=who,
            plan=plan,
            nothing=nothing,
        )
    longest, _, who = max(known, key=lambda one: one[0].value)
    return say(
        f"{title}: no group travels longer on average; the longest average is {{minutes}} minutes ({{who}})",
        minutes=longest,
        who=who,
    )
