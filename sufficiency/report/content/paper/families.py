"""Part four of the paper: what the plan does to children, young people and families, the worst as well as the mean."""

from __future__ import annotations

from sufficiency.report.content.appeals import ABOVE, HEARINGS, MORE, WON, most_redirected
from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import TODAY
from sufficiency.report.content.finding import ONE, SMALL_CHANGE
from sufficiency.report.content.impact import group_name
from sufficiency.report.content.kinds import SHOWN_GROUPS
from sufficiency.report.content.paper.facts import child, sentences_of
from sufficiency.report.content.paper.parts import Block, Section, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.stress import FASTER, GROWTH, INDEPENDENT, PRICE, TEN_PER_CENT
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year

MEASURES = (
    ("Awaiting a place", "awaiting"),
    ("Above the places of their setting", "over_places"),
    ("In bought places: independent and non-maintained", "bought"),
    ("Mean journey one way, minutes", "mean_minutes"),
    ("Journey beyond the guideline of their phase", "over_limit"),
)


def impact_on_families(content: Content) -> Section:
    """Part four."""
    story = content.story
    groups = [one for chapter in content.chapters if chapter.id == "impact" for one in chapter.exhibits]
    blocks: tuple[Block | None, ...] = (_all_children(story), *_choice(story), _stays(story))
    if not groups and story.release:
        by_group: tuple[Block, ...] = (("Who has a longer or a shorter journey, by group, is not published.",),)
    elif not groups:
        by_group = (
            (
                "This result has no table of the impact on each group of children (impact.csv), so who has a longer or "
                "a shorter journey, by locality, need, phase and deprivation, is not shown: plan again.",
            ),
        )
    else:
        by_group = some(*sentences_of(content, "impact"), _worst(story), *groups)
    return Section(
        "Part four: impact on children, young people and families",
        some(*blocks),
        (
            Section("Who is better and who is worse off", by_group),
            Section("Nobody waits to save money", some(*_waits(content))),
            Section("If families appeal", some(*_appeals(content))),
        ),
    )


WORST = (
    ("Longest journey that nine in ten of a group do not exceed", "p90_minutes"),
    ("Longest mean journey of a group", "mean_minutes"),
    ("Most of a group beyond the guideline", "over_limit"),
    ("Most of a group with a longer journey", "longer"),
    ("Most of a group awaiting a place", "awaiting"),
)


def _worst(story: Story) -> Exhibit | None:
    """The group that fares worst on each measure, beside all children: no mean hides it."""
    rows: list[tuple[Cell, ...]] = []
    for label, column in WORST:
        found = [
            one
            for one in story.register.of(f"impact_{column}.{story.last}.{PLAN}")
            if one.row["group"] in SHOWN_GROUPS and one.row["group"] != "all" and one.row["value"] != "unknown"
        ]
        worst = max(found, key=lambda one: one.value, default=None)
        if worst is not None and worst.value >= 0.05:
            group, value = str(worst.row["group"]), str(worst.row["value"])
            nothing = story.get(f"impact_{column}.{story.last}.{NOTHING_MORE}.{group}.{value}")
            everyone = story.get(f"impact_{column}.{story.last}.{PLAN}.all.all")
            rows.append((label, group_name(story, group, value), worst, nothing, everyone))
    if not rows:
        return None
    return Exhibit(
        "worst",
        ("Who fares worst, beside all children",),
        f"{academic_year(story.last)}, by locality, need, phase, deprivation and kind of area. Minutes one way, or "
        "children. Blank: a longer journey is one longer than if we do nothing more.",
        ("", "Group", "The plan", DO_NOTHING_MORE.capitalize(), "All children, the plan"),
        tuple(rows),
    )


def _all_children(story: Story) -> Exhibit:
    last = story.last
    rows: list[tuple[Cell, ...]] = [
        (label, story.get(f"{kind}.{TODAY}"), *(story.get(f"{kind}.{of}.{last}") for of in (PLAN, NOTHING_MORE)))
        for label, kind in MEASURES
    ]
    year = academic_year(last)
    plan, nothing = (story.get(f"mean_minutes.{of}.{last}") for of in (PLAN, NOTHING_MORE))
    finding = say(
        f"The mean journey is {{plan}} minutes in {year}; {{nothing}} if we {DO_NOTHING_MORE}",
        plan=plan,
        nothing=nothing,
    )
    return Exhibit(
        "all-children",
        finding or ("What the plan means for all children",),
        "Children, by academic year; journeys are a mean of all children placed, and otherwise than at school counts "
        "as none.",
        ("", academic_year(story.base_year), f"{year}, the plan", f"{year}, {DO_NOTHING_MORE}"),
        tuple(rows),
    )


