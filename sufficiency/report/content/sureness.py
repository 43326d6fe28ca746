"""How sure the plan is: its proof in two sentences, what it rests on, and what is not known."""

from __future__ import annotations

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.figure import TODAY
from sufficiency.report.content.finding import ONE, SMALL_CHANGE
from sufficiency.report.content.kinds import KINDS
from sufficiency.report.content.story import Story
from sufficiency.report.content.unbudgeted import spent_without
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import academic_year, listed

MOST_WARNINGS = 10


def sureness(story: Story) -> Chapter:
    """The chapter on how sure the plan is."""
    sentences = (*proof(story), *_not_known(story), *_ledger(story))
    return Chapter(
        "sure",
        "How sure we are",
        sentences,
        tuple(one for one in (_range(story), _rules(story), _warnings(story)) if one),
    )


def proof(story: Story) -> tuple[Words, ...]:
    """Two sentences for a councillor: what is proven, and what that does not mean."""
    status = story.summary["status"]
    again = (
        "A separate calculation from the same tables, which does not rely on the first, counted children, places and "
        "money again and agreed; it does not show that the forecast or the prices are right."
    )
    if status == "stopped":
        saves = story.get("saves_at_most")
        if saves is None:
            return (("The search for a cheaper plan was stopped, and how much one could save is not known.",), (again,))
        return (
            say(
                "The search for a cheaper plan was stopped: this is the best found so far, and a better one would save "
                "at most {saves}, policy weights included.",
                saves=saves,
            ),
            (again,),
        )
    start = "On the figures given, no other way to place these children and open these schemes costs less"
    saves = story.get("saves_at_most")
    if status == "optimal" or saves is None:
        return ((f"{start}, counting money and the weights of policy.",), (again,))
    if saves.value < SMALL_CHANGE:
        return ((f"{start} by as much as £500, counting money and the weights of policy.",), (again,))
    return (
        say(f"{start} by more than {{saves}}, counting money and the weights of policy.", saves=saves),
        (again,),
    )


def _not_known(story: Story) -> tuple[Words, ...]:
    words: list[Words] = [
        (
            "Every other figure here is for the central forecast of children. How often the plan holds when children, "
            "fees or dates turn out otherwise is not worked out in this report.",
        )
        if _range(story)
        else (
            "Every figure here is for the central forecast of children. This report has no low and high: how often the "
            "plan holds when children, fees or dates turn out otherwise is not worked out in it.",
        )
    ]
    if story.summary["clean_slate"]:
        words.append(("Clean slate: every child is placed anew every year. A bound, not a plan to deliver.",))
    return tuple(words)


def _ledger(story: Story) -> tuple[Words, ...]:
    modelled, ledger = story.get(f"ledger_modelled.{TODAY}"), story.get(f"ledger.{TODAY}")
    share = story.get(f"ledger_difference_share.{TODAY}")
    if share is None:
        return ()
    missing = spent_without(story.frame("reconciliation"), "ledger", "model")
    return (
        say(
            f"The model was set against the council’s ledger of {academic_year(story.base_year)}: it comes to "
            "{modelled}, the ledger to {ledger}, a difference of {share}.",
            modelled=modelled,
            ledger=ledger,
            share=share,
        ),
        *(((f"The ledger has nothing on {listed(missing)}.",),) if missing else ()),
    )


RANGED = {
    "spend_dsg": "Spending from the grant, on the children of this plan",
    "spend_general_fund": "Home to school transport, General Fund",
    "overspend": "Over budget, lines added up",
    "dsg_in_year": "Grant less spending in the year",
    "dsg_balance": "Carried forward at the end of the year",
}
"""Measures of `range.csv` in short."""


def _range(story: Story) -> Exhibit | None:
    """The plan with few and with many children, where the result has that."""
    table = story.frame("range")
    if table is None or not len(table):
        return None
    meanings = {kind.where.get("measure", ""): kind.meaning for kind in reversed(KINDS)}
    rows: list[tuple[Cell, ...]] = []
    for measure, year in zip(table["measure"].astype(str), table["financial_year"], strict=True):
        end = measure if year != year else f"{measure}.{int(year)}"
        label = RANGED.get(measure) or meanings.get(measure, measure.replace("_", " "))
        when = "" if year != year else academic_year(int(year))
        rows.append((label, when, *(story.get(f"range_{column}.{end}") for column in ("low", "central", "high"))))
    return Exhibit(
        "range",
        ("Bounds: the plan with few, and with many, children everywhere",),
        "Low and high: demand at its fifth and at its ninety-fifth percentile in every area, need and phase at once. "
        "That all of them turn out so is far less likely than one in twenty: these are bounds, and no forecast.",
        ("", "Year", "All low", "Central", "All high"),
        tuple(rows),
    )


def rules_missed(story: Story) -> list[tuple[str, int]]:
    """The policy rules that the plan misses, and the first year of each."""
    missed = []
    for rule in story.summary.get("rules", []):
        years = [int(year["year"]) for year in rule["years"] if year["missed"] >= ONE]
        if years:
            missed.append((str(rule["rule"]), years[0]))
    return missed


def _rules(story: Story) -> Exhibit | None:
    table = story.frame("rules")
    if table is None or not len(table):
        return None
    rows = []
    missed = dict(rules_missed(story))
    for rule in story.summary.get("rules", []):
        last = rule["years"][-1]
        end = f"{rule['rule']}.{last['year']}"
        broken = missed.get(str(rule["rule"]))
        state = "kept" if broken is None else f"missed, first in {academic_year(broken)}"
        rows.append(
            (
                str(rule["rule"]),
                "at least" if rule["floor"] else "at most",
                story.get(f"rules_limit.{end}"),
                story.get(f"rules_value.{end}"),
                academic_year(last["year"]),
                state,
            )
        )
    if not rows:
        return None
    finding = f"A policy rule is missed: {next(iter(missed))}" if missed else "Every policy rule is kept"
    return Exhibit(
        "rules",
        (finding,),
        "What each rule allows and what the plan comes to, in children or minutes, in the last year the rule holds.",
        ("Rule", "Limit", "Allowed", "In the plan", "Year", "Over all years"),
        tuple(rows),
    )


def _warnings(story: Story) -> Exhibit | None:
    warnings = [str(one) for one in story.summary.get("warnings", [])]
    if not warnings:
        return None
    more: Words = ("There are more: sufficiency check lists them all.",)
    return Exhibit(
        "warnings",
        ("What the check of the tables warns of",),
        "Each with its file, row and column, and what to do about it.",
        ("Warning",),
        tuple((one,) for one in warnings[:MOST_WARNINGS]),
        notes=(more,) if len(warnings) > MOST_WARNINGS else (),
    )
