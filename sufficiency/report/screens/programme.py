"""What opens, on the screen: the programme, what each option saves, and what comes next."""

from __future__ import annotations

import math
from typing import Any

from sufficiency.report.screens.opening_words import stopped_by
from sufficiency.report.words import academic_year, cut, listed, millions, present_value, row_of, sentences

MOST_SHOWN = 6
NAMES, FULL_NAMES = 34, 28
TO_COME = "What each option saves, and when it breaks even, is being worked out and follows below."
NOT_THERE = "What each option saves was not worked out: it was interrupted. Plan again for it."


def opens_at_a_glance(summary: dict[str, Any]) -> list[str]:
    """The programme in the order to commission it, with what each option saves in money; nothing without options."""
    programme = summary.get("programme") or {}
    if not programme:
        return []
    opened = _opened(programme)
    if not opened:
        return [f"None of the {programme['options']} options opens.", *_stopped(summary)]
    known = [row for row in opened if "saving_money_least" in row or row.get("needed_for")]
    short = [row for row in programme["opened"] if row.get("fill_missed", 0) > 0]
    order = ", in order to commission" if any("order" in row for row in opened) else ""
    money = f"{'saves':>9}{'breaks even':>12}" if known else ""
    lines = [f"{f'What opens{order}':<{NAMES}}{'opens':>8}{'places':>7}{'capital':>8}{money}"]
    shown = opened if len(opened) <= MOST_SHOWN else opened[: MOST_SHOWN - 1]
    for row in shown:
        figures = f"{row['part'] * row['places']:>7,.0f} {millions(row['part'] * row['capital']):>7}"
        named = cut(f"{row['option']} {row['name']}", NAMES - 2)
        saves = f" {_saves_money(row):>8}{_breaks_even(row, 'money'):>12}" if known else ""
        lines.append(f"  {named:<{NAMES - 2}}{academic_year(row['opens']):>8}{figures}{saves}".rstrip())
    if len(opened) > len(shown):
        lines.append(f"  and {len(opened) - len(shown)} more: programme.csv")
    lines += sentences(
        *(
            f"{row['option']} is committed and stays {row['fill_missed']:,.0f} children short of its smallest fill."
            for row in short
        )
    )
    return lines + _meaning(summary, bool(known)) + _stopped(summary)


def _meaning(summary: dict[str, Any], known: bool) -> list[str]:
    """What the columns mean, or why they are not there."""
    programme = summary["programme"]
    if not known:
        pending = summary.get("appraisal") == "pending" and not summary.get("interrupted")
        return sentences(TO_COME) if pending else []
    together = programme.get("saves_money")
    all_of_it = "" if together is None else f" (all, against none: {millions(together)})"
    return sentences(
        f"Saves: money, present value, against the best programme without it{all_of_it}. Breaks even: the "
        "year by which that covers our capital."
    )


def appraisal_screen_lines(summary: dict[str, Any], *, detail: bool) -> list[str]:
    """What an appraisal adds to the screen of a plan: the programme once more, or that it was interrupted."""
    if summary.get("appraisal") == "pending":
        return [NOT_THERE]
    return [*opens_at_a_glance(summary), *(["", *programme_block(summary)] if detail else [])]


def programme_block(summary: dict[str, Any]) -> list[str]:
    """What each option that opens saves, in money and with policy weights, what capital does, and what comes next."""
    programme = summary.get("programme") or {}
    if not programme:
        return []
    opened = _opened(programme)
    lines = _each_saves(summary, opened)
    lines += sentences(
        *(
            f"Needed: without {row['option']} no plan keeps the hard rule {row['needed_for']}."
            for row in opened
            if row.get("needed_for")
        )
    )
    if opened:
        lines += _capital(programme["capital"]) + _next(programme)
    lines += _out_of_reach(programme)
    tripped = [row for row in opened if row.get("flags")]
    if tripped:
        lines.append(f"Statutory process needed for {len(tripped)} of {len(opened)}: see flags in programme.csv.")
    return lines


def _opened(programme: dict[str, Any]) -> list[dict[str, Any]]:
    """The options that open, in the order to commission them."""
    rows = [row for row in programme["appraisal"] if row["part"] > 0] if programme["opened"] else []
    return sorted(rows, key=lambda row: (row.get("order", 999), row["opens"]))


def _each_saves(summary: dict[str, Any], opened: list[dict[str, Any]]) -> list[str]:
    if not any("saving_least" in row or row.get("needed_for") for row in opened):
        return []
    first, last = summary["years"]
    lines = [
        f"{'':<{FULL_NAMES}}{'saves':>16}{'with policy':>17}{'breaks':>9}{'with':>8}",
        f"{'What each option saves':<{FULL_NAMES}}{'in money':>16}{'weights':>17}{'even':>9}{'weights':>8}",
    ]
    for row in opened:
        cells = f" {_saves_money(row):>15} {_saves(row):>16}{_breaks_even(row, 'money'):>9}{_breaks_even(row):>8}"
        lines += row_of(f"{row['option']} {row['name']}", [cells], FULL_NAMES)
    programme = summary["programme"]
    text = (
        f"Saves: against the best programme without it, to the end of the plan, {present_value(first)}. Breaks even: "
        "the year by which that covers our capital in it, discounted alike."
    )
    less = [] if programme["capital"]["charge"] > 0 else [row["option"] for row in opened if _never(row)]
    if less:
        text += (
            f" Not by {academic_year(last)}: {listed(less)}. The plan does not count capital as a cost; for a plan "
            "that does, set finance.capital_charge."
        )
    if programme.get("saves") is not None:
        of_it = "" if programme.get("saves_money") is None else f" ({millions(programme['saves_money'])} in money)"
        text += f" Together they save {millions(programme['saves'])}{of_it} against opening nothing."
    return lines + sentences(text)


