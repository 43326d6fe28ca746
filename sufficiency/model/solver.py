"""`[solver]`: when the solver may stop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sufficiency.fields import Number, Section


class Solver(Section):
    """When the solver may stop."""

    gap: Annotated[float, Field(ge=0, le=1), Number] = 1e-4
    """Where options make the program integer: the gap at which it may stop, (objective − bound) / (objective − what
    no decision can change).
    """
    seconds: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False), Number] = 600.0
    """Time after which the best plan so far is returned; choosing, solving, place values and appraisal together."""
    threads: Annotated[int, Field(ge=1, le=64), Number] = 2
    """Processor cores the solver may use. Place values, and what each option saves, are worked out in parallel on
    these; with two or more, the least overspend is worked out at the same time as place values.
    """
