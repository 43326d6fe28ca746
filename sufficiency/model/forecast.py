"""`[forecast]`: how demand is made from a history of plans."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sufficiency.fields import Amount, Need, Section, Share, ShareByYear


class Forecast(Section):
    """How demand is made from a history of EHC plans. Where this section is given, even empty, `plan` uses the
    forecast: the history is the table `history`, or, without one, what `demand` names.
    """

    reads: Literal["history", "witan"] = "history"
    """`history`, or `witan`: `demand` names an `Output_AY_State.csv` of Witan SEND, and the paths are that model's."""
    outlook: Literal["trend", "stabilise", "reform"] = "trend"
    """`trend`: joining goes on growing, damped. `stabilise`: it stays as it is now. `reform`: plans follow the path
    that DfE expects of its reforms (5.3 % of pupils in 2024/25, 7.7 % in 2029/30, 4.7 % in 2034/35), nobody losing a
    plan for it.
    """
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
