"""A case as arrays. Notation follows the mathematics page: t = 0 is the base year; a *cell* is (area, need, level,
phase); a *pair* is a cell and a line that could hold its children.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, Objects
from sufficiency.plan.instance.axes import BUILDINGS, CELLS, FLOORS, LINES, PAIRS, SETTINGS, YEARS


@dataclass(frozen=True)
class InstanceData:
    """Everything the program needs, as arrays: T years, C cells, P pairs, L lines, S settings.

    `cells`: area, need, level, phase, locality, step_down, mainstream. `lines`: line, setting, type, locality, in_area,
    funded_by_state. Children are floats; money is £ (not discounted unless it says so).
    """

    years: Annotated[Ints, YEARS]
    cells: Annotated[pd.DataFrame, CELLS]
    lines: Annotated[pd.DataFrame, LINES]
    setting_codes: Annotated[Objects, SETTINGS]
    next_cell: Annotated[Ints, CELLS]  # −1 where the next phase has no cell
    demand: Annotated[Floats, YEARS, CELLS]  # N
    stay: Annotated[Floats, YEARS, CELLS]  # row 0 unused
    carry: Annotated[Floats, YEARS, CELLS]  # share of the stock of the year before that moves on in the same line
    entrants: Annotated[Floats, YEARS, CELLS]
    waiting_at_start: Annotated[Floats, CELLS]  # w[0]
    line_setting: Annotated[Ints, LINES]
    commissioned: Annotated[Floats, YEARS, LINES]  # places as given; inf where there is no limit
    places: Annotated[Floats, YEARS, LINES]  # P, for the children of the demand table
    committed: Annotated[Floats, YEARS, LINES]  # imported + reserved, no more than there are
    overfill: Annotated[Floats, YEARS, LINES]  # ω
    line_open: Annotated[Flags, YEARS, LINES]  # its setting is open
    limited: Annotated[Ints, BUILDINGS]  # settings with a physical limit
    limited_lines: Annotated[Flags, BUILDINGS, LINES]  # lines that count: its own, and those of satellites
    physical: Annotated[Floats, YEARS, BUILDINGS]  # physical places less those of other authorities' children
    pair_cell: Annotated[Ints, PAIRS]
    pair_line: Annotated[Ints, PAIRS]
    next_pair: Annotated[Ints, PAIRS]  # −1 where the line does not take the next phase
    match: Annotated[Floats, PAIRS]  # 0 where a child is placed in a line not designated for it
    placed: Annotated[Floats, PAIRS]  # B
    km: Annotated[Floats, PAIRS]
    minutes: Annotated[Floats, PAIRS]
    over_limit: Annotated[Flags, PAIRS]  # the journey is longer than the limit of the phase
    eligible: Annotated[Flags, YEARS, PAIRS]  # open to entrants
    by_pattern: Annotated[Flags, LINES]  # never chosen
    k: Annotated[Floats, YEARS, PAIRS]  # £/child/year of money
    policy: Annotated[Floats, YEARS, PAIRS]  # £/child/year of policy weights
    discount: Annotated[Floats, YEARS]  # δ; the last year also carries the tail
    place_funding: Annotated[Floats, YEARS, LINES]  # £ of the year, filled or not
    awaiting_money: Annotated[Floats, YEARS]  # £/child-year
    awaiting_weight: Annotated[Floats, YEARS]
    over_weight: Annotated[Floats, YEARS]
    over_money: Annotated[Floats, YEARS, LINES]  # £ a child above the places: k counts a place as filled
    imported: Annotated[Floats, YEARS, LINES]  # children of other authorities
    breach_weight: Annotated[Floats, YEARS]
    preference_weight: Annotated[Floats, YEARS]  # £ a child whose preference gives way, once
    base_in_reach: Annotated[Flags, YEARS, CELLS]  # a base, or an option that is one, could take them
    floor_line: Annotated[Ints, FLOORS]  # line of each option with a smallest fill
    floor: Annotated[Floats, YEARS, FLOORS]  # children of that fill; −inf: none
    ever_arc: Annotated[Flags, PAIRS]  # an arc in some year of the plan, if all options were open
    option_cost: Annotated[Floats, YEARS, LINES]  # £ of the year of options opened: running cost and capital charge
    raised: float = 0.0
    """Children by which the base year was raised to what is already placed."""

    @property
    def horizon(self) -> int:
        """T, the number of years planned."""
        return len(self.years) - 1

    @cached_property
    def may_enter(self) -> Flags:
        """[T+1, P] pairs that the optimiser may choose for entrants."""
        return self.eligible & ~self.by_pattern[self.pair_line][None, :]

    @cached_property
    def unit_cost(self) -> Floats:
        """[T+1, P] discounted £ a child-year, money and policy weights."""
        return self.discount[:, None] * (self.k + self.policy)

    @cached_property
    def arc_cell(self) -> Ints:
        """[P + C] the cell of each arc: of the pairs, then of waiting in each cell."""
        return np.concatenate([self.pair_cell, np.arange(len(self.cells))])

    @cached_property
    def first_pair(self) -> tuple[Ints, Ints]:
        """Where the pairs of each cell that has any begin, and the cell; the pairs of a cell stand together."""
        cell, first = np.unique(self.pair_cell, return_index=True)
        return first, cell
