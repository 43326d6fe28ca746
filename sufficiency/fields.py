"""What the keys of a model file may hold: shares, amounts, years, codes, and numbers by first year."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from sufficiency.codes import NEEDS, SETTING_TYPES, normal_code
from sufficiency.problems import did_you_mean, shown

DEFAULT = "default"
"""The key for whatever is not named."""


def _setting_type(text: str) -> str:
    code = normal_code(text)
    if code not in SETTING_TYPES:
        raise ValueError(f"{shown(text)} is not a setting type; {did_you_mean(code, SETTING_TYPES)}")
    return code


def _type_or_default(text: str) -> str:
    return text if text == DEFAULT else _setting_type(text)


def _need(text: str) -> str:
    code = text.strip().upper()
    if code not in NEEDS:
        raise ValueError(f"{shown(text)} is not a primary need code; {did_you_mean(code, NEEDS)}")
    return code


def keyed_by_year(value: Any) -> Any:
    """A table whose keys are years as TOML has them, with numbers for keys; anything else as it is."""
    if isinstance(value, dict):
        return {int(year) if str(year).strip().isdigit() else year: share for year, share in value.items()}
    return value


def _a_number(value: Any) -> Any:
    """TOML knows numbers from true, from dates and from text in quotes; none of those is meant for one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        said = str(value).lower() if isinstance(value, bool) else shown(str(value))
        raise ValueError(f"must be a number, not {said}")
    return value


def _need_or_default(text: str) -> str:
    return DEFAULT if text.strip().casefold() == DEFAULT else _need(text)


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
NeedOrDefault = Annotated[str, AfterValidator(_need_or_default)]
ShareByYear = Annotated[Share | dict[Year, Share], BeforeValidator(keyed_by_year)]
Minutes = Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False), Number]
MinutesByYear = Annotated[Minutes | dict[Year, Minutes], BeforeValidator(keyed_by_year)]
FactorByYear = Annotated[Amount | dict[Year, Amount], BeforeValidator(keyed_by_year)]


def _form(value: Any) -> str:
    """Which form a number takes that may be given by year or by type of setting."""
    if not isinstance(value, dict):
        return "float"
    return "dict[year]" if value and all(str(key).strip().isdigit() for key in value) else "dict[type]"


_ShareOrByYear = Annotated[
    Annotated[Share, Tag("float")] | Annotated[dict[Year, Share], BeforeValidator(keyed_by_year), Tag("dict[year]")],
    Discriminator(lambda value: "dict[year]" if isinstance(value, dict) else "float"),
]
ShareByType = Annotated[
    Annotated[Share, Tag("float")]
    | Annotated[dict[Year, Share], BeforeValidator(keyed_by_year), Tag("dict[year]")]
    | Annotated[dict[Annotated[str, AfterValidator(_type_or_default)], _ShareOrByYear], Tag("dict[type]")],
    Discriminator(_form),
]
"""A share, one by first year, or by type of setting (`default` for the others) a share or one by first year."""


ShareByPhase = Annotated[
    Annotated[Share, Tag("float")] | Annotated[dict[str, Share], Tag("dict[phase]")],
    Discriminator(lambda value: "dict[phase]" if isinstance(value, dict) else "float"),
]
"""A share, or one by phase."""


def types_named(value: Any) -> set[str]:
    """The types of setting that a share by type names; none for another share."""
    return {key for key in value if isinstance(key, str)} if isinstance(value, dict) else set()


def of_type(value: Any, kind: str, otherwise: float) -> float | dict[int, float]:
    """What a share that may be given by type says of one type: a number, or one by first year."""
    chosen: float | dict[int, float]
    chosen = value.get(kind, value.get(DEFAULT, otherwise)) if types_named(value) else value
    return chosen


class Section(BaseModel):
    """A table of the model file: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def by_year(value: float | dict[int, float], year: int, otherwise: float) -> float:
    """The number that holds in `year`: a plain number, or that of the latest year given that is not after it."""
    if not isinstance(value, dict):
        return value
    past = [first for first in value if first <= year]
    return value[max(past)] if past else otherwise
