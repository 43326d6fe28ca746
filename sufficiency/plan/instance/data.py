"""A case as arrays. Notation follows the mathematics page: t = 0 is the base year; a *cell* is (area, need, level,
phase); a *pair* is a cell and a line that could hold its children. Arrays over years have T + 1 rows, the base year
first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, Objects


@dataclass(frozen=True)
class InstanceData:
    """Everything the program needs, as arrays: T years, C cells, P pairs, L lines, S settings.

    `cells`: frame of C rows (area, need, level, phase, locality, step_down,
    mainstream). `lines`: frame of L rows (line,
    setting, type, locality, in_area, funded_by_state). `settings`: their codes. Children are floats; money is £
    (not discounted unless it says so).
    """

    years: Ints  # [T+1]
    cells: pd.DataFrame
    lines: pd.DataFrame
    setting_codes: Objects  # [S]
    next_cell: Ints  # [C], −1 where the next phase has no cell
    demand: Floats  # [T+1, C] N
    stay: Floats  # [T+1, C]; row 0 unused
    carry: Floats  # [T+1, C] share of the stock of the year before that moves on to next_cell in the same line
    entrants: Floats  # [T+1, C]
    waiting_at_start: Floats  # [C] w[0]
    line_setting: Ints  # [L]
    commissioned: Floats  # [T+1, L] places as given; inf where there is no limit
    places: Floats  # [T+1, L] P, for the children of the demand table
    committed: Floats  # [T+1, L] imported + reserved, no more than there are
    overfill: Floats  # [T+1, L] ω
    line_open: Flags  # [T+1, L] its setting is open
    limited: Ints  # [Q] settings with a physical limit
    limited_lines: Flags  # [Q, L] lines that count: the setting's own, and those of its satellites
    physical: Floats  # [T+1, Q] physical places less those of other authorities' children
    pair_cell: Ints  # [P]
    pair_line: Ints  # [P]
    next_pair: Ints  # [P], −1 where the line does not take the next phase
    match: Floats  # [P] 0 where a child is placed in a line not designated for it
    placed: Floats  # [P] B
    km: Floats  # [P]
    minutes: Floats  # [P]
    over_limit: Flags  # [P] the journey is longer than the limit of the phase
    eligible: Flags  # [T+1, P] open to entrants
    by_pattern: Flags  # [L] never chosen
    k: Floats  # [T+1, P] £/child/year of money
    policy: Floats  # [T+1, P] £/child/year of policy weights
    discount: Floats  # [T+1] δ; the last year also carries the tail
    place_funding: Floats  # [T+1, L] £ of the year, filled or not
    awaiting_money: Floats  # [T+1] £/child-year
    awaiting_weight: Floats  # [T+1]
    over_weight: Floats  # [T+1]
    over_money: Floats  # [T+1, L] £ a child above the places: k counts a place as filled, and there is none
    imported: Floats  # [T+1, L] children of other authorities
    breach_weight: Floats  # [T+1]
    preference_weight: Floats  # [T+1] £ a child whose preference gives way, once
    base_in_reach: Flags  # [T+1, C] an open base, or one that is an option, could take the cell's children
    floor_line: Ints  # [F] lines that must be filled to some least number, one for each option that asks for it
    floor: Floats  # [T+1, F] that number; −inf: none
    ever_arc: Flags  # [P] an arc in some year of the plan, if all options were open
    option_cost: Floats  # [T+1, L] £ of the year of options opened: fixed running cost and capital charge
    raised: float = 0.0
    """Children by which the base year was raised to what is already placed."""

    @property
    def horizon(self) -> int:
        """T, the number of years planned."""
        return len(self.years) - 1

    @cached_property
    def arc(self) -> Flags:
        """[T+1, P] pairs that the optimiser may choose for entrants."""
        return self.eligible & ~self.by_pattern[self.pair_line][None, :]

    @cached_property
    def unit_cost(self) -> Floats:
        """[T+1, P] discounted £ a child-year, money and policy weights."""
        return self.discount[:, None] * (self.k + self.policy)

    @cached_property
    def entry_cell(self) -> Ints:
        """[P + C] the cell of each entry: of the pairs, then of waiting in each cell."""
        return np.concatenate([self.pair_cell, np.arange(len(self.cells))])

    @cached_property
    def first_pair(self) -> tuple[Ints, Ints]:
        """Where the pairs of each cell that has any begin, and the cell; the pairs of a cell stand together."""
        cell, first = np.unique(self.pair_cell, return_index=True)
        return first, cell
