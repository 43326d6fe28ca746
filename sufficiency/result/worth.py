"""What a point of a policy rule is worth: its price, for one child and for one point of its share."""

from __future__ import annotations

from typing import Any

import numpy as np

from sufficiency.plan.coupling import in_scope
from sufficiency.plan.solve import Plan

WORTH_SHOWING = 0.5
"""£: less is nothing."""
POINT = 0.01


def rules_worth(plan: Plan) -> list[dict[str, Any]]:
    """For each share rule and year with a price: discounted £ saved if one child more (for a floor: fewer) were
    allowed, and if its share were one point looser; the dearest first. A rule on a number of children has no points.

    Prices are duals: right for the first child, an upper bound on what many would save.
    """
    rows, data = plan.rows, plan.data
    told = []
    for row in np.flatnonzero((rows.family == "rule") & (plan.prices > WORTH_SHOWING)):
        rule = plan.case.model.rules.share[rows.item[row]]
        everyone = float(data.demand[rows.year[row], in_scope(plan.case, data, rule)].sum())
        on_share = rule.at_most is not None or rule.at_least is not None
        pounds = float(plan.prices[row])
        told.append(
            {
                "rule": rule.name,
                "year": int(data.years[rows.year[row]]),
                "pounds_a_child": pounds,
                "pounds_a_point": pounds * POINT * everyone if on_share else None,
            }
        )
    return sorted(told, key=lambda entry: -entry["pounds_a_child"])
