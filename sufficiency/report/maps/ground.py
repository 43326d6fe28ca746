"""The ground of a map: the outlines of areas and localities, and where each area's children are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from sufficiency.report.maps.style import AREA_LINE, LAND, LOCALITY_LINE, PALE_LINE, PALE_LOCALITY_LINE
from sufficiency.report.maps.words import clean
from sufficiency.result import Result

Floats = NDArray[np.float64]

FINEST = 5000
"""Outlines are drawn with details down to this part of the map's longer side: finer than a printer's dot."""
LEAST_SIDE = 1000.0
"""Metres: the least width and height of a map."""


@dataclass(frozen=True)
class Locality:
    """A planning area: its outline (none where areas are points) and where its name goes."""

    name: str
    outline: Outline
    anchor: tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """The areas in the order of `result.areas`. Journeys start at `centres` [A, 2]; `outlines` of points are None."""

    codes: tuple[str, ...]
    centres: Floats
    outlines: tuple[Outline | None, ...]
    localities: tuple[Locality, ...]
    extent: tuple[float, float, float, float]

    @property
    def position(self) -> dict[str, int]:
        """The place of each area in the order."""
        return {code: place for place, code in enumerate(self.codes)}


def ground_of(result: Result) -> Ground:
    """The ground of a result's maps."""
    return ground_of_areas(result.areas)


def ground_of_areas(areas: gpd.GeoDataFrame) -> Ground:
    """The ground of areas in the British National Grid: `area`, `locality`, geometry, and `x`, `y` where known."""
    shapes = np.array(areas.geometry.to_numpy(), dtype=object)
    invalid = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    shapes[invalid] = shapely.make_valid(shapes[invalid])
    centres = centres_of(areas, shapes)
    extent = _extent(shapes, centres)
    finest = max(extent[2] - extent[0], extent[3] - extent[1]) / FINEST
    plain = shapely.simplify(shapes, finest)
    outlines = tuple(outline_of(shape) if _is_surface(shape) else None for shape in plain)
    names = areas["locality"].to_numpy() if "locality" in areas else np.full(len(areas), None)
    return Ground(
        tuple(str(code) for code in areas["area"]), centres, outlines, _localities(names, shapes, finest), extent
    )


def centres_of(areas: Any, shapes: NDArray[Any]) -> Floats:
    """[A, 2] the centre of each area: the one given, or else a point inside its shape."""
    inside = shapely.point_on_surface(shapes)
    centres = np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])
    if {"x", "y"} <= set(areas.columns):
        given = areas[["x", "y"]].to_numpy(dtype=np.float64)
        centres = np.where(np.isfinite(given), given, centres)
    return np.asarray(centres, dtype=np.float64)


def _extent(shapes: NDArray[Any], centres: Floats) -> tuple[float, float, float, float]:
    corners = np.vstack([shapely.get_coordinates(shapes), centres[np.isfinite(centres).all(axis=1)]])
    if corners.size == 0:
        return 0.0, 0.0, LEAST_SIDE, LEAST_SIDE
    low, high = corners.min(axis=0), corners.max(axis=0)
    short = np.maximum(LEAST_SIDE - (high - low), 0.0) / 2
    low, high = low - short, high + short
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _is_surface(shape: Any) -> bool:
    return shape is not None and not shape.is_empty and shapely.get_dimensions(shape) == 2


def outline_of(shape: Any) -> Outline:
    """The rings of a polygon, or of several, as one path whose holes stay open."""
    polygons = [part for part in shapely.get_parts(shape, return_index=False) if _is_surface(part)]
    rings = shapely.get_rings(shapely.normalize(np.array(polygons, dtype=object)))  # normal: holes run the other way
    corners, codes = [], []
    for ring in rings:
        points = shapely.get_coordinates(ring)
        corners.append(points)
        codes.append([Outline.MOVETO, *[Outline.LINETO] * (len(points) - 2), Outline.CLOSEPOLY])
    return Outline(np.vstack(corners), np.concatenate(codes))


def _localities(names: NDArray[Any], shapes: NDArray[Any], finest: float) -> tuple[Locality, ...]:
    surfaces = np.array([_is_surface(shape) for shape in shapes], dtype=bool)
    known = sorted({str(name) for name in names[surfaces] if isinstance(name, str) and name.strip()})
    localities = []
    for name in known:
        whole = shapely.simplify(shapely.union_all(shapes[surfaces & (names == name)]), finest)
        anchor = shapely.point_on_surface(whole)
        localities.append(Locality(clean(name, 40), outline_of(whole), (float(anchor.x), float(anchor.y))))
    return tuple(localities) if len(localities) > 1 else ()


def draw_ground(axes: Axes, ground: Ground, scale: float, colours: Sequence[str] | None = None) -> None:
    """Areas filled with `colours` under the outlines of localities; without colours, a pale ground to draw on."""
    drawn = [(outline, place) for place, outline in enumerate(ground.outlines) if outline is not None]
    fills = [LAND if colours is None else colours[place] for _, place in drawn]
    lines = (PALE_LINE, PALE_LOCALITY_LINE) if colours is None else (AREA_LINE, LOCALITY_LINE)
    width = (0.5 if len(drawn) < 100 else 0.3) * scale
    _add(axes, [outline for outline, _ in drawn], fills, lines[0], width, 1)
    _add(axes, [locality.outline for locality in ground.localities], "none", lines[1], 0.8 * scale, 2)


def _add(
    axes: Axes, outlines: Iterable[Outline], fills: Sequence[str] | str, edge: str, width: float, order: int
) -> None:
    shapes = PathCollection(
        list(outlines), facecolors=fills, edgecolors=edge, linewidths=width, zorder=order, joinstyle="round"
    )
    axes.add_collection(shapes, autolim=False)
