"""`[sweep]`: the futures that a plan is tried in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from sufficiency.codes import SETTING_TYPES, normal_code
from sufficiency.fields import Growth, Number, Section, SettingType, Share
from sufficiency.problems import did_you_mean, shown


def _rising(band: tuple[float, float]) -> tuple[float, float]:
    low, high = band
    if low > high:
        raise ValueError(f"the low end {low:g} is above the high end {high:g}")
    return band


Factor = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False), Number]
GrowthBand = Annotated[tuple[Growth, Growth], AfterValidator(_rising)]
FactorBand = Annotated[tuple[Factor, Factor], AfterValidator(_rising)]


def _axes(value: Any) -> Any:
    """A list of names is one axis; a list of lists several."""
    return [value] if isinstance(value, list) and value and all(isinstance(name, str) for name in value) else value


Axes = Annotated[list[Annotated[list[str], Field(min_length=1)]], BeforeValidator(_axes)]


class Slip(Section):
    """How likely an option is to open late, and by how much."""

    chance: Share
    """Chance that it opens late."""
    years: Annotated[int, Field(ge=1, le=30), Number] = 1
    """How many years late it then opens."""


class Sweep(Section):
    """The futures that `sufficiency sweep` plans for, one a draw. Each draw takes a path of demand, and for whatever
    else is listed here a value of its own; draws are independent of one another.
    """

    draws: Annotated[int, Field(ge=1, le=100_000), Number] = 200
    """How many futures."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1), Number] = 0
    """Start of the random numbers: the same seed gives the same futures."""
    cvar_level: Annotated[float, Field(ge=0, lt=1), Number] = 0.9
    """CVaR is the mean cost of the worst futures: of the most expensive 10 % at 0.9."""
    cvar_weight: Share = 0.5
    """Weight of CVaR beside the expected cost in a robust programme; 0 looks at the expected cost alone."""
    demand: Literal["paths", "expected"] = "paths"
    """`paths`: a draw takes a whole simulated path of the forecast where there is one, else of the `simulation` rows of
    the demand table, else one level between `low` and `high` that all areas, needs and years share. `expected`: demand
    does not vary.
    """
    inflation: dict[str, GrowthBand] = {}
    """By setting type, `transport` or `default`: lowest and highest yearly inflation, `{ independent = [0.03, 0.09] }`;
    every rate between is as likely. The discount rate stays what it is.
    """
    fees: dict[SettingType, FactorBand] = {}
    """By setting type: lowest and highest factor on `per_child` of its rows in the cost table, in every year."""
    slips: dict[str, Slip] = {}
    """By option: chance and years of opening late, `{ NB1 = { chance = 0.3, years = 1 } }`; `default` for the others.
    """
    scenarios: Axes = []
    """Scenarios to cross, a list for each question: `[["base", "school-late"], ["base", "more-need"]]`. Draws take the
    combinations in turn; `base` changes nothing.
    """

    @field_validator("inflation")
    @classmethod
    def _known_types(cls, value: dict[str, tuple[float, float]], about: ValidationInfo) -> dict[str, Any]:
        known = {*SETTING_TYPES, "transport", "default"}
        faults = [
            f"{shown(key)} is not a setting type, transport or default; {did_you_mean(key, known)}"
            for key in value
            if normal_code(key) not in known
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return {normal_code(key): band for key, band in value.items()}
