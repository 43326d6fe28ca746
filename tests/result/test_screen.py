"""The headline of a plan: under 45 lines, its figures those of the register, in awkward cases too."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sufficiency as sf
from sufficiency.report.content import Register
from sufficiency.report.screens.plan import MOST_WARNINGS, screen
from sufficiency.report.words import WIDTH, academic_year
from sufficiency.result import Result

from ..solved import toy_result
from ..worked import case_of, model_of, steady

MOST_LINES = 42
"""Of the screen; a line that says where the result is follows, after a blank one."""


@cache
def one_school(places: float = 3.0, **model: Any) -> Result:
    """One school, one area of three children, no options, no budget: with fewer places some wait."""
    case = case_of(
        model_of((2025, 2027), **model),
        demand=steady("A", 3, range(2025, 2028)),
        places=[{"line": "s", "setting": "S", "places": places}],
        costs=[{"type": "special_school", "per_child": 10_000}],
    )
    return sf.solve(case)


def cells(text: str, words: str) -> list[str]:
    """The cells of the row that starts with these words."""
    row = next(line for line in text.splitlines() if line.strip().startswith(words))
    return row.strip().removeprefix(words).split()


def changed(result: Result, **summary: Any) -> Result:
    return replace(result, summary=result.summary | summary)


def test_every_figure_of_the_headline_is_the_cell_of_the_register() -> None:
    """The toy's years are 2025 (today) to 2028; its budget is given for 2026 only."""
    text, register = screen(toy_result()), Register(toy_result())
    for words, name in (
        ("Children who need a specialist place", "children"),
        ("in state-funded places", "in_state_funded_places"),
        ("in colleges and others", "in_colleges_and_others"),
        ("awaiting a place", "awaiting"),
        ("bought: independent, non-maintained", "bought"),
        ("State-funded places", "state_funded_places"),
    ):
        named = [f"{name}.today", *(f"{name}.plan.{year}" for year in (2026, 2027, 2028))]
        assert cells(text, words) == [register.text(one) for one in named], words
    figures = ["children_in.today.eotas", *(f"children_in.plan.{year}.eotas" for year in (2026, 2027, 2028))]
    words = toy_result().summary["labels"]["types"]["eotas"]
    assert cells(text, words) == [register.text(one) for one in figures]
    assert "otherwise than at school  " not in text
    nothing_more = [register.text(f"bought.unmitigated.{year}") for year in (2026, 2027, 2028)]
    assert cells(text, "if we do nothing more") == nothing_more
    both = ("plan", "unmitigated")
    for words, names in (
        ("DSG in the year", [f"deficit_in_year.2026.{of}" for of in both]),
        ("Over budget, gross", [f"overspend.{of}.2026" for of in both]),
        ("General Fund journeys", [f"spend.{of}.{y}.general_fund" for of in both for y in (2026, 2027, 2028)]),
    ):
        assert cells(text, words) == [register.text(one) for one in names], words
    worst = max(register.of("shortfall"), key=lambda one: one.value)
    assert f"{worst.text} children in {academic_year(worst.row['year'])}, the most of any year" in text
    (gap,) = register.of("gaps_shortfall")
    assert gap.value == toy_result().gaps["shortfall"].max()
    words = f"{gap.row['locality']}, {gap.row['need']}, primary, {gap.text} in {academic_year(gap.row['year'])}"
    assert words in " ".join(text.split())
    assert f"{register.text('mean_minutes.plan.2028')} minutes one way" in text
    assert "QB+ Two more rooms at Quay" in text
    option = [register.text(f"option_{name}.QB+.2026") for name in ("opens", "places", "capital")]
    saves = [register.text(f"options_appraisal_{name}.QB+") for name in ("saving_money", "break_even_money")]
    assert cells(text, "QB+ Two more rooms at Quay") == [*option, *saves]
    assert f"(all, against none: {register.text('programme_saves_money')})" in " ".join(text.split())
    avoided, capital = register.text("cost_avoided"), register.text("programme_capital_present_value")
    assert (
        f"Cost avoided {avoided} against doing nothing more (existing commitments only), before our capital of "
        f"{capital} (present value, 2026/27 pounds)." in " ".join(text.split())
    )


