"""Who is better and worse off: a case by hand, and sums that tie to the other tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sufficiency as sf
from sufficiency.case import Case
from sufficiency.plan.explain.projection import do_nothing_more
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import Plan, solve_by_pricing
from sufficiency.report.screens.plan import screen
from sufficiency.result.impact import _p90, impact

from ..examples import examples
from ..random_cases import random_case, richer_case
from ..solved import toy_result
from ..worked import case_of, model_of, steady

YEARS = range(2025, 2027)
PARTS = ("locality", "need", "phase", "type")
ADD_UP = ("children", "over_limit", "in_locality", "bought", "over_places", "awaiting", "longer", "shorter")


def table_of(case: Case) -> tuple[Plan, pd.DataFrame]:
    base = prepare(case)
    plan = solve_by_pricing(base).plan
    return plan, impact(case, plan, do_nothing_more(base))


def row(table: pd.DataFrame, projection: str, group: str, value: str, year: int = 2026) -> dict[str, Any]:
    of = table["projection"].eq(projection) & table["group"].eq(group) & table["value"].eq(value)
    (found,) = table[of & table["year"].eq(year)].to_dict("records")
    return dict(found)


def near_and_far(**more: Any) -> Case:
    """Area A (North, most deprived) 4 children, area B (South, rural) 2; everyone is placed anew each year. Near is a
    base in the North with 3 places, Far a special school in the South with 3, and Bought, an independent one outside.
    Today all of A are at Far or Bought (2 each), and of B one at Far, one waits.
    """
    minutes = {("A", "N"): 10, ("A", "F"): 30, ("A", "I"): 60, ("B", "N"): 40, ("B", "F"): 12, ("B", "I"): 50}
    return case_of(
        model_of(
            (2025, 2026),
            continuity={"stay": {"primary": 0.0}},
            weights={"hour_travelled": 5},
            travel={"limit_minutes": {"primary": 45}},
        ),
        demand=[*steady("A", 4, YEARS), *steady("B", 2, YEARS)],
        areas=[
            {"area": "A", "locality": "North", "imd_decile": 2, "rural": "no"},
            {"area": "B", "locality": "South", "imd_decile": 9, "rural": "Yes"},
        ],
        settings=[
            {"setting": "N", "type": "resource_base", "locality": "North"},
            {"setting": "F", "type": "special_school", "locality": "South"},
            {"setting": "I", "type": "independent", "in_area": False},
        ],
        places=[
            {"line": "near", "setting": "N", "places": 3},
            {"line": "far", "setting": "F", "places": 3},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        costs=[
            {"type": "resource_base", "per_child": 1_000},
            {"type": "special_school", "per_child": 1_000},
            {"type": "independent", "per_child": 50_000},
        ],
        placements=[
            {"area": "A", "line": "far", "children": 2},
            {"area": "A", "line": "bought", "children": 2},
            {"area": "B", "line": "far", "children": 1},
        ],
        travel=[{"area": a, "setting": s, "minutes": float(m), "km": 1.0} for (a, s), m in minutes.items()],
        **more,
    )


def test_today_is_the_placements_table() -> None:
    # Minutes of A: 2 × 30 and 2 × 60, mean 45, nine in ten within 60; of B: 12, one waits. All: (180 + 12) / 5 = 38.4.
    _, table = table_of(near_and_far())
    everyone = row(table, "today", "all", "all", 2025)
    expected = {"children": 6, "mean_minutes": 38.4, "p90_minutes": 60, "over_limit": 2, "in_locality": 1}
    expected |= {"in_authority": 3, "in_mainstream_base": 0, "bought": 2, "off_designation": 0, "awaiting": 1}
    assert {name: everyone[name] for name in expected} == pytest.approx(expected)
    assert row(table, "today", "locality", "North", 2025)["mean_minutes"] == pytest.approx(45)
    changes = ("moved_by_closure", "redirected_at_transfer", "preferences_missed", "longer", "shorter")
    assert all(np.isnan(everyone[name]) for name in changes)


def test_the_plan_beside_doing_nothing_more() -> None:
    # No preference counts, so the plan puts 3 of A near, 1 of A and 2 of B at Far: minutes 3 × 10, 30, 2 × 12, all in
    # 84, mean 14. Doing nothing more, today's pattern of A and of B (fewer than five in each, and in each locality,
    # so that of the authority: 3/5 Far, 2/5 Bought) asks for 2.4 and 1.2 at Far, which has 3: 5/6 get in, 2 of A and 1
    # of B. Near is new places, filled to nine in ten (2.7), nearest first: those turned away (0.4 of A, 0.2 of B) and
    # those free to choose (1.6 of A, 0.8 of B). A takes 0.4 + 1.6 = 2 there and B 0.2 + what is left of 2.7: 0.5.
    # Bought: 0.3 of B.
    plan, table = table_of(near_and_far())
    assert plan.status == "optimal"
    mine, other = (row(table, of, "all", "all") for of in ("plan", "unmitigated"))
    assert (mine["children"], other["children"]) == (pytest.approx(6), pytest.approx(6))
    assert (mine["mean_minutes"], mine["bought"]) == (pytest.approx(14), pytest.approx(0))
    assert (other["mean_minutes"], other["bought"]) == (
        pytest.approx((2 * 30 + 12 + 2 * 10 + 0.7 * 40 + 0.3 * 50) / 6),
        pytest.approx(0.3),
    )
    # A: of 3 near and 1 far here and 2 near and 2 far there, 2 near and 1 far are the same, one child comes 20 minutes
    # closer. B: both are at Far, there one, so one comes from Near (40, 0.7) or Bought (50, 0.3) to 12 minutes.
    north, south = (row(table, "plan", "locality", name) for name in ("North", "South"))
    assert (north["longer"], north["shorter"]) == (pytest.approx(0), pytest.approx(1))
    assert (south["longer"], south["shorter"]) == (pytest.approx(0), pytest.approx(1))
    assert mine["shorter"] == pytest.approx(2)
    assert np.isnan(other["longer"])


def test_groups_of_the_areas_table_and_types() -> None:
    _, table = table_of(near_and_far())
    assert row(table, "plan", "imd_quintile", "1")["children"] == pytest.approx(4)
    assert row(table, "plan", "imd_quintile", "5")["children"] == pytest.approx(2)
    assert row(table, "plan", "rural", "yes")["children"] == pytest.approx(2)
    assert row(table, "plan", "type", "resource_base")["children"] == pytest.approx(3)
    assert row(table, "today", "type", "awaiting", 2025)["awaiting"] == pytest.approx(1)
    assert row(table, "plan", "transfer", "primary")["children"] == pytest.approx(6)  # nobody stays


def test_without_deprivation_and_rural_areas_there_are_no_such_groups() -> None:
    groups = set(toy_result().impact["group"])
    assert groups == {"all", "locality", "need", "phase", "type", "transfer"}


def test_a_closed_line_counts_those_it_sends_away() -> None:
    # Both stay (stay 1), and their school closes in 2026: both are moved, of type special_school though they are bought
    # a place afterwards.
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 1.0}}),
        demand=steady("A", 2, YEARS),
        settings=[{"setting": "S", "closes": 2026}, {"setting": "I", "type": "independent"}],
        places=[{"line": "s", "setting": "S", "places": 2}, {"line": "i", "setting": "I", "places": np.nan}],
        costs=[{"per_child": 1_000}],
        placements=[{"area": "A", "line": "s", "children": 2}],
    )
    _, table = table_of(case)
    assert row(table, "plan", "all", "all")["moved_by_closure"] == pytest.approx(2)
    left = row(table, "plan", "type", "special_school")
    assert (left["children"], left["moved_by_closure"]) == (0, pytest.approx(2))
    assert row(table, "plan", "type", "independent")["moved_by_closure"] == 0


def test_the_table_says_what_the_headline_says() -> None:
    result = toy_result()
    everyone = result.impact[result.impact["group"] == "all"].set_index(["projection", "year"])
    measures = result.measures[(result.measures["period"] == "academic") & (result.measures["item"] == "")]
    figures = measures.set_index(["measure", "year"])
    names = {name: name for name in ("children", "bought", "awaiting", "over_places", "over_limit", "mean_minutes")}
    for year in (2026, 2027, 2028):
        for projection in ("plan", "unmitigated"):
            row = everyone.loc[(projection, year)]
            for name, measure in names.items():
                assert row[name] == pytest.approx(figures.loc[(measure, year), projection]), (name, year)
        mine = everyone.loc[("plan", year)]
        assert mine["redirected_at_transfer"] == pytest.approx(figures.loc[("directed_elsewhere", year), "plan"])
        assert mine["preferences_missed"] == pytest.approx(figures.loc[("preferences_missed", year), "plan"])


@given(st.integers(0, 100_000), st.booleans())
@examples(40)
def test_groups_add_up_to_all_and_nobody_is_both_better_and_worse_off(seed: int, richer: bool) -> None:
    plan, table = table_of((richer_case if richer else random_case)(seed))
    demand = dict(zip(plan.data.years.tolist(), plan.data.demand.sum(axis=1).tolist(), strict=True))
    assert (table["longer"].fillna(0) + table["shorter"].fillna(0) <= table["children"] + 1e-6).all()
    for (year, projection), rows in table.groupby(["year", "projection"]):
        whole = rows[rows["group"] == "all"]
        if demand[int(year)] < 1e-9:  # type: ignore[call-overload]
            continue
        assert float(whole["children"].iloc[0]) == pytest.approx(demand[int(year)])  # type: ignore[call-overload]
        for group in PARTS:
            part = rows[rows["group"] == group]
            for name in ADD_UP:
                assert part[name].sum() == pytest.approx(whole[name].sum(), abs=1e-6), (year, projection, group, name)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 30), st.integers(1, 9)), min_size=1, max_size=20))
@examples(60)
def test_nine_in_ten_travel_no_longer(rows: list[tuple[int, int, int]]) -> None:
    group, minutes, children = (np.array(column) for column in zip(*rows, strict=True))
    found = _p90(group.astype(np.int64), minutes.astype(float), children.astype(float), 4)
    for number in range(4):
        one_by_one = np.sort(np.repeat(minutes[group == number], children[group == number]))
        if not len(one_by_one):
            assert np.isnan(found[number])
        else:
            assert found[number] == one_by_one[int(np.ceil(0.9 * len(one_by_one) - 1e-9)) - 1]


def test_an_option_is_set_beside_the_best_programme_without_it() -> None:
    # Three children, one place near (5 minutes), the rest bought (50 minutes, expensive). A further base (15 minutes, 2
    # places) opens in 2026, half of it at first: in 2027, when it is whole, the mean is (5 + 2 × 15) / 3; without it
    # (5 + 2 × 50) / 3. Nobody stays, so nothing of earlier years is left.
    case = case_of(
        model_of((2025, 2028), continuity={"stay": {"primary": 0.0}}),
        demand=steady("A", 3, range(2025, 2029)),
        settings=[{"setting": "S"}, {"setting": "B", "type": "resource_base"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "s", "setting": "S", "places": 1}, {"line": "i", "setting": "I", "places": np.nan}],
        costs=[{"per_child": 1_000}, {"type": "independent", "per_child": 90_000}],
        options=[{"option": "O", "setting": "B", "places": 2, "earliest": 2026, "latest": 2026, "ramp": (0.5, 1.0)}],
        travel=[
            {"area": "A", "setting": s, "minutes": m, "km": 1.0} for s, m in (("S", 5.0), ("B", 15.0), ("I", 50.0))
        ],
    )
    table = sf.solve(case).impact_options
    assert set(table["option"]) == {"O"}
    everyone = table[table["group"] == "all"].set_index("state")
    assert everyone["children"].to_dict() == pytest.approx({"opened": 3, "left": 3})
    assert everyone["mean_minutes"].to_dict() == pytest.approx({"opened": 35 / 3, "left": 105 / 3})
    by_type = table[table["group"] == "type"].set_index(["state", "value"])["children"].to_dict()
    assert by_type == pytest.approx(
        {
            ("opened", "special_school"): 1,
            ("opened", "resource_base"): 2,
            ("left", "special_school"): 1,
            ("left", "independent"): 2,
        }
    )


def test_the_screen_names_the_worst_group() -> None:
    """Twelve children in each of two areas; those of the South are bought a place 15 minutes away. A base of twelve
    places that opens takes them, 45 minutes away; doing nothing more it does not open.
    """
    minutes = {
        ("N", "X"): 5.0,
        ("N", "Y"): 35.0,
        ("N", "Z"): 60.0,
        ("S", "X"): 45.0,
        ("S", "Y"): 15.0,
        ("S", "Z"): 45.0,
    }
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 0.0}}, weights={"hour_travelled": 1}),
        demand=[*steady("N", 12, YEARS), *steady("S", 12, YEARS)],
        areas=[{"area": "N", "locality": "North"}, {"area": "S", "locality": "South"}],
        settings=[{"setting": "X"}, {"setting": "Y", "type": "independent"}, {"setting": "Z", "type": "resource_base"}],
        places=[{"line": "x", "setting": "X", "places": 12}, {"line": "y", "setting": "Y", "places": np.nan}],
        costs=[{"per_child": 1_000}, {"type": "independent", "per_child": 90_000}],
        placements=[{"area": "N", "line": "x", "children": 12}, {"area": "S", "line": "y", "children": 12}],
        options=[{"option": "O", "setting": "Z", "places": 12, "earliest": 2026, "latest": 2026}],
        travel=[{"area": a, "setting": s, "minutes": m, "km": 1.0} for (a, s), m in minutes.items()],
    )
    result = sf.solve(case)
    text = " ".join(screen(result).split())
    assert "0 over 5 minutes shorter, 12 longer; worst off: South, 45.0 (15.0)" in text
    (south,) = [line.split() for line in screen(result, detail=True).splitlines() if line.startswith("  South")]
    assert south == ["South", "12", "45.0", "15.0", "12", "0", "0"]
