"""`[continuity]`: who stays where they are."""

from __future__ import annotations

from sufficiency.fields import FactorByYear, Flag, Section, SettingType, Share, ShareByYear, by_year


class Continuity(Section):
    """Who stays where they are."""

    stay: dict[str, Share] = {}
    """Share of children who stay in the same phase the next year. Default: (year groups − 1) / year groups of the
    phase.
    """
    through: Share | dict[str, Share] = {}
    """Share of those who finish a phase and stay on in the same line where it also takes the next phase. Default,
    an assumption: early years 0.8, primary 0.95, secondary 0.6, post-16 0.05; and 1 where a phase ends in the
    middle of a school phase.
    """
    preference_share: ShareByYear = 0.5
    """Share of those free to choose who follow today's pattern, a number or one by first year. Assumption: a named
    preference is hard to refuse (Children and Families Act 2014, s.38–40).
    """
    by_pattern: list[SettingType] = ["eotas", "home_education"]
    """Types that are never chosen by the optimiser: entrants follow today's pattern into them."""
    pattern_factors: dict[SettingType, FactorByYear] = {}
    """Factor on the share of entrants of a `by_pattern` type, a number or one by first year (1: as today)."""
    step_down: Share = 0.0
    """Share of the demand at level `special` that may also be met at level `base`."""
    new_places_fill: Share = 0.9
    """Share of new places that are filled where nothing more is done (the projection that plans are compared with):
    places that nobody attends yet, and places added since the base year. Assumption: a new school is rarely full.
    """
    clean_slate: Flag = False
    """Choose every child's place anew each year: a bound on what moving children could save, not a plan that can be
    delivered.
    """

    def share_that_follows(self, setting_type: str, year: int) -> float:
        """φ: the share of those who would go to a setting of this type, by today's pattern, who do in `year`. Of types
        that are never chosen, the factor on the pattern.
        """
        if setting_type in self.by_pattern:
            return by_year(self.pattern_factors.get(setting_type, 1.0), year, 1.0)
        return by_year(self.preference_share, year, 0.5)
