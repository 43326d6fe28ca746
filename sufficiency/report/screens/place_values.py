"""What one more place is worth, on the screen."""

from __future__ import annotations

from typing import Any

from sufficiency.report.words import academic_year, columns_of, millions, present_value, row_of, sentences

MOST_SHOWN = 5
NAMES = 42


def place_values_block(summary: dict[str, Any]) -> list[str]:
    """The places of the first year of which one more is worth most after its funding, from that year on and a year."""
    best = sorted(summary["places_most_worth"], key=lambda place: -place["net"])[:MOST_SHOWN]
    if not best and summary["status"] == "stopped":
        return ["What one more place is worth is not known: no prices were found that say so."]
    if not best:
        return ["No line of places is worth enlarging: there are places to spare."]
    year = academic_year(best[0]["from_year"])
    lines = sentences(
        f"What one more place would save from {year} to the plan's end: fees, journeys, weights, filling it; "
        f"before building ({present_value(summary['years'][0])})."
    )
    lines.append(f"{'':<{NAMES}}{'in all':>15}{'a year':>9}{'net':>11}")
    for place in best:
        needs = " ".join(place["needs"]) if len(place["needs"]) <= 5 else f"{len(place['needs'])} needs"
        how_near = "" if place["how"] == "resolved" else "about " if summary["status"] == "stopped" else "at most "
        worth = f"{how_near}{millions(place['pounds_from'])}"
        figures = columns_of((worth, millions(place["pounds_a_year"]), millions(place["net"])), (15, 9, 11))
        lines += row_of(f"{place['name']} ({place['line']}): {needs}", [figures], NAMES)
    return lines + sentences(
        "A year: the same amount every year that has this present value. Net: in all less what an empty place costs."
    )
