"""How maps look: shades that get darker with the number; each type has its own marker and shade."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex, to_rgb

DPI = 220
INK = "#1c1c1c"
QUIET = "#5f6368"
BACKDROP = "#e9ebec"
LAND = "#ffffff"
NOTHING = "#ffffff"
RIM, RING = 0.6, 2.2
"""Points across of the rim of a filled marker, and of one that is only a ring."""
AREA_LINE = "#a9a9a9"
LOCALITY_LINE = "#4d4d4d"
PALE_LINE, PALE_LOCALITY_LINE = "#cdcdcd", "#9c9c9c"
WARNING = "#8a1538"

LIGHTEST, DARKEST = 84.0, 24.0
"""Lightness (CIE L*) of the lowest and the highest class."""


@dataclass(frozen=True)
class TypeStyle:
    """How one type of setting is drawn."""

    marker: str
    colour: str


STRETCH: dict[str, float] = {
    "s": 0.89,
    "D": 0.89,
    "^": 1.25,
    "v": 1.25,
    "<": 1.25,
    ">": 1.25,
    "p": 1.1,
    "h": 1.1,
    "d": 1.15,
    "X": 1.15,
    "P": 1.15,
    "*": 1.6,
}
"""What a marker's width is multiplied by, so that shapes of one size cover the same area as a circle."""

TYPE_STYLES: dict[str, TypeStyle] = {
    "special_school": TypeStyle("s", "#12203f"),
    "independent": TypeStyle("v", "#6b0f22"),
    "eotas": TypeStyle(">", "#4b4453"),
    "hospital": TypeStyle("P", "#5b3f86"),
    "special_free_school": TypeStyle("D", "#106a8c"),
    "non_maintained": TypeStyle("X", "#a8479a"),
    "alternative_provision": TypeStyle("^", "#d1541b"),
    "college": TypeStyle("p", "#57a744"),
    "specialist_post_16": TypeStyle("h", "#bd961f"),
    "other": TypeStyle("*", "#a3a3a3"),
    "resource_base": TypeStyle("o", "#5bb5ea"),
    "home_education": TypeStyle("<", "#e8a6c4"),
    "early_years": TypeStyle("d", "#e9d849"),
    "mainstream": TypeStyle("8", "#e6ecef"),
}
"""From dark to light: the order survives a black-and-white copier, and no two types share a marker."""


def type_style(code: str) -> TypeStyle:
    """The style of a type of setting."""
    return TYPE_STYLES.get(code, TYPE_STYLES["other"])


def edge_colour(colour: str) -> str:
    """The rim of a marker: white round a dark one, so that two that overlap stay two."""
    return "#ffffff" if lightness(colour) < 35 else INK


def marker_colours(colour: str, is_ring: bool = False, scale: float = 1.0) -> dict[str, Any]:
    """Fill and rim of a marker as matplotlib takes them; a ring is white within a thick rim of its colour."""
    if is_ring:
        return {"markerfacecolor": NOTHING, "markeredgecolor": colour, "markeredgewidth": RING * scale}
    return {"markerfacecolor": colour, "markeredgecolor": edge_colour(colour), "markeredgewidth": RIM * scale}


def line_colour(code: str, lightest: float = 55.0) -> str:
    """The colour of a type, darkened where a thin line of it would be lost on pale ground."""
    red, green, blue = to_rgb(type_style(code).colour)
    while lightness(to_hex((red, green, blue))) > lightest:
        red, green, blue = red * 0.95, green * 0.95, blue * 0.95
    return to_hex((red, green, blue))


def lightness(colour: str) -> float:
    """CIE L* of a colour: 0 black, 100 white."""
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return float(116 * np.cbrt(luminance) - 16) if luminance > 0.008856 else 903.3 * luminance


def shades(count: int) -> list[str]:
    """`count` colours from light to dark, in even steps of lightness."""
    if count < 1:
        return []
    samples = [to_hex(tuple(colour)) for colour in mpl.colormaps["YlGnBu"](np.linspace(0.0, 1.0, 256)).tolist()]
    light = np.array([lightness(colour) for colour in samples])
    wanted = np.linspace(LIGHTEST, DARKEST, count) if count > 2 else np.array([78.0, 45.0])[:count]
    return [samples[int(np.abs(light - target).argmin())] for target in wanted]


@contextmanager
def drawing_style() -> Iterator[None]:
    """The settings of matplotlib for a map, whatever the user's own are; theirs come back afterwards."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "text.parse_math": False,  # a $ in the name of a school is a $
                "font.family": "sans-serif",
                "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica", "sans-serif"],
                "svg.fonttype": "none",
                "svg.hashsalt": "sufficiency",
                "text.color": INK,
                "path.simplify": True,
                "axes.linewidth": 0.6,
            }
        )
        yield
