"""`[travel]`: journeys, what they cost, and who is transported."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sufficiency.fields import Amount, Number, Section, SettingType, Share

TRANSPORTED_SHARE: dict[str, float] = {
    "resource_base": 0.5,
    "special_school": 0.8,
    "special_free_school": 0.8,
    "alternative_provision": 0.5,
    "independent": 0.9,
    "non_maintained": 0.9,
    "eotas": 0.0,
    "home_education": 0.0,
    "college": 0.3,
    "specialist_post_16": 0.6,
    "hospital": 0.0,
    "early_years": 0.3,
    "mainstream": 0.2,
    "other": 0.5,
}
"""Assumption: one council transports about half of all children with a plan (Bath and North East Somerset,
2024/25); the split by type is this project's judgement. Give your own.
"""

JOURNEY_GUIDELINE: dict[str, float] = {"primary": 45.0, "secondary": 75.0}
"""Minutes one way, door to door: DfE, Travel to school for children of compulsory school age (2024), a guideline
and no cap.
"""


class Travel(Section):
    """Journeys and what they cost."""

    method: Literal["straight_line", "matrix", "osrm"] = "straight_line"
    """`straight_line`, `matrix` (the travel table), or `osrm` (by road: give `roads` or `server`)."""
    roads: str | None = None
    """With `osrm`: a file of OpenStreetMap roads (`….osm.pbf`), relative to the model file. It needs the extra `roads`
    and Python 3.12 or newer; nothing leaves the computer.
    """
    server: str | None = None
    """With `osrm`, in place of `roads`: the address of an OSRM server for cars, as `http://localhost:5000`. It is sent
    the coordinates of areas and settings.
    """
    walking_server: str | None = None
    """Beside `server`: the address of an OSRM server for walking, for the statutory two and three miles. Default:
    walking distances are not known.
    """
    detour: Annotated[float, Field(ge=1, le=5), Number] | None = None
    """Road km for one km in a straight line, with `straight_line`. Default: the calibrated figure."""
    speed_factor: Annotated[float, Field(gt=0, le=5), Number] | None = None
    """1 is the calibrated speed (with `osrm` that of a car on free roads), 0.8 is a fifth slower."""
    fixed_per_child: Amount = 3_000.0
    """£ a transported child a year, whatever the distance; base-year pounds, inflated at `transport`."""
    pounds_per_km: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False), Number] = 2.4
    """£ a vehicle km, base-year pounds, inflated at `transport`. With the defaults a child 9 miles away costs about
    £8,500 a year (NAO 2025: £8,116; LGA/Isos: £8,900).
    """
    days: Annotated[float, Field(ge=0, le=366), Number] = 190.0
    """School days a year."""
    trips_per_day: Annotated[float, Field(ge=0, le=20, allow_inf_nan=False), Number] = 2.0
    """Journeys a day."""
    children_per_vehicle: Annotated[float, Field(ge=0.1, le=100, allow_inf_nan=False), Number] = 2.4
    """Children who share a vehicle."""
    transported_share: dict[SettingType, Share] = {}
    """Share of the children at a type of setting whom the authority transports; the rest as sourced by default."""
    limit_minutes: dict[str, Amount] = JOURNEY_GUIDELINE
    """Longest journey by phase, minutes one way. Default: DfE's guideline, 45 primary and 75 secondary; none for
    others.
    """

    def transported(self, setting_type: str) -> float:
        """Share of children at `setting_type` who are transported."""
        return self.transported_share.get(setting_type, TRANSPORTED_SHARE[setting_type])
