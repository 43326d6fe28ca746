"""Checks of `[sweep]` against the tables: options that may slip, and fees that vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.fields import DEFAULT
from sufficiency.problems import did_you_mean

if TYPE_CHECKING:
    from sufficiency.tables import Tables
    from sufficiency.tables.checks.findings import Inspection


def type_of_costs(tables: Tables) -> pd.Series:
    """The type of setting that each row of the cost table is about; blank where it is about several."""
    costs = tables.costs
    of_setting = tables.settings.drop_duplicates("setting").set_index("setting")["type"]
    of_line = tables.places.drop_duplicates("line").set_index("line")["type"]
    known = costs["type"].where(costs["type"] != "", costs["line"].map(of_line).fillna(""))
    return known.where(known != "", costs["setting"].map(of_setting).fillna(""))


def check_sweep(inspection: Inspection) -> None:
    """Options in `sweep.slips` that are not there, and types in `sweep.fees` without a row of costs to vary."""
    sweep, tables, file = inspection.model.sweep, inspection.tables, inspection.model.path.name
    options = [] if tables.options is None else tables.options["option"].tolist()
    known = {option.casefold() for option in options}
    for name in sweep.slips:
        if name != DEFAULT and name.casefold() not in known:
            fix = did_you_mean(name, [*options, DEFAULT])
            inspection.error("sweep.slips: there is no such option", file, fix, value=name)
    if sweep.fees:
        priced = set(type_of_costs(tables)[tables.costs["per_child"].notna()])
        for kind in sweep.fees:
            if kind not in priced:
                what = f"sweep.fees.{kind}: no row of the cost table gives per_child for this type alone"
                inspection.error(what, file, "add a row of costs for it, or take the line out")