@pytest.mark.parametrize("detail", [False, True])
@pytest.mark.parametrize("result", [toy_result, one_school, lambda: one_school(1.0)])
def test_the_headline_fits_a_screen(result: Any, detail: bool) -> None:
    lines = screen(result(), detail=detail).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(screen(result()).splitlines()) <= MOST_LINES
    if detail:
        assert lines[: len(screen(result()).splitlines()) - 1] == screen(result()).splitlines()[:-1]


def test_a_full_programme_and_a_long_sentence_for_all_still_fit() -> None:
    """As much as Saltmere has: thirteen options, a cost avoided, a grant carried forward, rules that are kept."""
    options = [
        {
            "option": f"NB{number}",
            "name": "New base at Somewhere Primary School and Nursery",
            "part": 1.0,
            "order": number,
        }
        | {"places": 10.0, "capital": 1e6, "capital_by": "ours", "opens": 2027, "saving_least": 1e6}
        | {"saving": 1e6, "saving_money": 9e5, "saving_money_least": 9e5, "break_even_money": 2031}
        for number in range(1, 14)
    ]
    programme = toy_result().summary["programme"] | {"appraisal": options, "opened": options, "saves_money": 9e6}
    lines = screen(changed(toy_result(), programme=programme)).splitlines()
    assert len(lines) <= MOST_LINES
    assert "  and 8 more: programme.csv" in lines


def test_without_options_and_budget_nothing_is_said_of_them() -> None:
    text = screen(one_school())
    assert "What opens" not in text
    assert "budget" not in text.lower().removesuffix(text.lower().split("more: ")[-1])
    assert "DSG in the year" not in text
    assert cells(text, "DSG, these places")[0] == Register(one_school()).text("spend.plan.2026.dsg")
    assert "Nobody is short of a state-funded place in any year." in text
    assert "Nobody awaits a place in any year of the plan." in text
    assert "olicy rule" not in text


def test_who_waits_is_counted_with_the_first_reason() -> None:
    """Three children and one place: two wait each year, in one set of need, phase and locality."""
    text = " ".join(screen(one_school(1.0)).split())
    assert "Awaiting a place: 2 children in 2026/27, the most of any year." in text
    assert "3 children; every place they can reach: 1; short 2" in text
    assert "Short of a state-funded place: 2 children" in text


def test_a_clean_slate_is_said_to_be_no_plan() -> None:
    text = " ".join(screen(one_school.__wrapped__(continuity={"clean_slate": True})).split())
    assert "CLEAN SLATE: every child is placed anew every year. A bound, not a plan to deliver." in text


def test_a_stopped_plan_says_how_much_cheaper_one_may_be() -> None:
    result = with_measures(toy_result(), saves_at_most=37_415.0, gap=0.0123)
    stopped = changed(result, status="stopped", interrupted=True, left_out=["place_values", "appraisal"])
    text = " ".join(screen(stopped).split())
    assert "Interrupted: this is the best plan found so far." in text
    assert "a better one saves at most £37k, 1.2% of what can be decided." in text
    assert "- place values are approximate" in text
    assert "Proven" not in text
    assert len(screen(stopped).splitlines()) <= MOST_LINES + 6  # each step left out is a line


def with_measures(result: Result, **plan: float) -> Result:
    """A result with other figures in the column `plan` of `measures.csv`; NaN: none."""
    rows = result.measures
    new = [rows[rows["measure"] == "bound"].assign(measure=name, plan=figure) for name, figure in plan.items()]
    others = rows[~rows["measure"].isin(plan)]
    return replace(result, frames=result.frames | {"measures": pd.concat([others, *new], ignore_index=True)})


def test_a_plan_within_its_gap_says_by_how_much() -> None:
    within = changed(toy_result(), status="within_gap")
    words = "Proven: at these costs and weights, no plan is cheaper by more than "
    assert f"{words}£500." in screen(with_measures(within, saves_at_most=3.0))
    assert f"{words}£37k." in screen(with_measures(within, saves_at_most=37_415.0))
    assert "Proven: at these costs and weights, no plan is cheaper.\n" in screen(
        changed(toy_result(), status="optimal")
    )


