"""What Cabinet is asked, and why: recommendations that never prejudge consultation, and their reasons."""

from __future__ import annotations

from sufficiency.report.content.document import Content
from sufficiency.report.content.finding import SMALL_CHANGE
from sufficiency.report.content.paper.facts import (
    child,
    grant_years,
    name_of,
    near_years,
    over_budget,
    programme_figures,
    proposed,
)
from sufficiency.report.content.paper.parts import TO_CONFIRM, Points, Section, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Bare, Words, in_a_list, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, listed, present_value


def recommendations(content: Content) -> Section:
    """What Cabinet is asked: to note, to agree in principle, to let officers consult. Never more than that."""
    story = content.story
    asks = [_note(story), *(_in_principle(story, option, year) for option, year in proposed(story))]
    if not proposed(story) and programme_figures(story):
        asks.append(("note that the appraisal found no scheme that lowers cost on the figures given",))
    if proposed(story):
        asks += [
            (
                "authorise officers to consult on these proposals and, where the statutory process requires them, to "
                "publish notices once the outcome of consultation has been considered",
            ),
            _capital(story),
            (
                "delegate to the Director of Children’s Services, with the portfolio holder and the Section 151 "
                "officer, the terms on which proposals are consulted on",
            ),
        ]
    if grant_years(story):
        asks.append(("refer the position of the high needs block to Schools Forum",))
    intro: Words = ("Cabinet is recommended, subject to the statements that officers have still to give, to:",)
    return Section("Recommendations", (intro, Points(tuple(one for one in asks if one), numbered=True)))


def _note(story: Story) -> Words:
    over = [(year, figure) for year in near_years(story) if (figure := over_budget(story, year)).value >= SMALL_CHANGE]
    if over:
        amounts = [say(f"{{over}} in {academic_year(year)}", over=figure) for year, figure in over]
        return ("note the likely overspend of ", *in_a_list(amounts), ", and where it falls")
    return ("note the position, and where spending falls",)


def _in_principle(story: Story, option: str, year: int) -> Words:
    end = f"{option}.{year}"
    capital = story.get(f"option_capital.{end}")
    cost = say(" at {capital} of capital", capital=capital) if capital and capital.value >= SMALL_CHANGE else ()
    return say(
        "agree in principle, subject to consultation and statutory process, {name}: {places} places proposed for "
        "{opens}{cost}",
        name=name_of(story, option),
        places=story.get(f"option_places.{end}"),
        opens=story.get(f"option_opens.{end}"),
        cost=cost,
    )


def _capital(story: Story) -> Words:
    ours, central = (story.get(f"programme_capital_by_payer.{payer}") for payer in ("ours", "central"))
    if ours is None or ours.value < SMALL_CHANGE:
        return ()
    paid: Words = ()
    if central is not None and central.value >= SMALL_CHANGE:
        paid = say("; a further {central} would be paid by central government", central=central)
    return say(
        f"note that these proposals would take {{ours}} of the council’s capital, funded by {TO_CONFIRM}, to be added "
        "to the capital programme once they are decided{paid}",
        ours=ours,
        paid=paid,
    )


def reasons(content: Content) -> Section:
    """Why this is recommended."""
    story = content.story
    why: list[Words] = [
        (
            "The council has to secure the provision in every education, health and care plan, keep its provision "
            "under review, and live within its means. This paper sets out the least costly way found to do so with the "
            "places and options given, and what it does to children and families.",
        ),
    ]
    avoided = story.get("cost_avoided")
    if avoided is not None and avoided.value >= SMALL_CHANGE:
        why.append(
            say(
                f"Against doing nothing more (existing commitments only) the plan avoids {{avoided}} of cost to "
                f"{academic_year(story.last)}, in {present_value(story.years[0])}.",
                avoided=avoided,
            )
        )
    elif avoided is not None and avoided.value <= -SMALL_CHANGE:
        why.append(
            say(
                f"The plan costs {{more}} more than doing nothing more to {academic_year(story.last)}, in "
                f"{present_value(story.years[0])}. What it is better at is set out under options and impact.",
                more=Bare(avoided),
            )
        )
    why += [_bought(story), _unproven(story)]
    return Section("Reasons for the recommendations", some(*why))


def _bought(story: Story) -> Words:
    plan, nothing = (story.get(f"bought.{of}.{story.last}") for of in (PLAN, NOTHING_MORE))
    if plan is None or nothing is None or plan.text == nothing.text:
        return ()
    return say(
        f"In {academic_year(story.last)}, {{plan}} {child(plan)} would be in independent and non-maintained schools; "
        f"{{nothing}} if we {DO_NOTHING_MORE}.",
        plan=plan,
        nothing=nothing,
    )


def _unproven(story: Story) -> Words:
    names = [name_of(story, option) for option, _ in proposed(story)]
    if not names or story.summary.get("appraisal") == "done":
        return ()
    if story.release:
        return (f"What each of {listed(names)} saves is not published.",)
    return (f"What each of {listed(names)} saves was not worked out for this plan.",)
