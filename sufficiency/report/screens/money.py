"""Money on the screen: funds, the grant, budget lines, the ledger; financial years, the plan and doing nothing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content import TODAY, Register
from sufficiency.report.content.unbudgeted import spent_without
from sufficiency.report.words import (
    DO_NOTHING_MORE,
    WIDTH,
    academic_year,
    columns_of,
    listed,
    row_of,
    sentences,
    table_of,
)

PROJECTIONS = (("plan", "plan"), ("unmitigated", DO_NOTHING_MORE))
MOST_LINES = 7
NOTHING_OVER = 500
"""£: less is nothing in round pounds."""


NOT_KNOWN = "unknown"


def money_at_a_glance(summary: dict[str, Any], register: Register) -> list[str]:
    """The plan beside doing nothing more: the grant in the year and carried forward, what is over budget, journeys.
    Where no budget is given, what is spent.
    """
    first, last = summary["years"]
    years = sorted({first, min(last, LAST_YEAR_OF_OVERRIDE), last})

    def row(words: str, name: Callable[[int, str], str], blank: str = "") -> tuple[str, list[str]]:
        cells = [register.text(name(year, of)) or blank for of, _ in PROJECTIONS for year in years]
        return words, cells

    def carried(words: str) -> tuple[str, list[str]]:
        cells = [
            register.text(f"deficit_balance.{year}.{of}") or (NOT_KNOWN if year > LAST_YEAR_OF_OVERRIDE else "")
            for of, _ in PROJECTIONS
            for year in years
        ]
        return words, cells

    rows = []
    if register.of("deficit_in_year"):
        rows.append(row("DSG in the year", lambda year, of: f"deficit_in_year.{year}.{of}"))
        rows += [carried("DSG carried forward")] if register.of("deficit_balance") else []
        rows.append(row("Over budget, gross", lambda year, of: f"overspend.{of}.{year}"))
    else:
        rows.append(row("DSG, these places", lambda year, of: f"spend.{of}.{year}.dsg", "£0"))
    rows.append(row("General Fund journeys", lambda year, of: f"spend.{of}.{year}.general_fund", "£0"))
    half = 9 * len(years)
    label = WIDTH - 2 * half
    heads = "".join(f"{academic_year(year):>9}" for year in years)
    lines = [
        f"{'Money in cash':<{label}}" + columns_of(("plan", DO_NOTHING_MORE), half),
        f"{'  financial years':<{label}}{heads}{heads}",
    ]
    return lines + [line for words, cells in rows for line in row_of(words, [columns_of(cells, 9)], label)]


def money_blocks(summary: dict[str, Any], register: Register, frames: dict[str, pd.DataFrame]) -> list[list[str]]:
    """The blocks of the screen on money. Budgets are spoken of only where all spending is known."""
    first, last = summary["years"]
    years = list(dict.fromkeys([first, (first + last) // 2, last]))
    blocks = [_funds(register, years)]
    if "deficit" in summary["finance"]:
        lines = _lines(summary["finance"], register, _budget_years(register, first, last))
        lines += _without_budget(frames["overspend"])
        lines += _beside_bought(summary, frames["spend_financial"])
        blocks += [_grant(register, _grant_years(register, first, last)), lines]
        blocks += [_least(summary["finance"], register, first, last)]
    return [*blocks, _ledger(summary, register, frames["reconciliation"]), _monitoring(register)]


def _funds(register: Register, years: list[int]) -> list[str]:
    rows = []
    for fund, words in (("dsg", "DSG, these places"), ("general_fund", "General Fund, journeys")):
        for projection, name in PROJECTIONS:
            cells = [register.text(f"spend.{projection}.{year}.{fund}") or "£0" for year in years]
            rows.append((f"{words}: {name}", cells))
    return table_of("Money, financial years, in cash", years, rows)


def _budget_years(register: Register, first: int, last: int) -> list[int]:
    """The first, middle and last of the years that have budgets."""
    known = [year for year in range(first, last + 1) if f"overspend.plan.{year}" in register]
    return sorted({known[0], known[(len(known) - 1) // 2], known[-1]}) if known else []


def _without_budget(overspend: pd.DataFrame) -> list[str]:
    lines = spent_without(overspend, "budget", "spend")
    return sentences(f"No budget is given for {listed(lines)}: all of it counts as over.", indent=2) if lines else []


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
    if any(one.value >= NOTHING_OVER for one in register.of("deficit_interest")):
        rows += [
            row("interest, General Fund: plan", "interest"),
            row(f"  {DO_NOTHING_MORE}", "interest", "unmitigated"),
        ]
    block = table_of("DSG for high needs, financial years", years, rows)
    if any(year > LAST_YEAR_OF_OVERRIDE for year in years):
        block += sentences(
            "After 31 March 2028 in the year only: funding after the statutory override is not known.", indent=2
        )
    if granted:
        grant = register.text("stability_grant")
        block += sentences(
            f"The grant ({grant}) requires an approved Local SEND Reform Plan. DfE decides what is eligible.", indent=2
        )
    return block


def _lines(over: dict[str, Any], register: Register, years: list[int]) -> list[str]:
    names = over["budget_line_names"]
    ids = {line: [f"over_on_line.{year}.{line}" for year in years] for line in names}
    largest = sorted(names, key=lambda line: max((abs(register.value(one)) for one in ids[line]), default=0.0))
    largest = largest[-MOST_LINES:]
    rows = [
        (f"{line} {names[line]}", [register.text(one) or "£0" for one in ids[line]])
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


def _beside_bought(summary: dict[str, Any], spent: pd.DataFrame) -> list[str]:
    """That a line pays both for bought places and for specialist post-16, whose children are not called bought."""
    of_type = spent[spent["pounds"] > 0].groupby("type")["budget_line"].agg(set)
    also = "specialist_post_16"
    lines = of_type.get("independent", set()) & of_type.get(also, set()) - {"transport"}
    kind = summary["labels"]["types"].get(also, also)
    return [
        line
        for name in sorted(lines)
        for line in sentences(f"{name} also pays for children in: {kind}. They are not counted as bought.", indent=2)
    ]


def _least(finance: dict[str, Any], register: Register, first: int, last: int) -> list[str]:
    if "least_overspend" not in finance:
        return []
    least = finance["least_overspend"]
    if least is None or not least["proven"]:
        return ["The least overspend is not known: there was no time to find it."]
    lines = f"the {len(least['lines'])} lines that placing children can change"
    named = f"{', '.join(least['lines'])}; each is in measures.csv, least_overspend"
    of_plan = register.text("overspend_same_lines")
    if register.value("least_overspend") < NOTHING_OVER:
        return sentences(
            f"Some plan keeps every budget of {lines}; this plan overspends by {of_plan} on them ({named})."
        )
    return sentences(
        f"Least overspend of any plan on {lines}, in cash, {academic_year(first)} to {academic_year(last)} added up, "
        f"nobody more waiting: {register.text('least_overspend')} gross. This plan: {of_plan} on the same lines "
        f"({named}). Placing children differently cannot remove the rest."
    )


def _monitoring(register: Register) -> list[str]:
    """The plan beside budget monitoring, line by line, in the first year that it speaks of."""
    forecasts = register.of("monitoring_forecast")
    if not forecasts:
        return []
    year = min(int(one.row["financial_year"]) for one in forecasts)
    lines = [str(one.row["budget_line"]) for one in forecasts if one.row["financial_year"] == year]
    widths = (12, 12, 12)
    label = WIDTH - sum(widths)
    shown = [f"{f'Against budget monitoring, {academic_year(year)}':<{label}}"]
    shown[0] += columns_of(("monitoring", "plan", "difference"), widths)
    for line in lines:
        cells = [register.text(f"monitoring_{name}.{year}.{line}") for name in ("forecast", "plan", "difference")]
        shown += row_of(line, [columns_of(cells, widths)], label)
    return shown


def _ledger(summary: dict[str, Any], register: Register, reconciliation: pd.DataFrame) -> list[str]:
    if f"ledger.{TODAY}" not in register:
        return []
    share = register.value(f"ledger_difference_share.{TODAY}")
    lines = sentences(
        f"Base year {academic_year(summary['base_year'])} against the ledger: "
        f"{register.text(f'ledger_modelled.{TODAY}')} modelled, {register.text(f'ledger.{TODAY}')} in the ledger "
        f"({share:+.1%})."
    )
    far = register.of("reconciliation_difference")
    if far:
        named = [f"{one.row['budget_line']} {one.text}" for one in far[:6]]
        tolerance = summary["finance"]["reconciliation"]["tolerance"]
        lines += sentences(f"More than {tolerance:.0%} apart: {listed(named)} (reconciliation.csv).", indent=2)
    missing = spent_without(reconciliation, "ledger", "model")
    if missing:
        lines += sentences(f"The ledger has nothing on {listed(missing)}.", indent=2)
    return lines
