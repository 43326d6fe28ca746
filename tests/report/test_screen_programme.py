"""The programme on the screen: at a glance, and in detail."""

from __future__ import annotations

from typing import Any

import pytest

from sufficiency.report.screens.plan import appraisal_screen
from sufficiency.report.screens.programme import NOT_THERE, opens_at_a_glance, programme_block
from sufficiency.report.words import WIDTH
from sufficiency.result import Result

CAPITAL = {"ours": 9e6, "central": 0.0, "budget": 9e6, "contingency": 0.0, "charge": 0.05}
PLAIN = {"name": "A base", "option": "B", "part": 1.0, "places": 12.0, "capital": 174_000.0, "opens": 2027}


def summary_of(
    *rows: dict[str, Any], more: dict[str, Any] | None = None, alternatives: Any = (), charge: float = 0.05, **also: Any
) -> dict[str, Any]:
    whole = [PLAIN | {"capital_by": "ours"} | row for row in rows]
    programme = {
        "opened": whole,
        "options": 3,
        "appraisal": whole,
        "alternatives": list(alternatives),
        "capital": CAPITAL | {"charge": charge} | ({} if more is None else {"more": {"pounds": 1e6} | more}),
    }
    return {"programme": programme | also, "status": "optimal", "years": [2026, 2035], "appraisal": "done"}


def glance(*rows: dict[str, Any], **also: Any) -> list[str]:
    return opens_at_a_glance(summary_of(*rows, **also))


def detail(*rows: dict[str, Any], **also: Any) -> str:
    return " ".join(" ".join(programme_block(summary_of(*rows, **also))).split())


SURE = {"saving": 9e5, "saving_least": 9e5, "saving_most": 9e5, "break_even": 2028}
MONEY = {"saving_money": 344_000.0, "saving_money_least": 344_000.0, "break_even_money": 2034}


def test_the_order_is_spoken_of_where_it_is_known() -> None:
    assert glance({"order": 1})[0].startswith("What opens, in order to commission ")
    assert glance({})[0].startswith("What opens  ")


@pytest.mark.parametrize(
    ("row", "ending"),
    [
        (SURE | MONEY, "£174k £344k 2034/35"),  # money alone: £344k of £900k, covered six years later
        (SURE | MONEY | {"break_even_money": None}, "£174k £344k later"),
        ({"saving_least": 4e5, "saving_most": 3e6, "saving_money_least": 1e5}, "£174k ≥£100k unknown"),
        (
            {"saving_least": 4e5, "saving_most": 3e6, "saving_money_least": -6e4, "break_even_money": 2030},
            "£174k ≥−£60k 2030/31",
        ),
        ({"needed_for": "Half in bases"}, "£174k needed"),
    ],
)
def test_at_a_glance_an_option_saves_money_alone(row: dict[str, Any], ending: str) -> None:
    known = {key: value for key, value in row.items() if value is not None}
    lines = glance(known, saves_money=25.9e6)
    assert lines[0].split()[-5:] == ["places", "capital", "saves", "breaks", "even"]
    assert " ".join(lines[1].split()).endswith(ending)
    assert lines[2].startswith("Saves: money, present value")
    assert "all, against none: £25.9m" in " ".join(lines)


def test_without_an_appraisal_nothing_is_said_of_savings() -> None:
    off = opens_at_a_glance(summary_of({}) | {"appraisal": "off"})
    assert len(off) == 2
    assert off[1].endswith("12   £174k")


def test_an_appraisal_to_come_is_said_to_follow_and_then_stands_alone() -> None:
    pending = summary_of({}) | {"appraisal": "pending"}
    assert "being worked out and follows" in " ".join(opens_at_a_glance(pending))
    assert "being worked out" not in " ".join(opens_at_a_glance(pending | {"interrupted": True}))
    assert appraisal_screen(result_of(pending)).strip() == NOT_THERE
    done = result_of(summary_of(SURE | MONEY))
    assert appraisal_screen(done).splitlines()[1].endswith("£344k     2034/35")
    assert "What each option saves" not in appraisal_screen(done)
    assert "What each option saves" in appraisal_screen(done, detail=True)


def result_of(summary: dict[str, Any]) -> Result:
    return Result({}, summary, None, None, None)  # type: ignore[arg-type]


def test_the_first_five_of_many_options_are_shown_and_the_others_counted() -> None:
    many = [{"option": f"O{number}", "order": number} for number in range(1, 14)]
    lines = glance(*many)
    assert [line.split()[0] for line in lines[1:6]] == [f"O{number}" for number in range(1, 6)]
    assert lines[6] == "  and 8 more: programme.csv"
    assert len(glance(*many[:6])) == 7  # six, and no line that counts the sixth
    assert all(f"O{number} A base" in detail(*(SURE | one for one in many)) for number in range(1, 14))


