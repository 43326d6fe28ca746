"""`[paper]`: which scenarios the Cabinet paper weighs as options."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from sufficiency.fields import Section
from sufficiency.model.scenarios import Names
from sufficiency.problems import did_you_mean, shown

DO_MINIMUM, BASES_FIRST, SPECIAL_FIRST = "do_minimum", "bases_first", "special_first"
DEMAND, FREE_SCHOOL_LATE = "demand", "free_school_late"
COURSES = (DO_MINIMUM, BASES_FIRST, SPECIAL_FIRST, DEMAND, FREE_SCHOOL_LATE)
"""Keys of `[paper]`, in the order of the paper."""


def named(course: str) -> str:
    """The name of the scenario that is a course unless `[paper]` names another."""
    return course.replace("_", "-")


def _course(text: str) -> str:
    code = text.strip().casefold().replace("-", "_")
    if code not in COURSES:
        raise ValueError(f"{shown(text)} is none of {', '.join(COURSES)}; {did_you_mean(code, COURSES)}")
    return code


Name = Annotated[str, BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)]
"""The name of a scenario; blank: none is named."""


class Paper(Section):
    """The options that the Cabinet paper sets beside doing nothing more and the plan. Each is planned as a scenario.

    A key names a scenario of the model. Where it is blank, the option is the scenario of that name with `-` for `_`
    (`do-minimum`), if the model has one; else it is made from the model as said below.
    """

    do_minimum: Name = ""
    """Only what is committed, and what the law requires: rows of places that are only proposed do not happen, no option
    opens but those committed, and every child is placed as well as can be in what there is.
    """
    bases_first: Name = ""
    """`rules.bases_first`: special school and AP options take only children whom no base can meet."""
    special_first: Name = ""
    """No option for a base opens, but those committed: new places are in special schools and AP."""
    demand: Name = ""
    """Fewer children come to need a place. Blank: the first scenario with the lever `early_intervention`; without one
    it is not planned, and the paper says so.
    """
    free_school_late: Name = ""
    """A free school late, for what a delay costs. Blank: the first scenario with the lever `free_school_delay`; else
    the first free school that is still to come, a year late.
    """
    leave_out: Annotated[Names, AfterValidator(lambda names: [_course(name) for name in names])] = []
    """Keys above that are not planned; the paper says that they were left out."""
