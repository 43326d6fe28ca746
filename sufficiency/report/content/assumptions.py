"""What the plan rests on: every assumption of the model, its value and where it comes from."""

from __future__ import annotations

from typing import Any

from sufficiency.model import Model
from sufficiency.report.content.assumed import Assumed, assumed_in
from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.story import Story

WORDS = {
    "finance": "Money",
    "continuity": "Who stays and who is placed anew",
    "travel": "Journeys",
    "weights": "Policy weights",
    "rules": "Policy rules",
    "solver": "Search",
}
"""Sections of the model file in words."""
SHORT = {"dsg": "DSG", "km": "km", "ap": "AP"}
"""Parts of keys that are no words."""
LONGEST = 160
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
"""Whole numbers between these are years, and written as such."""


def assumptions(story: Story, model: Model) -> Chapter:
    """The chapter on assumptions: those of the model file first, then defaults with their sources."""
    every = list(assumed_in(model))
    given = [_row(one, story) for one in every if one.is_given]
    default = [_row(one, story) for one in every if not one.is_given]
    files = story.summary["inputs"]
    tables = tuple((name, str(one["file"]), f"{str(one['sha256'])[:12]}…") for name, one in files.items())
    heads = ("Assumption", "Value", "What it means and its source")
    exhibits = (
        Exhibit(
            "given",
            ("What the council has set itself",),
            "As the model file gives them.",
            heads,
            tuple(given),
        ),
        Exhibit(
            "defaults",
            ("Defaults that the model file leaves as they are",),
            "Each with its source, or that it is an assumption.",
            heads,
            tuple(default),
        ),
        Exhibit(
            "inputs",
            ("The files that the plan was made from",),
            "Each file with the start of its SHA-256: the same file gives the same characters.",
            ("Table", "File", "SHA-256"),
            tables,
        ),
    )
    return Chapter("assumptions", "What this rests on", (), tuple(one for one in exhibits if one.rows))


def _row(one: Assumed, story: Story) -> tuple[Cell, ...]:
    empty = not one.is_given and one.value in (None, {}, [], ())
    name = " ".join(SHORT.get(word, word) for word in one.key.split("_"))
    return f"{WORDS[one.section]}: {name}", "not set" if empty else _in_words(one.raw, story), one.meaning


def _in_words(value: Any, story: Story) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and EARLIEST_YEAR <= value <= LATEST_YEAR:
        return str(value)
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, dict):
        words = ", ".join(f"{_named(str(key), story)}: {_in_words(one, story)}" for key, one in value.items())
    elif isinstance(value, list | tuple):
        words = "; ".join(_in_words(one, story) for one in value)
    else:
        words = _named(str(value), story)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _named(code: str, story: Story) -> str:
    """The words of the model for a code of a type or a phase; keys without their underscores."""
    labels = story.summary["labels"]
    return str(labels["types"].get(code) or labels["phases"].get(code) or code.replace("_", " "))
