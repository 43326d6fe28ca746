"""The families of coupling rows."""

from __future__ import annotations

from enum import StrEnum


class Family(StrEnum):
    """What a coupling row is about; its value begins the name of the row in an LP file (`catalogue`)."""

    PLACES = "places"
    PHYSICAL = "physical"
    FILL = "fill"
    BASES = "bases"
    CLOSING = "closing"
    BUDGET = "budget"
    WAITING = "waiting"
    LINK = "link"
    SHARE = "rule"
    LOCAL = "local"
    MINUTES = "minutes"
    FAIR = "fair"


OF_RULES = {
    "share": Family.SHARE,
    "in_locality": Family.LOCAL,
    "locality_minutes": Family.MINUTES,
    "fairness": Family.FAIR,
}
"""Key of a rule in the model file → family of its rows."""
