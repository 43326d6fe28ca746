"""Newton's steps on the smoothed bound: the step within its box, and prices that are never worse than before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import highest_prices, price_all_arcs
from sufficiency.plan.pricing import smoothed_dual
from sufficiency.plan.pricing.smoothed_dual import Smoothed, best_within, smoothed_prices
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.rows.transitions import flows_of
from sufficiency.plan.tuning import Tuning

from ..examples import examples
from ..random_cases import random_case


@pytest.mark.parametrize(
    ("slope", "curvature", "highest", "step"),
    [
        # 4/2 and 2/1, each by itself
        ([4.0, 2.0], [[2.0, 0.0], [0.0, 1.0]], [np.inf, np.inf], [2.0, 2.0]),
        # the first is held at 1; the second does not hear of it
        ([4.0, 2.0], [[2.0, 0.0], [0.0, 1.0]], [1.0, np.inf], [1.0, 2.0]),
        # 2x + y = 3 and x + 2y = 3
        ([3.0, 3.0], [[2.0, 1.0], [1.0, 2.0]], [np.inf, np.inf], [1.0, 1.0]),
        # x may not move, so that y answers alone: 2y = 3
        ([3.0, 3.0], [[2.0, 1.0], [1.0, 2.0]], [0.0, np.inf], [0.0, 1.5]),
        # x + y is worth a rise of 1, but y alone costs: y stays at its side
        ([1.0, -1.0], [[1.0, 0.0], [0.0, 1.0]], [np.inf, np.inf], [1.0, 0.0]),
    ],
)
def test_the_best_step(
    slope: list[float], curvature: list[list[float]], highest: list[float], step: list[float]
) -> None:
    model = Smoothed(np.arange(2), np.array(slope), np.array(curvature))
    assert best_within(model, np.zeros(2), np.array(highest)) == pytest.approx(step)


@given(st.integers(0, 2**32 - 1))
@example(36398)
@examples(200)
def test_no_step_within_the_box_is_much_better(seed: int) -> None:
    """Held against the conditions of an optimum: what could still rise by moving a price alone is next to nothing."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 8))
    root = rng.normal(size=(size, size))
    model = Smoothed(np.arange(size), rng.normal(size=size), root @ root.T + 0.1 * np.eye(size))
    lowest, highest = -rng.choice([0.0, 0.3, np.inf], size), rng.choice([0.0, 0.3, np.inf], size)
    step = best_within(model, lowest, highest)
    assert (step >= lowest).all()
    assert (step <= highest).all()
    for index in range(size):
        alone = model.slope[index] - model.curvature[index] @ step
        moved = step.copy()
        moved[index] = np.clip(step[index] + alone / model.curvature[index, index], lowest[index], highest[index])
        assert model.rise(moved) <= model.rise(step) + 0.02 * max(model.rise(step), 1e-3)


@given(st.integers(0, 400))
@examples(60)
def test_prices_are_allowed_and_never_worse(seed: int) -> None:
    instance = prepare(random_case(seed), Tuning(fewest_smoothed_arcs=2))
    flows, rows = flows_of(instance.data, instance.rows), instance.rows
    start = np.minimum(np.random.default_rng(seed).uniform(0, 20_000, len(rows.limit)), highest_prices(rows))
    prices = smoothed_prices(instance, flows, start, Deadline.after(60))
    assert (prices >= 0).all()
    assert (prices <= highest_prices(rows)).all()
    assert price_all_arcs(instance, flows, prices).bound >= price_all_arcs(instance, flows, start).bound


@given(st.integers(0, 400), st.integers(2, 40))
@examples(60)
def test_the_smoothed_bound_is_concave(seed: int, entries: int) -> None:
    instance = prepare(random_case(seed))
    flows = flows_of(instance.data, instance.rows)
    prices = np.random.default_rng(seed).uniform(0, 20_000, len(instance.rows.limit))
    curvature = smoothed_dual.smooth_bound(instance, flows, price_all_arcs(instance, flows, prices), entries).curvature
    assert np.allclose(curvature, curvature.T)
    assert np.linalg.eigvalsh(curvature).min(initial=0.0) >= -1e-9 * max(np.abs(curvature).max(initial=0.0), 1.0)


def test_too_few_entries_say_nothing() -> None:
    instance = prepare(random_case(1))
    flows, start = flows_of(instance.data, instance.rows), np.zeros(len(instance.rows.limit))
    assert (smoothed_prices(instance, flows, start, Deadline.after(60)) == start).all()
