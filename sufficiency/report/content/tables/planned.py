"""What tables are made from: a result, what it was planned from, results of its scenarios, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from sufficiency.case import Case
from sufficiency.codes import AWAITING, INTERIM, NOT_GIVEN, NOT_MODELLED, RECOUPED
from sufficiency.model import Model
from sufficiency.report.content.of_result import OfResult
from sufficiency.report.content.register import Register
from sufficiency.report.content.tables.table import Column, Unit
from sufficiency.report.words import academic_year
from sufficiency.result import Result
from sufficiency.tables.schema.results import OUTPUTS

AWAITING_WORDS = "Awaiting a place"
LINES = "budget_line"
FUNDS = {"dsg": "DSG", "general_fund": "General Fund", "capital": "Capital"}


@dataclass(frozen=True)
class Planned(OfResult):
    """A result and what it was planned from: its case, or the model alone where the result is a release, which has no
    true figure beside it. `scenarios`: results of the model's scenarios, by name.
    """

    result: Result = field(repr=False)
    given: Case | Model = field(repr=False)
    scenarios: Mapping[str, Result] = field(default_factory=dict, repr=False)

    @property
    def case(self) -> Case:
        """The case. Raises ValueError of a release."""
        if isinstance(self.given, Model):
            raise ValueError("a release has no case")
        return self.given

    @property
    def model(self) -> Model:
        """The model."""
        return self.given if isinstance(self.given, Model) else self.given.model

    @property
    def knows_base(self) -> bool:
        """Whether the tables hold children of the base year by locality, need and phase: not those of a release."""
        return not isinstance(self.given, Model)

    @cached_property
    def register(self) -> Register:
        """The figures of the result."""
        return Register(self.result)

    def rows(self, table: str) -> pd.DataFrame:
        """A table of the result; one without rows where the result has none."""
        if table in self.result.frames:
            return self.result.frames[table]
        names = OUTPUTS[table].names if table in OUTPUTS else ()
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})

    def has(self, table: str) -> bool:
        """Whether the result has a table with rows in it."""
        return table in self.result.frames and len(self.result.frames[table]) > 0

    def measure(self, name: str, period: str = "academic") -> pd.DataFrame:
        """Rows of `measures.csv`, by year and item: today, plan and unmitigated."""
        rows = self.result.measures
        return rows[(rows["measure"] == name) & (rows["period"] == period)]

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """Words for the codes of columns, in the order in which codes are shown."""
        labels = self.summary["labels"]
        types = labels["types"] | {AWAITING: AWAITING_WORDS, NOT_MODELLED: "Not in the model"}
        return {
            "type": types,
            "need": labels["needs"],
            "phase": labels["phases"],
            "fund": FUNDS,
            "projection": {"today": "Today", "plan": "Plan", "unmitigated": "Do nothing more"},
        }

    def word(self, kind: str, code: str) -> str:
        """The words for a code."""
        return self.words[kind].get(code, code)

    def listed(self, kind: str, codes: Sequence[str]) -> str:
        """Phases in words and needs as their codes; `Any` where they are all there are."""
        if not codes or {*self.words[kind]} <= {*codes}:
            return "Any"
        return ", ".join(code if kind == "need" else self.word(kind, code) for code in codes)

    def in_words(self, frame: pd.DataFrame, **kinds: str) -> pd.DataFrame:
        """`frame` in the order of its codes, from the left column to the right, and with words in their place. `kinds`
        names what a column holds where its name does not say it.
        """
        names = [str(name) for name in frame]
        known = {name: kinds.get(name, name) for name in names if kinds.get(name, name) in self.words}
        order = {name: {code: place for place, code in enumerate(self.words[kind])} for name, kind in known.items()}
        if LINES in names:
            order[LINES] = {line: place for place, line in enumerate(sorted(set(frame[LINES]), key=_by_number))}

        def placed(column: pd.Series) -> pd.Series:
            ranks = order.get(str(column.name))
            return column if ranks is None else column.map(lambda code: ranks.get(code, len(ranks)))

        by = [name for name in names if frame[name].dtype.kind != "f"]
        ordered = frame.sort_values(by, key=placed, kind="stable") if by else frame
        worded = {name: [self.word(kind, code) for code in ordered[name]] for name, kind in known.items()}
        return ordered.assign(**worded).reset_index(drop=True)

    @cached_property
    def setting_names(self) -> dict[str, str]:
        """Name of each setting by its code, those that options open too."""
        return dict(zip(self.result.settings["setting"], self.result.settings["name"], strict=True))

    @cached_property
    def area_names(self) -> dict[str, str]:
        """Name of each area by its code."""
        return dict(zip(self.result.areas["area"], self.result.areas["name"], strict=True))

    @cached_property
    def localities(self) -> dict[str, str]:
        """Locality of each area by its code."""
        return dict(zip(self.result.areas["area"], self.result.areas["locality"], strict=True))

    def line_words(self, line: str) -> str:
        """What a budget line pays for."""
        names = self.summary["finance"].get("budget_line_names", {})
        own = {RECOUPED: "Paid by DfE out of the grant", NOT_GIVEN: "Costs that name no line", INTERIM: ""}
        transport = {self.model.finance.transport_budget_line: "Journeys"}
        return str(names.get(line) or own.get(line) or transport.get(line, ""))

    @cached_property
    def demand(self) -> pd.DataFrame:
        """Children who need a specialist place, of the base year and those of the plan: area, locality, need, phase,
        year, children; of a release those of the plan, and no area.
        """
        if not self.knows_base:
            return self.rows("gaps").rename(columns={"demand": "children"})
        rows = self.case.tables.demand
        rows = rows[rows["year"].between(self.base_year, self.years[-1])]
        return rows.assign(locality=rows["area"].map(self.localities).fillna(""))

    def spread(
        self,
        rows: pd.DataFrame,
        index: list[str],
        value: str = "children",
        year: str = "year",
        with_base: bool = True,
        absent: float = 0.0,
    ) -> pd.DataFrame:
        """A row for each combination of the columns `index`, a column for each year (`2026`, as text) with the sum of
        `value`; `absent` where there is no row.
        """
        years = self._shown_years(with_base)
        if not len(rows):
            return pd.DataFrame({name: pd.Series(dtype=str) for name in index} | {str(one): [] for one in years})
        wide = rows.pivot_table(index=index, columns=year, values=value, aggfunc="sum")
        wide = wide.reindex(columns=years).fillna(absent)
        wide.columns = [str(one) for one in wide.columns]
        return wide.reset_index()

    def _shown_years(self, with_base: bool) -> list[int]:
        return [self.base_year, *self.years] if with_base and self.knows_base else list(self.years)

    def year_columns(
        self, unit: Unit | None = Unit.CHILDREN, with_base: bool = True, total: bool = True, shaded: bool = False
    ) -> tuple[Column, ...]:
        """The columns of `spread`."""
        years = self._shown_years(with_base)
        return tuple(Column(str(one), academic_year(one), unit, total, shaded) for one in years)


def _by_number(line: str) -> list[tuple[bool, int, str]]:
    """By what budget lines are sorted: 1.2.2 before 1.2.10, names after numbers."""
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in line.split(".")]
