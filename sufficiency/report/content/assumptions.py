"""What the plan rests on: every assumption of the model, its value and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sufficiency.fields import Section
from sufficiency.model import Model
from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.story import Story

SECTIONS = ("finance", "continuity", "travel", "weights", "rules")
LONGEST = 160
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
"""Whole numbers between these are years, and written as such."""


def assumptions(story: Story, model: Model) -> Chapter:
    """The chapter on assumptions: those of the model file first, then defaults with their sources."""
    rows = [row for name in SECTIONS for row in _section(name, getattr(model, name), model.raw.get(name, {}))]
    given = [row for row in rows if row[2] == "model file"]
    default = [row for row in rows if row[2] != "model file"]
    files = story.summary["inputs"]
    tables = tuple((name, str(one["file"]), f"{str(one['sha256'])[:12]}…") for name, one in files.items())
    heads = ("Assumption", "Value", "From", "What it means and its source")
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


def _section(name: str, section: Section, given: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        empty = key not in given and value in (None, {}, [], ())
        words = "not set" if empty else _in_words(given.get(key, value))
        meaning = " ".join((field.description or "").split()).replace("`", "")
        yield f"{name}.{key}", words, "model file" if key in given else "default", meaning


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and EARLIEST_YEAR <= value <= LATEST_YEAR:
        return str(value)
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, dict):
        words = ", ".join(f"{key}: {_in_words(one)}" for key, one in value.items())
    elif isinstance(value, list | tuple):
        words = "; ".join(_in_words(one) for one in value)
    else:
        words = str(value)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
