"""The programme on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from sufficiency.report.screen_programme import programme_block

CAPITAL = {"ours": 9e6, "central": 0.0, "budget": 9e6, "contingency": 0.0, "charge": 0.05}


def shown(*rows: dict[str, Any], more: dict[str, Any] | None = None, alternatives: Any = ()) -> list[str]:
    plain = {"name": "A base", "option": "B", "part": 1.0, "places": 12.0, "capital": 174_000.0, "opens": 2027}
    told = {
        "opened": [plain | row for row in rows],
        "options": 3,
        "appraisal": [plain | row for row in rows],
        "alternatives": list(alternatives),
        "capital": CAPITAL | ({} if more is None else {"more": {"pounds": 1e6} | more}),
    }
    return programme_block({"programme": told, "status": "optimal"})


def test_the_order_is_spoken_of_where_it_is_known() -> None:
    assert shown({"order": 1, "saving": 2e6, "saving_least": 2e6, "saving_most": 2e6})[0].startswith(
        "What opens, in the order to commission it  "
    )
    assert shown({})[0].startswith("What opens    ")


@pytest.mark.parametrize(
    ("row", "saves"),
    [
        ({"saving": 1.9e6, "saving_least": 1.8e6, "saving_most": 1.9e6}, "£174k   £1.9m"),
        ({"saving_least": 466_000.0, "saving_most": 34.6e6}, "£174k £466k–£34.6m"),
        ({"saving_least": -3e6, "saving_most": 2e6}, "£174k £0–£2.0m"),
        ({"saving_least": 466_000.0}, "£174k  ≥£466k"),
        ({"saving_least": 1e-7}, "£174k not known"),
        ({"needed_for": "Half in bases"}, "£174k  needed"),
        ({}, "£174k"),
    ],
)
def test_a_saving_is_a_figure_a_range_or_not_known(row: dict[str, Any], saves: str) -> None:
    assert shown(row)[1].rstrip().endswith(saves)


def test_an_option_that_a_hard_rule_needs_is_said_to_be_needed_for_it() -> None:
    lines = shown({"needed_for": "Half in bases; Near home"}, {"option": "C", "needed_for": ""})
    assert "Needed: without B no plan keeps the hard rule Half in bases; Near home." in lines
    assert sum(line.startswith("Needed") for line in lines) == 1


def test_more_capital_says_how_much_of_it_would_be_spent() -> None:
    sure = {"saves": 5.4e6, "saves_least": 5.4e6, "saves_most": 5.4e6, "spent": 257_000.0}
    assert "£1.0m more of it would save £5.4m, with £257k of it spent." in shown({}, more=sure)
    unsure = {"saves": 180_000.0, "saves_least": 0.0, "saves_most": 180_000.0, "spent": 0.0}
    assert "£1.0m more of it would save £0 to £180k." in shown({}, more=unsure)
    assert "More of it would save nothing." in shown({}, more=dict.fromkeys(sure, 0.0))
