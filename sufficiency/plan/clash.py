"""Hard rules that cannot be kept together: found by how far they are missed at the least, and named.

Every hard rule is made soft at one unit a child and nothing else costs anything. If the least miss is nil, the
columns found keep the rules. Otherwise rules are let go one by one as long as a miss remains: those left clash, and
no smaller set of them does (deletion filter: Chinneck, Feasibility and Infeasibility in Optimization, 2008).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats
from sufficiency.deadline import Deadline, Interrupted
from sufficiency.plan.certificate import replayed_stock
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.prepared import Prepared, prepare
from sufficiency.plan.pricing import Priced, all_arcs, contested_arcs
from sufficiency.plan.program import children_of, slack_of
from sufficiency.plan.rule_prices import told
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent

A_CHILD = 1e6
"""Cost of a miss of one child in the elastic program: far above the £ below which pricing adds no column."""
KEPT = 1e-6
"""Children: a smaller miss is none."""
YEARS_TOLD = 3
"""Years of a clash whose numbers are told."""
MENDS = "make one of them soft (hard = false), relax its limit, or let it start later"


def hard_rows(rows: Coupling) -> Flags:
    """[H] rows of rules that must hold."""
    return np.asarray(rows.of_rules & (rows.slack_most == 0))


def keeping_hard_rules(priced: Priced, progress: Progress = silent) -> Priced:
    """A program found infeasible, solved with all its arcs. Raises InputError that names the rules that clash where no
    plan keeps them, or the time was up before that was known.
    """
    progress("Solve", "looking for a plan that keeps the hard rules")
    prepared, deadline = priced.prepared, priced.deadline
    every = sorted(set(prepared.rows.item[hard_rows(prepared.rows)].tolist()))
    elastic = _elastic(prepared, deadline, every)
    if _kept(elastic):
        return all_arcs(prepared, deadline)
    if not elastic.solution.optimal and deadline.stopped:
        raise Interrupted("no plan was found yet that keeps the hard rules")
    if elastic.solution.optimal:
        elastic, clashing = _irreducible(prepared, elastic, progress)
        what, mend = _in_words(prepared, elastic, clashing), MENDS
    else:
        what, mend = "the time was up before a plan was found that keeps the hard rules", "give solver.seconds more"
    raise InputError([Problem(what, prepared.case.model.path.name, mend=mend)])


def _elastic(prepared: Prepared, deadline: Deadline, items: list[int]) -> Priced:
    """The least miss of the hard rules among `items` (others are let go), priced over all arcs."""
    data, rows = prepared.data, prepared.rows
    nothing, never = np.zeros_like(data.k), np.zeros_like(data.awaiting_money)
    unfunded = np.zeros_like(data.place_funding)
    free = replace(data, k=nothing, policy=nothing, place_funding=unfunded, awaiting_money=never, awaiting_weight=never)
    free = replace(free, option_cost=unfunded)
    hard = hard_rows(rows)
    loose = replace(
        rows,
        slack_cost=np.where(hard & np.isin(rows.item, items), A_CHILD, 0.0),
        slack_most=np.where(hard, np.inf, rows.slack_most),
        may_slack=rows.may_slack | hard,
    )
    return contested_arcs(replace(prepared, data=free, rows=loose), deadline=deadline)


def _least_miss(elastic: Priced) -> float:
    """Children by which the counted rules are missed."""
    return elastic.objective / A_CHILD


def _kept(elastic: Priced) -> bool:
    """Whether the counted rules are known to be kept together."""
    return elastic.solution.optimal and _least_miss(elastic) <= KEPT


def _irreducible(prepared: Prepared, elastic: Priced, progress: Progress) -> tuple[Priced, list[int]]:
    """Rules that clash and of which none can be left out, as far as there was time to see, with their least miss."""
    slack, prices = _slack_and_prices(elastic)
    taut = hard_rows(prepared.rows) & ((prices > A_CHILD * KEPT) | (slack > KEPT))
    clashing = sorted(set(prepared.rows.item[taut].tolist()))
    for item in list(clashing):
        progress("Solve", f"which of {len(clashing)} hard rules clash")
        others = [other for other in clashing if other != item]
        without = _elastic(prepared, elastic.deadline, others)
        if others and without.solution.optimal and _least_miss(without) > KEPT:
            clashing = others
    last = _elastic(prepared, elastic.deadline, clashing)
    return last if last.solution.optimal else elastic, clashing


def _slack_and_prices(elastic: Priced) -> tuple[Floats, Floats]:
    """[H] of each coupling row."""
    return slack_of(elastic.prepared.rows, elastic.program, elastic.solution.columns), elastic.prices


def _in_words(prepared: Prepared, elastic: Priced, clashing: list[int]) -> str:
    """Which rules of the model file clash, in which years, and how near to them a plan can come."""
    involved = _involved(prepared, elastic, clashing)
    named = [
        f"“{name}” (rules.{part['key'].iloc[0]}, {_years(part['year'].tolist())})"
        for name, part in involved.groupby("rule", sort=False)
    ]
    if prepared.case.model.rules.hard_journey_limit and _kept_on_long_journeys(prepared, elastic, clashing):
        named.append("rules.hard_journey_limit")
    what = "no plan keeps the hard rule " if len(named) == 1 else "no plan keeps these hard rules together: "
    missed = involved[involved["slack"] > KEPT]
    nearest = [
        f"“{name}”: {_misses([_miss(line) for line in part.itertuples()])}"
        for name, part in missed.groupby("rule", sort=False)
    ]
    text = f"{what}{_listed(named)}. The nearest one comes: {', and '.join(nearest)}"
    if missed["settled"].any():
        text += ". Children already placed, or who follow today's pattern, break it alone, and they are not moved"
    return text


def _involved(prepared: Prepared, elastic: Priced, clashing: list[int]) -> pd.DataFrame:
    """The rows of `told` that take part in the clash, with their `slack`, and whether what is `settled` breaks them."""
    data, rows = prepared.data, prepared.rows
    entrants, waiting = children_of(prepared, elastic.flows, elastic.program, elastic.solution.columns)
    slack, prices = _slack_and_prices(elastic)
    lines = told(prepared.case, data, rows, replayed_stock(data, entrants), waiting, prices)
    beyond = rows.used(prepared.settled.stock) > np.maximum(rows.limit, 0.0) + KEPT
    of_rules = rows.of_rules
    lines = lines.assign(
        slack=slack[of_rules], settled=beyond[of_rules] & lines["key"].isin(["share", "fairness"]) & ~lines["floor"]
    )
    taut = (slack > KEPT) | (prices > A_CHILD * KEPT)
    return lines[(np.isin(rows.item, clashing) & taut)[of_rules]]


def _kept_on_long_journeys(prepared: Prepared, elastic: Priced, clashing: list[int]) -> bool:
    """Whether the rules could be kept if children might travel beyond the journey limit."""
    rules = prepared.case.model.rules.model_copy(update={"hard_journey_limit": False})
    eased = prepare(replace(prepared.case, model=prepared.case.model.model_copy(update={"rules": rules})))
    return _kept(_elastic(eased, elastic.deadline, clashing))


def _misses(told: list[str]) -> str:
    more = len(told) - YEARS_TOLD
    return "; ".join(told[:YEARS_TOLD]) + (
        f"; and {more} years more" if more > 1 else "; and a year more" * max(more, 0)
    )


def _miss(line: Any) -> str:
    """A year, what a plan comes to and what the rule says, in words."""
    bound = f"at least {_number(line.limit)} asked" if line.floor else f"at most {_number(line.limit)} allowed"
    text = f"{line.year} {_number(line.value)} {line.unit}, {bound}"
    if line.unit != "children":
        return text
    return f"{text}, {_number(abs(line.value - line.limit))} too {'few' if line.floor else 'many'}"


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _years(years: list[int]) -> str:
    first, last = min(years), max(years)
    if sorted(set(years)) != list(range(first, last + 1)):
        return " ".join(map(str, years))
    return str(first) if first == last else f"{first}–{last}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
