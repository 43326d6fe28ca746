"""The position: children, places, where children are, alternative provision, free schools, and education elsewhere."""

from __future__ import annotations

import re

from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import TODAY
from sufficiency.report.content.finding import SMALL_CHANGE
from sufficiency.report.content.paper.facts import as_proposal, as_sentence, child, exhibit
from sufficiency.report.content.paper.parts import Block, Lines, Points, Section, Statement, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Bare, Words, joined, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year

DIRECTOR = "Director of Children’s Services"
LATE, DELAY, CASH = "free_school_late", "free_school_delay", "free_school_cash"


def position(content: Content) -> Section:
    """Where the council stands, and where it is going."""
    story = content.story
    demand = exhibit(content, "demand")
    parts = (
        Section("Children and places", some(Lines(demand) if demand else None, exhibit(content, "short"))),
        Section("Where children are placed", some(exhibit(content, "placed"))),
        Section("Alternative provision", some(*_alternative(story))),
        Section("Free schools", some(*_free_schools(story), *_delay(content), *_declined(content))),
        Section("Ordinary schools", some(*_ordinary(story))),
        Section("Education outside school", some(*_outside(story))),
    )
    return Section("The position", (), tuple(one for one in parts if one.blocks))


def _of_type(story: Story, kind: str) -> Words:
    year = academic_year(story.last)
    now, plan, nothing = (
        story.get(f"children_in.{TODAY}.{kind}"),
        story.get(f"children_in.{PLAN}.{story.last}.{kind}"),
        story.get(f"children_in.{NOTHING_MORE}.{story.last}.{kind}"),
    )
    if now is None:
        return ()
    return say(
        f"{{label}}: {{now}} {child(now)} in {academic_year(story.base_year)}; {{plan}} in {year} under the plan, "
        f"{{nothing}} if we {DO_NOTHING_MORE}.",
        label=story.label("types", kind),
        now=now,
        plan=plan,
        nothing=nothing,
    )


def _alternative(story: Story) -> tuple[Block | None, ...]:
    words = _of_type(story, "alternative_provision")
    if not words:
        return (("The tables hold no children in alternative provision.",),)
    return (
        words,
        (
            "These are children with plans who are placed there. Children sent by schools, or after exclusion, have no "
            "part in the demand of this plan. Why children are placed there is for officers to say:",
        ),
        Statement(DIRECTOR),
    )


def _free_schools(story: Story) -> tuple[Block, ...]:
    table = story.frame("occupancy")
    kinds = None if table is None else table[table["type"] == "special_free_school"]
    if table is None or kinds is None or not len(kinds):
        return (("No special free school is in the plan or in the tables.",),)
    names = dict(
        zip(story.result.settings["setting"].astype(str), story.result.settings["name"].astype(str), strict=True)
    )
    rows: list[tuple[Cell, ...]] = []
    lines = kinds.drop_duplicates("line")
    for line, setting in zip(lines["line"].astype(str), lines["setting"].astype(str), strict=True):
        years = [year for year in story.years if story.get(f"occupancy_places.{year}.{line}") is not None]
        for year in dict.fromkeys([*years[:1], *years[-1:]]):
            cells = (story.get(f"occupancy_{column}.{year}.{line}") for column in ("places", "children", "fill"))
            rows.append((names.get(setting) or setting, academic_year(year), *cells))
    enrolled = _of_type(story, "special_free_school")
    if not rows:
        return some(enrolled, ("The places of special free schools have no limit in the tables.",))
    return (
        *some(enrolled),
        Exhibit(
            "free-schools",
            ("Special free schools: places and children",),
            "The first and the last year in which a line of places is there; places, and children placed.",
            ("School", "Year", "Places", "Children", "Filled"),
            tuple(rows),
        ),
    )


