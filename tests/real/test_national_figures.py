"""Figures of England that the forecast leans on, redone from DfE's tables (../shared/data/dfe, OGL v3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sufficiency.forecast.doubts import HIGHEST_SHARE
from sufficiency.forecast.outlook import REFORM
from sufficiency.shipped import reference_file

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "dfe"
pytestmark = pytest.mark.real


@pytest.fixture(autouse=True)
def there(require: Callable[[str, bool, str], None]) -> None:
    require("shared", FOLDER.is_dir(), "../shared/data/dfe is absent")


def test_no_authority_has_had_half_the_share_that_is_doubted() -> None:
    plans = pd.read_csv(FOLDER / "sen2_age_caseload.csv.gz", low_memory=False)
    plans = plans.query("time_period == 2022 and characteristic_age == 'Age 11 to 15'")
    plans = plans.assign(plans=pd.to_numeric(plans["Total_all"], errors="coerce"))
    local = plans[plans["geographic_level"] == "Local authority"]
    children = pd.read_csv(FOLDER / "la_children_and_region.csv")[["new_la_code", "children_2_18"]]
    local = local.merge(children, on="new_la_code", validate="one_to_one")
    share = local["plans"] / (local["children_2_18"] * 5 / 17)
    highest = share.max()
    assert local["la_name"][share.idxmax()] == "Torbay"
    assert highest == pytest.approx(0.076, abs=0.0005)
    england = float(plans.loc[plans["geographic_level"] == "National", "plans"].iloc[0])
    ages = pd.read_csv(FOLDER / "england_2025_primary_need_by_age.csv", encoding="utf-8-sig").set_index("breakdown")
    since = ages.loc[[f"age {age}" for age in range(11, 16)], "ehc_plans"].sum() / england
    assert since == pytest.approx(233_317 / 167_305)
    peak = max(REFORM.values()) / REFORM[2024]
    assert highest * since * peak == pytest.approx(HIGHEST_SHARE, abs=0.005)


def test_plans_begun_are_as_published_a_year_group_on() -> None:
    given = pd.read_csv(FOLDER / "england_2024_new_plans_need_by_age.csv", encoding="utf-8-sig").set_index("breakdown")
    shipped = pd.read_csv(reference_file("england_new_plans_by_year_group.csv"), index_col="ncy")
    for ncy, row in shipped.iterrows():
        age = {-1: "age 2 and under", 17: "age 20 and over"}.get(int(ncy), f"age {int(ncy) + 3}")
        assert row.tolist() == given.loc[age, [f"number_{need.lower()}" for need in shipped.columns]].tolist()
    assert len(shipped) == len(given)
