"""What the tables say, worked out again for the certificate, by code that shares nothing with the plan's own.

The plan's arrays are used here for their labels alone: which cells, lines and pairs stand in which order. Every figure
comes from the model, the tables and the journeys. Whatever is added to the plan's arrays is added here, in the function
of its own subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, alike, first_of_each, positions, totals
from sufficiency.case import Case
from sufficiency.plan.certificate.flows import afresh, allowances, flows, following, left_by, onward
from sufficiency.plan.certificate.labels import CELL, ordinary_shares
from sufficiency.plan.certificate.money import money, waiting_and_breach, weights
from sufficiency.plan.certificate.opened import bases_first, lines_told, usable_share, with_openings
from sufficiency.plan.certificate.types import Labels, Opening, Recounted, SettledFigures

FROM_THE_TABLES = (
    "demand",
    "placed",
    "waiting_at_start",
    "stay",
    "carry",
    "entrants",
    "next_cell",
    "next_pair",
    "line_open",
    "commissioned",
    "places",
    "committed",
    "overfill",
    "limited",
    "limited_lines",
    "physical",
    "match",
    "km",
    "minutes",
    "over_limit",
    "eligible",
    "by_pattern",
    "k",
    "policy",
    "discount",
    "place_funding",
    "option_cost",
    "base_in_reach",
    "floor_line",
    "ever_arc",
    "awaiting_money",
    "awaiting_weight",
    "over_weight",
    "over_money",
    "imported",
    "breach_weight",
    "preference_weight",
)
"""Arrays of the plan that are worked out again."""


def recounted(case: Case, data: Labels, openings: Sequence[Opening]) -> Recounted:
    """Every array the program rests on; `x̂` and its stock stand under `following`, rows 2 and 3 use `allowance` and
    `room`. What stands whatever opens is under `before`.
    """
    rows = lines_told(case)
    told = supply(case, data, rows) | journeys(case, data, rows)
    told |= demand_and_placed(case, data, told["match"])
    told |= buildings(case, data, told)
    told |= onward(case, data, told)
    told |= flows(case, data, told)
    told |= arcs(case, data, told)
    told |= money(case, data, told)
    told |= weights(case, data, told)
    told |= bases_first(case, data, told)
    told |= waiting_and_breach(case, data, told)
    follow = following(case, data, told)
    told |= allowances(data, told, follow)
    if case.model.continuity.clean_slate:
        told, follow = afresh(data, told, follow)
    told |= {"following": follow.entrants, "may_give_way": follow.may_give_way}
    told |= {"settled": follow.stock, "held": follow.held}
    told |= {"placed_stock": left_by(data, told, told["placed"], np.zeros_like(follow.stock))}
    return with_openings(case, data, told, openings)


def supply(case: Case, data: Labels, rows: pd.DataFrame) -> Recounted:
    """[T+1, L] places of every line from the row that holds, and whether it is open and has started."""
    lines, years = data.lines["line"], data.years
    held = np.array([_rows_that_hold(rows, lines, int(year)) for year in years])
    started = held >= 0

    def column(name: str) -> Floats:
        return np.where(started, rows[name].to_numpy(dtype=float)[held], np.nan)

    setting = case.tables.settings.set_index("setting").loc[data.lines["setting"]]
    opens, closes = (setting[name].to_numpy(dtype=float)[None, :] for name in ("opens", "closes"))
    opened_by_options = ~data.lines["setting"].isin(case.tables.places["setting"]).to_numpy()
    is_open = ~(years[:, None] < opens) | opened_by_options
    is_open &= ~(years[:, None] >= closes)  # a blank is NaN and holds nobody off
    is_open &= started | lines.isin(case.tables.places["line"]).to_numpy()
    there = is_open & started
    given = np.where(np.isnan(column("places")), np.inf, column("places"))
    commissioned = np.where(there, given, 0.0)
    taken = np.where(there, column("imported") + column("reserved"), 0.0)
    limited = np.isfinite(commissioned)
    there_for_children = np.where(limited, np.where(limited, commissioned, 0.0) * usable_share(case, data), np.inf)
    return {
        "line_open": is_open,
        "started": started,
        "commissioned": commissioned,
        "imported": np.where(there, column("imported"), 0.0),
        "committed": np.minimum(taken, commissioned),
        "places": np.maximum(there_for_children - taken, 0.0),
        "overfill": np.where(started, column("overfill"), 0.0),
    }


def _rows_that_hold(places: pd.DataFrame, lines: pd.Series, year: int) -> Ints:
    """[L] the places row of each line in a year: the one with the latest `from_year` not after it; −1 before the
    first.
    """
    since = places["from_year"].to_numpy()
    past = np.argsort(since, kind="stable")[: np.count_nonzero(since <= year)]
    of_line = dict(zip(places["line"].to_numpy(dtype=object)[past].tolist(), past.tolist(), strict=True))
    return np.array([of_line.get(line, -1) for line in lines], dtype=np.int64)


def buildings(case: Case, data: Labels, told: Recounted) -> Recounted:
    """Settings with a physical limit, the lines in them and their satellites, and the room less imports [T+1, Q]."""
    settings = case.tables.settings
    limited = np.flatnonzero(settings["physical_places"].notna().to_numpy())
    parent = settings.set_index("setting")["school"].reindex(data.lines["setting"]).to_numpy(dtype=object)
    own = data.lines["setting"].to_numpy(dtype=object)
    inside = np.array(
        [(own == code) | (parent == code) for code in settings["setting"].iloc[limited]], dtype=bool
    ).reshape(len(limited), len(own))
    room = settings["physical_places"].to_numpy(dtype=float)[limited]
    taken = np.stack([np.where(inside, year, 0.0).sum(axis=1) for year in told["imported"]])
    return {"limited": limited, "limited_lines": inside, "physical": room[None, :] - taken}


def demand_and_placed(case: Case, data: Labels, match: Floats) -> Recounted:
    """Children of every cell [T+1, C], placed [P] and waiting [C] in the base year, from demand and placements."""
    cells, step_down = data.cells, case.model.continuity.step_down
    part = np.where(cells["step_down"], step_down, np.where(cells["level"] == "special", 1.0 - step_down, 1.0))
    in_class = ordinary_shares(case, cells)
    part = part * np.where(cells["mainstream"], in_class, 1.0 - in_class)
    rows, first = case.tables.demand, int(data.years[0])
    asked, cell = alike((rows, cells), CELL)
    t = rows["year"].to_numpy() - first
    here, kinds = (t >= 0) & (t < len(data.years)), int(max(asked.max(initial=0), cell.max(initial=0))) + 1
    children = rows["children"].to_numpy(dtype=float)[here]
    by_year = totals(t[here] * kinds + asked[here], children, len(data.years) * kinds).reshape(-1, kinds)
    number = by_year[:, cell] * part
    placed, known = np.zeros(len(data.pair_cell)), np.zeros(len(cells))
    if case.tables.placements is not None and len(case.tables.placements):
        named = case.tables.placements[case.tables.placements["children"] > 0]
        asked, cell = alike((named, cells), ["area", "need", "phase"])
        named = named.assign(alike=asked)
        of_class = set(data.lines.loc[data.lines["type"] == "mainstream", "line"])
        taught = named["line"].isin(of_class)
        placed = _shared_out(named[taught], data, cell, number[0], match > 0)
        left = np.maximum(number[0] - totals(data.pair_cell, placed, len(cells)), 0.0)
        others = named[~taught & (named["line"] != "awaiting")]
        placed = placed + _shared_out(others, data, cell, left, match > 0)
        known = _known_to_wait(named[named["line"] == "awaiting"], data, cell, number[0])
    in_base_year = totals(data.pair_cell, placed, len(cells))
    number[0] = np.maximum(number[0], in_base_year + known)
    return {"demand": number, "placed": placed, "waiting_at_start": number[0] - in_base_year}


def _shared_out(placed: pd.DataFrame, data: Labels, cell_alike: Ints, base: Floats, fits: Flags) -> Floats:
    """[P] children placed: a row that fits several cells (levels, parts of a step down) is shared by their children
    in the base year, over cells the line takes where there are any.

    Cells of one area, need and phase have one number in `cell_alike` [C], and rows for them have it in `alike`.
    """
    lines = len(data.lines)
    rows = placed.assign(row=np.arange(len(placed)), line=positions(data.lines["line"], placed["line"]))
    rows = rows[rows["line"] >= 0]
    rows = rows.assign(alike=rows["alike"] * lines + rows["line"])
    like_pair = cell_alike[data.pair_cell] * lines + data.pair_line
    pair = np.flatnonzero(pd.Index(like_pair).isin(rows["alike"]))
    cell = data.pair_cell[pair]
    level = data.cells["level"].to_numpy(dtype=object)[cell]
    pairs = {"alike": like_pair[pair], "pair": pair, "level_of_pair": level, "base": base[cell], "fits": fits[pair]}
    both = rows.merge(pd.DataFrame(pairs), on="alike", validate="many_to_many")
    both = both[(both["level"] == "") | (both["level"] == both["level_of_pair"])]
    share = (both["base"] * both["fits"]).astype(float)
    for fallback in (both["fits"].astype(float), both["base"].astype(float), pd.Series(1.0, both.index)):
        nobody = share.groupby(both["row"]).transform("sum") <= 0
        share = share.mask(nobody, fallback)
    share /= share.groupby(both["row"]).transform("sum")
    return totals(both["pair"].to_numpy(), (both["children"] * share).to_numpy(dtype=float), len(data.pair_cell))


def _known_to_wait(waiting: pd.DataFrame, data: Labels, cell_alike: Ints, base: Floats) -> Floats:
    """[C] children the placements table knows to wait, shared among cells alike by their children in the base year."""
    cells = data.cells[["level", "step_down", "mainstream"]].assign(
        base=base, cell=np.arange(len(data.cells)), alike=cell_alike
    )
    rows = waiting.assign(row=np.arange(len(waiting)))
    both = rows.merge(cells, on="alike", suffixes=("", "_of_cell"), validate="many_to_many")
    both = both[(both["level"] == "") | (both["level"] == both["level_of_cell"])]
    share = both["base"].astype(float)
    nobody = share.groupby(both["row"]).transform("sum") <= 0
    share = share.mask(nobody, (~both["step_down"] & ~both["mainstream"]).astype(float))
    share /= share.groupby(both["row"]).transform("sum")
    return totals(both["cell"].to_numpy(), (both["children"] * share).to_numpy(dtype=float), len(data.cells))


def journeys(case: Case, data: Labels, rows: pd.DataFrame) -> Recounted:
    """[P] journey one way, whether it is over the limit, and how well the line meets the cell; and how many pairs ought
    to be there and are not.
    """
    cell, line = data.pair_cell, data.pair_line
    areas = positions(case.journeys.areas, data.cells["area"])
    settings = positions(case.journeys.settings, data.lines["setting"])
    area, setting = areas[cell], settings[line]
    minutes = case.journeys.minutes[area, setting]
    match = match_of(data, rows)
    limits = {phase.code: case.model.limit_minutes(phase) for phase in case.model.phase_list}
    phase, codes = pd.factorize(data.cells["phase"])
    most = np.array([np.inf if limits[code] is None else limits[code] for code in codes], dtype=float)[phase]
    absent = (match > 0) & ~np.isnan(case.journeys.minutes[np.ix_(areas, settings)]).T
    absent[line, cell] = False
    return {
        "absent": int(absent.sum()),
        "km": case.journeys.km[area, setting],
        "minutes": minutes,
        "over_limit": minutes > most[cell],
        "match": match[line, cell],
    }


def match_of(data: Labels, rows: pd.DataFrame) -> Floats:
    """[L, C] 1 where a line is designated for a cell, its `match` for needs it can meet, 0 where it takes neither."""
    names = ["need", "level", "phase", "step_down", "mainstream"]
    (kind,) = alike((data.cells,), names)
    kinds = data.cells[names].iloc[first_of_each(kind)]
    first = rows.sort_values("from_year", kind="stable").drop_duplicates("line").set_index("line")
    need, level, phase = (kinds[name].to_numpy(dtype=object) for name in names[:3])
    eased, in_class = (kinds[name].to_numpy(dtype=bool) for name in ("step_down", "mainstream"))
    found = np.zeros((len(data.lines), len(kinds)))
    for position, row in enumerate(first.reindex(data.lines["line"]).to_dict("records")):
        takes = np.isin(phase, row["phases"])
        if row["levels"]:
            takes &= (level == "") | np.isin(level, row["levels"]) | (eased & ("base" in row["levels"]))
        takes &= in_class | (row["type"] != "mainstream")
        designated = np.isin(need, row["needs"])
        found[position] = takes * np.where(designated, 1.0, np.isin(need, row["can_meet"]) * row["match"])
    return found[:, kind]


def arcs(case: Case, data: Labels, told: Recounted) -> Recounted:
    """[T+1, P] pairs open to entrants, [P] those somebody could choose in some plan year, and [L] lines that are never
    chosen.
    """
    eligible = (told["match"] > 0) & (told["line_open"] & told["started"])[:, data.pair_line]
    if case.model.rules.hard_journey_limit:
        eligible &= ~told["over_limit"]
    never = data.lines["type"].isin(case.model.continuity.by_pattern).to_numpy()
    return {"eligible": eligible, "by_pattern": never}


def differences(told: Recounted, data: Labels, settled: SettledFigures) -> dict[str, float]:
    """By name, the largest difference between an array of the plan and the same worked out again."""
    pairs = {name: (told[name], getattr(data, name)) for name in FROM_THE_TABLES}
    pairs |= {
        "following today's pattern": (told["following"], settled.entrants),
        "may give way": (told["may_give_way"], settled.may_give_way),
        "their stock": (told["settled"], settled.stock),
        "held stock": (told["held"], settled.held),
        "allowance": (told["allowance"], settled.allowance),
        "room": (told["room"], settled.physical),
        "arcs left out": (told["absent"], 0),
    }
    return {name: float(np.max(apart(*both), initial=0.0)) for name, both in pairs.items()}


def apart(ours: Any, theirs: Any) -> Floats:
    """How far two arrays are from each other where they differ, as a share of the larger of 1 and the figure; NaN where
    either has none.
    """
    if np.shape(ours) != np.shape(theirs):
        return np.full(1, np.nan)
    differ = np.not_equal(ours, theirs)
    one, other = (np.asarray(figures, dtype=float)[differ] for figures in (ours, theirs))
    both = np.isfinite(one) & np.isfinite(other)
    one, other = np.where(both, one, 0.0), np.where(both, other, 0.0)
    return np.where(both, np.abs(one - other) / np.maximum(1.0, np.abs(one)), np.nan)
