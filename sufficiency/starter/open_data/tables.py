"""The tables of a model from what was gathered, with a note of every column that is estimated."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from sufficiency.starter.open_data.costs import cost_rows
from sufficiency.starter.open_data.gather import Gathered
from sufficiency.starter.open_data.lines import NO_LIMIT, Lines, lines_of
from sufficiency.starter.open_data.needs import Children, children_of
from sufficiency.starter.open_data.own import children_of_own, place_own
from sufficiency.starter.open_data.placing import Placed, place

NURSERY_PLACES = 3
"""Places of nurseries for each child there, so that they are never short: an assumption."""
MATCH = 0.5
_OTHERS_RESERVED = frozenset({"resource_base", "alternative_provision"})
"""Types where children on roll without a plan, or of other authorities, are `reserved`; elsewhere they are
`imported`.
"""


@dataclass(frozen=True)
class Built:
    """`areas`, and the other `tables` by name; how the children and lines behind them were found."""

    areas: gpd.GeoDataFrame
    tables: dict[str, pd.DataFrame]
    children: Children
    lines: Lines
    placed: Placed


def build_tables(gathered: Gathered) -> Built:
    """All tables but demand, which is forecast from them."""
    own = gathered.own
    children = children_of(gathered.plans) if own is None else children_of_own(own)
    lines = lines_of(_schools(gathered), gathered.place_numbers, children)
    if own is None:
        placed = place(children, lines, gathered.areas, gathered.people)
    else:
        placed, lines = place_own(own, lines)
    tables = {
        "settings": _settings(lines),
        "places": _places(lines, placed, gathered.plans.year),
        "placements": placed.rows,
        "costs": cost_rows(lines),
        "history": _history(gathered),
    }
    tables |= {name: frame for name, frame in _optional(gathered).items() if frame is not None and len(frame)}
    if "budget" in tables:
        tables["other_spend"] = _other_spend(tables["budget"], tables["costs"])
    areas = gathered.areas
    return Built(
        areas if areas["imd_decile"].notna().any() else areas.drop(columns="imd_decile"),
        tables,
        children,
        lines,
        placed,
    )


def _schools(gathered: Gathered) -> pd.DataFrame | None:
    """Settings of the authority, and those elsewhere that its own counts name."""
    local = gathered.schools.settings if gathered.schools else None
    if gathered.own is None:
        return local
    return pd.concat([local, gathered.own.settings], ignore_index=True).drop_duplicates(["urn", "part"])


def _settings(lines: Lines) -> pd.DataFrame:
    rows = lines.rows.drop_duplicates("setting")
    return pd.DataFrame(
        {
            "setting": rows["setting"],
            "name": rows["name"],
            "type": rows["type"],
            "x": rows["x"],
            "y": rows["y"],
            "opens": rows["opens"].where(rows["opens"] > 0).astype("Int64"),
            "in_area": rows["in_area"].map({True: "true", False: "false"}),
            "section_41": rows["section_41"].map({True: "yes", False: "no"}),
            "recouped": (rows["academy"] & ~rows["pool"]).map({True: "true", False: "false"}),
            "km": rows["km"],
            "minutes": rows["minutes"],
        }
    ).reset_index(drop=True)


def places_at(lines: Lines, placed: Placed) -> pd.DataFrame:
    """`places, others` by line: places (NaN: no limit), and those of them that other children are in."""
    rows, ours = lines.rows, placed.by_line
    capacity, roll = rows["capacity"].to_numpy(dtype=float), rows["roll"].to_numpy(dtype=float)
    there = np.nan_to_num(np.fmax(capacity, roll))
    places = np.maximum(there, ours)
    others = np.maximum(np.nan_to_num(roll) - ours, 0.0)
    pool = rows["pool"].to_numpy(dtype=bool)
    early = rows["group"].to_numpy() == "early_years"
    places = np.where(pool & early, ours * NURSERY_PLACES, np.where(pool, ours, places))
    free = rows["group"].isin(NO_LIMIT).to_numpy()
    college = rows["group"].isin(["college", "specialist_post_16"]).to_numpy()
    unlimited = (free & pool) | college
    return pd.DataFrame({"places": np.where(unlimited, np.nan, places), "others": np.where(unlimited, 0.0, others)})


def _places(lines: Lines, placed: Placed, year: int) -> pd.DataFrame:
    rows, known = lines.rows, places_at(lines, placed)
    reserved = rows["type"].isin(_OTHERS_RESERVED).to_numpy()
    return pd.DataFrame(
        {
            "line": rows["line"],
            "setting": rows["setting"],
            "needs": rows["needs"],
            "phases": rows["phases"],
            "from_year": np.maximum(rows["opens"].to_numpy(), year),
            "places": known["places"].round().astype("Int64"),
            "imported": known["others"].where(~reserved, 0.0).round().astype(int),
            "reserved": known["others"].where(reserved, 0.0).round().astype(int),
            "can_meet": rows["can_meet"],
            "match": np.where(rows["can_meet"] != "", MATCH, np.nan),
        }
    )


def _history(gathered: Gathered) -> pd.DataFrame:
    """`need, age, year, plans`: the last count as published; those before it with the ages of the first year that has
    ages, where they have none of their own, and with the needs that each age has in the last count.
    """
    plans = gathered.plans
    last = plans.need_by_age.reset_index().melt("need", var_name="age", value_name="plans").assign(year=plans.year)
    before = with_ages(plans.history, plans.totals)
    before = with_needs(before[before["year"] < plans.year], last)
    table = pd.concat([before, last.astype({"age": int})], ignore_index=True)
    return table.loc[table["plans"] > 0, ["need", "age", "year", "plans"]]


def with_ages(by_age: pd.DataFrame, totals: pd.Series[float]) -> pd.DataFrame:
    """`year, age, plans`: years known in total only have the ages of the first year with ages."""
    if by_age.empty:
        return by_age
    first = int(by_age["year"].min())
    mix = by_age[by_age["year"] == first].set_index("age")["plans"]
    earlier = [
        pd.DataFrame({"year": year, "age": mix.index, "plans": (mix * total / mix.sum()).to_numpy()})
        for year, total in totals.sort_index().items()
        if int(str(year)) < first and total > 0 and mix.sum() > 0
    ]
    return pd.concat([*earlier, by_age], ignore_index=True)


def with_needs(by_age: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """`need, age, year, plans`: rows by age shared out over the needs that their age has in `known`, all ages' where
    the age is not there.
    """
    counts = known.pivot_table(index="age", columns="need", values="plans", aggfunc="sum", fill_value=0.0)
    counts = counts.reindex(by_age["age"].unique(), fill_value=0.0)
    everyone = known.groupby("need")["plans"].sum().reindex(counts.columns).to_numpy(dtype=float)
    shares = counts.to_numpy(dtype=float)
    shares = np.where(shares.sum(axis=1, keepdims=True) > 0, shares, everyone)
    mix = pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), counts.index, counts.columns)
    tall = mix.rename_axis("age").reset_index().melt("age", var_name="need", value_name="share")
    rows = by_age.merge(tall, on="age", validate="many_to_many")
    rows["plans"] = (rows["plans"] * rows["share"]).round(3)
    return rows[["need", "age", "year", "plans"]].sort_values(["year", "age", "need"], ignore_index=True)


def _optional(gathered: Gathered) -> dict[str, pd.DataFrame | None]:
    return {"population": _population(gathered), "new_plans": _new_plans(gathered), "budget": gathered.spending}


def _other_spend(budget: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Lines of the budget that no placement is paid from, spent as budgeted."""
    planned = {*costs["budget_line"], *costs["place_budget_line"]}
    return budget[~budget["budget_line"].isin(planned)].assign(fund="dsg").reset_index(drop=True)


