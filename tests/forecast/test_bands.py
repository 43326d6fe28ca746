"""The projection by age band: its contract, and small cases with answers by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sufficiency.forecast import project
from sufficiency.forecast.band_history import BANDS, TOTAL, national_growth, read_band_history
from sufficiency.forecast.pooled import central, damping, growth_of_all, national_path, raw_signals
from sufficiency.problems import InputError

COLUMNS = ["la", "age_band", "year", "p05", "p50", "p95"]


def many(authorities: int = 40, years: int = 8, growth: float = 0.1, seed: int = 1) -> pd.DataFrame:
    """Made-up authorities that all grow at about one rate."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(authorities):
        sizes = rng.uniform(0.5, 3) * np.array([60, 500, 550, 300, 100])
        for year in range(years):
            counts = np.rint(sizes * np.exp(growth * year + rng.normal(0, 0.02, 5)))
            rows += [(f"LA {number:02d}", band, 2015 + year, count) for band, count in zip(BANDS, counts, strict=True)]
            rows.append((f"LA {number:02d}", TOTAL, 2015 + year, counts.sum()))
    return pd.DataFrame(rows, columns=["la", "age_band", "year", "plans"])


def test_the_contract() -> None:
    projected = project(many(), 3)
    assert list(projected.columns) == COLUMNS
    assert len(projected) == 40 * 6 * 3
    assert sorted(projected["year"].unique()) == [2023, 2024, 2025]
    assert (projected["p05"] <= projected["p50"]).all()
    assert (projected["p50"] <= projected["p95"]).all()
    assert (projected["p05"] >= 0).all()


def test_the_bands_add_up_to_the_total() -> None:
    projected = project(many(), [2024, 2025]).pivot_table(index=["la", "year"], columns="age_band", values="p50")
    assert np.allclose(projected[list(BANDS)].sum(axis=1), projected[TOTAL])


def test_authorities_that_grow_alike_grow_on_alike() -> None:
    projected = project(many(growth=0.1), 1)
    last = many(growth=0.1).query("year == 2022").set_index(["la", "age_band"])["plans"]
    growth = np.log(projected.set_index(["la", "age_band"])["p50"] / last)
    total = growth.xs(TOTAL, level="age_band")
    # the growth of all goes on, hardly damped in its first year: 0.1 × 0.5^(0.1³) = 0.0999
    assert total.median() == pytest.approx(0.1, abs=0.01)


def test_damping_leaves_half_after_ten_years() -> None:
    left = damping(10)
    assert left[9] == pytest.approx(0.5)
    assert left[0] == pytest.approx(0.5**0.001)
    assert (np.diff(left) < 0).all()


def test_national_growth_counts_only_authorities_with_both_years() -> None:
    # the first grows 100 to 110, the second has no second year: the growth is log 1.1, not that of 300 to 110
    plans = np.array([[[100.0, 110.0]], [[200.0, np.nan]]])
    assert national_growth(plans)[0, 0] == pytest.approx(np.log(1.1))


def test_growth_of_the_total_lies_between_that_of_all_and_that_of_the_mean_authority() -> None:
    # 35 of 100 plans do not grow, one of 3,500 doubles: all together log(10,500/7,000), the mean authority about nil
    # (its distance is cut at nothing, as the others do not differ)
    plans = np.full((36, 6, 2), 100.0)
    plans[-1] = [3500.0, 7000.0]
    growth = growth_of_all(plans)[:, 0]
    assert growth[0] == pytest.approx(np.log(10_500 / 7_000))
    assert growth[-1] == pytest.approx(np.log(10_500 / 7_000) / 2)


def test_signals_by_hand() -> None:
    before, logs = np.array([[1.0, 3, 4, 2, 1, 5]]), np.array([[1.1, 3.3, 4.1, 2.5, 1.2, 5.2]])
    values = raw_signals(logs, before)[0]
    # 11 to 15: the total grew by 0.2, the band by 0.1, the band below holds 3.3 − 4.1 and grew by 0.3
    assert values[2] == pytest.approx([0.2, 0.1, -0.8, 0.3])
    # the total: its own growth, and that of the 5 to 10 year olds
    assert values[5] == pytest.approx([0.2, 0.3, 0, 0])


def test_a_band_that_outgrows_the_total_comes_back_to_it() -> None:
    growth = np.array([[0.3, 0.3, 0.3]] + [[0.1, 0.1, 0.1]] * 5)
    path = national_path(growth, 3)
    # beyond the total by 0.2, of which a half, a quarter and an eighth are left
    beyond = path[0] - path[5]
    assert beyond == pytest.approx([0.1, 0.05, 0.025])


@pytest.mark.parametrize("mark", ["x", "z", "c", "[c]", "", None, float("nan"), ".."])
def test_a_figure_that_is_not_known_is_filled_and_said(mark: object) -> None:
    history = many().astype({"plans": object})
    row = history.index[(history["la"] == "LA 03") & (history["age_band"] == TOTAL) & (history["year"] == 2022)]
    bands = history.index[(history["la"] == "LA 03") & (history["year"] == 2022)]
    history.loc[bands, "plans"] = mark
    projected = project(history, 1)
    assert projected["p50"].notna().all()
    assert any("filled" in note for note in projected.attrs["notes"])
    whole = project(many(), 1)
    there = (projected["la"] == "LA 03") & (projected["age_band"] == TOTAL)
    assert projected.loc[there, "p50"].iloc[0] == pytest.approx(whole.loc[there, "p50"].iloc[0], rel=0.1)
    width = (projected["p95"] - projected["p05"])[there].iloc[0]
    assert width > (whole["p95"] - whole["p05"])[there].iloc[0], "data a year old are less certain"
    assert len(row) == 1


