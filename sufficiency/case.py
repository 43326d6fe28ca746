"""A case: one model under one scenario with its tables and journeys, checked and ready to plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from sufficiency.levers import Lever
from sufficiency.model import Model
from sufficiency.problems import Problem
from sufficiency.tables import Tables
from sufficiency.travel import Journeys


@dataclass(frozen=True)
class Defaults:
    """Weights worked out once, from the base model, and held in everything that is compared with it: two plans are
    only subtracted at the same weights.

    `awaiting_place`: £ of the base year for a child-year awaiting a place, as the base model gives it or by default.
    `highest_inflation`: the growth a year of that weight and of `rule_breach`.
    """

    awaiting_place: float
    highest_inflation: float


@dataclass(frozen=True)
class Case:
    """What a plan is made from. `warnings` are the problems that do not stop it; `seconds` how long reading took.
    `defaults`: those of the base model that this is a scenario or a what-if of; None: it is the base model itself.
    `levers`: what the levers of its scenario do.
    """

    model: Model
    tables: Tables
    journeys: Journeys
    scenario: str = "base"
    warnings: tuple[Problem, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    defaults: Defaults | None = None
    levers: tuple[Lever, ...] = ()
