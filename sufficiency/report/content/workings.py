"""Numbers of the paper that are worked out from cells of the result, with how: a table of their own, so that each can
be worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from sufficiency.report.content.figure import Figure, in_words

FILE = "report/workings"
"""The table, as seen from the result's folder."""
COLUMNS = ("working", "item", "value", "unit", "how")
CASH = "£ cash"


@dataclass(frozen=True)
class Working:
    """One number: what it is, of which `item`, and how it is worked out."""

    working: str
    item: str
    value: float
    unit: str
    how: str


@dataclass(frozen=True)
class Workings:
    """All of them; as `figures`, each with its cell in `table`."""

    all: tuple[Working, ...] = ()
    _by_id: dict[str, Figure] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for one in self.all:
            name = f"workings.{one.working}.{one.item}" if one.item else f"workings.{one.working}"
            row = {"working": one.working, "item": one.item}
            text = in_words(one.value, one.unit)
            self._by_id[name] = Figure(name, text, one.value, one.unit, FILE, row, "value")

    @property
    def table(self) -> pd.DataFrame:
        """`workings.csv`: a row a number."""
        return pd.DataFrame([[getattr(one, name) for name in COLUMNS] for one in self.all], columns=list(COLUMNS))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The numbers as figures."""
        return tuple(self._by_id.values())

    def get(self, working: str, item: str | int = "") -> Figure | None:
        """A number; None where there is none."""
        return self._by_id.get(f"workings.{working}.{item}" if item != "" else f"workings.{working}")

    def of(self, working: str) -> list[Figure]:
        """The numbers of one working, in order."""
        return [one for name, one in self._by_id.items() if name.startswith(f"workings.{working}.")]


def workings_of(*groups: Iterable[Working]) -> Workings:
    """Workings from one group after another."""
    return Workings(tuple(one for group in groups for one in group))
