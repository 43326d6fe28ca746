"""What the keys of a model file may hold: shares, amounts, years, codes, and numbers by first year."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sufficiency.codes import NEEDS, SETTING_TYPES, normal_code
from sufficiency.problems import did_you_mean, shown


def _setting_type(text: str) -> str:
    code = normal_code(text)
    if code not in SETTING_TYPES:
        raise ValueError(f"{shown(text)} is not a setting type; {did_you_mean(code, SETTING_TYPES)}")
    return code


def _need(text: str) -> str:
    code = text.strip().upper()
    if code not in NEEDS:
        raise ValueError(f"{shown(text)} is not a primary need code; {did_you_mean(code, NEEDS)}")
    return code


def _by_year(value: Any) -> Any:
    if isinstance(value, dict):
        return {int(year) if str(year).strip().isdigit() else year: share for year, share in value.items()}
    return value


def _a_number(value: Any) -> Any:
    """TOML knows numbers from true, from dates and from text in quotes; none of those is meant for one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        said = str(value).lower() if isinstance(value, bool) else shown(str(value))
        raise ValueError(f"must be a number, not {said}")
    return value


Number = BeforeValidator(_a_number)
Flag = Annotated[bool, Field(strict=True)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Number]
Amount = Annotated[float, Field(ge=0, le=1e10, allow_inf_nan=False), Number]
Plain = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False), Number]
Growth = Annotated[float, Field(gt=-0.5, lt=1, allow_inf_nan=False), Number]
Year = Annotated[int, Field(ge=1990, le=2100), Number]
Ncy = Annotated[int, Number]
SettingType = Annotated[str, AfterValidator(_setting_type)]
Need = Annotated[str, AfterValidator(_need)]
ShareByYear = Annotated[Share | dict[Year, Share], BeforeValidator(_by_year)]
Minutes = Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False), Number]
MinutesByYear = Annotated[Minutes | dict[Year, Minutes], BeforeValidator(_by_year)]
FactorByYear = Annotated[Amount | dict[Year, Amount], BeforeValidator(_by_year)]


class Section(BaseModel):
    """A table of the model file: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def by_year(value: float | dict[int, float], year: int, otherwise: float) -> float:
    """The number that holds in `year`: a plain number, or that of the latest year given that is not after it."""
    if not isinstance(value, dict):
        return value
    past = [first for first in value if first <= year]
    return value[max(past)] if past else otherwise
