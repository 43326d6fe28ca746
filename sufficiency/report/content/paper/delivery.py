"""Delivery: the dates that go before a September, counted back from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

NAMED_BY = (2, 15)
"""Special Educational Needs and Disability Regulations 2014, regulation 18: a plan names the school of the next phase
by 15 February.
"""
REPRESENTATIONS = timedelta(weeks=4)
"""School Organisation (Prescribed Alterations) (England) Regulations 2013: the period for representations."""
DECIDED_WITHIN_MONTHS = 2
"""The same: the council decides within two months of the end of representations."""
CONSULTATION = timedelta(weeks=6)
"""Before a notice; six weeks of term are usual. An assumption: the law sets no length."""


@dataclass(frozen=True)
class Dates:
    """The last dates by which each step is done, for places in a September."""

    consultation: date
    notice: date
    representations_end: date
    decision: date


def dates_for(september: int) -> Dates:
    """The latest dates for places from September of that year, the longest time allowed for each step."""
    decision = date(september, *NAMED_BY)
    end = date(september - 1, 12 + NAMED_BY[0] - DECIDED_WITHIN_MONTHS, NAMED_BY[1])
    notice = end - REPRESENTATIONS
    return Dates(notice - CONSULTATION, notice, end, decision)


def in_words(day: date) -> str:
    """As `15 February 2027`."""
    return f"{day.day} {day:%B} {day.year}"
