"""The tables of a result, made from a plan."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, totals, where_true
from sufficiency.codes import AWAITING, BOUGHT, ORDINARY_CLASS
from sufficiency.plan.explain.projection import Projection
from sufficiency.plan.explain.rule_prices import rules_told
from sufficiency.plan.explain.shortfall import could_be_placed
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.solve.solve import Plan
from sufficiency.tables.schema.results import OUTPUTS

Frame = TypeVar("Frame", bound=pd.DataFrame)

NOBODY = 1e-9
"""Children: rows below this are left out."""


def long_stock(data: InstanceData, children: Floats, first: int = 1) -> pd.DataFrame:
    """One row for each year and pair with children: year, pair, cell, line (positions) and children. Years from
    `first` on.
    """
    t, arc = where_true(children[first:] >= NOBODY)
    t = t + first
    return pd.DataFrame(
        {
            "t": t,
            "year": data.years[t],
            "pair": arc,
            "cell": data.pair_cell[arc],
            "line": data.pair_line[arc],
            "children": children[t, arc],
        }
    )


def without_dust(frame: Frame) -> Frame:
    """The table with its numbers to nine decimals: 8 places, and not 7.999999999999999."""
    numbers = frame.select_dtypes("float").columns
    return frame.assign(**{name: frame[name].round(9) + 0.0 for name in numbers})


def placements(plan: Plan, stock: Floats) -> pd.DataFrame:
    """`placements.csv`; levels of provision are added up."""
    rows = long_stock(plan.data, stock)
    rows["entrants"] = plan.entrants[rows["t"], rows["pair"]]
    rows = _named(plan.data, rows, ["area", "need", "phase"], ["line", "setting"])
    keys = ["year", "area", "need", "phase", "line", "setting"]
    return rows.groupby(keys, as_index=False, sort=True)[["children", "entrants"]].sum()


def _named(data: InstanceData, rows: pd.DataFrame, of_cell: list[str], of_line: list[str]) -> pd.DataFrame:
    cells, lines = rows["cell"].to_numpy(), rows["line"].to_numpy()
    named = rows.assign(**{name: data.cells[name].array.take(cells) for name in of_cell})
    return named.assign(**{name: data.lines[name].array.take(lines) for name in of_line})


def occupancy(data: InstanceData, stock: Floats) -> pd.DataFrame:
    """`occupancy.csv`: every open line, every plan year."""
    children = np.stack([totals(data.pair_line, row, len(data.lines)) for row in stock])
    t, line = where_true(data.line_open & (np.arange(len(stock)) > 0)[:, None])
    places, there = data.places[t, line], children[t, line]
    limited = np.isfinite(places)
    return pd.DataFrame(
        {
            "year": data.years[t],
            "line": data.lines["line"].to_numpy()[line],
            "setting": data.lines["setting"].to_numpy()[line],
            "type": data.lines["type"].to_numpy()[line],
            "places": np.where(limited, places, np.nan),
            "children": there,
            "over": np.where(limited, np.maximum(there - places, 0.0), 0.0),
            "spare": np.where(limited, np.maximum(places - there, 0.0), np.nan),
            "fill": np.where(limited & (places > 0), there / np.where(limited & (places > 0), places, 1.0), np.nan),
        }
    )


def awaiting(data: InstanceData, waiting: Floats) -> pd.DataFrame:
    """`awaiting.csv`."""
    t, cell = where_true(waiting[1:] >= NOBODY)
    rows = data.cells.iloc[cell][["area", "need", "phase"]].reset_index(drop=True)
    rows.insert(0, "year", data.years[t + 1])
    rows["children"] = waiting[t + 1, cell]
    return rows.groupby(["year", "area", "need", "phase"])["children"].sum().reset_index()


def cell_gaps(plan: Plan, stock: Floats, beside_empty: Floats) -> pd.DataFrame:
    """One row for each year and cell with children: demand and where it is met, each child counted once; and, of them,
    whose preference gave way, and who is bought a place `beside_empty` [T+1, C].
    """
    data = plan.data
    cells = len(data.cells)
    missed = plan.preferences_missed
    kinds = data.lines["type"].to_numpy()[data.pair_line]
    pattern, bought = data.by_pattern[data.pair_line], np.isin(kinds, BOUGHT)
    parts: list[pd.DataFrame] = []
    for t in range(1, data.horizon + 1):
        in_line = totals(data.pair_line, stock[t], len(data.lines))
        above = np.where(np.isfinite(data.places[t]), np.maximum(in_line - data.places[t], 0.0), 0.0)
        share_over = np.divide(above, in_line, out=np.zeros_like(above), where=in_line > 0)
        over = stock[t] * share_over[data.pair_line]
        within = stock[t] - over
        wanting = _bought_for_want(data, t, in_line, np.where(bought & ~pattern, within, 0.0))

        def summed(values: Floats) -> Floats:
            return totals(data.pair_cell, values, cells)

        part = data.cells[["area", "locality", "need", "phase"]].assign(
            year=int(data.years[t]),
            demand=data.demand[t],
            state_places=summed(np.where(bought | pattern, 0.0, within)),
            independent=summed(np.where(bought & ~pattern, within, 0.0)),
            by_pattern=summed(np.where(pattern, within, 0.0)),
            awaiting=plan.waiting[t],
            over_places=summed(over),
            wanting=wanting,
            preferences_missed=summed(missed[t]),
            bought_beside_empty=beside_empty[t],
            ordinary_classes=summed(np.where((kinds == ORDINARY_CLASS) & ~pattern, within, 0.0)),
            eotas=summed(np.where((kinds == "eotas") & pattern, within, 0.0)),
            home_education=summed(np.where((kinds == "home_education") & pattern, within, 0.0)),
        )
        parts.append(part[part["demand"] >= NOBODY])
    rows = pd.concat(parts, ignore_index=True)
    rows["shortfall"] = rows["awaiting"] + rows["over_places"] + rows["wanting"]
    return rows.drop(columns="wanting")


def _bought_for_want(data: InstanceData, t: int, in_line: Floats, bought: Floats) -> Floats:
    """[C] of the children in bought places (`bought` [P]), those for whom there is no state-funded place that takes
    them and would cost less: less those whom the places left over could hold, each place counted once.
    """
    state = data.eligible[t] & ~data.by_pattern[data.pair_line] & ~np.isin(data.lines["type"], BOUGHT)[data.pair_line]
    cells, cheapest = len(data.cells), np.full(len(data.cells), np.inf)
    np.minimum.at(cheapest, data.pair_cell[state], data.k[t][state])
    wanting = totals(data.pair_cell, np.where(cheapest[data.pair_cell] < data.k[t], bought, 0.0), cells)
    highest_price = np.zeros(cells)
    np.maximum.at(highest_price, data.pair_cell[bought > 0], data.k[t][bought > 0])
    arcs = np.flatnonzero(state & (data.k[t] < highest_price[data.pair_cell]) & (wanting > 0)[data.pair_cell])
    room = np.maximum(data.places[t] - in_line, 0.0)
    return np.maximum(wanting - could_be_placed(wanting, room, data.pair_cell[arcs], data.pair_line[arcs]), 0.0)


def gaps(by_cell: pd.DataFrame) -> pd.DataFrame:
    """`gaps.csv`, from `cell_gaps`."""
    keys = ["year", "locality", "need", "phase"]
    numbers = [column.name for column in OUTPUTS["gaps"].columns if column.kind == "number"]
    return by_cell.groupby(keys, as_index=False)[numbers].sum()


def area_gaps(by_cell: pd.DataFrame) -> pd.DataFrame:
    """`area_gaps.csv`, from `cell_gaps`."""
    return by_cell.groupby(["year", "area", "need", "phase"], as_index=False)[["demand", "shortfall"]].sum()


def provision(data: InstanceData, stock: Floats) -> pd.DataFrame:
    """`provision.csv`: children by type, and their share of the children forecast for the year, need and phase."""
    rows = _named(data, long_stock(data, stock), ["need", "phase"], ["type"])
    summed = rows.groupby(["year", "type", "need", "phase"])["children"].sum().reset_index()
    t, cell = where_true(data.demand > 0)
    everyone = data.cells.iloc[cell][["need", "phase"]].assign(year=data.years[t], everyone=data.demand[t, cell])
    total = everyone.groupby(["year", "need", "phase"])["everyone"].sum().reset_index()
    joined = summed.merge(total, on=["year", "need", "phase"], how="left", validate="many_to_one")
    return pd.DataFrame(joined.assign(share=joined["children"] / joined["everyone"]).drop(columns="everyone"))


def journeys(data: InstanceData, stock: Floats) -> pd.DataFrame:
    """`journeys.csv`: means over the children placed, with those whose journey exceeds the limit of their phase."""
    rows = long_stock(data, stock)
    arc = rows["pair"].to_numpy()
    rows["km"] = rows["children"] * data.km[arc]
    rows["minutes"] = rows["children"] * data.minutes[arc]
    rows["over_limit"] = rows["children"] * data.over_limit[arc]
    rows = _named(data, rows, ["area", "phase"], ["type"])
    keys = ["year", "area", "phase", "type"]
    summed = rows.groupby(keys, as_index=False)[["children", "km", "minutes", "over_limit"]].sum()
    summed["mean_km"] = summed.pop("km") / summed["children"]
    summed["mean_minutes"] = summed.pop("minutes") / summed["children"]
    return summed[list(OUTPUTS["journeys"].names)]


def changes(plan: Plan, stock: Floats, projection: Projection) -> pd.DataFrame:
    """`changes.csv`: by locality, need and phase, types of setting with fewer children than the projection give to
    those with more.

    Children lost by a type go to the types that gain, in proportion to what each gains; waiting counts as a type.
    """
    keys = ["year", "locality", "need", "phase"]
    planned = _by_type(plan.data, stock, plan.waiting)
    projected = _by_type(plan.data, projection.stock, projection.waiting)
    both = planned.merge(
        projected, on=[*keys, "type"], how="outer", suffixes=("_plan", "_projection"), validate="one_to_one"
    )
    difference = both["children_plan"].fillna(0.0) - both["children_projection"].fillna(
        0.0
    )  # absent: nobody of that type
    both["gain"], both["loss"] = difference.clip(lower=0.0), (-difference).clip(lower=0.0)
    both["total"] = both.groupby(keys)["gain"].transform("sum")
    lost = both.loc[both["loss"] >= NOBODY, [*keys, "type", "loss"]].rename(columns={"type": "from_type"})
    gained = both.loc[both["gain"] >= NOBODY, [*keys, "type", "gain", "total"]].rename(columns={"type": "to_type"})
    moves = lost.merge(gained, on=keys, how="inner", validate="many_to_many")
    moves["children"] = moves["loss"] * moves["gain"] / moves["total"]
    moves = moves[moves["children"] >= NOBODY]
    return moves[[*keys, "from_type", "to_type", "children"]].sort_values(
        [*keys, "from_type", "to_type"], ignore_index=True
    )


def _by_type(data: InstanceData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    placed = _named(data, long_stock(data, stock), ["locality", "need", "phase"], ["type"])
    t, cell = where_true(waiting[1:] >= NOBODY)
    waits = data.cells.iloc[cell][["locality", "need", "phase"]].assign(
        year=data.years[t + 1], type=AWAITING, children=waiting[t + 1, cell]
    )
    columns = ["year", "locality", "need", "phase", "type", "children"]
    rows = pd.concat([placed[columns], waits[columns]], ignore_index=True)
    return rows.groupby(columns[:-1])["children"].sum().reset_index()


def rules(plan: Plan) -> pd.DataFrame:
    """`rules.csv`: what each rule allows and what the plan comes to, with what a little more would save."""
    return rules_told(plan)[list(OUTPUTS["rules"].names)]
