"""Minutes and km, one way, for every area and setting: from a matrix the planner gives, from the map, or by road."""

from sufficiency.travel.curve import Curve, default_curve
from sufficiency.travel.pairs import ATTRIBUTION, METHODS, Journeys, Roads, journeys

__all__ = ["ATTRIBUTION", "METHODS", "Curve", "Journeys", "Roads", "default_curve", "journeys"]
