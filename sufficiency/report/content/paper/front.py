"""The front of the paper: marks, the table of the meeting, and the summary."""

from __future__ import annotations

from sufficiency.report.content.beside import LABELS, OPTIONS, PREFERRED
from sufficiency.report.content.document import Content
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.finding import SMALL_CHANGE
from sufficiency.report.content.paper.facts import (
    budget_years,
    child,
    closes_the_gap,
    exhibit,
    near_years,
    over_budget,
    programme_figures,
    proof_in_words,
    proposed,
    waiting,
    with_end,
)
from sufficiency.report.content.paper.parts import TO_CONFIRM, Section, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.sureness import rules_missed
from sufficiency.report.content.words import Bare, Words, in_a_list, joined, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, listed, present_value

FRONT = (
    "Decision-maker",
    "Date of meeting",
    "Wards affected",
    "Portfolio holder",
    "Responsible director",
    "Key decision, and Forward Plan reference",
    "Exempt appendix",
    "Scrutiny committee, date",
    "Schools Forum, date",
)


def marks(story: Story) -> tuple[str, ...]:
    """What every reader has to know before the first number."""
    marks_made = []
    if story.summary.get("fictional"):
        marks_made.append("FICTIONAL DATA: this authority does not exist, and nobody lives in it.")
    if story.summary["status"] == "stopped":
        marks_made.append("The search was stopped early: the plan is not proven to be the cheapest.")
    if story.summary.get("clean_slate"):
        marks_made.append("Clean slate: every child is placed anew every year. A bound, not a plan to deliver.")
    return tuple(marks_made)


def front_rows() -> tuple[tuple[str, str], ...]:
    """The table of the front page, for the council to fill in."""
    return tuple((head, TO_CONFIRM) for head in FRONT)


def summary(content: Content) -> Section:
    """The executive summary."""
    story = content.story
    return Section(
        "Executive summary",
        some(
            content.finding,
            with_end(demand.finding) if (demand := exhibit(content, "demand")) else (),
            _gap(story),
            _budget(story),
            _deficit(story),
            _waits(story),
            _rules(story),
            _programme(story),
            (str(story.release["why"]),) if story.release else (),
            _options(content),
            *proof_in_words(story),
        ),
    )


def _gap(story: Story) -> Words:
    """Whether the plan brings spending within what there is: only where that is known."""
    closes = closes_the_gap(story)
    if closes is None and story.release:
        return ()
    if closes is None:
        return (
            "This report has no budget and no grant to set spending against, so it says what the plan costs and not "
            "whether there is the money for it.",
        )
    if closes:
        return ("On the figures given, the plan closes the gap in the last year for which budgets are known.",)
    return (
        "The plan does not close the gap. It reduces spending against existing commitments; what is left needs other "
        "decisions than where children are placed.",
    )


def _budget(story: Story) -> Words:
    near, years = near_years(story), budget_years(story)
    if not near:
        return ()
    over = {year: figure for year in near if (figure := over_budget(story, year)).value >= SMALL_CHANGE}
    if not over:
        listed_years = listed([academic_year(year) for year in near])
        first: Words = (f"Spending under the plan stays within all budgets together in {listed_years}.",)
    else:
        first = (
            "The likely overspend on all budget lines together is ",
            *in_a_list([_with_nothing(story, year, figure) for year, figure in over.items()]),
            ".",
        )
    return joined(first, _later(story, years[-1]) if years[-1] > near[-1] else ())


def _with_nothing(story: Story, year: int, over: Figure) -> Words:
    """What is spent above budget in a year, beside doing nothing more where that is above budget too."""
    nothing = over_budget(story, year, NOTHING_MORE)
    words = say(f"{{over}} in {academic_year(year)}", over=over)
    if nothing.value < SMALL_CHANGE:
        return words
    return (*words, *say(f" ({{nothing}} if we {DO_NOTHING_MORE})", nothing=nothing))


def _later(story: Story, year: int) -> Words:
    over = over_budget(story, year)
    unknown = "For later years the funding regime is not known; on the budgets given, "
    if over.value < SMALL_CHANGE:
        return (f"{unknown}spending is within them in {academic_year(year)}.",)
    return (unknown, *say(f"spending is {{over}} above them in {academic_year(year)}.", over=over))


def _deficit(story: Story) -> Words:
    year = story.balance_year
    plan, nothing = (story.get(f"deficit_balance.{year}.{of}") for of in (PLAN, NOTHING_MORE))
    if plan is None or nothing is None or plan.value > -SMALL_CHANGE:
        return ()
    known = story.get("stability_grant")
    before = ", before the High Needs Stability Grant" if known is not None and known.value >= SMALL_CHANGE else ""
    return say(
        f"The cumulative deficit of the Dedicated Schools Grant at 31 March {year + 1} is {{plan}} under the plan; "
        f"{{nothing}} if we {DO_NOTHING_MORE}{before}.",
        plan=Bare(plan),
        nothing=Bare(nothing) if nothing.value < 0 else nothing,
    )


def _waits(story: Story) -> Words:
    most = waiting(story)
    if most is None:
        return ()
    verb = "awaits" if most.text == "1" else "await"
    return say(
        f"In {academic_year(int(most.row['year']))}, {{most}} {child(most)} {verb} a place. Provision in a plan is "
        "owed at once (Children and Families Act 2014, section 42): nobody may wait to save money, and interim "
        "provision has to be arranged.",
        most=most,
    )


def _rules(story: Story) -> Words:
    missed = rules_missed(story)
    if not missed:
        return ()
    name, year = missed[0]
    more = " It is not the only one." if len(missed) > 1 else ""
    return (f"The plan misses a policy the council has set itself: {name}, first in {academic_year(year)}.{more}",)


def _programme(story: Story) -> Words:
    figures = programme_figures(story)
    if not figures:
        return ("The model has no options for new places, so the paper weighs none.",)
    options, places = story.get("programme_options"), story.get("programme_places")
    if not proposed(story) or options is None:
        return (
            "No option for new places helps on the figures given: each costs more than it saves, or a rule or the "
            "capital keeps it out. The plan places children differently in the places there are.",
        )
    many = "scheme" if options.text == "1" else "schemes"
    first = say(
        f"The proposed programme has {{options}} {many} with {{places}} places.", options=options, places=places
    )
    capital = story.get("programme_capital")
    cost = say("It takes {capital} of capital.", capital=capital) if capital and capital.value >= SMALL_CHANGE else ()
    saves = say(
        "Against leaving every scheme out it avoids {saves} of cost "
        f"({present_value(story.years[0])}), before capital.",
        saves=_positive(story, "programme_saves_money"),
    )
    return joined(first, cost, saves)


def _options(content: Content) -> Words:
    """Which options were weighed beside the preferred one, and which could not be planned."""
    if not content.weighed:
        return ()
    beside = [key for key in OPTIONS if key != PREFERRED]
    names = {key: _small(LABELS[key]) for key in beside}
    done = [names[key] for key in beside if key in content.options]
    lacking = [names[key] for key in beside if key not in content.options]
    words = f"Weighed beside the preferred option, in part three: {listed(done)}."
    if lacking:
        words += f" Not planned, for reasons given there: {listed(lacking)}."
    return (words,)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _positive(story: Story, name: str) -> Bare | None:
    figure = story.get(name)
    return Bare(figure) if figure is not None and figure.value >= SMALL_CHANGE else None
