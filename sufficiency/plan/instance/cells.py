"""The one conversion from tables to arrays: cells of demand, lines of places, and the pairs of the two.

Notation follows the mathematics page: t = 0 is the base year; a *cell* is (area, need, level, phase); a *pair* is a
cell and a line that could hold its children. Arrays over years have T + 1 rows, the base year first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import (
    Flags,
    Floats,
    Ints,
    Objects,
    alike,
    each_row,
    first_of_each,
    positions,
    totals,
    where_true,
)
from sufficiency.case import Case
from sufficiency.phases import Phase
from sufficiency.plan.instance.bases_first import base_in_reach, special_options
from sufficiency.plan.instance.costs import pair_money, yearly_money
from sufficiency.plan.instance.stock import forecast_flows
from sufficiency.plan.instance.supply import floors_of_options, line_table, line_years, physical_limits


@dataclass(frozen=True)
class InstanceData:
    """Everything the program needs, as arrays: T years, C cells, P pairs, L lines, S settings.

    `cells`: frame of C rows (area, need, level, phase, locality, step_down). `lines`: frame of L rows (line,
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


def instance_data(case: Case) -> InstanceData:
    """The arrays of a case, `awaiting_weight` and `breach_weight` still 0: they follow from the others (`defaults`).

    Raises ValueError where a table was not checked first (an unmatched key).
    """
    model = case.model
    years = np.arange(model.base_year, model.years[1] + 1)
    cells, demand, awaiting = _cells(case, years)
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
    next_cell = _next_cells(cells, cell_phase, phases)
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


def _cells(case: Case, years: Ints) -> tuple[pd.DataFrame, Floats, Floats]:
    """Cells with children in any year, their stock [T+1, C], and the children known to wait in the base year [C]."""
    keys = ["area", "need", "level", "phase"]
    rows = case.tables.demand
    rows = rows[rows["year"].isin(years)]
    (cell,) = alike((rows,), keys)
    index = pd.MultiIndex.from_frame(rows[keys].iloc[first_of_each(cell)])
    key = cell * len(years) + rows["year"].to_numpy() - years[0]
    children = totals(key, rows["children"].to_numpy(dtype=float), len(index) * len(years))
    table = pd.DataFrame(children.reshape(-1, len(years)), index=index, columns=years).sort_index()
    some, extra = (table > 0).any(axis=1).to_numpy(), table.index[:0]
    named = ["area", "need", "phase"]
    placements = case.tables.placements
    if placements is not None and len(placements):
        there = placements[placements["children"] > 0]
        known = pd.MultiIndex.from_frame(table.index.to_frame(index=False)[named])
        some = some | known.isin(pd.MultiIndex.from_frame(there[named]))
        extra = pd.MultiIndex.from_frame(_without_a_cell(there, table.index)[keys].drop_duplicates())
    table = table[some]
    if len(extra):
        table = table.reindex(table.index.union(extra), fill_value=0.0)
    step_down = case.model.continuity.step_down
    cells = table.index.to_frame(index=False)
    demand = table.to_numpy(dtype=float).T.copy()
    cells["step_down"] = False
    if step_down > 0:
        special = np.flatnonzero((cells["level"] == "special").to_numpy())
        eased = cells.iloc[special].assign(step_down=True)
        cells = pd.concat([cells, eased], ignore_index=True)
        demand = np.hstack([demand, demand[:, special] * step_down])
        demand[:, special] *= 1 - step_down
    locality = case.tables.areas.set_index("area")["locality"]
    cells["locality"] = cells["area"].map(locality).fillna("unknown")  # area `unknown` lies in no locality
    return cells, demand, _known_to_wait(placements, cells, demand[0])


def _without_a_cell(placements: pd.DataFrame, known: pd.Index) -> pd.DataFrame:
    """Placements of an area, need and phase, at the level they give, that demand has no cell for; a blank level stands
    for any.
    """
    cells = known.to_frame(index=False)
    same = ["area", "need", "phase"]
    at_level = pd.MultiIndex.from_frame(placements[[*same, "level"]]).isin(
        pd.MultiIndex.from_frame(cells[[*same, "level"]])
    )
    anywhere = pd.MultiIndex.from_frame(placements[same]).isin(pd.MultiIndex.from_frame(cells[same]))
    return placements[~at_level & ~(anywhere & (placements["level"] == "").to_numpy())]


def _known_to_wait(placements: pd.DataFrame | None, cells: pd.DataFrame, base: Floats) -> Floats:
    """[C] children the placements table knows to wait. Those of a row that fits several cells (levels, the parts of a
    step down) are shared by the children of the base year.
    """
    if placements is None or placements.empty:
        return np.zeros(len(cells))
    rows = placements[placements["line"] == "awaiting"].reset_index(names="row")
    known = cells.assign(cell=np.arange(len(cells)), base=base)
    joined = rows.merge(known, on=["area", "need", "phase"], suffixes=("", "_of_cell"), validate="many_to_many")
    joined = joined[(joined["level"] == "") | (joined["level"] == joined["level_of_cell"])]
    share = _shares(joined["base"], ~joined["step_down"], joined["row"])
    return totals(joined["cell"].to_numpy(), (joined["children"] * share).to_numpy(dtype=float), len(cells))


def _shares(base: pd.Series, otherwise: pd.Series, row: pd.Series) -> pd.Series:
    """How the children of each placements row are shared: as the children of the base year, or, where there are none,
    alike among those for whom `otherwise` is true.
    """
    nobody = base.groupby(row).transform("sum") <= 0
    weight = base.astype(float).mask(nobody, otherwise.astype(float))
    return weight / weight.groupby(row).transform("sum")


def _pairs(case: Case, cells: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a cell and a line that accepts it and can be travelled to: columns cell, line, match."""
    names = ["need", "level", "phase", "step_down"]
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


def _fit(line: Any, need: str, level: str, phase: str, step_down: bool) -> float:
    """How well a line meets children of one kind: 1 where it is designated for them, 0 where it does not take them."""
    at_level = level == "" or not line.levels or level in line.levels or (step_down and "base" in line.levels)
    if phase not in line.phases or not at_level:
        return 0.0
    return 1.0 if need in line.needs else float(line.match) if need in line.can_meet else 0.0


def _placed(case: Case, cells: pd.DataFrame, lines: pd.DataFrame, pairs: pd.DataFrame, base: Floats) -> pd.DataFrame:
    """Children placed in the base year: columns cell, line, children.

    A row without a level, where the demand has several, is shared among the levels in proportion to the children of
    the base year, over those the line takes where there are any; the same for the two parts of a cell split by
    `step_down`.
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
    there = pd.Series(base[joined["cell"]], joined.index).where(takes_it, 0.0)
    joined["children"] *= _shares(there, takes_it, joined["row"])
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


def _next_cells(cells: pd.DataFrame, cell_phase: Ints, phases: tuple[Phase, ...]) -> Ints:
    """The same area, need and level in the phase that follows directly, −1 where there is none."""
    follows = np.array(
        [
            index + 1 if index + 1 < len(phases) and after.first == phase.last + 1 else -1
            for index, (phase, after) in enumerate(zip(phases, (*phases[1:], phases[-1]), strict=True))
        ]
    )
    here = cells[["area", "need", "level", "step_down"]].assign(phase=cell_phase)
    there = here.assign(phase=follows[cell_phase])
    index = pd.MultiIndex.from_frame(here)
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(there)), dtype=np.int64)


def _next_pairs(next_cell: Ints, pair_cell: Ints, pair_line: Ints, match: Floats, lines: int) -> Ints:
    """The pair of the next phase in the same line, where the line is designated for both; −1 otherwise."""
    if not len(pair_cell):
        return np.empty(0, dtype=np.int64)
    key = pair_cell * lines + pair_line
    wanted = np.where(next_cell[pair_cell] >= 0, next_cell[pair_cell] * lines + pair_line, -1)
    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    found = (wanted >= 0) & (key[place] == wanted) & (match > 0) & (match[place] > 0)
    return np.where(found, place, -1)


def _journeys(
    case: Case, cells: pd.DataFrame, lines: pd.DataFrame, pair_cell: Ints, pair_line: Ints
) -> tuple[Floats, Floats]:
    area = positions(case.journeys.areas, cells["area"])[pair_cell]
    setting = positions(case.journeys.settings, lines["setting"])[pair_line]
    return case.journeys.km[area, setting], case.journeys.minutes[area, setting]
