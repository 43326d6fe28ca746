"""Who is better and who is worse off: children, journeys and places by group, in the plan, if we do nothing more, and
today.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, Objects, totals
from sufficiency.case import Case
from sufficiency.codes import AWAITING, BOUGHT
from sufficiency.plan.explain.projection import Projection
from sufficiency.plan.explain.same_children import longer_and_shorter, places_of
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import todays_pattern
from sufficiency.plan.instance.stock import sent_back
from sufficiency.plan.rows.policy import within_locality
from sufficiency.plan.solve.solve import Plan
from sufficiency.tables.schema.results import OUTPUTS

NOBODY = 1e-9
"""Children: fewer are none."""
TODAY, PLAN, NOTHING_MORE = "today", "plan", "unmitigated"
ROADS, STRAIGHT = 5.0, 10.0
"""Minutes by which a journey must differ to count as longer or shorter: from a table of journeys by road, and computed
from straight lines, which are rough.
"""
TRANSFER, ALL = "transfer", "all"
DERIVED = ("mean_minutes", "p90_minutes")
COUNTS = tuple(
    column.name for column in OUTPUTS["impact"].columns if column.kind == "number" and column.name not in DERIVED
)
UNKNOWN = "unknown"
"""Value of children of whose area it is not known."""


@dataclass(frozen=True)
class Groups:
    """The groups of the P + C entries (pairs, then waiting in each cell): for each the position of its value, −1 where
    it has none, and the values.
    """

    of: dict[str, tuple[Ints, list[str]]]


@dataclass(frozen=True)
class Placed:
    """Children of one year as they are placed, [P + C] by entry: `children`, and further counts by name."""

    children: Floats
    counts: dict[str, Floats]


def impact(case: Case, plan: Plan, projection: Projection) -> pd.DataFrame:
    """`impact.csv`."""
    groups, places = groups_of(case, plan.data), places_of(plan.data)
    by = longer_by(case)
    of_plan = Placement(plan.data, plan.stock, plan.entrants, plan.waiting, plan.settled.pattern)
    nothing_more = Placement(
        projection.data, projection.stock, projection.entrants, projection.waiting, todays_pattern(projection.data)
    )
    missed = plan.preferences_missed
    base_year = by_group(groups, nothing_more.year(0), nothing_more.data)
    rows = [base_year.assign(year=case.model.base_year, projection=TODAY)]
    for t, year in enumerate(plan.data.years.tolist()):
        if t == 0:
            continue
        for entering in (False, True):
            mine, other = of_plan.year(t, entering=entering), nothing_more.year(t, entering=entering)
            longer, shorter = longer_and_shorter(places, mine.children, other.children, by)
            given_way = np.concatenate([missed[t], np.zeros(len(plan.waiting[t]))])
            mine.counts.update(preferences_missed=given_way, longer=longer, shorter=shorter)
            for placed, data, name in ((mine, plan.data, PLAN), (other, nothing_more.data, NOTHING_MORE)):
                rows.append(by_group(groups, placed, data, entering=entering).assign(year=year, projection=name))
    table = pd.concat(rows, ignore_index=True)
    order = {name: rank for rank, name in enumerate((TODAY, PLAN, NOTHING_MORE))}
    group_order = {name: rank for rank, name in enumerate(groups.of)}
    keys = table.assign(a=table["projection"].map(order), b=table["group"].map(group_order))
    sorted_rows = keys.sort_values(["year", "a", "b", "value"], kind="stable").index
    return table.loc[sorted_rows, list(OUTPUTS["impact"].names)].reset_index(drop=True)


def longer_by(case: Case) -> float:
    """Minutes by which a journey must differ to count as longer or shorter."""
    return STRAIGHT if case.journeys.method == "straight_line" else ROADS


def groups_of(case: Case, data: InstanceData) -> Groups:
    """The groups of a case; deprivation and rural areas only where the areas table knows them."""
    cells, areas = data.cells, case.tables.areas.set_index("area")
    quintile = np.ceil(cells["area"].map(areas["imd_decile"]).to_numpy(dtype=float) / 2)
    known = ~np.isnan(quintile)
    quintiles = np.where(known, np.where(known, quintile, 0).astype(int).astype(str), UNKNOWN).astype(object)
    rural = cells["area"].map(areas["rural"].str.strip().str.casefold()).fillna("").to_numpy(dtype=object)
    everyone = np.full(len(cells), ALL, dtype=object)
    of_cell: dict[str, Objects] = {ALL: everyone} | {
        name: cells[name].to_numpy(dtype=object) for name in ("locality", "need", "phase")
    }
    if known.any():
        of_cell["imd_quintile"] = quintiles
    if (rural != "").any():
        of_cell["rural"] = np.where(rural == "", UNKNOWN, rural)
    of_arc = {name: values[data.arc_cell] for name, values in of_cell.items()}
    of_line = data.lines["type"].to_numpy(dtype=object)[data.pair_line]
    of_arc["type"] = np.concatenate([of_line, np.full(len(cells), AWAITING, dtype=object)])
    of_arc[TRANSFER] = of_arc["phase"]
    return Groups({name: _coded(values) for name, values in of_arc.items()})


def _coded(values: Objects) -> tuple[Ints, list[str]]:
    code, words = pd.factorize(values, sort=True)
    return np.asarray(code, dtype=np.int64), [str(word) for word in words]


class Placement:
    """Where children are in every year of a plan, or of a projection."""

    def __init__(self, data: InstanceData, stock: Floats, entrants: Floats, waiting: Floats, pattern: Floats) -> None:
        self.data, self.stock, self.entrants, self.waiting, self.pattern = data, stock, entrants, waiting, pattern
        kinds = data.lines["type"].to_numpy()
        self.is_so: dict[str, Flags] = {
            "over_limit": data.over_limit,
            "in_locality": within_locality(data),
            "in_authority": data.lines["in_area"].to_numpy(dtype=bool)[data.pair_line],
            "in_mainstream_base": (kinds == "resource_base")[data.pair_line],
            "bought": (np.isin(kinds, BOUGHT) & ~data.by_pattern)[data.pair_line],
            "off_designation": data.match < 1,
        }

    def year(self, t: int, *, entering: bool = False) -> Placed:
        """Those of year t: all, or those who look for a place in it."""
        data = self.data
        in_line = totals(data.pair_line, self.stock[t], len(data.lines))
        above = np.where(np.isfinite(data.places[t]), np.maximum(in_line - data.places[t], 0.0), 0.0)
        over = np.divide(above, in_line, out=np.zeros_like(above), where=in_line > 0)[data.pair_line]
        placed, nobody = (self.entrants if entering else self.stock)[t], np.zeros(len(data.cells))
        counts = {name: np.concatenate([placed * flag, nobody]) for name, flag in self.is_so.items()}
        counts["over_places"] = np.concatenate([placed * over, nobody])
        counts["awaiting"] = np.concatenate([np.zeros_like(placed), self.waiting[t]])
        if t > 0:
            counts["moved_by_closure"] = np.concatenate([sent_back(data, t, self.stock[t - 1]), nobody])
            counts["redirected_at_transfer"] = np.concatenate([self._redirected(t), nobody])
        return Placed(np.concatenate([placed, self.waiting[t]]), counts)

    def _redirected(self, t: int) -> Floats:
        """[P] of those who enter each pair, who would be elsewhere if the entrants of the cell followed today's
        pattern.
        """
        data, entrants, cells = self.data, self.entrants[t], len(self.data.cells)
        following = totals(data.pair_cell, entrants, cells)[data.pair_cell] * self.pattern[t]
        beyond = np.maximum(entrants - following, 0.0)
        missing = totals(data.pair_cell, np.maximum(following - entrants, 0.0), cells)
        all_beyond = totals(data.pair_cell, beyond, cells)
        share = np.divide(missing, all_beyond, out=np.zeros(cells), where=all_beyond > 0)
        return np.asarray(beyond * np.minimum(share, 1.0)[data.pair_cell])


def by_group(groups: Groups, placed: Placed, data: InstanceData, *, entering: bool = False) -> pd.DataFrame:
    """The columns of `impact.csv` from `group` on, of children of one year: of the transfer group (`entering`), or of
    all others.
    """
    some = np.flatnonzero(np.any([placed.children, *placed.counts.values()], axis=0))
    names = [name for name in groups.of if (name == TRANSFER) == entering]
    parts = [_of_group(groups, name, placed, data, some) for name in names]
    return pd.concat(parts, ignore_index=True)


def _of_group(groups: Groups, name: str, placed: Placed, data: InstanceData, some: Ints) -> pd.DataFrame:
    code, values = groups.of[name]
    at, size = code[some], len(values)
    summed = {"children": totals(at, placed.children[some], size)}
    summed |= {
        one: totals(at, placed.counts[one][some], size) if one in placed.counts else np.full(size, np.nan)
        for one in COUNTS
        if one != "children"
    }
    travels = some[some < len(data.pair_cell)]
    minutes, weight, at = data.minutes[travels], placed.children[travels], code[travels]
    there = totals(at, weight, size)
    mean = np.divide(totals(at, weight * minutes, size), there, out=np.full(size, np.nan), where=there > NOBODY)
    rows = pd.DataFrame(
        {"group": name, "value": values, **summed, "mean_minutes": mean, "p90_minutes": _p90(at, minutes, weight, size)}
    )
    counted = rows[[one for one in COUNTS if one in placed.counts or one == "children"]]
    return rows[(counted >= NOBODY).any(axis=1)]


def _p90(group: Ints, minutes: Floats, children: Floats, size: int) -> Floats:
    """[size] the least minutes that nine in ten of the children of each group do not exceed; NaN where there is
    nobody.
    """
    order = np.lexsort((minutes, group))
    group, minutes, children = group[order], minutes[order], children[order]
    whole = totals(group, children, size)
    so_far = np.cumsum(children) - np.concatenate([[0.0], np.cumsum(whole)])[group]
    reached = np.flatnonzero(so_far >= 0.9 * whole[group] - NOBODY)
    percentile = np.full(size, np.nan)
    percentile[group[reached[::-1]]] = minutes[reached[::-1]]
    percentile[whole <= NOBODY] = np.nan
    return percentile
