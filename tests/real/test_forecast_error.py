"""The projection by age band on DfE's tables (../shared/data/dfe, OGL v3): what the documentation says of its errors
holds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sufficiency.forecast import project
from sufficiency.forecast.band_backtest import POOLED, WITH_SIGNALS, band_outcomes
from sufficiency.forecast.scores import OURS, scored, with_chance
from sufficiency.sources.sen2 import read_sen2_age, read_sen2_requests

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "dfe"
FILE = FOLDER / "sen2_age_caseload.csv.gz"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def history(require: Callable[[str, bool, str], None]) -> pd.DataFrame:
    require("shared", FILE.is_file(), "../shared/data/dfe is absent")
    return read_sen2_age(FILE)


@pytest.fixture(scope="module")
def rows(history: pd.DataFrame) -> pd.DataFrame:
    return band_outcomes(history, range(2013, 2022))


@pytest.fixture(scope="module")
def with_signals(history: pd.DataFrame) -> pd.DataFrame:
    """Origins 2018 to 2021, from the years in which requests were counted."""
    places = pd.read_csv(FOLDER / "la_children_and_region.csv").rename(
        columns={"la_name": "la", "children_2_18": "children"}
    )
    signals = {
        "requests": read_sen2_requests(FOLDER / "sen2_requests.csv.gz", by="la_name"),
        "children": places[["la", "children"]],
        "regions": places[["la", "region"]],
        "new_plans": read_sen2_age(FOLDER / "sen2_age_new_plans.csv.gz"),
    }
    return band_outcomes(history, range(2018, 2022), signals=signals)


def test_signals_make_totals_better_than_every_rival_by_more_than_chance(with_signals: pd.DataFrame) -> None:
    totals = with_signals[with_signals["level"] == "total"]
    scores = with_chance(scored(totals), totals, WITH_SIGNALS)
    three = scores[scores["ahead"] == 3].set_index("method")
    assert three["origins"].tolist() == [2] * 6
    assert (three["behind_low"].drop(WITH_SIGNALS) > 0).all()
    assert three.loc[WITH_SIGNALS, "wis"] < 0.85 * three["wis"].drop([WITH_SIGNALS, OURS]).min()
    assert three["mape"].drop([WITH_SIGNALS, OURS]).idxmin() == POOLED
    off = totals[(totals["ahead"] == 3) & (totals["method"] == WITH_SIGNALS)]
    usual = (off["forecast"] / off["actual"] - 1).abs().groupby(off["origin"]).median()
    assert usual.mean() < 0.063


def test_signals_make_age_bands_better_too(with_signals: pd.DataFrame) -> None:
    bands = with_signals[with_signals["level"] == "age band"]
    scores = with_chance(scored(bands), bands, WITH_SIGNALS)
    assert (scores["behind_low"].dropna() > 0).all()
    assert len(scores) == 3 * 6


def test_intervals_with_signals_hold_what_they_say(with_signals: pd.DataFrame) -> None:
    ours = scored(with_signals[with_signals["method"] == WITH_SIGNALS]).set_index(["level", "ahead"])
    assert ours["coverage"].between(0.85, 0.965).all()


@pytest.mark.parametrize("level", ["total", "age band"])
@pytest.mark.parametrize("first", [2013, 2016, 2017])
def test_three_years_ahead_no_rival_does_better_on_the_median_authority(
    rows: pd.DataFrame, level: str, first: int
) -> None:
    scores = scored(rows[rows["origin"] >= first])
    three = scores[(scores["level"] == level) & (scores["ahead"] == 3)].set_index("method")["mase"]
    assert three.idxmin() == OURS
    assert len(three) == 5


@pytest.mark.parametrize("level", ["total", "age band"])
@pytest.mark.parametrize("origin", [2016, 2017, 2018, 2019])
def test_each_origin_since_the_reform_is_won(rows: pd.DataFrame, level: str, origin: int) -> None:
    scores = scored(rows[(rows["origin"] == origin) & (rows["level"] == level) & (rows["ahead"] == 3)])
    assert scores.set_index("method")["mase"].idxmin() == OURS


@pytest.mark.parametrize("first", [2016, 2018])
def test_intervals_hold_what_they_say(rows: pd.DataFrame, first: int) -> None:
    ours = scored(rows[(rows["method"] == OURS) & (rows["origin"] >= first)])
    held = ours.set_index(["level", "ahead"])["coverage"]
    assert len(held) == 6
    assert held.between(0.85, 0.955).all()


def test_intervals_of_one_authority_alone_hold_too(history: pd.DataFrame) -> None:
    """Every fifth authority from 2019 and 2020; the shipped widths were learnt from the years to 2022."""
    inside: dict[bool, list[bool]] = {True: [], False: []}
    given = history.assign(plans=pd.to_numeric(history["plans"], errors="coerce")).dropna()
    for la in sorted(given.loc[given["year"] == 2022, "la"].unique())[::5]:
        its = given[given["la"] == la]
        for origin in (2019, 2020):
            past = its[its["year"] <= origin]
            if origin not in set(past["year"]):
                continue
            projected = project(past, range(origin + 1, 2023)).merge(its, on=["la", "age_band", "year"])
            for row in projected.itertuples():
                inside[row.age_band == "total"].append(row.p05 <= row.plans <= row.p95)
    for held in inside.values():
        assert 0.85 <= sum(held) / len(held) <= 0.97


def test_boundary_changes_leave_no_authority_out(history: pd.DataFrame) -> None:
    projected = project(history, 3)
    last = set(history[history["year"] == 2022]["la"])
    assert set(projected["la"]) == last
    assert len(last) == 152
    assert projected["p50"].notna().all()
    notes = " ".join(projected.attrs["notes"])
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
