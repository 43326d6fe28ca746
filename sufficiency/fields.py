"""What the keys of a model file may hold: shares, amounts, years, codes."""

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


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=1e10, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=1e-6, le=1e10, allow_inf_nan=False)]
Plain = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1990, le=2100)]
SettingType = Annotated[str, AfterValidator(_setting_type)]
Need = Annotated[str, AfterValidator(_need)]
ShareByYear = Annotated[Share | dict[Year, Share], BeforeValidator(_by_year)]
FactorByYear = Annotated[Amount | dict[Year, Amount], BeforeValidator(_by_year)]


class Section(BaseModel):
    """A table of the model file: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
