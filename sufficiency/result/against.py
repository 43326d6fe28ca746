"""A new base year beside what an older plan said of it: why more, or less, is spent than was planned.

Spend of the academic year, £ of that year, in this order, each step from where the one before ends: more children, at
the planned average; another mix of needs and phases, at what each was planned to cost; other placements than planned,
at planned prices, those apart for which planned places are not there (slippage); other prices; and what belongs to no
child (empty places, running costs of options). The steps add up to the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, totals
from sufficiency.codes import AWAITING
from sufficiency.plan.instance.data import InstanceData
from sufficiency.problems import InputError, Problem
from sufficiency.result import Result
from sufficiency.result.frames import without_dust
from sufficiency.tables.schema.results import OUTPUTS

CAUSES = ("children", "mix", "placement", "slippage", "price", "no_child")
CELL = ["need", "phase"]
NOBODY = 1e-6
"""Children: fewer are what rounding left; results are written with nine decimals."""
NEEDED = ("placements", "occupancy", "awaiting", "spend_by_need")


@dataclass(frozen=True)
class Year:
    """One academic year: `children` and `pounds` by need, phase (rows) and type of setting (columns; waiting is one);
    `nobodys` £ that belongs to no child; `lines`: type, places and children by line.
    """

    children: pd.DataFrame
    pounds: pd.DataFrame
    nobodys: float
    lines: pd.DataFrame


def year_planned(old: Result, year: int, folder: str) -> Year:
    """What an older plan said of a year. Raises InputError where it does not speak of it."""
    missing = [name for name in NEEDED if name not in old.frames]
    if missing:
        what = f"this result lacks {missing[0]}.csv, which plans of this version have"
        raise InputError([Problem(what, folder, fix="plan that model again")])
    first, last = old.summary["years"]
    if not first <= year <= last:
        what = f"this plan does not cover {year}, the base year of the model: its years are {first} to {last}"
        raise InputError([Problem(what, folder, fix="name an older plan that has it among its years")])
    now = {name: old.frames[name][old.frames[name]["year"] == year] for name in NEEDED}
    kinds = now["occupancy"].set_index("line")["type"]
    placed = now["placements"].assign(type=now["placements"]["line"].map(kinds))
    waits = now["awaiting"].assign(type=AWAITING)
    return _year(pd.concat([placed, waits]), now["spend_by_need"], now["occupancy"])


def base_year_of(result: Result, data: InstanceData, year: int) -> Year:
    """The base year of a plan as its tables have it."""
    cells, kinds = data.cells[CELL], data.lines["type"].to_numpy(dtype=object)
    placed = cells.iloc[data.pair_cell].assign(type=kinds[data.pair_line], children=data.placed)
    waits = cells.assign(type=AWAITING, children=data.waiting_at_start)
    spend = result.frames["spend_by_need"]
    lines = data.lines[["line", "type"]].assign(
        places=np.where(np.isfinite(data.places[0]), data.places[0], np.nan),
        children=totals(data.pair_line, data.placed, len(data.lines)),
    )
    return _year(pd.concat([placed, waits]), spend[spend["year"] == year], lines)


def _year(children: pd.DataFrame, spend: pd.DataFrame, lines: pd.DataFrame) -> Year:
    revenue = spend[spend["fund"] != "capital"]
    of_children = revenue[revenue["need"] != ""]
    return Year(
        children.pivot_table(index=CELL, columns="type", values="children", aggfunc="sum", fill_value=0.0),
        of_children.pivot_table(index=CELL, columns="type", values="pounds", aggfunc="sum", fill_value=0.0),
        float(revenue.loc[revenue["need"] == "", "pounds"].sum()),
        lines[["line", "type", "places", "children"]].set_index("line"),
    )


def against(planned: Year, actual: Year, year: int) -> pd.DataFrame:
    """`against.csv`: the difference of what is spent from what was planned, by cause."""
    frames = [planned.children, planned.pounds, actual.children, actual.pounds]
    cells = frames[0].index
    types = frames[0].columns
    for frame in frames[1:]:
        cells, types = cells.union(frame.index), types.union(frame.columns)
    old, old_pounds, new, new_pounds = (
        frame.reindex(index=cells, columns=types, fill_value=0.0).to_numpy(dtype=float) for frame in frames
    )
    new_price = _ratio(new_pounds, new)
    old_price = np.where(old > NOBODY, _ratio(old_pounds, old), new_price)
    before, now = old.sum(axis=1), new.sum(axis=1)
    shares = np.where((before > NOBODY)[:, None], _ratio(old, before[:, None]), _ratio(new, now[:, None]))
    cost = (shares * old_price).sum(axis=1)
    mean = float(before @ cost / before.sum()) if before.sum() > NOBODY else float(now @ cost / max(now.sum(), NOBODY))
    usual = _ratio(before, before.sum()) * now.sum()  # as many as there are, mixed as planned
    more, mixed = now.sum() - before.sum(), now - usual
    moved = new - now[:, None] * shares
    lost, gained = np.maximum(-moved, 0.0), np.maximum(moved, 0.0)
    instead = _ratio((gained * old_price).sum(axis=1), gained.sum(axis=1))
    extra_cost = lost * (instead[:, None] - old_price)
    slipped = _slipped(planned, actual, types, lost)
    rows = [
        _row("children", children=more, pounds=more * mean),
        _rows("mix", cells, None, mixed, mixed * (cost - mean)),
        _rows("placement", cells, types, lost * (1 - slipped), extra_cost * (1 - slipped)),
        _rows("slippage", cells, types, lost * slipped, extra_cost * slipped),
        _rows("price", cells, types, new, new * (new_price - old_price)),
        _row("no_child", children=0.0, pounds=actual.nobodys - planned.nobodys),
    ]
    table = pd.concat(rows, ignore_index=True).assign(year=year)
    return table.loc[:, list(OUTPUTS["against"].names)]


def _slipped(planned: Year, actual: Year, types: pd.Index, lost: Floats) -> Floats:
    """[types] of the children a type has fewer than planned, the share whose planned places are not there."""
    both = planned.lines.join(actual.lines[["places", "children"]].add_suffix("_now"))
    there = both["places_now"].fillna(0.0)  # a line that is not there has no places
    late = (there < both["places"] - NOBODY) & ~(both["children_now"].notna() & both["places_now"].isna())
    short = (both["children"] - np.maximum(there, both["children_now"].fillna(0.0))).clip(lower=0.0)
    by_type = short[late].groupby(both.loc[late, "type"]).sum().reindex(types, fill_value=0.0)
    return np.minimum(_ratio(by_type.to_numpy(dtype=float), lost.sum(axis=0)), 1.0)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=np.asarray(whole) > NOBODY)


def _row(cause: str, children: float, pounds: float) -> pd.DataFrame:
    return pd.DataFrame([{"cause": cause, "need": "", "phase": "", "type": "", "children": children, "pounds": pounds}])


def _rows(cause: str, cells: pd.Index, types: pd.Index | None, children: Floats, pounds: Floats) -> pd.DataFrame:
    """One row for each cell, and type, with children in question."""
    need, phase = (cells.get_level_values(name).to_numpy(dtype=object) for name in CELL)
    if types is None:
        table = pd.DataFrame({"need": need, "phase": phase, "type": "", "children": children, "pounds": pounds})
    else:
        kind = np.tile(types.to_numpy(dtype=object), len(cells))
        need, phase = (np.repeat(one, len(types)) for one in (need, phase))
        table = pd.DataFrame(
            {"need": need, "phase": phase, "type": kind, "children": children.ravel(), "pounds": pounds.ravel()}
        )
    return table[table["children"].abs() > NOBODY].assign(cause=cause)


def with_against(result: Result, planned: Year, data: InstanceData, folder: str) -> Result:
    """A result with its base year beside what the plan in `folder` said of it."""
    year = int(result.summary["base_year"])
    actual = base_year_of(result, data, year)
    table = without_dust(against(planned, actual, year))
    by_cause = table.groupby("cause")[["children", "pounds"]].sum().reindex(list(CAUSES), fill_value=0.0)
    figures = {
        "year": year,
        "result": folder,
        "planned": float(planned.pounds.to_numpy().sum()) + planned.nobodys,
        "found": float(actual.pounds.to_numpy().sum()) + actual.nobodys,
        "children_planned": float(planned.children.to_numpy().sum()),
        "children_found": float(actual.children.to_numpy().sum()),
        "causes": by_cause.to_dict("index"),
    }
    return replace(result, frames={**result.frames, "against": table}, summary={**result.summary, "against": figures})
