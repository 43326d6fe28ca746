"""Changes made on the page in the words of a scenario."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("tomlkit")

import tomllib

from sufficiency.problems import InputError
from sufficiency.serve.changes import change_of
from sufficiency.serve.saving import scenario_lines
from sufficiency.serve.sitting import Sitting
from sufficiency.serve.steps import read_step, read_steps
from tests.solved import toy_case


def made(*steps: dict[str, Any]) -> dict[str, Any]:
    return change_of(read_steps(list(steps)), toy_case()).document


def test_places_of_a_year_that_the_table_has_are_edited_and_later_rows_keep_their_distance() -> None:
    """HB has 10 places from 2020 and 14 from 2027: two more from 2026 are 12, and 16 from 2027."""
    document = made({"kind": "places", "line": "HB", "from_year": 2026, "places": 12})
    assert document["edit"] == [{"table": "places", "where": {"line": "HB", "from_year": 2027}, "set": {"places": 16}}]
    row = document["add"][0]["row"]
    assert (row["line"], row["setting"], row["from_year"], row["places"]) == ("HB", "100002", 2026, 12)
    assert (row["needs"], row["phases"], row["can_meet"], row["overfill"]) == ("ASD", "secondary", "SEMH", 0.1)


def test_a_change_after_another_of_the_same_line_counts_from_it() -> None:
    document = made(
        {"kind": "places", "line": "SP", "from_year": 2028, "places": 50},
        {"kind": "places", "line": "SP", "from_year": 2026, "places": 40},
    )
    assert [(one["row"]["from_year"], one["row"]["places"]) for one in document["add"]] == [(2026, 40), (2028, 50)]


def test_growth_by_need_and_locality_names_its_areas_and_grows_every_year() -> None:
    step = {"kind": "growth", "need": "ASD", "locality": "North", "from_year": 2027, "percent": 10, "yearly": True}
    first, second = made(step)["edit"]
    assert first["where"] == {"need": "ASD", "area": ["N1", "N2"], "year": 2027}
    assert first["times"] == {"children": 1.1}
    assert second["where"]["year"] == 2028
    assert second["times"] == {"children": 1.21}


def test_money_rules_and_levers_are_the_keys_of_a_model_file() -> None:
    document = made(
        {"kind": "fee", "type": "independent", "percent": -5},
        {"kind": "inflation", "of": "transport", "percent": 6},
        {"kind": "limit", "rule": "Few independents", "limit": 0.1},
        {"kind": "ap_at_most", "from_year": 2027, "share": 0.03},
        {"kind": "early_intervention", "lever": {"share": 0.1, "cost_per_child": 5000}},
    )
    assert document["edit"] == [{"table": "costs", "where": {"type": "independent"}, "times": {"per_child": 0.95}}]
    assert document["set"]["finance"] == {"inflation": {"transport": 0.06}}
    rule = {"name": "Few independents", "types": ["independent"], "at_most": 0.1, "localities": ["South"]}
    assert document["set"]["rules"] == {"share": [rule]}
    assert document["ap_at_most"] == {2027: 0.03}
    assert document["early_intervention"] == {"share": 0.1, "cost_per_child": 5000}


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"kind": "places", "line": "S", "from_year": 2026, "places": 1}, "there is no such line of places"),
        ({"kind": "places", "line": "IN", "from_year": 2026, "places": 1}, "no limit of places"),
        ({"kind": "places", "line": "SP", "from_year": 2019, "places": 1}, "no places before 2020"),
        ({"kind": "growth", "locality": "Nroth", "from_year": 2026, "percent": 1}, "did you mean “North”"),
        ({"kind": "growth", "from_year": 2025, "percent": 1}, "a year of the plan"),
        ({"kind": "limit", "rule": "Many", "limit": 1}, "there is no such rule"),
    ],
)
def test_what_the_model_does_not_have_is_said(step: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        made(step)


def test_a_scenario_reads_back_as_it_was_written_whatever_is_in_it() -> None:
    hostile = 'a"b\\c\n[scenarios.x]\n# ’ü\u202e{}='
    document = {
        "about": hostile,
        "edit": [{"table": "places", "where": {hostile: [hostile, 1, 0.5, True]}, "set": {"places": 3}}],
        "set": {"rules": {"committed": {hostile: 2027}, "share": [{"name": hostile}]}},
    }
    text = "\n".join(scenario_lines("x-1", document))
    assert tomllib.loads(text) == {"scenarios": {"x-1": document}}


def test_undo_goes_back_to_the_start_and_a_new_change_forgets_what_was_undone() -> None:
    sitting = Sitting()
    steps = [read_step({"kind": "fee", "type": "independent", "percent": percent}) for percent in range(1, 40)]
    for step in steps:
        sitting.change(step)
    assert len(sitting.steps) == 1
    for _ in range(50):
        sitting.undo()
    assert sitting.steps == ()
    sitting.undo(-3)
    assert sitting.steps == (steps[2],)
    sitting.change(steps[30])
    sitting.undo(-1)
    assert sitting.steps == (steps[30],)
    assert len(sitting.asked) == 39
