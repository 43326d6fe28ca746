"""The certificate works out from the options table what opens, and catches a plan that says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.case import Case
from sufficiency.plan.certificate.proof import GAP_TOLERANCE, certify
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.fixed import with_nothing_opened, with_openings_fixed
from sufficiency.plan.options.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.solve.fallback import everyone_else_waits
from sufficiency.plan.solve.solve import Plan, plan_of, slack_needed, solve_by_pricing

from ..examples import examples
from ..random_cases import rules_of_every_kind
from ..random_options import random_case_with_options
from ..worked import case_of, frame_of, model_of, steady

EXACT = {"gap": 1e-9, "threads": 1}
ROOM, DEAR = 9.0, 60_000


def four_schemes() -> Case:
    """Of 20 children 4 are in a dear line that may close; a new line of 8 places, half of them in its first year, more
    places in a line of a building, and a base come cheaper than places bought.
    """
    return case_of(
        model_of(
            (2025, 2028),
            solver=EXACT,
            rules={"reserve": 0.1, "bases_first": True},
            continuity={"stay": {"primary": 0.8}, "preference_share": 0.5},
            finance={"overspend": 0.1, "capital_charge": 0.05},
        ),
        demand=steady("A", 14, range(2025, 2029)) + steady("A", 6, range(2025, 2029), need="SEMH"),
        settings=[
            {"setting": "S", "physical_places": ROOM},
            {"setting": "N"},
            {"setting": "B", "type": "resource_base"},
            {"setting": "X"},
            {"setting": "I", "type": "independent"},
        ],
        places=[
            {"line": "S1", "setting": "S", "places": 6, "imported": 1.0, "needs": ("ASD", "SEMH")},
            {"line": "X1", "setting": "X", "places": 5},
            {"line": "bought", "setting": "I", "places": np.nan, "needs": ("ASD", "SEMH")},
        ],
        costs=[
            {"type": "special_school", "per_child": 10_000, "per_place": 4_000, "budget_line": "1.2.1"},
            {"type": "resource_base", "per_child": 12_000, "per_place": 2_000, "budget_line": "1.2.1"},
            {"setting": "X", "per_child": DEAR, "per_place": 10_000, "budget_line": "1.2.2"},
            {"type": "independent", "per_child": 50_000, "budget_line": "1.2.3"},
        ],
        placements=[
            {"area": "A", "line": "S1", "children": 4},
            {"area": "A", "line": "X1", "children": 4},
            {"area": "A", "line": "bought", "children": 6},
        ],
        options=[
            {"option": "new", "setting": "N", "places": 8, "ramp": (0.5, 1.0), "needs": ("SEMH",), "latest": 2027}
            | {"per_year": 1_000, "capital": 50_000, "smallest_fill": 0.5},
            {"option": "more", "setting": "S", "line": "S1", "places": 4, "physical": 2, "per_year": 500},
            {"option": "base", "setting": "B", "places": 3, "match": 1.0},
            {"option": "shut", "setting": "X", "closes_line": "X1", "earliest": 2027, "per_year": 2_000},
        ],
        budget=[
            {"financial_year": year, "budget_line": line, "pounds": 150_000.0}
            for year in (2026, 2027, 2028)
            for line in ("1.2.1", "1.2.2", "1.2.3")
        ],
        other_spend=[
            {"financial_year": year, "budget_line": "1.2.1", "pounds": 10_000.0} for year in (2026, 2027, 2028)
        ],
    )


@pytest.fixture(scope="module")
def plan() -> Plan:
    programme = programme_by_prices(prepare(four_schemes()))
    assert {it.scheme.option for it in programme.opened} == {"new", "more", "base", "shut"}
    plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
    assert set(plan.rows.family) == {"places", "physical", "fill", "bases", "budget"}
    return plan


def checked(plan: Plan) -> set[str]:
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, GAP_TOLERANCE)
    return {name for name, check in proof.checks.items() if not check.ok}


def line(plan: Plan, name: str) -> int:
    return plan.data.lines["line"].tolist().index(name)


def with_figure(plan: Plan, name: str, at: object, value: float) -> Plan:
    figures = getattr(plan.data, name).copy()
    figures[at] = value
    return replace(plan, data=replace(plan.data, **{name: figures}))


def with_limit(plan: Plan, family: str, name: str, by: float) -> Plan:
    """`by` more room in the rows of a family about a line or a setting."""
    settings = plan.data.setting_codes[plan.data.limited].tolist()
    item = settings.index(name) if family == "physical" else line(plan, name)
    here = (plan.rows.family == family) & (plan.rows.item == item) & (plan.rows.year == plan.data.horizon)
    assert here.sum() == 1
    return replace(plan, rows=replace(plan.rows, limit=plan.rows.limit + by * here))


def test_an_honest_programme_passes(plan: Plan) -> None:
    assert checked(plan) == set()
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, GAP_TOLERANCE)
    assert proof.checks["figures as in the tables"].error < 1e-12
    assert proof.checks["limits as in the tables"].error < 1e-12


def test_what_opens_by_hand(plan: Plan) -> None:
    """8 places less a tenth kept free: 3.6 in the first year, 7.2 then. The building has 9 less 1 imported, and 2 rooms
    more.
    """
    new, last = line(plan, "new"), plan.data.horizon
    first = int(np.flatnonzero(plan.data.line_open[:, new])[0])
    assert plan.data.places[first : first + 2, new].tolist() == pytest.approx([3.6, 7.2])
    assert plan.settled.physical[last].tolist() == [ROOM - 1 + 2]
    assert plan.data.places[last, line(plan, "S1")] == pytest.approx(6 * 0.9 - 1 + 4 * 0.9)
    assert not plan.data.line_open[last, line(plan, "X1")]


def more_places(plan: Plan) -> Plan:
    return with_figure(plan, "places", (plan.data.horizon, line(plan, "new")), 9.0)


def ramp_ignored(plan: Plan) -> Plan:
    new = line(plan, "new")
    first = int(np.flatnonzero(plan.data.line_open[:, new])[0])
    return with_figure(plan, "places", (first, new), plan.data.places[plan.data.horizon, new])


def open_too_early(plan: Plan) -> Plan:
    return with_figure(plan, "line_open", (0, line(plan, "new")), True)


def closed_line_kept(plan: Plan) -> Plan:
    return with_figure(plan, "places", (plan.data.horizon, line(plan, "X1")), 4.5)


def closed_line_open(plan: Plan) -> Plan:
    return with_figure(plan, "line_open", (plan.data.horizon, line(plan, "X1")), True)


def closed_allowance_kept(plan: Plan) -> Plan:
    allowance = plan.settled.allowance.copy()
    allowance[plan.data.horizon, line(plan, "X1")] = 1.0
    return replace(plan, settled=replace(plan.settled, allowance=allowance))


def settled_in_closed_line(plan: Plan) -> Plan:
    stock = plan.settled.stock.copy()
    stock[plan.data.horizon, plan.data.pair_line == line(plan, "X1")] = 1.0
    return replace(plan, settled=replace(plan.settled, stock=stock))


def cost_dropped(plan: Plan) -> Plan:
    return replace(plan, data=replace(plan.data, option_cost=np.zeros_like(plan.data.option_cost)))


def place_funding_dropped(plan: Plan) -> Plan:
    return with_figure(plan, "place_funding", (plan.data.horizon, line(plan, "new")), 0.0)


def place_funding_not_saved(plan: Plan) -> Plan:
    return with_figure(plan, "place_funding", (plan.data.horizon, line(plan, "X1")), 50_000.0)


def rooms_kept(plan: Plan) -> Plan:
    return replace(plan, settled=replace(plan.settled, physical=plan.settled.physical + 2))


def base_out_of_reach(plan: Plan) -> Plan:
    return replace(plan, data=replace(plan.data, base_in_reach=np.zeros_like(plan.data.base_in_reach)))


def not_opened(plan: Plan) -> Plan:
    return replace(plan, openings=plan.openings[1:])


def opened_in_part(plan: Plan) -> Plan:
    (row, year, _), *others = plan.openings
    return replace(plan, openings=((row, year, 0.5), *others))


@pytest.mark.parametrize(
    "tamper",
    [
        more_places,
        ramp_ignored,
        open_too_early,
        closed_line_kept,
        closed_line_open,
        closed_allowance_kept,
        settled_in_closed_line,
        cost_dropped,
        place_funding_dropped,
        place_funding_not_saved,
        rooms_kept,
        base_out_of_reach,
        not_opened,
        opened_in_part,
    ],
)
def test_a_figure_that_openings_do_not_make_is_caught(plan: Plan, tamper: Callable[[Plan], Plan]) -> None:
    assert "figures as in the tables" in checked(tamper(plan))


@pytest.mark.parametrize(
    ("family", "name"),
    [("places", "new"), ("places", "S1"), ("physical", "S"), ("bases", "S1")],
)
def test_a_limit_that_openings_do_not_make_is_caught(plan: Plan, family: str, name: str) -> None:
    assert "limits as in the tables" in checked(with_limit(plan, family, name, 0.01))


@pytest.mark.parametrize("family", ["fill", "budget"])
def test_so_is_a_smallest_fill_or_a_budget(plan: Plan, family: str) -> None:
    limit = plan.rows.limit.copy()
    limit[np.flatnonzero(plan.rows.family == family)[-1]] += 0.01
    assert "limits as in the tables" in checked(replace(plan, rows=replace(plan.rows, limit=limit)))


@pytest.mark.parametrize("family", ["fill", "bases"])
def test_so_is_a_row_that_is_missing(plan: Plan, family: str) -> None:
    year = np.where(plan.rows.family == family, 1, plan.rows.year)
    assert "limits as in the tables" in checked(replace(plan, rows=replace(plan.rows, year=year)))


def test_an_option_that_adds_to_no_line_of_its_own_type_is_caught(plan: Plan) -> None:
    lines = plan.data.lines.copy()
    lines.loc[lines["line"] == "base", "type"] = "independent"
    assert checked(replace(plan, data=replace(plan.data, lines=lines))) == {"labels as in the tables"}


@pytest.mark.parametrize(("row", "year"), [(0, 2028), (3, 2026), (1, 2025)])
def test_an_opening_outside_its_years_is_caught(plan: Plan, row: int, year: int) -> None:
    moved = tuple((at, year if at == row else first, part) for at, first, part in plan.openings)
    assert "options as allowed" in checked(replace(plan, openings=moved))


def closing_with_budget(pounds: float) -> Case:
    """Seven children at £60,000 move from a line that closes in 2026 to places bought at £25,000, on one budget line;
    every £ over its £`pounds` counts half.
    """
    return case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 1.0}}, solver=EXACT, finance={"overspend": 0.5}),
        demand=steady("A", 7, range(2025, 2027)),
        settings=[{"setting": "X"}, {"setting": "Y", "type": "independent"}],
        places=[{"line": "X1", "setting": "X", "places": 8}, {"line": "Y1", "setting": "Y", "places": np.nan}],
        costs=[
            {"setting": "X", "per_child": 60_000, "budget_line": "1.2.1"},
            {"setting": "Y", "per_child": 25_000, "budget_line": "1.2.1"},
        ],
        placements=[{"area": "A", "line": "X1", "children": 7}],
        options=[{"option": "shut", "setting": "X", "closes_line": "X1"}],
        budget=[{"financial_year": 2026, "budget_line": "1.2.1", "pounds": pounds}],
        other_spend=[{"financial_year": 2026, "budget_line": "1.2.1", "pounds": 0.0}],
    )


def test_children_of_a_closed_line_leave_its_budget_once() -> None:
    """Spent in 2026–27: 5/12 of 420,000 the year before and 7/12 of 175,000 after, 277,083.33; £100,000 of it is in the
    budget, so 177,083.33 over.
    """
    case = closing_with_budget(100_000)
    over = 420_000 * 5 / 12 + 175_000 * 7 / 12 - 100_000
    programme = programme_by_prices(prepare(case))
    plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
    assert plan.openings == ((0, 2026, 1.0),)
    assert plan.objective == pytest.approx(175_000 + over / 2)
    assert programme_directly(prepare(case)).value == pytest.approx(plan.objective)


def test_rooms_under_a_clean_slate_are_those_of_the_continuous_plan() -> None:
    """Six children stand in a building for four. Placed afresh they may still be six: nothing opens, so nothing of that
    changes.
    """
    case = case_of(
        model_of((2025, 2026), continuity={"clean_slate": True, "stay": {"primary": 1.0}}, solver=EXACT),
        demand=steady("A", 6, range(2025, 2027)),
        settings=[{"setting": "S", "physical_places": 4.0}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "S1", "setting": "S", "places": 6},
            {"line": "bought", "setting": "I", "places": np.nan},
        ],
        costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 50_000}],
        placements=[{"area": "A", "line": "S1", "children": 6}],
        options=[{"option": "dear", "setting": "S", "line": "S1", "places": 1, "per_year": 1e6}],
    )
    base = prepare(case)
    nothing = with_nothing_opened(base)
    assert nothing.settled.physical[1].tolist() == base.settled.physical[1].tolist() == [6.0]
    assert solve_by_pricing(nothing).plan.objective == pytest.approx(60_000)


def with_budgets(case: Case) -> Case:
    """Two budget lines, neither enough, and half a pound for each pound over."""
    names, years = ("1.2.1", "1.2.3"), case.model.plan_years
    finance = case.model.finance.model_copy(update={"overspend": 0.5})
    costs = case.tables.costs
    tables = replace(
        case.tables,
        costs=costs.assign(budget_line=[names[at % 2] for at in range(len(costs))]),
        budget=frame_of(
            "budget",
            [{"financial_year": year, "budget_line": name, "pounds": 100_000.0} for year in years for name in names],
        ),
        other_spend=frame_of(
            "other_spend",
            [{"financial_year": year, "budget_line": names[0], "pounds": 20_000.0} for year in years],
            fund="dsg",
        ),
    )
    return replace(case, model=case.model.model_copy(update={"finance": finance}), tables=tables)


def some_openings(base: Instance, seed: int) -> Instance:
    """The case with openings drawn at random, in part where they may be, of those that are allowed."""
    found, rng = option_model(base), np.random.default_rng(seed)
    y = np.zeros(len(found.choices))
    for column in rng.permutation(len(y)):
        more = y.copy()
        more[column] = 1.0 if found.choices.whole[column] else float(rng.uniform(0.2, 1.0))
        if (found.choices.limits @ more <= found.choices.most).all():
            y = more
    return with_openings_fixed(found, y)


@pytest.mark.parametrize("kind", ["plain", "clean slate", "bases first", "rules", "budgets"])
@given(st.integers(0, 100_000))
@examples(15)
@pytest.mark.slow
def test_whatever_opens_the_tables_say_the_same(kind: str, seed: int) -> None:
    """Openings at random, good or bad: the arrays and rows of the decided case are those worked out again."""
    sections = {
        "clean slate": {"continuity": {"clean_slate": True}},
        "bases first": {"rules": {"bases_first": True}},
        "rules": {"rules": rules_of_every_kind(seed)},
    }.get(kind, {})
    case = random_case_with_options(seed, **sections)
    instance = some_openings(prepare(with_budgets(case) if kind == "budgets" else case), seed)
    waits = everyone_else_waits(instance)
    plan = plan_of(instance, *waits, slack_needed(instance, *waits), np.zeros_like(instance.rows.limit))
    told = certify(plan.case, plan.data, plan.settled, plan.rows, plan, None)
    assert told.checks["figures as in the tables"].ok, told.failures()
    assert told.checks["limits as in the tables"].ok, told.failures()
