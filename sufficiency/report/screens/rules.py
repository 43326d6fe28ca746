"""Policy rules in plain words: which are missed, and what those that are kept cost."""

from __future__ import annotations

from typing import Any

from sufficiency.plan.explain.rule_prices import MISSED
from sufficiency.report.words import academic_year, millions, sentences

MOST_MISSED = 2
COSTS = 50.0
"""£: a rule whose price is below this in every year is kept at no cost."""


def rules_in_words(rules: list[dict[str, Any]], *, proven: bool = True) -> list[str]:
    """Lines for the screen: every rule missed or binding, the others by name; nothing where there are no rules. What
    rules cost is known only of a `proven` plan.
    """
    if not rules:
        return []
    lines, free = [], []
    for rule in rules:
        missed = _years_missed(rule)
        costly = [year for year in rule["years"] if proven and year["pounds"] >= COSTS and year not in missed]
        if missed:
            lines.append(_missed(rule, missed))
        if costly:
            lines.append(_costly(rule, costly))
        if not missed and not costly:
            free.append(rule["rule"])
    if free:
        lines.append(f"{'Kept at no cost' if proven else 'Kept, at what cost is not known'}: {'; '.join(free)}")
    return ["Policy rules", *sentences(*lines, indent=2)]


def rules_at_a_glance(rules: list[dict[str, Any]]) -> list[str]:
    """The rules missed, else that all are kept; nothing where there are none."""
    if not rules:
        return []
    missed = missed_in_words(rules)
    if not missed:
        return ["The policy rule is kept." if len(rules) == 1 else f"All {len(rules)} policy rules are kept."]
    more = [f"{len(missed) - MOST_MISSED} more: --detail"] if len(missed) > MOST_MISSED else []
    return [f"Policy rules missed: {len(missed)} of {len(rules)}", *sentences(*missed[:MOST_MISSED], *more, indent=2)]


def missed_in_words(rules: list[dict[str, Any]]) -> list[str]:
    """A sentence for each rule that is missed."""
    return [_missed(rule, missed) for rule in rules if (missed := _years_missed(rule))]


def _years_missed(rule: dict[str, Any]) -> list[dict[str, Any]]:
    return [year for year in rule["years"] if year["missed"] >= MISSED]


def _missed(rule: dict[str, Any], years: list[dict[str, Any]]) -> str:
    worst = max(years, key=lambda year: year["missed"])
    asked = "at least" if rule["floor"] else "at most"
    most = f", most in {academic_year(worst['year'])}" if len(years) > 1 else ""
    return (
        f"{rule['rule']}: missed in {_years(years)}{most} "
        f"({_amount(worst['value'], rule)}; {asked} {_amount(worst['limit'], rule)} asked)"
    )


def _costly(rule: dict[str, Any], years: list[dict[str, Any]]) -> str:
    highest = max(years, key=lambda year: year["pounds"])
    unit = {"children": "child", "minutes": "minute"}[rule["unit"]]
    looser = f"one {unit} {'fewer' if rule['floor'] else 'more'}"
    point = highest["per_point"]
    more = f" (one percentage point, at that price: {millions(point)})" if point is not None and point == point else ""
    return (
        f"{rule['rule']}: kept in {_years(years)}, at a cost; {looser} in {academic_year(highest['year'])} would save "
        f"{millions(highest['pounds'])}{more}"
    )


def _amount(value: float, rule: dict[str, Any]) -> str:
    return f"{value:,.1f}".removesuffix(".0") + f" {rule['unit']}"


def _years(years: list[dict[str, Any]]) -> str:
    """`2027/28`, or `2027/28 to 2029/30`, or `3 of the years 2027/28 to 2030/31` where some between are not."""
    first, last = years[0]["year"], years[-1]["year"]
    if first == last:
        return academic_year(first)
    span = f"{academic_year(first)} to {academic_year(last)}"
    return span if last - first + 1 == len(years) else f"{len(years)} of the years {span}"