def test_one_band_not_known_is_what_the_total_leaves() -> None:
    history = many().astype({"plans": object})
    gone = (history["la"] == "LA 05") & (history["age_band"] == "11 to 15") & (history["year"] == 2021)
    known = history.loc[gone, "plans"].iloc[0]
    history.loc[gone, "plans"] = "c"
    read = read_band_history(history)
    assert read.plans[5, 2, 6] == known


def test_a_predecessors_history_is_its_successors() -> None:
    history = many(36, 8)
    names = {"LA 00": "Bournemouth", "LA 01": "Poole", "LA 02": "Bournemouth, Christchurch and Poole"}
    history["la"] = history["la"].replace(names)
    old, new = history["la"].isin(["Bournemouth", "Poole"]), history["la"] == names["LA 02"]
    history = history[~(old & (history["year"] > 2019)) & ~(new & (history["year"] < 2020))]
    projected = project(history, 2)
    assert not projected["la"].isin(["Bournemouth", "Poole"]).any()
    assert (projected["la"] == names["LA 02"]).sum() == 12
    assert any("Bournemouth" in note for note in projected.attrs["notes"])


def test_a_new_code_changes_nothing_else() -> None:
    history = many(36, 8)
    whole = project(history, 3)
    history["la"] = history["la"].mask((history["la"] == "LA 35") & (history["year"] < 2021), "E10000002")
    history["la"] = history["la"].replace("LA 35", "E06000060")
    projected = project(history, 3)
    assert "E10000002" not in set(projected["la"])
    ours = projected[projected["la"] == "E06000060"]["p50"].to_numpy()
    # of the rest nothing but the weights of signals, learnt without the year of the change, moves
    assert ours == pytest.approx(whole[whole["la"] == "LA 35"]["p50"].to_numpy(), rel=0.01)


def test_a_change_counted_a_year_early_is_joined_at_its_first_count() -> None:
    history = many(36, 9)
    old = (history["la"] == "LA 00") & (history["year"] < 2023)
    history["la"] = history["la"].mask(old, "Cumbria")
    history = history[~((history["la"] == "LA 01") & (history["year"] < 2023))]
    history["la"] = history["la"].replace({"LA 00": "Cumberland", "LA 01": "Westmorland and Furness"})
    projected = project(history, 1)  # the toml says 2024
    assert not (projected["la"] == "Cumbria").any()
    assert projected["p50"].notna().all()


def test_one_authority_alone_leans_on_england() -> None:
    alone = many(1, 8, growth=0.1)
    projected = project(alone, 3).query("age_band == 'total'")
    last = alone.query("age_band == 'total' and year == 2022")["plans"].iloc[0]
    growth = np.log(projected["p50"].to_numpy() / last) / np.array([1, 2, 3])
    # England grew by 9.4 to 10.2 % (log 0.094 to 0.097) in 2020 to 2022
    assert growth == pytest.approx(0.095, abs=0.02)


def test_no_year_after_the_last_one_of_a_history_is_used() -> None:
    """England's published years go to 2025; a history that ends in 2019 knows nothing of them."""
    alone = many(1, 5)  # 2015 to 2019
    later = project(alone, 1)
    from sufficiency.forecast import pooled

    england = dict(pooled.shipped()["england"])
    until_2019 = {year: plans for year, plans in england.items() if int(year) <= 2019}
    cut = {**pooled.shipped(), "england": until_2019}
    pooled.shipped.cache_clear()
    original = pooled.shipped
    try:
        pooled.shipped = lambda: cut  # type: ignore[assignment]
        assert project(alone, 1)["p50"].tolist() == later["p50"].tolist()
    finally:
        pooled.shipped = original


def test_only_a_total_is_projected_alone() -> None:
    projected = project(many(1).query("age_band == 'total'"), 2)
    assert set(projected["age_band"]) == {TOTAL}
    assert projected["p50"].notna().all()


def test_every_row_that_makes_no_sense_is_reported() -> None:
    history = many().astype({"plans": object, "year": object})
    history.loc[0, "plans"] = -5
    history.loc[1, "plans"] = "lots"
    history.loc[2, "age_band"] = "6 to 8"
    history.loc[3, "year"] = "soon"
    with pytest.raises(InputError) as refused:
        project(history, 1)
    rows = {problem.row for problem in refused.value.problems}
    assert rows == {2, 3, 4, 5}


@pytest.mark.parametrize("years", [0, -1, [2022], [], [2023, 2200], 3.5, "soon", None])
def test_years_that_are_not_to_come_are_refused(years: object) -> None:
    with pytest.raises(InputError):
        project(many(), years)  # type: ignore[arg-type]


def test_two_figures_for_one_cell_are_refused_and_one_twice_is_not() -> None:
    history = many()
    again = pd.concat([history, history.head(3)])
    assert project(again, 1).equals(project(history, 1))
    with pytest.raises(InputError, match="two figures"):
        project(pd.concat([history, history.head(1).assign(plans=1)]), 1)


def test_authorities_come_back_as_they_were_given() -> None:
    history = many(3)
    numbered = history.assign(la=history["la"].str[-2:].astype(int) + 800)
    assert set(project(numbered, 1)["la"]) == {800, 801, 802}


def test_the_history_is_left_as_it_was() -> None:
    history = many()
    before = history.copy()
    project(history, 2)
    pd.testing.assert_frame_equal(history, before)


def test_a_long_projection_stays_finite() -> None:
    read = read_band_history(many())
    assert np.isfinite(central(read, 40)).all()
