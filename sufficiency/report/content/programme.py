"""What opens and why: the programme, what each option saves, and the programmes that come next."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.story import Story
from sufficiency.report.content.words import Words, joined, say
from sufficiency.report.words import academic_year, listed, present_value

MOST_ALTERNATIVES = 5


def programme(story: Story) -> Chapter:
    """The chapter on options; without options in the model there is nothing in it."""
    figures: dict[str, Any] = story.summary.get("programme") or {}
    if not figures:
        return Chapter("programme", "What opens")
    exhibits = (_opens(story, figures), _alternatives(story))
    return Chapter("programme", "What opens", _sentences(story, figures), tuple(one for one in exhibits if one))


def _sentences(story: Story, figures: dict[str, Any]) -> tuple[Words, ...]:
    if not figures["opened"]:
        return (("No option opens: the plan costs less without them, or a rule or the capital keeps them closed.",),)
    budget, ours = story.get("capital_budget"), story.get("programme_capital.ours")
    ours = story.get("programme_capital_by_payer.ours") or ours
    capital = say("It takes {ours} of our own capital, of a budget of {budget}.", ours=ours, budget=budget)
    saved = say(
        "Together the options save {money} of money against opening nothing ({present}).",
        money=story.get("programme_saves_money"),
        present=present_value(story.years[0]),
    )
    closed = [row["name"] for row in figures["appraisal"] if row["part"] <= 0]
    left: Words = (f"Not in the plan: {listed([str(name) for name in closed])}.",) if closed else ()
    late: Words = ()
    if story.release:
        late = ("What each option saves is left out.",)
    elif story.summary.get("appraisal") != "done":
        late = ("What each option saves was not worked out for this plan.",)
    return tuple(one for one in (joined(capital, saved), left, late) if one)


def _opens(story: Story, figures: dict[str, Any]) -> Exhibit | None:
    table = story.frame("programme")
    if table is None or not len(table):
        return None
    names = {row["option"]: row["name"] for row in figures["appraisal"]}
    order = {row["option"]: row.get("order", 999) for row in figures["appraisal"]}
    opened = sorted(
        zip(table["option"].astype(str), table["opens"].astype(int), _flags(table), strict=True),
        key=lambda row: (order.get(row[0], 999), row[1]),
    )
    in_full = story.release is None
    rows: list[tuple[Cell, ...]] = []
    for option, year, flags in opened:
        rows.append(
            (
                str(names.get(option) or option),
                story.get(f"option_opens.{option}.{year}"),
                story.get(f"option_places.{option}.{year}"),
                story.get(f"option_capital.{option}.{year}"),
                *((saves(story, option, figures), breaks_even(story, option), flags) if in_full else ()),
            )
        )
    options, places = story.get("programme_options"), story.get("programme_places")
    many = "option opens, with" if options is not None and options.text == "1" else "options open, with"
    return Exhibit(
        "opens",
        say(f"{{options}} {many} {{places}} places when full", options=options, places=places),
        "In the order to commission them. Saves: money against the best programme without the option, to the end of "
        f"the plan, {present_value(story.years[0])}. Breaks even: the year by which that covers our capital."
        if in_full
        else "Places when full, and capital with contingency in pounds of the year an option opens.",
        ("Option", "Opens", "Places", "Capital", *(("Saves", "Breaks even", "Statutory process") if in_full else ())),
        tuple(rows),
        tuple(story.years),
    )


def _flags(table: pd.DataFrame) -> list[str]:
    """The statutory process of each option that opens; blank where the table does not say."""
    if "flags" not in table:
        return [""] * len(table)
    return [flags if isinstance(flags, str) else "" for flags in table["flags"]]


def saves(story: Story, option: str, figures: dict[str, Any]) -> Cell:
    """Money an option saves against the best programme without it, or the hard rule that it is needed for."""
    rules = next((row.get("needed_for") for row in figures["appraisal"] if row["option"] == option), None)
    if rules:
        return f"needed for {rules}"
    exact = story.get(f"options_appraisal_saving_money.{option}")
    if exact is not None:
        return exact
    unknown = "not published" if story.release else "not known"
    return say("at least {least}", least=story.get(f"options_appraisal_saving_money_least.{option}")) or unknown


def breaks_even(story: Story, option: str) -> Cell:
    """The year by which the money an option saves covers the council's capital in it."""
    year = story.get(f"options_appraisal_break_even_money.{option}")
    if year is not None:
        return year
    if story.get(f"options_appraisal_saving_money.{option}") is not None:
        return f"after {academic_year(story.last)}"
    return "not published" if story.release else "not known"


def _alternatives(story: Story) -> Exhibit | None:
    table, opened = story.frame("alternatives"), story.frame("programme")
    if table is None or opened is None or not len(table):
        return None
    here = _years(opened)
    names = {row["option"]: str(row["name"] or row["option"]) for row in story.summary["programme"]["appraisal"]}
    rows: list[tuple[Cell, ...]] = []
    ranks = sorted(int(rank) for rank in table["programme"].unique())
    for rank in ranks[:MOST_ALTERNATIVES]:
        part = pd.DataFrame(table[table["programme"] == rank])
        rows.append((_differs(here, part, names), _costs_more(story, rank), _money_more(story, rank)))
    first = rows[0]
    more = first[1]
    finding: Words = say("The next-best programme costs {more} more", more=more if not isinstance(more, str) else None)
    return Exhibit(
        "alternatives",
        finding or ("The programmes that come next",),
        f"Against the plan: {present_value(story.years[0])}. Costs more counts money and policy weights; money alone "
        "may be less.",
        ("What differs from the plan", "Costs more", "of it money"),
        tuple(rows),
    )


def _years(table: pd.DataFrame) -> dict[str, int]:
    known = table[table["option"].notna() & (table["option"] != "")]
    return {str(option): int(year) for option, year in zip(known["option"], known["opens"], strict=True)}


def _differs(here: dict[str, int], part: pd.DataFrame, names: dict[str, str]) -> str:
    there = _years(part)
    words = []
    if added := sorted(set(there) - set(here)):
        words.append(f"with {listed([names.get(one, one) for one in added])}")
    if gone := sorted(set(here) - set(there)):
        words.append(f"without {listed([names.get(one, one) for one in gone])}")
    later = [
        f"{names.get(one, one)} in {academic_year(there[one])}"
        for one in sorted(set(here) & set(there))
        if here[one] != there[one]
    ]
    if later:
        words.append(listed(later))
    text = "; ".join(words) or "the same options, other parts of them"
    return text[:1].upper() + text[1:]


def _costs_more(story: Story, rank: int) -> Cell:
    exact = _of_programme(story, "costs_more", rank)
    if exact is not None:
        return exact
    least, most = (_of_programme(story, f"costs_more_{end}", rank) for end in ("least", "most"))
    return say("{least} to {most}", least=least, most=most) or "not known"


def _money_more(story: Story, rank: int) -> Cell:
    return _of_programme(story, "costs_more_money", rank) or "not known"


def _of_programme(story: Story, column: str, rank: int) -> Figure | None:
    """A figure of a programme; one in which nothing opens has no option in its id."""
    figures = story.register.of(f"alternatives_{column}.{rank}")
    return figures[0] if figures else story.get(f"alternatives_{column}.{rank}")
