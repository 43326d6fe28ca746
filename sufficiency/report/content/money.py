"""The money: the grant and what it pays for, the deficit, and budget lines; the plan beside doing nothing more."""

from __future__ import annotations

from collections.abc import Sequence

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.finding import SMALL_CHANGE
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story, year_heads
from sufficiency.report.content.unbudgeted import spent_without
from sufficiency.report.content.words import Bare, Words, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, listed

MOST_LINES = 8


def money(story: Story) -> Chapter:
    """The chapter on money; what rests on budgets is left out where none are given."""
    exhibits = [_grant(story), _deficit(story), _lines(story), _funds(story)]
    return Chapter("money", "The money", _least(story), tuple(one for one in exhibits if one is not None))


def _projected(story: Story, label: str, name: str, years: Sequence[int]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """A row of the plan and a row of doing nothing more; `name` has {year} and {of}."""
    plan, nothing = (tuple(story.get(name.format(year=year, of=of)) for year in years) for of in (PLAN, NOTHING_MORE))
    return (f"{label}: plan", *plan), (f"{label}: {DO_NOTHING_MORE}", *nothing)


def _grant(story: Story) -> Exhibit | None:
    years = story.years_with(f"deficit_in_year.{{year}}.{PLAN}")
    if not years:
        return None
    last = years[-1]
    in_year = {of: story.get(f"deficit_in_year.{last}.{of}") for of in (PLAN, NOTHING_MORE)}
    plan, nothing = in_year[PLAN], in_year[NOTHING_MORE]
    if plan is None or nothing is None:
        return None
    year = academic_year(last)
    if plan.value > -SMALL_CHANGE:
        finding = say(f"In {year} the grant covers high needs spending, with {{left}} to spare", left=plan)
    else:
        finding = say(
            f"High needs spending exceeds the grant by {{plan}} in {year}; by {{nothing}} if we {DO_NOTHING_MORE}",
            plan=Bare(plan),
            nothing=Bare(nothing),
        )
    rows = (
        ("Available from the grant", *(story.get(f"deficit_available.{one}.{PLAN}") for one in years)),
        *_projected(story, "Spent", "deficit_spend.{year}.{of}", years),
        *_projected(story, "In the year", "deficit_in_year.{year}.{of}", years),
    )
    return Exhibit(
        "grant",
        finding,
        "Dedicated Schools Grant for high needs: what is available and what is spent, other spending included. "
        "Financial years, cash.",
        ("", *year_heads(years)),
        rows,
        tuple(years),
    )


def _deficit(story: Story) -> Exhibit | None:
    shown = story.years_with(f"deficit_balance.{{year}}.{PLAN}")
    if not shown:
        return None
    last = shown[-1]
    plan, nothing = story.get(f"deficit_balance.{last}.{PLAN}"), story.get(f"deficit_balance.{last}.{NOTHING_MORE}")
    if plan is None or nothing is None:
        return None
    kind = "deficit" if plan.value < 0 else "balance"
    finding = say(
        f"The {kind} carried forward is {{plan}} at 31 March {last + 1}; {{nothing}} if we {DO_NOTHING_MORE}",
        plan=Bare(plan) if plan.value < 0 else plan,
        nothing=Bare(nothing) if nothing.value < 0 and plan.value < 0 else nothing,
    )
    rows: list[tuple[Cell, ...]] = []
    kinds = [("Carried forward", "balance")]
    if story.register.value("stability_grant") > 0:
        kinds.append(("With the stability grant", "balance_with_grant"))
    for label, column in kinds:
        for of, words in ((PLAN, "plan"), (NOTHING_MORE, DO_NOTHING_MORE)):
            cells = (story.get(f"deficit_{column}.{year}.{of}") for year in shown)
            rows.append((f"{label}: {words}", *cells))
    return Exhibit(
        "deficit",
        finding,
        "Balance of the Dedicated Schools Grant at the end of each financial year, cash.",
        ("", *(f"31 March {year + 1}" for year in shown)),
        tuple(rows),
        tuple(shown),
        tuple(_deficit_notes(story)),
    )


def _deficit_notes(story: Story) -> list[Words]:
    notes: list[Words] = []
    if story.last > LAST_YEAR_OF_OVERRIDE:
        notes.append(
            (
                "After 31 March 2028 the statutory override on deficits ends. Funding is not known, so no balance is "
                "shown.",
            )
        )
    if story.register.value("stability_grant") > 0:
        notes.append(
            say(
                "The High Needs Stability Grant ({grant}) requires an approved Local SEND Reform Plan. DfE decides "
                "what is eligible.",
                grant=story.get("stability_grant"),
            )
        )
    return notes


def _lines(story: Story) -> Exhibit | None:
    names: dict[str, str] = story.summary["finance"].get("budget_line_names", {})
    years = sorted({int(one.row["financial_year"]) for one in story.register.of("over_on_line")})
    if not years:
        return None
    first, last = years[0], years[-1]
    over = {line: story.get(f"over_on_line.{last}.{line}") for line in names}
    figures = {
        line: figure for line, figure in over.items() if figure is not None and abs(figure.value) >= SMALL_CHANGE
    }
    if not figures:
        return None
    largest = sorted(figures, key=lambda line: -figures[line].value)
    shown = sorted(largest, key=lambda line: -abs(figures[line].value))[:MOST_LINES]
    unbudgeted = spent_without(story.frame("overspend"), "budget", "spend")
    budgeted = [line for line in largest if line not in unbudgeted and figures[line].value > 0]
    top = (budgeted or largest)[0]
    year = academic_year(last)
    if figures[top].value > 0:
        finding = say(
            f"The largest overspend in {year} is {{over}}, on {{line}}{', which has no budget' * (top in unbudgeted)}",
            over=figures[top],
            line=_line_name(top, names),
        )
    else:
        finding = (f"No budget line is overspent in {year}",)
    shown_years = sorted({first, last})
    rows = tuple(
        (_line_name(line, names), *(story.get(f"over_on_line.{year}.{line}") for year in shown_years))
        for line in largest
        if line in shown
    )
    notes: list[Words] = []
    if unbudgeted:
        named = listed([_line_name(line, names) for line in unbudgeted])
        notes.append((f"No budget is given for: {named}. All of it counts as over.",))
    if len(figures) > len(shown):
        notes.append(("The lines furthest from their budget; overspend.csv has them all.",))
    return Exhibit(
        "lines",
        finding,
        "Section 251 lines: spending in the plan less budget. Below 0 is under budget. Financial years, cash.",
        ("", *year_heads(shown_years)),
        rows,
        tuple(shown_years),
        tuple(notes),
    )


def _line_name(line: str, names: dict[str, str]) -> str:
    name = names.get(line, "")
    return f"{line} {name}".strip() if line[:1].isdigit() else (name or line).capitalize()


FUNDS = (("dsg", "Dedicated Schools Grant, these places"), ("general_fund", "General Fund, journeys"))


def _funds(story: Story) -> Exhibit | None:
    rows: list[tuple[Cell, ...]] = []
    for fund, label in FUNDS:
        if any(story.get(f"spend.{PLAN}.{year}.{fund}") is not None for year in story.years):
            rows += _projected(story, label, f"spend.{{of}}.{{year}}.{fund}", story.years)
    plan, nothing = (story.get(f"spend.{of}.{story.last}.general_fund") for of in (PLAN, NOTHING_MORE))
    if not rows:
        return None
    year = academic_year(story.last)
    finding: Words = (f"What these places cost, to {year}",)
    if plan is not None and nothing is not None and nothing.value >= SMALL_CHANGE:
        finding = say(
            f"Journeys cost the General Fund {{plan}} in {year}; {{nothing}} if we {DO_NOTHING_MORE}",
            plan=plan,
            nothing=nothing,
        )
    return Exhibit(
        "funds",
        finding,
        "Spending that the plan decides, by fund. Financial years, cash.",
        ("", *year_heads(story.years)),
        tuple(rows),
        tuple(story.years),
    )


def _least(story: Story) -> tuple[Words, ...]:
    cheapest = story.summary["finance"].get("least_overspend")
    if not cheapest or not cheapest["proven"]:
        return ()
    lines = "the budget lines that placing children can change"
    least, of_plan = story.get("least_overspend"), story.get("overspend_same_lines")
    first, last = academic_year(story.years[0]), academic_year(story.last)
    if least is None or least.value < SMALL_CHANGE:
        return (say(f"Some plan keeps every budget of {lines}; this plan overspends by {{plan}}.", plan=of_plan),)
    return (
        say(
            f"No plan overspends by less than {{least}} on {lines}, {first} to {last} added up, unless more children "
            "wait. This plan overspends by {plan}. Placing children differently cannot remove the rest.",
            least=least,
            plan=of_plan,
        ),
    )
