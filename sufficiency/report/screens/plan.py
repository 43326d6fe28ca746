"""One screen that a planner can read out: whole children, round pounds. Its figures come from the register."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from sufficiency.report.content import TODAY, Register
from sufficiency.report.screens.money import money_blocks
from sufficiency.report.screens.place_values import place_values_block
from sufficiency.report.screens.programme import appraisal_block, programme_block
from sufficiency.report.screens.rules import rules_in_words
from sufficiency.report.words import (
    DO_NOTHING_MORE,
    EXISTING_COMMITMENTS_ONLY,
    WIDTH,
    academic_year,
    children,
    table_of,
)
from sufficiency.result import Result

__all__ = ["appraisal_screen", "reason_in_words", "screen"]


def screen(result: Result) -> str:
    """The result in one screen."""
    summary, register = result.summary, Register(result)
    last = summary["years"][1]
    shown = _years_shown(summary)
    blocks = [
        _title(summary, register),
        table_of("Places against children", shown, _children_rows(register, shown, summary["base_year"])),
        *money_blocks(summary, register),
        _types(summary, register, last),
        _journeys(register, last),
        _awaiting(summary, register),
        programme_block(summary),
        _directed(register, shown),
        _empty_beside_bought(register, shown),
        rules_in_words(summary.get("rules", []), proven=summary["status"] != "stopped"),
        place_values_block(summary),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def appraisal_screen(result: Result) -> str:
    """What the appraisal adds to the screen of a plan: the programme once more, with what each option saves."""
    summary = result.summary
    cut_short = summary["appraisal"] == "done" and "appraisal" in summary["left_out"]
    lines = wrap(f"The time was up: {LEFT_OUT['appraisal']}.", WIDTH) if cut_short else []
    return "\n".join([*appraisal_block(summary), *lines]) + "\n"


def _years_shown(summary: dict[str, Any]) -> list[int]:
    first, last = summary["years"]
    middle = (first + last) // 2
    return list(dict.fromkeys([summary["base_year"], first, middle, last]))


def _title(summary: dict[str, Any], register: Register) -> list[str]:
    first, last = summary["years"]
    scenario = "" if summary["scenario"] == "base" else f", scenario {summary['scenario']}"
    lines = [f"{summary['model']}{scenario}: places for children, {academic_year(first)} to {academic_year(last)}"]
    if summary["fictional"]:
        lines.append("FICTIONAL DATA: nobody lives here.")
    if summary["clean_slate"]:
        lines.append("CLEAN SLATE: every child placed afresh each year. A bound, not a plan that can be delivered.")
    if summary["status"] == "within_gap":
        lines.append(f"No plan is cheaper by more than {register.text('gap')} of what can be decided: proven.")
    elif summary["status"] == "optimal":
        lines.append("No cheaper plan exists: proven, and checked again from the placements.")
    lines += _ended_early(summary, register)
    return [*lines, f"What it is compared with: {EXISTING_COMMITMENTS_ONLY}."]


LEFT_OUT = {
    "kappa": "κ of the fair-journeys rule comes from a plan that may not be the cheapest",
    "place_values": "what a place is worth is not solved again, and is an upper bound",
    "ties": "among plans that cost the same this is not the one closest to what was wanted",
    "least_overspend": "the least overspend is not known",
    "appraisal": "what options save, and what comes next, is missing or a range",
}
"""What it means that a step was left out or cut short."""
ROUGH_VALUES = "what a place is worth is rough: it comes from prices that are not the best yet"
"""The same of place values where the plan itself is not the best."""


def _ended_early(summary: dict[str, Any], register: Register) -> list[str]:
    """That the plan is the best so far, how much cheaper one could be, and what was left out; nothing where all was
    done.
    """
    why = "Interrupted" if summary.get("interrupted") else "The time was up"
    words = dict(LEFT_OUT)
    if summary["status"] == "stopped":  # where no value is known the screen says so further down
        words["place_values"] = ROUGH_VALUES if summary["places_most_worth"] else ""
    left_out = [words[step] for step in summary.get("left_out", []) if words[step]]
    if summary["status"] == "stopped":
        text = f"{why}: this is the best plan found so far, it costs {register.text('objective')} with its weights. "
        text += _no_plan_below(register)
    elif left_out:
        text = f"{why} once the plan itself was found."
    else:
        return []
    told = wrap(text, WIDTH)
    return told + [line for words in left_out for line in wrap(f"- {words}", WIDTH, subsequent_indent="  ")]


def _no_plan_below(register: Register) -> str:
    if "bound" not in register:
        return "How much cheaper a plan could be is not known."
    bound = register.text("bound")
    share = register.text("gap") if register.value("gap") >= 5e-5 else "under 0.01%"
    saves = f"at most {register.text('saves_at_most')}" if register.value("saves_at_most") >= 500 else "less than £500"
    return f"No plan can cost less than {bound}: a better one saves {saves}, {share} of what can be decided."


def _children_rows(register: Register, years: list[int], base_year: int) -> list[tuple[str, list[str]]]:
    rows = [
        ("Children who need a specialist place", "children"),
        ("  in state-funded places", "in_state_funded_places"),
        ("  in colleges and others", "in_colleges_and_others"),
        ("  bought: independent, non-maintained", "bought"),
        ("  otherwise than at school", "by_pattern"),
        ("  awaiting a place", "awaiting"),
        ("State-funded places", "state_funded_places"),
        ("  not filled", "state_funded_places_unfilled"),
        ("  children above the places", "over_places"),
        ("Short of a place (see gaps.csv)", "shortfall"),
    ]
    column = {year: TODAY if year == base_year else f"plan.{year}" for year in years}
    return [
        (label, [register.text(f"{key}.{column[year]}") or register.text(f"{key}.{year}") for year in years])
        for label, key in rows
    ]


def _types(summary: dict[str, Any], register: Register, year: int) -> list[str]:
    labels = summary["labels"]["types"]
    planned = {str(one.row["item"]): one.value for one in register.of(f"children_in.plan.{year}")}
    lines = [f"{'Children by type of setting':<38}{'today':>10}{academic_year(year):>10}{DO_NOTHING_MORE:>17}"]
    for kind in sorted(planned, key=lambda kind: -planned[kind]):
        row = (f"children_in.{TODAY}.{kind}", *(f"children_in.{of}.{year}.{kind}" for of in ("plan", "unmitigated")))
        if max(register.value(name) for name in row) >= 0.5:
            now, then, drift = (register.text(name) for name in row)
            lines.append(f"  {labels.get(kind, kind)[:35]:<36}{now:>10}{then:>10}{drift:>17}")
    return lines


def _journeys(register: Register, last: int) -> list[str]:
    text = register.text
    return [
        f"Average journey one way: {text('mean_minutes.today')} minutes today; in {academic_year(last)} "
        f"{text(f'mean_minutes.plan.{last}')}, {DO_NOTHING_MORE} {text(f'mean_minutes.unmitigated.{last}')}.",
        f"Children beyond the journey guideline in {academic_year(last)}: {text(f'over_limit.plan.{last}')}; "
        f"{DO_NOTHING_MORE} {text(f'over_limit.unmitigated.{last}')}.",
    ]


def _awaiting(summary: dict[str, Any], register: Register) -> list[str]:
    most = max(register.of("awaiting.plan"), key=lambda waits: waits.value)
    if most.value < 0.5:
        return ["Nobody awaits a place in any year of the plan."]
    lines = [f"Awaiting a place: up to {most.text} children. Why:"]
    short = sorted(summary["awaiting_why"], key=lambda reason: -reason["short"])[:5]
    lines += ["  " + reason_in_words(summary, reason) for reason in short]
    told = [wait for wait in summary.get("awaiting_for", []) if wait["children"] >= 0.5]
    others = [wait for wait in told if wait["why"] != "no_place" or not short]
    for wait in others[:5]:
        lines += wrap(wait_in_words(summary, wait), WIDTH, initial_indent="  ", subsequent_indent="    ")
    if not short and not others:
        lines.append("  less than one child of each need, phase and locality: awaiting_for in summary.json")
    return lines


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


def _directed(register: Register, years: list[int]) -> list[str]:
    text = register.text
    parts = [
        f"{academic_year(year)} {text(f'directed_elsewhere.{year}')} of {text(f'free_to_choose.{year}')}"
        for year in years
        if f"directed_elsewhere.{year}" in register
    ]
    lines = [
        "Children starting or changing phase who are placed otherwise than today's pattern:",
        "  " + "; ".join(parts),
    ]
    missed = [year for year in years if register.value(f"preferences_missed.{year}") >= 0.5]
    if missed:
        parts = [f"{academic_year(year)} {text(f'preferences_missed.{year}')}" for year in missed]
        lines.append("  of them, redirected although the family would ask for it: " + "; ".join(parts))
    return lines


def _empty_beside_bought(register: Register, years: list[int]) -> list[str]:
    """Whether a place stands empty while a child it accepts is bought one that costs more, in which years, and why."""
    if sum(one.value for one in register.of("empty_beside_bought")) < 0.5:
        return ["No place stands empty while a child it accepts is bought one that costs more."]
    shown = [year for year in years if f"empty_beside_bought.{year}" in register]
    parts = [f"{academic_year(year)} {register.text(f'empty_beside_bought.{year}')}" for year in shown]
    why = [f"{one.row['item']}: {one.text}" for one in register.of("empty_beside_bought_by_reason")]
    return [
        *wrap(f"Places empty beside a child they accept who is bought one that costs more: {'; '.join(parts)}", WIDTH),
        *wrap(f"Why, all years added up: {'; '.join(why)}", WIDTH, initial_indent="  ", subsequent_indent="    "),
    ]
