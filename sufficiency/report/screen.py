"""One screen that a planner can read out: whole children, round pounds."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import Any

from sufficiency.report.rule_words import rules_in_words
from sufficiency.report.screen_money import money_blocks
from sufficiency.report.screen_programme import programme_block
from sufficiency.report.screen_words import WIDTH, academic_year, children, millions, table_of
from sufficiency.result import Result

__all__ = ["reason_in_words", "screen"]


def screen(result: Result) -> str:
    """The result in one screen."""
    summary = result.summary
    first, last = summary["years"]
    shown = _years_shown(summary)
    blocks = [
        _title(summary),
        table_of("Places against children", shown, _children_rows(summary, shown)),
        *money_blocks(summary),
        _types(summary, last),
        _journeys(summary, first, last),
        _awaiting(summary),
        programme_block(summary),
        _directed(summary, shown),
        rules_in_words(summary.get("rules", []), proven=summary["status"] != "stopped"),
        _most_worth(summary),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _years_shown(summary: dict[str, Any]) -> list[int]:
    first, last = summary["years"]
    middle = (first + last) // 2
    return list(dict.fromkeys([summary["base_year"], first, middle, last]))


def _title(summary: dict[str, Any]) -> list[str]:
    first, last = summary["years"]
    scenario = "" if summary["scenario"] == "base" else f", scenario {summary['scenario']}"
    lines = [f"{summary['model']}{scenario}: places for children, {academic_year(first)} to {academic_year(last)}"]
    if summary["fictional"]:
        lines.append("FICTIONAL DATA: nobody lives here.")
    if summary["clean_slate"]:
        lines.append("CLEAN SLATE: every child placed afresh each year. A bound, not a plan that can be delivered.")
    if summary["status"] == "within_gap":
        lines.append(f"No plan is cheaper by more than {summary['gap']:.2%} of what can be decided: proven.")
    elif summary["status"] == "optimal":
        lines.append("No cheaper plan exists: proven, and checked again from the placements.")
    return lines + _ended_early(summary)


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


def _ended_early(summary: dict[str, Any]) -> list[str]:
    """That the plan is the best so far, how much cheaper one could be, and what was left out; nothing where all was
    done.
    """
    why = "Interrupted" if summary.get("interrupted") else "The time was up"
    words = dict(LEFT_OUT)
    if summary["status"] == "stopped":  # where no value is known the screen says so further down
        words["place_values"] = ROUGH_VALUES if summary["places_most_worth"] else ""
    left_out = [words[step] for step in summary.get("left_out", []) if words[step]]
    if summary["status"] == "stopped":
        text = (
            f"{why}: this is the best plan found so far, it costs {millions(summary['objective'])} with its weights. "
        )
        text += _no_plan_below(summary)
    elif left_out:
        text = f"{why} once the plan itself was found."
    else:
        return []
    told = wrap(text, WIDTH)
    return told + [line for words in left_out for line in wrap(f"- {words}", WIDTH, subsequent_indent="  ")]


def _no_plan_below(summary: dict[str, Any]) -> str:
    bound, gap = summary["bound"], summary["gap"]
    if bound is None or not math.isfinite(bound):
        return "How much cheaper a plan could be is not known."
    more = max(summary["objective"] - bound, 0.0)
    share = f"{gap:.2%}" if gap >= 5e-5 else "under 0.01%"
    saves = f"at most {millions(more)}" if more >= 500 else "less than £500"
    return f"No plan can cost less than {millions(bound)}: a better one saves {saves}, {share} of what can be decided."


def _children_rows(summary: dict[str, Any], years: list[int]) -> list[tuple[str, list[str]]]:
    plan = summary["headline"]["plan"]
    rows = [
        ("Children who need a specialist place", "children"),
        ("  in state-funded places", "in_state_places"),
        ("  in colleges and others, no limit", "without_limit"),
        ("  bought: independent, non-maintained", "bought"),
        ("  otherwise than at school", "by_pattern"),
        ("  awaiting a place", "awaiting"),
        ("State-funded places", "state_places"),
        ("  not filled", "spare_state_places"),
        ("  children above the places", "over_places"),
        ("Short of a place (see gaps.csv)", "shortfall"),
    ]
    return [
        (label, [children(plan[str(year)][key]) if key in plan[str(year)] else "" for year in years])
        for label, key in rows
    ]


def _types(summary: dict[str, Any], year: int) -> list[str]:
    labels = summary["labels"]["types"]
    kinds = summary["headline"]["children_by_type"]
    now = kinds["plan"][str(summary["base_year"])]
    planned, drifting = kinds["plan"][str(year)], kinds["unmitigated"][str(year)]
    lines = [f"{'Children by type of setting':<38}{'today':>10}{academic_year(year):>10}{'unmitigated':>14}"]
    for kind in sorted(planned, key=lambda kind: -planned[kind]):
        row = (now.get(kind, 0.0), planned[kind], drifting.get(kind, 0.0))
        if max(row) >= 0.5:
            name = labels.get(kind, kind)
            lines.append(f"  {name[:35]:<36}{children(row[0]):>10}{children(row[1]):>10}{children(row[2]):>14}")
    return lines


def _journeys(summary: dict[str, Any], first: int, last: int) -> list[str]:
    today = summary["headline"]["plan"][str(summary["base_year"])]
    plan = summary["headline"]["plan"][str(last)]
    drift = summary["headline"]["unmitigated"][str(last)]
    return [
        f"Average journey one way: {today['mean_minutes']:.0f} minutes today; in {academic_year(last)} "
        f"{plan['mean_minutes']:.0f}, unmitigated {drift['mean_minutes']:.0f}.",
        f"Children beyond the journey guideline in {academic_year(last)}: {children(plan['over_limit'])}; "
        f"unmitigated {children(drift['over_limit'])}.",
    ]


def _awaiting(summary: dict[str, Any]) -> list[str]:
    waits = {year: row["awaiting"] for year, row in summary["headline"]["plan"].items()}
    later = {year: children for year, children in waits.items() if int(year) > summary["base_year"] and children >= 0.5}
    if not later:
        return ["Nobody awaits a place in any year of the plan."]
    total = max(later.values())
    lines = [f"Awaiting a place: up to {children(total)} children. Why:"]
    short = sorted(summary["awaiting_why"], key=lambda reason: -reason["short"])[:5]
    lines += ["  " + reason_in_words(summary, reason) for reason in short]
    told = [wait for wait in summary.get("awaiting_for", []) if wait["children"] >= 0.5]
    others = [wait for wait in told if wait["why"] != "no_place" or not short]
    for wait in others[:5]:
        lines += wrap(wait_in_words(summary, wait), WIDTH, initial_indent="  ", subsequent_indent="    ")
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


def _directed(summary: dict[str, Any], years: list[int]) -> list[str]:
    told = summary["headline"]["directed_elsewhere"]
    parts = [
        f"{academic_year(year)} {children(told[str(year)]['elsewhere'])} of {children(told[str(year)]['entrants'])}"
        for year in years
        if str(year) in told
    ]
    return [
        "Children starting or changing phase who are placed otherwise than today's pattern:",
        "  " + "; ".join(parts),
    ]


def _most_worth(summary: dict[str, Any]) -> list[str]:
    best = summary["places_most_worth"][:5]
    if not best and summary["status"] == "stopped":
        return ["What one more place is worth is not known: no prices were found that say so."]
    if not best:
        return ["No line of places is worth enlarging: there are places to spare."]
    year = academic_year(best[0]["from_year"])
    lines = [
        f"What one more place would save, from {year} to the end of the plan, in today's money",
        "(fees, journeys and policy weights; before the cost of building):",
    ]
    for place in best:
        needs = " ".join(place["needs"]) if len(place["needs"]) <= 5 else f"{len(place['needs'])} needs"
        words = f"{place['name']} ({place['line']}): {needs}"
        found = "" if place["how"] == "resolved" else " about" if summary["status"] == "stopped" else " at most"
        value, net = millions(place["pounds_from"]), millions(place["net"])
        lines.append(f"  {words[:52]:<53}{found} {value} a place, {net} after its funding")
    return lines
