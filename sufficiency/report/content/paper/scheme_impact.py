"""What a scheme does to children: with it and without it, the mean and the groups that gain and lose most."""

from __future__ import annotations

from collections.abc import Iterator

from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.finding import ONE
from sufficiency.report.content.impact import group_name
from sufficiency.report.content.story import Story
from sufficiency.report.content.words import Words, say

WITH, WITHOUT = "opened", "left"
PEOPLE = ("locality", "need", "phase", "imd_quintile", "rural")
"""Groups that are who children are, and not where they are placed."""
BOUGHT = ("independent", "non_maintained")
MINUTES, CHILDREN, AWAITING = "impact_options_mean_minutes", "impact_options_children", "impact_options_awaiting"
LITTLE = 0.05
"""Minutes: a smaller change is none to a tenth."""


def with_and_without(story: Story, option: str) -> Exhibit | Words:
    """The table of a scheme; words where the result has none."""
    if story.release:
        return ("What it does to children with it and without it is not published.",)
    table = story.frame("impact_options")
    if table is None or not len(table) or option not in set(table["option"]):
        return (
            "What it does to children with it and without it was not worked out: no programme without it was found, or "
            "the appraisal was left out.",
        )
    everyone = _pair(story, MINUTES, option, "all", "all")
    changes = sorted(_changes(story, option), key=lambda one: one[0])
    rows: list[tuple[Cell, ...]] = [("Mean journey, minutes one way", *everyone)]
    worst: Words = ()
    if changes and changes[-1][0] > LITTLE:
        _, label, pair = changes[-1]
        rows.append((f"The group whose journey lengthens most: {label}", *pair))
        worst = say(f"; {label}, who lose most, {{with_it}} and {{without}}", with_it=pair[0], without=pair[1])
    if changes and changes[0][0] < -LITTLE:
        _, label, pair = changes[0]
        rows.append((f"The group whose journey shortens most: {label}", *pair))
    for kind in BOUGHT:
        pair = _pair(story, CHILDREN, option, "type", kind)
        if any(pair):
            rows.append((f"Children in {story.label('types', kind)}", *(one or "none" for one in pair)))
    waits = _pair(story, AWAITING, option, "all", "all")
    if any(one is not None and one.value >= ONE for one in waits):
        rows.append(("Children awaiting a place", *waits))
    finding = say(
        "The mean journey is {with_it} minutes with it and {without} without it",
        with_it=everyone[0],
        without=everyone[1],
    )
    return Exhibit(
        f"children-{option}",
        (*finding, *worst) if finding else ("What it does to children",),
        "All children in the first year with all its places, beside the best programme without it.",
        ("", "With it", "Without it"),
        tuple(rows),
    )


def _pair(story: Story, kind: str, option: str, group: str, value: str) -> tuple[Figure | None, Figure | None]:
    first, second = (story.get(f"{kind}.{option}.{state}.{group}.{value}") for state in (WITH, WITHOUT))
    return first, second


def _changes(story: Story, option: str) -> Iterator[tuple[float, str, tuple[Figure | None, Figure | None]]]:
    """Minutes by which the mean journey of each group is longer with the scheme, what the group is called, and both."""
    for one in story.register.of(f"{MINUTES}.{option}.{WITH}"):
        group, value = str(one.row["group"]), str(one.row["value"])
        if group not in PEOPLE or value == "unknown":
            continue
        before, after = _pair(story, MINUTES, option, group, value)
        if before is not None and after is not None:
            yield before.value - after.value, group_name(story, group, value), (before, after)
