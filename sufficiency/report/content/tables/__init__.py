"""Tables for people, T1 to T18, made once from a result and its case, for every form that shows them.

Numbers are in full; a form rounds by the unit of the column. What the tables are called follows what published SEND
sufficiency strategies contain.
"""

from __future__ import annotations

from sufficiency.report.content.tables.appraisal import option_tables
from sufficiency.report.content.tables.background import (
    assumptions_table,
    headline_table,
    inputs_table,
    measures_table,
    warnings_table,
)
from sufficiency.report.content.tables.checks import Check, Sum, checks_of, ties, value_of
from sufficiency.report.content.tables.children import children_tables, forecast_tables
from sufficiency.report.content.tables.costs import cost_tables
from sufficiency.report.content.tables.effects import effect_tables
from sufficiency.report.content.tables.gaps import gap_tables
from sufficiency.report.content.tables.money import money_tables
from sufficiency.report.content.tables.placed import placed_tables, placed_today_tables
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.published import published_tables
from sufficiency.report.content.tables.sensitivity import sensitivity_tables
from sufficiency.report.content.tables.shorthand import shorthand_table
from sufficiency.report.content.tables.supply import pipeline_tables, register_tables
from sufficiency.report.content.tables.table import (
    Colour,
    Column,
    Drawing,
    Omitted,
    Series,
    Shape,
    Table,
    Unit,
)
from sufficiency.report.content.tables.travel import journey_tables

__all__ = [
    "Check",
    "Colour",
    "Column",
    "Drawing",
    "Omitted",
    "Planned",
    "Series",
    "Shape",
    "Sum",
    "Table",
    "Unit",
    "checks_of",
    "published_tables",
    "tables_of",
    "ties",
    "value_of",
]


def tables_of(planned: Planned) -> list[Table | Omitted]:
    """Every table in order: headlines, T1 to T18, and what they rest on; `Omitted` where data do not allow one."""
    return [
        headline_table(planned),
        *children_tables(planned),
        *placed_today_tables(planned),
        *register_tables(planned),
        *placed_tables(planned),
        *forecast_tables(planned),
        *gap_tables(planned),
        *pipeline_tables(planned),
        *cost_tables(planned),
        *money_tables(planned),
        *journey_tables(planned),
        *option_tables(planned),
        *sensitivity_tables(planned),
        *effect_tables(planned),
        measures_table(planned),
        assumptions_table(planned),
        inputs_table(planned),
        warnings_table(planned),
        shorthand_table(planned),
    ]