def test_a_plan_that_costs_more_and_one_that_pays_for_its_capital_say_so() -> None:
    more = " ".join(screen(with_measures(toy_result(), cost_avoided=-2e6)).split())
    assert "The plan costs £2.0m more than doing nothing more (existing commitments only)" in more
    programme = toy_result().summary["programme"]
    charged = programme | {"capital": programme["capital"] | {"charge": 0.05}}
    text = " ".join(screen(changed(toy_result(), programme=charged)).split())
    assert "(existing commitments only), the charge for capital of £90k included (present value" in text


def test_a_missed_rule_is_named_and_more_are_counted() -> None:
    year = {"year": 2027, "limit": 10.0, "value": 13.0, "pounds": 0.0, "per_point": None, "missed": 3.0}
    rule = {"unit": "children", "floor": False, "years": [year]}
    rules = [rule | {"rule": f"R{number}"} for number in range(4)] + [rule | {"rule": "kept", "years": []}]
    text = screen(changed(toy_result(), rules=rules))
    assert "Policy rules missed: 4 of 5" in text
    assert "  R0: missed in 2027/28 (13 children; at most 10 children asked)" in text
    assert "R2: missed" not in text
    assert "  2 more: --detail" in text
    assert "R3: missed" in screen(changed(toy_result(), rules=rules), detail=True)
    assert "All 2 policy rules are kept." in screen(changed(toy_result(), rules=[rules[-1]] * 2))


def test_warnings_stand_in_the_detail_and_are_counted() -> None:
    many = [f"w{number}" for number in range(300)]
    text = screen(changed(toy_result(), warnings=many), detail=True)
    assert "Warnings: 300" in text
    assert f"  w{MOST_WARNINGS - 1}\n  and {300 - MOST_WARNINGS} more" in text
    assert "w0" not in screen(changed(toy_result(), warnings=many))


def test_no_balance_is_known_after_the_override() -> None:
    """£40,000 a year of DSG from a balance of −£1m, £30,000 spent: −£990k, −£980k, and then nobody knows."""
    years = range(2025, 2030)
    case = case_of(
        model_of((2025, 2029), finance={"opening_dsg_balance": -1_000_000}),
        demand=steady("A", 3, years),
        places=[{"line": "s", "setting": "S", "places": 3}],
        costs=[{"setting": "S", "per_child": 10_000, "budget_line": "1.2.1"}],
        placements=[{"area": "A", "line": "s", "children": 3}],
        budget=[{"financial_year": year, "budget_line": "1.2.1", "pounds": 40_000} for year in years],
        other_spend=[{"financial_year": year, "budget_line": "1.2.5", "pounds": 0} for year in years],
    )
    both = ["−£990k", "−£980k", "unknown"]
    assert cells(screen(sf.solve(case)), "DSG carried forward") == both * 2


def test_a_line_that_pays_for_bought_places_and_colleges_is_said_to() -> None:
    """1.2.3 pays for two children in an independent school, full, and for the third in a college, which costs more: the
    college's are not counted as bought.
    """
    years = range(2025, 2027)
    case = case_of(
        model_of((2025, 2026)),
        demand=steady("A", 3, years),
        settings=[{"setting": "S", "type": "independent"}, {"setting": "C", "type": "specialist_post_16"}],
        places=[
            {"line": "s", "setting": "S", "places": 2},
            {"line": "c", "setting": "C", "places": np.nan},
        ],
        costs=[
            {"setting": setting, "per_child": pounds, "budget_line": "1.2.3"}
            for setting, pounds in (("S", 9_000), ("C", 10_000))
        ],
        budget=[{"financial_year": 2026, "budget_line": "1.2.3", "pounds": 1}],
        other_spend=[{"financial_year": 2026, "budget_line": "1.2.5", "pounds": 0}],
    )
    text = " ".join(screen(sf.solve(case), detail=True).split())
    assert "1.2.3 also pays for children in: Specialist post-16 institution. They are not counted as bought." in text
    assert "also pays" not in screen(toy_result(), detail=True)


def test_types_of_setting_have_their_years_and_who_waits() -> None:
    """Of the toy's ten children awaiting a place today, none does in the plan's last year."""
    text = screen(toy_result(), detail=True)
    heads = text[: text.index("Children by type of setting")].splitlines()[-1]
    assert heads.split() == ["today", "plan", "do", "nothing", "more"]
    assert cells(text, "Children by type of setting") == ["2025/26", "2028/29", "2028/29"]
    assert cells(text, "Awaiting a place")[:2] == ["10", "0"]
