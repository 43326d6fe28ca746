"""Signals of the projection by age band: how frames are read, and answers by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sufficiency.forecast import pooled, project
from sufficiency.forecast.band_history import TOTAL, BandHistory, Inherited, read_band_history
from sufficiency.forecast.pooled import CLIP
from sufficiency.forecast.signal_tables import lay_out, read_signal_tables
from sufficiency.forecast.signals import (
    DIRECT,
    REGION_RIDGE,
    RIDGE,
    SIGNALS,
    SPREAD_POWER,
    distances,
    forecast_by,
    learn,
    raw_over_years,
    spread_over,
)
from sufficiency.problems import InputError
from tests.forecast.test_bands import COLUMNS, many


def requests_of(history: pd.DataFrame, rate: float = 0.2) -> pd.DataFrame:
    """Requests, a quarter refused and a tenth undecided, of every authority and year."""
    totals = history[history["age_band"] == TOTAL]
    asked = rate * totals["plans"]
    return pd.DataFrame(
        {
            "la": totals["la"],
            "year": totals["year"],
            "requests": asked,
            "refused": asked / 4,
            "undecided": asked / 10,
        }
    )


def led_by_requests(authorities: int = 60) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Authorities that grow in a year by 5 % and by as much more as they were asked in the year before."""
    rng = np.random.default_rng(3)
    busy = rng.random((authorities, 9))
    growth = 0.05 + 0.1 * busy
    totals = 1000 * np.exp(np.concatenate([np.zeros((authorities, 1)), np.cumsum(growth, axis=1)], axis=1))
    rows, asked = [], []
    for number in range(authorities):
        for year in range(9):
            name, plans = f"LA {number:02d}", float(totals[number, year])
            rows.append((name, TOTAL, 2014 + year, plans))
            asked.append((name, 2014 + year, plans * (0.1 + 0.2 * busy[number, year]), np.nan, np.nan))
    history = pd.DataFrame(rows, columns=["la", "age_band", "year", "plans"])
    return history, pd.DataFrame(asked, columns=["la", "year", "requests", "refused", "undecided"])


def test_the_contract_with_signals() -> None:
    history = many()
    names = history["la"].unique()
    children = pd.DataFrame({"la": names, "children": 20_000 + 100 * np.arange(len(names))})
    regions = pd.DataFrame({"la": names, "region": np.where(np.arange(len(names)) % 2, "North East", "South West")})
    begun = history.assign(plans=history["plans"] * 0.2, year=history["year"] - 1)
    ahead = project(history, 3, 0, requests_of(history), children, regions, begun)
    assert list(ahead.columns) == COLUMNS
    assert len(ahead) == 40 * 6 * 3
    assert (ahead["p05"] <= ahead["p50"]).all()
    assert (ahead["p50"] <= ahead["p95"]).all()
    sums = ahead.pivot_table(index=["la", "year"], columns="age_band", values="p50")
    assert np.allclose(sums.drop(columns=TOTAL).sum(axis=1), sums[TOTAL])


def test_authorities_with_more_requests_grow_more_where_they_have_done_so() -> None:
    history, requests = led_by_requests()
    without = project(history, 1).set_index("la")["p50"]
    ahead = project(history, 1, requests=requests).set_index("la")["p50"]
    last = history[history["year"] == 2022].set_index("la")["plans"]
    asked = requests[requests["year"] == 2022].set_index("la")["requests"] / last
    came = last * np.exp(0.05 + 0.1 * (asked - 0.1) / 0.2)  # how the history was made
    assert (ahead - came).abs().sum() < 0.5 * (without - came).abs().sum()


def test_signals_narrow_the_interval_by_what_they_explain() -> None:
    history, requests = led_by_requests()
    without, ahead = project(history, 1), project(history, 1, requests=requests)
    assert (ahead["p95"] - ahead["p05"]).mean() < (without["p95"] - without["p05"]).mean()


