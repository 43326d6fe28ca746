"""What is estimated, in which column of which table, for how many rows, and how."""

from __future__ import annotations

import pandas as pd

from sufficiency.codes import academic_year
from sufficiency.starter.open_data.gather import Gathered
from sufficiency.starter.open_data.placing import DEPRIVATION, NEARNESS_KM
from sufficiency.starter.open_data.tables import NURSERY_PLACES, Built

_COLUMNS = ("table", "column", "rows", "method")


def estimates_of(built: Built, gathered: Gathered, demand: pd.DataFrame) -> pd.DataFrame:
    """One row for each column that holds estimates: `table, column, rows, method`."""
    rows = [
        *(_of_placements(built, gathered) if gathered.own is None else ()),
        *_of_places(built, gathered),
        *_of_settings(built),
        ("costs", "per_child", len(built.tables["costs"]), "national figures and assumptions: see the column source"),
        ("demand", "children", len(demand), _forecast_method(gathered)),
    ]
    rows += _of_history(built, gathered)
    if "other_spend" in built.tables:
        what = "lines that no placement is paid from are spent as budgeted"
        rows.append(("other_spend", "pounds", len(built.tables["other_spend"]), what))
    if gathered.localities_are in {"wards", "districts", "the whole authority"}:
        rows.append(("areas", "locality", len(built.areas), f"{gathered.localities_are}, not your planning areas"))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _of_placements(built: Built, gathered: Gathered) -> list[tuple[str, str, int, str]]:
    count, children = len(built.placed.rows), built.children
    homes = "population of the phase's ages" if gathered.people is not None else "evenly"
    deprived = (
        f", {DEPRIVATION:.0%} more for each decile of deprivation below the middle"
        if "imd_decile" in built.areas
        else ""
    )
    rows = [
        (
            "placements",
            "phase",
            count,
            "need × type × age fitted to three published tables (iterative proportional fitting): totals by type, then "
            f"need × type, are exact; the greatest difference left in age × need is {children.left:.2f} children "
            f"({children.left_where}), before rounding to whole children",
        ),
        (
            "placements",
            "area",
            count,
            f"drawn by {homes}{deprived}; past 18 as at 16 to 18; nearer settings more often",
        ),
        (
            "placements",
            "line",
            count,
            f"fitted to children on roll, designations and distance (a third as often at {NEARNESS_KM:g} km more); "
            "in a pool elsewhere beyond those on roll, and of independent and non-maintained schools where none is "
            "designated for the need",
        ),
    ]
    if children.unequal:
        what = f"need × type did not add up to the total of {', '.join(children.unequal)}: scaled to it"
        rows.append(("placements", "need", count, what))
    return rows


def _of_places(built: Built, gathered: Gathered) -> list[tuple[str, str, int, str]]:
    lines = built.lines.rows
    named = lines[~lines["pool"]]
    no_capacity = int((named["capacity"].isna() & named["roll"].notna()).sum())
    overfull = int((named["roll"] > named["capacity"]).sum())
    undesignated = int((named["needs"] == "").sum())
    rows = []
    if no_capacity:
        rows.append(("places", "places", no_capacity, "no capacity is published: pupils on roll instead"))
    if overfull:
        rows.append(("places", "places", overfull, "more pupils than capacity: the pupils, the capacity may be old"))
    pools = int(lines["pool"].sum())
    rows.append(
        (
            "places",
            "places",
            pools,
            "pools have no limit where places are bought one by one; others hold the children there now, nurseries "
            f"{NURSERY_PLACES} times as many",
        )
    )
    if len(named):
        others = "pupils on roll less the children placed there: of other authorities, or without a plan"
        rows += [("places", "imported", len(named), others), ("places", "reserved", len(named), others)]
        rows.append(
            ("places", "can_meet", len(named), "needs next to those designated, at half the match: assumptions")
        )
    if undesignated:
        rows.append(("places", "needs", undesignated, "no designation is published: any need"))
    if gathered.place_numbers is None and len(named):
        rows.append(
            ("places", "places", len(named), "capacity is not the number commissioned: no file of places was given")
        )
    return rows


def _of_settings(built: Built) -> list[tuple[str, str, int, str]]:
    rows = built.tables["settings"]
    pooled = int(rows["km"].notna().sum())
    return [
        ("settings", "km", pooled, "an average journey to a pool, or to a setting without coordinates: assumptions")
    ]


def _of_history(built: Built, gathered: Gathered) -> list[tuple[str, str, int, str]]:
    plans, rows = gathered.plans, []
    table = built.tables["history"]
    before = int((table["year"] < plans.year).sum())
    first = int(plans.history["year"].min()) if len(plans.history) else plans.year
    if before:
        rows.append(
            ("history", "need", before, f"published by need for {academic_year(plans.year)} only: as then, by age")
        )
    untold = int((table["year"] < first).sum())
    if untold:
        rows.append(("history", "age", untold, f"published in total only before {academic_year(first)}: ages as then"))
    begun = built.tables.get("new_plans")
    if begun is not None and gathered.new_plans is not None:
        of_ages = int((~begun["year"].isin(gathered.new_plans.by_age["year"])).sum())
        needs = gathered.new_needs
        of_needs = len(begun) if needs is None else int((~begun["year"].isin(needs["year"])).sum())
        what = "published without in these years: as in the nearest year that has them"
        rows += [("new_plans", "age", of_ages, what)] if of_ages else []
        rows += [("new_plans", "need", of_needs, what)] if of_needs and needs is not None else []
    return rows


def _forecast_method(gathered: Gathered) -> str:
    first = min([gathered.plans.year, *gathered.plans.totals.index])
    people = "population ageing" if gathered.projection is None else "population as projected"
    if gathered.people is None and gathered.projection is None:
        people = "a level population"
    asked = "" if gathered.requests is None else " requests for assessment,"
    return (
        f"`sufficiency forecast` from plans by age since {academic_year(first)},{asked} {people}, and England's rates "
        "where the authority's own children are few; the base year is the placements"
    )
