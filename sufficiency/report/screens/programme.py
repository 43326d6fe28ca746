"""What opens, on the screen: the programme, what each option saves, and what comes next."""

from __future__ import annotations

import math
from textwrap import shorten, wrap
from typing import Any

from sufficiency.report.words import WIDTH, academic_year, millions

MOST_SHOWN = 12
TO_COME = "What each option saves, and what comes next, is worked out after this and added to the result."
NOT_THERE = "What each option saves was not worked out: it was interrupted. The plan stands; plan again for it."


def programme_block(summary: dict[str, Any]) -> list[str]:
    """The programme in the order to commission it; nothing where the model has no options."""
    told = summary.get("programme") or {}
    if not told:
        return []
    if not told["opened"]:
        return [f"None of the {told['options']} options opens.", *_out_of_reach(told), *_stopped(summary)]
    opened = sorted(
        (row for row in told["appraisal"] if row["part"] > 0), key=lambda row: (row.get("order", 999), row["opens"])
    )
    lines = ["What opens, in the order to commission it" if any("order" in row for row in opened) else "What opens"]
    lines.append(f"{'':<28}{'opens':>8}{'places':>7}{'capital':>9}{'saves':>14}{'breaks even':>12}")
    for row in opened[:MOST_SHOWN]:
        figures = f"{row['part'] * row['places']:>7,.0f}{millions(row['part'] * row['capital']):>9} {_saves(row):>13}"
        named = shorten(f"{row['option']} {row['name']}", 25, placeholder="…")
        line = f"  {named:<26}{academic_year(row['opens']):>8}{figures}{_breaks_even(row):>12}"
        lines.append(line.rstrip())
    if len(opened) > MOST_SHOWN:
        lines.append(f"  and {len(opened) - MOST_SHOWN} more: see programme.csv")
    lines += _what_it_saves(told, opened, summary["years"])
    lines += [
        f"Needed: without {row['option']} no plan keeps the hard rule {row['needed_for']}."
        for row in opened[:MOST_SHOWN]
        if row.get("needed_for")
    ]
    lines += _capital(told["capital"])
    lines += _next(told)
    lines += _out_of_reach(told)
    tripped = [row for row in opened if row.get("flags")]
    if tripped:
        lines.append(f"Statutory process needed for {len(tripped)} of {len(opened)}: see flags in programme.csv.")
    if summary.get("appraisal") == "pending" and not summary.get("interrupted"):
        lines += wrap(TO_COME, WIDTH)
    return lines + _stopped(summary)


def appraisal_block(summary: dict[str, Any]) -> list[str]:
    """The programme with its appraisal, or that it was interrupted."""
    return [NOT_THERE] if summary.get("appraisal") == "pending" else programme_block(summary)


def _what_it_saves(told: dict[str, Any], opened: list[dict[str, Any]], years: list[int]) -> list[str]:
    """What the columns mean, which options save less than their capital, and what all of them save together."""
    if not any("saving_least" in row for row in opened):
        return []
    text = (
        f"Saves: against the best programme without it, to the end of the plan, present value in "
        f"{academic_year(years[0])} pounds. Breaks even: the year by which that covers our capital."
    )
    less = [] if told["capital"]["charge"] > 0 else [row["option"] for row in opened if _never(row)]
    if less:
        text += f" Not by {academic_year(years[1])}: {', '.join(less)}. finance.capital_charge makes capital count."
    if told.get("saves") is not None:
        text += f" Together they save {millions(told['saves'])} against opening nothing."
    return wrap(text, WIDTH)


def _never(row: dict[str, Any]) -> bool:
    """Whether an option surely saves less than our own capital in it."""
    capital = row["part"] * row["capital"] if row["capital_by"] == "ours" else 0.0
    return bool(row.get("saving", row.get("saving_most", math.inf)) < capital)


def _breaks_even(row: dict[str, Any]) -> str:
    """The year, `later` than the plan, or nothing where the saving is not known."""
    return academic_year(row["break_even"]) if "break_even" in row else "later" if "saving" in row else ""


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
        spent = (
            f"; only {millions(more['spent'])} of it would be spent" if 500 <= more["spent"] < more["pounds"] else ""
        )
        opens = f", and {_listed(more['opens'])} would open" if more["opens"] else ""
        lines += wrap(f"A further {millions(more['pounds'])} of capital would save {saves}{spent}{opens}.", WIDTH)
    elif more:
        lines.append("More of it would save nothing.")
    return lines


def _next(told: dict[str, Any]) -> list[str]:
    """The next-best programme: what differs in it, and what it costs more."""
    if not told["alternatives"]:
        return []
    best, other = {row["option"] for row in told["opened"]}, told["alternatives"][0]
    there = set(other["opens"])
    parts = [f"with {' '.join(sorted(there - best))}"] if there - best else []
    parts += [f"without {' '.join(sorted(best - there))}"] if best - there else []
    figure = _costs_more(other)
    return [f"Next best: {', '.join(parts)}; costs {figure} more (alternatives.csv has {len(told['alternatives'])})."]


def _out_of_reach(told: dict[str, Any]) -> list[str]:
    """The option that the plan leaves closed with which a programme costs least more."""
    near = told.get("in_reach") or {}
    if not near:
        return []
    it = "it" if len(near["options"]) == 1 else "them"
    text = f"Just out of reach: {_listed(near['options'])}, by {_costs_more(near)}. "
    text += f"The cheapest programme with {it} costs that much more"
    text += f", without {_listed(near['in_place_of'])}." if near["in_place_of"] else "."
    if near.get("capital_lacking", 0.0) >= 500:
        text += f" To open {it} beside all of these, {millions(near['capital_lacking'])} of capital is lacking."
    return wrap(text, WIDTH)


def _costs_more(other: dict[str, Any]) -> str:
    more, least, most = (other[key] for key in ("costs_more", "costs_more_least", "costs_more_most"))
    sure = more is not None and math.isfinite(more)
    return millions(more) if sure else f"{millions(max(least, 0.0))} to {millions(most)}"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _stopped(summary: dict[str, Any]) -> list[str]:
    if summary["status"] != "stopped":
        return []
    why = "Interrupted" if summary.get("interrupted") else "The time was up"
    return [f"{why}: a better programme may exist."]