def test_one_council_that_is_asked_more_than_england_grows_more() -> None:
    alone = many(1, 8, growth=0.1)
    given = [project(alone, 3, requests=requests_of(alone, rate))["p50"].sum() for rate in (0.1, 0.2, 0.4)]
    assert given[0] < given[1] < given[2]


def test_what_one_council_does_not_know_counts_as_average() -> None:
    """England asked 93,302 times for 473,255 plans in January 2022, 20,830 refused and 22,654 undecided."""
    alone = many(1, 8, growth=0.1)
    plans = alone.query("age_band == 'total' and year == 2022")["plans"].iloc[0]
    asked = (plans + 1) * (93_302 + 0.5) / (473_255 + 1) - 0.5
    # the shares are those of England too
    refused, undecided = asked * 20_830 / 93_302, (plans + 1) * 22_654 / (473_255 + 1)
    as_england = pd.DataFrame([("LA 00", 2022, asked, refused, undecided)], columns=list(requests_of(alone).columns))
    unknown = as_england.assign(requests="x", refused="", undecided=None)
    regions = pd.DataFrame({"la": ["LA 00"], "region": ["c"]})
    expected = project(alone, 3, requests=as_england)["p50"].to_numpy()
    assert project(alone, 3, requests=unknown)["p50"].to_numpy() == pytest.approx(expected, rel=1e-12)
    assert project(alone, 3, regions=regions)["p50"].to_numpy() == pytest.approx(expected, rel=1e-12)


def test_one_count_alone_has_no_growth_and_takes_englands() -> None:
    alone = many(1, 1).assign(year=2022)
    regions = pd.DataFrame({"la": ["LA 00"], "region": [""]})
    ahead = project(alone, 1, regions=regions).query("age_band == 'total'")["p50"].iloc[0]
    plans = alone.query("age_band == 'total'")["plans"].iloc[0]
    # England from 430,697 to 473,255, hardly damped in the first year
    growth = np.log(473_256 / 430_698) * 0.5**0.001
    assert ahead + 1 == pytest.approx((plans + 1) * np.exp(growth))


def test_a_region_of_one_council_is_found_however_it_is_written() -> None:
    alone = many(1, 8)
    ways = ["Yorkshire and The Humber", " yorkshire  & the humber "]
    given = [project(alone, 2, regions=pd.DataFrame({"la": ["LA 00"], "region": [one]}))["p50"] for one in ways]
    assert given[0].equals(given[1])
    assert not given[0].equals(project(alone, 2, regions=pd.DataFrame({"la": ["LA 00"], "region": ["London"]}))["p50"])


def test_what_came_after_the_last_count_is_not_used_and_that_is_said() -> None:
    history, requests = led_by_requests()
    known = project(history[history["year"] <= 2020], 1, requests=requests[requests["year"] <= 2020])
    more = project(history[history["year"] <= 2020], 1, requests=requests)
    pd.testing.assert_frame_equal(known, more)
    assert any("120 rows after the last count" in note for note in more.attrs["notes"])


def test_plans_begun_are_those_of_the_calendar_year_before_the_count() -> None:
    history = many(2, 3)  # 2015 to 2017
    begun = pd.DataFrame([("LA 01", "5 to 10", 2016, 70)], columns=["la", "age_band", "year", "plans"])
    read, problems = read_signal_tables({"new_plans": begun})
    tables = lay_out(read, read_band_history(history))
    assert not problems
    assert tables.begun[1, 1].tolist()[2] == 70
    assert np.isnan(tables.begun).sum() == tables.begun.size - 1


