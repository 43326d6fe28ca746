"""Tables 10 to 12 of the Local SEND Reform Plan, of which a plan of places knows little: requests for assessment,
assessments, and those that end in a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sufficiency.report.content.returns import rows
from sufficiency.report.content.returns.form import Return, completed
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit

TITLES = {
    "10": ("Requests", "requests for an EHC needs assessment"),
    "11": ("Assessments", "EHC needs assessments"),
    "12": ("New plans", "EHC needs assessments that result in a plan"),
}
ALL = "All ages"
NOT_FORECAST = "the model does not forecast {what}: they come from SEN2 and the council's own forecast"
NO_AGES = "the model file has requests by year and not by age"


def blank_tables(planned: Planned) -> list[Return]:
    """Tables 10, 11 and 12; of table 10 the council's own requests of past years, where the model file has them."""
    forecast = planned.case.model.forecast
    requests: dict[int, float] = {}
    for key, count in (forecast.requests if forecast else {}).items():
        requests[int(key[:4])] = requests.get(int(key[:4]), 0.0) + float(count)
    return [_table(code, *words, requests if code == "10" else {}) for code, words in TITLES.items()]


def _table(code: str, short: str, what: str, known: Mapping[int, float]) -> Return:
    def why(row: Mapping[str, Any]) -> str:
        if row["year"] in known:
            return "" if row["age_band"] == ALL else NO_AGES
        return NOT_FORECAST.format(what=what)

    counts = pd.DataFrame(
        [(year, ALL, count) for year, count in known.items()], columns=["year", "age_band", "children"]
    )
    frame = completed(
        counts,
        ("year", "age_band"),
        (rows.LSRP_YEARS, [*rows.BANDS, ALL]),
        why,
        lambda row: "of the calendar year, as in the model file",
    )
    return Return(
        name=f"lsrp_{code}",
        code=f"LSRP {code}",
        short=short,
        title=f"Number of {what}, by age",
        about="A row is an age band.",
        source="the model file",
        keys=("year", "age_band"),
        values={"children": Unit.CHILDREN},
        frame=frame,
        across=("year",),
        headings={"age_band": "Age"},
    )
