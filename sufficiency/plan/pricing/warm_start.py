"""Prices to start from: of the same case on its coarsest map, or of another case, moved as they move on that map."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.aggregation import coarsen, coarsest_map, places_on, spread_over_areas
from sufficiency.plan.program.highs import Basis, basis_of, load_arrays, put_basis, run_loaded
from sufficiency.plan.program.live_program import limits_until
from sufficiency.plan.program.lp import children_of, program_of_columns
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import flows_of


@dataclass(frozen=True)
class RoughPrices:
    """Of a case on the coarsest map with all its arcs at once: its `basis`, and `prices` [H] of the coupling rows."""

    basis: Basis = field(repr=False)
    prices: Floats = field(repr=False)


@dataclass(frozen=True)
class Rough(RoughPrices):
    """The same with the case on that map (`coarse`) and its `entrants` [T+1, P], by the pairs of that map."""

    coarse: Instance = field(repr=False)
    entrants: Floats = field(repr=False)

    def spread_over(self, instance: Instance) -> Floats:
        """[T+1, P] its entrants on the real map, about as areas would have them."""
        data, coarse = self.coarse.data, self.coarse
        _, pair = places_on(instance.data, data, coarsest_map(instance.case.tables.areas))
        return spread_over_areas(instance.data, instance.settled, data, coarse.settled, self.entrants, pair)


def on_coarsest_map(instance: Instance, deadline: Deadline, like: RoughPrices | None = None) -> Rough | None:
    """The case solved on its coarsest map, from the basis of one `like` it; None where there is no answer."""
    coarse = _coarse(instance)
    flows = flows_of(coarse.data, coarse.rows)
    point = price_all_arcs(coarse, flows, np.zeros(len(coarse.rows.limit)))
    program = program_of_columns(coarse, flows, coarse.open_arcs, point)
    limits = limits_until(instance, deadline)
    highs = load_arrays(  # of all arcs there is little to shrink: to presolve takes longer than it saves
        program.matrix, program.cost, program.upper, program.row_upper, limits=limits, presolve=False
    )
    if like is not None and (len(like.basis.rows), len(like.basis.columns)) == program.matrix.shape:
        put_basis(highs, like.basis)
    solution = run_loaded(highs, limits)
    if not solution.optimal:
        return None
    prices = np.maximum(-solution.row_duals[: len(coarse.rows.limit)], 0.0)
    entrants, _ = children_of(coarse, flows, program, solution.columns)
    return Rough(basis_of(highs), prices, coarse, entrants)


def moved_prices(
    before: Instance, prices: Floats, rough: RoughPrices | None, now: Instance, rough_now: RoughPrices | None
) -> Floats:
    """[H] prices for the case as it is `now` from those of the case `before`, moved as far as they did on the coarsest
    map. A row that was not there before has its price from there.
    """
    known = _places(before.rows).get_indexer(_places(now.rows))
    there = np.flatnonzero(known >= 0)
    old, old_rough = np.zeros(len(known)), np.zeros(len(known))
    old[there] = prices[known[there]]
    if rough is None or rough_now is None:
        return old
    old_rough[there] = rough.prices[known[there]]
    return np.maximum(old + rough_now.prices - old_rough, 0.0)


def _coarse(instance: Instance) -> Instance:
    areas = instance.case.tables.areas
    data, settled, rows = coarsen(instance.data, instance.settled, instance.rows, coarsest_map(areas))
    return replace(instance, data=data, settled=settled, rows=rows)


def _places(rows: Coupling) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([rows.family.astype(str), rows.year, rows.item])
