"""What the tables rest on: headline figures, every measure, assumptions, files read, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from pydantic import BaseModel

from sufficiency.model import Model
from sufficiency.report.content.assumed import assumed_in
from sufficiency.report.content.tables.measure_words import measure_words
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.sensitivity import unit_of_measure
from sufficiency.report.content.tables.table import Column, Table, Unit, columns_by_key
from sufficiency.report.words import academic_year

HEADLINES = (
    ("academic", "children", ""),
    ("academic", "bought", ""),
    ("academic", "awaiting", ""),
    ("academic", "shortfall", ""),
    ("academic", "state_funded_places", ""),
    ("academic", "mean_minutes", ""),
    ("financial", "spend", "dsg"),
    ("financial", "spend", "general_fund"),
    ("financial", "overspend", ""),
    ("financial", "dsg_in_year", ""),
)
"""Measures to lead with: period, measure, item."""


def headline_table(planned: Planned) -> Table:
    """The figures to read first: today, and under both projections in the first and the last year."""
    measures = planned.result.measures
    first, last = planned.years[0], planned.years[-1]
    ends = list(dict.fromkeys((first, last)))
    shown = []
    for period, measure, item in HEADLINES:
        rows = measures[(measures["period"] == period) & (measures["measure"] == measure) & (measures["item"] == item)]
        rows = rows.set_index("year").reindex(ends)
        if rows[["plan", "unmitigated"]].isna().all(axis=None):
            continue
        unit = str(rows["unit"].dropna().iloc[0])
        words = measure_words(measure) + (f": {planned.word('fund', item)}" if item else "")
        row: dict[str, Any] = {"what": words, "unit": unit, "cell": unit_of_measure(unit).value}
        row["today"] = rows["today"].iloc[0]
        for year in ends:
            row |= {f"{of}:{year}": rows.loc[year, of] for of in ("plan", "unmitigated")}
        shown.append(row)
    return Table(
        "T0",
        "Headlines",
        "The figures to read first",
        "A row is a figure and has its own unit. Money is of financial years, the rest of academic years.",
        "measures.csv",
        (
            *columns_by_key(what="Figure", unit="Unit"),
            Column("today", f"Today ({academic_year(planned.base_year)})", None),
            *(
                Column(f"{of}:{year}", f"{who} {academic_year(year)}", None)
                for year in ends
                for of, who in (("plan", "Plan"), ("unmitigated", "Do nothing more"))
            ),
        ),
        pd.DataFrame(shown),
        blank="not known for today, for that year, or for doing nothing more",
        row_unit="cell",
    )


def measures_table(planned: Planned) -> Table:
    """Every measure of the result."""
    frame = planned.result.measures.copy()
    frame["what"] = [measure_words(measure) for measure in frame["measure"]]
    frame["cell"] = [unit_of_measure(unit).value for unit in frame["unit"]]
    frame["year"] = [
        "" if period == "whole" else academic_year(year)
        for period, year in zip(frame["period"], frame["year"], strict=True)
    ]
    frame["period"] = frame["period"].map({"academic": "Academic year", "financial": "Financial year"}).fillna("Whole")
    kinds = {**planned.words["type"], **planned.words["fund"]}
    frame["of"] = [kinds.get(item, item) if item else "" for item in frame["item"]]
    return Table(
        "A1",
        "Every measure",
        "Every measure of the plan, of doing nothing more and of today",
        "A row is a measure in a year, or of the whole plan, and has its own unit.",
        "measures.csv",
        (
            *columns_by_key(what="Measure", measure="Name in measures.csv", of="Of"),
            *columns_by_key(period="Period", year="Year", unit="Unit"),
            Column("today", "Today", None),
            Column("plan", "Plan", None),
            Column("unmitigated", "Do nothing more", None),
        ),
        frame,
        blank="no such figure, no such year, or all",
        row_unit="cell",
    )


def assumptions_table(planned: Planned) -> Table:
    """Every key of the model file that the plan rests on, its value, and where a default comes from."""
    model = planned.case.model
    rows = [
        {
            "key": f"{one.section}.{one.key}",
            "part": part,
            "value": value,
            "given": "Model file" if one.is_given else "Default",
            "meaning": one.meaning,
        }
        for one in assumed_in(model)
        for part, value in _parts(one.value)
    ]
    weights = planned.summary.get("weights", {})
    for row in rows:
        name = row["key"].removeprefix("weights.")
        if row["value"] == "" and row["key"].startswith("weights.") and name in weights:
            row["value"] = weights[name]
    return Table(
        "A2",
        "Assumptions",
        "What the plan assumes: every setting of the model, with the source of each default",
        "A row is a key of the model file; unit costs are in T13b, options and places in their tables.",
        _source_of(model),
        (
            *columns_by_key(key="Key", part="For"),
            Column("value", "Value", Unit.PLAIN),
            *columns_by_key(given="Where from", meaning="What it means, and its source"),
        ),
        pd.DataFrame(rows),
        blank="no value: what that means is in the last column",
    )


def _source_of(model: Model) -> str:
    return f"the model file {model.path.name}; defaults of sufficiency"


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """A value, or each of the values by type, phase or year; rules each with what it says."""
    if isinstance(value, dict):
        yield from ((str(key), _plain(one)) for key, one in value.items()) if value else iter([("", "")])
    elif isinstance(value, list | tuple) and value and all(isinstance(one, BaseModel) for one in value):
        for one in value:
            said = one.model_dump(exclude_unset=True)
            yield str(said.pop("name", "")), "; ".join(f"{key} {_plain(part)}" for key, part in said.items())
    else:
        yield "", _plain(value)


def _plain(value: Any) -> float | int | str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_unset=True)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(_plain(one)) for one in value)
    return str(value)


def inputs_table(planned: Planned) -> Table:
    """The files that the plan was made from."""
    rows = [{"table": table, **facts} for table, facts in planned.summary["inputs"].items()]
    return Table(
        "A3",
        "Files read",
        "The files that the plan was made from",
        "A row is a file with its SHA-256: another hash is another file.",
        "summary.json",
        columns_by_key(table="Table", file="File", sha256="SHA-256"),
        pd.DataFrame(rows, columns=["table", "file", "sha256"]),
        nobody="The plan was made from no files.",
    )


def warnings_table(planned: Planned) -> Table:
    """What the checks of the tables found doubtful."""
    rows = [{"place": place, "text": text} for place, text in enumerate(planned.summary.get("warnings", []), 1)]
    return Table(
        "A4",
        "Data quality",
        "What the checks of the tables found doubtful",
        "A row is a warning: the plan was made all the same.",
        "summary.json",
        (Column("place", "Number", Unit.COUNT), *columns_by_key(text="Warning, with its file, row and column")),
        pd.DataFrame(rows, columns=["place", "text"]),
        nobody="The checks found nothing doubtful.",
    )
