"""The projection by age band on DfE's tables (../shared/data/dfe, OGL v3): what the documentation says of its errors
holds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sufficiency.forecast import project
from sufficiency.forecast.band_backtest import band_outcomes
from sufficiency.forecast.scores import OURS, scored
from sufficiency.sources.sen2 import read_sen2_age

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "dfe" / "sen2_age_caseload.csv.gz"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def history(require: Callable[[str, bool, str], None]) -> pd.DataFrame:
    require("shared", FILE.is_file(), "../shared/data/dfe is absent")
    return read_sen2_age(FILE)


@pytest.fixture(scope="module")
def scores(history: pd.DataFrame) -> pd.DataFrame:
    return scored(band_outcomes(history, range(2017, 2022)))


@pytest.mark.parametrize("level", ["total", "age band"])
def test_three_years_ahead_no_rival_does_better_on_the_median_authority(scores: pd.DataFrame, level: str) -> None:
    three = scores[(scores["level"] == level) & (scores["ahead"] == 3)].set_index("method")["mase"]
    assert three.idxmin() == OURS
    assert len(three) == 5


@pytest.mark.parametrize("level", ["total", "age band"])
def test_each_origin_of_the_reformed_system_is_won(history: pd.DataFrame, level: str) -> None:
    for origin in (2017, 2018, 2019):
        told = scored(band_outcomes(history, [origin]))
        three = told[(told["level"] == level) & (told["ahead"] == 3)].set_index("method")["mase"]
        assert three.idxmin() == OURS, origin


def test_intervals_hold_what_they_say(scores: pd.DataFrame) -> None:
    ours = scores[scores["method"] == OURS]
    one, three = (ours[ours["ahead"] == ahead].set_index("level")["coverage"] for ahead in (1, 3))
    assert one.between(0.85, 0.97).all()
    assert three.between(0.85, 0.98).all()


def test_boundary_changes_leave_no_authority_out(history: pd.DataFrame) -> None:
    told = project(history, 3)
    last = set(history[history["year"] == 2022]["la"])
    assert set(told["la"]) == last
    assert len(last) == 152
    assert told["p50"].notna().all()
    notes = " ".join(told.attrs["notes"])
    for name in ("Bournemouth", "Northamptonshire", "Dorset"):
        assert name in notes


def test_what_was_published_later_is_inside(history: pd.DataFrame) -> None:
    """England, January 2025, by age: DfE, Education, health and care plans 2025."""
    whole = project(history, [2025]).groupby("age_band")["p50"].sum()
    published = {"5 to 10": 212_994, "11 to 15": 233_317, "16 to 19": 127_902, "total": 638_745}
    for band, plans in published.items():
        assert whole[band] == pytest.approx(plans, rel=0.05), band


def test_one_authority_alone_is_close_to_what_all_say_of_it(history: pd.DataFrame) -> None:
    among = project(history, 3).query("la == 'Devon' and age_band == 'total'")["p50"].to_numpy()
    alone = project(history[history["la"] == "Devon"], 3).query("age_band == 'total'")["p50"].to_numpy()
    assert alone == pytest.approx(among, rel=0.02)
