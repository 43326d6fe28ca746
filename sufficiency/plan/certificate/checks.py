"""The checks of a plan on its placements: each says how large the largest error is, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Floats, totals
from sufficiency.plan.certificate.limits import Shared
from sufficiency.plan.certificate.types import Labels, PlanFigures, Recounted

Found = tuple[float, str]
"""The largest error, and where it is."""


@dataclass(frozen=True)
class Check:
    """One check: the largest error found (children, or a share), where it is, and what is tolerated."""

    error: float
    where: str
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the error is tolerated; a figure that is not a number never is."""
        return bool(self.error <= self.tolerance)


def furthest(errors: dict[str, float]) -> Found:
    """The largest error by name; what is not a number is larger than all."""
    name = max(errors, key=lambda name: (np.isnan(errors[name]), errors[name]))
    return errors[name], name


def children_counted(data: Labels, told: Recounted, stock: Floats, waiting: Floats) -> Found:
    """Everyone forecast is either in a line or awaiting a place: against the demand table itself."""
    placed = np.stack([totals(data.pair_cell, row, len(data.cells)) for row in stock])
    errors = np.abs(placed + waiting - told["demand"])[1:]
    return _worst(errors, lambda t, c: _cell_name(data, t + 1, c))


def demand_met(data: Labels, told: Recounted, stock: Floats, entrants: Floats, waiting: Floats) -> Found:
    """Those who start, return or waited last year are placed or wait this year."""
    cell, cells, errors = data.pair_cell, len(data.cells), np.zeros_like(waiting)
    moving = np.flatnonzero(told["next_pair"] >= 0)
    target = told["next_cell"][cell[moving]]
    waiting = np.vstack([told["waiting_at_start"][None, :], waiting[1:]])
    for t in range(1, len(stock)):
        is_open = told["line_open"][t][data.pair_line]
        onward = is_open * told["carry"][t][cell] * stock[t - 1]
        came_along = totals(target, onward[moving], cells)
        sent_back = totals(cell, ~is_open * told["stay"][t][cell] * stock[t - 1], cells)
        asking = told["entrants"][t] + told["stay"][t] * waiting[t - 1] + sent_back
        errors[t] = np.abs(totals(cell, entrants[t], cells) + came_along + waiting[t] - asking)
    return _worst(errors[1:], lambda t, c: _cell_name(data, t + 1, c))


def lawful(data: Labels, told: Recounted, entrants: Floats) -> Found:
    """Nobody enters a line that does not take them; everyone who follows today's pattern and does not give way enters;
    lines that are never chosen get just those.
    """
    may_enter = told["eligible"] & ~told["by_pattern"][data.pair_line][None, :]
    short = told["following"] - told["may_give_way"] - entrants
    errors = np.where(may_enter, np.maximum(short, 0.0), np.abs(short))
    return _worst(errors[1:], lambda t, p: _pair_name(data, t + 1, p))


def stayers_kept(data: Labels, told: Recounted, stock: Floats) -> Found:
    """No child leaves a line in the middle of a phase while it is open."""
    kept = np.zeros_like(stock)
    for t in range(1, len(stock)):
        kept[t] = told["line_open"][t][data.pair_line] * told["stay"][t][data.pair_cell] * stock[t - 1]
    return _worst(np.maximum(kept - stock, 0.0)[1:], lambda t, p: _pair_name(data, t + 1, p))


def nothing_negative(plan: PlanFigures) -> Found:
    """No fewer than no children enter, wait or stand beyond a limit."""
    lowest = min(float(np.min(part, initial=0.0)) for part in (plan.entrants, plan.waiting, plan.slack))
    return -lowest, "entrants, waiting or slack"


def rows_hold(data: Labels, rows: Shared, stock: Floats, waiting: Floats, slack: Floats) -> Found:
    """Places of every line, room of every building, and every hard rule."""
    used = rows.used(stock, waiting)
    errors = np.maximum(np.maximum(used - slack - rows.limit, slack - rows.slack_most), 0.0)
    return _worst(errors, lambda h: f"{rows.family[h]}, {data.years[rows.year[h]]}")


def _worst(errors: Floats, named: Callable[..., str]) -> Found:
    if not errors.size:
        return 0.0, ""
    place = np.unravel_index(int(np.nanargmax(errors)) if not np.isnan(errors).all() else 0, errors.shape)
    largest = float("nan") if np.isnan(errors).any() else float(errors[place])
    return largest, named(*(int(index) for index in place))


def _cell_name(data: Labels, t: int, cell: int) -> str:
    row = data.cells.iloc[cell]
    return f"{row['need']} {row['phase']}, area {row['area']}, {data.years[t]}"


def _pair_name(data: Labels, t: int, pair: int) -> str:
    line = data.lines["line"].iloc[data.pair_line[pair]]
    return f"{_cell_name(data, t, int(data.pair_cell[pair]))}, line {line}"