def _choice(story: Story) -> tuple[Words, ...]:
    """Children who are placed otherwise than today's pattern, and families whose request a full school turns down."""
    moved = story.register.of("directed_elsewhere")
    missed = story.register.of("preferences_missed")
    found: list[Words] = []
    most = max(moved, key=lambda one: one.value, default=None)
    if most is not None and most.value >= ONE:
        who = "who starts or changes phase is" if most.text == "1" else "who start or change phase are"
        found.append(
            say(
                f"In {academic_year(int(most.row['year']))}, the most of any year, {{most}} {child(most)} {who} placed "
                "otherwise than today’s pattern would place them. Children who are settled stay where they are.",
                most=most,
            )
        )
    worst = max(missed, key=lambda one: one.value, default=None)
    if worst is not None and worst.value >= ONE:
        family = "family’s" if worst.text == "1" else "families’"
        found.append(
            say(
                f"In {academic_year(int(worst.row['year']))}, {{worst}} {family} likely request is for a school that "
                "is full in the plan. A maintained school that is named in a child’s plan has to admit the child even "
                "if it is full, unless the education of others would fall below what is efficient (Children and "
                "Families Act 2014, section 39); families may appeal.",
                worst=worst,
            )
        )
    return tuple(found)


def _stays(story: Story) -> Words:
    if story.summary.get("clean_slate"):
        return ()
    return (
        "The plan moves nobody who is settled unless their place closes: it changes where children go who start, who "
        "change phase, or whose place closes.",
    )


def _waits(content: Content) -> tuple[Words, ...]:
    """Why children do not wait; or, where some do, that they are owed provision."""
    story, work = content.story, content.workings
    waits = [one for one in story.register.of("awaiting.plan") if one.value >= ONE]
    if waits:
        worst = max(waits, key=lambda one: one.value)
        verb = "awaits" if worst.text == "1" else "await"
        first: Words = say(
            f"{{worst}} {child(worst)} {verb} a place in {academic_year(int(worst.row['year']))}, the most of any "
            "year. "
            "They are owed provision in the meantime, and the council has to arrange it.",
            worst=worst,
        )
    elif story.release:
        first = (
            "Provision in a plan is owed at once (Children and Families Act 2014, section 42). How many wait is "
            "rounded, or left out, in what is published.",
        )
    else:
        first = ("Every child has a place in every year of the plan.",)
    year = story.years[0]
    price, children = work.get(PRICE, year), story.get(f"children_in.{PLAN}.{year}.{INDEPENDENT}")
    if price is None or children is None:
        return (first,)
    start = "No more wait" if waits else "Nobody waits"
    return (
        first,
        say(
            f"{start} because the model assumes an independent place can be bought at {{price}} a year, the mean fee "
            "of "
            f"{{children}} {child(children)} in {academic_year(year)}, wherever no other place is free, with fees that "
            "rise by {growth} a year. If providers do not sell at that price, children wait or cost more.",
            price=price,
            children=children,
            growth=work.get(GROWTH),
        ),
        _faster(content),
    )


def _faster(content: Content) -> Words:
    """Fees that rise by ten per cent a year, children placed as in the plan."""
    work, last = content.workings, content.story.last
    growth = work.get(GROWTH)
    if growth is not None and growth.value >= TEN_PER_CENT:
        return ("The model has fees rise by ten per cent a year or more already, so that is no further stress.",)
    return say(
        "Stress: if independent fees rose by ten per cent a year instead, and children were placed as in the plan, "
        "they "
        f"would cost {{more}} more in {academic_year(last)}, and {{total}} more over all years.",
        more=work.get(FASTER, last),
        total=work.get(FASTER, "all_years"),
    )


def _appeals(content: Content) -> tuple[Words, ...]:
    """What it comes to if some of the redirected families appeal."""
    story, work = content.story, content.workings
    if story.release:
        return (("What appeals would come to is not worked out from the rounded figures of what is published.",),)
    most = most_redirected(story)
    if most is None:
        return (("The plan places no more than a few children otherwise than today’s pattern.",),)
    year = str(most.row["year"])
    won, above = work.get(WON, year), work.get(ABOVE, year)
    if won is None or won.value < ONE:
        return (
            say(
                f"The plan redirects {{most}} {child(most)} in {academic_year(int(year))}, the most of any year. If a "
                "quarter of the families appealed, and four in five of them won (both are assumptions), that would be "
                "fewer than one child.",
                most=most,
            ),
        )
    return (
        say(
            f"If a quarter of the families of the {{most}} {child(most)} redirected in {academic_year(int(year))} "
            "appealed, and four in five of them won (both are assumptions), {won} "
            f"{child(won) if won else 'children'} would go where today’s pattern would place them.",
            most=most,
            won=won,
        ),
        _cost_of_appeals(content, year),
        say(
            f"{{above}} {child(above) if above else 'children'} would be above the places of a school that is full, "
            "which has to admit a child it is named for.",
            above=above,
        ),
        say(
            "Appeals that are heard would cost the council a further {hearings} to answer.",
            hearings=work.get(HEARINGS, year),
        ),
    )


def _cost_of_appeals(content: Content, year: str) -> Words:
    more = content.workings.get(MORE, year)
    if more is None:
        return ("What that would cost in fees, top-ups and journeys is not known: no child changes type of provision.",)
    if more.value < SMALL_CHANGE:
        return ("At the mean cost of each type of provision that would not cost more.",)
    return say(
        "At the mean cost of each type of provision they would cost {more} more a year, for as long as they stay.",
        more=more,
    )
