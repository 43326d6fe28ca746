"""The programme on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from sufficiency.report.screens.programme import programme_block

CAPITAL = {"ours": 9e6, "central": 0.0, "budget": 9e6, "contingency": 0.0, "charge": 0.05}


def shown(
    *rows: dict[str, Any], more: dict[str, Any] | None = None, alternatives: Any = (), charge: float = 0.05, **also: Any
) -> list[str]:
    plain = {"name": "A base", "option": "B", "part": 1.0, "places": 12.0, "capital": 174_000.0, "opens": 2027}
    plain |= {"capital_by": "ours"}
    told = {
        "opened": [plain | row for row in rows],
        "options": 3,
        "appraisal": [plain | row for row in rows],
        "alternatives": list(alternatives),
        "capital": CAPITAL | {"charge": charge} | ({} if more is None else {"more": {"pounds": 1e6} | more}),
    }
    return programme_block({"programme": told | also, "status": "optimal", "years": [2026, 2035]})


def test_the_order_is_spoken_of_where_it_is_known() -> None:
    assert shown({"order": 1})[0] == "What opens, in the order to commission it"
    assert shown({})[0] == "What opens"


@pytest.mark.parametrize(
    ("row", "saves"),
    [
        (
            {"saving": 1.9e6, "saving_least": 1.8e6, "saving_most": 1.9e6, "break_even": 2028},
            "£174k   £1.9m     2028/29",
        ),
        ({"saving": 1e5, "saving_least": 1e5, "saving_most": 1e5}, "£174k   £100k       later"),
        ({"saving_least": 466_000.0, "saving_most": 34.6e6}, "£174k £466k–£34.6m"),
        ({"saving_least": -3e6, "saving_most": 2e6}, "£174k £0–£2.0m"),
        ({"saving_least": 466_000.0}, "£174k  ≥£466k"),
        ({"saving_least": 1e-7}, "£174k not known"),
        ({"needed_for": "Half in bases"}, "£174k  needed"),
        ({}, "£174k"),
    ],
)
def test_a_saving_is_a_figure_a_range_or_not_known(row: dict[str, Any], saves: str) -> None:
    assert " ".join(shown(row)[2].split()).endswith(" ".join(saves.split()))


def test_an_option_that_a_hard_rule_needs_is_said_to_be_needed_for_it() -> None:
    lines = shown({"needed_for": "Half in bases; Near home"}, {"option": "C", "needed_for": ""})
    assert "Needed: without B no plan keeps the hard rule Half in bases; Near home." in lines
    assert sum(line.startswith("Needed") for line in lines) == 1


def test_what_is_saved_is_explained_and_what_never_breaks_even_is_named() -> None:
    """B saves £100k for £174k; C, paid by others, owes nothing; D may save £180k, so nothing is said of it."""
    sure = {"saving": 1e5, "saving_least": 1e5, "saving_most": 1e5}
    rows = [
        sure,
        {"option": "C", "capital_by": "central", **sure, "break_even": 2028},
        {"option": "D", "saving_least": 1e5, "saving_most": 1.8e5},
    ]
    words = " ".join(shown(*rows, charge=0.0, saves=2.5e6))
    assert "present value in 2026/27 pounds" in words
    assert "Not by 2035/36: B. finance.capital_charge makes capital count." in words
    assert "Together they save £2.5m against opening nothing." in words
    assert "Not by" not in " ".join(shown(*rows))  # capital is charged: it is in the saving


def test_the_option_just_out_of_reach_is_named_with_what_it_lacks() -> None:
    costs = {"costs_more": 257_000.0, "costs_more_least": 257_000.0, "costs_more_most": 257_000.0}
    near = {"options": ["NB3"], "in_place_of": ["NB4", "B"]} | costs
    words = " ".join(shown({}, in_reach=near))
    assert "Just out of reach: NB3, by £257k. The cheapest programme with it costs that much more, without NB4" in words
    assert "lacking" not in words
    lacking = " ".join(shown({}, in_reach=near | {"capital_lacking": 270_000.0}))
    assert "To open it beside all of these, £270k of capital is lacking." in lacking
    rough = near | {"costs_more": float("nan"), "costs_more_most": 3e5, "in_place_of": []}
    assert "NB3, by £257k to £300k. " in " ".join(shown({}, in_reach=rough))
    nothing = {"opened": [], "options": 3, "in_reach": near}
    block = programme_block({"programme": nothing, "status": "optimal", "years": [2026, 2035]})
    assert block[0] == "None of the 3 options opens."
    assert block[1].startswith("Just out of reach: NB3, by £257k")


def test_more_capital_says_how_much_of_it_would_be_spent_and_on_what() -> None:
    sure = {"saves": 5.4e6, "saves_least": 5.4e6, "saves_most": 5.4e6, "spent": 257_000.0, "opens": ["NB3"]}
    assert (
        "A further £1.0m of capital would save £5.4m; only £257k of it would be spent, and NB3 would open."
        in " ".join(shown({}, more=sure))
    )
    unsure = {"saves": 180_000.0, "saves_least": 0.0, "saves_most": 180_000.0, "spent": 0.0, "opens": []}
    assert "A further £1.0m of capital would save £0 to £180k." in shown({}, more=unsure)
    assert "More of it would save nothing." in shown({}, more=dict.fromkeys(sure, 0.0))
