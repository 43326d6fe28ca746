"""What policy rules cost in a plan, in their own unit, and which of them it misses."""

from __future__ import annotations

import pandas as pd

from sufficiency.plan.rows.rule_measures import measure_rules
from sufficiency.plan.solve.solve import Plan

MISSED = 0.05
"""Children or minutes: a rule missed by less is kept."""


def rules_told(plan: Plan) -> pd.DataFrame:
    """The rules of a plan, as `measure_rules`; `pounds` and `per_point` are NaN where a stopped plan has no price."""
    rules = measure_rules(plan.case, plan.data, plan.rows, plan.stock, plan.waiting, plan.prices)
    return rules.assign(**{name: plan.known(rules[name].to_numpy()) for name in ("pounds", "per_point")})


def rules_missed(plan: Plan) -> str:
    """The rules that a plan misses, with the first and the last year in which it does; blank where none is missed."""
    rules = rules_told(plan)
    missed = rules[rules["missed"] >= MISSED].groupby("rule", sort=False)["year"]
    spans = missed.agg(["min", "max", "count"]).astype(int)
    return "; ".join(f"{rule}: {_span(*years)}" for rule, *years in spans.itertuples(name=None))


def _span(first: int, last: int, count: int) -> str:
    if first == last:
        return str(first)
    return f"{first} to {last}" if last - first + 1 == count else f"{count} years between {first} and {last}"