def test_requests_cross_a_change_of_boundaries_as_plans_do() -> None:
    history = BandHistory(
        ("North", "Old", "South"),
        np.array([2019, 2020]),
        np.ones((3, 6, 2)),
        np.ones((3, 6, 2), dtype=bool),
        np.ones((3, 6), dtype=bool),
        np.zeros((3, 6), dtype=np.int64),
        inherited=(Inherited((1,), (0, 2), 1, (0.4, 0.6)),),
    )
    requests = pd.DataFrame(
        [("Old", 2019, 100, 20, "x"), ("North", 2020, 50, 5, 1), ("South", 2020, 70, 7, 2)],
        columns=["la", "year", "requests", "refused", "undecided"],
    )
    tables = lay_out(read_signal_tables({"requests": requests})[0], history)
    assert tables.requests[0, 0].tolist() == [40, 50]
    assert tables.requests[2, 1].tolist() == [12, 7]
    assert np.isnan(tables.requests[[0, 2], 2, 0]).all()


def test_a_frame_without_rows_counts_as_average() -> None:
    history, requests = led_by_requests()
    nothing = requests.assign(requests="x", refused="x", undecided="x")
    pd.testing.assert_frame_equal(project(history, 2, requests=requests.head(0)), project(history, 2, requests=nothing))


def test_authorities_that_the_history_does_not_have_are_left_out_and_said() -> None:
    children = pd.DataFrame({"la": ["LA 00", "Elsewhere"], "children": [10_000, 20_000]})
    read, _ = read_signal_tables({"children": children})
    tables = lay_out(read, read_band_history(many(2, 3)))
    assert tables.children[0] == 10_000
    assert tables.notes == ("children: 1 authorities that the history does not have",)


def test_children_of_none_are_not_known() -> None:
    children = pd.DataFrame({"la": ["LA 00", "LA 00"], "children": [0.0, 12_000]})
    read, problems = read_signal_tables({"children": children})
    assert not problems
    assert read["children"]["children"].tolist() == [12_000]


def test_every_frame_with_rows_that_make_no_sense_is_named_at_once() -> None:
    history = many(3).astype({"plans": object})
    history.loc[4, "plans"] = "many"
    requests = requests_of(many(3)).reset_index(drop=True).astype({"requests": object, "year": object})
    requests.loc[0, "requests"], requests.loc[1, "year"] = -3, "soon"
    children = pd.DataFrame({"la": ["LA 00", "LA 00"], "children": [100, 200]})
    regions = pd.DataFrame({"la": ["LA 00", "LA 00"], "region": ["London", "South East"]})
    with pytest.raises(InputError) as refused:
        project(history, 1, 0, requests, children, regions, pd.DataFrame({"la": ["LA 00"], "plans": [3]}))
    found = {(problem.file, problem.row, problem.column) for problem in refused.value.problems}
    assert {("history", 6, "plans"), ("requests", 2, "requests"), ("requests", 3, "year")} <= found
    assert {("children", 2, "children"), ("regions", 3, "region")} <= found
    assert any("new_plans frame has no column age_band, year" in problem.what for problem in refused.value.problems)


def test_raw_signals_by_hand() -> None:
    plans = np.array([[[9.0, 19], [99, 109], [199, 209], [149, 159], [39, 49], [499, 549]]])
    requests, begun = np.full((1, 3, 2), np.nan), np.full((1, 6, 2), np.nan)
    requests[0, :, 1], begun[0, 1, 1] = [110, 22, 55], 21.5
    raw = raw_over_years(plans, requests, np.array([10_000.0]), begun)[0, :, :, 1]
    asked = [np.log(110.5 / 550), 0.2, 0.1]
    grown = np.log(550 / 500)
    # 5 to 10: growth of the total and its own, under 5 against it and their growth, plans per child of all and its own
    expected = [grown, np.log(1.1), np.log(20 / 110), np.log(2), np.log(0.055), np.log(0.011), *asked, np.log(0.2)]
    assert raw[1] == pytest.approx(expected)
    # the total: its own growth and that of the 5 to 10 year olds; no band below, no plans begun
    assert raw[5, [0, 1, 4, 6, 7, 8]] == pytest.approx([grown, np.log(1.1), np.log(0.055), *asked])
    assert np.isnan(raw[5, [2, 3, 5, 9]]).all()
    assert np.isnan(raw[0, [2, 3]]).all(), "nothing is below the lowest band"


