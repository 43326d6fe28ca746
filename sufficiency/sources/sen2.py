"""DfE's "Education, health and care plans" (SEN2) by local authority, 2010 to 2022: plans by age band as the history of
a projection, requests for assessment as its signals.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sufficiency.problems import InputError, Problem

CASELOAD, NEW_PLANS = "Total_all", "Total_new_all"
"""Columns that count statements and plans together: the change from the one to the other (2014 to 2018) is no break."""
_NEEDED = ("time_period", "geographic_level", "la_name", "new_la_code", "characteristic_age")


def read_sen2_age(path: str | Path, level: str = "Local authority", by: str = "la_name") -> pd.DataFrame:
    """The frame `la, age_band, year, plans` of a `sen2_age_caseload` or `sen2_age_new_plans` file, plain or gzipped.

    `year` is the calendar year as published: of the January count for the caseload, of the year through for new plans.
    `by`: the column that names an authority. Cells that are `x`, `z` or `c` stay as they are. Raises InputError where
    the file is another one.
    """
    published = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    count = next((name for name in (CASELOAD, NEW_PLANS) if name in published.columns), None)
    missing = [name for name in _NEEDED if name not in published.columns]
    if count is None or missing:
        what = f"not a SEN2 file by age: it has no column {', '.join(missing) or CASELOAD}"
        raise InputError([Problem(what, Path(path).name, fix="give sen2_age_caseload or sen2_age_new_plans")])
    rows = published[published["geographic_level"] == level]
    name = "country_name" if level == "National" else by
    return pd.DataFrame(
        {
            "la": rows[name].to_numpy(),
            "age_band": rows["characteristic_age"].str.casefold().str.removeprefix("age ").to_numpy(),
            "year": rows["time_period"].astype(int).to_numpy(),
            "plans": rows[count].to_numpy(),
        }
    )


def read_sen2_requests(path: str | Path, by: str = "new_la_code") -> pd.DataFrame:
    """The frame `la, year, requests, refused, undecided` of a `sen2_requests` file, plain or gzipped, for
    `sufficiency.forecast.project`.

    `year` is that of the January count after the calendar year of the requests. `by`: the column that names an
    authority. Cells stay as published. Raises InputError where the file is another one.
    """
    published = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    counts = ["requests", "refused", "undecided"]
    missing = [name for name in ("calendar_year", by, *counts) if name not in published.columns]
    if missing:
        what = f"not a file of requests: it has no column {', '.join(missing)}"
        raise InputError([Problem(what, Path(path).name, fix="give sen2_requests")])
    year = published["calendar_year"].astype(int) + 1
    return published[counts].assign(la=published[by], year=year)[["la", "year", *counts]]
