"""Whether the names of what a plan is about are those of the tables: its years, cells, lines and pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.plan.certificate.opened import lines_told
from sufficiency.plan.certificate.types import Labels

CELL = ["area", "need", "level", "phase"]


def mislabelled(case: Case, data: Labels) -> dict[str, float]:
    """How many years, cells, lines and pairs are wrong, missing or there twice: the names of what everything else is
    about.
    """
    first, last = case.model.base_year, case.model.years[1]
    years = data.years.tolist()
    if years != list(range(first, last + 1)):
        return {"years": 1.0}
    cells, demand, placements = data.cells, case.tables.demand, case.tables.placements
    parts = [
        _named(cells[(cells["step_down"] == eased) & (cells["mainstream"] == in_class)])
        for in_class in (False, True)
        for eased in (False, True)
    ]
    plain, stepping_down, ordinary, ordinary_stepping_down = parts
    missing = _named(demand[demand["year"].isin(years) & (demand["children"] > 0)]) - plain
    if case.model.continuity.step_down > 0:
        missing |= {cell for cell in plain if cell[2] == "special"} - stepping_down
    for those, in_class in ((plain, ordinary), (stepping_down, ordinary_stepping_down)):
        named = pd.DataFrame(sorted(those), columns=CELL)
        could = ordinary_shares(case, named) > 0
        missing |= _named(named[could]) - in_class
    if placements is not None and len(placements):
        at_any_level = {(area, need, "", phase) for area, need, _, phase in plain}
        missing |= _named(placements[placements["children"] > 0]) - plain - at_any_level
    homes = dict(zip(case.tables.areas["area"], case.tables.areas["locality"], strict=True))
    elsewhere = cells["locality"].to_numpy(dtype=object) != [
        homes.get(area, UNKNOWN_AREA) for area in cells["area"].to_numpy(dtype=object)
    ]
    pairs = pd.DataFrame({"cell": data.pair_cell, "line": data.pair_line})
    return {
        "cells left out": len(missing),
        "cells twice": len(cells) - sum(len(part) for part in parts),
        "cells at home elsewhere": int(np.sum(elsewhere)),
        "lines of places": _other_lines(lines_told(case), data),
        "lines twice": int(data.lines.duplicated("line").sum()),
        "pairs twice": int(pairs.duplicated().sum()),
    }


def ordinary_shares(case: Case, cells: pd.DataFrame) -> Floats:
    """[C] the share of a need and phase who could be taught in an ordinary class with a package of support."""
    given, phases = case.model.continuity.mainstream_eligible, {one.code: one for one in case.model.phase_list}
    found = np.zeros(len(cells))
    for place, (need, code) in enumerate(zip(cells["need"], cells["phase"], strict=True)):
        share = given[need] if need in given else given.get("default", 0.0)
        if isinstance(share, dict):
            share = next((share[name] for name in (code, phases[code].school_phase) if name in share), 0.0)
        found[place] = share
    return found


def _named(rows: pd.DataFrame) -> set[tuple[str, ...]]:
    each = rows[CELL].drop_duplicates()
    return set(zip(*(each[name].to_numpy(dtype=object) for name in CELL), strict=True))


def _other_lines(rows: pd.DataFrame, data: Labels) -> int:
    """Lines of the tables (options among them) that the plan has not, or at another setting, or of another type."""
    names = ["line", "setting", "type"]
    ours, theirs = (set(frame[names].itertuples(index=False, name=None)) for frame in (rows, data.lines))
    return len(ours ^ theirs)
