"""Do nothing more (existing commitments only): small cases worked by hand, the answer in the test.

Unless a case says otherwise nobody stays from one year to the next, so that everyone asks for a place every year.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.explain.projection import Projection, do_nothing_more
from sufficiency.plan.rows.instance import prepare

from ..effort import lines_run
from ..worked import Row, case_of, model_of, steady

SCHOOL, BOUGHT = {"line": "school", "setting": "S"}, {"line": "bought", "setting": "I", "places": np.nan}
SETTINGS: list[Row] = [
    {"setting": "S"},
    {"setting": "F", "type": "special_free_school"},
    {"setting": "I", "type": "independent"},
    {"setting": "E", "type": "eotas"},
]
COSTS: list[Row] = [{"setting": "I", "per_child": 70_000}, {"per_child": 20_000}]


def projected(case: Case) -> Projection:
    return do_nothing_more(prepare(case))


def moving(last: int = 2026, stay: float = 0.0, **continuity: Any) -> Any:
    return model_of((2025, last), continuity={"stay": {"primary": stay}, **continuity})


def in_line(projection: Projection, year: int) -> dict[str, float]:
    """Children in each line, and waiting, where there are any."""
    data, t = projection.data, year - 2025
    children = np.bincount(data.pair_line, projection.stock[t], len(data.lines))
    told = dict(zip(data.lines["line"], children, strict=True)) | {"waiting": projection.waiting[t].sum()}
    return {line: float(n) for line, n in told.items() if n > 1e-9}


def free_school(children: float = 300, last: int = 2026, **continuity: Any) -> Case:
    """100 of 300 in a full school, 200 bought places; from 2026 a free school of 120 places, which nobody attends."""
    return case_of(
        moving(last, **continuity),
        demand=steady("A", children, range(2025, last + 1)),
        placements=[
            {"area": "A", "line": "school", "children": 100},
            {"area": "A", "line": "bought", "children": 200},
        ],
        places=[
            SCHOOL | {"places": 100},
            {"line": "free", "setting": "F", "places": 120, "from_year": 2026},
            BOUGHT,
        ],
        settings=SETTINGS,
        costs=COSTS,
    )


def test_a_free_school_that_nobody_attends_yet_fills_to_nine_places_in_ten() -> None:
    # Nobody insists on a bought place: 200 ask at the free school, which takes 0.9 × 120.
    case = free_school(preference_share=0.0)
    assert in_line(projected(case), 2026) == pytest.approx({"school": 100, "free": 108, "bought": 92})


def test_how_far_new_places_fill_is_the_model_s_to_say() -> None:
    case = free_school(preference_share=0.0, new_places_fill=0.5)
    assert in_line(projected(case), 2026) == pytest.approx({"school": 100, "free": 60, "bought": 140})


def test_only_the_free_share_of_bought_lines_asks_at_new_places() -> None:
    # Of the 200 whose pattern is a bought place, half are free in 2026 and ask at the free school, a quarter in 2027;
    # the others go where such children go today, though 8 and 58 of the places that would fill stand empty.
    case = free_school(last=2027, preference_share={2026: 0.5, 2027: 0.75})
    projection = projected(case)
    assert in_line(projection, 2026) == pytest.approx({"school": 100, "free": 100, "bought": 100})
    assert in_line(projection, 2027) == pytest.approx({"school": 100, "free": 50, "bought": 150})
    # 2026: 200 children at £20,000 and 100 at £70,000; 2027: 150 and 150; no discount, no inflation.
    assert projection.money == pytest.approx(200 * 20_000 + 100 * 70_000 + 150 * 20_000 + 150 * 70_000)


def test_those_turned_away_come_before_those_whose_pattern_is_bought() -> None:
    # 330 children: 110 by their pattern ask at the school (100 places), 220 are bought. The ten turned away take new
    # places first; the free share of the others has 98 of the 108 left: 220 − 98 are bought.
    case = free_school(children=330, preference_share=0.0)
    projection = projected(case)
    assert in_line(projection, 2026) == pytest.approx({"school": 100, "free": 108, "bought": 122})


def test_only_the_places_added_to_a_school_are_new() -> None:
    # 150 ask at a school of 100 places that has 140 now. 100 are in as today; of 40 new ones 36 fill; 14 are bought.
    case = case_of(
        moving(),
        demand=[{"area": "A", "year": 2025, "children": 100}, {"area": "A", "year": 2026, "children": 150}],
        placements=[{"area": "A", "line": "school", "children": 100}],
        places=[SCHOOL | {"places": 100}, SCHOOL | {"places": 140, "from_year": 2026}, BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
    )
    assert in_line(projected(case), 2026) == pytest.approx({"school": 136, "bought": 14})


def test_places_that_are_only_proposed_are_in_the_plan_and_not_in_doing_nothing_more() -> None:
    # The school grows from 100 to 110 places by a notice approved, then to 150 if a proposal is. The free school is a
    # proposal too. 150 ask at the school: 100 as today and 0.9 × 10 are in, 41 are bought; the plan has everyone in.
    def case(status: str) -> Case:
        return case_of(
            moving(2028, preference_share=0.0),
            demand=steady("A", 150, range(2025, 2029)),
            placements=[{"area": "A", "line": "school", "children": 150}],
            places=[
                SCHOOL | {"places": 100},
                SCHOOL | {"places": 110, "from_year": 2026, "status": "committed", "evidence": "notice of 3 March"},
                SCHOOL | {"places": 150, "from_year": 2027, "status": status},
                SCHOOL | {"places": 105, "from_year": 2028},
                {"line": "free", "setting": "F", "places": 30, "from_year": 2026, "status": status},
                BOUGHT,
            ],
            settings=SETTINGS,
            costs=COSTS,
        )

    proposed = case("proposed")
    projection = projected(proposed)
    for year in (2026, 2027):  # the row of 2026 goes on holding in 2027
        assert in_line(projection, year) == pytest.approx({"school": 109, "bought": 41})
    assert in_line(projection, 2028) == pytest.approx({"school": 104.5, "bought": 45.5})
    assert in_line(projected(case("")), 2026) == pytest.approx({"school": 109, "free": 27, "bought": 14})
    plan = prepare(proposed).data
    assert plan.lines["line"].tolist() == projection.data.lines["line"].tolist()
    assert np.array_equal(plan.pair_line, projection.data.pair_line)
    assert plan.places[3, plan.lines["line"].tolist().index("free")] == 30


def test_children_above_the_places_take_up_what_may_stand_above_them_and_new_places_fill_after() -> None:
    # Three in four stay: 90 of the 120 who were in 100 places. There are 110 now, ten of them new. In 2026 the stock is
    # 90 and V = 0: up to 110 − 10 by the pattern, then up to 110 − 1. 120 × ¼ ask: 10 + 9 are in, 11 bought.
    case = case_of(
        moving(stay=0.75),
        demand=steady("A", 120, range(2025, 2027)),
        placements=[{"area": "A", "line": "school", "children": 120}],
        places=[SCHOOL | {"places": 100}, SCHOOL | {"places": 110, "from_year": 2026}, BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
    )
    assert in_line(projected(case), 2026) == pytest.approx({"school": 109, "bought": 11})


def test_a_line_is_filled_above_its_places_by_the_pattern_and_not_by_others() -> None:
    # Ten places and one above them. 12 of A ask by their pattern: 11 are in. Those of B have no pattern of their own
    # need; nothing is left for them beyond the ten places.
    case = case_of(
        moving(),
        demand=[
            *steady("A", 12, range(2025, 2027)),
            {"area": "B", "need": "SEMH", "year": 2025, "children": 0},
            {"area": "B", "need": "SEMH", "year": 2026, "children": 5},
        ],
        placements=[{"area": "A", "line": "school", "children": 12}],
        places=[SCHOOL | {"places": 10, "overfill": 0.1, "needs": ("ASD", "SEMH")}],
        settings=SETTINGS,
        costs=COSTS,
    )
    assert in_line(projected(case), 2026) == pytest.approx({"school": 11, "waiting": 6})
    case.tables.places["places"] = 20.0  # 12 by the pattern, then B's five, up to 20
    assert in_line(projected(case), 2026) == pytest.approx({"school": 17})


def test_a_building_takes_all_who_ask_alike() -> None:
    # Two lines of ten places in a building for 15. Ten ask at each: three in four of both are in, and 2 × 2.5 bought.
    case = case_of(
        moving(),
        demand=[*steady("A", 10, range(2025, 2027)), *steady("A", 10, range(2025, 2027), need="SLCN")],
        placements=[
            {"area": "A", "line": "one", "children": 10},
            {"area": "A", "line": "two", "children": 10, "need": "SLCN"},
        ],
        places=[
            {"line": "one", "setting": "S", "places": 10},
            {"line": "two", "setting": "S", "places": 10, "needs": ("SLCN",)},
            BOUGHT | {"needs": ("ASD", "SLCN")},
        ],
        settings=[SETTINGS[0] | {"physical_places": 15}, *SETTINGS[1:]],
        costs=COSTS,
    )
    assert in_line(projected(case), 2026) == pytest.approx({"one": 7.5, "two": 7.5, "bought": 5})


def test_new_places_go_to_the_nearest_and_alike_to_those_as_far() -> None:
    # Ten new places, all of which fill. The five of C live nearest and are in. For the other five places ask 8 of A and
    # 12 of B, as far from it to a millionth of a minute: a quarter of both are in. D lives a tenth of a minute further.
    case = case_of(
        moving(new_places_fill=1.0),
        demand=[
            {"area": area, "year": year, "children": children * (year - 2025)}
            for area, children in {"A": 8, "B": 12, "C": 5, "D": 3}.items()
            for year in (2025, 2026)
        ],
        places=[{"line": "free", "setting": "F", "places": 10}, BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
        travel=[
            {"area": area, "setting": "F", "minutes": minutes, "km": 1.0}
            for area, minutes in {"A": 20.0, "B": 20.0 + 5e-7, "C": 19.9, "D": 20.1}.items()
        ],
    )
    projection = projected(case)
    data = projection.data
    got = {
        data.cells["area"][cell]: children
        for cell, line, children in zip(data.pair_cell, data.pair_line, projection.stock[1], strict=True)
        if data.lines["line"][line] == "free"
    }
    assert got == pytest.approx({"A": 2, "B": 3, "C": 5, "D": 0})


def test_children_ask_alike_at_lines_as_far_and_those_turned_away_at_what_has_room_there() -> None:
    # 20 children, two new lines in one school: ten ask at each. The one of 4 turns 6 away, who are in at the other.
    case = case_of(
        moving(new_places_fill=1.0),
        demand=[{"area": "A", "year": 2025, "children": 0}, {"area": "A", "year": 2026, "children": 20}],
        places=[
            {"line": "large", "setting": "S", "places": 16},
            {"line": "small", "setting": "S", "places": 4},
            {"line": "far", "setting": "F", "places": 50},
        ],
        settings=SETTINGS,
        costs=COSTS,
        travel=[{"area": "A", "setting": "F", "minutes": 30.0, "km": 9.0}],
    )
    assert in_line(projected(case), 2026) == pytest.approx({"small": 4, "large": 16})


def test_new_places_are_for_those_they_are_designated_for_first() -> None:
    # Nobody has a pattern. Eight with ASD take new places of the free school. It can meet SEMH at a match of ½, so
    # these ten ask once new places are given: one is left of the nine in ten that fill.
    case = case_of(
        moving(),
        demand=[
            {"area": "A", "need": "SEMH", "year": 2025, "children": 0},
            {"area": "A", "need": "SEMH", "year": 2026, "children": 10},
            {"area": "A", "year": 2025, "children": 0},
            {"area": "A", "year": 2026, "children": 8},
        ],
        places=[
            {"line": "free", "setting": "F", "places": 10, "can_meet": ("SEMH",), "match": 0.5},
            BOUGHT | {"needs": ("ASD", "SEMH")},
        ],
        settings=SETTINGS,
        costs=COSTS,
        travel=[{"area": "A", "setting": "F", "minutes": 10.0, "km": 3.0}],
    )
    projection = projected(case)
    data = projection.data
    needs = data.cells["need"].to_numpy()[data.pair_cell]
    free = data.lines["line"].to_numpy()[data.pair_line] == "free"
    assert projection.stock[1][free & (needs == "ASD")] == pytest.approx(8)
    assert projection.stock[1][free & (needs == "SEMH")] == pytest.approx(1)


def test_children_of_a_school_that_closes_look_for_a_place() -> None:
    # Four in five stay. In 2026 the two who leave S are followed by two. In 2027 it is closed: of its ten, eight look
    # for a place beside two who start. Like children go to T, where 4.8 of six are left and 1.2 start. For 7.2 places
    # ask 10 + 1.2, so that nine in fourteen are in; the other four are bought a place.
    case = case_of(
        moving(2027, stay=0.8),
        demand=[*steady("A", 10, range(2025, 2028)), *steady("B", 6, range(2025, 2028))],
        placements=[{"area": "A", "line": "school", "children": 10}, {"area": "B", "line": "other", "children": 6}],
        places=[SCHOOL | {"places": 10}, {"line": "other", "setting": "T", "places": 12}, BOUGHT],
        settings=[{"setting": "S", "closes": 2027}, {"setting": "T"}, *SETTINGS[2:]],
        costs=COSTS,
    )
    projection = projected(case)
    assert in_line(projection, 2026) == pytest.approx({"school": 10, "other": 6})
    assert in_line(projection, 2027) == pytest.approx({"other": 12, "bought": 4})
    data = projection.data
    of_a = (data.cells["area"] == "A").to_numpy()[data.pair_cell] & (data.lines["line"] == "other").to_numpy()[
        data.pair_line
    ]
    assert projection.stock[2][of_a].sum() == pytest.approx(10 * 9 / 14)


@pytest.mark.parametrize(
    ("factor", "places", "expected"),
    [
        # Of ten, four are educated otherwise by the pattern.
        (1.0, 6, {"otherwise": 4, "school": 6}),
        # Half of them: two have no pattern then. One takes the spare place of seven, one is bought a place.
        (0.5, 7, {"otherwise": 2, "school": 7, "bought": 1}),
        # Twice as many: 8. The six of the school's pattern are two then.
        (2.0, 6, {"otherwise": 8, "school": 2}),
        # Four times as many would be 16: all ten.
        (4.0, 6, {"otherwise": 10}),
    ],
)
def test_decisions_that_no_school_is_appropriate_follow_the_pattern_and_its_factor(
    factor: float, places: int, expected: dict[str, float]
) -> None:
    case = case_of(
        moving(pattern_factors={"eotas": factor}),
        demand=steady("A", 10, range(2025, 2027)),
        placements=[
            {"area": "A", "line": "school", "children": 6},
            {"area": "A", "line": "otherwise", "children": 4},
        ],
        places=[SCHOOL | {"places": places}, {"line": "otherwise", "setting": "E", "places": np.nan}, BOUGHT],
        settings=SETTINGS,
        costs=COSTS,
    )
    assert in_line(projected(case), 2026) == pytest.approx(expected)


def test_who_finds_no_place_waits_and_asks_again() -> None:
    # Half stay. 2026: 3 of the 6 placed; 4 waited, of whom 2 go on to; 5 start. 7 ask for 3 places, 4 wait. 2027 alike.
    case = case_of(
        moving(2027, stay=0.5),
        demand=steady("A", 10, range(2025, 2028)),
        placements=[{"area": "A", "line": "school", "children": 6}],
        places=[SCHOOL | {"places": 6}],
        settings=SETTINGS,
        costs=COSTS,
    )
    projection = projected(case)
    for year in (2026, 2027):
        assert in_line(projection, year) == pytest.approx({"school": 6, "waiting": 4})
    assert projection.entrants[1:].sum(axis=1) == pytest.approx([3, 3])


def test_bought_places_go_by_the_pattern_and_else_to_the_cheapest() -> None:
    # A's eight: three in four at one independent, one in four at the other. B's four have no pattern of theirs: the
    # cheaper of the two, £60,000. The non-maintained school has no room for C's five but for two; three wait.
    case = case_of(
        moving(),
        demand=[
            *steady("A", 8, range(2025, 2027)),
            *({"area": "B", "need": "SEMH", "year": year, "children": 4 * (year - 2025)} for year in (2025, 2026)),
            *steady("C", 5, range(2025, 2027), need="HI"),
        ],
        placements=[
            {"area": "A", "line": "costly", "children": 6},
            {"area": "A", "line": "cheap", "children": 2},
            {"area": "C", "line": "limited", "need": "HI", "children": 5},
        ],
        places=[
            {"line": "costly", "setting": "I", "places": np.nan, "needs": ("ASD", "SEMH")},
            {"line": "cheap", "setting": "J", "places": np.nan, "needs": ("ASD", "SEMH")},
            {"line": "limited", "setting": "N", "places": 2, "needs": ("HI",)},
        ],
        settings=[
            {"setting": "I", "type": "independent"},
            {"setting": "J", "type": "independent"},
            {"setting": "N", "type": "non_maintained"},
        ],
        costs=[{"setting": "I", "per_child": 70_000}, {"per_child": 60_000}],
    )
    assert in_line(projected(case), 2026) == pytest.approx({"costly": 6, "cheap": 6, "limited": 2, "waiting": 3})


def test_as_many_lines_of_python_run_for_many_areas_as_for_few() -> None:
    """No loop over areas or arcs: rounds are handled together until a line or a building is full."""

    def of(areas: int) -> int:
        names = [f"A{i:03}" for i in range(areas)]
        case = case_of(
            moving(),
            demand=[row for name in names for row in steady(name, 300 / areas, range(2025, 2027))],
            places=[
                {"line": "free", "setting": "F", "places": 120},
                {"line": "school", "setting": "S", "places": 100},
                BOUGHT,
            ],
            settings=SETTINGS,
            costs=COSTS,
            travel=[
                {"area": name, "setting": setting, "minutes": 5.0 + 37.0 * at * (i + 1) % 40, "km": 1.0}
                for i, name in enumerate(names)
                for at, setting in enumerate(("F", "S"), 1)
            ],
        )
        base = prepare(case)
        return lines_run(lambda: do_nothing_more(base))

    assert of(120) < 1.2 * of(12)
