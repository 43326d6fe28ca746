"""Place values on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from sufficiency.report.screens.place_values import place_values_block
from sufficiency.report.words import WIDTH

PLACE = {"name": "Strand Academy", "line": "B18", "needs": ["SPLD", "MLD"], "from_year": 2027, "how": "resolved"}
POUNDS = {"pounds_from": 587_000.0, "pounds_a_year": 72_400.0, "net": 499_000.0}


def shown(status: str = "optimal", **more: Any) -> list[str]:
    summary = {"status": status, "years": [2026, 2035], "places_most_worth": [PLACE | POUNDS | more]}
    return place_values_block(summary)


@pytest.mark.parametrize(
    ("more", "figures"),
    [
        ({}, "£587k £72k £499k"),
        ({"how": "dual"}, "at most £587k £72k £499k"),
        ({"how": "dual", "status": "stopped"}, "about £587k £72k £499k"),
        ({"how": "resolved", "pounds_from": 1.24e6}, "£1.2m £72k £499k"),
    ],
)
def test_a_value_is_shown_in_all_and_a_year_and_a_bound_as_such(more: dict[str, Any], figures: str) -> None:
    lines = shown(**more)
    assert lines[3].startswith("  Strand Academy (B18): SPLD MLD ")
    assert " ".join(lines[3].split("MLD ")[1].split()) == figures
    assert max(map(len, lines)) <= WIDTH
    assert "from 2027/28 to the plan's end" in lines[0]
    assert "2026/27 pounds" in lines[1]


def test_long_names_are_whole_and_keep_the_figures_in_their_columns() -> None:
    long = shown(name="Saint Somebody's Church of England Academy for Everybody", how="dual")
    assert long[3].endswith("at most £587k     £72k      £499k")
    assert len(long[3]) == len(shown()[3]) <= WIDTH
    assert "Saint Somebody's Church of England Academy for Everybody (B18)" in " ".join(
        (long[3][:42] + long[4]).split()
    )


def test_places_are_ranked_by_what_is_left_after_their_funding() -> None:
    highest = PLACE | POUNDS | {"line": "IN", "net": 100_000.0, "pounds_from": 600_000.0}
    lines = place_values_block(
        {"status": "optimal", "years": [2026, 2035], "places_most_worth": [highest, PLACE | POUNDS]}
    )
    assert [line.split("(")[1].split(")")[0] for line in lines[3:5]] == ["B18", "IN"]


def test_without_any_the_screen_says_why() -> None:
    assert "places to spare" in place_values_block({"status": "optimal", "places_most_worth": []})[0]
    assert "not known" in place_values_block({"status": "stopped", "places_most_worth": []})[0]
