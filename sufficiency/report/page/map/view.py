"""The map's part of the page: what stands there before any script runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sufficiency.report.content.figure import Figure
from sufficiency.report.content.finding import ONE
from sufficiency.report.content.story import PLAN, Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.maps.words import clean, label
from sufficiency.report.page.map.data import LAYERS, Layer, choice_of, map_data, title_of
from sufficiency.report.page.map.draw import LARGEST, SMALLEST, map_picture, settings_drawn, shape_icon, types_in_order
from sufficiency.report.page.map.outlines import outlines_of
from sufficiency.report.words import academic_year


@dataclass(frozen=True)
class Legend:
    """Classes of a map: their words and colours."""

    title: str
    classes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MapView:
    """What the template shows, and the `data` that its scripts take. `sites`: the settings in the picture."""

    layers: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str], ...]
    year: str
    last: int
    finding: Words
    about: str
    picture: Markup
    sites: Markup
    legend: Legend
    authority: str
    facts: tuple[tuple[str, Figure], ...]
    hint: str
    types: tuple[tuple[Markup, str], ...]
    notes: tuple[str, ...]
    data: dict[str, Any]


def map_view(story: Story, shown: Sequence[Layer] = LAYERS) -> MapView:
    """The map of a result in the last year of its plan, with the layers that can be `shown`, the first at first."""
    result = story.result
    outlines, choice = outlines_of(result), choice_of(result)
    data = map_data(result, outlines, choice, shown)
    layer, words = shown[0].code, shown[0].words
    year = len(choice.years) - 1
    classes, counts = data["layers"][layer]["classes"][0], data["layers"][layer]["counts"][0][year]
    fills = [classes["colours"][class_of(classes["starts"], count)] for count in counts]
    biggest = max(
        (one["places"][t] for one in data["settings"] for t in range(len(choice.years)) if one["x"] is not None),
        default=1,
    )
    data["biggest"] = max(biggest, 1)
    data["smallest"], data["largest"] = SMALLEST, LARGEST
    data["width"], data["height"] = round(outlines.width), round(outlines.height)
    period = academic_year(choice.years[year])
    picture = map_picture(outlines, fills, data["settings"], year, data["biggest"], f"Map. {words}, {period}, by area.")
    sites = Markup("").join(settings_drawn(outlines, data["settings"], year, data["biggest"]))
    away = [one["name"] for one in data["settings"] if one["x"] is None]
    notes = [f"Not on the map: {', '.join(away)}."] if away else []
    if not set(result.frames["area_gaps"]["area"].astype(str)) <= set(outlines.codes):
        notes.append("Children whose area is not known are in the tables, and not on the map.")
    return MapView(
        tuple((one.code, one.short) for one in shown),
        tuple((code, name) for code, name in data["needs"]),
        tuple((code, name) for code, name in data["phases"]),
        period,
        year,
        _finding(story),
        f"{words}, {period}, by the area they live in; settings by type and places",
        picture,
        sites,
        Legend(title_of(shown[0], outlines), tuple(zip(classes["labels"], classes["colours"], strict=True))),
        clean(story.summary["model"]),
        _facts(story),
        "Choose an area or a setting on the map to see how many live or go there."
        if story.release
        else "Choose an area or a setting on the map to see who lives there and where they go.",
        tuple((shape_icon(code), label(result, "types", code)) for code in types_in_order(data["settings"])),
        tuple(notes),
        data,
    )


def class_of(starts: list[float], count: float) -> int:
    """The class that a whole number is in."""
    return max(sum(start <= count for start in starts) - 1, 0)


def _finding(story: Story) -> Words:
    last = story.last
    year = academic_year(last)
    children, short = story.get(f"children.{PLAN}.{last}"), story.get(f"shortfall.{last}")
    if short is None or short.value < ONE:
        return say(f"{{children}} children need a specialist place in {year}", children=children)
    are = "is" if short.text == "1" else "are"
    return say(
        f"{{children}} children need a specialist place in {year}; {{short}} {are} short of a state-funded one",
        children=children,
        short=short,
    )


def _facts(story: Story) -> tuple[tuple[str, Figure], ...]:
    last = story.last
    wanted = (
        (f"Children who need a place, {academic_year(last)}", f"children.{PLAN}.{last}"),
        (f"Short of a place, {academic_year(last)}", f"shortfall.{last}"),
        (f"State-funded places, {academic_year(last)}", f"state_funded_places.{PLAN}.{last}"),
    )
    figures = ((words, story.get(name)) for words, name in wanted)
    return tuple((words, figure) for words, figure in figures if figure is not None)
