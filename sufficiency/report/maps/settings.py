"""Maps of settings: their types and places, and what one more place is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sufficiency.report.maps.areas import class_colours, say
from sufficiency.report.maps.classes import pound_classes, round_down
from sufficiency.report.maps.counts import by_area, chosen, places_by_setting, value_by_setting
from sufficiency.report.maps.ground import Ground, draw_ground
from sufficiency.report.maps.labels import Label, draw_labels
from sufficiency.report.maps.legend import Block, Entry, draw_legend
from sufficiency.report.maps.notes import settings_notes
from sufficiency.report.maps.page import Page, new_page, write_foot
from sufficiency.report.maps.request import MapRequest
from sufficiency.report.maps.style import STRETCH, TYPE_STYLES, marker_colours, type_style
from sufficiency.report.maps.words import clean, label, pounds, selection_words, source_words, years_words
from sufficiency.report.words import academic_year
from sufficiency.result import Result
from sufficiency.standing import of_summary

BIGGEST, SMALLEST = 22.0, 3.2
"""Points across of the largest and the least marker on a single map."""
MOST_NAMES = 24
NAMED_PANELS = 2
"""Names are written where there are no more panels than this."""
NAMED_BY_VALUE = 12
NAMED_FIRST = ("special_school", "special_free_school", "non_maintained", "independent")


def settings_map(result: Result, ground: Ground, request: MapRequest) -> Figure:
    """Settings by type, sized by their places."""
    places = places_by_setting(result, request)
    page = _page(result, ground, request, f"Specialist settings and their places, {years_words(request.years)}")
    shown = places[page.holds(places[["x", "y"]].to_numpy())]
    most = float(shown["size"].max()) if len(shown) else 1.0
    rows = shown.assign(
        diameter=[marker_diameter(size, most, page.scale) for size in shown["size"]],
        colour=[type_style(code).colour for code in shown["type"]],
    )
    is_special = rows["type"].isin(NAMED_FIRST)
    _draw_years(result, ground, request, page, rows.assign(is_first=is_special), "No settings on the map")
    sizes = [
        Entry(f"{size:,.0f}", "#d9d9d9", "o", marker_diameter(size, most, page.scale)) for size in legend_sizes(most)
    ]
    if len(rows):
        draw_legend(page, [_types(result, rows), Block("Places", tuple(sizes))])
    notes = settings_notes(result, request, page)
    if not shown["is_limited"].all():
        notes.insert(0, "Where a setting’s places are not limited, its size shows the children placed.")
    write_foot(page, [*_selected(request), *notes], source_words(result))
    return page.figure


def place_value_map(result: Result, ground: Ground, request: MapRequest) -> Figure:
    """Settings shaded and sized by what one more place is worth from that year on."""
    values = value_by_setting(result, request)
    page = _page(result, ground, request, f"What one more place is worth, {years_words(request.years)}")
    shown = values[page.holds(values[["x", "y"]].to_numpy())]
    stopped = result.summary.get("status") == "stopped"
    classes = pound_classes(shown["pounds_from"], none="No value found yet" if stopped else "No value: places to spare")
    colours = class_colours(classes)
    diameters = [(6.0 + 3.0 * place) * page.scale for place in range(len(colours))]
    places = classes.of(shown["pounds_from"])
    is_bound = shown["is_bound"].to_numpy(dtype=bool) & (places > 0)  # nothing at most is nothing
    rows = shown.assign(
        size=shown["pounds_from"],
        diameter=[diameters[place] for place in places],
        colour=[colours[place] for place in places],
        is_ring=is_bound,
        name=[
            f"{clean(name, 30)}: {'about' if stopped else 'at most'} {pounds(worth / 1000)}" if bound else name
            for name, worth, bound in zip(shown["name"], shown["pounds_from"], is_bound, strict=True)
        ],
    )
    is_most = rows["size"].rank(ascending=False) <= NAMED_BY_VALUE
    _draw_years(result, ground, request, page, rows.assign(is_first=is_most), "No place values on the map")
    if len(rows):
        start = academic_year(request.years[0]) if len(request.years) == 1 else "that year"
        first = academic_year(result.summary["years"][0])
        about = f"Saved by one more place from {start} to the end of the plan: present value, {first} pounds"
        legend_rows = [
            Entry(words, colours[place], "o", diameters[place]) for place, words in enumerate(classes.labels)
        ]
        if is_bound.any():
            words = "Ring: a rough value" if stopped else "Ring: at most so much, an upper bound"
            legend_rows = [Entry(words, colours[-1], "o", diameters[1], is_ring=True), *legend_rows]
        draw_legend(
            page, [Block("Worth of a place", tuple(legend_rows[::-1]), about), _types(result, rows, plain=True)]
        )
    notes = [
        "Each setting shows those of its places of which one more is worth most.",
        "Settings without a limit on places are not shown.",
    ]
    if len(request.years) > 1:
        notes.append("The later the year, the fewer years of saving are left in the plan.")
    if stopped and not (shown["pounds_from"] > 0).any():
        notes.append("The plan was stopped before any value was found.")
    elif stopped:
        notes.append(
            "The plan was stopped: these values are rough, for they come from prices that are not the best yet."
        )
    elif is_bound.any():
        bounds = int(shown.loc[is_bound, "setting"].nunique())
        notes.append(
            f"Filled: found by planning again with the place. A ring, at {bounds} setting{'s' if bounds > 1 else ''}: "
            "an upper bound, the place is worth at most that."
        )
    write_foot(page, [*_selected(request), *notes], source_words(result))
    return page.figure


def marker_diameter(size: float, most: float, scale: float) -> float:
    """Points across of a marker whose area goes with its size, but never too small to tell its shape."""
    return float(max(BIGGEST * scale * np.sqrt(size / most), SMALLEST))


def legend_sizes(most: float) -> list[float]:
    """Up to three round sizes, small to large, that stand for the markers up to `most`."""
    sizes = {round_down(most * share) for share in (0.05, 0.3, 1.0)}
    return sorted(size for size in sizes if size <= max(most, 1.0))


def _page(result: Result, ground: Ground, request: MapRequest, title: str) -> Page:
    captions = [academic_year(year) for year in request.years]
    return new_page(title, selection_words(result, request), captions, ground.extent, of_summary(result.summary))


def _selected(request: MapRequest) -> list[str]:
    if request.everyone:
        return []
    return ["Only settings where these children are placed; other children may use the same places."]


def _draw_years(
    result: Result, ground: Ground, request: MapRequest, page: Page, rows: pd.DataFrame, nothing: str
) -> None:
    children, elsewhere = by_area(chosen(result, "area_gaps", request), "demand", ground, request.years)
    everyone = [float(row.sum()) + more for row, more in zip(children, elsewhere, strict=True)]
    for axes, year, total in zip(page.panels, request.years, everyone, strict=True):
        draw_ground(axes, ground, page.scale)
        here = rows[rows["year"] == year].sort_values("diameter", ascending=False, kind="stable")
        if total <= 0:
            say(axes, "No children")
        elif here.empty:
            say(axes, nothing)
        else:
            draw_markers(axes, here, page.scale)
            if len(page.panels) <= NAMED_PANELS:
                _name_settings(page, axes, here)


def draw_markers(axes: Axes, rows: pd.DataFrame, scale: float) -> None:
    """A marker for each row (x, y, type, diameter, colour; `is_ring`: not filled), in their order: the shape tells the
    type.
    """
    rings = rows["is_ring"].tolist() if "is_ring" in rows else [False] * len(rows)
    columns = zip(*(rows[name].tolist() for name in ("x", "y", "type", "diameter", "colour")), rings, strict=True)
    for order, (x, y, code, diameter, colour, is_ring) in enumerate(columns):
        marker = type_style(code).marker
        axes.plot(
            [x],
            [y],
            marker=marker,
            markersize=diameter * STRETCH.get(marker, 1.0),
            **marker_colours(colour, is_ring, max(scale, 0.6)),
            linestyle="none",
            zorder=4 + order * 1e-3,
        )


def _name_settings(page: Page, axes: Axes, rows: pd.DataFrame) -> None:
    columns = zip(*(rows[name].tolist() for name in ("name", "x", "y", "diameter", "is_first")), strict=True)
    markers = [Label(clean(name, 48), x, y, diameter / 2, first) for name, x, y, diameter, first in columns]
    order = np.lexsort((-rows["size"].to_numpy(dtype=np.float64), ~rows["is_first"].to_numpy(dtype=bool)))
    draw_labels(page, axes, [markers[place] for place in order], markers, size=6.8, most=MOST_NAMES)


def _types(result: Result, rows: pd.DataFrame, plain: bool = False) -> Block:
    present = set(rows["type"])
    codes: Sequence[str] = [code for code in TYPE_STYLES if code in present]
    legend_rows = [
        Entry(
            label(result, "types", code), "#d9d9d9" if plain else type_style(code).colour, type_style(code).marker, 8.5
        )
        for code in codes
    ]
    return Block("Type of setting", tuple(legend_rows))
