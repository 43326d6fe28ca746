"""What a report says: the one sentence of the finding, the proof, and what is left out where it is not known.

`python -m tests.report.test_content` writes what is said of the toy again, and of Saltmere where the folder of its
result is given: read the difference.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sufficiency as sf
from sufficiency.model_file import read_model
from sufficiency.report.content.document import Content, content_of
from sufficiency.report.content.exhibit import Exhibit
from sufficiency.report.content.sureness import proof
from sufficiency.report.content.tables import Planned
from sufficiency.report.content.words import plain, say
from sufficiency.result import Result

from ..solved import toy_result
from ..worked import case_of, model_of, steady
from .pages import content, toy_content
from .planned_cases import closes, falls_short


@cache
def planned(block: int, places: int = 4) -> Result:
    """Four children in one year at £10,000 each in places of their own, where they are today, with `block` pounds of
    grant a year; those of the four for whom there are no places wait.
    """
    case = case_of(
        model_of((2025, 2027), finance={"high_needs_block": block, "opening_dsg_balance": -1_000_000}),
        demand=steady("A", 4, range(2025, 2028)),
        places=[{"line": "s", "setting": "S", "places": places}],
        costs=[{"type": "special_school", "per_child": 10_000, "budget_line": "1.2.1"}],
        placements=[{"area": "A", "line": "s", "children": min(places, 4)}],
        budget=[{"financial_year": year, "budget_line": "1.2.1", "pounds": 30_000} for year in (2026, 2027)],
        other_spend=[{"financial_year": year, "budget_line": "1.2.5", "pounds": 5_000} for year in (2026, 2027)],
    )
    return sf.solve(case)


GOLDEN = Path(__file__).parents[1] / "golden"
SALTMERE = Path(__file__).parents[2] / "models" / "saltmere.toml"
NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def all_that_is_said(story: Content) -> str:
    """Every sentence and finding of a report, a line each, but for what the model file and its files are."""
    lines = [plain(story.finding), *(plain(words) for words in story.more)]
    lines += [
        f"  {one.label}: {plain(one.plan)}; {plain(one.unmitigated)} if nothing more; {one.note}"
        for one in story.headlines
    ]
    for chapter in story.chapters:
        lines += ["", f"# {chapter.title}", *(plain(words) for words in chapter.sentences)]
        if chapter.id != "assumptions":
            for exhibit in chapter.exhibits:
                lines += ["", plain(exhibit.finding), f"({exhibit.about})", "  " + " | ".join(exhibit.heads)]
                lines += ["  " + " | ".join(plain(cell) for cell in row) for row in exhibit.rows]
                lines += [f"* {plain(note)}" for note in exhibit.notes]
    return "\n".join(lines) + "\n"


def said_of_saltmere(result: Result) -> str:
    """What is said of a result of Saltmere."""
    return all_that_is_said(content_of(result, read_model(SALTMERE)))


def apart(found: str, golden: str) -> list[tuple[str, str]]:
    """Lines that differ in words, or in a number by more than 2 and 2 %: where many plans cost the same to within the
    gap of the search, another machine may find another.
    """
    ours, theirs = found.splitlines(), golden.splitlines()
    pairs = zip(ours, theirs, strict=False)
    return [pair for pair in pairs if not _alike(*pair)] + [("", line) for line in theirs[len(ours) :]]


def _alike(one: str, other: str) -> bool:
    if NUMBERS.sub("#", one) != NUMBERS.sub("#", other):
        return False
    if re.findall(r"\b20\d\d/\d\d\b", one) != re.findall(r"\b20\d\d/\d\d\b", other):
        return False
    numbers = ((float(each.replace(",", "")) for each in NUMBERS.findall(line)) for line in (one, other))
    return all(abs(a - b) <= max(2.0, 0.02 * abs(b)) for a, b in zip(*numbers, strict=True))


@pytest.mark.parametrize(("file", "plan"), [("report.txt", falls_short), ("report_closes.txt", closes)])
def test_what_is_said_of_a_plan_that_is_short_and_of_one_that_closes_its_gap(
    file: str, plan: Callable[[], Planned]
) -> None:
    """The toy, and the toy with more places and money."""
    told = content_of(plan().result, plan().case.model)
    assert all_that_is_said(told) == (GOLDEN / file).read_text(encoding="utf-8")


def test_lines_apart_are_those_of_other_words_or_numbers() -> None:
    assert apart("1,000 in\n£2.0m\nx", "1,019 in\n£2.4m\ny\nz") == [("x", "y"), ("", "z")]
    assert apart("1,000 in", "1,030 in") == [("1,000 in", "1,030 in")]


def exhibits(story: Content) -> dict[str, Exhibit]:
    return {one.id: one for chapter in story.chapters for one in chapter.exhibits}


def test_a_plan_that_closes_its_gap_says_so() -> None:
    """Four children at £10,000 and £5,000 of other spending: £45,000 of £60,000 a year."""
    story = content(planned(60_000))
    assert plain(story.finding) == "Every child has a place and the high needs grant covers the spending of 2027/28."
    assert plain(exhibits(story)["grant"].finding) == (
        "In 2027/28 the grant covers high needs spending, with £15k to spare"
    )


def test_a_plan_that_cannot_says_by_how_much() -> None:
    """£45,000 of £20,000: £25,000 above it, and £1m of deficit with two years of that by 31 March 2028."""
    story = content(planned(20_000))
    assert plain(story.finding) == (
        "Every child has a place, but high needs spending is still £25k above the grant in 2027/28."
    )
    assert plain(exhibits(story)["grant"].finding) == (
        "High needs spending exceeds the grant by £25k in 2027/28; by £25k if we do nothing more"
    )
    assert plain(exhibits(story)["deficit"].finding).startswith("The deficit carried forward is £1.1m at 31 March 2028")


def test_children_who_wait_come_first() -> None:
    story = content(planned(60_000, places=3))
    assert plain(story.finding).startswith("Up to 1 child awaits a place (in 2026/27)")


def test_a_plan_that_was_stopped_claims_no_proof() -> None:
    result = planned(60_000)
    stopped = replace(result, summary=result.summary | {"status": "stopped"})
    story = content(stopped)
    assert plain(story.finding).startswith("The best plan found so far: every child has a place")
    said = plain(proof(story.story)[0])
    assert "stopped" in said
    assert "no other way" not in said.lower()


def test_the_proof_is_two_sentences() -> None:
    for result in (planned(60_000), toy_result()):
        first, second = (plain(words) for words in proof(content(result).story))
        assert first.startswith("On the figures given, no other way")
        assert first.count(".") == 1
        assert "does not show that the forecast or the prices are right" in second


def test_what_is_not_known_is_left_out() -> None:
    case = case_of(
        model_of((2025, 2026)),
        demand=steady("A", 3, range(2025, 2027)),
        places=[{"line": "s", "setting": "S", "places": 3}],
        costs=[{"type": "special_school", "per_child": 10_000}],
        placements=[{"area": "A", "line": "s", "children": 3}],
    )
    story = content(sf.solve(case))
    assert plain(story.finding) == "Every child has a place."
    assert {"grant", "deficit", "lines"}.isdisjoint(exhibits(story))
    assert {chapter.id for chapter in story.chapters}.isdisjoint({"scenarios", "programme"})
    assert "range" not in exhibits(story)
    assert len(story.headlines) == 5


def test_five_figures_lead_with_what_doing_nothing_more_comes_to() -> None:
    story = toy_content()
    assert [plain(one.plan) for one in story.headlines] == ["6", "£2.2m", "0", "79", "£327k"]
    assert [plain(one.unmitigated) for one in story.headlines] == ["13", "£2.6m", "0", "71", "£400k"]


def test_every_figure_of_the_content_is_registered() -> None:
    story = toy_content()
    known = {one.id for one in story.figures}
    assert len(known) == len(story.figures)
    for exhibit in exhibits(story).values():
        for row in exhibit.rows:
            assert len(row) in (1, len(exhibit.heads)), exhibit.id
            for cell in row:
                if not isinstance(cell, str | tuple) and cell is not None:
                    assert getattr(cell, "figure", cell).id in known


def test_impact_is_shown_where_the_result_has_it() -> None:
    """A table with two groups: who travels longer, and whose mean journey is the longest."""
    toy = toy_result()
    columns = {"children": 80.0, "mean_minutes": 21.25, "p90_minutes": 44.0, "over_limit": 2.0, "longer": 7.0}
    rows = [
        {"year": 2028, "projection": projection, "group": group, "value": value, "shorter": 9.0, "awaiting": 0.0}
        | columns
        | {"mean_minutes": minutes}
        for projection, more in (("plan", 0.0), ("unmitigated", 5.0))
        for group, value, minutes in (
            ("all", "all", 21.25 + more),
            ("locality", "North", 30.0),
            ("locality", "South", 9),
        )
    ]
    frame = toy.frames["gaps"].iloc[:0].reindex(columns=list(rows[0])).astype(object)
    frame = type(frame)(rows).assign(**dict.fromkeys(_other_columns(), np.nan))
    story = content(replace(toy, frames=toy.frames | {"impact": frame}))
    chapter = next(one for one in story.chapters if one.id == "impact")
    assert plain(chapter.sentences[0]) == (
        "In 2028/29, 7 children travel over 5 minutes longer than if we do nothing more, and 9 over 5 minutes "
        "shorter. The average journey is 21.2 minutes one way; 26.2 if we do nothing more."
    )
    assert (
        plain(chapter.exhibits[0].finding)
        == "By locality: no group travels longer on average; the longest average is 30.0 minutes (North)"
    )


def test_low_and_high_are_shown_where_the_result_has_them() -> None:
    """Of a year in pounds, spending of a fund too, and of the whole plan, whose year is blank, in children."""
    toy = toy_result()
    rows = {"measure": ["overspend", "spend_dsg", "awaiting"], "financial_year": [2026, 2026, np.nan]}
    frame = pd.DataFrame(rows | {"low": [1e6, 2e6, 0.0], "central": [2e6, 3e6, 3.0], "high": [4e6, 5e6, 9.0]})
    shown = exhibits(content(replace(toy, frames=toy.frames | {"range": frame})))["range"]
    assert [[plain(cell) for cell in row[1:]] for row in shown.rows] == [
        ["2026/27", "£1.0m", "£2.0m", "£4.0m"],
        ["2026/27", "£2.0m", "£3.0m", "£5.0m"],
        ["", "0", "3", "9"],
    ]


def _other_columns() -> list[str]:
    return ["in_locality", "in_authority", "in_mainstream_base", "bought", "over_places", "moved_by_closure"]


def test_words_with_a_figure_that_is_not_known_are_not_said() -> None:
    assert say("{one} of {two}", one="a", two=None) == ()
    assert plain(say("{one} of {two}", one="{two}", two="b")) == "{two} of b"


if __name__ == "__main__":
    for name, made in (("report.txt", falls_short), ("report_closes.txt", closes)):
        text = all_that_is_said(content_of(made().result, made().case.model))
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
    if len(sys.argv) > 1:
        text = said_of_saltmere(sf.load(sys.argv[1]))
        (GOLDEN / "report_saltmere.txt").write_text(text, encoding="utf-8", newline="\n")
