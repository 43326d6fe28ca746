"""Minutes and km, one way, for every area and setting: from a matrix the planner gives, or from the map."""

from sufficiency.travel.curve import Curve, default_curve
from sufficiency.travel.pairs import METHODS, Journeys, journeys

__all__ = ["METHODS", "Curve", "Journeys", "default_curve", "journeys"]
