"""`[weights]`: what policy counts for."""

from __future__ import annotations

from sufficiency.fields import Amount, Section


class Weights(Section):
    """What policy counts for, in base-year pounds; reported apart from money. Weights grow at default inflation, but
    for `awaiting_place` and `rule_breach`.
    """

    awaiting_place: Amount | None = None
    """£ a child-year awaiting a place; grows with the highest inflation of the base model.

    Default: 1.1 times the most expensive whole stay at any place of the base model (fees, journeys and policy weights,
    from entry to the end of the plan, of a child who stays as children do), so that no child waits because a place is
    cheaper a year later. It is worked out once and holds in every scenario.
    """
    over_places: Amount = 12_000.0
    """£ a child-year above the places of a line."""
    off_designation: Amount = 15_000.0
    """£ a child-year times (1 − match)."""
    hour_travelled: Amount = 5.0
    """£ an hour a child travels."""
    over_limit: Amount = 0.0
    """£ a child-year whose journey is longer than the limit of its phase."""
    rule_breach: Amount | None = None
    """£ a child-year by which a soft rule is missed; grows as `awaiting_place` does. Default: twice `awaiting_place`.
    """
    preference_missed: Amount = 100_000.0
    """£ a child whose preference gives way to a full school or building, once, in the year of entry. Default: about the
    lowest at which, on random models, no place stood empty beside a child who is bought one, while no more than one
    preference in a hundred gave way.
    """
