"""Ages as published tables and councils write them: `age 7`, `under 5`, `5 to 10`, `20 and over`, a phase, `Y7-11`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sufficiency.codes import FIRST_NCY, LAST_NCY, SCHOOL_PHASES, normal_code
from sufficiency.phases import Phase
from sufficiency.tables.phase_words import year_groups

OLDEST = 25
_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?:under|below|less than) (\d+)", "under"),
    (r"(\d+) (?:and|or) (?:under|below|younger|less)", "to"),
    (r"(\d+)(?:\+| (?:and|or) (?:over|above|older|more))", "from"),
    (r"(?:over|above) (\d+)", "over"),
    (r"(\d+) to (\d+)", "span"),
    (r"(\d+)(?:\.0+)?", "one"),
)


def ages_named(text: str) -> tuple[int, int] | None:
    """First and last age at the start of the academic year of a label; None where it is none."""
    plain = re.sub(r"\s*(?:–|—|-|\bto\b)\s*", " to ", text.strip().casefold().replace("_", " "))
    plain = " ".join(re.sub(r"^age[ds]?\b|\byears?( olds?)?\b|\byrs?\b", " ", plain).split())
    if plain in {"all", "all ages", "total", "totals"}:
        return 0, OLDEST
    for pattern, form in _FORMS:
        match = re.fullmatch(pattern, plain, re.ASCII)
        if match:
            first = int(match[1])
            last = int(match[2]) if form == "span" else first
            span = {"under": (0, first - 1), "to": (0, first), "from": (first, OLDEST), "over": (first + 1, OLDEST)}
            first, last = span.get(form, (first, last))
            return (first, last) if 0 <= first <= last <= OLDEST else None
    return None


def span_named(text: str, phases: Sequence[Phase]) -> tuple[int, int] | None:
    """First and last NCY of a label of ages, of a phase of the model, of a school phase or of year groups in words.
    Ages beyond the last year group count as it.
    """
    known = {phase.code: (phase.first, phase.last) for phase in phases} | SCHOOL_PHASES
    if text and not text[0].isdigit() and normal_code(text) in known:
        return known[normal_code(text)]
    ages = ages_named(text)
    if ages is None:
        return year_groups(text)
    first, last = (min(max(age - 4, FIRST_NCY), LAST_NCY) for age in ages)
    return first, last
