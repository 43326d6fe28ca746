"""Places commissioned by line and year, and what each change of them rests on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sufficiency.report.content.tables.planned import Planned
from sufficiency.tables.commitments import PROPOSED, existing_commitments, statuses
from sufficiency.tables.schemes import brings_line

OPTION = "option"
COLUMNS = ["source", "scheme", "line", "setting", "type", "phases", "year", "places", "status"]
"""`source`: `places` or `option`; `scheme`: the line, or the option; `status`: open, committed, proposed or chosen."""


def commissioned(planned: Planned, years: Sequence[int]) -> pd.DataFrame:
    """Places of every line that is open in a year, and of the options that the plan opens, with those that other
    authorities' children and children outside the demand table take: see COLUMNS. `places` is blank without a limit.
    """
    tables = planned.case.tables
    places = tables.places.assign(status=statuses(tables.places, planned.base_year))
    closed = _closed(planned)
    rows = [_in_force(places, tables.settings, year, closed) for year in years]
    return pd.concat([*rows, _options(planned, years)], ignore_index=True)[COLUMNS]


def proposed_places(planned: Planned, years: Sequence[int]) -> pd.DataFrame:
    """Places that lines have only because of proposed rows: line, year, places."""
    tables = planned.case.tables
    if not (statuses(tables.places, planned.base_year) == PROPOSED).any():
        return pd.DataFrame({"line": [], "year": [], "places": []})
    settled = existing_commitments(tables, planned.base_year).places.assign(status="")
    every = tables.places.assign(status="")
    both = [
        pd.concat([_in_force(rows, tables.settings, year, {}) for year in years]).set_index(["line", "year"])["places"]
        for rows in (every, settled)
    ]
    more = both[0].sub(both[1], fill_value=0.0).rename("places").reset_index()
    return more[more["places"] > 0]


def _in_force(places: pd.DataFrame, settings: pd.DataFrame, year: int, closed: dict[str, int]) -> pd.DataFrame:
    """The row of each line that holds in a year, of settings that are open; a line that an option closes from then on
    has none.
    """
    rows = places[places["from_year"] <= year].sort_values("from_year", kind="stable")
    rows = rows.drop_duplicates("line", keep="last")
    at = settings.drop_duplicates("setting").set_index("setting")
    opens, closes = rows["setting"].map(at["opens"]).fillna(year), rows["setting"].map(at["closes"]).fillna(year + 1)
    gone = rows["line"].map(closed).fillna(year + 1)
    still_open = rows[(opens <= year) & (closes > year) & (gone > year)]
    return still_open.assign(source="places", scheme=still_open["line"], year=year)


def _closed(planned: Planned) -> dict[str, int]:
    """Line → the year from which an option of the plan closes it."""
    options = planned.case.tables.options
    if options is None or not planned.has("programme"):
        return {}
    closes = dict(zip(options["option"], options["closes_line"], strict=True))
    opened = planned.rows("programme")
    pairs = zip(opened["option"], opened["opens"], strict=True)
    return {closes[option]: int(year) for option, year in pairs if closes[option]}


def _options(planned: Planned, years: Sequence[int]) -> pd.DataFrame:
    """The places that each option of the plan brings, by year."""
    options, lines = planned.case.tables.options, planned.case.tables.places.drop_duplicates("line").set_index("line")
    if options is None or not planned.has("programme"):
        return pd.DataFrame(columns=COLUMNS)
    own = dict(zip(options["option"], brings_line(options), strict=True))
    given = options.set_index("option")
    kinds = planned.case.tables.settings.set_index("setting")["type"]
    found = []
    for opened in planned.rows("programme").to_dict("records"):
        option = given.loc[opened["option"]]
        line = opened["option"] if own[opened["option"]] else option["line"]
        if not line:
            continue
        ramp = option["ramp"] or (1.0,)
        for year in years:
            since = int(year - opened["opens"])
            if since >= 0:
                found.append(
                    {
                        "source": OPTION,
                        "scheme": opened["option"],
                        "line": line,
                        "setting": opened["setting"],
                        "type": lines.loc[line, "type"] if line in lines.index else kinds[opened["setting"]],
                        "phases": lines.loc[line, "phases"] if line in lines.index else option["phases"],
                        "year": year,
                        "places": opened["places"] * ramp[min(since, len(ramp) - 1)],
                        "status": "chosen",
                    }
                )
    return pd.DataFrame(found, columns=COLUMNS)
