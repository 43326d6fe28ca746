"""Maps of areas: children who need a specialist place, and where places are short."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sufficiency.report.maps.classes import Classes, count_classes
from sufficiency.report.maps.counts import by_area, chosen
from sufficiency.report.maps.ground import Ground, draw_ground
from sufficiency.report.maps.labels import Label, draw_labels
from sufficiency.report.maps.legend import Block, Entry, draw_legend
from sufficiency.report.maps.notes import areas_note
from sufficiency.report.maps.page import Page, new_page, write_foot
from sufficiency.report.maps.request import MapRequest
from sufficiency.report.maps.style import INK, NOTHING, QUIET, shades
from sufficiency.report.maps.words import selection_words, source_words, years_words
from sufficiency.report.words import academic_year
from sufficiency.result import Result
from sufficiency.standing import of_summary

Floats = NDArray[np.float64]

MOST_LOCALITY_NAMES = 12


def demand_map(result: Result, ground: Ground, request: MapRequest) -> Figure:
    """Children who need a specialist place, by the area they live in."""
    rows = chosen(result, "area_gaps", request)
    children, elsewhere = by_area(rows, "demand", ground, request.years)
    return _map_of_areas(
        result,
        ground,
        request,
        children,
        title=f"Children who need a specialist place, {years_words(request.years)}",
        heading="Children living in the area",
        classes=count_classes(children),
        everyone=children,
        notes=[*areas_note(elsewhere), "Numbers are expected children: the forecast is not a count of named children."],
    )


def gap_map(result: Result, ground: Ground, request: MapRequest) -> Figure:
    """Children for whom places are short, by the area they live in."""
    rows = chosen(result, "area_gaps", request)
    short, elsewhere = by_area(rows, "shortfall", ground, request.years)
    everyone, _ = by_area(rows, "demand", ground, request.years)
    meaning = (
        "A place is short for a child who waits, who is placed above a setting’s number of places, or who is in an "
        "independent setting because every state-funded place that suits them and would cost less is taken."
    )
    return _map_of_areas(
        result,
        ground,
        request,
        short,
        title=f"Where specialist places are short, {years_words(request.years)}",
        heading="Children short of a place",
        classes=count_classes(short, none="None"),
        everyone=everyone,
        notes=[meaning, *areas_note(elsewhere)],
    )


def _map_of_areas(
    result: Result,
    ground: Ground,
    request: MapRequest,
    counts: Floats,
    *,
    title: str,
    heading: str,
    classes: Classes,
    everyone: Floats,
    notes: list[str],
) -> Figure:
    captions = [academic_year(year) for year in request.years]
    subtitle = f"{selection_words(result, request)} · by the area children live in"
    page = new_page(title, subtitle, captions, ground.extent, of_summary(result.summary))
    colours = class_colours(classes)
    for axes, row, children in zip(page.panels, counts, everyone, strict=True):
        if children.sum() <= 0:
            draw_ground(axes, ground, page.scale)
            say(axes, "No children")
            continue
        fill_areas(page, axes, ground, classes, row, named=len(page.panels) == 1)
    if everyone.sum() > 0:
        draw_legend(page, [Block(heading, _legend_rows(ground, page, classes, colours))])
    write_foot(page, notes, source_words(result))
    return page.figure


def fill_areas(page: Page, axes: Axes, ground: Ground, classes: Classes, row: Floats, *, named: bool) -> None:
    """Areas in the colour of their class (dots where they are points), with the names of localities where `named`."""
    colours = class_colours(classes)
    draw_ground(axes, ground, page.scale, [colours[place] for place in classes.of(row)])
    diameters = _draw_points(axes, ground, page, classes, row, colours)
    if named and not diameters:
        _name_localities(page, axes, ground)


def class_legend(ground: Ground, page: Page, classes: Classes) -> tuple[Entry, ...]:
    """The lines of a legend for classes of areas."""
    return _legend_rows(ground, page, classes, class_colours(classes))


def class_colours(classes: Classes) -> list[str]:
    """A colour for each class: darker is more, and none stands apart as white."""
    none = [NOTHING] if classes.has_none else []
    return none + shades(len(classes.labels) - len(none))


def say(axes: Axes, words: str) -> None:
    """Words across the middle of a panel that has nothing to show."""
    box = {"boxstyle": "square,pad=0.5", "facecolor": "white", "edgecolor": QUIET, "linewidth": 0.6}
    axes.text(
        0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", fontsize=12, color=INK, zorder=9, bbox=box
    )


def _is_point(ground: Ground) -> NDArray[np.bool_]:
    return np.array([outline is None for outline in ground.outlines]) & np.isfinite(ground.centres).all(axis=1)


def _diameter(place: int, page: Page) -> float:
    """Points across for an area that is a point, by class."""
    return (5.0 + 3.0 * place) * page.scale


def _draw_points(axes: Axes, ground: Ground, page: Page, classes: Classes, row: Floats, colours: list[str]) -> bool:
    points = np.flatnonzero(_is_point(ground))
    places = classes.of(row[points])
    biggest_first = np.argsort(-places, kind="stable")
    axes.scatter(
        ground.centres[points[biggest_first], 0],
        ground.centres[points[biggest_first], 1],
        s=[_diameter(int(place), page) ** 2 for place in places[biggest_first]],
        c=[colours[place] for place in places[biggest_first]],
        edgecolors=INK,
        linewidths=0.5,
        zorder=3,
    )
    return bool(points.size)


def _legend_rows(ground: Ground, page: Page, classes: Classes, colours: list[str]) -> tuple[Entry, ...]:
    marker = "o" if _is_point(ground).any() else ""
    return tuple(
        Entry(words, colour, marker, _diameter(place, page))
        for place, (words, colour) in enumerate(zip(classes.labels, colours, strict=True))
    )


def _name_localities(page: Page, axes: Axes, ground: Ground) -> None:
    if len(ground.localities) <= MOST_LOCALITY_NAMES:
        names = [Label(locality.name, *locality.anchor) for locality in ground.localities]
        draw_labels(page, axes, names, [], size=8.0, bold=True)
