"""The Cabinet paper: what it says of each kind of result, that its numbers are figures, and what it never says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from docx import Document

import sufficiency as sf
from sufficiency.report.content.as_json import figures_json
from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.paper import Lines, Paper, Points, Section, Statement, Waterfall, paper_of
from sufficiency.report.content.paper.delivery import dates_for, in_words
from sufficiency.report.content.paper.options import options_considered
from sufficiency.report.content.words import Bare, plain
from sufficiency.report.content.workings import FILE as WORKINGS
from sufficiency.report.paper import docx_of
from sufficiency.result import Result

from ..solved import toy_result
from ..worked import case_of, model_of, steady
from .pages import content, toy_content
from .planned_cases import hostile
from .test_content import planned


@cache
def toy_paper() -> Paper:
    return paper_of(toy_content())


@cache
def toy_docx() -> bytes:
    return docx_of(toy_content())


def said_in(section: Section) -> Iterator[str]:
    """Every text of a section and of those in it."""
    yield section.title
    for block in section.blocks:
        table = block.table if isinstance(block, Waterfall | Lines) else block
        if isinstance(table, Statement):
            yield table.text
        elif isinstance(table, Points):
            yield from map(plain, table.items)
        elif isinstance(table, Exhibit):
            yield from (plain(table.finding), table.about, *table.heads, *map(plain, table.notes))
            yield from (plain(cell) for row in table.rows for cell in row)
        else:
            yield plain(table)
    for one in section.sections:
        yield from said_in(one)


def said(paper: Paper) -> str:
    """All that a paper says, a text a line."""
    return "\n".join([paper.title, *paper.marks, *(text for one in paper.sections for text in said_in(one))])


def of(result: Result) -> str:
    """What the paper of a small case says."""
    return said(paper_of(content(result)))


def with_summary(result: Result, **changes: Any) -> Content:
    return content(replace(result, summary=result.summary | changes))


def texts_in(docx: bytes) -> list[str]:
    """Every paragraph of a document, those of its tables too."""
    document = Document(BytesIO(docx))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return [one.text for one in document.paragraphs] + [one.text for cell in cells for one in cell.paragraphs]


def figures_printed(paper: Paper) -> Iterator[Figure]:
    for section in paper.sections:
        for block in section.all_blocks():
            table = block.table if isinstance(block, Waterfall | Lines) else block
            if isinstance(table, Exhibit):
                held: tuple[Any, ...] = (table.finding, *table.notes, *(cell for row in table.rows for cell in row))
            else:
                held = table.items if isinstance(table, Points) else (table,)
            yield from _within(held)


def _within(held: Any) -> Iterator[Figure]:
    if isinstance(held, Bare):
        yield held.figure
    elif isinstance(held, Figure):
        yield held
    elif isinstance(held, tuple):
        for one in held:
            yield from _within(one)


NOT_FIGURES = re.compile(
    r"\b20\d\d/\d\d\b|\b\d{1,2} [A-Z][a-z]+ 20\d\d\b|\b(?:Act|Regulations)(?: of)? (?:19|20)\d\d\b|\b[Ss]ections? \d+\b"
    r"|Section 151|[Ss]ection 251|\b1\.\d\.\d+\b|Regulations of 2013|[Bb]elow 0|[Pp]ost-16|over (?:5|10) minutes"
)
"""Years, dates, laws, budget lines, and from which change on a journey counts as longer."""


def test_every_number_in_the_text_is_a_figure() -> None:
    """Words that the tool writes hold no numbers but years, dates, laws and budget lines."""
    names = [*toy_result().settings["name"], *toy_result().settings["setting"].astype(str)]
    for section in toy_paper().sections:
        for block in section.all_blocks():
            table = block.table if isinstance(block, Waterfall | Lines) else block
            words: list[Any] = [table]
            if isinstance(table, Exhibit):
                words = [
                    table.finding,
                    table.about,
                    *table.heads,
                    *table.notes,
                    *(c for row in table.rows for c in row),
                ]
            elif isinstance(table, Points):
                words = list(table.items)
            for text in (piece for one in words for piece in _literal(one)):
                for name in names:
                    text = text.replace(name, "")
                assert not re.search(r"\d", NOT_FIGURES.sub("", text)), text


def _literal(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, tuple):
        for one in held:
            yield from _literal(one)


def test_every_figure_stands_in_figures_json_and_equals_its_cell() -> None:
    listed = {one["id"]: one for one in json.loads(figures_json(toy_content().figures))}
    printed = list(figures_printed(toy_paper()))
    assert len(printed) > 100
    for one in printed:
        held = listed[one.id]
        assert held["text"] == one.text
        rows = toy_content().workings.table if held["table"] == WORKINGS else toy_result().frames[held["table"]]
        for column, cell in held["row"].items():
            rows = rows[rows[column].isna() | (rows[column] == "")] if cell == "" else rows[rows[column] == cell]
        assert rows[held["column"]].unique().tolist() == [held["value"]], held


def test_the_document_prints_what_the_paper_says() -> None:
    printed = set(texts_in(toy_docx()))
    missing = [text for text in said(toy_paper()).splitlines() if text not in printed and text not in toy_paper().marks]
    assert missing == []
    assert not [text for text in printed if re.search(r"\{\{|\{%|⟦", text)]


def test_statements_are_left_to_officers_and_counted() -> None:
    texts = texts_in(toy_docx())
    left = [text for text in texts if text.endswith("to complete]")]
    assert len(left) == toy_paper().statements > 10
    assert f"DRAFT: {len(left)} officer statements outstanding" in texts
    assert "[Monitoring Officer to complete]" in left
    assert "[Section 151 officer to complete]" in left


def test_recommendations_do_not_prejudge_consultation() -> None:
    section = next(one for one in toy_paper().sections if one.title == "Recommendations")
    asks = next(block for block in section.blocks if isinstance(block, Points))
    starts = ("note", "agree in principle, subject to consultation", "authorise officers to consult")
    starts += ("delegate to the Director", "refer the position")
    assert asks.numbered
    for ask in map(plain, asks.items):
        assert ask.startswith(starts), ask
    assert not re.search(r"\b(open|opens|opened|approve|build|close)\b", " ".join(map(plain, asks.items)))
    assert not re.search(r"\bopen(s|ed|ing)?\b", said(toy_paper()), re.IGNORECASE)


def test_four_parts_stand_in_the_order_they_were_asked_for() -> None:
    titles = [one.title for one in toy_paper().sections]
    assert [title for title in titles if title.startswith("Part")] == [
        "Part one: the likely overspend",
        "Part two: which areas overspend",
        "Part three: options considered",
        "Part four: impact on children, young people and families",
    ]


def test_a_plan_that_closes_the_gap_and_one_that_does_not_read_differently() -> None:
    """£45,000 a year of spending on £30,000 of grant; £41,000 of it on £46,000 of budget."""
    assert "The plan does not close the gap." in said(toy_paper())
    short = of(planned(30_000))
    assert "The plan does not close the gap." in short
    enough = of(_within_budget())
    assert "the plan closes the gap in the last year for which budgets are known" in enough
    assert "Spending under the plan stays within all budgets together in 2026/27 and 2027/28." in enough
    assert "does not close" not in enough
    assert "Cashable saving, by which spending falls below all budgets together: £5k in 2026/27" in enough


@cache
def _within_budget() -> Result:
    """Four children at £10,000 each of a budget of £45,000, and £1,000 of other spending of £1,000."""
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 4, range(2025, 2028)),
        places=[{"line": "s", "setting": "S", "places": 4}],
        costs=[{"type": "special_school", "per_child": 10_000, "budget_line": "1.2.1"}],
        placements=[{"area": "A", "line": "s", "children": 4}],
        budget=[
            {"financial_year": year, "budget_line": line, "pounds": pounds}
            for year in (2026, 2027)
            for line, pounds in (("1.2.1", 45_000), ("1.2.5", 1_000))
        ],
        other_spend=[{"financial_year": year, "budget_line": "1.2.5", "pounds": 1_000} for year in (2026, 2027)],
    )
    return sf.solve(case)


@cache
def _without_budget(places: int = 4, option: float | None = None) -> Result:
    """Four children; `places` for them, the others wait; with `option` pounds of capital two further places."""
    case = case_of(
        model_of((2025, 2026)),
        demand=steady("A", 4, range(2025, 2027)),
        places=[{"line": "s", "setting": "S", "places": places}],
        costs=[{"type": "special_school", "per_child": 10_000, "budget_line": "1.2.1"}],
        placements=[{"area": "A", "line": "s", "children": places}],
        options=None
        if option is None
        else [
            {
                "option": "O",
                "setting": "S",
                "places": 2,
                "earliest": 2026,
                "latest": 2026,
                "capital": option,
                "per_year": 1_000,
            }
        ],
    )
    return sf.solve(case)


def test_without_a_budget_nothing_is_said_of_overspends() -> None:
    words = of(_without_budget())
    assert "overspen" not in words.lower()
    assert "Part one: likely spending" in words
    assert "The model has no options for new places" in words


def test_where_somebody_waits_the_paper_says_what_is_owed() -> None:
    words = of(_without_budget(3))
    assert "In 2026/27, 1 child awaits a place. Provision in a plan is owed at once" in words
    assert "awaits a place" not in of(_without_budget())


def test_where_no_option_helps_the_paper_says_so() -> None:
    """Four places for four children: two more cost capital and £1,000 a year, and save nothing."""
    words = of(_without_budget(4, 100_000.0))
    assert "No option for new places helps on the figures given" in words
    assert "note that the appraisal found no scheme that lowers cost" in words
    assert "agree in principle" not in words


def test_a_rule_that_is_missed_is_named() -> None:
    rule = {
        "rule": "Few independents",
        "floor": False,
        "years": [{"year": 2026, "missed": 0.0}, {"year": 2027, "missed": 2.0}],
    }
    words = said(paper_of(with_summary(toy_result(), rules=[rule])))
    assert "The plan misses a policy the council has set itself: Few independents, first in 2027/28." in words
    assert "The plan misses a policy" not in said(toy_paper())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("stopped", "The search for a cheaper plan was stopped early"),
        ("within_gap", "costs less by as much as five hundred pounds"),
        ("optimal", "costs less, counting money and the weights of policy"),
    ],
)
def test_the_proof_claims_no_more_than_the_certificate(status: str, words: str) -> None:
    paper = paper_of(with_summary(toy_result(), status=status))
    assert words in said(paper)
    assert any("not proven" in mark for mark in paper.marks) == (status == "stopped")


def test_fictional_data_are_marked_on_every_page() -> None:
    document = Document(BytesIO(toy_docx()))
    mark = "FICTIONAL DATA: this authority does not exist, and nobody lives in it."
    assert mark in [one.text for one in document.paragraphs]
    assert mark in [one.text for one in document.sections[0].header.paragraphs]
    assert not paper_of(content(_without_budget())).marks


def test_what_the_result_lacks_is_said() -> None:
    lacking = {name: frame for name, frame in toy_result().frames.items() if name not in ("impact", "range")}
    measures = lacking["measures"]
    lacking["measures"] = pd.DataFrame(measures[~measures["measure"].isin(["spend_in_locality", "spend_on_need"])])
    words = said(paper_of(content(replace(toy_result(), frames=lacking))))
    assert "no table of the impact on each group of children (impact.csv)" in words
    assert "no spending by locality and need (spend_by_area.csv, spend_by_need.csv)" in words
    assert "so no range is given" in words
    assert "(impact.csv)" not in said(toy_paper())
    assert "(spend_by_area.csv" not in said(toy_paper())


def test_the_bridge_adds_up_to_the_cost_avoided() -> None:
    """Placing children differently first, then schemes in order."""
    tables = [block for one in toy_paper().sections for block in one.all_blocks() if isinstance(block, Exhibit)]
    bridge = next(one for one in tables if one.id == "bridge")
    *parts, total = [cell.value for _, cell in bridge.rows if isinstance(cell, Figure)]
    assert sum(parts) == pytest.approx(total)
    assert total == pytest.approx(toy_content().story.register.value("cost_avoided"))


def test_the_waterfall_ends_at_what_no_plan_can_remove() -> None:
    (shown,) = [block for one in toy_paper().sections for block in one.all_blocks() if isinstance(block, Waterfall)]
    nothing, avoided, plan, beyond, least = [figure.value for _, figure, _ in shown.bars]
    assert nothing - avoided == pytest.approx(plan)
    assert plan - beyond == pytest.approx(least)


def test_dates_are_counted_back_from_september() -> None:
    """Four weeks before 15 December 2026 is 17 November; six before that is 6 October."""
    dates = dates_for(2027)
    assert in_words(dates.decision) == "15 February 2027"
    assert in_words(dates.representations_end) == "15 December 2026"
    assert in_words(dates.notice) == "17 November 2026"
    assert in_words(dates.consultation) == "6 October 2026"


def test_a_scheme_with_a_statutory_process_has_its_notice_and_its_test() -> None:
    opened = [{**one, "flags": "prescribed alteration"} for one in toy_result().summary["programme"]["opened"]]
    programme = toy_result().summary["programme"] | {"opened": opened}
    words = "\n".join(said_in(options_considered(with_summary(toy_result(), programme=programme))))
    assert "requires: prescribed alteration" in words
    assert "Notice published by (four weeks for representations)\n17 November 2025" in words
    assert "SEN improvement test" in words


def test_hostile_names_are_text() -> None:
    result = hostile().result
    document = texts_in(docx_of(content(result)))
    assert any("=HYPERLINK(" in text for text in document)
    assert not [text for text in document if "\x07" in text]
