"""The position: children, places, where children are, alternative provision, free schools, and education elsewhere."""

from __future__ import annotations

from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import TODAY
from sufficiency.report.content.paper.facts import child, exhibit
from sufficiency.report.content.paper.parts import Lines, Section, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year


def position(content: Content) -> Section:
    """Where the council stands, and where it is going."""
    story = content.story
    demand = exhibit(content, "demand")
    parts = (
        Section("Children and places", some(Lines(demand) if demand else None, exhibit(content, "short"))),
        Section("Where children are placed", some(exhibit(content, "placed"))),
        Section("Alternative provision", some(*_alternative(story))),
        Section("Free schools", some(*_free_schools(story))),
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


def _alternative(story: Story) -> tuple[Words, ...]:
    words = _of_type(story, "alternative_provision")
    if not words:
        return (("The tables hold no children in alternative provision.",),)
    return (
        words,
        (
            "These are children with plans who are placed there. Children sent by schools, or after exclusion, have no "
            "part in the demand of this plan; why alternative provision is used is for officers to say.",
        ),
    )


def _free_schools(story: Story) -> tuple[Words | Exhibit, ...]:
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
    if not rows:
        return (("The places of special free schools have no limit in the tables.",),)
    return (
        Exhibit(
            "free-schools",
            ("Special free schools: places and children",),
            "The first and the last year in which a line of places is there; places, and children placed.",
            ("School", "Year", "Places", "Children", "Filled"),
            tuple(rows),
        ),
        (
            "What a delay would cost is worked out where the council plans it as a scenario; it then stands among the "
            "options below.",
        ),
    )


def _outside(story: Story) -> tuple[Words, ...]:
    found = [words for words in (_of_type(story, kind) for kind in ("eotas", "home_education")) if words]
    three_things: Words = (
        "Three things are kept apart. Education otherwise than at school is written into a plan by the council "
        "(Children and Families Act 2014, section 61). Interim education for children who are ill, excluded or without "
        "a place is owed under section 19 of the Education Act 1996, and is not in this plan. Home education is a "
        "parent’s choice; the council still reviews the child’s plan.",
    )
    return (three_things, *found)
