"""What every form shows: chapters of sentences and exhibits, each exhibit one table that says one thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from sufficiency.report.content.figure import Figure
from sufficiency.report.content.words import Shown, Words

Cell = str | Shown | Words | None


@dataclass(frozen=True)
class Exhibit:
    """A table with what it finds. `finding` is its title, `about` says what is shown and in which unit. The first cell
    of each row names the row, and a row of one cell names those below it. `years`: of the columns after the first,
    where those are years. `notes` stand under it. `shaded`: its cells are shares of places that are filled, darker the
    fuller.
    """

    id: str
    finding: Words
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    years: tuple[int, ...] = ()
    notes: tuple[Words, ...] = ()
    shaded: bool = False


@dataclass(frozen=True)
class Headline:
    """A figure to lead with: under the plan, and if nothing more is done (none: there is no such figure)."""

    label: str
    plan: Figure
    unmitigated: Figure | None
    today: Figure | None
    note: str
    less_is_better: bool


@dataclass(frozen=True)
class Chapter:
    """A part of the report: sentences first, then exhibits."""

    id: str
    title: str
    sentences: tuple[Words, ...] = ()
    exhibits: tuple[Exhibit, ...] = field(default=())
