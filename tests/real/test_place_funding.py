"""The rule from academic to financial years against DfE's deductions for places, 2023-24, every authority
(../shared/data/finance; DfE, Dedicated Schools Grant 2023 to 2024 allocations, OGL v3).

Of the 927 amounts above nil all but 31 are the rule rounded up to a whole pound. The exceptions, all of £1, are
rounding too: 27 stand £1 above a rule that comes to whole pounds (schools rounded up one by one: 1 and 2 places from
April to August are £4,166.67 and £8,333.33, so £4,167 and £8,334 and not £12,500), and 4 were rounded down.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency.plan.instance.budget_lines import in_financial_years

FILE = (
    Path(__file__).resolve().parents[3] / "shared" / "data" / "finance" / "dsg_2023_24_high_needs_place_deductions.csv"
)

pytestmark = pytest.mark.real

POUNDS_A_PLACE = {
    "funded_at_6_000": 6_000,
    "funded_at_10_000": 10_000,
    "mainstream_academies_special_educational_needs_sen_units_and_resourced_provision_post_16": 6_000,
    "pre_16_alternative_provision": 10_000,
    "special_academies": 10_000,
    "special_free_schools": 10_000,
    "alternative_provision_ap_academies_and_free_schools_pre_16": 10_000,
    "alternative_provision_ap_academies_and_free_schools_post_16": 6_000,
    "16_19_academies": 6_000,
    "further_education": 6_000,
}
"""£ a place and year by the first of these words that a group's name has (DfE, high needs place funding)."""
FUNDED, ROUNDED_UP_BY_SCHOOL, ROUNDED_DOWN = 927, 27, 4
"""Amounts above nil; of them £1 above the rule rounded up; of them rounded down."""


@pytest.fixture(scope="module")
def published(require: Callable[[str, bool, str], None]) -> pd.DataFrame:
    """A row for each authority and group: places before and after September 2023 (post-16: August) and £ deducted."""
    require("shared", FILE.is_file(), "../shared/data/finance is absent")
    table = pd.read_csv(FILE)
    columns = list(table.columns[2:])
    groups = []
    for before, after, deducted in zip(columns[0:-1:3], columns[1:-1:3], columns[2:-1:3], strict=True):
        group = re.sub(r"_(april|september|august)_202.*", "", before)
        values = table[[before, after, deducted]].set_axis(["before", "after", "pounds"], axis=1)
        groups.append(values.assign(authority=table["la_name"], group=group, post_16="july" in before))
    rows = pd.concat(groups, ignore_index=True)
    return rows[(table["la_code"] != "ENGLAND").to_numpy()[rows.index % len(table)]]


def by_the_rule(places: pd.DataFrame) -> pd.Series:
    """£ in 2023-24 from two academic years, by the code that makes `spend_financial.csv`."""
    rate = places["group"].map(
        {
            group: next(pounds for words, pounds in POUNDS_A_PLACE.items() if words in group)
            for group in places["group"].unique()
        }
    )
    years = [places.assign(year=year, pounds=places[column] * rate, row=places.index) for year, column in
             ((2022, "before"), (2023, "after"))]  # fmt: skip
    spread = in_financial_years(pd.concat(years, ignore_index=True), {})
    return spread[spread["financial_year"] == 2023].groupby("row")["pounds"].sum()


def test_every_authority_to_the_pound(published: pd.DataFrame) -> None:
    places = published[~published["group"].str.contains("hospital")]
    assert places["authority"].nunique() == 151
    rule = by_the_rule(places).round(6)
    funded = places["pounds"] > 0
    assert int(funded.sum()) == FUNDED
    assert ((places["pounds"] - rule).abs() <= 1).all()
    off = places["pounds"] - np.ceil(rule)
    assert dict(off[off != 0].value_counts()) == {1.0: ROUNDED_UP_BY_SCHOOL, -1.0: ROUNDED_DOWN}
    # £1 more only where the rule comes to whole pounds: the parts of several schools were rounded up
    assert (rule[off == 1] == rule[off == 1].round()).all()
    assert set(places["authority"][off == -1]) == {"Croydon", "Birmingham", "Oldham", "Kent"}


def test_hospital_education_is_money_not_places(published: pd.DataFrame) -> None:
    """Its months are published in pounds: they add up."""
    rows = published[published["group"].str.contains("hospital")]
    assert ((rows["before"] + rows["after"] - rows["pounds"]).abs() <= 1).all()
