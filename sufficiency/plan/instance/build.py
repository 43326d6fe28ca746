"""The one conversion from tables to arrays: cells of demand, lines of places, and the pairs of the two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import (
    Floats,
    Ints,
    alike,
    each_row,
    first_of_each,
    positions,
    totals,
    where_true,
)
from sufficiency.case import Case
from sufficiency.codes import ORDINARY_CLASS
from sufficiency.plan.instance.bases_first import base_in_reach, special_options
from sufficiency.plan.instance.costs import pair_money, yearly_money
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.demand import cells_of_demand, next_cells, shares_of_rows
from sufficiency.plan.instance.stock import forecast_flows
from sufficiency.plan.instance.supply import floors_of_options, line_table, line_years, physical_limits


def instance_data(case: Case) -> InstanceData:
    """The arrays of a case, `awaiting_weight` and `breach_weight` still 0: they follow from the others (`defaults`).

    Raises ValueError where a table was not checked first (an unmatched key).
    """
    model = case.model
    years = np.arange(model.base_year, model.years[1] + 1)
    cells, demand, awaiting = cells_of_demand(case, years)
    lines = line_table(case)
    pairs = _pairs(case, cells, lines)
    pairs, placed = _with_off_designation(pairs, _placed(case, cells, lines, pairs, demand[0]), len(lines))
    pair_cell, pair_line = pairs["cell"].to_numpy(), pairs["line"].to_numpy()

    in_base_year = totals(pair_cell, placed, len(cells))
    raised = np.maximum(in_base_year + awaiting - demand[0], 0.0)
    demand[0] += raised
    phases = model.phase_list
    order = {phase.code: index for index, phase in enumerate(phases)}
    cell_phase = np.array([order[code] for code in cells["phase"]], dtype=np.int64)
    next_cell = next_cells(cells, cell_phase, phases)
    stay, carry, entrants = forecast_flows(
        demand,
        np.array([model.stay_share(phase) for phase in phases])[cell_phase],
        np.array([model.through_share(phase) for phase in phases])[cell_phase],
        next_cell,
    )
    places = line_years(case, lines, years)
    km, minutes = _journeys(case, cells, lines, pair_cell, pair_line)
    limits = np.array([_or_inf(model.limit_minutes(phase)) for phase in phases])[cell_phase]
    over_limit = minutes > limits[pair_cell]
    eligible = (pairs["match"].to_numpy() > 0)[None, :] & (places.open & places.started)[:, pair_line]
    if model.rules.hard_journey_limit:
        eligible &= ~over_limit[None, :]
    k = pair_money(case, cells, lines, places.counted, pair_cell, pair_line, years, km)
    yearly = yearly_money(case, lines, places, years)
    unpriced = np.isnan(k).any(axis=0)
    if unpriced.any():
        raise ValueError(f"no per_child rate holds for lines {sorted(set(lines['line'].iloc[pair_line[unpriced]]))}")
    reach = base_in_reach(lines, pairs, eligible, over_limit, len(cells))
    if model.rules.bases_first:
        eligible &= ~(special_options(case, lines)[pair_line][None, :] & reach[:, pair_cell])
    by_pattern = lines["type"].isin(model.continuity.by_pattern).to_numpy()
    floor_line, floor = floors_of_options(case, lines, len(years))
    setting_codes = case.tables.settings["setting"].to_numpy(dtype=object)
    line_setting = positions(setting_codes, lines["setting"])
    limited, limited_lines, physical = physical_limits(case.tables.settings, line_setting, places.imported)
    weights = model.weights
    policy = (
        (1 - pairs["match"].to_numpy()) * weights.off_designation
        + minutes / 60 * model.travel.days * model.travel.trips_per_day * weights.hour_travelled
        + over_limit * weights.over_limit
    )
    return InstanceData(
        years=years,
        cells=cells,
        lines=lines,
        setting_codes=setting_codes,
        next_cell=next_cell,
        demand=demand,
        stay=stay,
        carry=carry,
        entrants=entrants,
        waiting_at_start=demand[0] - in_base_year,
        line_setting=line_setting,
        commissioned=places.commissioned,
        places=places.places,
        committed=np.minimum(places.imported + places.reserved, places.commissioned),
        overfill=places.overfill,
        line_open=places.open,
        limited=limited,
        limited_lines=limited_lines,
        physical=physical,
        pair_cell=pair_cell,
        pair_line=pair_line,
        next_pair=_next_pairs(next_cell, pair_cell, pair_line, pairs["match"].to_numpy(), len(lines)),
        match=pairs["match"].to_numpy(),
        placed=placed,
        km=km,
        minutes=minutes,
        over_limit=over_limit,
        eligible=eligible,
        by_pattern=by_pattern,
        k=k,
        policy=policy[None, :] * yearly.default_factor[:, None],
        discount=yearly.discount,
        place_funding=yearly.place_funding,
        awaiting_money=yearly.awaiting_money,
        awaiting_weight=np.zeros(len(years)),
        over_weight=yearly.over_weight,
        over_money=yearly.over_money,
        imported=places.imported,
        breach_weight=np.zeros(len(years)),
        preference_weight=yearly.preference_weight,
        base_in_reach=reach,
        floor_line=floor_line,
        floor=floor,
        ever_arc=(eligible & ~by_pattern[pair_line][None, :])[1:].any(axis=0),
        option_cost=np.zeros_like(places.places),
        raised=float(raised.sum()),
    )


def _or_inf(limit: float | None) -> float:
    return np.inf if limit is None else limit


def _pairs(case: Case, cells: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a cell and a line that accepts it and can be travelled to: columns cell, line, match."""
    names = ["need", "level", "phase", "step_down", "mainstream"]
    (kind_of,) = alike((cells,), names)
    kinds = list(cells[names].iloc[first_of_each(kind_of)].itertuples(index=False, name=None))
    takers = list(each_row(lines))
    match = np.array([[_fit(line, *kind) for line in takers] for kind in kinds]).reshape(-1, len(lines))
    area = positions(case.journeys.areas, cells["area"])
    setting = positions(case.journeys.settings, lines["setting"])
    if (area < 0).any() or (setting < 0).any():
        raise ValueError("journeys are missing for an area or a setting")
    known = ~np.isnan(case.journeys.minutes[np.ix_(area, setting)])
    cell, line_index = where_true((match[kind_of] > 0) & known)
    return pd.DataFrame({"cell": cell, "line": line_index, "match": match[kind_of[cell], line_index]})


