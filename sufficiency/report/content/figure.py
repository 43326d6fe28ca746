"""A figure and the cell it comes from, and the kinds of figures there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sufficiency.report.words import academic_year, children, millions
from sufficiency.result import Result

Cell = str | int
TODAY = "today"
"""Column of `measures.csv`: the base year, the same beside every year of the plan."""
Pick = Callable[[Result, pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Figure:
    """One figure. `text`: as it is printed; `value`: in full; `row`: cells that name one row of the result's `table`;
    `column`: where in that row it stands.
    """

    id: str
    text: str
    value: float
    unit: str
    table: str
    row: Mapping[str, Cell]
    column: str


def every_row(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """All rows of a table."""
    return rows


@dataclass(frozen=True)
class Kind:
    """Figures of one meaning: cells of the `columns` of `table`, in the rows whose cells are as in `where`, separated
    by the columns `by`. `pick` leaves out the rows that are no headline.
    """

    name: str
    meaning: str
    unit: str
    table: str
    columns: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    pick: Pick = every_row

    def id_of(self, column: str, cells: Mapping[str, Cell]) -> str:
        """What a figure is called: its kind, its column where it is not the only or the usual one, and the cells that
        tell its row apart; of today without a year.
        """
        apart = [cells[name] for name in self.by if not (column == TODAY and name == "year")]
        usual = self.columns == (column,) and column != TODAY
        return ".".join(str(part) for part in (self.name, *(() if usual else (column,)), *apart) if part != "")


def in_words(value: float, unit: str) -> str:
    """A figure as it is printed."""
    if unit.startswith("£"):
        return millions(value)
    if unit == "share, a tenth of a percent":
        return f"{value:.1%}".replace("-0.0%", "0.0%").replace("-", "−")
    if unit == "share, whole percent":
        return f"{value:.0%}"
    if unit == "minutes to a tenth":
        return f"{value:,.1f}"
    if unit == "share":
        return f"{value:.2%}" if abs(value) < 0.01 else f"{value:.1%}"
    if unit == "academic year":
        return academic_year(int(value))
    if unit in ("km", "minutes to a tenth", "children or minutes"):
        return f"{value:,.1f}".removesuffix(".0")
    return children(value)
