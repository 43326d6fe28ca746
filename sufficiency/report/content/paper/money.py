"""Parts one and two of the paper: what is likely to be spent above the budget, and on what."""

from __future__ import annotations

from dataclasses import replace

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content.document import Content
from sufficiency.report.content.evidence import OTHER_PLACEMENTS, PROGRAMME
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import TODAY, Figure
from sufficiency.report.content.finding import SMALL_CHANGE
from sufficiency.report.content.paper.facts import (
    budget_years,
    exhibit,
    grant_years,
    near_years,
    over_budget,
    sentences_of,
)
from sufficiency.report.content.paper.parts import Block, Lines, Section, Step, Waterfall, some
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story, year_heads
from sufficiency.report.content.words import Bare, Words, in_a_list, say
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, listed, present_value


def likely_overspend(content: Content) -> Section:
    """Part one. Without budgets nothing is said of them."""
    story = content.story
    known = bool(budget_years(story))
    parts = (
        Section("This year", some(*_this_year(story))),
        Section("The high needs grant", some(*_grant(content))),
        Section("From doing nothing more to the budget" if known else "What the plan saves", some(*_bridge(content))),
        Section("What placing children can change", some(*sentences_of(content, "money"))),
        Section("With fewer and with more children", some(*_range(content))),
    )
    title = "Part one: the likely overspend" if known else "Part one: likely spending"
    return Section(title, some(*_years_ahead(story)), tuple(one for one in parts if one.blocks))


def _years_ahead(story: Story) -> tuple[Block | None, ...]:
    years = budget_years(story)
    if not years and story.release:
        return (("Budgets are not set out in what is published.",),)
    if not years:
        return (
            (
                "The model has no budget table, so nothing is said of budgets. The tables below show what the places "
                "and journeys of this plan cost.",
            ),
        )
    label = {PLAN: "The plan", "unmitigated": DO_NOTHING_MORE.capitalize()}
    rows = tuple(
        (words, *(story.get(f"overspend_net.{of}.{year}") for year in years)) for of, words in reversed(label.items())
    )
    over = over_budget(story, years[0])
    way = "above" if over.value > 0 else "below"
    finding = say(f"In {academic_year(years[0])} the plan spends {{over}} {way} all budgets together", over=Bare(over))
    table = Exhibit(
        "over-budget",
        finding,
        "All budget lines together: spending less budget, under less over. Below zero is under budget. Financial "
        "years, cash.",
        ("", *year_heads(years)),
        rows,
        tuple(years),
    )
    return (Lines(table) if len(years) > 1 else table,)


def _this_year(story: Story) -> tuple[Block | None, ...]:
    year = academic_year(story.base_year)
    if story.release:
        return (("What budget monitoring expects is not published.",),)
    if story.frame("monitoring") is None or not story.register.of("monitoring_difference"):
        return (
            (
                f"The model has no monitoring forecast of the council for {year} or later, so the plan is not set "
                "beside one.",
            ),
        )
    lines = [one.row for one in story.register.of("monitoring_difference")]
    rows: list[tuple[Cell, ...]] = []
    names: dict[str, str] = story.summary["finance"].get("budget_line_names", {})
    for row in lines:
        end = f"{row['financial_year']}.{row['budget_line']}"
        line = str(row["budget_line"])
        rows.append(
            (
                f"{line} {names.get(line, '')}".strip(),
                academic_year(int(row["financial_year"])),
                *(story.get(f"monitoring_{column}.{end}") for column in ("forecast", "plan", "difference")),
            )
        )
    return (
        Exhibit(
            "monitoring",
            ("The plan beside the council’s monitoring forecast",),
            "Financial year, cash. Difference: the plan less the forecast.",
            ("Budget line", "Year", "Forecast", "The plan", "Difference"),
            tuple(rows),
        ),
    )


def _grant(content: Content) -> tuple[Block | None, ...]:
    story = content.story
    if not grant_years(story):
        return (exhibit(content, "funds"),)
    later: Words = ()
    if story.last > LAST_YEAR_OF_OVERRIDE:
        later = (
            "Up to 31 March 2028 deficits are carried forward under the statutory override. For later years only what "
            "each year adds is shown: the funding regime is not known.",
        )
    return (exhibit(content, "grant"), exhibit(content, "deficit"), later, exhibit(content, "funds"))


def _bridge(content: Content) -> tuple[Block | None, ...]:
    story = content.story
    return (_waterfall(content), _avoided(story), _in_order(story), _cashable(story))


def _waterfall(content: Content) -> Waterfall | None:
    """All years added up, on the lines that placing children can change: from doing nothing more, by the plan and by
    the best any plan could do, to the budget.
    """
    story = content.story
    cheapest = story.summary["finance"].get("least_overspend")
    names = ("overspend_same_lines_nothing_more", "overspend_avoided", "overspend_same_lines", "overspend_beyond_least")
    nothing, avoided, plan, beyond = (story.get(name) for name in names)
    least = story.get("least_overspend")
    if not cheapest or not cheapest["proven"] or nothing is None or avoided is None or plan is None or least is None:
        return None
    if beyond is None or avoided.value < 0:
        return None
    placed, programme = (content.workings.get("step", item) for item in (OTHER_PLACEMENTS, PROGRAMME))
    steps: tuple[tuple[str, Figure, Step], ...] = (("The plan takes off", avoided, Step.LESS),)
    if placed is not None and programme is not None and placed.value >= 0 and programme.value >= 0:
        steps = (
            ("Other placements in what is committed", placed, Step.LESS),
            ("The programme, and other proposals", programme, Step.LESS),
        )
    bars = (
        ("Do nothing more: what is there or committed", nothing, Step.TOTAL),
        *steps,
        ("The plan", plan, Step.TOTAL),
        ("Towards the least overspend: a plan for the budget alone takes off a further", beyond, Step.LESS),
        ("What is left, wherever children are placed", least, Step.TOTAL),
    )
    first, last = academic_year(story.years[0]), academic_year(story.last)
    return Waterfall(
        bars,
        Exhibit(
            "waterfall",
            say("Placing children differently cannot remove {least} of the overspend", least=least),
            f"Budget lines that placing children can change: what is spent above budget, {first} to {last} added up, "
            "cash. The budget is the line at zero. The order is stated because each step takes off what those above it "
            "leave.",
            ("", "Above budget"),
            tuple((label, figure) for label, figure, _ in bars),
        ),
    )


