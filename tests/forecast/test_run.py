"""A forecast from files to demand: exact sums, levers, what is refused, and a plan made from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency import api
from sufficiency.forecast.backtest import council_outcomes, lost_to
from sufficiency.forecast.england import NEED_CODES
from sufficiency.forecast.inputs import read_inputs
from sufficiency.forecast.run import DemandForecast, forecast
from sufficiency.forecast.scores import OURS, scored, with_chance
from sufficiency.model_file import read_model
from sufficiency.problems import InputError
from tests.forecast.small import band_history, fine_history, small_model


def made(folder: Path, history: pd.DataFrame, section: str = "", **frames: pd.DataFrame) -> DemandForecast:
    return forecast(read_inputs(read_model(small_model(folder, history, section, **frames))))


def total(future: DemandForecast, year: int) -> float:
    return float(future.demand[future.demand["year"] == year]["children"].sum())


def test_totals_by_age_band_suffice(tmp_path: Path) -> None:
    future = made(tmp_path, band_history())
    assert sorted(future.demand["year"].unique()) == [2025, 2026, 2027, 2028]
    assert (future.demand["children"] >= 0).all()
    assert (future.demand["low"] <= future.demand["children"]).all()
    assert (future.demand["children"] <= future.demand["high"]).all()


def test_the_base_year_is_the_children_placed(tmp_path: Path) -> None:
    future = made(tmp_path, fine_history())
    placed = pd.read_csv(tmp_path / "placements.csv").groupby(["area", "need", "phase"])["children"].sum()
    base = future.demand[future.demand["year"] == 2025].groupby(["area", "need", "phase"])["children"].sum()
    base = base[base > 0]
    assert base.to_dict() == pytest.approx(placed[placed > 0].to_dict())


@pytest.mark.parametrize("history", [band_history(), fine_history()], ids=["bands", "fine"])
def test_means_add_up_exactly_at_every_level(tmp_path: Path, history: pd.DataFrame) -> None:
    future = made(tmp_path, history)
    by_level = future.levels.pivot_table(index="year", columns="level", values="mean", aggfunc="sum")
    whole = future.demand.groupby("year")["children"].sum()
    for level in by_level.columns:
        known = by_level[level].dropna()
        assert known.to_numpy() == pytest.approx(whole[known.index].to_numpy(), rel=1e-9), level


def test_percentiles_of_a_sum_are_narrower_than_the_sum_of_percentiles(tmp_path: Path) -> None:
    future = made(tmp_path, fine_history())
    last = future.levels[future.levels["year"] == 2028]
    areas, whole = last[last["level"] == "area"], last[last["level"] == "authority"].iloc[0]
    assert areas["p95"].sum() > whole["p95"]
    assert areas["p05"].sum() < whole["p05"]


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, fine_history())))
    pd.testing.assert_frame_equal(forecast(inputs).demand, forecast(inputs).demand)
    pd.testing.assert_frame_equal(forecast(inputs).levels, forecast(inputs).levels)


def test_another_seed_gives_other_paths(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    one, other = made(first, fine_history()), made(second, fine_history(), "seed = 7")
    assert one.demand["high"].tolist() != other.demand["high"].tolist()
    assert total(one, 2028) == pytest.approx(total(other, 2028), rel=0.1)


def test_inclusion_takes_its_share_and_no_more(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    lever = 'inclusion = { 2027 = 0.25 }\ninclusion_needs = ["ASD"]\ninclusion_phases = ["primary"]'
    without, with_it = (made(folder, fine_history(), text) for folder, text in ((first, ""), (second, lever)))

    def of(future: DemandForecast, need: str, phase: str, year: int) -> float:
        rows = future.levels[(future.levels["level"] == "need and phase") & (future.levels["year"] == year)]
        return float(rows[(rows["need"] == need) & (rows["phase"] == phase)]["mean"].iloc[0])

    assert of(with_it, "ASD", "primary", 2028) == pytest.approx(0.75 * of(without, "ASD", "primary", 2028), rel=1e-6)
    assert of(with_it, "ASD", "primary", 2026) == pytest.approx(of(without, "ASD", "primary", 2026))
    assert of(with_it, "SEMH", "primary", 2028) == pytest.approx(of(without, "SEMH", "primary", 2028))


def test_outlooks_differ_as_they_should(tmp_path: Path) -> None:
    plans = {}
    for outlook in ("trend", "stabilise", "reform"):
        folder = tmp_path / outlook
        folder.mkdir()
        by_year = made(folder, band_history(), f'outlook = "{outlook}"').plans
        plans[outlook] = float(by_year[(by_year["level"] == "authority") & (by_year["year"] == 2028)]["mean"].iloc[0])
    assert plans["stabilise"] < plans["trend"]
    # the reforms' path to 2028/29 is 5.3 × (7.7/5.3)^0.8 against 5.3 × (7.7/5.3)^0.2 in 2025/26: 25 % more
    start = band_history().query("year == 2025")["plans"].sum()
    assert plans["reform"] == pytest.approx(start * (7.7 / 5.3) ** 0.6, rel=0.03)


def test_new_homes_bring_children_to_their_area(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    homes = pd.DataFrame({"area": ["N2"], "year": [2026], "homes": [1000], "plans_per_home": [0.05]})
    without, with_it = made(first, fine_history()), made(second, fine_history(), housing=homes)

    def plans(future: DemandForecast) -> float:
        return float(
            future.plans[(future.plans["level"] == "authority") & (future.plans["year"] == 2026)]["mean"].iloc[0]
        )

    assert plans(with_it) - plans(without) == pytest.approx(50, abs=8)


def test_a_projection_of_people_moves_the_forecast(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    rows = [(age, year, 300) for age in range(26) for year in (2020, 2025, 2028)]
    level = pd.DataFrame(rows, columns=["age", "year", "people"])
    fewer = level.assign(people=level["people"].where(level["year"] < 2028, 150))
    assert total(made(second, band_history(), population=fewer), 2028) < total(
        made(first, band_history(), population=level), 2028
    )


def test_counts_of_specialist_places_need_no_shares(tmp_path: Path) -> None:
    placed = pd.read_csv(small_model(tmp_path).parent / "placements.csv")
    rows = [
        placed.assign(year=year, age_band=placed["phase"], plans=placed["children"])[
            ["area", "need", "age_band", "year", "plans"]
        ]
        .groupby(["area", "need", "age_band", "year"], as_index=False)
        .sum()
        for year in (2023, 2024, 2025)
    ]
    future = made(tmp_path, pd.concat(rows), 'counts = "specialist"\njoining_growth = 0.0')
    assert total(future, 2026) == pytest.approx(placed["children"].sum(), rel=0.35)


def test_a_plan_is_made_from_a_history(tmp_path: Path) -> None:
    case = api.read(small_model(tmp_path, fine_history()))
    assert case.tables.demand["children"].sum() > 0
    assert {"history", "areas"} <= set(case.tables.files)
    result = api.solve(case)
    assert result.summary["certificate"]["ok"]


def test_demand_may_name_the_history(tmp_path: Path) -> None:
    model = small_model(tmp_path, band_history())
    text = model.read_text(encoding="utf-8").replace('history = "history.csv"\n', "")
    model.write_text(text.replace('demand = "demand.csv"', 'demand = "history.csv"'), encoding="utf-8")
    assert set(api.read(model).tables.demand["year"]) == {2025, 2026, 2027, 2028}


def test_a_model_without_a_history_is_shown_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="history"):
        read_inputs(read_model(small_model(tmp_path)))


def test_everything_wrong_is_reported_at_once(tmp_path: Path) -> None:
    history = fine_history().astype({"plans": object, "area": object})
    history.loc[0, "area"] = "N9"
    history.loc[1, "plans"] = "c"
    people = pd.DataFrame({"age": [4, 99], "year": [2025, 2025], "people": [100, 100]})
    with pytest.raises(InputError) as refused:
        read_inputs(read_model(small_model(tmp_path, history, population=people)))
    message = str(refused.value)
    assert "suppressed" in message
    assert "99" in message


def test_what_is_wrong_in_other_tables_is_reported_with_it(tmp_path: Path) -> None:
    model = small_model(tmp_path, band_history().replace("5 to 10", "5 to 11"))
    costs = (tmp_path / "costs.csv").read_text(encoding="utf-8").replace("special_school", "specil_school")
    (tmp_path / "costs.csv").write_text(costs, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        api.read(model)
    assert {problem.file for problem in refused.value.problems} >= {"history.csv", "costs.csv"}
    assert "the demand forecast" not in str(refused.value)


def test_rows_of_mixed_grain_are_refused(tmp_path: Path) -> None:
    mixed = pd.concat([fine_history(), pd.DataFrame({"year": [2025], "plans": [100]})])
    with pytest.raises(InputError, match="counts everyone"):
        read_inputs(read_model(small_model(tmp_path, mixed)))


def test_a_band_that_is_none_says_how_bands_are_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not an age band.*5 to 10"):
        read_inputs(read_model(small_model(tmp_path, band_history().replace("5 to 10", "5 until 10"))))


def test_a_missing_year_is_filled_and_said(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, band_history([2020, 2021, 2023, 2024, 2025]))))
    assert any("2022" in note.what for note in inputs.notes)
    sums = inputs.plans.sum(axis=(1, 2))
    assert sums[2] == pytest.approx((sums[1] + sums[3]) / 2)


def test_a_history_that_ends_early_is_carried_to_the_base_year(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, band_history(range(2018, 2025)))))
    assert any("2025" in note.what for note in inputs.notes)
    assert set(forecast(inputs).demand["year"]) == {2025, 2026, 2027, 2028}


@pytest.mark.parametrize("years", [1, 2, 3, 12])
def test_a_history_of_any_length_is_forecast(tmp_path: Path, years: int) -> None:
    future = made(tmp_path, band_history(range(2026 - years, 2026)))
    assert np.isfinite(future.demand["children"]).all()


def test_a_back_test_hides_one_two_and_three_years(tmp_path: Path) -> None:
    rows = council_outcomes(read_inputs(read_model(small_model(tmp_path, fine_history()))))
    assert sorted(rows["origin"].unique()) == [2022, 2023, 2024]
    assert set(rows["level"]) == {"authority", "phase", "need", "area"}
    scores = scored(rows)
    ours = scores[scores["method"] == OURS]
    assert sorted(ours[ours["level"] == "area"]["ahead"]) == [1, 2, 3]
    assert ours["coverage"].between(0, 1).all()
    assert scores["method"].nunique() >= 5


def test_a_back_test_hides_five_years_where_there_are_enough(tmp_path: Path) -> None:
    rows = council_outcomes(read_inputs(read_model(small_model(tmp_path, fine_history(range(2016, 2026))))))
    assert sorted(rows["origin"].unique()) == [2020, 2021, 2022, 2023, 2024]
    ours = scored(rows).query("method == @OURS and level == 'need'").set_index("ahead")
    assert ours["origins"].tolist() == [5, 4, 3, 2, 1]
    assert rows["low"].notna().all(), "rivals are lent an interval"


def test_a_back_test_that_a_rival_wins_is_warned_of(tmp_path: Path) -> None:
    history = band_history(range(2020, 2026), growth=1.0)  # next to nothing changes
    history.loc[history["year"] == 2024, "plans"] += 1
    rows = council_outcomes(read_inputs(read_model(small_model(tmp_path, history))))
    lost = lost_to(with_chance(scored(rows), rows), "history.csv")
    assert len(lost) == 1
    assert lost[0].severity == "warning"
    assert "authority, 1 year ahead: damped trend" in lost[0].what
    ours = rows[rows["method"] == OURS]
    assert lost_to(with_chance(scored(ours), ours), "history.csv") == []


def test_a_back_test_of_a_year_needs_three(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 3 years"):
        council_outcomes(read_inputs(read_model(small_model(tmp_path, band_history([2025])))))


def test_needs_of_plans_begun_are_read_where_every_row_names_its_need(tmp_path: Path) -> None:
    begun = pd.DataFrame(
        [("SEMH", 10, year, 7) for year in range(2021, 2026)], columns=["need", "ncy", "year", "plans"]
    )
    named, part = tmp_path / "named", tmp_path / "part"
    named.mkdir()
    part.mkdir()
    inputs = read_inputs(read_model(small_model(named, fine_history(), new_plans=begun)))
    assert inputs.new_needs is not None
    assert inputs.new_needs.sum() == inputs.new_needs[1:, NEED_CODES.index("SEMH"), 14].sum() == 35
    inputs = read_inputs(read_model(small_model(part, fine_history(), new_plans=begun.assign(need=""))))
    assert inputs.new_needs is None
    assert inputs.new_plans is not None
    assert inputs.new_plans.sum() == pytest.approx(35)
