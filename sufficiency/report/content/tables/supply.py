"""Provision: the register of lines of places and what is to open (T4, T11), and lines by year (T10d)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Column, Table, Unit, columns_by_key
from sufficiency.report.words import academic_year

PAYERS = {"ours": "Council", "central": "Central government"}
COMMITTED = (
    "Committed: a funding agreement signed, a contract let or a notice approved. Proposed: in the plan, and not in "
    "doing nothing more."
)
OWN_CHILDREN = (
    "Places for own children: places less those for others, which are taken by other authorities' children or reserved "
    "for children outside the demand table."
)


CODES = "Needs are codes: the sheet Shorthand explains them."


def register_tables(planned: Planned) -> list[Table]:
    """T4."""
    return [_register(planned)]


def pipeline_tables(planned: Planned) -> list[Table]:
    """T11."""
    return [_pipeline(planned)]


def _register(planned: Planned) -> Table:
    now, last = planned.base_year, planned.years[-1]
    places = planned.case.tables.places
    held = places[places["from_year"] <= now].sort_values("from_year").drop_duplicates("line", keep="last")
    held = held.set_index("line")
    settings = planned.case.tables.settings.set_index("setting")
    occupied = planned.rows("occupancy").pivot_table(index="line", columns="year", values=["places", "children"])
    placements = planned.case.tables.placements
    today = None if placements is None else placements.groupby("line")["children"].sum()
    rows = []
    for line in dict.fromkeys(places["line"]):
        one = places[places["line"] == line].iloc[-1]
        setting = settings.loc[one["setting"]]
        row = held.loc[line] if line in held.index else None
        own = np.nan if row is None else row["places"] - row["imported"] - row["reserved"]
        children = np.nan if today is None else float(today.get(line, 0.0))
        rows.append(
            {
                "setting": one["setting"],
                "name": setting["name"],
                "type": planned.word("type", one["type"]),
                "locality": setting["locality"],
                "line": line,
                "needs": planned.listed("need", one["needs"]),
                "phases": planned.listed("phase", one["phases"]),
                "places": np.nan if row is None else row["places"],
                "others": np.nan if row is None else row["imported"] + row["reserved"],
                "children": children,
                "fill": children / own if own > 0 else np.nan,
                "places_last": _at(occupied, line, "places", last),
                "children_last": _at(occupied, line, "children", last),
            }
        )
    frame = planned.in_words(pd.DataFrame(rows)[["type", "setting", "line"]].drop_duplicates())
    frame = frame.merge(pd.DataFrame(rows).drop(columns=["type", "setting"]), on="line", validate="1:1")
    return Table(
        "T4",
        "Register of provision",
        "Provision: settings, what they are for, places, children and occupancy",
        f"A row is a line of places of a setting. Places and children in {academic_year(now)} are as given.",
        "the settings, places and placements tables of the model; occupancy.csv",
        (
            *columns_by_key(setting="Setting", name="Name", type="Type", locality="Locality", line="Line"),
            *columns_by_key(needs="Needs", phases="Phases"),
            Column("places", f"Places {academic_year(now)}", Unit.PLACES),
            Column("others", "Of them, for others", Unit.PLACES),
            Column("children", f"Children {academic_year(now)}", Unit.CHILDREN),
            Column("fill", "Occupancy", Unit.SHARE),
            Column("places_last", f"Plan: places for own children {academic_year(last)}", Unit.PLACES),
            Column("children_last", f"Plan: children {academic_year(last)}", Unit.CHILDREN),
        ),
        frame,
        (
            OWN_CHILDREN,
            "Occupancy is children divided by places for own children.",
            CODES,
            "A setting's code is its URN where it has one. Ofsted judgements are not in the tables of the model.",
        ),
        blank="no limit on places, not open in that year, or not known",
    )


def _at(occupied: pd.DataFrame, line: str, what: str, year: int) -> float:
    """A cell of occupancy.csv; NaN where the line has none."""
    here = (what, year) in occupied.columns and line in occupied.index
    return float(occupied[what, year][line]) if here else float("nan")


def lines_by_year(planned: Planned) -> Table:
    """T10d: occupancy.csv with names."""
    rows = planned.rows("occupancy")
    frame = planned.in_words(rows[["type", "setting", "line", "year", "places", "children", "over", "spare", "fill"]])
    frame["name"] = [planned.setting_names.get(setting, "") for setting in frame["setting"]]
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T10d",
        "Lines by year",
        "Places and children of every line of places under the plan",
        "A row is a line in an academic year. Places are those for own children.",
        "occupancy.csv",
        (
            *columns_by_key(type="Type", setting="Setting", name="Name", line="Line", year="Academic year"),
            Column("places", "Places", Unit.PLACES),
            Column("children", "Children", Unit.CHILDREN),
            Column("over", "Children above the places", Unit.CHILDREN),
            Column("spare", "Places not filled", Unit.PLACES),
            Column("fill", "Occupancy", Unit.SHARE),
        ),
        frame,
        (OWN_CHILDREN,),
        blank="no limit on places",
    )


def _pipeline(planned: Planned) -> Table:
    rows = [*_from_places(planned), *_from_options(planned)]
    keys = (
        *columns_by_key(scheme="Scheme", status="Status", name="Setting", type="Type"),
        *columns_by_key(locality="Locality", needs="Needs", phases="Phases"),
        Column("opens", "From September", Unit.YEAR),
        Column("places", "Change in places", Unit.PLACES, total=True),
        Column("capital", "Capital", Unit.POUNDS, total=True),
        *columns_by_key(payer="Paid by", process="Statutory process, or evidence"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in keys])
    frame = frame.sort_values(["opens", "status", "scheme"], kind="stable").reset_index(drop=True)
    return Table(
        "T11",
        "Pipeline of places",
        "What opens, grows and closes: commitments, proposals and the options that the plan chooses",
        "A row is a change in the places of a line. Capital holds contingency, in pounds of the year it opens.",
        "the places and options tables of the model; programme.csv, options_appraisal.csv",
        keys,
        frame,
        (
            COMMITTED,
            CODES,
            "Of an option that opens in steps, the places when it is full. An option is a proposal for decision.",
        ),
        blank="not given: the capital of commitments is not in the tables of the model",
        nobody="No line of places changes in the years of the plan.",
    )


def _scheme(planned: Planned, setting: str, of: Any, **known: Any) -> dict[str, Any]:
    """A row of the pipeline; `of`: the line or option whose needs and phases they are."""
    place = planned.case.tables.settings.set_index("setting").loc[setting]
    return {
        "name": place["name"],
        "locality": place["locality"],
        "needs": planned.listed("need", of["needs"]),
        "phases": planned.listed("phase", of["phases"]),
        "capital": np.nan,
        "payer": "",
        "process": "",
        **known,
    }


def _from_places(planned: Planned) -> list[dict[str, Any]]:
    """Rows of the places table from after the base year, as the change against the row before; and settings that close,
    with the places their lines lose.
    """
    closes = planned.case.tables.settings.set_index("setting")["closes"]
    events = []
    for line, rows in planned.case.tables.places.sort_values("from_year").groupby("line", sort=False):
        before: float | None = None
        for one in rows.to_dict("records"):
            change = one["places"] - (before or 0.0)
            same = one["places"] == before or (pd.isna(one["places"]) and before is not None and pd.isna(before))
            before = one["places"]
            if planned.base_year < one["from_year"] <= planned.years[-1] and not same:
                given = [one.get(key) for key in ("status", "evidence")]
                status, evidence = (text if isinstance(text, str) else "" for text in given)
                facts = {"scheme": line, "status": (status or "committed").capitalize(), "process": evidence}
                kind = planned.word("type", one["type"])
                year = int(one["from_year"])
                events.append(_scheme(planned, one["setting"], one, type=kind, opens=year, places=change, **facts))
        last = closes[one["setting"]]
        if planned.base_year < last <= planned.years[-1]:
            facts = {"scheme": line, "status": "Closes", "type": planned.word("type", one["type"])}
            events.append(_scheme(planned, one["setting"], one, opens=int(last), places=-one["places"], **facts))
    return events


def _from_options(planned: Planned) -> list[dict[str, Any]]:
    """The options that open."""
    options = planned.case.tables.options
    if options is None or not planned.has("programme"):
        return []
    given = options.drop_duplicates("option").set_index("option")
    lines = planned.case.tables.places.drop_duplicates("line").set_index("line")
    kinds = planned.case.tables.settings.set_index("setting")["type"]
    rows = []
    for one in planned.rows("programme").to_dict("records"):
        option = given.loc[one["option"]]
        line = option["line"] or option["closes_line"]
        kind = lines.loc[line, "type"] if line in lines.index else kinds[one["setting"]]
        rows.append(
            _scheme(
                planned,
                one["setting"],
                lines.loc[line] if line in lines.index else option,
                scheme=f"{one['option']} {option['name']}".strip(),
                status="Chosen by the plan",
                type=planned.word("type", str(kind)),
                opens=int(one["opens"]),
                places=one["places"],
                capital=one["capital"],
                payer=PAYERS.get(str(option["capital_by"]), str(option["capital_by"])),
                process=one["flags"],
            )
        )
    return rows
