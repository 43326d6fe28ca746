"""Requests for assessment in a council's forecast, and the outlooks in which they rise or are refused less."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from sufficiency.forecast.asked import (
    asked_in,
    effect_of_requests,
    joining_times,
    requests_used,
    share_refused,
)
from sufficiency.forecast.cohort import WALK_LEFT, course
from sufficiency.forecast.flows import learn_rates
from sufficiency.forecast.inputs import read_inputs
from sufficiency.forecast.outlook import DECIDED_IN_YEAR, delayed
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.run import by_outlook, expected_plans, requests_say
from sufficiency.model.forecast import Forecast
from sufficiency.model_file import read_model
from tests.forecast.small import band_history, small_model

MONTHS = {f"2025-{month:02d}": 10.0 for month in range(1, 13)}


def test_a_year_is_its_twelve_months() -> None:
    choice = Forecast(requests={"2024": 100, **MONTHS}, refusals={"2024": 20})
    assert asked_in(choice, 2025)[0] == 120
    assert asked_in(choice, 2024).tolist()[:2] == [100, 20]
    assert np.isnan(asked_in(choice, 2023)).all()
    eleven = {key: count for key, count in MONTHS.items() if key != "2025-07"}
    assert np.isnan(asked_in(Forecast(requests=eleven), 2025)[0])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"requests": {"2025-13": 1}}, "not a calendar year or month"),
        ({"requests": {"2024/25": 1}}, "not a calendar year or month"),
        ({"requests": {"2025": 1, "2025-01": 1}}, "counted twice"),
        ({"requests": {2025: 1, " 2025": 2}}, "counted twice"),
        ({"requests": {"2025": -1}}, "greater than or equal to 0"),
        ({"requests": {"2025": 10}, "refusals": {"2025": 11}}, "more than its requests"),
        ({"refusals": {"2025": 1}}, "have no requests beside them"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Forecast(**wrong)  # type: ignore[arg-type]


def test_the_share_refused_is_the_latest_given_or_else_englands() -> None:
    choice = Forecast(requests={"2023": 100, "2024": 200}, refusals={"2023": 30})
    assert share_refused(choice, 2025) == pytest.approx(0.3)
    # England, calendar year 2024: 38,889 of 154,489
    assert share_refused(Forecast(), 2025) == pytest.approx(38_889 / 154_489)
    assert share_refused(Forecast(), 2022) == pytest.approx(25_255 / 114_482)


def test_a_council_asked_as_england_is_has_no_effect() -> None:
    """Calendar year 2021: 93,302 requests, 20,830 refused, 22,654 undecided, for 473,255 plans in January 2022."""
    share = 1_000 / 473_255
    alike = np.array([93_302.5 * 1_001 / 473_256 - 0.5, 20_830 * share, 22_654 * 1_001 / 473_256])
    alike[1] = alike[0] * 20_830 / 93_302
    assert effect_of_requests(alike, 1_000, 2021) == pytest.approx(0, abs=1e-9)
    assert effect_of_requests(np.full(3, np.nan), 1_000, 2021) == 0


def test_an_effect_by_hand() -> None:
    """One robust deviation more requests per plan: its coefficient times the spread in three years."""
    figures = shipped()["signals"]
    more = 93_302.5 / 473_256 * 1_001 * math.exp(figures["apart"][-1][6]) - 0.5
    effect = effect_of_requests(np.array([more, np.nan, np.nan]), 1_000, 2021)
    assert effect == pytest.approx(figures["coefficients"][-1][6] * figures["spread"][-1][2])
    assert 0.01 < effect < 0.04


def test_joining_is_as_many_times_as_the_effect_asks_for_and_fades() -> None:
    plans = np.full((4, 14, 25), 20.0)
    people = np.ones((9, 25))
    rates = learn_rates(plans, people[:4], np.arange(25))
    level, extra = np.ones(5), np.zeros((5, 14, 25))
    times = joining_times(0.05, plans[-1], rates, people[4:], level, extra)
    usual, more = (course(plans[-1], rates, people[4:], factor, extra)[3].sum() for factor in (level, level * times))
    assert more == pytest.approx(usual * math.exp(0.05), rel=1e-6)
    assert times[0] == times[2] > 1
    assert np.log(times[4]) == pytest.approx(np.log(times[2]) * WALK_LEFT**2)
    assert joining_times(0.0, plans[-1], rates, people[4:], level, extra).tolist() == [1] * 5


def test_requests_become_plans_in_part_a_year_later() -> None:
    # a third more for two years: 32 weeks of 52 in the first, all in the second, 20 weeks of it in the third
    times = delayed(np.array([4 / 3, 4 / 3, 1]))
    assert times == pytest.approx([1 + DECIDED_IN_YEAR / 3, 4 / 3, 1 + (1 - DECIDED_IN_YEAR) / 3])


def test_requests_move_the_forecast_and_the_back_test_sees_only_those_of_its_day(tmp_path: Path) -> None:
    def forecast_with(name: str, requests: str) -> np.ndarray:
        folder = tmp_path / name
        folder.mkdir()
        inputs = read_inputs(read_model(small_model(folder, band_history(), requests)))
        earlier = expected_plans(inputs.until(4))[-1].sum()
        return np.array([expected_plans(inputs)[-1].sum(), earlier])

    few, many = forecast_with("few", "requests = { 2025 = 60 }"), forecast_with("many", "requests = { 2025 = 240 }")
    without = forecast_with("without", "")
    assert few[0] < without[0] < many[0]
    assert few[1] == without[1] == many[1]
    assert forecast_with("earlier", "requests = { 2024 = 240 }")[1] > without[1]


def test_requests_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, band_history(), 'requests = { "2025-01" = 20 }')))
    assert any("are incomplete" in note.what for note in inputs.notes)
    assert requests_say(inputs) == 0
    used, said = requests_used(Forecast(requests={"2025": 20}, counts="specialist"), 2025, "toy.toml")
    assert used.requests == {}
    assert said[0].severity == "warning"


def test_each_outlook_stands_against_the_trend(tmp_path: Path) -> None:
    section = "requests = { 2025 = 100 }\nrefusals = { 2025 = 40 }"
    table = by_outlook(read_inputs(read_model(small_model(tmp_path, band_history(), section))))
    last = table[table["year"] == 2028].set_index("outlook")
    assert last.loc["trend", "plans_more"] == 0
    assert (last.loc[["requests_rise", "refusals_fall"], "plans_more"] > 0).all()
    assert last.loc["stabilise", "plans_more"] < 0
    assert (last["plans"] - last.loc["trend", "plans"]).to_numpy() == pytest.approx(last["plans_more"].to_numpy())
    # a third more requests, or 80 of a hundred granted in place of 60: a third more plans either way
    assert last.loc["refusals_fall", "plans"] == pytest.approx(last.loc["requests_rise", "plans"], rel=3e-3)
    assert sorted(table["year"].unique()) == [2026, 2027, 2028]
