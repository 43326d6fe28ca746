"""Who is short of a place, who waits, and why, as sentences."""

from __future__ import annotations

from typing import Any

from sufficiency.report.content import Register
from sufficiency.report.words import academic_year, children, sentences

MOST_REASONS = 5
SHORT = "they wait, are above the places, or are bought one because none is free"


def short_at_a_glance(summary: dict[str, Any], register: Register) -> list[str]:
    """How many are short in the worst year and where the largest gap is; how many wait, and the first reason."""
    return [*_shortest(summary, register), *_waits_at_a_glance(summary, register)]


def _shortest(summary: dict[str, Any], register: Register) -> list[str]:
    worst = max(register.of("shortfall"), key=lambda one: one.value, default=None)
    if worst is None or worst.value < 0.5:
        return ["Nobody is short of a state-funded place in any year."]
    many = "1 child" if worst.text == "1" else f"{worst.text} children"
    where = ""
    for gap in register.of("gaps_shortfall"):
        phase = summary["labels"]["phases"].get(gap.row["phase"], str(gap.row["phase"])).lower()
        where = (
            f" Largest gap: {gap.row['locality']}, {gap.row['need']}, {phase}, {gap.text} in "
            f"{academic_year(gap.row['year'])} (gaps.csv)."
        )
    return sentences(
        f"Short of a state-funded place: {many} in {academic_year(worst.row['year'])}, the most of any year ({SHORT})."
        f"{where}"
    )


def _waits_at_a_glance(summary: dict[str, Any], register: Register) -> list[str]:
    most = _most_waiting(register)
    if most is None:
        return ["Nobody awaits a place in any year of the plan."]
    reasons = _reasons(summary)
    more = f" ({len(reasons) - 1} more: --detail)" if len(reasons) > 1 else ""
    why = f" {reasons[0]}{more}." if reasons else ""
    return sentences(f"Awaiting a place: {most}.{why}")


def awaiting(summary: dict[str, Any], register: Register) -> list[str]:
    """Who awaits a place, and why, for all reasons that say something."""
    most = _most_waiting(register)
    if most is None:
        return ["Nobody awaits a place in any year of the plan."]
    reasons = _reasons(summary) or [
        "less than one child of each need, phase and locality: awaiting_for in summary.json"
    ]
    return [f"Awaiting a place: {most}. Why:", *sentences(*reasons, indent=2)]


def _most_waiting(register: Register) -> str | None:
    """How many wait in the worst year; None where nobody waits."""
    most = max(register.of("awaiting.plan"), key=lambda waits: waits.value, default=None)
    if most is None or most.value < 0.5:
        return None
    who = "1 child" if most.text == "1" else f"{most.text} children"
    return f"{who} in {academic_year(most.row['year'])}, the most of any year"


def _reasons(summary: dict[str, Any]) -> list[str]:
    """Sets of children with too few places, then who waits for what; the most children first."""
    short = sorted(summary["awaiting_why"], key=lambda reason: -reason["short"])[:MOST_REASONS]
    some = [wait for wait in summary.get("awaiting_for", []) if wait["children"] >= 0.5]
    others = [wait for wait in some if wait["why"] != "no_place" or not short][:MOST_REASONS]
    return [
        *(reason_in_words(summary, reason) for reason in short),
        *(wait_in_words(summary, wait) for wait in others),
    ]


def wait_in_words(summary: dict[str, Any], wait: dict[str, Any]) -> str:
    """Who waits, and for which place or because of which rule, as a sentence."""
    labels = summary["labels"]
    kind = labels["types"].get(wait["type"], wait["type"])
    why = {
        "line": f"a year for {wait['name']} ({kind}, line {wait['what']})",
        "rule": f"because of the rule {wait['what']}, although they could take a free place",
        "no_place": "because every place they can reach is taken",
        "weight": "because a place costs more than weights.awaiting_place",
    }[wait["why"]]
    phase = labels["phases"].get(wait["phase"], wait["phase"]).lower()
    who = f"{academic_year(wait['year'])}, {wait['need']}, {phase}, {wait['locality']}"
    number = children(wait["children"])
    return f"{who}: {number} {'child waits' if number == '1' else 'children wait'} {why}"


def reason_in_words(summary: dict[str, Any], reason: dict[str, Any]) -> str:
    """A deficient set as a sentence: who, how many, how many places they can reach."""
    labels = summary["labels"]
    needs = ", ".join(reason["needs"]) if len(reason["needs"]) <= 6 else f"{len(reason['needs'])} needs"
    phases = ", ".join(labels["phases"].get(phase, phase).lower() for phase in reason["phases"][:6])
    where = " and ".join(reason["localities"]) if len(reason["localities"]) <= 4 else "all localities"
    return (
        f"{academic_year(reason['year'])}, {needs}, {phases}, {where}: {children(reason['children'])} children; "
        f"every place they can reach: {children(reason['places_they_can_reach'])}; short {children(reason['short'])}"
    )
