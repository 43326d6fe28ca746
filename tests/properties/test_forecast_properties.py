"""What must hold of any forecast, whatever the history."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.forecast import england, project
from sufficiency.forecast.areas import area_weights, drawn, followed
from sufficiency.forecast.band_history import BANDS, TOTAL
from sufficiency.forecast.cohort import course, level_of_joining
from sufficiency.forecast.flows import learn_rates
from sufficiency.problems import InputError
from tests.examples import examples

NEEDS, AGES = len(england.NEED_CODES), len(england.YEAR_GROUPS)
MISSING = st.sampled_from(["x", "z", "c", None])
COUNTS = st.one_of(st.integers(0, 5_000), st.floats(0, 5_000, allow_nan=False), MISSING)


@st.composite
def histories(draw: st.DrawFn) -> pd.DataFrame:
    """Any number of authorities and years with any gaps; at least one figure in the last year."""
    authorities = draw(st.sampled_from([1, 2, 5, 33]))
    first = draw(st.integers(2010, 2022))
    years = range(first, first + draw(st.integers(1, 6)))
    bands = draw(st.sampled_from([(TOTAL,), (*BANDS, TOTAL), BANDS, BANDS[:2]]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = [
        (f"LA {number}", band, year, int(rng.integers(0, 800)))
        for number in range(authorities)
        for band in bands
        for year in years
    ]
    frame = pd.DataFrame(rows, columns=["la", "age_band", "year", "plans"]).astype({"plans": object})
    for _ in range(draw(st.integers(0, 6))):
        frame.loc[draw(st.integers(0, len(frame) - 1)), "plans"] = draw(COUNTS)
    frame.loc[len(frame) - 1, "plans"] = 100
    return frame


@examples(60)
@given(histories(), st.integers(1, 6))
def test_any_history_is_projected_without_a_negative_child(history: pd.DataFrame, years: int) -> None:
    projected = project(history, years)
    pairs = history[["la", "age_band"]].drop_duplicates()
    assert set(map(tuple, pairs.to_numpy())) <= set(map(tuple, projected[["la", "age_band"]].to_numpy()))
    known = projected.dropna()
    assert (known["p05"] >= 0).all()
    assert (known["p05"] <= known["p50"]).all()
    assert (known["p50"] <= known["p95"]).all()
    assert np.isfinite(known[["p05", "p50", "p95"]].to_numpy()).all()
    blank = projected[projected["p50"].isna()]["la"].unique()
    figures = pd.to_numeric(history["plans"], errors="coerce")
    lacking = {la for la in blank if figures[history["la"] == la].isna().any()}
    assert set(blank) == lacking, "only what was never given is left blank"


@examples(40)
@given(histories())
def test_bands_add_up_where_all_are_there(history: pd.DataFrame) -> None:
    projected = project(history, 2).pivot_table(index=["la", "year"], columns="age_band", values="p50")
    if set(projected.columns) < {*BANDS, TOTAL}:
        return
    whole = projected.dropna()
    assert np.allclose(whole[list(BANDS)].sum(axis=1), whole[TOTAL])


@examples(30)
@given(histories(), st.sampled_from([-1, float("inf"), "several", 1e12]))
def test_one_row_of_nonsense_is_reported_by_its_row(history: pd.DataFrame, nonsense: object) -> None:
    history.loc[0, "plans"] = nonsense
    with pytest.raises(InputError) as refused:
        project(history, 1)
    assert [problem.row for problem in refused.value.problems] == [2]


@examples(15)
@given(histories(), st.integers(0, 3))
def test_the_order_of_rows_and_the_seed_do_not_matter(history: pd.DataFrame, seed: int) -> None:
    shuffled = history.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(project(history, 2), project(shuffled, 2, seed=seed))


def stocks(scale: float, years: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(scale * england.plans() / england.plans().sum(), (years, NEEDS, AGES)).astype(float)


@examples(40)
@given(st.sampled_from([0.0, 1.0, 40.0, 5_000.0]), st.integers(1, 7), st.integers(0, 99), st.booleans())
def test_rates_of_any_history_make_children_and_no_negative_ones(
    scale: float, years: int, seed: int, counted: bool
) -> None:
    plans = stocks(scale, years, seed)
    people = np.full((years, AGES), 400.0 if counted else 1.0)
    learnt = learn_rates(plans, people, np.arange(AGES), per_person=counted)
    assert ((learnt.leaving >= 0) & (learnt.leaving <= 1)).all()
    assert (learnt.joining >= 0).all()
    assert np.allclose(learnt.drift.sum(axis=0), 0)
    assert np.allclose(learnt.joining_mix.sum(axis=0), 1)
    projected = course(
        plans[-1], learnt, people[-1:].repeat(4, axis=0), level_of_joining(learnt.growth, 4), np.zeros((4, NEEDS, AGES))
    )
    assert np.isfinite(projected).all()
    assert (projected >= 0).all()
    assert projected[1:, :, :, :].sum() >= 0


@examples(40)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_areas_always_add_up_to_the_authority(areas: int, years: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = rng.poisson(1.0, (areas, 2, AGES)).astype(float)
    authority = np.concatenate([start.sum(axis=0)[None], rng.gamma(1.0, 5.0, (years, 2, AGES))])
    cells, since = followed(start, authority, area_weights(start.sum(axis=2), None))
    assert np.allclose(cells.sum(axis=1), authority)
    assert (cells >= 0).all()
    assert (since <= authority + 1e-9).all()


@examples(30)
@given(st.integers(1, 6), st.floats(0, 200), st.floats(0, 1), st.integers(0, 99))
def test_drawn_areas_always_add_up_to_their_path(areas: int, expected: float, known: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(areas))[:, None]
    paths = rng.gamma(2.0, expected / 2 + 1e-9, (50, 1))
    by_area = drawn(shares, paths, np.array([expected * known]), np.array([expected]), 2, rng)
    assert np.allclose(by_area.sum(axis=0), paths.T, rtol=1e-5)
    assert (by_area >= 0).all()
