"""The map and the charts of an answer: those of the report's page, with who is placed elsewhere as a layer more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from sufficiency.report.content.children import places_and_children
from sufficiency.report.content.exhibit import Chapter
from sufficiency.report.content.money import money
from sufficiency.report.content.story import story_of
from sufficiency.report.page.map.data import LAYERS, Layer
from sufficiency.report.page.map.view import MapView, map_view
from sufficiency.result import Result
from sufficiency.serve.words import Names
from sufficiency.studies.compare import moves_by_cell

MOVED = Layer(
    "moved",
    "Children placed elsewhere than in the plan at hand",
    "Children placed elsewhere",
    "Placed elsewhere",
    "None",
)
CELL = ["year", "area", "need", "phase"]


@dataclass(frozen=True)
class Pictures:
    """The `map` with its data, and `chapters` of the report whose exhibits are drawn."""

    map: MapView
    data: dict[str, Any]
    sites: Markup
    chapters: tuple[Chapter, ...]


def pictures_of(result: Result, base: Result, names: Names, *, meeting: bool) -> Pictures:
    """In a `meeting` settings have no names, and only the chapter on money is there: it counts no children."""
    here = _with_moved(_named(result, names) if meeting else result, base)
    story = story_of(here)
    view = map_view(story, (*LAYERS, MOVED))
    chapters = (money(story),) if meeting else (places_and_children(story), money(story))
    return Pictures(view, view.data, view.sites, chapters)


def _with_moved(result: Result, base: Result) -> Result:
    moved = moves_by_cell(base, result)["moved"].reset_index()
    gaps = result.frames["area_gaps"].merge(moved, on=CELL, how="left", validate="m:1")
    gaps["moved"] = gaps["moved"].fillna(0.0)
    return replace(result, frames={**result.frames, "area_gaps": gaps})


def _named(result: Result, names: Names) -> Result:
    """The result with settings called by their type and a number."""
    settings = result.settings.copy()
    settings["name"] = [names.settings.get(str(code), str(code)) for code in settings["setting"]]
    return replace(result, settings=settings)
