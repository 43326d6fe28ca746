"""Every family of variables and constraints alone on a toy case, as a readable LP file that is checked in.

`python -m tests.plan.test_golden` writes the files anew; read the difference before committing it.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sufficiency.case import Case
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.openings import with_openings
from sufficiency.plan.program.lp import program_of_all_arcs, program_of_columns
from sufficiency.plan.program.pulp_form import in_pulp
from sufficiency.plan.rows.budgets import waiting_held
from sufficiency.plan.rows.catalogue import CONSTRAINTS, VARIABLES
from sufficiency.plan.rows.coupling import stacked
from sufficiency.plan.rows.instance import prepare

from ..worked import case_of, model_of, steady

GOLDEN = Path(__file__).parents[1] / "golden"

ONE_LINE: dict[str, Any] = {
    "places": [{"line": "special", "setting": "S", "places": np.nan}],
    "costs": [{"per_child": 20_000}],
    "settings": [{"setting": "S", "type": "independent"}],
}


def demand_case() -> Case:
    """Two years, no limit anywhere: entrants, those who wait, and those who stay on from primary to secondary."""
    model = model_of((2025, 2027), continuity={"through": 0.5})
    demand = [*steady("A", 7, range(2025, 2028)), *steady("A", 5, range(2025, 2028), phase="secondary")]
    return case_of(model, demand=demand, **ONE_LINE)


def places_case() -> Case:
    """A line with places and a share of children above them."""
    return case_of(
        model_of((2025, 2026), weights={"over_places": 12_000}),
        demand=steady("A", 7, range(2025, 2027)),
        places=[{"line": "base", "setting": "B", "places": 5, "overfill": 0.2}],
        costs=[{"per_child": 20_000}],
    )


def physical_case() -> Case:
    """Two lines in one building."""
    return case_of(
        model_of((2025, 2026)),
        demand=steady("A", 7, range(2025, 2027)),
        settings=[{"setting": "S", "physical_places": 6.0}],
        places=[{"line": "one", "setting": "S", "places": 5}, {"line": "two", "setting": "S", "places": 5}],
        costs=[{"per_child": 20_000}],
    )


def rule_case() -> Case:
    """A soft ceiling and a hard floor on shares."""
    rules = [
        {"name": "at most a quarter bought", "types": ["independent"], "at_most": 0.25},
        {"name": "two in state places", "types": ["special_school"], "at_least_children": 2, "hard": True},
    ]
    return case_of(
        model_of((2025, 2026), rules={"share": rules}),
        demand=steady("A", 8, range(2025, 2027)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "S"}],
        places=[
            {"line": "bought", "setting": "I", "places": np.nan},
            {"line": "state", "setting": "S", "places": np.nan},
        ],
        costs=[{"setting": "I", "per_child": 10_000}, {"setting": "S", "per_child": 20_000}],
    )


JOURNEYS: dict[str, Any] = {
    "areas": [{"area": "A", "locality": "North"}, {"area": "B", "locality": "South"}],
    "settings": [
        {"setting": "N", "type": "independent", "locality": "North"},
        {"setting": "S", "type": "independent", "locality": "South"},
    ],
    "places": [
        {"line": "northern", "setting": "N", "places": np.nan},
        {"line": "southern", "setting": "S", "places": np.nan},
    ],
    "costs": [{"setting": "N", "per_child": 10_000}, {"setting": "S", "per_child": 20_000}],
    "travel": [
        {"area": "A", "setting": "N", "minutes": 10.0, "km": 5.0},
        {"area": "A", "setting": "S", "minutes": 60.0, "km": 40.0},
        {"area": "B", "setting": "N", "minutes": 50.0, "km": 30.0},
        {"area": "B", "setting": "S", "minutes": 20.0, "km": 10.0},
    ],
}
"""Two localities with a setting each; the northern one is cheaper."""


def journeys_case(**rules: Any) -> Case:
    demand = [*steady("A", 8, range(2025, 2027)), *steady("B", 4, range(2025, 2027))]
    return case_of(model_of((2025, 2026), rules=rules), demand=demand, **JOURNEYS)


def local_case() -> Case:
    """Three quarters of the children of each locality within it."""
    return journeys_case(in_locality=[{"name": "near home", "at_least": 0.75}])


def minutes_case() -> Case:
    """No locality's mean journey over 25 minutes."""
    return journeys_case(locality_minutes={"name": "short", "at_most": 25, "hard": True})