def test_distances_are_robust_and_cut() -> None:
    values = np.append(np.arange(-20.0, 21.0), 1000.0)[:, None]
    away = distances(values)[:, 0]
    # median 0.5, median distance to it 10.5
    assert away[20] == pytest.approx(-0.5 / (1.4826 * 10.5))
    assert away[-1] == CLIP
    assert np.isnan(distances(values[:20])).all(), "too few to compare"


def test_the_ridge_of_one_signal_by_hand() -> None:
    """Growth is the signal, in one year: the coefficient is 1 ÷ (1 + the pull), a region's nearer to 0."""
    away = np.linspace(-1, 1, 41)
    logs = np.stack([np.full(41, 30.0), np.full(41, 30.0), 30 + 0.1 * away], axis=1)[:, None]
    signal = np.stack([away] * 3, axis=1)[:, None, None] / (1.4826 * 0.5)
    lesson = learn(signal, np.zeros((41, 0)), logs)
    # median distance of the growth to 0: 0.05
    assert lesson.spread[0, 0] == pytest.approx(1.4826 * 0.05)
    assert lesson.coefficients[0, 0] == pytest.approx(1 / (1 + RIDGE))
    assert lesson.spread[0, 1] == pytest.approx(1.4826 * 0.05 * 2**SPREAD_POWER)
    regions = np.stack([away > 0.02, away < -0.02], axis=1).astype(float)
    alone = learn(np.zeros_like(signal), regions, logs).regions[0]
    assert alone[0] == pytest.approx(signal[away > 0.02, 0, 0, 0].mean() / (1 + REGION_RIDGE))


def test_the_spread_goes_on_as_it_has_grown() -> None:
    # 0.1 after one year and 0.3 after three: with time itself
    assert spread_over(np.array([[0.1, 0.2, 0.3]]), 5)[0] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert spread_over(np.array([[0.1, 0.2, 0.3]]), 2)[0] == pytest.approx([0.1, 0.2])


def test_a_forecast_by_hand() -> None:
    history = read_band_history(many(3, 3, growth=0.0).query("age_band == 'total'"))
    growth = np.full((6, 1), 0.1)
    ahead = forecast_by(history, growth, np.full((3, 6), 2.0), np.full((6, 3), 0.05), 1)
    now = history.plans[:, -1, -1]
    # of 10 % growth 0.5^(0.1³) is left in the first year; two spreads of 5 % more
    assert ahead[:, -1, 0] == pytest.approx((now + 1) * np.exp(0.1 * 0.5**0.001 + 0.1) - 1)


def test_bands_lie_between_this_model_and_the_course_of_year_by_year() -> None:
    history = read_band_history(many(40, 6))
    yearly = pooled.central(history, 2)
    growth = np.zeros((6, 1))
    ahead = forecast_by(history, growth, np.zeros((40, 6)), np.zeros((6, 3)), 2)
    direct = history.plans[..., -1]
    expected = np.exp(DIRECT * np.log1p(direct[:, :-1]) + (1 - DIRECT) * np.log1p(yearly[:, :-1, 0])) - 1
    expected *= (direct[:, -1] / expected.sum(axis=1))[:, None]
    assert ahead[:, :-1, 0] == pytest.approx(expected)


def test_the_shipped_figures_fit_the_signals() -> None:
    figures = pooled.shipped()["signals"]
    assert np.array(figures["coefficients"]).shape == np.array(figures["apart"]).shape == (6, len(SIGNALS))
    assert np.array(figures["spread"]).shape == (6, 3)
    assert all(len(effects) == 6 for effects in figures["regions"].values())
    assert len(figures["regions"]) == 9
