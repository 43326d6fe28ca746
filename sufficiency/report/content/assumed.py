"""Every key of the model file that a plan rests on, with its value and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sufficiency.model import Model

SECTIONS = ("finance", "continuity", "travel", "weights", "rules", "solver")
"""Sections of the model file that a plan rests on."""


@dataclass(frozen=True)
class Assumed:
    """A key of a section. `raw`: as the model file gives it, or the default; `value`: as it is used; `meaning`: what it
    means, and the source of its default.
    """

    section: str
    key: str
    raw: Any
    value: Any
    is_given: bool
    meaning: str


def assumed_in(model: Model) -> Iterator[Assumed]:
    """The keys of a model that its plans rest on, section by section."""
    for section in SECTIONS:
        values, given = getattr(model, section), model.raw.get(section, {})
        for key, field in type(values).model_fields.items():
            value = getattr(values, key)
            meaning = " ".join((field.description or "").split()).replace("`", "")
            yield Assumed(section, key, given.get(key, value), value, key in given, meaning)
