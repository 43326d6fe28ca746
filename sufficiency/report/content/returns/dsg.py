"""The placement sheets of the DSG management plan: plans by age band and by need, unmitigated and mitigated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sufficiency.report.content.returns import rows
from sufficiency.report.content.returns.children import PROJECTIONS, Counted
from sufficiency.report.content.returns.form import Return, completed
from sufficiency.report.content.returns.lsrp import BOTH, NEEDS_NOTE, Knows, age_words, need_domain, need_note
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit

AGE, NEED = "By age", "By primary need"
AHEAD = 5
"""Years after the base year."""
NEWEST = "Version 10 of the template (March 2025) is the newest that was known when this was written."
WHERE = (
    "Post-16 places in a base are with bases; school sixth forms with mainstream schools; early years settings, home "
    "education, EOTAS, young people not in education and children awaiting a place with other placements."
)
SHORT = {
    "mainstream": "Mainstream",
    "bases": "Bases",
    "special": "Special schools",
    "nmss_independent": "NMSS or independent",
    "hospital_ap": "Hospital or AP",
    "post_16": "Post-16",
    "other": "Other",
}
TWICE = "Every child stands twice on this sheet: by age and by need."


def dsg_sheets(planned: Planned, counted: Counted, age: str) -> list[Return]:
    """The seven placement sheets."""
    knows = Knows(planned, counted)
    last = planned.base_year + AHEAD
    found = counted.rows[counted.rows["year"] <= last]
    found = found.assign(
        sheet=found["type"].map(rows.dsg_of),
        age_band=[rows.band_of(ncy, age) for ncy in found["ncy"]],
        need=found["need"].map(rows.need_row),
    )
    return [_sheet(knows, found, name, range(planned.base_year, last + 1), age) for name in rows.DSG_SHEETS]


def _sheet(knows: Knows, found: pd.DataFrame, name: str, years: range, age: str) -> Return:
    here = found[found["sheet"] == name]
    known = bool(len(here)) or any(rows.dsg_of(kind) == name for kind in knows.types)
    bands = rows.POST_16_BANDS if name == "post_16" and not _younger(here) else tuple(rows.BANDS)
    stacked = pd.concat(
        [here.assign(breakdown=AGE, row=here["age_band"]), here.assign(breakdown=NEED, row=here["need"])],
        ignore_index=True,
    )

    def why(row: Mapping[str, Any]) -> str:
        if not known:
            return knows.why_no_year(row["year"]) or "the model has no places of this kind"
        return knows.why_no_year(row["year"]) or (knows.why_no_band(row["row"], age) if row["breakdown"] == AGE else "")

    parts = [
        completed(
            stacked,
            ("projection", "breakdown", "row", "year"),
            (PROJECTIONS, [breakdown], listed, years),
            why,
            lambda row: knows.age_note if row["breakdown"] == AGE else need_note({"need": row["row"]}),
        )
        for breakdown, listed in ((AGE, bands), (NEED, need_domain(found)))
    ]
    frame = pd.concat(parts, ignore_index=True)
    title = rows.DSG_SHEETS[name]
    return Return(
        name=f"dsg_{name}",
        code=f"DSG {tuple(rows.DSG_SHEETS).index(name) + 1}",
        short=SHORT[name],
        title=f"Management plan: {title}",
        about="Children with a plan, an expected number. A row is an age band or a need.",
        source="provision.csv, awaiting.csv, changes.csv and the history of plans",
        keys=("projection", "breakdown", "row", "year"),
        values={"children": Unit.CHILDREN},
        frame=frame,
        across=("projection", "year"),
        headings={"breakdown": "Breakdown", "row": "Row of the form"},
        notes=(
            knows.counted.total_words,
            age_words(age),
            knows.counted.age_words,
            TWICE,
            BOTH,
            WHERE,
            NEEDS_NOTE,
            NEWEST,
        ),
    )


def _younger(here: pd.DataFrame) -> bool:
    """Whether the sheet for post-16 holds children of an age it has no row for."""
    return bool((~here["age_band"].isin(rows.POST_16_BANDS)).any())
