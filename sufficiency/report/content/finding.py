"""What the plan finds: one sentence, five headline figures, and what more to say before the first chart."""

from __future__ import annotations

from sufficiency.report.content.exhibit import Headline
from sufficiency.report.content.figure import TODAY, Figure
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.words import Bare, Words, in_a_list, joined, say
from sufficiency.report.words import academic_year, present_value

ONE = 0.5
"""Children: fewer are none in whole numbers."""
SMALL_CHANGE = 500.0
"""£: less is nothing in round pounds."""


def finding(story: Story) -> Words:
    """One sentence that says what the plan finds, and no more than its certificate proves."""
    parts = [part for part in (_children(story), _avoided(story)) if part]
    money = _grant(story)
    start = "The best plan found so far: " if story.summary["status"] == "stopped" else ""
    if not (parts or money):
        parts = [_needed(story)]
    text = in_a_list(parts) if not money else in_a_list([*parts, money]) if _closes(story) else _but(parts, money)
    return _sentence((start, *text) if start else text)


def _sentence(words: Words) -> Words:
    first, *rest = words
    if isinstance(first, str):
        first = first[:1].upper() + first[1:]
    return (first, *rest, ".")


def _but(parts: list[Words], money: Words) -> Words:
    return (*in_a_list(parts), ", but " if parts else "", *money)


def _children(story: Story) -> Words:
    most = most_of(story, "awaiting.plan")
    if most is None or most.value < ONE:
        return () if story.release else ("every child has a place",)
    child = "child awaits" if most.text == "1" else "children await"
    year = academic_year(int(most.row["year"]))
    if len(story.years) == 1:
        return say(f"{{most}} {child} a place in {year}", most=most)
    return say(f"up to {{most}} {child} a place (in {year})", most=most)


def _needed(story: Story) -> Words:
    return say(
        f"{{children}} children need a specialist place in {academic_year(story.last)}",
        children=story.get(f"children.{PLAN}.{story.last}"),
    ) or ("a plan of places for children",)


def _avoided(story: Story) -> Words:
    avoided = story.get("cost_avoided")
    if avoided is None or abs(avoided.value) < SMALL_CHANGE:
        return ()
    if avoided.value < 0:
        return say("the plan costs {more} more than doing nothing more", more=Bare(avoided))
    return say("the plan avoids {avoided} of cost", avoided=avoided)


def _closes(story: Story) -> bool:
    in_year = story.get(f"deficit_in_year.{story.last}.{PLAN}")
    return in_year is not None and in_year.value > -SMALL_CHANGE


def _grant(story: Story) -> Words:
    in_year = story.get(f"deficit_in_year.{story.last}.{PLAN}")
    if in_year is None:
        return ()
    if _closes(story):
        return (f"the high needs grant covers the spending of {academic_year(story.last)}",)
    return say(
        f"high needs spending is still {{over}} above the grant in {academic_year(story.last)}", over=Bare(in_year)
    )


def headlines(story: Story) -> tuple[Headline, ...]:
    """Five figures, with what they would be if nothing more is done; those that a result has none of give way."""
    last, year = story.last, academic_year(story.last)
    balance = story.balance_year
    wanted = (
        _headline(story, f"Children in bought places, {year}", "bought", "independent and non-maintained schools"),
        _deficit(story, f"Grant less spending, {year}", "in_year", last, "high needs, in that year"),
        _deficit(
            story,
            f"DSG balance, 31 March {balance + 1}",
            "balance",
            balance,
            "carried forward; below 0 is a deficit",
        ),
        _spend(story, f"Spending from the grant, {year}", "dsg", "on the children of this plan"),
        _headline(story, f"Children awaiting a place, {year}", "awaiting", "with no place of any kind"),
        _headline(story, f"Children in state-funded places, {year}", "in_state_funded_places", "", less=False),
        _spend(story, f"Home to school transport, {year}", "general_fund", "General Fund, these children"),
        _headline(story, f"Average journey, {year}", "mean_minutes", "minutes, one way"),
    )
    return tuple(one for one in wanted if one is not None)[:5]


def _headline(story: Story, label: str, kind: str, note: str, *, less: bool = True) -> Headline | None:
    last = story.last
    plan = story.get(f"{kind}.{PLAN}.{last}")
    if plan is None:
        return None
    return Headline(label, plan, story.get(f"{kind}.{NOTHING_MORE}.{last}"), story.get(f"{kind}.{TODAY}"), note, less)


def _deficit(story: Story, label: str, column: str, year: int, note: str) -> Headline | None:
    plan = story.get(f"deficit_{column}.{year}.{PLAN}")
    if plan is None:
        return None
    return Headline(label, plan, story.get(f"deficit_{column}.{year}.{NOTHING_MORE}"), None, note, False)


def _spend(story: Story, label: str, fund: str, note: str) -> Headline | None:
    if fund == "dsg" and story.get(f"deficit_in_year.{story.last}.{PLAN}") is not None:
        return None
    plan = story.get(f"spend.{PLAN}.{story.last}.{fund}")
    if plan is None:
        return None
    return Headline(label, plan, story.get(f"spend.{NOTHING_MORE}.{story.last}.{fund}"), None, note, True)


def more_to_say(story: Story) -> tuple[Words, ...]:
    """What opens and for how much capital, where places are short, and of a release why its figures end as they do."""
    why = (str(story.release["why"]),) if story.release else ()
    return tuple(one for one in (joined(_opens(story), _pounds(story)), _short(story), why) if one)


def _opens(story: Story) -> Words:
    options, places = story.get("programme_options"), story.get("programme_places")
    if options is None or options.value < ONE:
        return ()
    many = "option" if options.text == "1" else "options"
    capital = story.get("programme_capital")
    if capital is None or capital.value < SMALL_CHANGE:
        return say(f"The plan opens {{options}} {many} with {{places}} places.", options=options, places=places)
    return say(
        f"The plan opens {{options}} {many} with {{places}} places, for {{capital}} of capital.",
        options=options,
        places=places,
        capital=capital,
    )


def _pounds(story: Story) -> Words:
    if story.get("cost_avoided") is None:
        return ()
    first = story.years[0]
    return (
        f"Cost avoided is against doing nothing more (existing commitments only), in {present_value(first)}, before "
        "capital.",
    )


def _short(story: Story) -> Words:
    most = most_of(story, "shortfall")
    if most is None or most.value < ONE:
        return () if story.release else ("Nobody is short of a state-funded place in any year.",)
    child = "child is" if most.text == "1" else "children are"
    where = story.register.of("gaps_shortfall")
    largest: Words = ()
    if where:
        gap = where[0]
        phase = story.label("phases", str(gap.row["phase"])).lower()
        largest = say(
            " The largest gap is in {locality}: {gap} children ({need}, {phase}, {year}).",
            locality=str(gap.row["locality"]),
            gap=gap,
            need=str(gap.row["need"]),
            phase=phase,
            year=academic_year(int(gap.row["year"])),
        )
    year = academic_year(int(most.row["year"]))
    words = say(
        f"{{most}} {child} short of a state-funded place in {year}, the most of any year: they wait, are above the "
        "places, or are bought one because none is free.",
        most=most,
    )
    return (*words, *largest)


def most_of(story: Story, kind: str) -> Figure | None:
    """The largest figure of a kind; None where there is none."""
    return max(story.register.of(kind), key=lambda one: one.value, default=None)
