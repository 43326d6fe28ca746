"""The cohort model on cases small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sufficiency.forecast import england
from sufficiency.forecast.areas import area_weights, drawn, followed
from sufficiency.forecast.cohort import Noise, calibrated_noise, course, level_of_joining
from sufficiency.forecast.flows import Rates, learn_rates
from sufficiency.forecast.outlook import joining_level, reform_path

NEEDS, AGES = len(england.NEED_CODES), len(england.YEAR_GROUPS)
ASD, SLCN = england.NEED_CODES.index("ASD"), england.NEED_CODES.index("SLCN")


def rates(leaving: float = 0.0, joining: float = 0.0, growth: float = 0.0) -> Rates:
    mix = np.zeros((NEEDS, AGES))
    mix[ASD] = 1.0
    leave = np.full(AGES, leaving)
    leave[-1] = 1.0
    nothing = np.zeros(AGES)
    return Rates(leave, np.full(AGES, joining), growth, mix, mix, nothing, nothing, 0.0)


def start(age: int, children: float, need: int = ASD) -> np.ndarray:
    plans = np.zeros((NEEDS, AGES))
    plans[need, age] = children
    return plans


def nobody_more(years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.ones((years, AGES)), np.ones(years), np.zeros((years, NEEDS, AGES))


def test_children_grow_older_and_a_tenth_leaves() -> None:
    told = course(start(5, 100), rates(leaving=0.1), *nobody_more(2))
    assert told[1, 0, ASD, 6] == pytest.approx(90)
    assert told[2, 0, ASD, 7] == pytest.approx(81)
    assert told[2].sum() == pytest.approx(81)


def test_the_oldest_leave() -> None:
    told = course(start(AGES - 1, 10), rates(), *nobody_more(1))
    assert told[1].sum() == 0


def test_joiners_come_at_every_age_and_grow_with_the_level() -> None:
    people, _, extra = nobody_more(2)
    told = course(np.zeros((NEEDS, AGES)), rates(joining=2), people, np.array([1.0, 1.5]), extra)
    assert told[1].sum() == pytest.approx(2 * AGES)
    assert told[2, 0, ASD, 1] == pytest.approx(2 + 3)


def test_joining_is_of_people_without_a_plan() -> None:
    people = np.full((1, AGES), 100.0)
    with_plan = course(
        start(5, 40),
        Rates(**{**vars(rates(joining=0.1)), "per_person": True}),
        people,
        np.ones(1),
        np.zeros((1, NEEDS, AGES)),
    )
    # at the age after: 40 stayed, and a tenth of the 60 without a plan joined
    assert with_plan[1, 0, ASD, 6] == pytest.approx(46)


def test_needs_are_told_anew_with_age_and_nobody_is_lost() -> None:
    mix = np.zeros((NEEDS, AGES))
    mix[SLCN], mix[ASD] = np.linspace(1, 0, AGES), np.linspace(0, 1, AGES)
    nothing = np.zeros(AGES)
    drifting = Rates(np.append(np.zeros(AGES - 1), 1.0), nothing, 0.0, mix, mix, nothing, nothing, 0.0)
    told = course(start(0, 24, SLCN), drifting, *nobody_more(1))
    # one step of 24: a twenty-fourth of them, one child, is told anew
    assert told[1, 0, SLCN, 1] == pytest.approx(23)
    assert told[1, 0, ASD, 1] == pytest.approx(1)


def test_growth_of_joining_fades() -> None:
    level = level_of_joining(0.1, 8)
    steps = np.diff(np.log(np.append(1.0, level)))
    assert steps[3] == pytest.approx(0.05)  # half is left after four years
    assert (np.diff(steps) < 0).all()


def test_a_steady_history_teaches_its_own_joining() -> None:
    """Ten thousand join at each school age every year, none leave: what is learnt makes the same again."""
    years = 6
    plans = np.zeros((years, NEEDS, AGES))
    for year in range(years):
        plans[year, ASD] = np.where(np.arange(AGES) <= 15, 10_000.0 * (np.arange(AGES) + 1), 0)
    people = np.ones((years, AGES))
    ceased = np.zeros((years, AGES))
    learnt = learn_rates(plans, people, np.arange(AGES), ceased=ceased, joining_growth=0.0)
    told = course(plans[-1], learnt, np.ones((1, AGES)), np.ones(1), np.zeros((1, NEEDS, AGES)))
    school = slice(1, 16)
    assert told[1, 0].sum(axis=0)[school] == pytest.approx(plans[-1, ASD][school], rel=0.03)


def test_few_children_take_englands_pattern_and_many_their_own() -> None:
    few = learn_rates(np.full((4, NEEDS, AGES), 0.01), np.ones((4, AGES)), np.arange(AGES))
    many = learn_rates(np.full((4, NEEDS, AGES), 100.0), np.ones((4, AGES)), np.arange(AGES))
    assert few.own_joining.max() < 0.1
    assert many.own_joining.max() > 0.9


def test_a_history_of_one_year_has_englands_rates() -> None:
    learnt = learn_rates(0.01 * england.plans()[None], np.ones((1, AGES)), np.arange(AGES))
    assert learnt.joining == pytest.approx(0.01 * england.joining())
    assert learnt.leaving == pytest.approx(england.leaving())


def test_reform_follows_its_path_and_nobody_loses_a_plan() -> None:
    years = list(range(2025, 2036))
    path = reform_path(years)
    # DfE: 7.7 % in 2029/30 and 4.7 % in 2034/35; 2025/26 is a fifth of the way from 5.3 to 7.7 on the log scale
    base = 5.3 * (7.7 / 5.3) ** 0.2
    assert path[4] == pytest.approx(7.7 / base)
    assert path[9] == pytest.approx(4.7 / base)
    plans = 0.01 * england.plans()
    learnt = learn_rates(plans[None], np.ones((1, AGES)), np.arange(AGES))
    people, extra = np.ones((10, AGES)), np.zeros((10, NEEDS, AGES))
    level = joining_level("reform", plans, learnt, people, extra, years)
    told = course(plans, learnt, people, level, extra).sum(axis=(1, 2, 3)) / plans.sum()
    assert told[1:5] == pytest.approx(path[1:5], rel=1e-6)
    assert (level >= 0).all()
    assert (told[5:] >= path[5:] - 1e-9).all()


def test_stabilise_keeps_joining_as_it_is() -> None:
    plans = 0.01 * england.plans()
    learnt = learn_rates(plans[None], np.ones((1, AGES)), np.arange(AGES))
    level = joining_level(
        "stabilise", plans, learnt, np.ones((3, AGES)), np.zeros((3, NEEDS, AGES)), [2025, 2026, 2027, 2028]
    )
    assert level.tolist() == [1, 1, 1]


def test_chance_spreads_totals_as_authorities_have_missed() -> None:
    from sufficiency.forecast.pooled import shipped

    plans = 0.01 * england.plans()
    learnt = learn_rates(plans[None], np.ones((1, AGES)), np.arange(AGES))
    people, extra, level = np.ones((3, AGES)), np.zeros((3, NEEDS, AGES)), np.ones(3)
    noise = calibrated_noise(plans, learnt, people, level, extra, 0)
    told = course(plans, learnt, people, level, extra, 2000, noise, seed=5)[-1].sum(axis=(1, 2))
    wanted = shipped()["error_first"][-1] * 3 ** shipped()["error_power"][-1]
    assert np.std(np.log(told)) == pytest.approx(wanted, rel=0.15)


def test_without_chance_all_paths_are_the_expected_course() -> None:
    told = course(start(5, 100), rates(0.1, 0.2), *nobody_more(3), paths=4, noise=Noise())
    assert np.ptp(told, axis=1).max() == 0


def test_areas_add_up_and_those_there_stay_there() -> None:
    begin = np.zeros((2, 1, AGES))
    begin[0, 0, 5], begin[1, 0, 5] = 8, 2
    authority = np.zeros((3, 1, AGES))
    authority[0, 0, 5], authority[1, 0, 6], authority[2, 0, 7] = 10, 12, 6
    cells, since = followed(begin, authority, np.array([[0.5], [0.5]]), stay=1.0)
    assert cells.sum(axis=1) == pytest.approx(authority)
    # two join, one in each area; then half leave everywhere
    assert cells[1, :, 0, 6] == pytest.approx([9, 3])
    assert cells[2, :, 0, 7] == pytest.approx([4.5, 1.5])
    assert since[1, 0, 6] == pytest.approx(10)
    assert since[2, 0, 7] == pytest.approx(5)


def test_an_area_of_no_history_gets_the_pooled_rate() -> None:
    counts = np.array([[100.0, 0.0], [0.0, 0.0]])
    weights = area_weights(counts, np.array([500.0, 500.0]))
    assert (weights > 0).all()
    assert weights.sum(axis=0) == pytest.approx([1, 1])
    # of all plans and 20 more by people: 110 and 10 of 120; for a need that nobody has yet just that
    assert weights[:, 1] == pytest.approx([110 / 120, 10 / 120])


def test_drawn_areas_add_up_on_every_path_and_scatter_like_counts() -> None:
    rng = np.random.default_rng(0)
    shares, paths = np.array([[0.3], [0.7]]), np.full((20_000, 1), 100.0)
    told = drawn(shares, paths, np.zeros(1), np.full(1, 100.0), 1, rng)
    assert told.sum(axis=0) == pytest.approx(paths.T)
    # all have come since: 100 children each with a chance of 0.3 have a standard deviation of √21
    assert told[0, 0].std() == pytest.approx(np.sqrt(100 * 0.3 * 0.7), rel=0.05)


def test_children_already_there_are_certain_at_first() -> None:
    rng = np.random.default_rng(0)
    shares, paths = np.array([[0.3], [0.7]]), np.full((5_000, 1), 100.0)
    told = drawn(shares, paths, np.full(1, 100.0), np.full(1, 100.0), 1, rng)
    # only the 1.5 % who leave are uncertain
    assert told[0, 0].std() == pytest.approx(np.sqrt(100 * 0.015 * 0.21), rel=0.1)
