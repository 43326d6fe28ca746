"""Hard rules that cannot be kept together, in words: which, in which years, how near a plan comes, what limits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.program.lp import children_of
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.policy import Subject, subjects
from sufficiency.plan.rows.rule_measures import measure_rules
from sufficiency.plan.solve.elastic import Elastic
from sufficiency.plan.tolerances import SMALLEST_MISS

JOURNEY_LIMIT = "rules.hard_journey_limit"
YEARS_SHOWN = 3
"""Years of a clash whose numbers are given."""
OPTIONS_SHOWN = 8
"""Options that are named where more open."""


def clash_in_words(
    elastic: Elastic,
    clashing: list[int],
    *,
    opens: str = "",
    limits: Sequence[str] = (),
    nearest: str = "The nearest one comes",
) -> str:
    """Which rules clash, in which years, within which `limits`, and how near a plan comes: the one in `elastic`.

    `opens` is what the first sentence says of openings, `nearest` what it says of that plan.
    """
    involved = _involved(elastic, clashing)
    what = no_plan_keeps(elastic.priced.instance, clashing, involved, opens=opens, limits=limits)
    missed = involved[involved["slack"] > SMALLEST_MISS]
    comes = [
        f"“{part['rule'].iloc[0]}”: {_misses([_miss(line) for line in part.itertuples()])}"
        for _, part in missed.groupby("item", sort=False)
    ]
    text = f"{what}. {nearest}{_aside(elastic.priced.instance, clashing)}: {', and '.join(comes)}"
    if missed["settled"].any():
        text += ". Children already placed, or who follow today's pattern and cannot give way, miss it on their own, "
        text += "and are not moved"
    return text


def _aside(instance: Instance, clashing: list[int]) -> str:
    hard = [item for item, subject in enumerate(subjects(instance.case)) if subject.rule.hard]
    return ", other hard rules left aside" if set(hard) - set(clashing) else ""


def no_plan_keeps(
    instance: Instance,
    clashing: list[int],
    involved: pd.DataFrame | None,
    *,
    opens: str = "",
    limits: Sequence[str] = (),
) -> str:
    """The first sentence. A rule is named with the years of its `involved` rows, or where it has none, with all in
    which it holds; `JOURNEY_LIMIT` among the `limits` is named like a rule.
    """
    subject_of, rows, years = subjects(instance.case), instance.rows, instance.data.years
    named = []
    for item in clashing:
        part = [] if involved is None else involved.loc[involved["item"] == item, "year"].tolist()
        held = part or years[rows.year[rows.of_rules & (rows.item == item)]].tolist()
        named.append(f"{_rule(subject_of[item])[:-1]}, {_years(held)})")
    named += [limit for limit in limits if limit == JOURNEY_LIMIT]
    within = [limit for limit in limits if limit != JOURNEY_LIMIT]
    what = "no plan keeps the hard rule " if len(named) == 1 else "no plan keeps these hard rules together: "
    return f"{opens}{what}{listed(named)}" + (f" within {listed(within)}" if within else "")


def rule_names(instance: Instance, items: Iterable[int]) -> tuple[str, ...]:
    """Rules by what outputs call them."""
    subject_of = subjects(instance.case)
    return tuple(subject_of[item].name for item in items)


def opening_words(instance: Instance) -> str:
    """What is open in a case, as part of a sentence: “opening A in 2027 and B in 2028”; “with no option open”."""
    options = instance.case.tables.options
    if options is None or not instance.openings:
        return "with no option open"
    code = options["option"].tolist()
    named = [
        f"{code[row]} in {year}" + ("" if part > 1 - SMALLEST_MISS else f" ({part:.0%} of it)")
        for row, year, part in instance.openings
    ]
    more = len(named) - OPTIONS_SHOWN
    return f"opening {listed(named if more <= 0 else [*named[:OPTIONS_SHOWN], f'{more} more'])}"


def _rule(subject: Subject) -> str:
    return f"“{subject.name}” (rules.{subject.key})"


def _involved(elastic: Elastic, clashing: list[int]) -> pd.DataFrame:
    """The measures of the rules that take part in the clash, with `item` and `slack`, and whether what is `settled`
    breaks them.
    """
    priced, slack = elastic.priced, elastic.slack
    instance = priced.instance
    data, rows = instance.data, instance.rows
    entrants, waiting = children_of(instance, priced.flows, priced.program, priced.solution.columns)
    lines = measure_rules(instance.case, data, rows, stock_of(data, entrants), waiting, priced.prices)
    beyond = rows.used(instance.settled.held) > np.maximum(rows.limit, 0.0) + SMALLEST_MISS
    of_rules = rows.of_rules
    lines = lines.assign(
        item=rows.item[of_rules],
        slack=slack[of_rules],
        settled=beyond[of_rules] & lines["key"].isin(["share", "fairness"]) & ~lines["floor"],
    )
    return lines[(np.isin(rows.item, clashing) & elastic.active)[of_rules]]


def _misses(words: list[str]) -> str:
    more = len(words) - YEARS_SHOWN
    return "; ".join(words[:YEARS_SHOWN]) + (
        f"; and {more} years more" if more > 1 else "; and a year more" * max(more, 0)
    )


def _miss(line: Any) -> str:
    """A year, what a plan comes to and what the rule says, in words."""
    bound = f"at least {number(line.limit)} asked" if line.floor else f"at most {number(line.limit)} allowed"
    text = f"{line.year} {number(line.value)} {line.unit}, {bound}"
    if line.unit != "children":
        return text
    return f"{text}, {number(abs(line.value - line.limit))} too {'few' if line.floor else 'many'}"


def number(value: float) -> str:
    """A number of children or minutes to a tenth."""
    return f"{value:,.1f}".removesuffix(".0")


def _years(years: list[int]) -> str:
    first, last = min(years), max(years)
    if sorted(set(years)) != list(range(first, last + 1)):
        return " ".join(map(str, years))
    return str(first) if first == last else f"{first}–{last}"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
