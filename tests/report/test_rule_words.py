"""Policy rules on the screen."""

from __future__ import annotations

from typing import Any

from sufficiency.report.screens.rules import rules_in_words


def rule(name: str, years: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    plain = {"limit": 10.0, "value": 10.0, "pounds": 0.0, "per_point": None, "missed": 0.0}
    return {"rule": name, "unit": "children", "floor": False, "years": [plain | year for year in years]} | more


def test_nothing_is_said_where_there_are_no_rules() -> None:
    assert rules_in_words([]) == []


def test_rules_missed_binding_and_idle() -> None:
    rules = [
        rule("AP", [{"year": 2027, "missed": 3.0, "value": 13.0}, {"year": 2028, "missed": 1.0}, {"year": 2029}]),
        rule("state", [{"year": 2027, "pounds": 12_000.0, "per_point": 48_000.0}], floor=True),
        rule("short: North", [{"year": 2026, "pounds": 900.0}, {"year": 2028, "pounds": 1_500_000.0}], unit="minutes"),
        rule("idle", [{"year": 2026}]),
        rule("idle too", [{"year": 2026, "pounds": 1.0}]),
    ]
    assert rules_in_words(rules) == [
        "Policy rules",
        "  AP: missed in 2027/28 to 2028/29, most in 2027/28 (13 children; at most 10",
        "    children asked)",
        "  state: kept in 2027/28, at a cost; one child fewer in 2027/28 would save",
        "    £12k (one percentage point, at that price: £48k)",
        "  short: North: kept in 2 of the years 2026/27 to 2028/29, at a cost; one",
        "    minute more in 2028/29 would save £1.5m",
        "  Kept at no cost: idle; idle too",
    ]


def test_what_rules_cost_is_not_known_of_a_plan_that_is_not_proven() -> None:
    rules = [
        rule("AP", [{"year": 2027, "missed": 3.0, "value": 13.0}]),
        rule("state", [{"year": 2027, "pounds": 12_000.0, "per_point": 48_000.0}], floor=True),
    ]
    assert rules_in_words(rules, proven=False) == [
        "Policy rules",
        "  AP: missed in 2027/28 (13 children; at most 10 children asked)",
        "  Kept, at what cost is not known: state",
    ]
