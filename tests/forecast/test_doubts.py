"""What is said of a forecast that is hard to believe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sufficiency import api
from sufficiency.forecast.doubts import demand_apart, too_many_plans
from sufficiency.forecast.inputs import Inputs, read_inputs
from sufficiency.forecast.run import expected_children, expected_plans, forecast
from sufficiency.model_file import read_model
from sufficiency.problems import Problem
from tests.forecast.small import fine_history, small_model


def inputs_of(folder: Path, people_at_secondary: float) -> Inputs:
    """A population of 10,000 at each age, but for ages 11 to 15."""
    people = pd.DataFrame(
        [(age, year, people_at_secondary if 11 <= age <= 15 else 10_000) for age in range(26) for year in (2020, 2030)],
        columns=["age", "year", "people"],
    )
    return read_inputs(read_model(small_model(folder, fine_history(), population=people)))


def test_more_of_an_age_with_a_plan_than_is_known_anywhere_is_said(tmp_path: Path) -> None:
    # areas of weights 2, 1 and 3, three needs and five year groups, 1 + 0.1 × 5 years: 135 plans at 11 to 15 in 2025.
    # Of 5 × 150 people that is 18 %
    inputs = inputs_of(tmp_path, 150)
    (doubts,) = too_many_plans(inputs)
    assert "aged 11 to 15" in doubts.what
    assert "of 750 people" in doubts.what
    assert "for the first time in 2025" in doubts.what
    assert doubts.severity == "warning"
    plans = expected_plans(inputs)[:, :, 11:16].sum(axis=(1, 2))
    assert plans[0] == pytest.approx(135)
    assert f"{plans.max() / 750:.0%}" in doubts.what


def test_a_share_that_is_known_elsewhere_is_not_doubted(tmp_path: Path) -> None:
    # 135 of 5 × 1,000 people: 2.7 %
    assert too_many_plans(inputs_of(tmp_path, 1_000)) == []


def test_without_a_population_no_share_is_known(tmp_path: Path) -> None:
    assert too_many_plans(read_inputs(read_model(small_model(tmp_path, fine_history())))) == []


def test_the_command_says_it_too(tmp_path: Path) -> None:
    inputs_of(tmp_path, 150)
    said: list[Problem] = []
    made = api.forecast_to_folder(tmp_path / "toy.toml", folder=tmp_path / "out", warn=said.extend)
    assert sum("aged 11 to 15" in problem.what for problem in said) == 1
    assert any("aged 11 to 15" in text for text in made.summary["warnings"])


def test_demand_and_forecast_apart_are_said_once_with_the_figures_of_each_year(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, fine_history())))
    inside = inputs.phase_of >= 0
    children = expected_children(inputs)[1:, :, inside].sum(axis=(1, 2))
    # the forecast is 4 %, 6 % and 10 % above the table
    demand = pd.DataFrame({"year": [2026, 2027, 2028], "children": children / [1.04, 1.06, 1.10]})
    (doubts,) = demand_apart(inputs, demand, "demand.csv")
    assert "up to 10% apart (2028)" in doubts.what
    figures = [
        f"{year} {own:,.0f} and {other:,.0f}" for year, own, other in zip(*_columns(demand), children, strict=True)
    ]
    assert figures[0] not in doubts.what
    assert doubts.what.endswith("; ".join(figures[1:]))
    assert doubts.file == "demand.csv"
    close = pd.DataFrame({"year": [2026, 2027, 2028], "children": children / [1.04, 0.96, 1.049]})
    assert demand_apart(inputs, close, "demand.csv") == []


def _columns(demand: pd.DataFrame) -> tuple[list[int], list[float]]:
    return demand["year"].tolist(), demand["children"].tolist()


def test_expected_children_are_the_mean_of_the_paths(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, fine_history())))
    inputs = replace(inputs, choice=inputs.choice.model_copy(update={"paths": 2_000}))
    inside = inputs.phase_of >= 0
    means = forecast(inputs, quick=True).demand.groupby("year")["children"].sum()
    expected = expected_children(inputs)[1:, :, inside].sum(axis=(1, 2))
    assert means[1:].to_numpy() == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(("section", "used"), [(True, "the forecast"), (False, "the demand table")])
@pytest.mark.slow
def test_check_says_which_of_the_two_the_plan_uses(tmp_path: Path, section: bool, used: str) -> None:
    path = small_model(tmp_path, fine_history())
    if not section:
        path.write_text(path.read_text(encoding="utf-8").replace("[forecast]\npaths = 200\n", ""), encoding="utf-8")
    problems, picture = api.inspect(path)
    (doubts,) = [problem for problem in problems if "apart" in problem.what]
    assert f"the plan uses {used};" in doubts.what
    assert picture is not None
    assert sum("apart" in problem.what for problem in api.read(path).warnings) == 1


def test_a_history_that_cannot_be_read_does_not_stop_a_plan_that_does_not_use_it(tmp_path: Path) -> None:
    path = small_model(tmp_path, fine_history().rename(columns={"plans": "number"}))
    path.write_text(path.read_text(encoding="utf-8").replace("[forecast]\npaths = 200\n", ""), encoding="utf-8")
    doubts = [problem for problem in api.read(path).warnings if problem.file == "history.csv"]
    assert doubts
    assert {problem.severity for problem in doubts} == {"warning"}