def _delay(content: Content) -> tuple[Words, ...]:
    """What a free school that is late costs, from the scenario in which it is."""
    late = content.options.get(LATE)
    if late is None:
        why = next((one.why_not for one in content.weighed if one.key == LATE), "")
        return ((f"What a delay would cost is not worked out: {why}.",),) if why else ()
    summary = late.story.summary
    words = [str(lever["words"]).rstrip(".") for lever in summary.get("levers", []) if lever["lever"] == DELAY]
    what = _delay_in_words(as_proposal("; ".join(words) or str(summary["scenario_about"]).rstrip(".")))
    more = content.workings.get("over_preferred", LATE)
    if more is None:
        return ()
    if abs(more.value) < SMALL_CHANGE:
        cost: Words = ("It costs the same as the plan over all years, to the nearest thousand pounds.",)
    else:
        cost = say(
            f"Over all years it costs {{more}} {'more' if more.value > 0 else 'less'} than the plan, grant and General "
            "Fund together.",
            more=Bare(more),
        )
    return (joined((f"If it is late: {what}.",), cost),)


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _delay_in_words(text: str) -> str:
    """What a delay says of itself, without codes of lines and with its years in words."""
    text = re.sub(r" \([^()]*\)(?= would start)", "", text)
    return re.sub(r"\b(\d)(?= years)", lambda found: NUMBERS[int(found[1])], text)


def _declined(content: Content) -> tuple[Words, ...]:
    """A free school given up for money: what comes, and what goes with it. The choice is not this paper’s to make."""
    found: list[Words] = []
    for name, story in content.others.items():
        for lever in story.summary.get("levers", []):
            if lever["lever"] == CASH:
                evidence = f" Evidence given: {str(lever['evidence']).rstrip('.')}." if lever["evidence"] else ""
                money = say(
                    " The capital that the model allows is {with_it} with the money, and {without} without it.",
                    with_it=story.get("capital_budget"),
                    without=content.story.get("capital_budget"),
                )
                about = as_sentence(as_proposal(str(story.summary["scenario_about"])))
                found.append((f"In the scenario {name} a free school is given up for money. {about}", *money, evidence))
    if found:
        found.append(
            (
                "Where a council has taken money in place of a free school, the school is no commitment and its places "
                "are not in that scenario. The money is capital: it pays for places that are built, and neither for "
                "fees nor for the deficit.",
            )
        )
    return tuple(found)


def _ordinary(story: Story) -> tuple[Block | None, ...]:
    year = academic_year(story.last)
    now, plan, nothing = (
        story.get(f"impact_in_mainstream_base.{when}.all.all")
        for when in (f"{story.base_year}.today", f"{story.last}.{PLAN}", f"{story.last}.{NOTHING_MORE}")
    )
    found = say(
        f"Children of this plan in a base at an ordinary school: {{now}} in {academic_year(story.base_year)}; {{plan}} "
        f"in {year} under the plan, {{nothing}} if we {DO_NOTHING_MORE}.",
        now=now,
        plan=plan,
        nothing=nothing,
    )
    return (
        found,
        (
            "Children with plans in ordinary classes of their local school are not among the children of this plan, so "
            "whether they get into that school is for officers to say:",
        ),
        Statement(DIRECTOR),
    )


def _outside(story: Story) -> tuple[Block, ...]:
    eotas, home = (_of_type(story, kind) for kind in ("eotas", "home_education"))
    return (
        ("Three things are kept apart:",),
        Points(
            (
                joined(
                    (
                        "Education otherwise than at school (EOTAS) is written into a plan by the council, where no "
                        "school is appropriate (Children and Families Act 2014, section 61).",
                    ),
                    eotas,
                ),
                (
                    "Section 19 provision (Education Act 1996) is interim education, owed to children who are ill, "
                    "excluded or without a place. It is no placement, and is not in this plan.",
                ),
                joined(
                    (
                        "Home education is a parent’s choice. The council still reviews the child’s plan, and does not "
                        "choose it to save money.",
                    ),
                    home,
                ),
            )
        ),
    )
