"""Who stays, who moves on and who follows today's pattern, worked out again for the certificate.

From the model and what `certificate_tables` has read; nothing here is shared with the plan's own code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, alike, positions, totals
from sufficiency.case import Case
from sufficiency.fields import by_year
from sufficiency.plan.certificate.types import Labels, Recounted

ENOUGH = 5 - 1e-6
"""Children who show a pattern (mathematics page, preferences), less rounding."""


def onward(case: Case, data: Labels, told: Recounted) -> Recounted:
    """The cell of the phase that follows [C], and the pair of it in the same line [P]; −1 where there is none."""
    first = {phase.first: phase.code for phase in case.model.phase_list}
    follows = {phase.code: first.get(phase.last + 1) for phase in case.model.phase_list}
    cells = data.cells
    names = ["area", "need", "level", "step_down", "mainstream", "phase"]
    after = cells[names].assign(phase=cells["phase"].map({code: later or "" for code, later in follows.items()}))
    lines = len(data.lines)
    next_cell = positions(*alike((cells, after), names))
    here, there = (cell * lines + data.pair_line for cell in (data.pair_cell, next_cell[data.pair_cell]))
    next_pair = positions(here, there)
    designated = told["match"] > 0
    moves = (next_pair >= 0) & (next_cell[data.pair_cell] >= 0) & designated & designated[next_pair]
    return {"next_cell": next_cell, "next_pair": np.where(moves, next_pair, -1)}


def flows(case: Case, data: Labels, told: Recounted) -> Recounted:
    """Shares who stay and who move on, and entrants, [T+1, C], from the children forecast (section 2)."""
    phases = {phase.code: phase for phase in case.model.phase_list}
    phase, codes = pd.factorize(data.cells["phase"])
    sigma = np.array([case.model.stay_share(phases[code]) for code in codes])[phase]
    theta = np.array([case.model.through_share(phases[code]) for code in codes])[phase]
    number, follows = told["demand"], told["next_cell"]
    stay, carry, entrants = (np.zeros_like(number) for _ in range(3))
    for t in range(1, len(number)):
        before = number[t - 1]
        some = before > 0
        stay[t, some] = np.minimum(sigma[some], number[t, some] / before[some])
        entrants[t] = np.maximum(number[t] - stay[t] * before, 0.0)
        room = np.where(follows >= 0, entrants[t][follows], 0.0)
        carry[t, some] = np.minimum(theta[some] * (1 - sigma[some]), room[some] / before[some])
    return {"stay": stay, "carry": carry, "entrants": entrants}


def next_year(told: Recounted, pair_cell: Ints, pair_line: Ints, t: int, stock: Floats) -> Floats:
    """[P] what the stock of year t − 1 leaves in each pair in year t. `told`: arrays of the plan, by name."""
    is_open = told["line_open"][t][pair_line]
    left = is_open * told["stay"][t][pair_cell] * stock
    moving = np.flatnonzero(told["next_pair"] >= 0)
    on = is_open * told["carry"][t][pair_cell] * stock
    np.add.at(left, told["next_pair"][moving], on[moving])
    return np.asarray(left)


def placed_alike(data: Labels, told: Recounted) -> list[Floats]:
    """[P] children in the line of each pair who are like those of its cell: of the area, the locality, the authority,
    with the same need and phase.
    """
    cells, cell, line = data.cells, data.pair_cell, data.pair_line
    found = []
    for names in (["area", "need", "phase"], ["locality", "need", "phase"], ["need", "phase"]):
        group = cells.groupby(names, sort=False).ngroup().to_numpy(dtype=np.int64)
        key = group[cell] * len(data.lines) + line
        found.append(totals(key, told["placed"], int(key.max(initial=0)) + 1)[key])
    return found


def todays_pattern(data: Labels, told: Recounted, t: int, placed: list[Floats]) -> Floats:
    """[P] shares of a cell's entrants by line, as children like them are placed today (`placed`, the widest last)."""
    cell, cells = data.pair_cell, len(data.cells)
    chosen, found = np.zeros(len(cell)), np.zeros(cells, dtype=bool)
    for children, least in zip(placed, (ENOUGH, ENOUGH, 0), strict=True):
        alike = np.where(told["eligible"][t], children, 0.0)
        total = totals(cell, alike, cells)
        use = ~found & (total > 0) & (total >= least)
        here = use[cell]
        chosen[here] = alike[here] / total[cell[here]]
        found |= use
    return chosen


@dataclass(frozen=True)
class Following:
    """Those who follow today's pattern, [T+1, P]: `entrants`, the part of them who `may_give_way`, and the `stock` that
    they and those placed come to; `held`: the same without those who may give way.
    """

    entrants: Floats
    may_give_way: Floats
    stock: Floats
    held: Floats


