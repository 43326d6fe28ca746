"""Short words and codes explained, for those who read no other page."""

from __future__ import annotations

import pandas as pd

from sufficiency.codes import LEVELS
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Table, columns_by_key

SHORT_WORDS = {
    "AP": "Alternative provision",
    "Base year": "The last known year, as children are placed today",
    "Bought beside an empty place": "Children who enter a bought place while one that accepts them and would cost less "
    "stays empty",
    "DfE": "Department for Education",
    "Do nothing more": "Existing commitments only: nothing new is decided, and children go on being placed as today",
    "DSG": "Dedicated Schools Grant; here its high needs block",
    "EHC plan": "Education, health and care plan",
    "EOTAS": "Education otherwise than at school (Children and Families Act 2014, section 61)",
    "Financial year": "1 April to 31 March: five twelfths of the academic year before and seven twelfths of its own",
    "General Fund": "The council's own budget: here, journeys to school",
    "Line": "A line of places: the places of a setting for certain needs and phases",
    "Money covers our capital by": "The first year by which the money saved covers our capital, and does in every "
    "later year",
    "Preferences missed": "Children who would follow today's pattern into a school that is full, and are placed "
    "elsewhere",
    "Present value": "Money of later years, discounted to pounds of the first year of the plan",
    "Policy weights": "Pounds that stand for policy, such as for a child above the places: not money that is paid",
    "Section 251 line": "A line of the budget statement that councils send to DfE",
    "SEND": "Special educational needs and disabilities",
    "State-funded places": "Places of bases, special schools, alternative provision and other settings that the state "
    "funds",
    "URN": "Unique reference number of a school",
}


def shorthand_table(planned: Planned) -> Table:
    """Words, and the codes of needs, phases, types and levels."""
    labels = planned.summary["labels"]
    phases = planned.model.phase_list
    years = {one.code: f"National Curriculum years {one.first} to {one.last}" for one in phases}
    rows = [("Word", word, meaning) for word, meaning in SHORT_WORDS.items()]
    rows += [("Need", code, words) for code, words in labels["needs"].items()]
    rows += [
        ("Phase", code, f"{words}: {years[code]}" if code in years else words)
        for code, words in labels["phases"].items()
    ]
    rows += [("Type of setting", code, words) for code, words in labels["types"].items()]
    rows += [("Level", code, words) for code, words in LEVELS.items()]
    return Table(
        "A5",
        "Shorthand",
        "Short words and codes explained",
        "A row is a word or a code of these tables, of the model or of its result.",
        "sufficiency; the labels of the model",
        columns_by_key(kind="Kind", word="Word or code", meaning="Meaning"),
        pd.DataFrame(rows, columns=["kind", "word", "meaning"]),
    )
