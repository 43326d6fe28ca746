"""Phases: intervals of National Curriculum Years (NCY), and what happens at the end of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sufficiency.codes import FIRST_NCY, LAST_NCY, SCHOOL_PHASES, normal_code

_DEFAULT_THROUGH = {"early_years": 0.8, "primary": 0.95, "secondary": 0.6, "post_16": 0.05, "post_19": 0.0}


@dataclass(frozen=True)
class Phase:
    """A phase of education: NCY `first` to `last`, both in it."""

    code: str
    first: int
    last: int

    @property
    def year_groups(self) -> int:
        """How many year groups the phase has."""
        return self.last - self.first + 1

    @property
    def school_phase(self) -> str:
        """The standard school phase in which this phase ends."""
        return next((name for name, (_, last) in SCHOOL_PHASES.items() if self.last <= last), "post_19")

    @property
    def ends_inside_school_phase(self) -> bool:
        """Whether the next year group belongs to the same standard school phase (Year 2 does, Year 6 does not)."""
        return self.last != SCHOOL_PHASES[self.school_phase][1]


def school_phases(phases: dict[str, tuple[int, int]]) -> tuple[Phase, ...]:
    """The phases of a model file; raises ValueError where one has no year group."""
    for code, (first, last) in phases.items():
        if not FIRST_NCY <= first <= last <= LAST_NCY:
            raise ValueError(
                f"phases.{code}: [{first}, {last}] must be a first and a last NCY between {FIRST_NCY} and {LAST_NCY}"
            )
    return tuple(Phase(normal_code(code), first, last) for code, (first, last) in phases.items())


def year_group_phases() -> tuple[Phase, ...]:
    """Every National Curriculum Year its own phase."""
    return tuple(Phase(str(ncy), ncy, ncy) for ncy in range(FIRST_NCY, LAST_NCY + 1))


def default_through(school_phase: str) -> float:
    """Share of those who finish a school phase and stay on in a setting that takes the next one (an assumption)."""
    return _DEFAULT_THROUGH[school_phase]


def phases_named(text: str, phases: Sequence[Phase]) -> tuple[str, ...] | None:
    """The phases that one word of a phases cell stands for: a code, a school phase, an NCY or a range such as `0-6`.

    None where the word names no phase of the model, or would cut one in two.
    """
    word = normal_code(text) if not re.fullmatch(r"-?\d+(--?\d+)?", text.strip()) else text.strip()
    codes = {phase.code for phase in phases}
    if word in codes:
        return (word,)
    span = re.fullmatch(r"(-?\d+)(?:-(-?\d+))?", word)
    if span:
        first = int(span[1])
        last = int(span[2]) if span[2] is not None else first
    elif word in SCHOOL_PHASES:
        first, last = SCHOOL_PHASES[word]
    else:
        return None
    inside = tuple(phase for phase in phases if first <= phase.first and phase.last <= last)
    covered = sum(phase.year_groups for phase in inside)
    wanted = sum(1 for phase in phases for ncy in range(phase.first, phase.last + 1) if first <= ncy <= last)
    return tuple(phase.code for phase in inside) if inside and covered == wanted else None
