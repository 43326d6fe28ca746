"""Money on the screen: funds, the grant, budget lines, the ledger; financial years, the plan and doing nothing more."""

from __future__ import annotations

from textwrap import shorten, wrap
from typing import Any

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content import TODAY, Register
from sufficiency.report.words import DO_NOTHING_MORE, WIDTH, academic_year, table_of

PROJECTIONS = (("plan", "plan"), ("unmitigated", DO_NOTHING_MORE))
MOST_LINES = 7
NOTHING_OVER = 500
"""£: less is nothing in round pounds."""


def money_blocks(summary: dict[str, Any], register: Register) -> list[list[str]]:
    """The blocks of the screen on money. Budgets are spoken of only where all spending is known."""
    first, last = summary["years"]
    years = list(dict.fromkeys([first, (first + last) // 2, last]))
    blocks = [_funds(register, years)]
    if "deficit" in summary["finance"]:
        over = _with_figures(register, "overspend.plan", years)
        blocks += [_grant(register, _grant_years(register, first, last)), _lines(summary["finance"], register, over)]
        blocks += [_least(summary["finance"], register, first, last)]
    return [*blocks, _ledger(summary, register)]


def _funds(register: Register, years: list[int]) -> list[str]:
    rows = []
    for fund, words in (("dsg", "DSG, these places"), ("general_fund", "General Fund, journeys")):
        for projection, name in PROJECTIONS:
            cells = [register.text(f"spend.{projection}.{year}.{fund}") or "£0" for year in years]
            rows.append((f"{words}: {name}", cells))
    return table_of("Money, financial years, in cash", years, rows)


def _with_figures(register: Register, kind: str, years: list[int]) -> list[int]:
    return [year for year in years if f"{kind}.{year}" in register]


def _grant_years(register: Register, first: int, last: int) -> list[int]:
    """The first, middle and last year, and the last in which what is carried forward can be said."""
    years = {first, (first + last) // 2, last, min(last, LAST_YEAR_OF_OVERRIDE)}
    return sorted(year for year in years if f"deficit_in_year.{year}.plan" in register)


def _grant(register: Register, years: list[int]) -> list[str]:
    def row(words: str, kind: str, projection: str = "plan") -> tuple[str, list[str]]:
        return words, [register.text(f"deficit_{kind}.{year}.{projection}") for year in years]

    rows = [
        row("available", "available"),
        row("spent, with other spending: plan", "spend"),
        row(f"  {DO_NOTHING_MORE}", "spend", "unmitigated"),
        row("in the year: plan", "in_year"),
        row(f"  {DO_NOTHING_MORE}", "in_year", "unmitigated"),
    ]
    if register.of("deficit_balance"):
        rows += [row("carried forward: plan", "balance"), row(f"  {DO_NOTHING_MORE}", "balance", "unmitigated")]
    granted = register.value("stability_grant") > 0
    if granted:
        share = register.text("stability_grant_share").removesuffix(".0%").removesuffix("%")
        rows += [
            row(f"with the {share}% grant: plan", "balance_with_grant"),
            row(f"  {DO_NOTHING_MORE}", "balance_with_grant", "unmitigated"),
        ]
    block = table_of("DSG for high needs, financial years", years, rows)
    if any(year > LAST_YEAR_OF_OVERRIDE for year in years):
        block.append("  After 31 March 2028 in the year only: funding after the statutory override is not known.")
    if granted:
        grant = register.text("stability_grant")
        block.append(f"  The grant ({grant}) takes an approved Local SEND Reform Plan; what is eligible is for DfE.")
    return block


def _lines(told: dict[str, Any], register: Register, years: list[int]) -> list[str]:
    names = told["budget_line_names"]
    ids = {line: [f"over_on_line.{year}.{line}" for year in years] for line in names}
    largest = sorted(names, key=lambda line: max((abs(register.value(one)) for one in ids[line]), default=0.0))
    largest = largest[-MOST_LINES:]
    rows = [
        (shorten(f"{line} {names[line]}", 44, placeholder="…"), [register.text(one) or "£0" for one in ids[line]])
        for line in names
        if line in largest
    ]
    if len(names) > len(largest):
        rows.append((f"and {len(names) - len(largest)} other lines: overspend.csv", [""] * len(years)))
    for kind, words in (
        ("overspend", "Lines over, added up (gross)"),
        ("overspend_net", "All lines, over less under (net)"),
    ):
        for projection, label in (("plan", f"{words}: plan"), ("unmitigated", f"  {DO_NOTHING_MORE}")):
            rows.append((label, [register.text(f"{kind}.{projection}.{year}") for year in years]))
    return table_of("Over budget (− under), plan", years, rows)


def _least(told: dict[str, Any], register: Register, first: int, last: int) -> list[str]:
    if "least_overspend" not in told:
        return []
    least = told["least_overspend"]
    if least is None or not least["proven"]:
        return ["The least overspend is not known: there was no time to find it."]
    lines = f"the {len(least['lines'])} lines that placing children can change"
    named = f"{', '.join(least['lines'])}; each is in measures.csv, least_overspend"
    of_plan = register.text("overspend_same_lines")
    if register.value("least_overspend") < NOTHING_OVER:
        text = f"Some plan keeps every budget of {lines}; this plan overspends by {of_plan} on them ({named})."
        return wrap(text, WIDTH, subsequent_indent="  ")
    text = (
        f"Least overspend of any plan, {academic_year(first)} to {academic_year(last)}, nobody more waiting, on "
        f"{lines}: {register.text('least_overspend')} gross; this plan {of_plan} on the same lines ({named}). "
        "Placing children differently cannot remove the rest."
    )
    return wrap(text, WIDTH, subsequent_indent="  ")


def _ledger(summary: dict[str, Any], register: Register) -> list[str]:
    if f"ledger.{TODAY}" not in register:
        return []
    share = register.value(f"ledger_difference_share.{TODAY}")
    lines = [
        f"Base year {academic_year(summary['base_year'])} against the ledger: "
        f"{register.text(f'ledger_modelled.{TODAY}')} modelled, {register.text(f'ledger.{TODAY}')} in the ledger "
        f"({share:+.1%})."
    ]
    far = register.of("reconciliation_difference")
    if far:
        told = ", ".join(f"{one.row['budget_line']} {one.text}" for one in far[:6])
        tolerance = summary["finance"]["reconciliation"]["tolerance"]
        lines.append(f"  Warning: more than {tolerance:.0%} apart: {told} (reconciliation.csv)")
    return lines
