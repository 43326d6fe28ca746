"""The map as SVG: areas by class, localities and their names, settings by type and size, a bar of scale."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from sufficiency.report.maps.classes import round_down
from sufficiency.report.maps.style import TYPE_STYLES, edge_colour, type_style
from sufficiency.report.page.charts.svg import element, text
from sufficiency.report.page.map.outlines import MOST_NAMES, Outlines
from sufficiency.report.page.map.shapes import shape_path

SMALLEST, LARGEST = 5.5, 21.0
"""Radius of the shapes of settings."""
POINT = 9.0
"""Radius of an area that is a point."""


def size_of(places: float, biggest: float) -> float:
    """Radius of a setting: its shape's area is as its places, but that the smallest can be seen."""
    return max(SMALLEST, LARGEST * math.sqrt(max(places, 0.0) / max(biggest, 1.0)))


def map_picture(
    outlines: Outlines, fills: list[str], settings: list[dict[str, Any]], year: int, biggest: float, label: str
) -> Markup:
    """The map in one year; `fills` by area. `biggest`: most places of any setting in any year."""
    parts = [
        element("g", *_areas(outlines, fills), id="areas"),
        element("g", *(element("path", d=one.path) for one in outlines.localities), class_="localities"),
        element("g", id="journeys"),
        element("g", *settings_drawn(outlines, settings, year, biggest), id="sites"),
        element("g", *_names(outlines), class_="names"),
        _scale_bar(outlines),
    ]
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {outlines.width:.0f} {outlines.height:.0f}",
        role="img",
        aria_label=label,
        class_="map",
        id="map",
    )


def _areas(outlines: Outlines, fills: list[str]) -> list[Markup]:
    drawn = []
    for number, (path, fill) in enumerate(zip(outlines.paths, fills, strict=True)):
        x, y = outlines.centres[number].tolist()
        if path:
            drawn.append(element("path", d=path, fill=fill, id=f"a{number}"))
        elif math.isfinite(x) and math.isfinite(y):
            drawn.append(element("circle", cx=x, cy=y, r=POINT, fill=fill, id=f"a{number}"))
    return drawn


def settings_drawn(outlines: Outlines, settings: list[dict[str, Any]], year: int, biggest: float) -> list[Markup]:
    """Settings on the map, the large below the small; one outside the frame is an arrow at its edge."""
    drawn = []
    order = sorted(range(len(settings)), key=lambda number: -_size(settings[number], year))
    for number in order:
        one = settings[number]
        if one["x"] is None:
            continue
        style = type_style(one["type"])
        x, y, inside = clipped(outlines, one["x"], one["y"])
        if not inside:
            drawn.append(_arrow(outlines, one, number, x, y))
            continue
        radius = size_of(_size(one, year), biggest)
        hidden = "none" if _size(one, year) <= 0 else None
        drawn.append(
            element(
                "path",
                d=shape_path(one["type"]),
                transform=f"translate({x:.1f} {y:.1f}) scale({radius:.1f})",
                fill=style.colour,
                stroke=edge_colour(style.colour),
                display=hidden,
                id=f"s{number}",
            )
        )
    return drawn


def _size(setting: dict[str, Any], year: int) -> float:
    """Places of a setting, or the children there where it has no limit."""
    places = setting["places"][year]
    return float(setting["children"][year] if places < 0 else places)


def clipped(outlines: Outlines, x: float, y: float) -> tuple[float, float, bool]:
    """A place on the drawing, or where the line from its middle leaves the frame."""
    edge = 12.0
    if 0 <= x <= outlines.width and 0 <= y <= outlines.height:
        return x, y, True
    mid_x, mid_y = outlines.width / 2, outlines.height / 2
    across, down = x - mid_x, y - mid_y
    fit = min(
        (outlines.width / 2 - edge) / abs(across) if across else math.inf,
        (outlines.height / 2 - edge) / abs(down) if down else math.inf,
    )
    return mid_x + across * fit, mid_y + down * fit, False


def _arrow(outlines: Outlines, one: dict[str, Any], number: int, x: float, y: float) -> Markup:
    turned = math.degrees(math.atan2(one["y"] - y, one["x"] - x))
    km = math.hypot(one["x"] - x, one["y"] - y) / outlines.scale / 1000
    anchor = "end" if x > outlines.width / 2 else "start"
    colour = type_style(one["type"]).colour
    head = element(
        "path",
        d="M-1,-0.8L1,0L-1,0.8z",
        transform=f"translate({x:.1f} {y:.1f}) rotate({turned:.0f}) scale(9)",
        fill=colour,
        stroke=edge_colour(colour),
    )
    words = text(
        f"{one['name']}, {km:,.0f} km", x + (-14 if anchor == "end" else 14), y + 4, text_anchor=anchor, class_="away"
    )
    return element("g", head, words, id=f"s{number}", class_="outside")


def _names(outlines: Outlines) -> list[Markup]:
    if len(outlines.localities) > MOST_NAMES:
        return []
    drawn = []
    for one in outlines.localities:
        lines = _in_lines(one.name)
        for number, words in enumerate(lines):
            y = one.y + 5 + (number - (len(lines) - 1) / 2) * 19
            room = len(words) * 4.9
            x = min(max(one.x, room), outlines.width - room)
            drawn.append(text(words, x, y, text_anchor="middle"))
    return drawn


def _in_lines(name: str) -> list[str]:
    if len(name) <= 13 or " " not in name:
        return [name]
    middle = min((i for i, letter in enumerate(name) if letter == " "), key=lambda i: abs(i - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def _scale_bar(outlines: Outlines) -> Markup:
    metres = round_down(outlines.width / outlines.scale / 5000) * 1000
    long = metres * outlines.scale
    x, y = 14.0, outlines.height - 14.0
    line = element("path", d=f"M{x:.1f},{y - 5:.1f}v5h{long:.1f}v-5", class_="scale")
    return line + text(f"{metres / 1000:g} km", x + long + 7, y + 2, class_="scale-words")


def shape_icon(code: str, size: float = 14.0) -> Markup:
    """A type's shape for a legend."""
    style = type_style(code)
    shape = element(
        "path",
        d=shape_path(code),
        transform=f"translate({size / 2:.1f} {size / 2:.1f}) scale({size / 3:.1f})",
        fill=style.colour,
        stroke=edge_colour(style.colour),
    )
    return element(
        "svg", shape, viewBox=f"0 0 {size:.0f} {size:.0f}", class_="icon", aria_hidden="true", focusable="false"
    )


def types_in_order(settings: list[dict[str, Any]]) -> list[str]:
    """Types of the settings that are drawn, from dark to light."""
    present = {one["type"] for one in settings if one["x"] is not None}
    return [code for code in TYPE_STYLES if code in present]
