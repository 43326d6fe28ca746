"""Part four of the paper: what the plan does to children, young people and families, the worst as well as the mean."""

from __future__ import annotations

from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import TODAY
from sufficiency.report.content.finding import ONE
from sufficiency.report.content.paper.facts import child, sentences_of
from sufficiency.report.content.paper.parts import Block, Section, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year

MEASURES = (
    ("Awaiting a place", "awaiting"),
    ("In places above the number of their line", "over_places"),
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
        by_group = (*sentences_of(content, "impact"), *groups)
    return Section(
        "Part four: impact on children, young people and families",
        some(*blocks),
        (Section("Who is better and who is worse off", by_group), Section("Nobody waits to save money", _waits(story))),
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


def _waits(story: Story) -> tuple[Block, ...]:
    """Why children do not wait; or, where some do, that they are owed provision."""
    waits = [one for one in story.register.of("awaiting.plan") if one.value >= ONE]
    if waits:
        worst = max(waits, key=lambda one: one.value)
        verb = "awaits" if worst.text == "1" else "await"
        return (
            say(
                f"{{worst}} {child(worst)} {verb} a place in {academic_year(int(worst.row['year']))}, the most of any "
                "year. They are owed provision in the meantime, and the council has to arrange it.",
                worst=worst,
            ),
        )
    if story.release:
        return (
            (
                "Provision in a plan is owed at once (Children and Families Act 2014, section 42). How many wait is "
                "rounded, or left out, in what is published.",
            ),
        )
    bought = story.get(f"bought.{PLAN}.{story.last}")
    if bought is None or bought.value < ONE:
        return (("Every child has a place in every year of the plan.",),)
    return (
        say(
            f"Every child has a place in every year, because the model assumes that an independent place can be bought "
            f"at the price in its costs table wherever no other is free: {{bought}} {child(bought)} in "
            f"{academic_year(story.last)}. If providers do not sell at that price, children wait or cost more.",
            bought=bought,
        ),
    )
