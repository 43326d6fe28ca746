"""Cells of demand: the children of each area, need, level and phase by year, who of them waits, and what follows on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints, alike, first_of_each, totals
from sufficiency.case import Case
from sufficiency.phases import Phase


def cells_of_demand(case: Case, years: Ints) -> tuple[pd.DataFrame, Floats, Floats]:
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
    cells, demand = _with_ordinary_classes(case, cells, demand)
    locality = case.tables.areas.set_index("area")["locality"]
    cells["locality"] = cells["area"].map(locality).fillna("unknown")  # area `unknown` lies in no locality
    return cells, demand, _known_to_wait(placements, cells, demand[0])


def _with_ordinary_classes(case: Case, cells: pd.DataFrame, demand: Floats) -> tuple[pd.DataFrame, Floats]:
    """Cells parted in two where some of their children could be taught in an ordinary class with a package."""
    shares = case.model.mainstream_shares()
    share = np.array([shares.get(kind, 0.0) for kind in zip(cells["need"], cells["phase"], strict=True)])
    split = np.flatnonzero(share > 0)
    parted = pd.concat([cells.assign(mainstream=False), cells.iloc[split].assign(mainstream=True)], ignore_index=True)
    return parted, np.hstack([demand * (1 - share), demand[:, split] * share[split]])


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
    step down, those who could be in an ordinary class) are shared by the children of the base year.
    """
    if placements is None or placements.empty:
        return np.zeros(len(cells))
    rows = placements[placements["line"] == "awaiting"].reset_index(names="row")
    known = cells.assign(cell=np.arange(len(cells)), base=base)
    joined = rows.merge(known, on=["area", "need", "phase"], suffixes=("", "_of_cell"), validate="many_to_many")
    joined = joined[(joined["level"] == "") | (joined["level"] == joined["level_of_cell"])]
    share = shares_of_rows(joined["base"], ~joined["step_down"] & ~joined["mainstream"], joined["row"])
    return totals(joined["cell"].to_numpy(), (joined["children"] * share).to_numpy(dtype=float), len(cells))


def shares_of_rows(base: pd.Series, otherwise: pd.Series, row: pd.Series) -> pd.Series:
    """How the children of each placements row are shared: as the children of the base year, or, where there are none,
    alike among those for whom `otherwise` is true.
    """
    nobody = base.groupby(row).transform("sum") <= 0
    weight = base.astype(float).mask(nobody, otherwise.astype(float))
    return weight / weight.groupby(row).transform("sum")


def next_cells(cells: pd.DataFrame, cell_phase: Ints, phases: tuple[Phase, ...]) -> Ints:
    """The same area, need and level in the phase that follows directly, −1 where there is none."""
    follows = np.array(
        [
            index + 1 if index + 1 < len(phases) and after.first == phase.last + 1 else -1
            for index, (phase, after) in enumerate(zip(phases, (*phases[1:], phases[-1]), strict=True))
        ]
    )
    here = cells[["area", "need", "level", "step_down", "mainstream"]].assign(phase=cell_phase)
    there = here.assign(phase=follows[cell_phase])
    index = pd.MultiIndex.from_frame(here)
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(there)), dtype=np.int64)
