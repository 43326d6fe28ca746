"""The phases that a word of a planner stands for: year groups, key stages, `Reception to Y6`; never a part of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sufficiency.codes import FIRST_NCY, LAST_NCY, SCHOOL_PHASES, normal_code
from sufficiency.phases import phases_named
from sufficiency.problems import did_you_mean, shown
from sufficiency.tables.fault import Fault
from sufficiency.tables.words import PHASE_HINTS, PHASE_WORDS
from sufficiency.tables.years import date_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sufficiency.model import Model
    from sufficiency.phases import Phase

KEY_STAGES = {1: (1, 2), 2: (3, 6), 3: (7, 9), 4: (10, 11), 5: (12, 14)}
"""National Curriculum Years of the key stages; Year 14 goes with key stage 5, as in DfE's age tables."""
_AGES_FROM, _AGES_TO = frozenset({2, 3, 4, 5, 11, 16}), frozenset({11, 16, 18, 19, 25})
"""Ages at which schools begin and end, as their published age ranges have them: 4-11 is Reception to Year 6 by age."""
AGES = "ages, not year groups"
_BARE = re.compile(r"(\d{1,2})\s*(?:-|–|—|to)\s*(\d{1,2})")
_GROUP = r"(?:reception|rec|yr|y|years?|ncy|r)?\s*-?\d{1,2}|reception|rec|yr|r"
_SPAN = re.compile(rf"({_GROUP})\s*(?:-|–|—|to|/|&|and)\s*({_GROUP})")
_STAGES = re.compile(r"(?:ks|key stages?)\s*([1-5])(?:\s*(?:-|–|—|to|/|&|and|\+)\s*(?:ks|key stage)?\s*([1-5]))?")


def phase_codes(word: str, model: Model) -> tuple[str, ...] | Fault:
    """The phases of one word: a code, a range of year groups, a key stage or several, or a school phase where year
    groups are the phases. A range that is no whole phases is a Fault.
    """
    phases = model.phase_list
    bare = word.removesuffix(".0")
    ages = ages_or_year_groups(bare)
    if ages is not None and (model.phases != "year_groups" or ages.what == AGES):
        return ages
    named = phases_named(bare, phases)
    if named is not None:
        return named
    codes = [phase.code for phase in phases]
    meant = PHASE_WORDS.get(normal_code(word))
    if meant in codes:
        return (str(meant),)
    day = date_in(bare)
    if day is not None:
        typed = f"{day.day}-{day.month}"
        return Fault(f"a date: Excel makes one of {typed}", f"format the column as Text and type {typed} again")
    span = year_groups(bare)
    if span is None:
        listed = codes if model.phases != "year_groups" else [*SCHOOL_PHASES, "a year group from -4 to 20"]
        otherwise = f"use one of: {', '.join(listed[:12])}"
        if normal_code(word) in PHASE_HINTS:
            return Fault("not a phase of the model", f"give {PHASE_HINTS[normal_code(word)]}")
        if normal_code(word) in SCHOOL_PHASES:
            return Fault("not whole phases of the model", otherwise)
        return Fault("not a phase of the model", did_you_mean(normal_code(word), codes, otherwise))
    return whole_phases(set(range(span[0], span[1] + 1)), phases)


def is_phase(text: str) -> bool:
    """Whether a text is a word for a phase or for year groups, whatever the model's phases are; no bare number is."""
    code = normal_code(text)
    words = code in SCHOOL_PHASES or code in PHASE_WORDS
    return words or (any(map(str.isalpha, text)) and year_groups(text) is not None)


def ages_or_year_groups(text: str) -> Fault | None:
    """The Fault of two bare numbers that are the age range of many schools: 11-16 is Year 7 to Year 11 by age."""
    ends = _BARE.fullmatch(text.strip())
    if not ends or int(ends[1]) not in _AGES_FROM or int(ends[2]) not in _AGES_TO or int(ends[1]) >= int(ends[2]):
        return None
    first, last = int(ends[1]) - 4, int(ends[2]) - 5
    ages = f"{'Y' if first >= 0 else ''}{first}-{last}"
    if int(ends[2]) > LAST_NCY:
        return Fault(AGES, f"write {ages}")
    fix = f"write {ages} if they are ages, Y{ends[1]}-{ends[2]} if they are year groups"
    return Fault("either ages or year groups", fix)


def year_groups(text: str) -> tuple[int, int] | None:
    """First and last NCY of a range in words (`Y7-11`, `KS3-4`, `Reception to Y6`, `Year 7`); None for anything
    else.
    """
    word = text.strip().casefold()
    stages = _STAGES.fullmatch(word)
    if stages:
        first, last = int(stages[1]), int(stages[2] or stages[1])
        return (KEY_STAGES[first][0], KEY_STAGES[last][1]) if first <= last else None
    ends = _SPAN.fullmatch(word)
    groups = [_group(end) for end in (ends.groups() if ends else (word, word))]
    if groups[0] is None or groups[1] is None or not FIRST_NCY <= groups[0] <= groups[1] <= LAST_NCY:
        return None
    return groups[0], groups[1]


def _group(text: str) -> int | None:
    if text.strip() in {"reception", "rec", "yr", "r"}:
        return 0
    number = re.fullmatch(r"(?:y|yr|years?|ncy)?[\s_]*(-?\d{1,2})", text.strip())
    return int(number[1]) if number else None


def whole_phases(groups: set[int], phases: Sequence[Phase]) -> tuple[str, ...] | Fault:
    """The phases that year groups make up; those that no phase of the model has count for nothing. A Fault where a
    phase would be cut.
    """
    touched = [phase for phase in phases if groups & set(range(phase.first, phase.last + 1))]
    cut = [phase for phase in touched if not groups >= set(range(phase.first, phase.last + 1))]
    if touched and not cut:
        return tuple(phase.code for phase in touched)
    if not touched:
        return Fault("not year groups of the model", "its phases are in [phases] of the model file")
    said = f"{shown(cut[0].code)} is year groups {cut[0].first} to {cut[0].last}"
    return Fault(
        "only a part of a phase of the model",
        f"{said}: give whole phases, or set phases that end where these year groups do",
    )