def _population(gathered: Gathered) -> pd.DataFrame | None:
    """`area, age, year, people`: small areas as counted, and the whole authority as projected where that is known."""
    if gathered.people is None:
        return None
    counted = gathered.people.rename_axis(index="area").reset_index()
    tall = counted.melt("area", var_name="age", value_name="people").assign(year=gathered.people_year)
    if gathered.projection is not None:
        tall = pd.concat([tall, gathered.projection.assign(area="")], ignore_index=True)
    return tall[["area", "age", "year", "people"]].astype({"people": int})


def _new_plans(gathered: Gathered) -> pd.DataFrame | None:
    """`need, age, year, plans` begun before each count but the first: with the ages and needs of the years that have
    them; None where a year is not known at all.
    """
    counted = gathered.plans
    years = sorted({*counted.history["year"], *counted.totals.index, counted.year})[1:]
    begun = gathered.new_plans
    if (
        begun is None
        or begun.by_age.empty
        or not years
        or not set(years) <= {*begun.totals.index, *begun.by_age["year"]}
    ):
        return None
    rows = with_ages(begun.by_age, begun.totals)
    needs = gathered.new_needs
    if needs is not None and len(needs):
        own = needs[needs["year"].isin(rows["year"])]
        others = rows[~rows["year"].isin(own["year"])]
        rows = pd.concat([with_needs(others, needs), own], ignore_index=True)
    else:
        rows = rows.assign(need="")
    rows = rows.assign(age=rows["age"].clip(upper=25))
    summed = rows.groupby(["need", "age", "year"])["plans"].sum().reset_index()
    return summed[summed["year"].isin(years) & (summed["plans"] > 0)]
