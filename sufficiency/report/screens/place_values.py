"""What one more place is worth, on the screen."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from sufficiency.report.words import academic_year, millions

MOST_SHOWN = 5


def place_values_block(summary: dict[str, Any]) -> list[str]:
    """The places of the first year of which one more is worth most, from that year on and a year."""
    best = summary["places_most_worth"][:MOST_SHOWN]
    if not best and summary["status"] == "stopped":
        return ["What one more place is worth is not known: no prices were found that say so."]
    if not best:
        return ["No line of places is worth enlarging: there are places to spare."]
    year, money_of = academic_year(best[0]["from_year"]), academic_year(summary["years"][0])
    lines = [
        f"What one more place would save, from {year} to the end of the plan (present",
        f"value, {money_of} pounds; fees, journeys and policy weights, before building):",
        f"{'':<42}{'in all':>15}{'a year':>8}{'less funding':>13}",
    ]
    for place in best:
        needs = " ".join(place["needs"]) if len(place["needs"]) <= 5 else f"{len(place['needs'])} needs"
        words = shorten(f"{place['name']} ({place['line']}): {needs}", 40, placeholder="…")
        found = "" if place["how"] == "resolved" else "about " if summary["status"] == "stopped" else "at most "
        worth = f"{found}{millions(place['pounds_from'])}"
        lines.append(f"  {words:<40}{worth:>15}{millions(place['pounds_a_year']):>8}{millions(place['net']):>13}")
    return [*lines, "A year: the same amount every year that has this present value."]
