"""Checks made once: again only where something that they read has changed, and what they find does not depend on it."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest

from sufficiency.model import Model
from sufficiency.tables import Tables
from sufficiency.tables.checks import all as checks
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.checks.findings import Inspection
from sufficiency.tables.checks.remembered import Remembered, same
from tests.solved import toy_case


def anew(model: Model, tables: Tables) -> list[Any]:
    return check_tables(model, replace(tables, checked=Remembered()))


def changed_in_turn(model: Model, tables: Tables) -> list[tuple[Model, Tables]]:
    """Demand gone from an area, rates gone, a longer plan, no limit on what opens, the step down, and the start."""
    demand, costs = tables.demand, tables.costs
    fewer = replace(tables, demand=demand[demand["area"] != demand["area"].iloc[0]])
    unpriced = replace(tables, costs=costs[costs["type"] != "independent"])
    enrolled = model.model_copy(
        update={"continuity": model.continuity.model_copy(update={"enrolment": {"nothing": 0.5}})}
    )
    enrolled.continuity.model_fields_set.add("enrolment")
    return [(model, fewer), (model, unpriced), (enrolled, tables), (enrolled, fewer), (model, tables)]


def test_what_is_found_is_the_same_in_any_order() -> None:
    case = toy_case()
    steps = changed_in_turn(case.model, case.tables)
    found = [anew(model, tables) for model, tables in steps]
    assert len({tuple(one) for one in found}) == len(steps)  # each change is found by some check
    for order in (steps, steps[::-1]):
        for model, tables in order:
            assert check_tables(model, tables) == anew(model, tables)


def test_a_check_is_made_again_only_where_it_reads_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    case, made = toy_case(), list[str]()

    def of_settings(inspection: Inspection) -> None:
        made.append(f"settings {len(inspection.tables.settings)}")

    def of_lines(inspection: Inspection) -> None:
        made.append(f"lines {len(inspection.lines)}")  # a fact, which rests on places and settings

    monkeypatch.setattr(checks, "_CHECKS", (of_settings, of_lines))
    tables = replace(case.tables, checked=Remembered())
    check_tables(case.model, tables)
    check_tables(case.model, tables)
    assert len(made) == 2
    check_tables(case.model, replace(tables, places=tables.places.iloc[1:]))
    assert [one.split()[0] for one in made] == ["settings", "lines", "lines"]
    check_tables(case.model, replace(tables, demand=tables.demand.iloc[1:]))
    assert len(made) == 3


def test_sections_are_the_same_where_the_same_keys_are_written() -> None:
    travel = toy_case().model.travel
    written = type(travel)(**{**travel.model_dump(exclude_unset=True), "detour": travel.detour})
    assert same(travel, travel.model_copy())
    assert same(travel, written) == ("detour" in travel.model_fields_set)


def test_what_was_found_stays_in_its_process() -> None:
    case = toy_case()
    check_tables(case.model, case.tables)
    assert pickle.loads(pickle.dumps(case.tables.checked)).recall("check_places", {}) is None
