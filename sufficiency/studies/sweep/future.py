"""What a draw is: one future of demand, money and openings. It depends on the seed and its number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sufficiency.fields import DEFAULT
from sufficiency.model.sweep import Slip, Sweep

ORDER = 2**31
"""Stands where the number of a draw would: the order in which paths are taken."""


@dataclass(frozen=True)
class Future:
    """A future. `combination`: position among the combinations of scenarios. `path`: position among the simulated
    paths. `level`: standard normal, how far demand is above or below what is expected where there are no paths.
    `slips`: by option, years it opens late.
    """

    draw: int
    combination: int
    path: int
    level: float
    inflation: dict[str, float]
    fees: dict[str, float]
    slips: dict[str, int]


def future(sweep: Sweep, seed: int, draw: int, paths: int, options: Sequence[str], combinations: int) -> Future:
    """Draw number `draw` (from 0). Paths are taken in random order, each once before any is taken twice; combinations
    of scenarios in turn; rates and factors between their ends, each as likely.
    """
    rng = np.random.default_rng([seed, draw])
    level = float(rng.standard_normal())
    inflation = {name: float(rng.uniform(*sweep.inflation[name])) for name in sorted(sweep.inflation)}
    fees = {name: float(rng.uniform(*sweep.fees[name])) for name in sorted(sweep.fees)}
    chances = rng.random(len(options)).tolist()
    slips = {}
    for option, chance in zip(options, chances, strict=True):
        slip = slip_of(sweep, option)
        if slip is not None and chance < slip.chance:
            slips[option] = slip.years
    path = 0
    if paths:
        order = np.random.default_rng([seed, ORDER]).permutation(paths)
        path = int(order[draw % paths])
    return Future(draw, draw % combinations, path, level, inflation, fees, slips)


def slip_of(sweep: Sweep, option: str) -> Slip | None:
    """How an option may slip; None: it does not."""
    named = {name.casefold(): slip for name, slip in sweep.slips.items()}
    return named.get(option.casefold(), named.get(DEFAULT))
