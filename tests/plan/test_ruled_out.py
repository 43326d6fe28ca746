"""Openings that miss a hard rule by a hair: others are tried in their place, and the proof rules them out by itself."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.deadline import Deadline
from sufficiency.plan.options.appraisal import appraised
from sufficiency.plan.options.programme import Programme, programme_by_prices, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing
from sufficiency.problems import CertificateError
from tests.examples import examples

from ..worked import Row, case_of, model_of, steady
from .test_options import EXACT, bought, opened

FOREVER = Deadline(1e18)


def planned(case: Case) -> tuple[Programme, Plan]:
    programme = programme_by_prices(prepare(case))
    return programme, with_programme(solve_by_pricing(programme.instance).plan, programme)


def journeys(per_year: float, minutes: float) -> Case:
    """Ten children, 20,000 each a year in a state school just beyond the mean journey of 30 minutes that is allowed.
    O is near by and costs `per_year`, P costs next to nothing and is as far as the school.
    """
    rule = {"name": "short", "at_most": 30, "hard": True}
    options = [
        {"option": name, "setting": setting, "places": 8.0, "per_year": cost, "earliest": 2026, "latest": 2026}
        for name, setting, cost in (("O", "N", per_year), ("P", "M", 1_000.0))
    ]
    return case_of(
        model_of((2025, 2026), solver=EXACT, weights={"awaiting_place": 1e5}, rules={"locality_minutes": rule}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "S"}, *({"setting": name, "type": "independent"} for name in "NM")],
        places=[{"line": "state", "setting": "S", "places": 20}],
        costs=[{"setting": "S", "per_child": 20_000}, *({"setting": name, "per_child": 90_000} for name in "NM")],
        travel=[
            {"area": "A", "setting": s, "minutes": m, "km": 1.0}
            for s, m in zip("SNM", (minutes, 20, 30.001), strict=True)
        ],
        options=options,
    )


@pytest.mark.parametrize(("per_year", "minutes"), [(5e5, 30.00001), (5e6, 30.002), (5e6, 30.00001)])
def test_an_opening_so_dear_that_missing_the_rule_by_a_hair_looks_cheaper_is_proven(
    per_year: float, minutes: float
) -> None:
    """With O open somebody goes there: n children at 90,000, so that n · 20 + (10 − n) · minutes ≤ 300. Nothing open,
    or P alone, is far cheaper at any price for a child that a search could use, and keeps no rule.
    """
    there = 10 * (minutes - 30) / (minutes - 20)
    programme, plan = planned(journeys(per_year, minutes))
    assert opened(programme) == {"O": 2026}
    assert plan.objective == pytest.approx(per_year + 200_000 + 70_000 * there, rel=1e-9)
    assert plan.status == "optimal"
    assert programme.search is not None
    assert len(programme.search.ruled_out) > 0


def needed(least: float, options: list[Row], **rules: object) -> Case:
    """Ten children at 50,000 where they are bought, 20,000 in an option; at least so many must be in options."""
    rule = {"name": "some", "types": ["special_school"], "at_least_children": least, "hard": True}
    return bought({"rules": {"share": [rule], **rules}, "weights": {"awaiting_place": 1e5}}, options)


def schemes(*given: tuple[float, float, bool]) -> list[Row]:
    """Options by places, £ a year, and whether they may open in part."""
    return [
        {"option": f"O{number}", "setting": f"S{number}", "places": places, "per_year": cost, "scalable": part}
        for number, (places, cost, part) in enumerate(given)
    ]


def test_other_openings_of_the_same_region_are_tried() -> None:
    """At least four of ten must have a place. O0 has 3.9999 places for 120,000 a year and costs nothing on balance, O1
    has four for £5m. O2, two places for £9m, would do beside O0, at more. So O1 opens alone, or with O0: it is 120,000
    saved by O1's four places, and by O0's 3.9999 × 30,000 less 120,000, £3 too little. 5,000,000 + 4 × 20,000 +
    6 × 50,000.
    """
    options = schemes((3.9999, 120_000, False), (4, 5_000_000, False), (2, 9_000_000, False))
    programme, plan = planned(needed(4, options))
    assert set(opened(programme)) == {"O1"}
    assert plan.objective == pytest.approx(5_380_000)
    assert plan.status == "optimal"


def test_what_is_asked_of_the_programme_leaves_out_what_is_ruled_out() -> None:
    """The next best opens O0 beside O1, for £3 more; without O1 it is O0 and O2: 9,120,000 + 5.9999 × 20,000 +
    4.0001 × 50,000, and not O0 alone.
    """
    options = schemes((3.9999, 120_000, False), (4, 5_000_000, False), (2, 9_000_000, False))
    programme, _ = planned(needed(4, options))
    found = appraised(programme, FOREVER)
    without = 9_120_000 + 5.9999 * 20_000 + 4.0001 * 50_000
    assert found.without[1].more == pytest.approx(without - 5_380_000, rel=1e-6)
    assert found.without[1].sure
    assert found.alternatives[0].more == pytest.approx(3, abs=0.1)


def cheapest(least: float, given: list[tuple[float, float, bool]], most: int) -> float:
    """£ of every set of options, each part tried where the cost bends; infinite where none keeps the rule."""
    best = np.inf
    for some in itertools.product([False, True], repeat=len(given)):
        if sum(some) > most:
            continue
        chosen = [one for one, opens in zip(given, some, strict=True) if opens]
        whole = [one for one in chosen if not one[2]]
        there, fixed = sum(one[0] for one in whole), sum(one[1] for one in whole)
        for places, cost, _ in [one for one in chosen if one[2]] or [(1.0, 0.0, True)]:
            for part in np.clip([0, 1, (10 - there) / places, (least - there) / places], 0, 1):
                inside = min(there + part * places * (cost > 0), 10)
                if inside >= least - 1e-12:
                    best = min(best, fixed + part * cost + 20_000 * inside + 50_000 * (10 - inside))
    return best


@given(st.integers(0, 100_000))
@examples(40)
def test_the_best_of_all_sets_is_found_where_some_miss_by_a_hair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    parts = int(rng.integers(0, count)) if rng.random() < 0.3 else -1
    given = [(float(rng.integers(1, 6)), float(10 ** rng.uniform(4, 7)), number == parts) for number in range(count)]
    sets = {sum(given[at][0] for at in some) for size in range(1, count + 1)
            for some in itertools.combinations(range(count), size)}  # fmt: skip
    least = min(float(rng.choice(sorted(sets))), 9.0) + float(rng.choice([0, 10.0 ** -int(rng.integers(1, 6))]))
    most = int(rng.integers(2, count + 1))
    best = cheapest(least, given, most)
    if not np.isfinite(best):
        return
    _, plan = planned(needed(least, schemes(*given), open_at_most=most))
    assert plan.objective == pytest.approx(best, rel=1e-8)
    assert plan.status == "optimal"


def test_the_proof_does_not_take_it_on_trust_that_openings_are_ruled_out() -> None:
    """Prices halved in the direction of the rule, or left to openings that keep it, rule nothing out."""
    programme = programme_by_prices(prepare(journeys(5e6, 30.002)))
    plan, search = solve_by_pricing(programme.instance).plan, programme.search
    assert search is not None
    assert with_programme(plan, programme).status == "optimal"
    everything = np.ones(len(programme.y))
    dull = [replace(one, cut=replace(one.cut, prices=1e-9 * one.cut.prices)) for one in search.ruled_out]
    of_others = [replace(one, y=everything) for one in search.ruled_out]
    for wrong in (dull, of_others, []):
        with pytest.raises(CertificateError, match="no cheaper programme"):
            with_programme(plan, replace(programme, search=replace(search, ruled_out=tuple(wrong))))