def fair_case() -> Case:
    """Journeys as good as 30 minutes for everyone; κ = ln 2 / 10, so that every ten minutes count twice as much."""
    return journeys_case(fairness={"name": "fair", "at_most": 30, "kappa": float(np.log(2) / 10)})


def closure_case() -> Case:
    """A line that closes: its children return to that year's demand."""
    return case_of(
        model_of((2025, 2027)),
        demand=steady("A", 7, range(2025, 2028)),
        settings=[{"setting": "X", "type": "independent", "closes": 2027}, {"setting": "Y", "type": "independent"}],
        places=[
            {"line": "closing", "setting": "X", "places": np.nan},
            {"line": "other", "setting": "Y", "places": np.nan},
        ],
        costs=[{"per_child": 20_000}],
        placements=[{"area": "A", "line": "closing", "children": 7}],
    )


def budget_case() -> Case:
    """Two budget lines in two financial years: each weighs two academic years, in £ thousand. A child
    at £12,000 counts 7 in the financial year of that autumn and 5 in the next; a place not filled costs £6,000 more.
    """
    return case_of(
        model_of((2025, 2027), finance={"overspend": 0.5}),
        demand=steady("A", 7, range(2025, 2028)),
        settings=[{"setting": "I", "type": "independent"}, {"setting": "B", "type": "resource_base"}],
        places=[{"line": "bought", "setting": "I", "places": np.nan}, {"line": "base", "setting": "B", "places": 3}],
        costs=[
            {"setting": "I", "per_child": 24_000, "budget_line": "1.2.3"},
            {"setting": "B", "per_child": 12_000, "budget_line": "1.2.1"},
            {"setting": "B", "per_place": 6_000, "per_empty_place": 12_000, "budget_line": "1.2.1"},
        ],
        budget=[
            {"financial_year": year, "budget_line": line, "pounds": 120_000}
            for year in (2026, 2027)
            for line in ("1.2.1", "1.2.3")
        ],
        other_spend=[{"financial_year": year, "budget_line": "1.2.1", "pounds": 20_000} for year in (2026, 2027)],
    )


def options_case(**rules: Any) -> Case:
    """Two schemes of one group and money for one; a base that may grow in part; each must be half full."""
    model = model_of(
        (2025, 2027), finance={"capital_budget": 1_500_000, "capital_charge": 0.1}, rules={"open_at_most": 2, **rules}
    )
    school = {"setting": "N", "places": 10, "capital": 1_000_000, "earliest": 2026, "latest": 2027, "group": "new"}
    options = [
        school | {"option": "early", "ramp": (0.4, 1.0), "smallest_fill": 0.5},
        school | {"option": "late", "earliest": 2027, "per_year": 5_000},
        {"option": "more", "setting": "B", "line": "base", "places": 4, "capital": 40_000, "scalable": True},
    ]
    return case_of(
        model,
        demand=steady("A", 12, range(2025, 2028)),
        places=[{"line": "base", "setting": "B", "places": 6}],
        costs=[{"per_child": 20_000, "per_place": 10_000}],
        options=options,
    )


