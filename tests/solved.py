"""The toy read and planned once in each process, for tests that only read it. To change it, use `replace`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sufficiency as sf
from sufficiency.case import Case
from sufficiency.result import Result

TOY = Path(__file__).parent / "toy" / "toy.toml"


@cache
def toy_case() -> Case:
    return sf.read(TOY)


@cache
def toy_result() -> Result:
    """Its cheapest plan, with appraisal and place values."""
    return sf.solve(toy_case())
