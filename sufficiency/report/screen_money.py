"""Money on the screen: funds, the grant, budget lines, the ledger; financial years, the plan and doing nothing more."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from sufficiency.report.screen_words import DO_NOTHING_MORE, academic_year, millions, table_of

PROJECTIONS = (("plan", "plan"), ("unmitigated", DO_NOTHING_MORE))
MOST_LINES = 7
NOTHING_OVER = 500
"""£: less is nothing in round pounds."""


def money_blocks(summary: dict[str, Any]) -> list[list[str]]:
    """The blocks of the screen on money. Budgets are spoken of only where all spending is known."""
    told = summary["finance"]
    first, last = summary["years"]
    years = list(dict.fromkeys([first, (first + last) // 2, last]))
    blocks = [_funds(told, years)]
    if "deficit" in told:
        blocks += [_grant(told, years), _lines(told, years), _least(told, first, last)]
    return [*blocks, _ledger(told, summary["base_year"])]


def _funds(told: dict[str, Any], years: list[int]) -> list[str]:
    spend = told["spend_financial"]
    rows = []
    for fund, words in (("dsg", "DSG, these places"), ("general_fund", "General Fund, journeys")):
        for projection, name in PROJECTIONS:
            pounds = [spend[projection].get(str(year), {}).get(fund, 0.0) for year in years]
            rows.append((f"{words}: {name}", [millions(amount) for amount in pounds]))
    return table_of("Money, financial years, in cash", years, rows)


def _grant(told: dict[str, Any], years: list[int]) -> list[str]:
    years = [year for year in years if str(year) in told["deficit"]["plan"]]
    plan, nothing_more = told["deficit"]["plan"], told["deficit"]["unmitigated"]

    def row(words: str, figures: dict[str, Any], key: str) -> tuple[str, list[str]]:
        cells = [figures[str(year)][key] for year in years]
        return words, ["" if cell is None else millions(cell) for cell in cells]

    rows = [
        row("available", plan, "available"),
        row("spent, with other spending: plan", plan, "spend"),
        row(f"  {DO_NOTHING_MORE}", nothing_more, "spend"),
        row("in the year: plan", plan, "in_year"),
        row(f"  {DO_NOTHING_MORE}", nothing_more, "in_year"),
    ]
    if told["deficit"]["plan"][str(years[0])]["balance"] is not None:
        rows += [row("carried forward: plan", plan, "balance"), row(f"  {DO_NOTHING_MORE}", nothing_more, "balance")]
    if told["stability_grant"]:
        share = told["stability_grant_share"]
        rows += [
            row(f"with the {share:.0%} grant: plan", plan, "balance_with_grant"),
            row(f"  {DO_NOTHING_MORE}", nothing_more, "balance_with_grant"),
        ]
    block = table_of("DSG for high needs, financial years", years, rows)
    if told["stability_grant"]:
        grant = millions(told["stability_grant"])
        block.append(f"  The grant ({grant}) takes an approved Local SEND Reform Plan; what is eligible is for DfE.")
    return block


def _lines(told: dict[str, Any], years: list[int]) -> list[str]:
    over, names = told["overspend"], told["budget_line_names"]
    years = [year for year in years if str(year) in over["plan"]]
    cells = {line: [over["plan"][str(year)]["lines"].get(line, 0.0) for year in years] for line in names}
    largest = sorted(names, key=lambda line: max(abs(cell) for cell in cells[line]))[-MOST_LINES:]
    rows = [
        (shorten(f"{line} {names[line]}", 44, placeholder="…"), [millions(cell) for cell in cells[line]])
        for line in names
        if line in largest
    ]
    if len(names) > len(largest):
        rest = [sum(cells[line][place] for line in names if line not in largest) for place in range(len(years))]
        rows.append((f"{len(names) - len(largest)} other lines", [millions(cell) for cell in rest]))
    for projection, name in PROJECTIONS:
        total = [over[projection][str(year)]["over"] for year in years]
        rows.append((f"All overspends: {name}", [millions(cell) for cell in total]))
    return table_of("Over budget (− under), plan", years, rows)


def _least(told: dict[str, Any], first: int, last: int) -> list[str]:
    if "least_overspend" not in told:
        return []
    least = told["least_overspend"]
    if least is None or not least["proven"]:
        return ["The least overspend is not known: there was no time to find it."]
    if least["pounds"] < NOTHING_OVER:
        return [f"Some plan keeps every budget; this plan overspends by {millions(least['plan'])} in all."]
    period = f"{academic_year(first)} to {academic_year(last)}"
    return [
        f"Least overspend of any plan, {period}, nobody more waiting: {millions(least['pounds'])}",
        f"  (this plan {millions(least['plan'])} on the same lines). What is left, placing children cannot mend.",
    ]


def _ledger(told: dict[str, Any], base_year: int) -> list[str]:
    ledger = told.get("reconciliation")
    if ledger is None:
        return []
    share = ledger["difference"] / ledger["ledger"] if ledger["ledger"] else 0.0
    lines = [
        f"Base year {academic_year(base_year)} against the ledger: {millions(ledger['model'])} modelled, "
        f"{millions(ledger['ledger'])} in the ledger ({share:+.1%})."
    ]
    if ledger["too_far"]:
        far = [f"{line} {millions(pounds)}" for line, pounds in list(ledger["too_far"].items())[:6]]
        lines.append(f"  Warning: more than {ledger['tolerance']:.0%} apart: {', '.join(far)} (reconciliation.csv)")
    return lines
