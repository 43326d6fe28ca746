"""What the files of a result must look like for what reads them: one that was edited or damaged is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import geopandas as gpd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from sufficiency.problems import shown

LAYER_COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "areas": (("area", "name", "locality"), ("demand", "awaiting", "gap")),
    "settings": (("setting", "name", "type"), ("places", "children", "value")),
    "journeys": ((), ()),
}
"""Columns of a layer, and those that it has for each year."""
MOST_LISTED = 10
Number = Annotated[float, Field(allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1990, le=2200)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _Labels(_Part):
    types: dict[str, str]
    needs: dict[str, str]
    phases: dict[str, str]


class _Lever(_Part):
    lever: str
    words: str
    evidence: str


class _Place(_Part):
    line: str
    setting: str
    name: str
    type: str
    from_year: Year
    pounds_from: Number | None
    pounds_a_year: Number | None
    net: Number | None


class _RuleYear(_Part):
    year: Year
    limit: Number | None
    value: Number | None
    pounds: Number | None
    per_point: Number | None
    missed: Number


class _Rule(_Part):
    rule: str
    unit: Literal["children", "minutes"]
    floor: bool
    years: Annotated[list[_RuleYear], Field(min_length=1)]


class _Opened(_Part):
    option: str
    opens: Year
    name: str
    flags: str


class _Appraised(_Part):
    option: str
    name: str
    type: str
    part: Number
    capital_by: str
    needed_for: str
    order: int | None = None
    full_year: Year | None = None


class _Alternative(_Part):
    opens: dict[str, Year]


class _Programme(_Part):
    opened: list[_Opened] = []
    appraisal: list[_Appraised] = []
    alternatives: list[_Alternative] = []

    @model_validator(mode="after")
    def _is_whole_or_empty(self) -> _Programme:
        lacking = {"opened", "appraisal"} - self.model_fields_set
        if lacking and (self.model_fields_set or self.model_extra):
            raise PydanticCustomError("incomplete", "{what} is missing", {"what": min(lacking)})
        return self


class _LeastOverspend(_Part):
    proven: bool
    lines: list[str]


class _Finance(_Part):
    budget_line_names: dict[str, str] = {}
    least_overspend: _LeastOverspend | None = None


class _Input(_Part):
    file: str
    sha256: str


class _Versions(_Part):
    sufficiency: str


class _Check(_Part):
    error: Number
    tolerance: Number


class _Certificate(_Part):
    ok: bool
    checks: dict[str, _Check] = {}


class Summary(_Part):
    """The keys of a summary that are read again. Those without a default are in every result of this version."""

    status: Literal["optimal", "within_gap", "stopped"]
    objective: Number
    money: Number
    policy_weights: Number
    bound: Number | None
    gap: Number | None
    certificate: _Certificate
    model: str
    about: str
    scenario: str
    scenario_about: str
    fictional: bool
    clean_slate: bool
    base_year: Year
    years: Annotated[list[Year], Field(min_length=2, max_length=2)]
    labels: _Labels
    by_pattern_types: list[str]
    levers: list[_Lever]
    headline: dict[str, dict[str, Any]]
    places_most_worth: list[_Place]
    rules: list[_Rule]
    weights: dict[str, Number]
    warnings: list[str]
    versions: _Versions
    model_file: str
    inputs: dict[str, _Input]
    finance: _Finance
    longer_by_minutes: Number
    programme: _Programme | None = None
    appraisal: str = ""
    interrupted: bool = False


def faults(summary: Mapping[str, Any], whole: bool) -> list[str]:
    """What is wrong with a summary, a sentence a key; nothing where all is well. `whole`: keys that are not there are
    wrong too, as in a result of this version; else only what is there is looked at.
    """
    try:
        Summary.model_validate(summary)
    except ValidationError as error:
        found = [
            (tuple(str(part) for part in one["loc"]), one)
            for one in error.errors(include_url=False, include_context=False)
            if whole or one["type"] != "missing" or len(one["loc"]) > 1
        ]
        lines = [f"{'.'.join(where)}: {_wrong(one)}" for where, one in found]
        return lines[:MOST_LISTED] + ([f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else [])
    first, last = summary["years"]
    return [] if summary["base_year"] < first <= last else ["years: they do not follow base_year in order"]


def _wrong(error: Any) -> str:
    if error["type"] == "missing":
        return "it is missing"
    text = str(error["msg"])
    given = error["input"]
    value = f" (it is {shown(str(given))})" if isinstance(given, str | int | float | bool) else ""
    return text[:1].lower() + text[1:] + value


def layer_faults(layers: Mapping[str, gpd.GeoDataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Columns that the layers of the map lack; `summary`: one without faults."""
    first, last = summary.get("years", (0, -1))
    found = []
    for name, frame in layers.items():
        always, by_year = LAYER_COLUMNS[name]
        needed = [*always, *(f"{one}_{year}" for year in range(first, last + 1) for one in by_year)]
        lacking = [column for column in needed if column not in frame]
        if lacking:
            more = f" and {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
            found.append(f"the layer {name} has no column {lacking[0]}{more}")
    return found
