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
    seconds: float = field(default=0.0, compare=False)
