"""Cuts, what they say of openings, and how openings are parted into regions."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.plan.certificate.options import least_by_cuts
from sufficiency.plan.options.branching import Node, ways_to_branch
from sufficiency.plan.options.choices import Choices
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.master import Cut, Master, anything
from sufficiency.plan.options.neighbours import by_cuts, neighbours
from sufficiency.plan.rows.instance import prepare

from ..examples import examples
from .test_options import bought

NONE = np.zeros(0)


def two_options() -> Choices:
    """P may open in year 1 or 2, Q in year 1; each opens once."""
    return option_model(
        prepare(
            bought(
                {},
                [
                    {"option": "P", "setting": "SP", "places": 6, "earliest": 2026, "latest": 2027},
                    {"option": "Q", "setting": "SQ", "places": 4, "earliest": 2026, "latest": 2026},
                ],
                last=2027,
            )
        )
    ).choices


CUTS = (
    Cut(NONE, 100_000.0, np.array([-60_000.0, -20_000.0, 10_000.0])),
    Cut(NONE, 70_000.0, np.array([0.0, -40_000.0, -30_000.0])),
)
"""P early: 40,000 and 70,000, so 70,000; with Q 50,000 and 40,000, so 50,000; with three quarters of Q both are 47,500.
P late and Q: 90,000. Nothing: 100,000.
"""


def test_the_least_of_the_highest_cut() -> None:
    choices = two_options()
    envelope = Master(choices, anything(3), CUTS[:1], 1)
    envelope.take(CUTS)
    free = np.zeros(2, dtype=bool)
    lowest, y = envelope.lowest(np.array([1.0, 1.0, 1.0]), free)
    assert lowest == pytest.approx(47_500)
    assert y == pytest.approx([1, 0, 0.75])
    assert envelope.lowest(np.array([0.0, 1.0, 1.0]), np.array([True, True]))[0] == pytest.approx(90_000)
    assert envelope.lowest(np.zeros(3), free)[0] == pytest.approx(100_000)
    assert envelope.lowest(np.zeros(3), np.array([True, False]))[0] == np.inf


def test_a_claim_is_confirmed_only_if_no_openings_lie_below_it() -> None:
    choices = two_options()
    constants, slopes = np.array([cut.intercept for cut in CUTS]), np.array([cut.coefficients for cut in CUTS])
    for claim, bound in ((50_000, 50_000), (49_000, 49_000), (60_000, 50_000), (np.inf, 50_000)):
        proven, ended = least_by_cuts(constants, slopes, choices, 100.0, 60.0, claim)
        assert ended
        assert proven == pytest.approx(bound, abs=1e-2)


def test_the_least_of_a_cut_between_bounds() -> None:
    """P early 60,000 less, Q 10,000 more: all of the one, and the least of the other."""
    assert CUTS[0].least(np.array([0.0, 0.0, 0.5]), np.array([1.0, 0.0, 1.0])) == pytest.approx(45_000)


def test_neighbours_differ_in_one_option_or_exchange_two() -> None:
    choices = two_options()
    early, late, both = np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([1.0, 0, 1.0])
    assert openings(neighbours(choices, anything(3), early)) == {(0, 0, 0), (0, 1, 0), (1, 0, 1), (0, 0, 1)}
    assert openings(neighbours(choices, anything(3), both)) == {(0, 0, 1), (1, 0, 0), (0, 1, 1)}
    not_late = replace(anything(3), upper=np.array([1.0, 0.0, 1.0]))
    assert openings(neighbours(choices, not_late, np.zeros(3))) == {(1, 0, 0), (0, 0, 1)}
    one_at_most = replace(anything(3), rows=np.ones((1, 3)), most=np.ones(1))
    assert openings(neighbours(choices, one_at_most, late)) == {(0, 0, 0), (1, 0, 0), (0, 0, 1)}
    assert by_cuts(CUTS, np.array([early, both])) == pytest.approx([70_000, 50_000])


def openings(rows: np.ndarray) -> set[tuple[float, ...]]:
    assert len(np.unique(rows, axis=0)) == len(rows)
    return {tuple(row) for row in rows.tolist()}


@given(st.integers(0, 10_000))
@examples(60)
def test_two_parts_of_a_region_hold_every_opening_of_it_and_leave_the_point_out(seed: int) -> None:
    """Every whole opening is in one part, or in both (an option not opened at all is neither early nor late)."""
    choices = two_options()
    rng = np.random.default_rng(seed)
    y = rng.choice([0.0, 0.3, 0.5, 0.7, 1.0], 3)
    y[:2] /= max(y[:2].sum(), 1.0)
    node = Node(np.ones(3), np.zeros(2, dtype=bool))
    for pair in ways_to_branch(choices, node, y, len(choices)):
        for opened in itertools.product((0.0, 1.0), repeat=3):
            if opened[0] + opened[1] <= 1:
                assert any(_within(choices, part, np.array(opened)) for part in pair)
        assert not any(_within(choices, part, y) for part in pair)
    parts = np.array([y[:2].sum(), y[2]])
    whole = (np.minimum(y, 1 - y) < 1e-9).all() and (np.minimum(parts, 1 - parts) < 1e-9).all()
    assert bool(ways_to_branch(choices, node, y, len(choices))) != whole


def _within(choices: Choices, node: Node, y: np.ndarray) -> bool:
    opened = np.bincount(choices.scheme, y, 2)
    return bool((y <= node.upper + 1e-9).all() and (opened[node.forced] >= 1 - 1e-9).all())
