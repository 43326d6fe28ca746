"""Policy rules of the model file: what the plan must, or should, keep to, whatever it costs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sufficiency.fields import (
    Amount,
    Flag,
    MinutesByYear,
    Need,
    Number,
    Section,
    SettingType,
    Share,
    Year,
    by_year,
)
from sufficiency.problems import shown


class Rule(Section):
    """A rule that holds in some years."""

    name: str = Field(min_length=1)
    """What outputs call the rule; each has its own."""
    from_year: Year | None = None
    """First year the rule holds; blank: from the start."""
    to_year: Year | None = None
    """Last year the rule holds; blank: to the end."""
    hard: Flag = False
    """A hard rule must hold; a soft one may be missed at the price `rule_breach`, and that is reported."""

    @model_validator(mode="after")
    def _holds_some_time(self) -> Rule:
        if self.from_year is not None and self.to_year is not None and self.from_year > self.to_year:
            raise ValueError(f"from_year {self.from_year} is after to_year {self.to_year}: the rule never holds")
        return self

    def holds_in(self, year: int) -> bool:
        """Whether the rule is in force in `year`."""
        return (self.from_year or year) <= year <= (self.to_year or year)


class ScopedRule(Rule):
    """A rule about some of the children."""

    needs: list[Need] = []
    """Only children with these needs; none means all."""
    phases: list[str] = []
    """Only children in these phases; none means all."""
    localities: list[str] = []
    """Only children who live in these localities; none means all."""


class ShareRule(ScopedRule):
    """A limit on the share (or number) of children placed in some types of setting, year by year."""

    types: list[SettingType] = Field(min_length=1)
    """Types of setting whose children are counted."""
    at_most: Share | None = None
    """Share of the children forecast in its scope."""
    at_least: Share | None = None
    """Share of the children forecast in its scope."""
    at_most_children: Amount | None = None
    """A number of children."""
    at_least_children: Amount | None = None
    """A number of children."""

    @model_validator(mode="after")
    def _one_limit(self) -> ShareRule:
        given = [self.at_most, self.at_least, self.at_most_children, self.at_least_children]
        if sum(limit is not None for limit in given) != 1:
            raise ValueError("give exactly one of at_most, at_least, at_most_children and at_least_children")
        return self


class LocalityRule(ScopedRule):
    """A least share of children placed within their locality: in a setting of the locality they live in."""

    at_least: Share
    """Share of the children forecast in its scope; a child who waits, or is in EOTAS or home education, is not placed
    within their locality.
    """
    types: list[SettingType] = []
    """Only places in these types of setting count; none means all."""


class JourneyRule(ScopedRule):
    """The mean journey of each locality's placed children held under a limit, locality by locality.

    Counted in children: minutes beyond the limit, added up over the children and divided by the limit, so that 1 is
    one child whose journey is twice the limit. A child who waits counts with the longest journey that could be chosen
    for them (at least the limit): leaving a child without a place never helps.
    """

    name: str = "Mean journey of each locality"
    """What outputs call the rule, with the locality behind it."""
    at_most: Annotated[float, Field(ge=1, le=1_000, allow_inf_nan=False), Number]
    """Minutes one way."""


NO_LIMIT = 1_000.0
"""Minutes: longer than any journey, so that a rule says nothing."""


class FairnessRule(Rule):
    """How evenly journeys are spread: the Kolm–Pollak equally-distributed equivalent, held under a limit each year.

    It is the journey which, if every child had it, would be as good as the journeys the plan gives; long ones count
    more than their share, and a child who waits as the longest journey of all. Source: Horton et al., arXiv
    2401.15452; κ = aversion × Σ minutes / Σ minutes² of the plan without this rule.
    """

    name: str = "Fair journeys"
    """What outputs call the rule."""
    at_most: MinutesByYear
    """Minutes one way, the equally-distributed equivalent of all journeys of a year; a number or one by first year."""
    aversion: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False), Number] = 1.0
    """Aversion to inequality, −ε: 0 would be the plain mean. Default 1, as in the source."""
    kappa: Annotated[float, Field(ge=1e-6, le=10, allow_inf_nan=False), Number] | None = None
    """κ, per minute. Default: from the plan without this rule; give it where plans are to be compared."""

    def minutes_in(self, year: int) -> float:
        """The limit that holds in a year; before the first year given, longer than any journey."""
        return by_year(self.at_most, year, NO_LIMIT)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


JourneyRules = Annotated[list[JourneyRule], BeforeValidator(_as_list)]


class Rules(Section):
    """What the plan must, or should, keep to."""

    share: list[ShareRule] = []
    """Limits on how many children are placed in some types of setting."""
    in_locality: list[LocalityRule] = []
    """Least shares of children placed within their own locality."""
    locality_minutes: JourneyRules = []
    """The mean journey of every locality's children held under a limit; one section, or a list of them."""
    fairness: FairnessRule | None = None
    """How evenly journeys are spread, held under a limit."""
    bases_first: Flag = False
    """Special and AP options take only children whom no base can meet: cells with no base, open or an option, of
    match 0.5 or more within the journey guideline (`bases_first.csv` lists them and says why).
    """
    open_at_most: Annotated[int, Field(ge=0), Number] | None = None
    """Options opened in all; those that may open in part count as the part that opens."""
    committed: dict[str, Year] = {}
    """Options that are decided: each opens in its year whatever else is chosen, in doing nothing more too. A smallest
    fill that it cannot reach costs `rule_breach` a child.
    """
    hard_journey_limit: Flag = False
    """No entrant is placed beyond `travel.limit_minutes`."""
    reserve: Share = 0.0
    """Share of state-funded places kept free for children who come during the year."""

    @property
    def listed(self) -> list[tuple[str, Rule]]:
        """Every rule with its key in the model file, in a fixed order."""
        named_rules: list[tuple[str, Rule]] = [("share", rule) for rule in self.share]
        named_rules += [("in_locality", rule) for rule in self.in_locality]
        named_rules += [("locality_minutes", rule) for rule in self.locality_minutes]
        return named_rules if self.fairness is None else [*named_rules, ("fairness", self.fairness)]

    @model_validator(mode="after")
    def _names_differ(self) -> Rules:
        names = [rule.name for _, rule in self.listed]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError("\n".join(f"two rules are called {shown(name)}; give each its own name" for name in twice))
        return self
