"""Outlines of areas and localities on the grid of the drawing, thinned together so that neighbours still touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from sufficiency.report.maps.ground import centres_of
from sufficiency.report.maps.words import clean
from sufficiency.result import Result

Floats = NDArray[np.float64]

LONG = 1000.0
"""Length of the drawing's longer side."""
MARGIN = 26.0
FINEST = 420.0
"""Outlines keep details down to this part of the longer side."""
LEAST_SIDE = 1000.0
"""Metres: the least width and height of a map."""
MOST_NAMES = 16


@dataclass(frozen=True)
class Locality:
    """A planning area: its outline, and where its name goes."""

    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Outlines:
    """Areas in the order of `result.areas`: `paths` (blank for one that is a point) and `centres` [A, 2] (NaN where it
    is nowhere) on a drawing of `width` × `height`; a metre is `scale` of it.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    localities_of: tuple[str, ...]
    paths: tuple[str, ...]
    centres: Floats
    localities: tuple[Locality, ...]
    width: float
    height: float
    scale: float
    west: float
    north: float

    def place(self, points: Floats) -> Floats:
        """Metres east and north as places on the drawing."""
        return np.column_stack([(points[:, 0] - self.west) * self.scale, (self.north - points[:, 1]) * self.scale])


def outlines_of(result: Result) -> Outlines:
    """The outlines of a result's areas."""
    areas = result.areas
    shapes = np.array(areas.geometry.to_numpy(), dtype=object)
    faulty = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    shapes[faulty] = shapely.make_valid(shapes[faulty])
    surface = np.array([_is_surface(shape) for shape in shapes], dtype=bool)
    homes = centres_of(areas, shapes)
    low, high = _extent(shapes[surface], homes)
    scale = (LONG - 2 * MARGIN) / float((high - low).max())
    west, north = float(low[0]) - MARGIN / scale, float(high[1]) + MARGIN / scale
    width, height = ((high - low) * scale + 2 * MARGIN).tolist()
    thin = shapes.copy()
    thin[surface] = _thinned(shapes[surface], float((high - low).max()) / FINEST)
    names = _texts(areas, "locality", "")
    outlines = Outlines(
        tuple(str(code) for code in areas["area"]),
        tuple(clean(name) for name in _texts(areas, "name", "area")),
        tuple(clean(name) for name in names),
        (),
        np.empty((0, 2)),
        (),
        width,
        height,
        scale,
        west,
        north,
    )
    paths = tuple(_path(outlines, shape) if there else "" for shape, there in zip(thin, surface, strict=True))
    localities = _localities(outlines, np.array(names, dtype=object), thin, surface)
    return Outlines(
        outlines.codes,
        outlines.names,
        outlines.localities_of,
        paths,
        outlines.place(homes),
        localities,
        width,
        height,
        scale,
        west,
        north,
    )


def _texts(areas: Any, column: str, otherwise: str) -> list[str]:
    source = column if column in areas.columns else otherwise
    if not source:
        return [""] * len(areas)
    return [str(value) if isinstance(value, str) else "" for value in areas[source]]


def _is_surface(shape: Any) -> bool:
    return shape is not None and not shape.is_empty and shapely.get_dimensions(shape) == 2


def _extent(surfaces: NDArray[Any], homes: Floats) -> tuple[Floats, Floats]:
    corners = np.vstack([shapely.get_coordinates(surfaces), homes[np.isfinite(homes).all(axis=1)]])
    if corners.size == 0:
        return np.zeros(2), np.full(2, LEAST_SIDE)
    low, high = corners.min(axis=0), corners.max(axis=0)
    short = np.maximum(LEAST_SIDE - (high - low), 0.0) / 2
    return low - short, high + short


def _thinned(surfaces: NDArray[Any], finest: float) -> NDArray[Any]:
    if not len(surfaces):
        return surfaces
    if shapely.coverage_is_valid(surfaces):
        thin = shapely.coverage_simplify(surfaces, finest)
    else:  # areas that overlap or leave slivers: each by itself
        thin = shapely.simplify(surfaces, finest / 3)
    lost = np.array([not _is_surface(shape) for shape in thin], dtype=bool)
    thin[lost] = surfaces[lost]
    return np.asarray(thin)


def _path(outlines: Outlines, shape: Any) -> str:
    """The rings of a polygon, in steps of whole tenths of the drawing."""
    parts = []
    for polygon in shapely.get_parts(shape):
        if not _is_surface(polygon):
            continue
        for ring in shapely.get_rings(polygon):
            points = np.round(outlines.place(shapely.get_coordinates(ring)) * 2).astype(int)
            steps = np.diff(points, axis=0)
            steps = steps[(steps != 0).any(axis=1)]
            if len(steps) < 3:
                continue
            moves = " ".join(f"{x / 2:g},{y / 2:g}" for x, y in steps[:-1].tolist())
            parts.append(f"M{points[0][0] / 2:g},{points[0][1] / 2:g}l{moves}z".replace(" -", "-"))
    return "".join(parts)


def _localities(
    outlines: Outlines, names: NDArray[Any], shapes: NDArray[Any], surface: NDArray[np.bool_]
) -> tuple[Locality, ...]:
    known = sorted({name for name in names[surface] if name.strip()})
    if len(known) < 2:
        return ()
    paths = []
    for name in known:
        whole = shapely.union_all(shapely.buffer(shapes[surface & (names == name)], 0))
        largest = max(shapely.get_parts(whole), key=lambda part: part.area)
        middle = shapely.maximum_inscribed_circle(largest)
        x, y = outlines.place(shapely.get_coordinates(middle)[:1])[0].tolist()
        paths.append(Locality(clean(name, 40), _path(outlines, whole), x, y))
    return tuple(paths)
