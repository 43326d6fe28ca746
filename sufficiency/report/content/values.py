"""What one more place is worth."""

from __future__ import annotations

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.story import Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import academic_year, present_value

MOST_SHOWN = 10


def place_values(story: Story) -> Chapter:
    """The chapter on place values; where none is known it says so."""
    best = sorted(story.summary["places_most_worth"], key=lambda place: -place["net"])
    best = [place for place in best if place["net"] >= 500][:MOST_SHOWN]
    title = "What one more place is worth"
    if story.release:
        return Chapter("values", title)
    if not best:
        known = story.summary["status"] != "stopped"
        words = "No line of places is worth enlarging: there are places to spare." if known else "It is not known."
        return Chapter("values", title, ((words,),))
    rows: list[tuple[Cell, ...]] = []
    for place in best:
        end = f"{place['from_year']}.{place['line']}"
        bound = place["how"] != "resolved"
        rows.append(
            (
                f"{place['name']} ({' '.join(place['needs'])})" if len(place["needs"]) <= 4 else str(place["name"]),
                story.get(f"place_values_net.{end}"),
                story.get(f"place_values_pounds_a_year.{end}"),
                story.get(f"place_values_pounds_from.{end}"),
                "at most" if bound else "solved again",
            )
        )
    year = academic_year(best[0]["from_year"])
    finding: Words = say(
        f"One more place at {{name}} from {year} would save {{net}}, after its funding",
        name=str(best[0]["name"]),
        net=story.get(f"place_values_net.{best[0]['from_year']}.{best[0]['line']}"),
    )
    about = (
        f"What one more place would save from {year} to the end of the plan, {present_value(story.years[0])}, before "
        "building it. Net: less the funding of the place while it is empty. It counts fees, journeys and policy "
        "weights. The values of neighbouring settings do not add up."
    )
    heads = ("Setting", "Net", "A year, before funding", "In all, before funding", "How it was found")
    return Chapter("values", title, (), (Exhibit("values", finding, about, heads, tuple(rows)),))
