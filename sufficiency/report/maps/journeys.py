"""Maps of journeys: lines from the areas where children live to the settings where they are placed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sufficiency.report.maps.areas import say
from sufficiency.report.maps.classes import Classes, count_classes
from sufficiency.report.maps.counts import flows, in_years
from sufficiency.report.maps.ground import Ground, draw_ground
from sufficiency.report.maps.legend import Block, Entry, draw_legend
from sufficiency.report.maps.notes import areas_note, settings_notes
from sufficiency.report.maps.page import Page, new_page, write_foot
from sufficiency.report.maps.request import MapRequest
from sufficiency.report.maps.settings import draw_markers
from sufficiency.report.maps.style import QUIET, TYPE_STYLES, line_colour, type_style
from sufficiency.report.maps.words import (
    label,
    number,
    selection_words,
    source_words,
    years_words,
)
from sufficiency.report.words import academic_year
from sufficiency.result import Result
from sufficiency.standing import of_summary

MOST_TYPES = 6
"""Panels of one year: the types with fewest children share the last."""
LEAST = 0.1
"""Children: a thinner flow is not drawn."""
FAINT, STEP = 0.4, 0.75
"""Points: width of lines of the lowest class, and by how much each class is wider."""
FAINT_SHADE = 0.55
"""Opacity of lines of the lowest class, where they are few."""


def journeys_map(result: Result, ground: Ground, request: MapRequest) -> Figure:
    """Desire lines: a panel for each type of setting in one year, or for each year where several are asked for."""
    moves = flows(result, request)
    drawn, nowhere = _drawable(moves, ground)
    classes = count_classes(drawn["children"], most=5)
    panels = _by_type(result, drawn) if len(request.years) == 1 else _by_year(drawn, request.years)
    page = new_page(
        f"Where children live and where they are placed, {years_words(request.years)}",
        f"{selection_words(result, request)} · straight lines from home area to setting, not routes",
        [caption for caption, _ in panels],
        ground.extent,
        of_summary(result.summary),
    )
    years_with_children = set(moves["year"])
    for axes, (_, rows), year in zip(page.panels, panels, _panel_years(request, len(panels)), strict=True):
        draw_ground(axes, ground, page.scale)
        if rows.empty:
            say(axes, "No journeys on the map" if year in years_with_children else "No children")
        else:
            _draw_lines(axes, ground, rows, classes, page.scale)
            _draw_ends(axes, page, rows)
    if len(drawn):
        draw_legend(page, [_widths(classes, page.scale), _types(result, page, drawn)])
    notes = [*settings_notes(result, request, page), *areas_note(in_years(nowhere, "children", request.years))]
    write_foot(page, notes, source_words(result))
    return page.figure


def _drawable(moves: pd.DataFrame, ground: Ground) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The flows that have two ends on the map, and those from an area without a place."""
    at = moves["area"].astype(str).map(ground.position)
    homes = np.full((len(moves), 2), np.nan)
    homes[at.notna()] = ground.centres[at.dropna().astype(int)]
    has_home = np.isfinite(homes).all(axis=1)
    has_end = moves["x"].notna() & moves["y"].notna()
    placed = moves.assign(home_x=homes[:, 0], home_y=homes[:, 1])
    return placed[has_home & has_end], placed[~has_home & has_end]


def _by_type(result: Result, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    totals = rows.groupby("type")["children"].sum().sort_values(ascending=False)
    types = [str(code) for code in totals.index]
    if not types:
        return [("", rows)]
    apart = types if len(types) <= MOST_TYPES else types[: MOST_TYPES - 1]
    groups = [[code] for code in apart] + ([types[len(apart) :]] if len(types) > len(apart) else [])
    return [(_caption(result, group, float(totals[group].sum())), rows[rows["type"].isin(group)]) for group in groups]


def _caption(result: Result, types: Sequence[str], children: float) -> str:
    names = label(result, "types", types[0]) if len(types) == 1 else "Other types"
    return f"{names}: {number(children)} children"


def _by_year(rows: pd.DataFrame, years: Sequence[int]) -> list[tuple[str, pd.DataFrame]]:
    return [(academic_year(year), rows[rows["year"] == year]) for year in years]


def _panel_years(request: MapRequest, panels: int) -> list[int]:
    return list(request.years) if len(request.years) > 1 else [request.years[0]] * panels


def _widths_of(classes: Classes, scale: float) -> NDArray[np.float64]:
    return np.asarray((FAINT + STEP * np.arange(len(classes.labels))) * max(scale, 0.5), dtype=np.float64)


def faintness(lines: int) -> float:
    """The opacity of the faint lines of a panel: the more there are the fainter, lest they add up to a blot."""
    return float(np.clip(FAINT_SHADE * np.sqrt(120 / max(lines, 1)), 0.07, FAINT_SHADE))


def _draw_lines(axes: Axes, ground: Ground, rows: pd.DataFrame, classes: Classes, scale: float) -> None:
    rows = rows[rows["children"] >= LEAST].sort_values("children", kind="stable")
    places = classes.of(rows["children"])
    faint = faintness(int((places == 0).sum()))
    axes.add_collection(
        LineCollection(
            list(rows[["home_x", "home_y", "x", "y"]].to_numpy(dtype=np.float64).reshape(-1, 2, 2)),
            linewidths=_widths_of(classes, scale)[places],
            colors=[line_colour(str(code)) for code in rows["type"]],
            alpha=np.where(places == 0, faint, 0.8),
            capstyle="round",
            zorder=3,
        ),
        autolim=False,
    )


def _draw_ends(axes: Axes, page: Page, rows: pd.DataFrame) -> None:
    ends = rows.drop_duplicates(["setting", "type"])
    inside = ends[page.holds(ends[["x", "y"]].to_numpy())]
    colours = [type_style(str(code)).colour for code in inside["type"]]
    draw_markers(axes, inside.assign(diameter=7.5 * page.scale, colour=colours), page.scale)


def _widths(classes: Classes, scale: float) -> Block:
    widths = _widths_of(classes, scale)
    rows = [
        Entry(
            words,
            QUIET if place == 0 else "#333333",
            width=float(widths[place]),
            alpha=FAINT_SHADE if place == 0 else 0.9,
        )
        for place, words in enumerate(classes.labels)
    ]
    return Block("Children making the journey", tuple(rows[::-1]))


def _types(result: Result, page: Page, rows: pd.DataFrame) -> Block:
    inside = rows[page.holds(rows[["x", "y"]].to_numpy())]
    codes = [code for code in TYPE_STYLES if code in set(inside["type"])]
    legend_rows = [
        Entry(label(result, "types", code), type_style(code).colour, type_style(code).marker, 8.5) for code in codes
    ]
    return Block("Setting", tuple(legend_rows))
