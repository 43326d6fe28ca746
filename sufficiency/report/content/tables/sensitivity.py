"""How much hangs on what: demand low and high, scenarios, what a place is worth, the prices of rules (T17)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content.tables.measure_words import measure_words
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Column, Omitted, Table, Unit, columns_by_key
from sufficiency.report.words import academic_year, present_value
from sufficiency.result import Result

COMPARED = (
    "children",
    "in_state_funded_places",
    "bought",
    "awaiting",
    "state_funded_places",
    "over_places",
    "shortfall",
    "mean_minutes",
    "over_limit",
)
"""Measures of academic years that scenarios are compared by."""
PLACED = "children_in"
"""The same by type of setting: those that the plan never chooses, each on its own."""
WHOLE = ("discounted_money", "cost_avoided", "programme_options", "programme_places", "programme_capital")
"""Measures of the whole plan."""
FINANCIAL = ("spend", "overspend", "dsg_in_year", "dsg_balance", "dsg_balance_with_grant")
"""Measures of financial years."""


def sensitivity_tables(planned: Planned) -> list[Table | Omitted]:
    """T17."""
    return [_range(planned), _scenarios(planned), _place_values(planned), _rules(planned)]


def unit_of_measure(unit: str) -> Unit:
    """What cells of a measure are."""
    if unit.startswith("£"):
        return Unit.POUNDS
    known = {one.value: one for one in (Unit.CHILDREN, Unit.PLACES, Unit.MINUTES, Unit.KM, Unit.SHARE)}
    return known.get(unit, Unit.COUNT)


BOUND = (
    "Low and high are bounds and no forecast: every area, need and phase at its 5th, or at its 95th, percentile at "
    "once, which is far less likely than one in twenty. The same options open."
)


def _range(planned: Planned) -> Table | Omitted:
    if not planned.has("range"):
        why = "the demand table has no low and high, or the appraisal was left out"
        return Omitted("T17a", "Demand low and high", why)
    frame = planned.rows("range").copy()
    rows = planned.result.measures.drop_duplicates("measure").set_index("measure")["unit"]
    frame["what"] = [measure_words(one) for one in frame["measure"]]
    frame["unit"] = [unit_of_measure(rows.get(one, "£")).value for one in frame["measure"]]
    frame["financial_year"] = [academic_year(int(year)) if year == year else "" for year in frame["financial_year"]]
    return Table(
        "T17a",
        "Demand low and high",
        "Bounds: the plan if demand is low everywhere, and if it is high everywhere",
        "A row is a figure in a financial year and has its own unit.",
        "range.csv",
        (
            *columns_by_key(what="Figure", financial_year="Financial year", unit="Unit"),
            Column("low", "All low (a bound)", None),
            Column("central", "Central", None),
            Column("high", "All high (a bound)", None),
        ),
        frame,
        (BOUND,),
        blank="not known, or of the whole plan",
        row_unit="unit",
    )


def _scenarios(planned: Planned) -> Table | Omitted:
    if not planned.scenarios:
        return Omitted("T17b", "Scenarios", "no scenario was asked for")
    own = str(planned.summary["scenario"])
    results: Mapping[str, Result] = {own: planned.result, **planned.scenarios}
    rows = [_compared(name, result) for name, result in results.items()]
    ordered = [key for one in rows for key in one.index]
    wide = pd.concat(rows, axis=1).reindex(list(dict.fromkeys(ordered)))
    frame = wide.reset_index()
    frame["what"] = [
        measure_words(measure) + (f": {planned.word('type' if measure == PLACED else 'fund', item)}" if item else "")
        for measure, item in zip(frame["measure"], frame["item"], strict=True)
    ]
    frame["when"] = [_when(period, year) for period, year in zip(frame["period"], frame["year"], strict=True)]
    frame["cell"] = [unit_of_measure(unit).value for unit in frame["unit"]]
    columns = tuple(Column(f"scenario:{name}", name, None) for name in results)
    return Table(
        "T17b",
        "Scenarios",
        "Scenarios side by side",
        "A row is a figure of the plan of each scenario and has its own unit.",
        "measures.csv of each scenario",
        (*columns_by_key(what="Figure", when="When", unit="Unit"), *columns),
        frame,
        tuple(_scenario_words(name, result) for name, result in results.items()),
        blank="no such figure in that scenario",
        row_unit="cell",
    )


def _scenario_words(name: str, result: Result) -> str:
    about = result.summary.get("scenario_about") or result.summary.get("about", "")
    return f"{name}: {about}" if about else f"{name}: no description is given."


def _when(period: str, year: int) -> str:
    if period == "whole":
        return "Whole plan"
    return f"{'Academic' if period == 'academic' else 'Financial'} year {academic_year(year)}"


def _compared(name: str, result: Result) -> pd.DataFrame:
    """The figures of one result that are compared: of the first and the last year, and of the whole plan."""
    rows = result.measures
    first, last = result.summary["years"]
    ends = rows["year"].isin([first, last])
    yearly = (rows["period"] == "academic") & rows["measure"].isin(COMPARED) & ends & (rows["item"] == "")
    never = (rows["measure"] == PLACED) & rows["item"].isin(result.summary["by_pattern_types"]) & ends
    money = (rows["period"] == "financial") & rows["measure"].isin(FINANCIAL)
    whole = (rows["period"] == "whole") & rows["measure"].isin(WHOLE) & (rows["item"] == "")
    chosen = rows[yearly | never | (money & (ends | (rows["year"] == LAST_YEAR_OF_OVERRIDE))) | whole]
    chosen = chosen[chosen["plan"].notna()]
    return chosen.set_index(["period", "measure", "item", "year", "unit"])[["plan"]].rename(
        columns={"plan": f"scenario:{name}"}
    )


def _place_values(planned: Planned) -> Table:
    rows = planned.rows("place_values")
    kinds = planned.rows("occupancy").drop_duplicates("line").set_index("line")["type"]
    frame = rows.sort_values(["year", "pounds_from"], ascending=[True, False], kind="stable").reset_index(drop=True)
    frame["name"] = [planned.setting_names.get(setting, "") for setting in frame["setting"]]
    frame["type"] = [planned.word("type", str(kinds.get(line, ""))) for line in frame["line"]]
    frame["year"] = [academic_year(year) for year in frame["year"]]
    frame["how"] = frame["how"].map({"resolved": "Solved again", "dual": "At most this"}).fillna(frame["how"])
    return Table(
        "T17c",
        "Place values",
        "What one more place would be worth, line by line",
        f"A row is a line in an academic year. {present_value(planned.years[0]).capitalize()}, policy weights "
        "included.",
        "place_values.csv",
        (
            *columns_by_key(year="From September of", type="Type", setting="Setting", name="Name", line="Line"),
            Column("pounds_from", "A place from then on", Unit.POUNDS),
            Column("net", "Less its place funding", Unit.POUNDS),
            Column("pounds_a_year", "The same each year", Unit.POUNDS),
            Column("pounds", "A place in that year alone", Unit.POUNDS),
            *columns_by_key(how="How it is known"),
        ),
        frame,
        (
            "Worth: what one more place saves in fees, journeys and policy weights. Solved again: the plan with the "
            "place added. At most this: an upper bound from prices.",
            "Not for publication line by line: it says what a provider could ask.",
        ),
        blank="not known: the search was stopped",
        nobody="No place has a value: no line of places is limited.",
    )


def _rules(planned: Planned) -> Table | Omitted:
    if not planned.has("rules"):
        return Omitted("T17d", "Policy rules", "the model has no rules")
    units = {one["rule"]: one["unit"] for one in planned.summary.get("rules", [])}
    frame = planned.rows("rules").copy()
    frame["unit"] = [units.get(rule, "") for rule in frame["rule"]]
    frame["cell"] = [unit_of_measure(unit).value for unit in frame["unit"]]
    frame["how"] = frame["how"].map(
        {"saving": "A limit looser by one would save this", "breach": "Missed: the weight of a breach"}
    )
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T17d",
        "Policy rules",
        "Policy rules: what each allows, what the plan comes to, and what it costs",
        f"A row is a rule in an academic year, in its own unit. Pounds are {present_value(planned.years[0])}, policy "
        "weights included.",
        "rules.csv",
        (
            *columns_by_key(rule="Rule", year="Academic year", unit="Unit"),
            Column("limit", "Limit", None),
            Column("value", "The plan", None),
            Column("pounds", "Price", Unit.POUNDS),
            *columns_by_key(how="What the price is"),
            Column("per_point", "Price of a percentage point", Unit.POUNDS),
        ),
        frame.replace({np.inf: np.nan}),
        blank="not known, or the rule is no share",
        row_unit="cell",
    )
