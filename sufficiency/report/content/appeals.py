"""What appeals could cost: families whose children are placed otherwise than today's pattern, and some of whom win."""

from __future__ import annotations

from collections.abc import Iterator

from sufficiency.report.content.figure import TODAY, Figure
from sufficiency.report.content.finding import ONE
from sufficiency.report.content.story import PLAN, Story
from sufficiency.report.content.workings import CASH, Working

APPEAL, WIN = 0.25, 0.8
"""Assumptions: a quarter of redirected families appeal, and four in five of them win."""
HEARD = 6_056.0
"""£ that an appeal which is heard costs a council (published estimate for England)."""
MADE, WON, ABOVE, MORE, HEARINGS = (
    "appeals_made",
    "appeals_won",
    "appeals_above_places",
    "appeals_more_a_year",
    "appeals_hearings",
)


def most_redirected(story: Story) -> Figure | None:
    """Children placed otherwise than today's pattern, in the year with the most; None where there are none."""
    most = max(story.register.of("directed_elsewhere"), key=lambda one: one.value, default=None)
    return most if most is not None and most.value >= ONE else None


def appeals(story: Story) -> Iterator[Working]:
    """Appeals of the year with the most redirected children: made, won, children above places, and what it costs."""
    most = most_redirected(story)
    if most is None:
        return
    year = str(most.row["year"])
    made = most.value * APPEAL
    won = made * WIN
    yield Working(MADE, year, made, "children", f"directed_elsewhere of {year} in measures.csv × 1/4")
    yield Working(WON, year, won, "children", "appeals_made × 4/5")
    missed = story.get(f"preferences_missed.{year}") or story.get(f"preferences_missed.{PLAN}.{year}")
    if missed is not None:
        how = f"preferences_missed of {year} in measures.csv × 1/4 × 4/5: those a full school turned down"
        yield Working(ABOVE, year, missed.value * APPEAL * WIN, "children", how)
    each = _more_a_child(story, int(year))
    if each is not None:
        yield Working("appeals_more_a_child", year, each, CASH, _HOW_MORE.format(year=year))
        yield Working(MORE, year, won * each, CASH, "appeals_won × appeals_more_a_child")
    yield Working(HEARINGS, year, made * HEARD, CASH, "appeals_made × £6,056 for an appeal that is heard")


_HOW_MORE = (
    "changes.csv of {year}: children × (cost a child of from_type − that of to_type), added up, over the children. "
    "Cost "
    "a child of a type: spend.csv, dsg and general_fund, over children_in of the plan, or of today where it has none"
)


def _more_a_child(story: Story, year: int) -> float | None:
    """£ a year that a child costs more where doing nothing more has it than where the plan has it; None: not known."""
    changes = story.frame("changes")
    if changes is None:
        return None
    rows = changes[changes["year"] == year]
    children = total = 0.0
    for moved, was, now in zip(rows["children"], rows["from_type"], rows["to_type"], strict=True):
        before, after = _each(story, year, str(was)), _each(story, year, str(now))
        if before is not None and after is not None:
            children += float(moved)
            total += float(moved) * (before - after)
    return total / children if children >= ONE else None


def _each(story: Story, year: int, kind: str) -> float | None:
    """£ a child of a type in a year of the plan."""
    table = story.frame("spend")
    if table is None:
        return None
    for when, name in ((year, f"{PLAN}.{year}"), (story.base_year, TODAY)):
        there = story.get(f"children_in.{name}.{kind}")
        rows = table[(table["year"] == when) & (table["type"] == kind) & table["fund"].isin(["dsg", "general_fund"])]
        if there is not None and there.value >= ONE and len(rows):
            return float(rows["pounds"].sum()) / there.value
    return None
