"""Cuts, and what they say of openings: a linear program over the openings alone, kept live.

Any prices on the coupling rows give a cost that no plan can undercut, whatever opens: a cut, linear in the openings,
over all arcs (mathematics page, options).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats
from sufficiency.plan.dual.lagrangian import DualPoint, price_all_arcs
from sufficiency.plan.options.choices import Choices
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.program.highs import Limits, load_arrays, run_loaded

THOUSAND = 1e3
"""Costs are counted in £ thousand here."""


@dataclass(frozen=True)
class Cut:
    """No plan with openings y costs less than `intercept` + `coefficients` · y (discounted £); `prices` prove it."""

    prices: Floats = field(repr=False)
    intercept: float
    coefficients: Floats = field(repr=False)

    def and_no_price_on(self, rows: Floats) -> Floats:
        """Its prices with none on further rows, so that there are as many as `rows` [H]."""
        return np.append(self.prices, np.zeros(len(rows) - len(self.prices)))

    def at(self, y: Floats) -> float:
        """The cost below which no plan with these openings goes, as far as this cut knows."""
        return self.intercept + float(self.coefficients @ y)

    def least(self, lower: Floats, upper: Floats) -> float:
        """The least it comes to between two bounds on the openings."""
        return self.intercept + float(np.minimum(self.coefficients * lower, self.coefficients * upper).sum())


def cut_of(found: OptionModel, prices: Floats) -> Cut:
    """The cut that prices [H] on the coupling rows of the undecided case give."""
    return cut_at(found, price_all_arcs(found.instance, found.instance.flows, prices))


def cut_at(found: OptionModel, at: DualPoint) -> Cut:
    """What the prices of a position prove of openings."""
    choices, relief = found.choices, found.preferences.relief(at.reduced_cost)
    slope = choices.cost - choices.room.T @ at.prices + choices.returned.T @ at.demand_dual.ravel()
    slope += found.preferences.share.T @ relief
    return Cut(at.prices, at.bound + float(relief[found.preferences.own].sum()), np.asarray(slope))


@dataclass(frozen=True)
class Allowed:
    """What openings must keep to besides the limits of the case: `rows` · y ≤ `most`, and y ≤ `upper`."""

    upper: Floats
    rows: Floats
    most: Floats

    def holds(self, y: Floats) -> bool:
        """Whether openings keep to it."""
        return bool((y <= self.upper + 1e-9).all() and (self.rows @ y <= self.most + 1e-6).all())


def anything(columns: int) -> Allowed:
    """No further restriction."""
    return Allowed(np.ones(columns), np.zeros((0, columns)), np.zeros(0))


class Master:
    """The highest of the cuts, as a live program: the least it can be over openings, whole or not, in a region."""

    def __init__(self, choices: Choices, allowed: Allowed, cuts: tuple[Cut, ...], threads: int) -> None:
        self.choices, self.columns, self.base = choices, len(choices), cuts[0].intercept
        rows = sparse.vstack([choices.limits, sparse.csr_matrix(allowed.rows)], format="csr")
        rows.resize(rows.shape[0], self.columns + 1)  # the last column is the cost
        limits = Limits(np.inf, threads)
        self.live: Any = load_arrays(
            rows.tocsc(),
            np.append(np.zeros(self.columns), 1.0),
            np.append(allowed.upper, np.inf),
            np.concatenate([choices.most, allowed.most]),
            limits=limits,
            lower=np.zeros(self.columns + 1),
            scale=0,
        )
        run_loaded(self.live, limits)
        self.live.changeColBounds(self.columns, -np.inf, np.inf)
        self.count = 0
        self.take(cuts)

    def take(self, cuts: tuple[Cut, ...]) -> None:
        """Put in the cuts beyond those it has; `cuts` begin with these."""
        places = np.arange(self.columns + 1, dtype=np.int32)
        for cut in cuts[self.count :]:
            above = (cut.intercept - self.base) / THOUSAND
            self.live.addRow(above, np.inf, len(places), places, np.append(-cut.coefficients / THOUSAND, 1.0))
        self.count = len(cuts)

    def forbid(self, weights: Floats, most: float) -> None:
        """Only openings with `weights` · y ≤ `most` from now on."""
        place = np.flatnonzero(weights).astype(np.int32)
        self.live.addRow(-np.inf, most, len(place), place, weights[place])

    def lowest(self, upper: Floats, forced: Flags) -> tuple[float, Floats]:
        """£ discounted, and the openings [Y], where the highest cut is least: openings below `upper` [Y] with
        options `forced` [S] open. Infinite where the limits allow none.
        """
        places = np.arange(self.columns, dtype=np.int32)
        self.live.changeColsBounds(self.columns, places, np.zeros(self.columns), upper)
        for scheme, must in enumerate(forced.tolist()):  # the first of the limits, option by option
            self.live.changeRowBounds(scheme, 1.0 if must else -np.inf, 1.0)
        self.live.run()
        status = self.live.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return np.inf, np.zeros(self.columns)
        if status != highspy.HighsModelStatus.kOptimal:
            return -np.inf, np.zeros(self.columns)
        y = np.clip(np.asarray(self.live.getSolution().col_value[: self.columns], dtype=float), 0.0, 1.0)
        return float(self.live.getInfo().objective_function_value) * THOUSAND + self.base, y
