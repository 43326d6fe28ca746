"""Levers in a scenario: each is turned into changes of the model and its tables, with its cost."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from sufficiency.fields import Amount, Need, Number, Section, Share, Year, keyed_by_year

Years = Annotated[int, Field(ge=1, le=30), Number]


class EarlyIntervention(Section):
    """Earlier help that keeps children in ordinary classes: fewer need a specialist place, and each costs money there.

    The share grows in equal steps from `from_year` to `full_year` and stays. What it costs is added to `other_spend`:
    5/12 of one academic year's children and 7/12 of the next's (from 16 on 4/12 and 8/12), inflated at `default` to
    the financial year.
    """

    needs: list[Need] = []
    """Needs it is about; none means all."""
    phases: list[str] = []
    """Phases it is about; none means all."""
    localities: list[str] = []
    """Localities it is about; none means all."""
    from_year: Year = 2027
    """First year in which fewer children need a place."""
    full_year: Year = 2031
    """Year in which the whole `share` is reached."""
    share: Share
    """Share of these children who no longer need a specialist place."""
    cost_per_child: Amount
    """£ a child-year in an ordinary class, base-year pounds."""
    budget_line: str = Field(default="1.2.4", min_length=1)
    """Budget line that pays for it. Default: additional high needs targeted funding, mainstream."""
    evidence: str = ""
    """Why the share can be reached, in words that outputs print."""

    @model_validator(mode="after")
    def _grows(self) -> EarlyIntervention:
        if self.full_year < self.from_year:
            raise ValueError(f"full_year {self.full_year} is before from_year {self.from_year}")
        return self

    def share_in(self, year: int) -> float:
        """The share of a year."""
        steps = self.full_year - self.from_year + 1
        return self.share * min(max(year - self.from_year + 1, 0), steps) / steps


class FreeSchoolDelay(Section):
    """A school that is still to open, and opens late: all its lines of places do."""

    line: str
    """A line of places of the school."""
    years: Years
    """How many years late."""


class FreeSchoolCash(Section):
    """A school that is not built: its places and running costs go, and money comes as capital."""

    option: str = ""
    """The option that is given up."""
    line: str = ""
    """Or the line of places, where the school stands in the places table."""
    per_place: Amount
    """£ of capital for each place."""
    years: Years = 3
    """Years over which it comes: said in outputs; `finance.capital_budget` has no years."""
    evidence: str = ""
    """Where the offer is from, in words that outputs print."""

    @model_validator(mode="after")
    def _one_school(self) -> FreeSchoolCash:
        if bool(self.option) == bool(self.line):
            raise ValueError("give option or line: the school that is given up")
        return self


ShareFromYear = Annotated[dict[Year, Share], BeforeValidator(keyed_by_year), Field(min_length=1)]
"""Shares by first year."""
