"""How full settings are, line by line and year by year."""

from __future__ import annotations

import pandas as pd

from sufficiency.report.content.exhibit import Cell, Chapter, Exhibit
from sufficiency.report.content.story import Story, year_heads
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import academic_year

OVER = 1.005
"""Share of places filled that is over the places in whole percent."""


def occupancy(story: Story) -> Chapter:
    """The chapter on how full settings are; only lines with a number of places."""
    return Chapter("occupancy", "How full settings are", (), tuple(_exhibits(story)))


def _exhibits(story: Story) -> list[Exhibit]:
    table = story.frame("occupancy")
    if table is None or not len(table) or "fill" not in table:
        return []
    limited = table[table["places"].notna() & (table["places"] > 0)]
    if not len(limited):
        return []
    years = tuple(story.years)
    lines = limited.drop_duplicates("line").set_index("line")
    kinds = {str(line): str(kind) for line, kind in lines["type"].items()}
    names = names_of_lines(story, lines)
    last = limited[limited["year"] == story.last].set_index("line")["fill"]
    order = sorted(
        kinds,
        key=lambda line: (story.label("types", kinds[line]), -float(last.get(line, 0.0)), line),
    )
    rows: list[tuple[Cell, ...]] = []
    kind = None
    for line in order:
        if kinds[line] != kind:
            kind = kinds[line]
            rows.append((story.label("types", kind),))
        cells = (story.get(f"occupancy_fill.{year}.{line}") for year in years)
        rows.append((names[line], story.get(f"occupancy_places.{story.last}.{line}"), *cells))
    heads = ("Setting", f"Places {academic_year(story.last)}", *year_heads(years))
    return [
        Exhibit(
            "occupancy",
            _finding(story, last, names),
            "Children placed as a share of places, by academic year. A line is the places of one setting for the same "
            "children; lines without a limit are left out.",
            heads,
            tuple(rows),
            shaded=True,
        )
    ]


def _finding(story: Story, last: pd.Series, names: dict[str, str]) -> Words:
    year = academic_year(story.last)
    fullest = story.get(f"occupancy_fill.{story.last}.{last.idxmax()}") if len(last) else None
    if fullest is None:
        return (f"No setting with a number of places is open in {year}",)
    name = names[str(last.idxmax())]
    if fullest.value >= OVER:
        return say(f"The fullest setting in {year} is {{name}}, at {{fill}} of its places", name=name, fill=fullest)
    return say(
        f"No setting is over its places in {year}; the fullest is {{name}}, at {{fill}}", name=name, fill=fullest
    )


def names_of_lines(story: Story, lines: pd.DataFrame) -> dict[str, str]:
    """What a line is called: its setting, with the line's own code where the setting has several."""
    settings = story.result.settings
    name = dict(zip(settings["setting"].astype(str), settings["name"].astype(str), strict=True))
    several = lines["setting"].astype(str).duplicated(keep=False)
    return {
        str(line): f"{name.get(str(setting), str(setting))} ({line})" if many else name.get(str(setting), str(setting))
        for line, setting, many in zip(lines.index, lines["setting"], several, strict=True)
    }
