"""The case once it is decided what opens: the ordinary program, with nothing left to choose but places for children."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sufficiency.arrays import Floats, totals
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.options.choices import MayOpen, may_open
from sufficiency.plan.options.closures import closing_year
from sufficiency.plan.options.effects import OptionModel, floors_by_scheme, least_fill, option_model
from sufficiency.plan.options.option import Option, empty_place_rates, running_costs
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance

NOTHING = 1e-9
"""Share of an option below which it does not open."""


@dataclass(frozen=True)
class Opened:
    """An option that opens: `scheme`, the position of its first year, and its size by year as a share of the whole
    (1, or less where it may open in part).
    """

    scheme: Option
    opens: int
    part: float


def opened(choices: MayOpen, y: Floats) -> list[Opened]:
    """What openings y [Y] mean, in the order of the options table and of years."""
    return [
        Opened(choices.schemes[choices.scheme[column]], int(choices.opens[column]), float(y[column]))
        for column in np.flatnonzero(y > NOTHING)
    ]


def rooms_built(data: InstanceData, some: list[Opened]) -> Floats:
    """[T+1, Q] rooms that openings build in each building."""
    rooms = np.zeros((data.horizon + 1, len(data.limited_lines)))
    for it in some:
        if it.scheme.line >= 0:
            share = it.part * it.scheme.share(data.horizon, it.opens)
            rooms += it.scheme.physical * share[:, None] * data.limited_lines[:, it.scheme.line]
    return rooms


def with_nothing_opened(base: Instance) -> Instance:
    """The case with none of its options open but those that are committed."""
    may = may_open(base.case, base.data)
    return fix_openings(base, may, may.committed)


def fix_openings(base: Instance, may: MayOpen, y: Floats) -> Instance:
    """As `with_openings_fixed`; what each choice changes is worked out only where budgets count and something opens."""
    budget = base.rows.family == "budget"
    if budget.any() and y.any():
        return with_openings_fixed(option_model(base), y)
    return _decided(base, may, y, np.zeros(np.count_nonzero(budget)))


def with_openings_fixed(found: OptionModel, y: Floats) -> Instance:
    """The case with openings y [Y]: lines with their places, lines closed, costs added."""
    of_budgets = (found.choices.room @ y)[found.instance.rows.family == "budget"]
    return _decided(found.base, found.choices, y, of_budgets)


def _decided(base: Instance, may: MayOpen, y: Floats, of_budgets: Floats) -> Instance:
    """`of_budgets`: what y gives to the budget rows."""
    data, settled = base.data, base.settled
    options = [] if base.case.tables.options is None else list(base.case.tables.options["option"])
    own = data.lines["line"].isin(options).to_numpy()
    is_open = data.line_open & ~own[None, :]
    extra = np.zeros_like(data.places)
    usable = np.zeros_like(data.places)
    floor, funding, cost = data.floor.copy(), data.place_funding.copy(), data.option_cost.copy()
    years = np.arange(data.horizon + 1)
    floors, empty = floors_by_scheme(base, may.schemes), empty_place_rates(base.case, data)
    for it in opened(may, y):
        one, share = it.scheme, it.part * it.scheme.share(data.horizon, it.opens)
        paid, fixed = running_costs(base.case, data, one, it.opens, empty)
        cost[:, one.line if one.line >= 0 else one.closes] += it.part * fixed
        if one.line >= 0:
            there = years >= it.opens
            is_open[:, one.line] |= there & data.line_open[:, one.line]
            extra[:, one.line] += one.places * share
            usable[:, one.line] += one.usable * share
            funding[:, one.line] += it.part * paid
            if one.row in floors:
                least = np.where(there, it.part * least_fill(base, one, share / it.part, there.astype(float)), 0.0)
                place = floors[one.row]
                floor[:, place] = np.maximum(floor[:, place], 0.0) + least
        if one.closes >= 0:
            is_open[closing_year(data, one, it.opens) :, one.closes] = False
    now = replace(
        data,
        line_open=is_open,
        commissioned=np.where(is_open, data.commissioned + extra, 0.0),
        places=np.where(is_open, data.places + usable, 0.0),
        committed=np.where(is_open, data.committed, 0.0),
        imported=np.where(is_open, data.imported, 0.0),
        physical=data.physical + np.where(is_open, 0.0, data.imported) @ data.limited_lines.T.astype(float),
        eligible=data.eligible & is_open[:, data.pair_line],
        floor=floor,
        place_funding=np.where(is_open, funding, 0.0),
        option_cost=cost,
    )
    kept = _settled(now, settled)
    above = np.maximum(now.physical, _in_buildings(now, kept.held))
    before = np.maximum(data.physical, _in_buildings(data, settled.held))
    physical = settled.physical + above - before + rooms_built(data, opened(may, y))
    kept = replace(kept, physical=physical, allowance=np.where(is_open, settled.allowance, 0.0))
    rows = _rows(base, now, kept, of_budgets)
    openings = tuple((it.scheme.row, int(data.years[it.opens]), it.part) for it in opened(may, y))
    return replace(
        base, data=now, settled=kept, rows=rows, openings=openings, reopen=partial(_fix_again, openings=openings)
    )


def _fix_again(base: Instance, openings: tuple[tuple[int, int, float], ...]) -> Instance:
    """A case with `openings` (row of the options table, year, part) fixed by what the table calls them."""
    may, years = may_open(base.case, base.data), base.data.years.tolist()
    part = {(row, years.index(year)): part for row, year, part in openings}
    pairs = zip(may.scheme.tolist(), may.opens.tolist(), strict=True)
    return fix_openings(base, may, np.array([part.get((may.schemes[scheme].row, year), 0.0) for scheme, year in pairs]))


def _settled(now: InstanceData, settled: Commitments) -> Commitments:
    """Who follows the pattern into a line that has closed is free to choose; the stock follows."""
    is_open = now.line_open[:, now.pair_line]
    entrants, may_give_way = (np.where(is_open, part, 0.0) for part in (settled.entrants, settled.may_give_way))
    return replace(
        settled,
        entrants=entrants,
        may_give_way=may_give_way,
        stock=stock_of(now, entrants),
        held=stock_of(now, entrants - may_give_way),
        pattern=np.where(now.eligible, settled.pattern, 0.0),
    )


def _in_buildings(data: InstanceData, stock: Floats) -> Floats:
    in_line = np.array([totals(data.pair_line, year, len(data.lines)) for year in stock])
    return np.asarray(in_line @ data.limited_lines.T.astype(float))


def _rows(base: Instance, now: InstanceData, kept: Commitments, of_budgets: Floats) -> Coupling:
    """The coupling rows with what opens: the same rows, other limits; a line that is not open has no places in it.

    What a closing gives to budgets counts what the children settled in the line no longer use; here they are no longer
    settled.
    """
    rows = base.rows
    limit, most = rows.limit.copy(), rows.slack_most.copy()
    now_limits = {"places": now.places, "physical": kept.physical, "fill": -np.maximum(now.floor, 0.0)}
    for family, item_limits in now_limits.items():
        here = rows.family == family
        limit[here] = item_limits[rows.year[here], rows.item[here]]
    places = rows.family == "places"
    most[places] = kept.allowance[rows.year[places], rows.item[places]]
    budget = rows.family == "budget"
    if budget.any():
        limit[budget] += of_budgets - rows.used(base.settled.stock - kept.stock)[budget]
    return replace(rows, limit=limit, slack_most=most)