def _avoided(story: Story) -> Words:
    avoided = story.get("cost_avoided")
    if avoided is None or avoided.value < SMALL_CHANGE:
        return ()
    return say(
        f"Cost avoided is {{avoided}} to {academic_year(story.last)}, in {present_value(story.years[0])}. It is "
        "measured against existing commitments only: money that would otherwise be spent, and not money that budgets "
        "can be cut by.",
        avoided=avoided,
    )


def _in_order(story: Story) -> Exhibit | None:
    """The cost avoided, one measure after another, in the order to commission."""
    total, placed = story.get("cost_avoided"), story.get("placements_save_money")
    order = [row for row in (story.summary.get("programme") or {}).get("appraisal", []) if row["part"] > 0]
    order.sort(key=lambda row: row.get("order") or 999)
    rows: list[tuple[Cell, ...]] = [("Placing children differently in the places there are", placed)]
    rows += [
        (str(row["name"] or row["option"]), story.get(f"options_appraisal_saves_in_order_money.{row['option']}"))
        for row in order
    ]
    if total is None or placed is None or not order or any(cell is None for _, cell in rows):
        return None
    return Exhibit(
        "bridge",
        say("What makes up the {total} of cost avoided", total=total),
        f"Money, {present_value(story.years[0])}, before capital. The order is stated because each measure saves what "
        "is left by those above it: first other placements, then schemes in the order to commission them.",
        ("Measure", "Cost avoided"),
        (*rows, ("All together", total)),
    )


def _cashable(story: Story) -> Words:
    under = [
        (year, figure) for year in near_years(story) if (figure := over_budget(story, year)).value <= -SMALL_CHANGE
    ]
    if not budget_years(story):
        return ()
    if under:
        amounts = [say(f"{{under}} in {academic_year(year)}", under=Bare(figure)) for year, figure in under]
        return ("Cashable saving, by which spending falls below all budgets together: ", *in_a_list(amounts), ".")
    years = listed([academic_year(year) for year in near_years(story)])
    return (f"There is no cashable saving in {years}: spending does not fall below the budget.",)


def _range(content: Content) -> tuple[Block | None, ...]:
    found = exhibit(content, "range")
    if content.story.release:
        return (
            (
                "Every figure is for the central forecast of children. The plan with fewer and with more children is "
                "not published.",
            ),
        )
    if found is None:
        return (
            (
                "Every figure is for the central forecast of children. This result has no plan with few and with many "
                "children, so no range is given.",
            ),
        )
    years = {academic_year(year) for year in (*near_years(content.story), content.story.last)}
    rows = [row for row in found.rows if row[1] in years or row[1] == ""]
    order = list(dict.fromkeys(row[0] for row in rows))
    return (replace(found, rows=tuple(sorted(rows, key=lambda row: order.index(row[0])))),)


def which_areas(content: Content) -> Section:
    """Part two: budget lines, then localities and needs."""
    story = content.story
    known = bool(budget_years(story))
    lines = exhibit(content, "lines")
    parts = (
        Section("Budget lines", some(lines)),
        Section("Localities", some(_by(story, "spend_in_locality", "localities", "Locality"))),
        Section("Needs", some(_by(story, "spend_on_need", "needs", "Primary need"))),
    )
    blocks: tuple[Block, ...] = ()
    if story.release:
        blocks = (("Spending by locality and by need is not published.",),)
    elif not story.register.of("spend_in_locality"):
        blocks = (
            (
                "This result has no spending by locality and need (spend_by_area.csv, spend_by_need.csv), so it is not "
                "shown: plan again.",
            ),
        )
    title = "Part two: which areas overspend" if known else "Part two: where the money goes"
    return Section(title, blocks, tuple(one for one in parts if one.blocks))


def _by(story: Story, measure: str, what: str, head: str) -> Exhibit | None:
    """Spending on the children of each locality or need, now and in the last year."""
    plan = story.register.of(f"{measure}.{PLAN}.{story.last}")
    if not plan:
        return None
    rows: list[tuple[Cell, ...]] = []
    for figure in sorted(plan, key=lambda one: -one.value):
        item = str(figure.row["item"])
        label = story.label("needs", item) if what == "needs" else item
        rows.append(
            (
                label,
                story.get(f"{measure}.{TODAY}.{item}"),
                figure,
                story.get(f"{measure}.{NOTHING_MORE}.{story.last}.{item}"),
            )
        )
    first, last = academic_year(story.base_year), academic_year(story.last)
    top = max(plan, key=lambda one: one.value)
    name = story.label("needs", str(top.row["item"])) if what == "needs" else str(top.row["item"])
    return Exhibit(
        f"by-{what}",
        say(f"Most is spent on {{name}}: {{top}} in {last}", name=name, top=top),
        "Spending on the children of each, all funds but capital. Academic years, cash. Money that belongs to no "
        "child, such as for empty places, is left out. Budgets are not set by these, so none is shown.",
        (head, first, f"{last}, the plan", f"{last}, {DO_NOTHING_MORE}"),
        tuple(rows),
    )
