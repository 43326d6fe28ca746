"""How the screen of a plan begins: what was planned, whether it is proven, and what it avoids."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from sufficiency.report.content import Register
from sufficiency.report.words import WIDTH, academic_year, present_value, sentences
from sufficiency.standing import of_summary

LEFT_OUT = {
    "kappa": "the fair-journeys rule takes its rate κ from a plan that may not be the cheapest",
    "place_values": "place values were not solved again: they are upper bounds",
    "ties": "among plans that cost the same, this may not be the one closest to today's pattern",
    "least_overspend": "the least overspend is not known",
    "appraisal": "what each option saves, and what comes next, is missing or a range",
}
"""What it means that a step was left out or cut short."""
ROUGH_VALUES = "place values are approximate: the solver stopped before its prices settled"
"""The same of place values where the plan itself is not the best."""


def opening(summary: dict[str, Any], register: Register) -> list[str]:
    """What was planned, the proof in one sentence, what was left out, and the cost avoided."""
    first, last = summary["years"]
    scenario = "" if summary["scenario"] == "base" else f", scenario {summary['scenario']}"
    lines = [f"{summary['model']}{scenario}: places for children, {academic_year(first)} to {academic_year(last)}"]
    standing = of_summary(summary)
    lines += sentences(standing.screen) if standing else []
    if summary["clean_slate"]:
        lines += sentences("CLEAN SLATE: every child is placed anew every year. A bound, not a plan to deliver.")
    lines += lever_lines(summary.get("levers", []))
    said = (_proof(summary, register), _vouched(summary), _stopped_later(summary))
    lines += sentences(*filter(None, said))
    lines += [line for words in _left_out(summary) for line in wrap(f"- {words}", WIDTH, subsequent_indent="  ")]
    return lines + _cost_avoided(summary, register)


def lever_lines(levers: list[dict[str, str]], indent: int = 0) -> list[str]:
    """What the levers of a scenario do, each with its evidence."""
    lines = []
    for lever in levers:
        evidence = f" Evidence: {lever['evidence'].rstrip('.')}." if lever["evidence"] else ""
        lines += sentences(f"Lever: {lever['words']}.{evidence}", indent=indent)
    return lines


def stopped_by(summary: dict[str, Any]) -> str:
    """Why a search ended early, to begin a sentence with."""
    return "Interrupted" if summary.get("interrupted") else "The time was up"


def _proof(summary: dict[str, Any], register: Register) -> str:
    if summary["status"] == "optimal":
        return "Proven: at these costs and weights, no plan is cheaper."
    if summary["status"] == "within_gap":
        return f"Proven: at these costs and weights, no plan is cheaper by more than {_at_most(register)}."
    proof = f"{stopped_by(summary)}: this is the best plan found so far. "
    proof += f"It costs {register.text('objective')}, policy weights included. "
    if "bound" not in register:
        return proof + "How much cheaper a plan could be is not known."
    share = register.text("gap") if register.value("gap") >= 5e-5 else "under 0.01%"
    saves = f"at most {register.text('saves_at_most')}" if register.value("saves_at_most") >= 500 else "less than £500"
    return (
        f"{proof}No plan can cost less than {register.text('bound')}: a better one saves {saves}, {share} of what can "
        "be decided."
    )


def _vouched(summary: dict[str, Any]) -> str:
    """Where the certificate does not vouch for the bound (`--direct`)."""
    if summary.get("bound_from", "certificate") == "certificate":
        return ""
    return "Over other choices of options this rests on the solver's word alone; without --direct it is checked."


def _at_most(register: Register) -> str:
    """What a cheaper plan could save; the share of what can be decided in a result that has no such figure."""
    if "saves_at_most" not in register:
        return f"{register.text('gap')} of what can be decided"
    return register.text("saves_at_most") if register.value("saves_at_most") >= 500 else "£500"


def _left_out(summary: dict[str, Any]) -> list[str]:
    """What steps that were left out or cut short mean; nothing where all was done."""
    words = dict(LEFT_OUT)
    if summary["status"] == "stopped":  # where no value is known the screen says so further down
        words["place_values"] = ROUGH_VALUES if summary["places_most_worth"] else ""
    return [words[step] for step in summary.get("left_out", []) if words[step]]


def _stopped_later(summary: dict[str, Any]) -> str:
    late = summary["status"] != "stopped" and _left_out(summary)
    return f"{stopped_by(summary)} once the plan itself was found:" if late else ""


def _cost_avoided(summary: dict[str, Any], register: Register) -> list[str]:
    """What doing nothing more would cost beyond the plan, and the capital beside that."""
    if "cost_avoided" not in register:
        return []
    pounds = register.text("cost_avoided").removeprefix("−")
    avoids = register.value("cost_avoided") >= 0
    against = f"{'against' if avoids else 'more than'} doing nothing more (existing commitments only)"
    charged = (summary.get("programme") or {}).get("capital", {}).get("charge", 0.0) > 0
    capital = register.text("programme_capital_present_value")
    paid = f"the charge for capital of {capital} included" if charged else f"before our capital of {capital}"
    paid = f", {paid}" if register.value("programme_capital_present_value") >= 500 else ""
    money = present_value(summary["years"][0])
    return sentences(f"{'Cost avoided' if avoids else 'The plan costs'} {pounds} {against}{paid} ({money}).")