def _fit(line: Any, need: str, level: str, phase: str, step_down: bool, mainstream: bool) -> float:
    """How well a line meets children of one kind: 1 where it is designated for them, 0 where it does not take them."""
    at_level = level == "" or not line.levels or level in line.levels or (step_down and "base" in line.levels)
    if phase not in line.phases or not at_level or (line.type == ORDINARY_CLASS and not mainstream):
        return 0.0
    return 1.0 if need in line.needs else float(line.match) if need in line.can_meet else 0.0


def _placed(case: Case, cells: pd.DataFrame, lines: pd.DataFrame, pairs: pd.DataFrame, base: Floats) -> pd.DataFrame:
    """Children placed in the base year: columns cell, line, children.

    A row without a level, where the demand has several, is shared among the levels in proportion to the children of
    the base year, over those the line takes where there are any; the same for the two parts of a cell split by
    `step_down`, and for those who could be in an ordinary class, less the children who are in one.
    """
    placements = case.tables.placements
    if placements is None or placements.empty:
        return pd.DataFrame({"cell": [], "line": [], "children": []}).astype(
            {"cell": int, "line": int, "children": float}
        )
    rows = placements[(placements["line"] != "awaiting") & (placements["children"] > 0)]
    rows = rows.assign(row=np.arange(len(rows)), line=positions(lines["line"], rows["line"]))
    known = cells.reset_index(names="cell")[["area", "need", "phase", "level", "cell"]]
    joined = rows.merge(
        known, on=["area", "need", "phase"], how="left", suffixes=("", "_of_cell"), validate="many_to_many"
    )
    joined = joined[(joined["level"] == "") | (joined["level"] == joined["level_of_cell"])]
    if set(rows["row"]) - set(joined["row"]) or (joined["line"] < 0).any():
        raise ValueError("placements name a cell or a line that is not there")
    takes = pd.MultiIndex.from_frame(pairs[["cell", "line"]])
    fits = pd.MultiIndex.from_frame(joined[["cell", "line"]]).isin(takes)
    fitting = pd.Series(fits, joined.index).groupby(joined["row"]).transform("any")
    takes_it = pd.Series(fits | ~fitting.to_numpy(), joined.index)
    ordinary = (lines["type"] == ORDINARY_CLASS).to_numpy()[joined["line"]]
    children, left = joined["children"].to_numpy(dtype=float).copy(), base
    for these in (ordinary, ~ordinary):  # who is in an ordinary class first, the others by those who are left
        there = pd.Series(left[joined["cell"]], joined.index).where(takes_it, 0.0)[these]
        children[these] *= shares_of_rows(there, takes_it[these], joined.loc[these, "row"])
        now = totals(joined.loc[these, "cell"].to_numpy(), children[these], len(cells))
        left = np.maximum(left - now, 0.0)
    joined["children"] = children
    summed = joined.groupby(["cell", "line"])["children"].sum().reset_index()
    return pd.DataFrame(summed[summed["children"] > 0])


def _with_off_designation(pairs: pd.DataFrame, placed: pd.DataFrame, lines: int) -> tuple[pd.DataFrame, Floats]:
    """Pairs with those of children in a line not designated for them (match 0) added, by cell and line, and the
    children placed by pair.
    """
    there, known = (frame["cell"].to_numpy() * lines + frame["line"].to_numpy() for frame in (placed, pairs))
    new = placed[~np.isin(there, known)]
    if len(new):
        pairs = pd.concat([pairs, new[["cell", "line"]].assign(match=0.0)]).sort_values(["cell", "line"])
        known = pairs["cell"].to_numpy() * lines + pairs["line"].to_numpy()
    children = np.zeros(len(known))
    children[np.searchsorted(known, there)] = placed["children"].to_numpy(dtype=float)
    return pairs.reset_index(drop=True), children


def _next_pairs(next_cell: Ints, pair_cell: Ints, pair_line: Ints, match: Floats, lines: int) -> Ints:
    """The pair of the next phase in the same line, where the line is designated for both; −1 otherwise."""
    if not len(pair_cell):
        return np.empty(0, dtype=np.int64)
    key = pair_cell * lines + pair_line
    wanted = np.where(next_cell[pair_cell] >= 0, next_cell[pair_cell] * lines + pair_line, -1)
    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    is_there = (wanted >= 0) & (key[place] == wanted) & (match > 0) & (match[place] > 0)
    return np.where(is_there, place, -1)


def _journeys(
    case: Case, cells: pd.DataFrame, lines: pd.DataFrame, pair_cell: Ints, pair_line: Ints
) -> tuple[Floats, Floats]:
    area = positions(case.journeys.areas, cells["area"])[pair_cell]
    setting = positions(case.journeys.settings, lines["setting"])[pair_line]
    return case.journeys.km[area, setting], case.journeys.minutes[area, setting]
