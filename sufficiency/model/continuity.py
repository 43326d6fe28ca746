"""`[continuity]`: who stays where they are."""

from __future__ import annotations

from sufficiency.fields import (
    DEFAULT,
    FactorByYear,
    Flag,
    NeedOrDefault,
    Section,
    SettingType,
    Share,
    ShareByPhase,
    ShareByType,
    by_year,
    of_type,
)

PREFERENCE = 0.5
"""φ where the model says nothing."""


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
    preference_share: ShareByType = PREFERENCE
    """Share of those free to choose who follow today's pattern: a number, one by first year, or one by type of setting
    with `default` for the others. A section 41 school counts as `non_maintained`. Assumption: a named preference is
    hard to refuse (Children and Families Act 2014, s.38–40); a family cannot insist on another independent school
    (Education Act 1996, s.9).
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
    mainstream_eligible: dict[NeedOrDefault, ShareByPhase] = {}
    """Share of the children of the demand table who could be taught in an ordinary class with a package of support, by
    need, each a number or one by phase, with `default` for the others: only they may be placed in lines of type
    `mainstream`. Default 0: none.
    """
    enrolment: dict[str, Share] = {}
    """By line of places (or option), the share of its places that can be filled, where fewer children are enrolled than
    places are commissioned; funding is paid for all of them. Default 1.
    """
    clean_slate: Flag = False
    """Choose every child's place anew each year: a bound on what moving children could save, not a plan that can be
    delivered.
    """

    def share_that_follows(self, setting_type: str, year: int, *, section_41: bool = False) -> float:
        """φ: the share of those who would go to a setting of this type, by today's pattern, who do in `year`. Of types
        that are never chosen, the factor on the pattern.
        """
        if setting_type in self.by_pattern:
            return by_year(self.pattern_factors.get(setting_type, 1.0), year, 1.0)
        insisted_on = "non_maintained" if section_41 and setting_type == "independent" else setting_type
        return by_year(of_type(self.preference_share, insisted_on, PREFERENCE), year, PREFERENCE)

    def mainstream_share(self, need: str, phase: str, school_phase: str) -> float:
        """The share of the children of a need and phase who could be taught in an ordinary class with a package;
        `school_phase`: that in which the phase lies.
        """
        given = self.mainstream_eligible.get(need, self.mainstream_eligible.get(DEFAULT, 0.0))
        return given.get(phase, given.get(school_phase, 0.0)) if isinstance(given, dict) else given

    def enrolled(self, line: str) -> float:
        """The share of a line's places that can be filled."""
        known = {name.casefold(): share for name, share in self.enrolment.items()}
        return known.get(line.casefold(), 1.0)
