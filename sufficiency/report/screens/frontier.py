"""The frontier on the screen."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from sufficiency.report.words import WIDTH, columns_of, millions, present_value

if TYPE_CHECKING:
    from sufficiency.studies.frontier import Frontier

HEAD = ("fair", "mean", "beyond the", "awaiting", "more than the cheapest plan")
UNDER = ("journey", "journey", "guideline", "a place", "money", "with weights")


def frontier_screen(plans: Frontier) -> str:
    """One line a plan, from the cheapest to the fairest."""
    lines = ["What fairer journeys cost: plans from the cheapest to the fairest"]
    lines += [plans.standing.screen] if plans.standing else []
    if plans.missing:
        asked = len(plans.points) + plans.missing
        lines.append(f"Interrupted: {len(plans.points)} of {asked} plans were made, from the cheapest on.")
    lines += ["", f"{HEAD[0]:>9}{HEAD[1]:>10}{HEAD[2]:>12}{HEAD[3]:>10}{HEAD[4]:>30}"]
    lines.append(f"{UNDER[0]:>9}{UNDER[1]:>10}{UNDER[2]:>12}{UNDER[3]:>10}{UNDER[4]:>14}{UNDER[5]:>16}")
    for _, row in plans.points.iterrows():
        lines.append(
            columns_of(
                (
                    f"{row['fair_minutes']:.1f} min",
                    f"{row['mean_minutes']:.1f} min",
                    f"{row['over_limit']:,.0f}",
                    f"{row['awaiting']:,.0f}",
                    millions(row["extra_money"]),
                    millions(row["extra_objective"]),
                ),
                (9, 10, 12, 10, 14, 16),
            )
        )
    lines += [
        "",
        "Fair journey: what, if every child had it, would be as good as all journeys of the plan;",
        f"long ones count more (Kolm–Pollak, κ = {plans.kappa:.4f} a minute). Children: an average year.",
        f"Pounds: {present_value(plans.first_year)}, over all years.",
    ]
    for _, row in plans.points[plans.points["rules_missed"] != ""].iterrows():
        lines += wrap(f"At {row['fair_minutes']:.1f} min policy rules are missed: {row['rules_missed']}", WIDTH)
    return "\n".join(lines)
