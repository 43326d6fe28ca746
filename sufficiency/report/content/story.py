"""One result as its chapters see it: summary, figures, tables, and the words for years and codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content.figure import TODAY, Figure
from sufficiency.report.content.kinds import KINDS
from sufficiency.report.content.of_result import OfResult
from sufficiency.report.content.register import Register
from sufficiency.report.content.table_kinds import TABLE_KINDS
from sufficiency.report.words import academic_year
from sufficiency.result import Result

PLAN, NOTHING_MORE = "plan", "unmitigated"


@dataclass(frozen=True)
class Story(OfResult):
    """A result with its register; `label` puts a code in the model's words."""

    result: Result
    register: Register

    @property
    def last(self) -> int:
        """The last year of the plan."""
        return self.years[-1]

    @property
    def balance_year(self) -> int:
        """The last financial year for which a balance carried forward can be known."""
        return min(self.last, LAST_YEAR_OF_OVERRIDE)

    @property
    def release(self) -> dict[str, Any] | None:
        """How figures were protected where this is a release for publication: `method`, `why`, `left_out`; None for a
        result in full. Figures that are 0 or not shown then say nothing of whether there are any children.
        """
        return self.summary.get("release")

    def label(self, group: str, code: str) -> str:
        """The words of the model for a code; `group` is `types`, `needs` or `phases`."""
        return str(self.summary["labels"][group].get(code, code))

    def get(self, name: str) -> Figure | None:
        """A figure; None where there is none."""
        return self.register.get(name)

    def by_year(self, kind: str, projection: str = "", item: str = "") -> dict[int, Figure]:
        """Figures of `measures.csv` by year, today's first where there is one."""
        end = f".{item}" if item else ""
        of = f".{projection}" if projection else ""
        figures = {self.base_year: self.get(f"{kind}.{TODAY}{end}")}
        figures |= {year: self.get(f"{kind}{of}.{year}{end}") for year in self.years}
        return {year: figure for year, figure in figures.items() if figure is not None}

    def years_with(self, name: str) -> list[int]:
        """The years that have a figure; `name` has {year}."""
        return [year for year in self.years if self.get(name.format(year=year)) is not None]

    def frame(self, name: str) -> pd.DataFrame | None:
        """A table of the result; None where it has none."""
        return self.result.frames.get(name)


def story_of(result: Result, scenario: str = "", folder: str = "") -> Story:
    """The story of a result: the one a report is about, or that of a `scenario` beside it, from its `folder`."""
    if scenario:
        return Story(result, Register(result, KINDS, scenario=scenario, folder=folder))
    return Story(result, Register(result, (*KINDS, *TABLE_KINDS)))


def year_heads(years: Sequence[int]) -> tuple[str, ...]:
    """Years as the heads of columns."""
    return tuple(academic_year(year) for year in years)
