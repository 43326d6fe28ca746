"""Results beside that of the report: scenarios that were asked for, and the options that the paper weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story, story_of
from sufficiency.result import Result

NOTHING, PREFERRED = "do_nothing_more", "preferred"
LABELS = {
    NOTHING: "Do nothing more",
    "do_minimum": "Do minimum",
    "bases_first": "Bases first",
    "special_first": "Special schools first",
    "demand": "Demand (early help)",
    PREFERRED: "Preferred",
    "free_school_late": "A free school late",
}
"""Options of the paper by key, in the words of a council."""
OPTIONS = tuple(LABELS)[:6]
"""Those that are weighed against each other, in order."""


@dataclass(frozen=True)
class Beside:
    """The result of a scenario, and its folder as seen from that of the report's own result."""

    result: Result
    folder: str


@dataclass(frozen=True)
class Weighed:
    """An option of the paper: its `key` in `[paper]`, the scenario it is, its result; None with the reason, a clause
    that follows a colon.
    """

    key: str
    scenario: str
    beside: Beside | None
    why_not: str = ""


@dataclass(frozen=True)
class Option:
    """An option that has figures: those of `story`, in its column `of`."""

    key: str
    story: Story
    of: str

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self.key]

    @property
    def stopped(self) -> bool:
        """Whether its search was stopped early."""
        return self.of == PLAN and self.story.summary["status"] == "stopped"


def options_of(story: Story, weighed: Sequence[Weighed]) -> dict[str, Option]:
    """Every option that has figures by key, in the order of the paper; the free school that is late comes last."""
    planned = {
        one.key: Option(one.key, story_of(one.beside.result, one.scenario, one.beside.folder), PLAN)
        for one in weighed
        if one.beside is not None
    }
    both = {NOTHING: Option(NOTHING, story, NOTHING_MORE), PREFERRED: Option(PREFERRED, story, PLAN)}
    return {key: one for key in LABELS if (one := {**planned, **both}.get(key)) is not None}
