"""Bases first: which children a specialist base could take, and which lines therefore have to leave them to it.

Mathematics page, constraint 9: a special or AP option takes only children whom no base can meet. A base can where
it is open to entrants that year (existing or an option), its match is 0.5 or more, and the journey is within the
guideline of the phase.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Ints, positions
from sufficiency.case import Case

BASE = "resource_base"
SPECIAL_OR_AP = ("special_school", "special_free_school", "alternative_provision")
GOOD_MATCH = 0.5


def base_in_reach(lines: pd.DataFrame, pairs: pd.DataFrame, eligible: Flags, over_limit: Flags, cells: int) -> Flags:
    """[T+1, C] whether a base could take children of the cell who start that year. `pairs` has cell, line, match."""
    is_base = (lines["type"] == BASE).to_numpy()
    meets = is_base[pairs["line"]] & (pairs["match"] >= GOOD_MATCH).to_numpy() & ~over_limit
    in_reach = np.zeros((len(eligible), cells), dtype=bool)
    for t, open_now in enumerate(eligible):
        in_reach[t, pairs["cell"].to_numpy()[open_now & meets]] = True
    return in_reach


def special_options(case: Case, lines: pd.DataFrame) -> Flags:
    """[L] lines that are options of a special school or of AP."""
    options = case.tables.options
    names = [] if options is None else list(options["option"])
    return (lines["line"].isin(names) & lines["type"].isin(SPECIAL_OR_AP)).to_numpy()


def special_lines_added_to(case: Case, lines: pd.DataFrame) -> Ints:
    """Special and AP lines that an option adds places to: their further places are for children without a base."""
    options = case.tables.options
    names = [] if options is None else sorted(set(options["line"]) - {""})
    at = positions(lines["line"], names)
    at = at[at >= 0]
    return at[lines["type"].isin(SPECIAL_OR_AP).to_numpy()[at]]
