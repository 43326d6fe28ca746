"""Do nothing more on random cases: as a second implementation has it, and what holds whatever the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.plan.explain.projection import Projection, do_nothing_more
from sufficiency.plan.rows.instance import prepare

from ..examples import examples
from ..nothing_more import NothingMore
from ..random_cases import random_case, richer_case
from ..random_options import random_case_with_options
from ..solved import toy_case

seeds = st.integers(0, 100_000)
many = examples(300)
few = examples(20)
CHILDREN = 1e-9


def varied_case(seed: int) -> Case:
    """A random case in which journeys are equally long more often, lines are not attended yet, a bought line may have a
    limit, a limited type may follow the pattern only, a line gets more places, and later rows may be only proposed.
    """
    rng = np.random.default_rng([seed, 11])
    continuity: dict[str, Any] = {
        "new_places_fill": float(rng.choice([0, 0.5, 0.9, 1])),
        "pattern_factors": {"eotas": float(rng.choice([0, 0.5, 1, 3])), "alternative_provision": 1.5},
    }
    if rng.random() < 0.4:
        by_type = {"default": 0.6, "non_maintained": 0.8, "independent": {2025: 0.3, 2027: 0.1}}
        continuity |= {"preference_share": by_type, "enrolment": {"L00": 0.7, "L20": 0.4}}
    if rng.random() < 0.3:
        continuity["by_pattern"] = ["eotas", "alternative_provision"]
    case = (random_case if rng.random() < 0.5 else richer_case)(seed, bool(rng.random() < 0.2), continuity=continuity)
    tables, minutes = case.tables, case.journeys.minutes
    if rng.random() < 0.5:
        minutes = np.round(minutes / 20) * 20
    settings, places, placements = tables.settings.copy(), tables.places.copy(), tables.placements
    bought = rng.random() < 0.5
    settings.loc[bought & (settings["setting"] == "S5"), "type"] = "non_maintained"
    places.loc[bought & (places["setting"] == "S5"), "type"] = "non_maintained"
    more = places["line"].isin(["L00", "L10", "L20"]) & (places["from_year"] > 2025)
    places.loc[more, "places"] += float(rng.integers(0, 12))
    if rng.random() < 0.2:
        places.loc[places["line"] == "L21", "places"] = np.nan
    later = (places["from_year"] > 2025).to_numpy()
    places["status"] = np.where(later & (rng.random(len(places)) < 0.4), "proposed", "")
    if placements is not None and len(placements):
        unused = {line for line in places["line"].unique() if rng.random() < 0.3}
        placements = placements[~placements["line"].isin(unused)]
    return replace(
        case,
        tables=replace(tables, settings=settings, places=places, placements=placements),
        journeys=replace(case.journeys, minutes=minutes),
    )


def different(projection: Projection, second: NothingMore) -> Iterator[str]:
    """Where children differ by more than rounding."""
    data = projection.data
    cells = list(
        data.cells[["area", "need", "level", "phase", "step_down", "mainstream"]].itertuples(index=False, name=None)
    )
    lines = data.lines["line"].tolist()
    pairs = [(cells[c], lines[at]) for c, at in zip(data.pair_cell, data.pair_line, strict=True)]
    for t in range(1, data.horizon + 1):
        for name, ours, theirs, keys in (
            ("stock", projection.stock, second.stock, pairs),
            ("entrants", projection.entrants, second.entering, pairs),
            ("waiting", projection.waiting, second.waits, cells),
        ):
            assert {key for key, n in theirs[t].items() if n > CHILDREN} <= set(keys)
            for key, children in zip(keys, ours[t], strict=True):
                if abs(children - theirs[t].get(key, 0.0)) > CHILDREN:
                    yield f"{name} {t} {key}: {children} {theirs[t].get(key, 0.0)}"


@given(seeds)
@many
def test_two_implementations_place_the_same_children(seed: int) -> None:
    case = varied_case(seed)
    assert list(different(do_nothing_more(prepare(case)), NothingMore(case))) == []


def test_two_implementations_agree_on_the_toy() -> None:
    case = toy_case()
    assert list(different(do_nothing_more(prepare(case)), NothingMore(case))) == []


@given(seeds)
@few
def test_everyone_is_counted_once(seed: int) -> None:
    projection = do_nothing_more(prepare(varied_case(seed)))
    data = projection.data
    for t in range(1, data.horizon + 1):
        placed = np.bincount(data.pair_cell, projection.stock[t], len(data.cells))
        assert np.allclose(placed + projection.waiting[t], data.demand[t], atol=1e-6)
        assert projection.entrants[t].min(initial=0.0) >= 0


@given(seeds)
@few
def test_options_never_open_in_it(seed: int) -> None:
    """The same children as in the case without its options table, whatever `bases_first` and windows say."""
    case = random_case_with_options(seed, rules={"bases_first": False})
    without = replace(case, tables=replace(case.tables, options=None))
    ours, theirs = do_nothing_more(prepare(case)), do_nothing_more(prepare(without))
    for year, other in zip(ours.stock, theirs.stock, strict=True):
        in_line = np.bincount(ours.data.pair_line, year, len(ours.data.lines))
        named = dict(zip(ours.data.lines["line"], in_line, strict=True))
        expected = np.bincount(theirs.data.pair_line, other, len(theirs.data.lines))
        known = dict(zip(theirs.data.lines["line"], expected, strict=True))
        assert named == pytest.approx({line: known.get(line, 0.0) for line in named}, abs=CHILDREN)
    assert ours.money == pytest.approx(theirs.money)


@given(seeds)
@few
def test_a_clean_slate_changes_the_plan_and_not_what_it_is_compared_with(seed: int) -> None:
    case, clean_slate = random_case(seed), random_case(seed, continuity={"clean_slate": True})
    assert np.array_equal(do_nothing_more(prepare(case)).stock, do_nothing_more(prepare(clean_slate)).stock)


@given(seeds)
@few
def test_a_case_of_no_placements_is_projected_too(seed: int) -> None:
    case = varied_case(seed)
    case = replace(case, tables=replace(case.tables, placements=None))
    assert list(different(do_nothing_more(prepare(case)), NothingMore(case))) == []
