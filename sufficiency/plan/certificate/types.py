"""What the certificate is given: labels, figures to be checked, and a plan; as types that say what it looks at.

The solver's own classes are not known here. Arrays over years have T + 1 rows, the base year first; P pairs of a cell
and a line, C cells, L lines, Q limited buildings, F smallest fills, H shared rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd
from scipy import sparse

from sufficiency.arrays import Floats, Ints, Objects

Opening = tuple[int, int, float]
"""Position in the options table, September of the opening year, part (1 unless it may open in part)."""
Recounted = dict[str, Any]
"""Arrays worked out again, by the name they have in the plan."""


class Labels(Protocol):
    """Which years, cells, lines and pairs stand in which order: all that the certificate takes as given, and checks."""

    @property
    def years(self) -> Ints:
        """[T+1] Septembers."""

    @property
    def cells(self) -> pd.DataFrame:
        """C rows: area, need, level, phase, locality, step_down, mainstream."""

    @property
    def lines(self) -> pd.DataFrame:
        """L rows: line, setting, type."""

    @property
    def pair_cell(self) -> Ints:
        """[P] position of the cell."""

    @property
    def pair_line(self) -> Ints:
        """[P] position of the line."""


class SettledFigures(Protocol):
    """Who follows today's pattern and the room that leaves, as the plan has it."""

    @property
    def entrants(self) -> Floats:
        """[T+1, P] x̂."""

    @property
    def may_give_way(self) -> Floats:
        """[T+1, P] the part of x̂ that need not be met."""

    @property
    def stock(self) -> Floats:
        """[T+1, P] what those placed and x̂ come to."""

    @property
    def held(self) -> Floats:
        """[T+1, P] the same without those who may give way."""

    @property
    def allowance(self) -> Floats:
        """[T+1, L] children above the places."""

    @property
    def physical(self) -> Floats:
        """[T+1, Q] room of buildings."""


class RowLabels(Protocol):
    """What each of H rows is about."""

    @property
    def family(self) -> Objects:
        """[H] the family of each row."""

    @property
    def year(self) -> Ints:
        """[H] position in the years."""

    @property
    def item(self) -> Ints:
        """[H] position of the line, building, smallest fill, rule or budget line."""


class SharedRows(RowLabels, Protocol):
    """H rows that join cells, as the plan has them."""

    @property
    def weights(self) -> sparse.csr_matrix:
        """[H, P] on the stock of the year."""

    @property
    def before(self) -> sparse.csr_matrix:
        """[H, P] on the stock of the year before."""

    @property
    def waiting(self) -> sparse.csr_matrix:
        """[H, C] on those who wait."""

    @property
    def limit(self) -> Floats:
        """[H] the limit."""

    @property
    def slack_cost(self) -> Floats:
        """[H] discounted £ for each by which it is missed."""

    @property
    def slack_most(self) -> Floats:
        """[H] by how much it may be missed."""


class PlanFigures(Protocol):
    """A plan: who enters and who waits, by how much rows are missed, the prices that prove it, and what it claims."""

    @property
    def entrants(self) -> Floats:
        """[T+1, P] children who enter a line."""

    @property
    def waiting(self) -> Floats:
        """[T+1, C] children who wait."""

    @property
    def slack(self) -> Floats:
        """[H] by how much each shared row is missed."""

    @property
    def prices(self) -> Floats:
        """[H] discounted £ of each shared row."""

    @property
    def money(self) -> float:
        """Discounted £."""

    @property
    def policy_weights(self) -> float:
        """Discounted £."""

    @property
    def openings(self) -> Sequence[Opening]:
        """What opens."""
