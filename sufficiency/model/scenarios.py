"""`[scenarios]`: changes to a model and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from sufficiency.fields import Plain, Section
from sufficiency.model.levers import EarlyIntervention, FreeSchoolCash, FreeSchoolDelay, ShareFromYear
from sufficiency.problems import shown


def _listed(value: Any) -> Any:
    return [] if value is None else value if isinstance(value, list) else [value]


Names = Annotated[list[str], BeforeValidator(_listed)]
"""A name, or a list of them."""


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
    """Changes to the model and its tables: `set` first, then `edit`, `add` and `remove`, then levers, each turned into
    such changes.
    """

    about: str = ""
    """A sentence on what it tries."""
    builds_on: Names = []
    """A scenario that is applied first, or several in order; each is applied once."""
    set: dict[str, Any] = {}
    """Keys of the model file to change; tables merge, lists replace."""
    edit: list[Edit] = []
    """Changes to rows."""
    add: list[Addition] = []
    """Rows added."""
    remove: list[Removal] = []
    """Rows taken out."""
    early_intervention: EarlyIntervention | None = None
    """Fewer children who need a place, at a cost."""
    ap_at_most: ShareFromYear | None = None
    """Share of the children of the demand table who are in AP at most, by first year: an ambition, so a soft rule. From
    its first year on it takes the place of soft rules of `rules.share` on AP alone and all children.
    """
    free_school_delay: FreeSchoolDelay | None = None
    """A school that opens late."""
    free_school_cash: FreeSchoolCash | None = None
    """A school that is not built, for money."""

    @property
    def sets(self) -> bool:
        """Whether it changes keys of the model before any table is looked at."""
        return bool(self.set or self.ap_at_most)

    @property
    def levers(self) -> list[tuple[str, EarlyIntervention | FreeSchoolDelay | FreeSchoolCash]]:
        """The levers that change tables, by their key, in the order they are pulled."""
        keys = ("free_school_delay", "free_school_cash", "early_intervention")
        return [(key, lever) for key in keys if (lever := getattr(self, key)) is not None]

    @property
    def changes_tables(self) -> bool:
        """Whether it changes tables."""
        return bool(self.edit or self.add or self.remove or self.levers)


BASE = "base"
"""The name of the model itself."""
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


def built_on(scenarios: Mapping[str, Scenario], name: str) -> tuple[list[str], list[list[str]]]:
    """The scenarios that one consists of, in the order they are applied, itself last; and faults: ways from scenario to
    scenario that end in a name that is no scenario, or in one they came by.
    """
    order: list[str] = []
    faults: list[list[str]] = []

    def visit(here: str, way: list[str]) -> None:
        if here in way or here not in scenarios:
            faults.extend([[*way, here]] if here != BASE else [])
        elif here not in order:
            for other in scenarios[here].builds_on:
                visit(other, [*way, here])
            order.append(here)

    visit(name, [])
    return order, faults