def test_a_long_name_is_cut_at_a_word_at_a_glance_and_whole_in_detail() -> None:
    name = "More places in the base at Gullhaven High, in rooms it has"
    assert "B More places in the base at…" in glance({"name": name})[1]
    assert name.split()[-1] in detail(SURE | {"name": name})
    hostile = glance({"option": "X" * 90, "name": ""})
    assert max(map(len, hostile)) <= WIDTH
    assert "XXXX" in hostile[1]


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (SURE | MONEY, "£344k £900k 2034/35 2028/29"),
        (
            {"saving_least": 466_000.0, "saving_most": 34.6e6, "saving_money_least": 1e5},
            "≥£100k £466k to £34.6m unknown unknown",
        ),
        # what the file has is what is printed, below 0 too
        (
            {"saving_least": -37_000.0, "saving_most": 958_000.0, "saving_money_least": -37_000.0},
            "≥−£37k −£37k to £958k unknown unknown",
        ),
        ({"saving_least": 466_000.0}, "unknown ≥£466k unknown unknown"),
        ({"saving_least": 1e-7}, "unknown unknown unknown unknown"),
        ({"needed_for": "Half in bases"}, "needed needed"),
    ],
)
def test_in_detail_money_and_policy_weights_stand_apart(row: dict[str, Any], cells: str) -> None:
    assert f"B A base {cells}" in detail(row)


def test_an_option_that_a_hard_rule_needs_is_said_to_be_needed_for_it() -> None:
    words = detail({"needed_for": "Half in bases; Near home"}, {"option": "C", "needed_for": ""})
    assert words.count("Needed: without B no plan keeps the hard rule Half in bases; Near home.") == 1
    assert "without C" not in words


def test_what_is_saved_is_explained_and_what_does_not_break_even_is_named() -> None:
    """B saves £100k of money and does not cover its capital; C, paid by others, owes nothing; of D it is not known."""
    sure = SURE | {"saving_money": 1e5, "saving_money_least": 1e5}
    rows = [
        sure,
        {"option": "C", "capital_by": "central", **sure, "break_even_money": 2028},
        {"option": "D", "saving_least": 1e5, "saving_most": 1.8e5},
    ]
    words = detail(*rows, charge=0.0, saves=30.0e6, saves_money=25.9e6)
    assert "present value, 2026/27 pounds" in words
    assert "Not by 2035/36: B. The plan does not count capital as a cost" in words
    assert "Together they save £30.0m (£25.9m in money) against opening nothing." in words
    assert "Not by" not in detail(*rows)  # capital is charged: it is in the saving


NEAR = {"costs_more": 257_000.0, "costs_more_least": 257_000.0, "costs_more_most": 257_000.0}


def test_the_option_just_out_of_reach_is_named_with_what_it_lacks() -> None:
    near = {"options": ["NB3"], "in_place_of": ["NB4", "B"]} | NEAR
    words = detail({}, in_reach=near)
    assert "Just out of reach: NB3, by £257k. The cheapest programme with it costs that much more, without NB4" in words
    assert "lacking" not in words
    lacking = detail({}, in_reach=near | {"capital_lacking": 270_000.0})
    assert "To open it beside all of these, £270k of capital is lacking." in lacking
    rough = near | {"costs_more": float("nan"), "costs_more_most": 3e5, "in_place_of": []}
    assert "NB3, by £257k to £300k. " in detail({}, in_reach=rough)
    money = near | {"costs_more_money": 100_000.0}
    assert "NB3, by £257k (£100k in money). " in detail({}, in_reach=money)
    nothing = summary_of()
    nothing["programme"] |= {"in_reach": near}
    assert opens_at_a_glance(nothing) == ["None of the 3 options opens."]
    assert programme_block(nothing)[0].startswith("Just out of reach: NB3, by £257k")


def test_the_next_best_programme_names_what_opens_in_part() -> None:
    """GB1 opens whole in the plan and with 4.67 of 6 places in the next; of B half opens in both."""
    rows = [{"option": "GB1", "places": 6.0}, {"option": "B", "places": 8.0, "part": 0.5}]
    other = {"opens": {"GB1": 2026, "B": 2027, "NB3": 2027}, **NEAR}
    parts = {"GB1": {"places": 4.667, "of": 6.0}, "B": {"places": 4.0, "of": 8.0}}
    words = detail(*rows, alternatives=[other | {"in_part": parts}])
    assert "Next best: with NB3; GB1 in part (4.7 of 6 places). It costs £257k more (alternatives.csv has 1)." in words
    same = detail(*rows, alternatives=[{"opens": {"GB1": 2027, "B": 2027}, **NEAR}])
    assert "Next best: the same options in other years. It costs £257k more" in same


def test_more_capital_says_how_much_of_it_would_be_spent_and_on_what() -> None:
    sure = {"saves": 5.4e6, "saves_least": 5.4e6, "saves_most": 5.4e6, "spent": 257_000.0, "opens": ["NB3"]}
    assert (
        "A further £1.0m of capital would save £5.4m; only £257k of it would be spent, and NB3 would open."
        in detail({}, more=sure)
    )
    assert "would save £5.4m (£2.0m in money);" in detail({}, more=sure | {"saves_money": 2e6})
    unsure = {"saves": 180_000.0, "saves_least": 0.0, "saves_most": 180_000.0, "spent": 0.0, "opens": []}
    assert "A further £1.0m of capital would save £0 to £180k." in detail({}, more=unsure)
    assert "More of it would save nothing." in detail({}, more=dict.fromkeys(sure, 0.0))
