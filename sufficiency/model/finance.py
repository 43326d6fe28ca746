"""`[finance]`: money over the years."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from sufficiency.codes import SETTING_TYPES, normal_code
from sufficiency.fields import Amount, FactorByYear, Growth, Number, Plain, Section, Share, Year
from sufficiency.problems import did_you_mean, shown


class Finance(Section):
    """Money over the years."""

    discount_rate: Annotated[float, Field(ge=0, le=1), Number] | None = None
    """Nominal. Default: 1.035 × (1 + default inflation) − 1 (3.5 % real: HM Treasury, The Green Book)."""
    awaiting_cost: Amount = 0.0
    """£ a child-year of interim provision for those awaiting a place (Education Act 1996, s.19: it is neither EOTAS nor
    home education): real money of the DSG, in base-year pounds that grow at default inflation.
    """
    tail_years: Annotated[int, Field(ge=0, le=60), Number] = 0
    """Years for which the last year's costs are repeated, so that late schemes can pay."""
    overspend: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False), Number] = 0.0
    """£ per £ that a budget line spends above its budget in a financial year, in the objective; 0 only reports. Needs
    the tables `budget` and `other_spend`.
    """
    least_overspend: bool = True
    """Solve once more for the least that budgets could be exceeded by; where `budget` and `other_spend` are given."""
    budget_basis: Literal["gross", "after_deductions"] = "after_deductions"
    """Whether the budget table is before DfE's deductions for the places it pays for (`gross`) or after them. `gross`:
    recouped places are posted to the budget line of their places. After them: to the line `recouped`, which counts only
    where the budget names it.
    """
    month_split: dict[str, Share] = {}
    """By setting type, and `transport` for travel: share of an academic year's spend from April to August, in which the
    financial year after it has begun. Default 5/12, post-16 4/12 (DfE, high needs place funding); fees and journeys
    follow terms, in which about a third of school days fall from April on.
    """
    capital_charge: Share = 0.0
    """Share of capital charged to revenue each year; 0 where capital is grant."""
    capital_budget: Amount | None = None
    """£ of the council's own capital in all, contingency included, each pound of the year it is spent in: neither
    inflated nor discounted; blank means no limit.
    """
    capital_contingency: Annotated[float, Field(ge=0, le=1), Number] = 0.0
    """Share added to the capital of every option. Default 0, an assumption: the figures given hold it already."""
    inflation: dict[str, Growth] = {
        "independent": 0.06,
        "transport": 0.04,
        "default": 0.03,
    }
    """By setting type, `transport` for travel, `default` for the rest. The figures shipped are assumptions; give
    your own.
    """
    transport_budget_line: str = "transport"
    """Budget line of travel, in the General Fund and outside the Dedicated Schools Grant (DSG)."""
    opening_dsg_balance: Plain | None = None
    """£ of the DSG at the start of the first plan year (1 April); a deficit is negative."""
    dsg_interest: Share = 0.0
    """Interest a year on a DSG deficit, as a share of it: it falls on the General Fund, and is reported beside the
    balance. Default 0: not counted.
    """
    high_needs_block: FactorByYear | None = None
    """£ of the DSG for high needs in a financial year, a number or one by first year. Default: what is budgeted on
    the lines that the DSG pays for.
    """
    stability_grant_share: Share = 0.9
    """High Needs Stability Grant: share of the eligible deficit at the end of 2025-26 (DfE, Explanatory note on the
    government's approach to DSG deficits, 9 February 2026). It takes an approved Local SEND Reform Plan.
    """
    stability_grant_eligible: Amount | None = None
    """£ of the deficit at the end of 2025-26 that is eligible: overspends outside high needs and equal pay claims are
    not. Default: the whole opening deficit, where the plan starts in 2026.
    """
    stability_grant_year: Year = 2026
    """Financial year in which the grant comes. Assumption: 2026-27."""

    @field_validator("inflation", "month_split")
    @classmethod
    def _known_types(cls, value: dict[str, float], about: ValidationInfo) -> dict[str, float]:
        others = ["transport", "default"] if about.field_name == "inflation" else ["transport"]
        known = {*SETTING_TYPES, *others}
        named = " or ".join(others)
        faults = [
            f"{shown(key)} is not a setting type, {named}; {did_you_mean(key, known)}"
            if len(others) > 1
            else f"{shown(key)} is neither a setting type nor {named}; {did_you_mean(key, known)}"
            for key in value
            if normal_code(key) not in known
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return {normal_code(key): rate for key, rate in value.items()}

    @property
    def recouped_apart(self) -> bool:
        """Whether places that DfE pays for stand on a budget line of their own."""
        return self.budget_basis == "after_deductions"

    def inflation_of(self, kind: str) -> float:
        """Yearly inflation of a setting type or of `transport`."""
        return self.inflation.get(kind, self.inflation.get("default", 0.03))

    @property
    def highest_inflation(self) -> float:
        """The highest yearly inflation of any type, of `transport` and of `default`."""
        return max([self.inflation_of("default"), *self.inflation.values()])

    @property
    def discount(self) -> float:
        """The nominal discount rate that holds."""
        if self.discount_rate is not None:
            return self.discount_rate
        return 1.035 * (1 + self.inflation_of("default")) - 1
