"""The specialist forecast of the School Capacity survey (SCAP): children with a plan who need a specialist place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sufficiency.report.content.returns import rows
from sufficiency.report.content.returns.children import PROJECTIONS, Counted
from sufficiency.report.content.returns.form import NOTE, Return, completed
from sufficiency.report.content.returns.lsrp import Knows
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit

WHO = (
    "Resident children with a plan who need a specialist place, wherever it is, Reception to Year 11. Ordinary "
    "classes, early years and post-16 are not in this forecast."
)
WHICH = "The mitigated rows are what the plan expects; the unmitigated ones are what comes if nothing more is done."
NOT_IN_IT = (
    "The forecast has no row for children who await a place, or are in hospital schools, EOTAS, home education or "
    "other settings: the sheet of what it leaves out has them, and with it the rows add up to all children of the "
    "model, Reception to Year 11."
)


def scap_forecasts(planned: Planned, counted: Counted) -> list[Return]:
    """The forecast by year group, of primary and of secondary years; the same by need; and what it leaves out."""
    knows = Knows(planned, counted)
    found = counted.rows[counted.rows["placed"]]
    found = found.assign(code=found["type"].map(rows.scap_of))
    inside = found[found["code"] != ""]
    needs = [need for need in planned.words["need"] if need in set(inside["need"])]
    return [
        *(_forecast(knows, inside, years, place, []) for place, years in enumerate(rows.SCAP_YEARS, 1)),
        *(_forecast(knows, inside, years, place, needs) for place, years in enumerate(rows.SCAP_YEARS, 3)),
        _left_out(planned, knows, found[(found["code"] == "") & (found["type"] != "mainstream")]),
    ]


def _forecast(knows: Knows, inside: pd.DataFrame, years: str, place: int, needs: list[str]) -> Return:
    """Of primary or secondary `years`; with `needs` by need too."""
    groups, ahead = rows.SCAP_YEARS[years]
    first = knows.first + 1
    within = ("projection", "code", *(["need"] if needs else []), "year", "ncy")
    domains: list[Any] = [PROJECTIONS, list(rows.SCAP_TYPES), *([needs] if needs else [])]
    domains += [range(first, first + ahead), groups]

    def why(row: Mapping[str, Any]) -> str:
        known = any(rows.scap_of(kind) == row["code"] for kind in knows.types)
        return knows.why_no_year(row["year"]) or ("" if known else "the model has no places of this kind")

    frame = completed(inside, within, domains, why, lambda row: knows.age_note)
    frame["planning_area"] = [rows.SCAP_AREAS[years, code] for code in frame["code"]]
    frame["provision"] = frame["code"].map(rows.SCAP_TYPES)
    by = "need" if needs else ""
    keys = ("projection", "planning_area", "code", "provision", *([by] if by else []), "year", "ncy")
    return Return(
        name=f"scap_{years}{f'_by_{by}' if by else ''}",
        code=f"SCAP {place}",
        short=f"{years.capitalize()}{' by need' if by else ''}",
        title=f"Forecast of specialist places, {years} years{', by primary need' if by else ''}",
        about="Children, an expected number. A row is a provision type in an academic year, a column a year group.",
        source="provision.csv, changes.csv",
        keys=keys,
        values={"children": Unit.CHILDREN},
        frame=frame[[*keys, "children", NOTE]],
        across=("ncy",),
        headings={"planning_area": "Planning area", "code": "Type", "need": "Primary need", "year": "Academic year"},
        notes=(WHO, WHICH, NOT_IN_IT, knows.counted.age_words),
    )


def _left_out(planned: Planned, knows: Knows, found: pd.DataFrame) -> Return:
    """Children of the model, Reception to Year 11, who are in no row of the forecast, by where they are."""
    found = found[found["ncy"].between(0, 11) & (found["year"] > knows.first)]
    words = {kind: planned.word("type", kind) for kind in dict.fromkeys(found["type"])}
    years = [year for year in planned.years if year <= knows.first + 7]
    frame = completed(
        found.assign(where=found["type"].map(words)),
        ("projection", "where", "year"),
        (PROJECTIONS, list(words.values()), years),
        lambda row: "",
    )
    return Return(
        name="scap_left_out",
        code="SCAP 5",
        short="Not in the forecast",
        title="Children of the model, Reception to Year 11, whom the forecast has no row for",
        about="Children, an expected number. A row is where they are.",
        source="provision.csv, awaiting.csv, changes.csv",
        keys=("projection", "where", "year"),
        values={"children": Unit.CHILDREN},
        frame=frame,
        across=("projection", "year"),
        headings={"where": "Where"},
        notes=(NOT_IN_IT,),
    )
