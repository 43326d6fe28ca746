"""Forecast: children with plans, and those who need a specialist place, by need, phase, area and year."""

from sufficiency.forecast.bands import project

__all__ = ["project"]
