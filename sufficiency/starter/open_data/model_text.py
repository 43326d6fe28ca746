"""The model file of an authority built from published files, with a comment on every line a planner may change."""

from __future__ import annotations

import json

from sufficiency.codes import SCHOOL_PHASES, academic_year
from sufficiency.sources.published.plans import REQUESTS
from sufficiency.starter.open_data.gather import Gathered

PLAN_YEARS = 10
Counts = dict[str, dict[str, float]]
"""Children by calendar year, for each key of `[forecast]` that counts requests for assessment."""


def requests_of(gathered: Gathered) -> Counts:
    """Requests, refusals and undecided by calendar year as `[forecast]` has them; empty where they are not known."""
    if gathered.requests is None:
        return {}
    known = {key: gathered.requests[key].dropna() for key in REQUESTS}
    return {key: {str(year): float(count) for year, count in counts.items()} for key, counts in known.items()}


def quoted(text: str) -> str:
    """`text` as a TOML string, whatever is in it."""
    return json.dumps("".join(sign if sign.isprintable() else " " for sign in text), ensure_ascii=False)


def model_text(gathered: Gathered, tables: dict[str, str], sources: str) -> str:
    """The model file. `tables`: the path of each table as written from the model file; `sources`: that of the list of
    files and tables.
    """
    place, year = gathered.plans.authority, gathered.plans.year
    named = "\n".join(f"{name} = {quoted(path)}" for name, path in tables.items())
    phases = "\n".join(f"{code} = [{first}, {last}]" for code, (first, last) in SCHOOL_PHASES.items())
    estimated, first = "Placements, places and costs", "placements and places:\n# edit the two tables, or name"
    where = "fitted to the published totals. No child in it is a real child."
    if gathered.own is not None:
        estimated, first = "Places and costs", "places (placements are your own counts):\n# edit the table, or name"
        where = f"your own counts ({gathered.own.file})."
    about = (
        f"An illustration from published data: plans of January {year + 1}. {estimated} are estimates until you put in "
        "your own."
    )
    years = f"{{ from = {year + 1}, to = {year + PLAN_YEARS} }}"
    more = "{ children = 1.1, low = 1.1, high = 1.1 }"
    asked = "".join(
        f"# {key} = {{ {', '.join(f'{year} = {count:_.0f}' for year, count in counts.items())} }}\n"
        for key, counts in requests_of(gathered).items()
    )
    if asked:
        asked = f"""
# Requests for assessment that the demand table was forecast with. Without the # in front of these lines, every run
# forecasts again from history, population and new_plans, and leaves the demand table aside.
# [forecast]
{asked}"""
    return f"""\
# {place.name} ({place.code}), built from files that anyone can download: sources.csv lists them, estimates.csv
# says what is estimated and how. Every output says “Illustrative” until you have put in your own {first}
# your own files below. Then costs, then demand. Run `sufficiency check` after each change.
# A year is the September in which an academic year starts: {year} means {academic_year(year)}.
# Money is pounds of the base year.

name = {quoted(place.name)}
about = {quoted(about)}
sources = {quoted(sources)}          # what the tables were built from; leave this line in
base_year = {year}                    # the last published count of plans is of January {year + 1}
years = [{year + 1}, {year + PLAN_YEARS}]               # first and last year of the plan

[tables]                            # paths are relative to this file
# areas: the 2021 small areas (LSOAs); localities are {gathered.localities_are}. Edit them in QGIS.
# demand: forecast from history, population and new_plans; `sufficiency forecast` makes it again.
# settings, places: Get Information about Schools; what is not named there is in pools (“elsewhere”).
# placements: {where}
{named}

[phases]                            # first and last national curriculum year; Reception is 0
{phases}

[continuity]
by_pattern = ["eotas", "home_education"]    # decisions that no school is appropriate: never chosen to save money

[travel]
method = "straight_line"            # calibrated to roads; name a `travel` table and write "matrix" for your own minutes
{asked}
[finance]
awaiting_cost = 14_000              # interim tuition for a child who waits, for a year: an assumption
# opening_dsg_balance = -10_000_000 # your balance at 31 March before the first year of the plan; a deficit has a minus
# Growth of costs a year. These are the defaults, which are assumptions; put in your own.
inflation = {{ independent = 0.06, transport = 0.04, default = 0.03 }}

[solver]
seconds = 1_800                     # then the best plan so far

# A what-if is the model with a few changes. Run it with --scenario more-demand.
[scenarios.more-demand]
about = "One in ten more children than forecast need a specialist place"
edit = [{{ table = "demand", where = {{ year = {years} }}, times = {more} }}]
"""
