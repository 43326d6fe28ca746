"""Stock and flow: who stays, who moves on, and what earlier entrants leave in a line."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats, Ints, totals
from sufficiency.plan.instance.data import InstanceData


def forecast_flows(
    demand: Floats, stay_share: Floats, through_share: Floats, next_cell: Ints
) -> tuple[Floats, Floats, Floats]:
    """`stay`, `carry` and `entrants` [T+1, C] from the stock `demand` [T+1, C]; row 0 of each is 0 and unused.

    stay[t,c] = min(σ, N[t,c] / N[t−1,c]); entrants = N[t] − stay · N[t−1]; carry[t,c] = min(θ (1 − σ),
    entrants[t,c⁺] / N[t−1,c]), the share of the stock of year t−1 that moves on to c⁺ in the same line. 0/0 is 0.
    """
    before, now = demand[:-1], demand[1:]
    nobody = before <= 0
    safe = np.where(nobody, 1.0, before)
    stay = np.where(nobody, 0.0, np.minimum(stay_share, now / safe))
    entrants = np.maximum(now - stay * before, 0.0)
    moving_on = through_share * (1 - stay_share)
    has_next = next_cell >= 0
    room = np.where(has_next, entrants[:, next_cell], 0.0)
    carry = np.where(nobody, 0.0, np.minimum(moving_on, room / safe))
    first = np.zeros((1, demand.shape[1]))
    return np.vstack([first, stay]), np.vstack([first, carry]), np.vstack([first, entrants])


def survivors(flows: InstanceData, year: int, stock: Floats) -> Floats:
    """[P] what the stock of year − 1 leaves in each pair in `year`: those who stay, and those who move on in the
    same line.
    """
    is_open = flows.line_open[year][flows.pair_line]
    left = np.where(is_open, flows.stay[year][flows.pair_cell] * stock, 0.0)
    movers = flows.next_pair >= 0
    moved = (flows.carry[year][flows.pair_cell] * stock * is_open)[movers]
    np.add.at(left, flows.next_pair[movers], moved)
    return left


def stock_of(flows: InstanceData, entrants: Floats) -> Floats:
    """[T+1, P] what the children already placed and some entrants [T+1, P] come to."""
    stock = np.zeros_like(entrants)
    stock[0] = flows.placed
    for t in range(1, len(stock)):
        stock[t] = survivors(flows, t, stock[t - 1]) + entrants[t]
    return stock


def carried(flows: InstanceData, year: int, stock: Floats) -> Floats:
    """[C] entrants of `year` who are already placed because they stay on in their line from the phase before."""
    is_open = flows.line_open[year][flows.pair_line]
    movers = flows.next_pair >= 0
    moved = (flows.carry[year][flows.pair_cell] * stock * is_open)[movers]
    return totals(flows.next_cell[flows.pair_cell[movers]], moved, len(flows.next_cell))


def returned(flows: InstanceData, year: int, stock: Floats) -> Floats:
    """[C] children whose line closes in `year` and who return to that year's demand."""
    return totals(flows.pair_cell, sent_back(flows, year, stock), flows.stay.shape[1])


def sent_back(flows: InstanceData, year: int, stock: Floats) -> Floats:
    """[P] the same by the pair that they were in."""
    closed = ~flows.line_open[year][flows.pair_line]
    return np.where(closed, flows.stay[year][flows.pair_cell] * stock, 0.0)


def looking(flows: InstanceData, year: int, stock: Floats, waiting: Floats) -> Floats:
    """[C] children who look for a place in `year`: entrants who do not stay on in their line, those whose line closes,
    and those of year − 1 who waited; `stock` [P] and `waiting` [C] are of year − 1. Below 0 by rounding alone.
    """
    new = flows.entrants[year] - carried(flows, year, stock) + returned(flows, year, stock)
    return np.asarray(new + flows.stay[year] * waiting)
