"""A case: one model under one scenario with its tables and journeys, checked and ready to plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from sufficiency.model import Model
from sufficiency.problems import Problem
from sufficiency.tables import Tables
from sufficiency.travel import Journeys


@dataclass(frozen=True)
class Case:
    """What a plan is made from. `warnings` are the problems that do not stop it; `seconds` how long reading took."""

    model: Model
    tables: Tables
    journeys: Journeys
    scenario: str = "base"
    warnings: tuple[Problem, ...] = ()
    not_decided: tuple[str, ...] = ()
    """What the tables hold that this version checks and does not decide, in words."""
    seconds: float = field(default=0.0, compare=False)
