"""Kinds of figures that tables and charts print beside the headline figures."""

from __future__ import annotations

import pandas as pd

from sufficiency.report.content.figure import Kind
from sufficiency.result import Result

WHOLE_PERCENT = "share, whole percent"


def _limited(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """Lines that have a number of places."""
    return rows[rows["places"].notna()]


def _first_and_last(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """The base year and the last year of the plan."""
    return rows[rows["year"].isin([result.summary["base_year"], result.summary["years"][1]])]


def _in_pounds(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[_are_pounds(result, rows)]


def _in_counts(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~_are_pounds(result, rows)]


def _are_pounds(result: Result, rows: pd.DataFrame) -> pd.Series:
    """Whether the measure of each row is in pounds: as `measures` has it, or spending of a fund."""
    table = result.frames["measures"]
    pounds = set(table.loc[table["unit"].str.startswith("£"), "measure"])
    return rows["measure"].isin(pounds) | rows["measure"].str.startswith("spend_")


_IMPACT = (
    ("children", "children of the group", "children"),
    ("mean_minutes", "their mean journey one way", "minutes to a tenth"),
    ("p90_minutes", "journey that nine in ten of them do not exceed", "minutes to a tenth"),
    ("over_limit", "of them, beyond the journey guideline", "children"),
    ("in_locality", "of them, in the locality they live in", "children"),
    ("in_authority", "of them, within the authority", "children"),
    ("in_mainstream_base", "of them, in a base at a mainstream school", "children"),
    ("bought", "of them, in bought places", "children"),
    ("over_places", "of them, above the places of their line", "children"),
    ("awaiting", "of them, awaiting a place", "children"),
    ("moved_by_closure", "of them, moved because their place closes", "children"),
    ("longer", "of them, with a longer journey than if nothing more is done", "children"),
    ("shorter", "of them, with a shorter journey than if nothing more is done", "children"),
)

TABLE_KINDS: tuple[Kind, ...] = (
    *(
        Kind(f"occupancy_{column}", words, unit, "occupancy", (column,), ("year", "line"), pick=_limited)
        for column, words, unit in (
            ("places", "places of a line", "places"),
            ("children", "children placed in it", "children"),
            ("fill", "children ÷ places", WHOLE_PERCENT),
        )
    ),
    *(
        Kind(
            f"impact_{column}",
            words,
            unit,
            "impact",
            (column,),
            ("year", "projection", "group", "value"),
            pick=_first_and_last,
        )
        for column, words, unit in _IMPACT
    ),
    *(
        Kind(
            f"impact_options_{column}", words, unit, "impact_options", (column,), ("option", "state", "group", "value")
        )
        for column, words, unit in (
            ("children", "children of a group with an option, or without it", "children"),
            ("mean_minutes", "their mean journey one way", "minutes to a tenth"),
            ("awaiting", "of them, awaiting a place", "children"),
        )
    ),
    *(
        Kind(f"range_{column}", words, unit, "range", (column,), ("measure", "financial_year"), pick=pick)
        for column, words in (
            ("low", "where all demand is at its fifth percentile at once: a bound"),
            ("central", "as forecast"),
            ("high", "where all demand is at its ninety-fifth percentile at once: a bound"),
        )
        for unit, pick in (("£", _in_pounds), ("children", _in_counts))
    ),
)
