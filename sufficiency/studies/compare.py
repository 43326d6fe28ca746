"""Scenarios side by side: the figures of each beside those of the base plan, and whose place is another one.

A difference in places is real: among plans of the same cost each scenario's is the one closest to the base plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sufficiency.codes import AWAITING, UNKNOWN_AREA
from sufficiency.model.scenarios import BASE
from sufficiency.result import Result
from sufficiency.result.measures import KEYS
from sufficiency.tables.schema.studies import COMPARISONS

NOBODY = 1e-6
"""Children: less is rounding."""
NONE_IS_NOUGHT = frozenset({"children_in", "share_in", "spend", "spend_on_line", "over_on_line"})
"""Measures of which a scenario without the item has nought of it."""
CELL = ["year", "area", "need", "phase"]


@dataclass(frozen=True)
class Comparison:
    """Results by scenario, `base` first. `figures` is `comparison.csv`, `moves` is `comparison_moves.csv`; `reused`
    names the scenarios whose results were there already, `missing` those asked for that were not planned.
    """

    results: dict[str, Result] = field(repr=False)
    figures: pd.DataFrame = field(repr=False)
    moves: pd.DataFrame = field(repr=False)
    reused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names, `base` first."""
        return tuple(self.results)

    @property
    def wide(self) -> pd.DataFrame:
        """`comparison_wide.csv`: a row a figure, a column a scenario."""
        table = self.figures.pivot_table(index=KEYS, columns="scenario", values="value", sort=False, dropna=False)
        return table[list(self.results)].dropna(how="all").reset_index().rename_axis(columns=None)


def compared(results: dict[str, Result], reused: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Comparison:
    """Put results side by side; the one called `base` is what the others are measured against."""
    base = results[BASE]
    moved = pd.concat([moves(base, result).assign(scenario=name) for name, result in results.items()])
    moved = moved[list(COMPARISONS["comparison_moves"].names)].reset_index(drop=True)
    return Comparison(results, _figures(results, moved), moved, reused, missing)


def moves(base: Result, other: Result) -> pd.DataFrame:
    """Children by year, need and locality whose place is another than in the base plan.

    `other_place`: in another line of places, or awaiting one where they were placed, or the other way round;
    `other_type`: of them, in another type of setting. `more`: children whom only this scenario has (fewer: below 0);
    they are not counted as placed otherwise.
    """
    lines = moves_by_cell(base, other)
    types = _not_shared(_who_is_where(base, "type"), _who_is_where(other, "type"))
    both = lines.rename(columns={"moved": "other_place"}).join(types["moved"].rename("other_type"), validate="1:1")
    locality = base.areas.set_index("area")["locality"]
    both = both.reset_index()
    both["locality"] = both["area"].map(locality).fillna(UNKNOWN_AREA)  # area `unknown` lies in no locality
    summed = both.groupby(["year", "need", "locality"], as_index=False)[
        ["children", "more", "other_place", "other_type"]
    ].sum()
    largest_change = summed[["more", "other_place", "other_type"]].abs().max(axis=1) > NOBODY
    return pd.DataFrame(summed[largest_change])


def moves_by_cell(base: Result, other: Result) -> pd.DataFrame:
    """By year, area, need and phase: the children of the other plan, how many more they are than in the base plan, and
    those of both who are in another line (`moved`).
    """
    return _not_shared(_who_is_where(base, "line"), _who_is_where(other, "line"))


def _who_is_where(result: Result, what: str) -> pd.Series:
    """Children by cell and line (or type of setting), those who wait included."""
    placed, waiting = result.placements, result.awaiting.assign(**{what: AWAITING})
    if what == "type":
        kind = result.occupancy.drop_duplicates("line").set_index("line")["type"]
        placed = placed.assign(type=placed["line"].map(kind))
    rows = pd.concat([placed[[*CELL, what, "children"]], waiting[[*CELL, what, "children"]]], ignore_index=True)
    children: pd.Series = rows.groupby([*CELL, what])["children"].sum()
    return children


def _not_shared(base: pd.Series, other: pd.Series) -> pd.DataFrame:
    """By cell: the children of the other, how many more they are, and who of those in both is somewhere else."""
    both = pd.concat({"base": base, "other": other}, axis=1).fillna(0.0)  # absent: nobody there
    both["same"] = both.min(axis=1)
    cells = both.groupby(CELL).sum()
    moved = np.maximum(cells[["base", "other"]].min(axis=1) - cells["same"], 0.0)
    more = cells["other"] - cells["base"]
    return pd.DataFrame({"children": cells["other"], "more": more.where(more.abs() > NOBODY, 0.0), "moved": moved})


def _figures(results: dict[str, Result], moved: pd.DataFrame) -> pd.DataFrame:
    long = pd.concat(
        [
            result.measures.set_index(KEYS)[["plan", "unmitigated"]].assign(scenario=name)
            for name, result in results.items()
        ]
        + [_placed_otherwise(results, moved)]
    )
    value = long.set_index("scenario", append=True)
    every = long.index.unique()
    nought = every.get_level_values("measure").isin(NONE_IS_NOUGHT)
    parts = []
    for name in results:
        part = value.xs(name, level="scenario").reindex(every)
        part.loc[nought, "plan"] = part.loc[nought, "plan"].fillna(0.0)
        parts.append(part.assign(scenario=name))
    base = parts[0]["plan"]
    table = pd.concat([part.assign(base=base, difference=part["plan"] - base) for part in parts])
    table = table.rename(columns={"plan": "value"}).reset_index()
    return pd.DataFrame(table[list(COMPARISONS["comparison"].names)])


def _placed_otherwise(results: dict[str, Result], moved: pd.DataFrame) -> pd.DataFrame:
    """Children placed otherwise than in the base plan, as measures of every scenario and year."""
    first, last = results[BASE].summary["years"]
    index = pd.MultiIndex.from_product([list(results), range(first, last + 1)], names=["scenario", "year"])
    totals = moved.groupby(["scenario", "year"])[["other_place", "other_type"]].sum().reindex(index, fill_value=0.0)
    long = totals.reset_index().melt(id_vars=["scenario", "year"], var_name="item", value_name="plan")
    long = long.assign(period="academic", measure="placed_otherwise", unit="children", unmitigated=np.nan)
    return pd.DataFrame(long.set_index(KEYS)[["plan", "unmitigated", "scenario"]])
