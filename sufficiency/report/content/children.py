"""Places against children, and where children are placed: the plan beside doing nothing more."""

from __future__ import annotations

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.finding import ONE, most_of
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story, year_heads
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year

GROUPS = (
    ("in_state_funded_places", "In state-funded places"),
    ("bought", "Bought: independent and non-maintained"),
    ("in_colleges_and_others", "Colleges and other settings"),
    ("awaiting", "Awaiting a place"),
)


def places_and_children(story: Story) -> Chapter:
    """The chapter on places against children."""
    return Chapter("children", "Places against children", (), (_demand(story), _short(story), _placed(story)))


def _years(story: Story) -> list[int]:
    return [story.base_year, *story.years]


def _row(story: Story, label: str, kind: str, projection: str = "", item: str = "") -> tuple[Cell, ...]:
    found = story.by_year(kind, projection, item)
    return (label, *(found.get(year) for year in _years(story)))


def _demand(story: Story) -> Exhibit:
    children = story.by_year("children", PLAN)
    first, last = story.base_year, story.last
    finding = say(
        f"{{now}} children need a specialist place in {academic_year(first)}, {{then}} in {academic_year(last)}",
        now=children.get(first),
        then=children.get(last),
    )
    rows = (
        _row(story, "Children who need a specialist place", "children", PLAN),
        _row(story, "in state-funded places, in the plan", "in_state_funded_places", PLAN),
        _row(story, "State-funded places in the plan", "state_funded_places", PLAN),
        _row(story, f"State-funded places if we {DO_NOTHING_MORE}", "state_funded_places", NOTHING_MORE),
    )
    return Exhibit(
        "demand",
        finding,
        "Children and places by academic year. The other children are in colleges, bought places, EOTAS or home "
        "education.",
        ("", *year_heads(_years(story))),
        rows,
        tuple(_years(story)),
    )


def _short(story: Story) -> Exhibit:
    most, last = most_of(story, "shortfall"), story.get(f"shortfall.{story.last}")
    if story.release and (most is None or most.value < ONE):
        finding: Words = ("Children short of a state-funded place",)
    elif most is None or most.value < ONE:
        finding = ("No child is short of a state-funded place in any year",)
    elif most is last or last is None:
        finding = say(
            f"{{most}} are short of a state-funded place in {academic_year(int(most.row['year']))}, the most of any "
            "year",
            most=most,
        )
    else:
        finding = say(
            f"{{most}} are short of a state-funded place in {academic_year(int(most.row['year']))}, {{last}} in "
            f"{academic_year(story.last)}",
            most=most,
            last=last,
        )
    shown = [year for year in story.years if story.get(f"shortfall.{year}") is not None]
    return Exhibit(
        "short",
        finding,
        "Children who wait, are above the places of their setting, or are bought a place because none is free.",
        ("", *year_heads(shown)),
        (("Short of a state-funded place", *(story.get(f"shortfall.{year}") for year in shown)),),
        tuple(shown),
    )


def _groups(story: Story) -> list[tuple[str, str, str]]:
    """Label, measure and type of setting of each row: what is never chosen (EOTAS, a decision in a plan; home
    education, a parent's choice) is not added up.
    """
    never = [(story.label("types", kind), "children_in", kind) for kind in story.summary["by_pattern_types"]]
    rest = [(label, kind, "") for kind, label in GROUPS]
    return [*rest[:-1], *never, rest[-1]]


def _placed(story: Story) -> Exhibit:
    last = story.last
    plan, nothing = story.get(f"bought.{PLAN}.{last}"), story.get(f"bought.{NOTHING_MORE}.{last}")
    finding = say(
        f"{{plan}} children are in bought places in {academic_year(last)}; {{nothing}} if we {DO_NOTHING_MORE}",
        plan=plan,
        nothing=nothing,
    )
    rows: list[tuple[Cell, ...]] = []
    for label, kind, item in _groups(story):
        both = [one.value for of in (PLAN, NOTHING_MORE) for one in story.by_year(kind, of, item).values()]
        if max(both, default=0.0) < ONE:
            continue
        rows.append(_row(story, f"{label}: plan", kind, PLAN, item))
        rows.append(_row(story, f"{label}: {DO_NOTHING_MORE}", kind, NOTHING_MORE, item))
    return Exhibit(
        "placed",
        finding or ("Where children are placed",),
        "Children by where they are placed, by academic year.",
        ("", *year_heads(_years(story))),
        tuple(rows),
        tuple(_years(story)),
    )
