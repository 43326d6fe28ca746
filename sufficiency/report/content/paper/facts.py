"""What several sections of the paper turn on: whether there is a budget, whether it is kept, who waits, which rule is
missed.
"""

from __future__ import annotations

import re
from typing import Any

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.finding import ONE, SMALL_CHANGE, most_of
from sufficiency.report.content.story import PLAN, Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import academic_year


def exhibit(content: Content, name: str) -> Exhibit | None:
    """A table that the other forms show too; None where the result has none."""
    return next((one for chapter in content.chapters for one in chapter.exhibits if one.id == name), None)


def sentences_of(content: Content, name: str) -> tuple[Words, ...]:
    """The sentences of a chapter that the other forms show too."""
    return next((chapter.sentences for chapter in content.chapters if chapter.id == name), ())


def budget_years(story: Story) -> list[int]:
    """Financial years with budgets for lines; none where the model has no budget table."""
    return story.years_with(f"overspend_net.{PLAN}.{{year}}")


def grant_years(story: Story) -> list[int]:
    """Financial years in which what the grant pays for is known."""
    return story.years_with(f"deficit_in_year.{{year}}.{PLAN}")


def over_budget(story: Story, year: int, of: str = PLAN) -> Figure:
    """What is spent above all budgets in a year that has them, under less over; less than 0 is under budget."""
    figure = story.get(f"overspend_net.{of}.{year}")
    if figure is None:
        raise KeyError(year)
    return figure


def near_years(story: Story) -> list[int]:
    """The first financial year with budgets, and the last before the funding regime is not known."""
    years = budget_years(story)
    known = [year for year in years if year <= LAST_YEAR_OF_OVERRIDE] or years[:1]
    return sorted({*known[:1], *known[-1:]})


def with_end(words: Words) -> Words:
    """A finding as a sentence."""
    return (*words, ".") if words else ()


def closes_the_gap(story: Story) -> bool | None:
    """Whether the plan keeps the budgets, and the grant, in the last year they are known; None where neither is."""
    years = grant_years(story)
    in_year = story.get(f"deficit_in_year.{years[-1]}.{PLAN}") if years else None
    budgets = budget_years(story)
    if in_year is None and not budgets:
        return None
    within = not budgets or over_budget(story, budgets[-1]).value < SMALL_CHANGE
    return within and (in_year is None or in_year.value > -SMALL_CHANGE)


def waiting(story: Story) -> Figure | None:
    """The most children who await a place in any year of the plan; None where nobody does."""
    most = most_of(story, "awaiting.plan")
    return most if most is not None and most.value >= ONE else None


def programme_figures(story: Story) -> dict[str, Any]:
    """What the summary says of options; nothing where the model has none."""
    return dict(story.summary.get("programme") or {})


def proposed(story: Story) -> list[tuple[str, int]]:
    """Options of the proposed programme with the year of each, in the order to commission them."""
    figures = programme_figures(story)
    order = {row["option"]: row.get("order") or 999 for row in figures.get("appraisal", [])}
    opened = {(str(one["option"]), int(one["opens"])) for one in figures.get("opened", [])}
    return sorted(opened, key=lambda one: (order.get(one[0], 999), one[1], one[0]))


def name_of(story: Story, option: str) -> str:
    """What an option is called."""
    figures = programme_figures(story)
    rows = [*figures.get("appraisal", []), *figures.get("opened", [])]
    return next((str(row["name"]) for row in rows if row["option"] == option and row.get("name")), option)


def as_proposal(text: str) -> str:
    """The words of a planner or of the model, with academic years, and without saying of what is only proposed that it
    opens.
    """
    for word, instead in (("opens", "would start"), ("open yet", "there yet"), ("opened", "started")):
        text = re.sub(rf"\b{word}\b", instead, text)
    return re.sub(
        r"\b(in|by|from|until) (20\d\d)\b(?!/)", lambda found: f"{found[1]} {academic_year(int(found[2]))}", text
    )


def as_sentence(text: str) -> str:
    """Words with a capital and a full stop."""
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def child(figure: Figure) -> str:
    """`child` or `children`, to follow a figure."""
    return "child" if figure.text == "1" else "children"


def proof_in_words(story: Story) -> tuple[Words, ...]:
    """What is proven of the plan, and what that does not mean."""
    status, saves = story.summary["status"], story.get("saves_at_most")
    again: Words = (
        "A separate calculation from the same tables counted children, places and money again and agreed. It does not "
        "show that the forecast or the prices are right.",
    )
    start = "On the figures given, no other way to place these children and to choose among these options costs less"
    if status == "stopped":
        best = say(
            "The search for a cheaper plan was stopped early: this is the best found so far, not proven to be the "
            "cheapest. A better one would save at most {saves}, policy weights included.",
            saves=saves,
        )
        unknown: Words = (
            "The search for a cheaper plan was stopped early: this is the best found so far, and how much a better one "
            "could save is not known.",
        )
        return (best or unknown, again)
    if status == "within_gap" and saves is not None and saves.value >= SMALL_CHANGE:
        return (say(f"{start} by more than {{saves}}, counting money and the weights of policy.", saves=saves), again)
    if status == "within_gap":
        return ((f"{start} by as much as five hundred pounds, counting money and the weights of policy.",), again)
    return ((f"{start}, counting money and the weights of policy.",), again)
