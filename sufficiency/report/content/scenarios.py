"""Scenarios side by side, with the plan and with doing nothing more."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, present_value

MEASURES = (
    ("Money in all", "discounted_money.{of}"),
    ("Grant less spending, {year}", "deficit_in_year.{last}.{of}"),
    ("Spent from the grant, {year}", "spend.{of}.{last}.dsg"),
    ("In bought places, {year}", "bought.{of}.{last}"),
    ("Awaiting a place, {year}", "awaiting.{of}.{last}"),
    ("Average journey, minutes, {year}", "mean_minutes.{of}.{last}"),
)


def scenarios_side_by_side(story: Story, others: Mapping[str, Story]) -> Chapter:
    """The chapter on scenarios; nothing in it where none was asked for."""
    exhibits = (side_by_side(story, others),) if others else ()
    return Chapter("scenarios", "Scenarios side by side", (), exhibits)


def side_by_side(story: Story, others: Mapping[str, Story]) -> Exhibit:
    """Doing nothing more, the plan and the scenarios asked for, a row each."""
    measures = [(head, name) for head, name in MEASURES if _one(story, name, PLAN) is not None]
    if any(name.startswith("deficit") for _, name in measures):
        measures = [(head, name) for head, name in measures if ".dsg" not in name]
    rows: list[tuple[Cell, ...]] = [_row(DO_NOTHING_MORE.capitalize(), story, measures, NOTHING_MORE)]
    rows.append(_row("The plan", story, measures, PLAN))
    rows += [_row(name, other, measures, PLAN) for name, other in others.items()]
    year = academic_year(story.last)
    heads = ("", *(head.format(year=year) for head, _ in measures))
    money = present_value(story.years[0])
    about = f"Each scenario is the model with changes of its own, planned again. Money in all: {money}."
    abouts = tuple(
        (f"{name}: {other.summary['scenario_about']}.",)
        for name, other in others.items()
        if other.summary["scenario_about"]
    )
    stopped = [name for name, other in others.items() if other.summary["status"] == "stopped"]
    if stopped:
        abouts += ((f"Stopped early, so not proven to be the cheapest: {', '.join(stopped)}.",),)
    return Exhibit("scenarios", _finding(story, others), about, heads, tuple(rows), notes=abouts)


def _one(story: Story, name: str, projection: str) -> Figure | None:
    return story.get(name.format(of=projection, last=story.last))


def _row(label: str, story: Story, measures: list[tuple[str, str]], projection: str) -> tuple[Cell, ...]:
    return (label, *(_one(story, name, projection) for _, name in measures))


def _finding(story: Story, others: Mapping[str, Story]) -> Words:
    costs = {name: figure for name, other in others.items() if (figure := other.get(f"discounted_money.{PLAN}"))}
    plan = story.get(f"discounted_money.{PLAN}")
    if not costs or plan is None:
        return ("The plan beside the scenarios asked for",)
    name = max(costs, key=lambda one: abs(costs[one].value - plan.value))
    return say(
        "{name} costs {cost} in all, against {plan} in the plan: the largest change",
        name=name,
        cost=costs[name],
        plan=plan,
    )