def closing_case(preference_share: float = 0.0) -> Case:
    """A line that an option may close in one of two years, with children in it; the other line is bought."""
    return case_of(
        model_of((2025, 2027), continuity={"preference_share": preference_share}),
        demand=steady("A", 7, range(2025, 2028)),
        settings=[{"setting": "X"}, {"setting": "Y", "type": "independent"}],
        places=[
            {"line": "may_close", "setting": "X", "places": 8},
            {"line": "other", "setting": "Y", "places": np.nan},
        ],
        costs=[{"per_child": 20_000, "per_place": 10_000}, {"type": "independent", "per_child": 25_000}],
        placements=[{"area": "A", "line": "may_close", "children": 7}],
        options=[{"option": "shut", "setting": "X", "closes_line": "may_close"}],
    )


def preferences_case() -> Case:
    """Half of those free to choose would follow today's pattern into a base with two places left; they may give way."""
    return case_of(
        model_of((2025, 2026), continuity={"preference_share": 0.5}),
        demand=steady("A", 10, range(2025, 2027)),
        settings=[{"setting": "B", "type": "resource_base"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "base", "setting": "B", "places": 6}, {"line": "bought", "setting": "I", "places": np.nan}],
        costs=[{"per_child": 20_000}],
        placements=[{"area": "A", "line": "base", "children": 6}],
    )


def bases_case() -> Case:
    """Bases first: a special school may grow, but not for children whom a base could take."""
    return case_of(
        model_of((2025, 2026), rules={"bases_first": True}),
        demand=steady("A", 7, range(2025, 2027)) + steady("A", 5, range(2025, 2027), need="SEMH"),
        settings=[{"setting": "S"}, {"setting": "B", "type": "resource_base"}],
        places=[
            {"line": "special", "setting": "S", "places": 4, "needs": ("ASD", "SEMH")},
            {"line": "base", "setting": "B", "places": 3},
        ],
        costs=[{"per_child": 20_000}],
        options=[{"option": "grow", "setting": "S", "line": "special", "places": 6}],
    )


CASES = {
    "demand": demand_case,
    "places": places_case,
    "physical": physical_case,
    "rule": rule_case,
    "local": local_case,
    "minutes": minutes_case,
    "fair": fair_case,
    "closure": closure_case,
    "options": options_case,
    "committed": lambda: options_case(committed={"early": 2027}),
    "closing": closing_case,
    "preference": lambda: closing_case(preference_share=0.5),
    "bases": bases_case,
    "budget": budget_case,
    "waiting": places_case,
    "redirect": preferences_case,
    "follow": preferences_case,
}


def lp_text(name: str) -> str:
    found = option_model(prepare(CASES[name]()))
    instance = found.instance
    rows = instance.rows
    if name == "waiting":
        held = waiting_held(instance.data, np.array([[0.0], [1.0]]), 300_000.0)
        rows = stacked([rows, held], instance.data)
    instance = replace(instance, rows=rows)
    whole = program_of_all_arcs(instance, instance.flows)
    if len(found.choices):
        whole = with_openings(whole, found, instance.flows)
    if name == "follow":  # a place in the base costs so much that preferences give way there
        at = price_all_arcs(instance, instance.flows, np.full(len(rows.limit), 200_000.0))
        whole = program_of_columns(instance, instance.flows, instance.open_arcs, at)
    written = in_pulp(instance, whole)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.lp"
        written.problem.writeLP(str(path))
        return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_the_program_is_the_golden_one(name: str) -> None:
    assert lp_text(name) == (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")


FAMILIES = set(VARIABLES) | set(CONSTRAINTS)


def test_variables_and_constraints_are_numbered_once_each() -> None:
    for families in (VARIABLES, CONSTRAINTS):
        assert [one.number for one in families.values()] == list(range(1, len(families) + 1))


def test_every_family_stands_in_a_golden_file() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.lp"))
    found = {word for word in FAMILIES if re.search(rf"\b{word}_\d", text)}
    assert found == FAMILIES


def test_no_name_in_a_program_is_outside_the_catalogue() -> None:
    for name in CASES:
        names = re.findall(r"\b([a-z]+)_20\d\d", lp_text(name))
        assert set(names) <= FAMILIES


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in CASES:
        (GOLDEN / f"{name}.lp").write_text(lp_text(name), encoding="utf-8")
