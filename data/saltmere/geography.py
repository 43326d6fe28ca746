"""The map of Saltmere, a fictional coastal unitary authority.

The land is drawn out in the North Sea, so that nobody can take it for a real place. People are scattered
over it, thickly in the towns; small areas are drawn round equal numbers of people, wards are groups of
small areas, and localities are groups of wards. Every boundary is cut from one piece of linework on a
one-metre grid, so areas neither overlap nor leave gaps.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CRS = "EPSG:27700"
ORIGIN = (640_000.0, 385_000.0)  # some 45 km off the coast, inside the bounds of the British National Grid
N_SMALL_AREAS = 240
N_WARDS = 33
N_PEOPLE = 9_000  # points scattered to draw the boundaries by; each stands for some forty residents

# The outline in kilometres from the origin, clockwise from the north-west. The first stretch is the boundary
# inland.
INLAND = [
    (0.0, 10.5),
    (0.6, 13.2),
    (4.0, 14.1),
    (8.0, 13.5),
    (12.0, 14.8),
    (16.5, 14.1),
    (20.0, 14.9),
    (23.5, 14.0),
]
COAST = [
    (24.6, 12.6), (24.1, 10.9), (24.5, 9.2), (25.2, 7.4), (24.4, 6.2), (22.6, 5.7), (20.6, 5.2),
    (19.4, 3.9), (17.2, 3.2), (15.2, 2.2), (13.9, 2.5), (11.4, 2.2), (10.3, 0.9), (9.2, 0.3), (8.0, 1.0),
    (6.6, 2.6), (4.6, 3.1), (2.6, 2.3), (0.9, 2.9),
]  # fmt: skip
WEST = [(0.2, 5.0), (0.9, 8.0)]
ESTUARY = [(12.9, 0.6), (12.7, 2.6), (12.2, 4.0), (12.5, 5.4), (11.7, 7.0), (11.9, 8.4), (11.2, 9.8)]
ESTUARY_HALF_WIDTH = [0.75, 0.62, 0.55, 0.42, 0.30, 0.17, 0.06]
CREEK = [(12.4, 5.2), (13.5, 6.0), (14.6, 6.2), (15.5, 6.9)]
CREEK_HALF_WIDTH = [0.30, 0.22, 0.13, 0.05]
SPIT = [(14.6, 2.35), (13.6, 1.95), (12.9, 1.95)]

# Towns: easting, northing and spread in km, share of the people, and how deprived they are (0 is the
# average).
TOWNS = [
    (10.4, 3.6, 1.5, 0.25, 0.9),  # Saltmere, the old town on the west bank
    (15.4, 4.8, 1.7, 0.19, 0.5),  # the east bank
    (4.4, 4.9, 1.3, 0.14, 0.2),  # Gullhaven
    (21.9, 8.0, 1.4, 0.14, 1.1),  # Eastsands, a resort that has seen better days
    (8.4, 8.6, 1.9, 0.10, -0.9),  # the suburbs below the downs
    (17.2, 10.2, 1.6, 0.07, -0.7),
]
RURAL_SHARE = 0.11

LOCALITIES = {
    "Saltmere Harbour": (10.2, 3.6),
    "Gullhaven and the Strand": (4.0, 5.4),
    "East Bank": (15.6, 5.2),
    "Eastsands": (22.0, 8.6),
    "Northdown": (9.6, 11.2),
}

# The wards of each locality, from west to east.
WARD_NAMES = {
    "Saltmere Harbour": (
        "Pilgrims Rise",
        "Kelp Row",
        "Lantern Head",
        "Ropewalk",
        "Saltmere Old Town",
        "Tidemill",
        "Fish Quay",
        "Sluice",
        "Capstan",
    ),
    "Gullhaven and the Strand": (
        "Wrack Point",
        "Strandings",
        "Dunlin Fields",
        "Gullhaven",
        "Turnstone",
        "Shingle End",
    ),
    "East Bank": (
        "Ferry Stairs",
        "Withy Ends",
        "Eelgate",
        "Samphire",
        "Brackwater",
        "Sandling",
        "Oyster Lanes",
    ),
    "Eastsands": (
        "Saltern",
        "Beacon Clump",
        "Cockle Row",
        "Limpet Bay",
        "Eastsands Pier",
        "Kittiwake",
        "Gannet Head",
    ),
    "Northdown": ("Larkdown", "Chalkpit", "Northdown", "Ewelease"),
}


@dataclass(frozen=True)
class Geography:
    """Wards and the small areas nested in them, and what the rest of the example is drawn from."""

    wards: gpd.GeoDataFrame
    small_areas: gpd.GeoDataFrame
    young_people: Floats  # by small area, 0–25
    deprivation: Floats  # by small area; 0 is the average, 1 a standard deviation more deprived


def draw(rng: np.random.Generator) -> Geography:
    """Draw the authority; the same generator state gives the same map."""
    land = _land(rng)
    people = _scatter(rng, land)
    seeds, _ = _cluster(rng, people, N_SMALL_AREAS)
    shapes = _tile(rng, seeds, land)
    ward_of = _contiguous(_cluster(rng, seeds, N_WARDS)[1], shapes)
    deprivation = _deprivation(rng, seeds)
    young = _young_people(rng, people, seeds)
    return _frames(shapes, seeds, ward_of, young, deprivation)


# ---- land --------------------------------------------------------------------------------------------------


def _land(rng: np.random.Generator) -> Polygon:
    """The outline with its estuary, creek and spit, in metres of the British National Grid."""
    inland = _rough(rng, np.array([WEST[-1], *INLAND, COAST[0]]), roughness=0.05)
    coast = _rough(rng, np.array([*COAST, WEST[0]]), roughness=0.13)
    west = _rough(rng, np.array([WEST[0], WEST[-1]]), roughness=0.05)
    outline = Polygon(np.vstack([inland[:-1], coast[:-1], west[:-1]])).buffer(0)
    water = shapely.union_all(
        [
            _channel(_rough(rng, np.array(ESTUARY), 0.07), ESTUARY_HALF_WIDTH),
            _channel(_rough(rng, np.array(CREEK), 0.10), CREEK_HALF_WIDTH),
        ]
    )
    spit = LineString(_rough(rng, np.array(SPIT), 0.05)).buffer(0.11)
    land = _largest(outline.difference(water).union(spit).buffer(-0.04).buffer(0.04))
    land = Polygon(land.exterior)  # a lagoon shut off by the spit would be a hole
    metres = shapely.transform(land, lambda xy: xy * 1000 + np.array(ORIGIN))
    return _largest(shapely.set_precision(metres, 1.0))


def _rough(rng: np.random.Generator, points: Floats, roughness: float, rounds: int = 5) -> Floats:
    """A line through the points, broken up by midpoint displacement so that it looks like a shore."""
    for _ in range(rounds):
        step = np.diff(points, axis=0)
        across = np.column_stack([-step[:, 1], step[:, 0]])
        middle = points[:-1] + step / 2 + across * rng.normal(0, roughness, (len(step), 1))
        woven = np.empty((2 * len(points) - 1, 2))
        woven[0::2], woven[1::2] = points, middle
        points = woven
    return points


def _channel(line: Floats, half_widths: list[float]) -> Polygon:
    """A channel along the line that narrows as the half-widths say."""
    width = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(half_widths)), half_widths)
    discs = [Point(xy).buffer(w) for xy, w in zip(line, width, strict=True)]
    return shapely.union_all([shapely.union(a, b).convex_hull for a, b in itertools.pairwise(discs)])


def _largest(shape: Polygon | MultiPolygon) -> Polygon:
    return max(shapely.get_parts(shape), key=shapely.area)


# ---- people and areas --------------------------------------------------------------------------------------


def _scatter(rng: np.random.Generator, land: Polygon) -> Floats:
    """Points on land, thick in the towns."""
    shares = np.array([town[3] for town in TOWNS] + [RURAL_SHARE])
    kept: list[Floats] = []
    while sum(map(len, kept)) < N_PEOPLE:
        which = rng.choice(len(shares), N_PEOPLE, p=shares / shares.sum())
        anywhere = rng.uniform((0, 0), (25.5, 15), (N_PEOPLE, 2))
        centre = np.array([*((x, y) for x, y, *_ in TOWNS), (0, 0)])[which]
        spread = np.array([*(town[2] for town in TOWNS), 0])[which]
        xy = np.where(spread[:, None] > 0, centre + rng.normal(size=(N_PEOPLE, 2)) * spread[:, None], anywhere)
        xy = xy * 1000 + np.array(ORIGIN)
        kept.append(xy[shapely.contains_xy(land, xy[:, 0], xy[:, 1])])
    return np.vstack(kept)[:N_PEOPLE]


def _apart(xy: Floats) -> Floats:
    """The points with a third coordinate that keeps the two banks of the estuary apart."""
    line = np.array(ESTUARY) * 1000 + np.array(ORIGIN)
    east = xy[:, 0] > np.interp(xy[:, 1], line[:, 1], line[:, 0])
    below_head = np.clip((line[-1, 1] - xy[:, 1]) / 1500, 0, 1)
    return np.column_stack([xy, np.where(east, 1, -1) * below_head * 2500])


def _assign(points: Floats, centres: Floats, handicap: Floats | float = 0.0) -> Ints:
    """The centre each point belongs to: the nearest, after the handicap (in square metres) of each centre."""
    gap = sum((p[:, None] - c[None, :]) ** 2 for p, c in zip(_apart(points).T, _apart(centres).T, strict=True))
    return np.argmin(gap + handicap, axis=1)


def _cluster(rng: np.random.Generator, points: Floats, k: int, rounds: int = 40) -> tuple[Floats, Ints]:
    """Centres and members of k groups of about as many points each.

    It is k-means that handicaps the groups grown too big.
    """
    centres = points[rng.choice(len(points), k, replace=False)]
    handicap = np.zeros(k)
    even = len(points) / k
    group = _assign(points, centres)
    for _ in range(rounds):
        size = np.bincount(group, minlength=k)
        sums = np.column_stack([np.bincount(group, points[:, i], k) for i in (0, 1)])
        centres = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], centres)
        spread = np.mean(((points - centres[group]) ** 2).sum(1))
        handicap += 0.3 * spread * (size - even) / even
        group = _assign(points, centres, handicap)
    return centres, group


def _tile(rng: np.random.Generator, seeds: Floats, land: Polygon) -> NDArray[np.object_]:
    """One polygon a seed that together tile the land: Voronoi cells with their straight edges roughened."""
    edges = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=land, only_edges=True))
    edges = edges[np.lexsort(shapely.bounds(edges).T)]
    wavy = [LineString(_rough(rng, shapely.get_coordinates(edge), 0.06, rounds=3)) for edge in edges]
    lines = shapely.union_all([land.boundary, *wavy], grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    faces = faces[shapely.contains(land.buffer(2), shapely.point_on_surface(faces))]
    faces = faces[np.argsort(-shapely.area(faces), kind="stable")]
    middle = shapely.get_coordinates(shapely.point_on_surface(faces))
    owner = _assign(middle, seeds)
    owner_of_seed = shapely.STRtree(faces).query(shapely.points(seeds), predicate="within")
    owner[owner_of_seed[1]] = owner_of_seed[0]
    shapes: list[list[Polygon]] = [[] for _ in seeds]
    home = {int(face): int(seed) for seed, face in owner_of_seed.T}
    left = [i for i in range(len(faces)) if i not in home]
    for face, seed in home.items():
        shapes[seed].append(faces[face])
    for i, parts in enumerate(shapes):
        if not parts:  # the seed itself lies in the water: its largest piece of land is its home
            mine = next(j for j in left if owner[j] == i)
            left.remove(mine)
            parts.append(faces[mine])
    for face in left:  # scraps cut off by the water or the roughening join the neighbour they share most border with
        shared = [sum(_border(faces[face], part) for part in parts) for parts in shapes]
        shapes[int(np.argmax(shared))].append(faces[face])
    return np.array([shapely.union_all(parts, grid_size=1.0) for parts in shapes])


def _border(a: Polygon, b: Polygon) -> float:
    return float(shapely.length(shapely.intersection(a, b))) if a.intersects(b) else 0.0


def _contiguous(group: Ints, shapes: NDArray[np.object_]) -> Ints:
    """The groups with every stray piece handed to the neighbouring group it shares most border with."""
    group = group.copy()
    for _ in range(20):
        strays = 0
        for g in np.unique(group):
            members = np.flatnonzero(group == g)
            parts = shapely.get_parts(shapely.union_all(shapes[members], grid_size=1.0))
            if len(parts) == 1:
                continue
            main = max(parts, key=shapely.area)
            for i in members[~shapely.contains(main, shapely.point_on_surface(shapes[members]))]:
                others = [j for j in np.flatnonzero(group != g) if shapes[i].intersects(shapes[j])]
                group[i] = group[max(others, key=lambda j: _border(shapes[i], shapes[j]))]
                strays += 1
        if not strays:
            return group
    raise AssertionError("the wards could not be made contiguous")


def _deprivation(rng: np.random.Generator, seeds: Floats) -> Floats:
    """Deprivation of each small area: that of the towns near it, and chance."""
    xy = (seeds - np.array(ORIGIN)) / 1000
    near = np.column_stack([np.exp(-(((xy - (x, y)) / (1.1 * s)) ** 2).sum(1) / 2) for x, y, s, _, _ in TOWNS])
    score = near @ np.array([town[4] for town in TOWNS]) + rng.normal(0, 0.55, len(seeds))
    return np.round((score - score.mean()) / score.std(), 3)


def _young_people(rng: np.random.Generator, people: Floats, seeds: Floats) -> Floats:
    residents = np.bincount(_assign(people, seeds), minlength=len(seeds)) * 43.0
    return np.round(residents * rng.uniform(0.22, 0.34, len(seeds)))


# ---- frames ------------------------------------------------------------------------------------------------


def _frames(shapes: NDArray[np.object_], seeds: Floats, ward_of: Ints, young: Floats, deprivation: Floats) -> Geography:
    inside = shapely.contains_xy(shapes, seeds[:, 0], seeds[:, 1])
    points = np.round(np.where(inside[:, None], seeds, shapely.get_coordinates(shapely.point_on_surface(shapes))))
    rank = np.argsort(np.argsort(-deprivation))
    small = gpd.GeoDataFrame(
        {"group": ward_of, "x": points[:, 0], "y": points[:, 1], "imd_decile": 1 + rank * 10 // len(rank),
         "young": young, "deprivation": deprivation},
        geometry=list(shapely.normalize(shapes)), crs=CRS,
    )  # fmt: skip
    wards = _wards(small)
    small = small.merge(wards[["group", "area", "name", "locality"]], on="group", validate="many_to_one")
    small = small.rename(columns={"area": "ward"}).sort_values(["ward", "y", "x"], ascending=[True, False, True])
    letter = small.groupby("ward").cumcount().map(lambda i: chr(ord("A") + i))
    small["area"] = small["ward"] + letter
    small["name"] = small["name"] + " " + letter
    small = small.reset_index(drop=True)
    return Geography(
        wards=wards[["area", "name", "locality", "x", "y", "imd_decile", "geometry"]],
        small_areas=small[["area", "name", "ward", "locality", "x", "y", "imd_decile", "geometry"]],
        young_people=small["young"].to_numpy(),
        deprivation=small["deprivation"].to_numpy(),
    )


def _wards(small: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = []
    for group, members in small.groupby("group"):
        weight = members["young"]
        rows.append({
            "group": group,
            "x": round(np.average(members["x"], weights=weight)),
            "y": round(np.average(members["y"], weights=weight)),
            "imd_decile": round(np.average(members["imd_decile"], weights=weight)),
            "geometry": shapely.normalize(shapely.union_all(members.geometry.to_numpy(), grid_size=1.0)),
        })  # fmt: skip
    wards = gpd.GeoDataFrame(rows, crs=CRS).astype({"x": float, "y": float})
    centres = np.array(list(LOCALITIES.values())) * 1000 + np.array(ORIGIN)
    locality = _assign(wards[["x", "y"]].to_numpy(), centres)
    wards["locality"] = pd.Series(list(LOCALITIES))[locality].to_numpy()
    wards = wards.sort_values(["locality", "x"], key=lambda s: s if s.name == "x" else s.map(list(LOCALITIES).index))
    order = wards.groupby("locality").cumcount()
    wards["name"] = [WARD_NAMES[place][i] for place, i in zip(wards["locality"], order, strict=True)]
    wards["area"] = [f"S{i:02d}" for i in range(1, len(wards) + 1)]
    return wards.reset_index(drop=True)