def following(case: Case, data: Labels, told: Recounted) -> Following:
    """x̂, forward in time (section 5, row 8): as many as have room, all who ask at a line alike."""
    continuity, cell, line = case.model.continuity, data.pair_cell, data.pair_line
    kinds, lines = data.lines["type"].to_numpy(dtype=object), len(data.lines)
    never, asked_for = np.isin(kinds.astype(str), continuity.by_pattern), _asked_for(case, data)
    entrants, stock = np.zeros((len(data.years), len(cell))), np.zeros((len(data.years), len(cell)))
    stock[0] = told["placed"]
    moves, alike, pattern = told["next_cell"] >= 0, placed_alike(data, told), np.empty(0)
    for t, year in list(enumerate(data.years.tolist()))[1:]:
        prefer = _preferences(continuity.preference_share, year, asked_for)
        factor = {kind: by_year(continuity.pattern_factors.get(kind, 1.0), year, 1.0) for kind in kinds}
        follow = np.where(never, [factor[kind] for kind in kinds], prefer)
        if t == 1 or not np.array_equal(told["eligible"][t], told["eligible"][t - 1]):
            pattern = todays_pattern(data, told, t, alike)
        share = pattern * follow[line]
        share /= np.maximum(totals(cell, share, len(data.cells)), 1.0)[cell]
        along = totals(told["next_cell"][moves], (told["carry"][t] * told["demand"][t - 1])[moves], len(data.cells))
        asking = np.maximum(told["entrants"][t] - along, 0.0)[cell] * share
        before = next_year(told, cell, line, t, stock[t - 1])
        room = np.maximum(told["places"][t] - totals(line, before, lines), 0.0)
        asked = totals(line, asking, lines)
        fits = np.ones(lines)
        np.divide(room, asked, out=fits, where=asked > room)
        entrants[t] = asking * fits[line]
        stock[t] = before + entrants[t]
    giving = np.where(may_be_full(data, told)[line], entrants, 0.0)
    return Following(entrants, giving, stock, left_by(data, told, told["placed"], entrants - giving))


def _asked_for(case: Case, data: Labels) -> list[str]:
    """[L] the type whose preferences hold for each line: an independent school of section 41 counts as non-maintained,
    for a family may ask for it as for one of those.
    """
    settings = case.tables.settings
    listed = set(settings.loc[settings["section_41"], "setting"])
    bought = data.lines["type"] == "independent"
    return data.lines["type"].mask(bought & data.lines["setting"].isin(listed), "non_maintained").tolist()


def _preferences(given: Any, year: int, kinds: list[str]) -> Floats:
    """[L] the share who follow the pattern in a year: `given` for all, by year, by type, or by type and year."""
    by_type = isinstance(given, dict) and any(isinstance(key, str) for key in given)
    of = {kind: given.get(kind, given.get("default", 0.5)) if by_type else given for kind in set(kinds)}
    return np.array([by_year(of[kind], year, 0.5) for kind in kinds], dtype=float)


def may_be_full(data: Labels, told: Recounted) -> Flags:
    """[L] lines at which a preference gives way: those with a number of places in some plan year while they are open,
    or in a building with a limit; never those that follow the pattern alone.
    """
    numbered = (told["line_open"] & np.isfinite(told["places"]))[1:].any(axis=0)
    return np.asarray((numbered | told["limited_lines"].any(axis=0)) & ~told["by_pattern"])


def left_by(data: Labels, told: Recounted, placed: Floats, entrants: Floats) -> Floats:
    """[T+1, P] the stock that those `placed` [P] in the base year and `entrants` [T+1, P] come to."""
    stock = np.zeros_like(entrants)
    stock[0] = placed
    for t in range(1, len(stock)):
        stock[t] = next_year(told, data.pair_cell, data.pair_line, t, stock[t - 1]) + entrants[t]
    return np.asarray(stock)


def allowances(data: Labels, told: Recounted, follow: Following) -> Recounted:
    """Children above its places that a line may hold [T+1, L], and the room of each building [T+1, Q]: as far as those
    stand there who do not give way.
    """
    in_line = np.array([totals(data.pair_line, stock, len(data.lines)) for stock in follow.held])
    places = told["places"]
    counted = np.isfinite(places)
    numbered = np.where(counted, places, 0.0)
    most = np.maximum(told["overfill"] * numbered, np.maximum(in_line - numbered, 0.0))
    inside = np.stack([np.where(told["limited_lines"], children, 0.0).sum(axis=1) for children in in_line])
    return {"allowance": np.where(counted, most, 0.0), "room": np.maximum(told["physical"], inside)}


def afresh(data: Labels, told: Recounted, follow: Following) -> tuple[Recounted, Following]:
    """The same under a clean slate (section 5): nobody stays, nobody is placed, nobody prefers, allowances as they
    were.
    """
    nobody = np.zeros_like(told["stay"])
    never = told["by_pattern"][data.pair_line][None, :]
    fixed = np.where(never, follow.stock, 0.0)
    fixed[0] = 0.0
    changed = {
        "stay": nobody,
        "carry": nobody,
        "entrants": np.vstack([nobody[:1], told["demand"][1:]]),
        "waiting_at_start": np.zeros_like(told["waiting_at_start"]),
        "placed": np.zeros_like(told["placed"]),
        "eligible": told["eligible"] | (follow.stock > 0),
    }
    return told | changed, Following(fixed, np.zeros_like(fixed), fixed, fixed)
