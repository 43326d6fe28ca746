"""`[scenarios]`: changes to a model and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sufficiency.fields import Plain, Section
from sufficiency.problems import shown


class Edit(Section):
    """A change to the rows of a table that `where` finds."""

    table: str
    """Name of the table."""
    where: dict[str, Any] = {}
    """Which rows: a value matches exactly, a list any of its values, `{ from, to }` an inclusive range."""
    set: dict[str, Any] = {}
    """New values by column."""
    times: dict[str, Plain] = {}
    """Factors by column."""
    plus: dict[str, Plain] = {}
    """Amounts to add by column."""


class Addition(Section):
    """A row to add to a table."""

    table: str
    """Name of the table."""
    row: dict[str, Any]
    """The cells of the new row by column."""


class Removal(Section):
    """Rows to take out of a table."""

    table: str
    """Name of the table."""
    where: dict[str, Any]
    """Which rows, as for an edit."""


class Scenario(Section):
    """Changes to the model and its tables: `set` first, then `edit`, `add` and `remove`."""

    about: str = ""
    """A sentence on what it tries."""
    builds_on: str | None = None
    """A scenario that is applied first."""
    set: dict[str, Any] = {}
    """Keys of the model file to change; tables merge, lists replace."""
    edit: list[Edit] = []
    """Changes to rows."""
    add: list[Addition] = []
    """Rows added."""
    remove: list[Removal] = []
    """Rows taken out."""


COLUMNS_OF_COMPARISONS = ("period", "year", "measure", "item", "unit")
"""Columns of `comparison_wide.csv`, which has one of each scenario besides."""


def unfit_names(scenarios: list[str]) -> Iterator[str]:
    """Names of scenarios that cannot be names of folders, on any system, or of columns of a comparison."""
    folded = [name.casefold() for name in scenarios]
    for name in scenarios:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
            yield f"scenarios.{shown(name)}: a scenario's name is a folder's name too; use letters, digits, - and _"
        elif re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", name.casefold()):
            yield f"scenarios.{name}: Windows keeps this name for itself; give the scenario another name"
        elif name in COLUMNS_OF_COMPARISONS:
            yield f"scenarios.{name}: a comparison has a column of this name; give the scenario another name"
    if len(set(folded)) < len(folded):
        yield "scenarios: two names differ only in capitals; give each its own"
    if "base" in folded:
        yield "scenarios.base: `base` is the model itself; give the scenario another name"


def built_on(scenarios: Mapping[str, Scenario], name: str) -> tuple[list[str], str | None]:
    """The scenarios that one consists of, itself first; and what the last builds on: nothing, `base`, a name that is no
    scenario, or one of them again.
    """
    chain: list[str] = []
    link: str | None = name
    while link is not None and link in scenarios and link not in chain:
        chain.append(link)
        link = scenarios[link].builds_on
    return chain, link
