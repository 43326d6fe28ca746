"""What opens, on the screen: the programme, what each option saves, and what comes next."""

from __future__ import annotations

import math
from textwrap import shorten
from typing import Any

from sufficiency.report.screen_words import academic_year, millions

MOST_SHOWN = 12


def programme_block(summary: dict[str, Any]) -> list[str]:
    """The programme in the order to commission it; nothing where the model has no options."""
    told = summary.get("programme") or {}
    if not told:
        return []
    if not told["opened"]:
        return [f"None of the {told['options']} options opens.", *_stopped(summary)]
    opened = sorted(
        (row for row in told["appraisal"] if row["part"] > 0), key=lambda row: (row.get("order", 999), row["opens"])
    )
    head = "What opens, in the order to commission it" if any("order" in row for row in opened) else "What opens"
    lines = [f"{head:<46}{'opens':>8}{'places':>7}{'capital':>9}{'saves':>8}"]
    for row in opened[:MOST_SHOWN]:
        figures = f"{row['part'] * row['places']:>7,.0f}{millions(row['part'] * row['capital']):>9} {_saves(row):>7}"
        named = shorten(f"{row['option']} {row['name']}", 43, placeholder="…")
        lines.append(f"  {named:<44}{academic_year(row['opens']):>8}{figures}")
    if len(opened) > MOST_SHOWN:
        lines.append(f"  and {len(opened) - MOST_SHOWN} more: see programme.csv")
    lines += _capital(told["capital"])
    if any("saving_least" in row for row in opened):
        lines.append("Saves: against the best programme without it, to the end of the plan, in today's money.")
    lines += [
        f"Needed: without {row['option']} no plan keeps the hard rule {row['needed_for']}."
        for row in opened[:MOST_SHOWN]
        if row.get("needed_for")
    ]
    lines += _never_paid_back(opened, told["capital"])
    lines += _next(told)
    tripped = [row for row in opened if row.get("flags")]
    if tripped:
        lines.append(f"Statutory process needed for {len(tripped)} of {len(opened)}: see flags in programme.csv.")
    return lines + _stopped(summary)


def _saves(row: dict[str, Any]) -> str:
    """A saving as one figure, or as a range where it is not sure to a tenth; no figure where a rule needs it."""
    if row.get("needed_for"):
        return "needed"
    if "saving" in row:
        return millions(row["saving"])
    if "saving_least" not in row:
        return ""
    least = max(row["saving_least"], 0.0)
    if "saving_most" in row:
        return f"{millions(least)}–{millions(row['saving_most'])}"
    return f"≥{millions(least)}" if least >= 500 else "not known"


def _capital(capital: dict[str, Any]) -> list[str]:
    of_budget = "" if capital["budget"] is None else f" of {millions(capital['budget'])}"
    central = f", and {millions(capital['central'])} central" if capital["central"] > 0 else ""
    contingency = f", contingency of {capital['contingency']:.0%} included" if capital["contingency"] > 0 else ""
    lines = [f"Capital of our own {millions(capital['ours'])}{of_budget}{central}{contingency}."]
    more = capital.get("more")
    if more and more["saves_most"] >= 500:
        least, most = more["saves_least"], more["saves_most"]
        sure = most - least <= 0.1 * more["saves"] + 1.0
        saves = millions(more["saves"]) if sure else f"{millions(least)} to {millions(most)}"
        spent = f", with {millions(more['spent'])} of it spent" if more["spent"] >= 500 else ""
        lines.append(f"{millions(more['pounds'])} more of it would save {saves}{spent}.")
    elif more:
        lines.append("More of it would save nothing.")
    return lines


def _never_paid_back(opened: list[dict[str, Any]], capital: dict[str, Any]) -> list[str]:
    """Options that save less by the end of the plan than they cost to build, where capital counts for nothing."""
    if capital["charge"] > 0:
        return []
    less = [row for row in opened if row.get("saving_most", math.inf) < row["part"] * row["capital"]]
    if not less:
        return []
    names = ", ".join(row["option"] for row in less)
    return [f"Saves less than its capital by then: {names}. finance.capital_charge makes capital count."]


def _next(told: dict[str, Any]) -> list[str]:
    """The next-best programme: what differs in it, and what it costs more."""
    if not told["alternatives"]:
        return []
    best, other = {row["option"] for row in told["opened"]}, told["alternatives"][0]
    there = set(other["opens"])
    parts = [f"with {' '.join(sorted(there - best))}"] if there - best else []
    parts += [f"without {' '.join(sorted(best - there))}"] if best - there else []
    more, least, most = (other[key] for key in ("costs_more", "costs_more_least", "costs_more_most"))
    sure = more is not None and math.isfinite(more)
    figure = millions(more) if sure else f"{millions(max(least, 0.0))} to {millions(most)}"
    return [f"Next best: {', '.join(parts)}; costs {figure} more (alternatives.csv has {len(told['alternatives'])})."]


def _stopped(summary: dict[str, Any]) -> list[str]:
    if summary["status"] != "stopped":
        return []
    why = "Interrupted" if summary.get("interrupted") else "The time was up"
    return [f"{why}: a better programme may exist."]
