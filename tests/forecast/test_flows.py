"""The cohort model on cases small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sufficiency.forecast import england
from sufficiency.forecast.areas import area_weights, drawn, followed
from sufficiency.forecast.cohort import Noise, calibrated_noise, course, level_of_joining
from sufficiency.forecast.flows import Rates, learn_rates, needs_that_drift, needs_that_join
from sufficiency.forecast.outlook import joining_level, reform_path
from sufficiency.model.forecast import Forecast

NEEDS, AGES = len(england.NEED_CODES), len(england.YEAR_GROUPS)
ASD, SEMH, SLCN = (england.NEED_CODES.index(code) for code in ("ASD", "SEMH", "SLCN"))
NCY = {int(ncy): place for place, ncy in enumerate(england.YEAR_GROUPS)}


def rates(leaving: float = 0.0, joining: float = 0.0, growth: float = 0.0) -> Rates:
    mix = np.zeros((NEEDS, AGES))
    mix[ASD] = 1.0
    leave = np.full(AGES, leaving)
    leave[-1] = 1.0
    nothing = np.zeros(AGES)
    return Rates(leave, np.full(AGES, joining), growth, np.zeros_like(mix), mix, nothing, nothing, 0.0)


def start(age: int, children: float, need: int = ASD) -> np.ndarray:
    plans = np.zeros((NEEDS, AGES))
    plans[need, age] = children
    return plans


def nobody_more(years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.ones((years, AGES)), np.ones(years), np.zeros((years, NEEDS, AGES))


def test_children_grow_older_and_a_tenth_leaves() -> None:
    plans = course(start(5, 100), rates(leaving=0.1), *nobody_more(2))
    assert plans[1, 0, ASD, 6] == pytest.approx(90)
    assert plans[2, 0, ASD, 7] == pytest.approx(81)
    assert plans[2].sum() == pytest.approx(81)


def test_the_oldest_leave() -> None:
    plans = course(start(AGES - 1, 10), rates(), *nobody_more(1))
    assert plans[1].sum() == 0


def test_joiners_come_at_every_age_and_grow_with_the_level() -> None:
    people, _, extra = nobody_more(2)
    plans = course(np.zeros((NEEDS, AGES)), rates(joining=2), people, np.array([1.0, 1.5]), extra)
    assert plans[1].sum() == pytest.approx(2 * AGES)
    assert plans[2, 0, ASD, 1] == pytest.approx(2 + 3)


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


def test_needs_drift_with_age_and_nobody_is_lost() -> None:
    drift, mix = np.zeros((NEEDS, AGES)), np.zeros((NEEDS, AGES))
    drift[SLCN], drift[ASD], mix[ASD] = -1 / 24, 1 / 24, 1.0
    nothing = np.zeros(AGES)
    drifting = Rates(np.append(np.zeros(AGES - 1), 1.0), nothing, 0.0, drift, mix, nothing, nothing, 0.0)
    plans = course(start(0, 24, SLCN), drifting, *nobody_more(1))
    # a twenty-fourth of 24, one child, has another need recorded
    assert plans[1, 0, SLCN, 1] == pytest.approx(23)
    assert plans[1, 0, ASD, 1] == pytest.approx(1)


def test_england_joins_with_other_needs_than_its_stock_has() -> None:
    # DfE, 2024: of 5,004 plans begun at 13 whose need is known, 2,752 for SEMH; in January they stand at 14, NCY 10,
    # where 13,303 of 46,829 plans are (the needs published by age added up)
    assert england.joining_mix()[SEMH, NCY[10]] == pytest.approx(2_752 / 5_004, abs=1e-3)
    assert england.need_mix()[SEMH, NCY[10]] == pytest.approx(13_303 / 46_829, abs=1e-3)


def test_england_drifts_by_what_those_who_joined_do_not_explain() -> None:
    # NCY 9 to 10 is 13 to 14: of 42,113 plans at 13 in 2024, 2.5 % end; 46,829 of known need are there at 14 in 2025,
    # and the rest of them joined, 2,752 / 5,004 with SEMH. What is left of the 13,303 with SEMH stayed.
    stayed = 42_113 * 0.975
    joined = 46_829 - stayed
    staying = 13_303 - joined * 2_752 / 5_004
    before = 12_367 / (47_359 - 358)
    assert england.drift()[SEMH, NCY[9]] == pytest.approx(staying / stayed - before, abs=1e-3)
    # the stock has more SEMH at 14 than at 13 because of those who join; of those who stay fewer have it
    assert england.drift()[SEMH, NCY[9]] < 0 < england.need_mix()[SEMH, NCY[10]] - before
    assert england.drift().sum(axis=0) == pytest.approx(np.zeros(AGES), abs=1e-12)


def begun_and_there(years: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """A stock of ASD alone that ages from NCY 9 to 10 with nobody leaving, and plans begun at NCY 10: three in four for
    SEMH.
    """
    begun = np.zeros((years, NEEDS, AGES))
    begun[:, SEMH, NCY[10]], begun[:, ASD, NCY[10]] = 3_000, 1_000
    plans = np.zeros((years, NEEDS, AGES))
    plans[:, ASD, NCY[9]] = 10_000
    plans[:, ASD, NCY[10]], plans[:, SEMH, NCY[10]] = 11_000, 3_000
    return begun, plans


def test_needs_of_those_who_join_are_those_of_plans_begun_not_of_the_stock() -> None:
    begun, plans = begun_and_there()
    mix = needs_that_join(plans, np.zeros(AGES), england.drift(), begun[1:])
    # three years of 4,000 beside 30 children of England's pattern
    assert mix[SEMH, NCY[10]] == pytest.approx(0.75, abs=0.002)
    assert plans[-1, SEMH, NCY[10]] / plans[-1, :, NCY[10]].sum() == pytest.approx(0.21, abs=0.01)


def test_without_plans_begun_needs_join_as_in_england() -> None:
    nobody = np.zeros((3, NEEDS, AGES))
    mix = needs_that_join(nobody + 1e-9, np.zeros(AGES), england.drift(), nobody)
    assert mix == pytest.approx(england.joining_mix(), abs=1e-6)


def test_those_who_join_are_not_read_as_drift() -> None:
    begun, plans = begun_and_there()
    drift = needs_that_drift(plans, np.zeros(AGES), np.arange(AGES), begun[1:])
    # three years of 10,000 stayed and kept their need: 500 of 30,500 parts are England's
    assert drift[SEMH, NCY[9]] == pytest.approx(england_between_two() / 61)


def england_between_two() -> float:
    """England's drift to SEMH from NCY 9 where ASD is the only other need: what the two gain together is taken off
    both.
    """
    drift = england.drift()[:, NCY[9]]
    return float(drift[SEMH] - (drift[SEMH] + drift[ASD]) / 2)


def test_drift_follows_the_same_children() -> None:
    begun, plans = begun_and_there()
    plans[:, ASD, NCY[10]] -= 1_000
    plans[:, SEMH, NCY[10]] += 1_000
    drift = needs_that_drift(plans, np.zeros(AGES), np.arange(AGES), begun[1:])
    # of 10,000 who stayed 1,000 have SEMH recorded now: a tenth, at 60 parts of 61
    assert drift[SEMH, NCY[9]] == pytest.approx((60 * 0.1 + england_between_two()) / 61)
    # ages that the history does not tell apart say nothing, nor do plans begun of needs not known
    one_group = needs_that_drift(plans, np.zeros(AGES), np.zeros(AGES, dtype=int), begun[1:])
    assert one_group[SEMH, NCY[9]] == pytest.approx(england_between_two())
    not_known = needs_that_drift(plans, np.zeros(AGES), np.arange(AGES), None)
    assert not_known[SEMH, NCY[9]] == pytest.approx(england_between_two())


def test_a_need_that_nobody_has_does_not_join() -> None:
    plans = np.zeros((4, NEEDS, AGES))
    plans[:, ASD], plans[:, SLCN] = 100.0, 50.0
    learnt = learn_rates(plans, np.ones((4, AGES)), np.arange(AGES))
    for shares, total in ((learnt.joining_mix, 1.0), (learnt.drift, 0.0)):
        assert shares.sum(axis=0) == pytest.approx(np.full(AGES, total), abs=1e-12)
        assert shares[[ASD, SLCN]].sum(axis=0) == pytest.approx(np.full(AGES, total), abs=1e-12)
    of_one_year = learn_rates(plans[-1:], np.ones((1, AGES)), np.arange(AGES))
    assert of_one_year.joining_mix[SEMH].max() == 0


def test_a_need_without_national_figures_joins_as_often_as_it_is_there() -> None:
    # England's plans, and one child in ten of every age with Down syndrome, which England's table does not tell apart
    down, plans = england.NEED_CODES.index("DS"), england.plans().copy()
    plans[down] = plans.sum(axis=0) / 9
    mix = needs_that_join(plans[None], np.zeros(AGES), england.drift())
    school = slice(NCY[0], NCY[12])
    assert mix[down, school] == pytest.approx(np.full(12, 0.1), abs=0.01)
    assert mix.sum(axis=0) == pytest.approx(np.ones(AGES))


def test_the_mean_of_the_paths_is_the_expected_course() -> None:
    """Joining wanders on a log scale, where a median of 1 has a mean above it: it must not carry the mean upwards."""
    people, level, extra = nobody_more(8)
    steady = rates(leaving=0.1, joining=10.0)
    expected = course(np.zeros((NEEDS, AGES)), steady, people, level, extra)[:, 0].sum(axis=(1, 2))
    paths = course(np.zeros((NEEDS, AGES)), steady, people, level, extra, 4_000, Noise(level_step=0.25), seed=1)
    assert paths.sum(axis=(2, 3)).mean(axis=1) == pytest.approx(expected, rel=0.02)


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
    projected = course(plans[-1], learnt, np.ones((1, AGES)), np.ones(1), np.zeros((1, NEEDS, AGES)))
    school = slice(1, 16)
    assert projected[1, 0].sum(axis=0)[school] == pytest.approx(plans[-1, ASD][school], rel=0.03)


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
    level = joining_level(Forecast(outlook="reform"), plans, learnt, people, extra, years)
    relative = course(plans, learnt, people, level, extra).sum(axis=(1, 2, 3)) / plans.sum()
    assert relative[1:5] == pytest.approx(path[1:5], rel=1e-6)
    assert (level >= 0).all()
    assert (relative[5:] >= path[5:] - 1e-9).all()


def test_stabilise_keeps_joining_as_it_is() -> None:
    plans = 0.01 * england.plans()
    learnt = learn_rates(plans[None], np.ones((1, AGES)), np.arange(AGES))
    people, extra = np.ones((3, AGES)), np.zeros((3, NEEDS, AGES))
    level = joining_level(Forecast(outlook="stabilise"), plans, learnt, people, extra, [2025, 2026, 2027, 2028])
    assert level.tolist() == [1, 1, 1]


def test_chance_spreads_totals_as_authorities_have_missed() -> None:
    from sufficiency.forecast.pooled import shipped

    plans = 0.01 * england.plans()
    learnt = learn_rates(plans[None], np.ones((1, AGES)), np.arange(AGES))
    people, extra, level = np.ones((3, AGES)), np.zeros((3, NEEDS, AGES)), np.ones(3)
    noise = calibrated_noise(plans, learnt, people, level, extra, 0)
    totals = course(plans, learnt, people, level, extra, 2000, noise, seed=5)[-1].sum(axis=(1, 2))
    wanted = shipped()["error_first"][-1] * 3 ** shipped()["error_power"][-1]
    assert np.std(np.log(totals)) == pytest.approx(wanted, rel=0.15)


def test_without_chance_all_paths_are_the_expected_course() -> None:
    drawn_plans = course(start(5, 100), rates(0.1, 0.2), *nobody_more(3), paths=4, noise=Noise())
    assert np.ptp(drawn_plans, axis=1).max() == 0


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
    by_area = drawn(shares, paths, np.zeros(1), np.full(1, 100.0), 1, rng)
    assert by_area.sum(axis=0) == pytest.approx(paths.T)
    # all have come since: 100 children each with a chance of 0.3 have a standard deviation of √21
    assert by_area[0, 0].std() == pytest.approx(np.sqrt(100 * 0.3 * 0.7), rel=0.05)


def test_children_already_there_are_certain_at_first() -> None:
    rng = np.random.default_rng(0)
    shares, paths = np.array([[0.3], [0.7]]), np.full((5_000, 1), 100.0)
    by_area = drawn(shares, paths, np.full(1, 100.0), np.full(1, 100.0), 1, rng)
    # only the 1.5 % who leave are uncertain
    assert by_area[0, 0].std() == pytest.approx(np.sqrt(100 * 0.015 * 0.21), rel=0.1)
