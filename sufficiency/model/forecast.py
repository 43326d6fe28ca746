"""`[forecast]`: how demand is made from a history of plans."""

from __future__ import annotations

import re
from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sufficiency.fields import Amount, Need, Section, Share, ShareByYear
from sufficiency.problems import shown


def _by_month(value: Any) -> Any:
    """Counts by calendar year (2025) or month ("2025-01"); each year is given in one of the two ways."""
    if not isinstance(value, dict):
        return value
    keys = [str(key).strip() for key in value]
    strange = [key for key in keys if not re.fullmatch(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", key)]
    if strange:
        raise ValueError(f'{shown(strange[0])} is not a calendar year or month; write 2025, or "2025-01" for January')
    twice = [key for key, count in Counter(keys).items() if count > 1 or (len(key) > 4 and key[:4] in keys)]
    if twice:
        raise ValueError(f"{shown(twice[0])} is counted twice; give a year as a whole, or its months")
    return dict(zip(keys, value.values(), strict=True))


CountsByMonth = Annotated[dict[str, Amount], BeforeValidator(_by_month)]


class Forecast(Section):
    """How demand is made from a history of EHC plans. Where this section is given, even empty, `plan` uses the
    forecast: the history is the table `history`, or, without one, what `demand` names.
    """

    reads: Literal["history", "witan"] = "history"
    """`history`, or `witan`: `demand` names an `Output_AY_State.csv` of Witan SEND, and the paths are that model's."""
    outlook: Literal["trend", "stabilise", "reform", "requests_rise", "refusals_fall"] = "trend"
    """`trend`: joining goes on growing, damped. `stabilise`: it stays as it is now. `reform`: plans follow the path
    that DfE expects of its reforms (5.3 % of pupils in 2024/25, 7.7 % in 2029/30, 4.7 % in 2034/35), nobody losing a
    plan for it. `requests_rise`: as the trend, but more parents and schools ask before the reforms. `refusals_fall`: as
    the trend, but fewer of those who ask are refused an assessment.
    """
    requests: CountsByMonth = {}
    """Your requests for assessment by calendar year, `{ 2024 = 903, 2025 = 1230 }`, or month, `{ "2025-01" = 96 }`.
    From those of the year before the last count, the forecast takes what authorities that were asked as often saw.
    """
    refusals: CountsByMonth = {}
    """How many of those requests were refused."""
    undecided: CountsByMonth = {}
    """How many of those requests were not decided when the year, or the month, was counted."""
    requests_rise: Amount = 0.33
    """By how much requests rise in that outlook (0.33: by a third), until DfE's path turns (2029/30)."""
    refusals_fall: Share = 0.5
    """By how much the share refused falls in that outlook, from the first year on."""
    counts: Literal["plans", "specialist"] = "plans"
    """What the history counts: all EHC plans, or only the children who need a specialist place."""
    joining_growth: Annotated[float, Field(ge=-0.5, le=0.5)] | None = None
    """Growth of the joining rate in the first year (0.05: 5 %). Default: your own, pooled with England's."""
    specialist_share: dict[Need, Share] = {}
    """Share of the plans of a need that need a specialist place in the base year. Default: your placements, pooled with
    England's shares by need and age.
    """
    specialist_drift: Annotated[float, Field(ge=-0.2, le=0.2)] = -0.04
    """Yearly change of that share, fading. Default: special schools held 38.6 % of England's plans in 2019 and 30.4 %
    in 2025 (DfE), 4 % a year less.
    """
    inclusion: ShareByYear = 0.0
    """Share of the children who would need a specialist place that ordinary classes meet instead, a number or one by
    first year.
    """
    inclusion_needs: list[Need] = []
    """Needs that `inclusion` is about; none means all."""
    inclusion_phases: list[str] = []
    """Phases that `inclusion` is about; none means all."""
    plans_per_home: Amount = 0.02
    """Children with a plan in a new home. Assumption: half a child a home, of whom 4 % have a plan (DfE, pupil
    yields).
    """
    paths: Annotated[int, Field(ge=100, le=20_000)] = 1_000
    """Simulated paths."""
    seed: Annotated[int, Field(ge=0)] = 0
    """The same seed gives the same figures."""
    specialist_settings: list[str] = []
    """Settings of a Witan SEND output that count as specialist places; none means all."""
    january: bool = True
    """Whether a calendar year of a Witan SEND output is that of a January count (2026: 2025/26)."""

    @model_validator(mode="after")
    def _parts_of_requests(self) -> Self:
        for name, counts in (("refusals", self.refusals), ("undecided", self.undecided)):
            for key, count in counts.items():
                if key not in self.requests:
                    raise ValueError(f"{name} of {key} have no requests beside them; add {key} to requests")
                if count > self.requests[key]:
                    raise ValueError(f"{name} of {key} ({count:g}) are more than its requests ({self.requests[key]:g})")
        return self