def _never(row: dict[str, Any]) -> bool:
    """Whether an option that saves a known amount of money does not cover our capital with it."""
    return "saving_money" in row and "break_even_money" not in row


def _breaks_even(row: dict[str, Any], of: str = "") -> str:
    """The year, `later` than the plan, or `unknown` where a saving is a range that may cover the capital or not."""
    ending = f"_{of}" if of else ""
    if f"break_even{ending}" in row:
        return academic_year(row[f"break_even{ending}"])
    if f"saving{ending}" in row:
        return "later"
    return "unknown" if "saving_least" in row else ""


def _saves_money(row: dict[str, Any]) -> str:
    """What an option saves in money: a figure, the least it can be, that a rule needs it, or that it is committed."""
    if row.get("decided") == "committed":
        return "decided"
    if row.get("needed_for"):
        return "needed"
    if "saving_money" in row:
        return millions(row["saving_money"])
    if "saving_money_least" in row:
        return f"≥{millions(row['saving_money_least'])}"
    return "unknown" if "saving_least" in row else ""


def _saves(row: dict[str, Any]) -> str:
    """A saving as one figure, or as a range where it is not sure to a tenth; no figure where a rule needs it."""
    if row.get("needed_for"):
        return "needed"
    if "saving" in row:
        return millions(row["saving"])
    if "saving_least" not in row:
        return ""
    if "saving_most" in row:
        return f"{millions(row['saving_least'])} to {millions(row['saving_most'])}"
    return f"≥{millions(row['saving_least'])}" if row["saving_least"] >= 500 else "unknown"


def _capital(capital: dict[str, Any]) -> list[str]:
    of_budget = "" if capital["budget"] is None else f" of {millions(capital['budget'])}"
    central = f", and {millions(capital['central'])} central" if capital["central"] > 0 else ""
    contingency = f", contingency of {capital['contingency']:.0%} included" if capital["contingency"] > 0 else ""
    lines = sentences(f"Capital of our own {millions(capital['ours'])}{of_budget}{central}{contingency}.")
    more = capital.get("more")
    if more and more["saves_most"] >= 500:
        least, most = more["saves_least"], more["saves_most"]
        sure = most - least <= 0.1 * more["saves"] + 1.0
        saves = millions(more["saves"]) if sure else f"{millions(least)} to {millions(most)}"
        money = more.get("saves_money")
        of_it = f" ({millions(money)} in money)" if sure and money is not None and math.isfinite(money) else ""
        spent = (
            f"; only {millions(more['spent'])} of it would be spent" if 500 <= more["spent"] < more["pounds"] else ""
        )
        opens = f", and {listed(more['opens'])} would open" if more["opens"] else ""
        lines += sentences(f"A further {millions(more['pounds'])} of capital would save {saves}{of_it}{spent}{opens}.")
    elif more:
        lines.append("More of it would save nothing.")
    return lines


def _next(programme: dict[str, Any]) -> list[str]:
    """The next-best programme: what differs in it, and what it costs more."""
    if not programme["alternatives"]:
        return []
    best, other = {row["option"] for row in programme["opened"]}, programme["alternatives"][0]
    there = set(other["opens"])
    parts = [f"with {listed(sorted(there - best))}"] if there - best else []
    parts += [f"without {listed(sorted(best - there))}"] if best - there else []
    differs = "; ".join(parts + _in_part(programme, other)) or "the same options in other years"
    return sentences(
        f"Next best: {differs}. It costs {_costs_more(other)} more (alternatives.csv has "
        f"{len(programme['alternatives'])})."
    )


def _in_part(programme: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The options that another programme opens in part, as `GB1 in part (4.7 of 6 places)`; not those of which the plan
    opens as many places.
    """
    here = {row["option"]: row["part"] * row["places"] for row in programme["appraisal"]}
    return [
        f"{option} in part ({_places(one['places'])} of {_places(one['of'])} places)"
        for option, one in sorted(other.get("in_part", {}).items())
        if abs(here.get(option, 0.0) - one["places"]) >= 0.05
    ]


def _places(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _out_of_reach(programme: dict[str, Any]) -> list[str]:
    """The option that the plan leaves closed with which a programme costs least more."""
    near = programme.get("in_reach") or {}
    if not near:
        return []
    it = "it" if len(near["options"]) == 1 else "them"
    text = f"Just out of reach: {listed(near['options'])}, by {_costs_more(near)}. "
    text += f"The cheapest programme with {it} costs that much more"
    changes = [f"without {listed(near['in_place_of'])}"] if near["in_place_of"] else []
    changes += [f"with {one}" for one in _in_part(programme, near)]
    text += f", {listed(changes)}." if changes else "."
    if near.get("capital_lacking", 0.0) >= 500:
        text += f" To open {it} beside all of these, {millions(near['capital_lacking'])} of capital is lacking."
    return sentences(text)


def _costs_more(other: dict[str, Any]) -> str:
    """What a programme costs more with policy weights, and in money, or between which limits."""
    more, money = other["costs_more"], other.get("costs_more_money")
    if more is None or not math.isfinite(more):
        return f"{millions(other['costs_more_least'])} to {millions(other['costs_more_most'])}"
    of_it = f" ({millions(money)} in money)" if money is not None and math.isfinite(money) else ""
    return f"{millions(more)}{of_it}"


def _stopped(summary: dict[str, Any]) -> list[str]:
    if summary["status"] != "stopped":
        return []
    return [f"{stopped_by(summary)}: a better programme may exist."]
