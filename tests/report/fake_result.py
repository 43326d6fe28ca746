"""Results that no planner made: areas of many kinds, settings of every type, children by gravity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sufficiency.codes import NEEDS, PHASE_LABELS, SETTING_TYPES
from sufficiency.result import Result
from sufficiency.tables.schema.results import OUTPUTS

SALTMERE = Path(__file__).parents[2] / "data" / "saltmere"

BRITISH_GRID = 27700
ROLL = {
    "resource_base": (10, 24),
    "special_school": (90, 280),
    "special_free_school": (60, 130),
    "alternative_provision": (30, 70),
    "independent": (20, 60),
    "college": (40, 80),
}
POOLED = ("eotas", "independent")
NO_LIMIT = ("college", "eotas", "independent")


def voronoi_areas(count: int = 30, seed: int = 7) -> gpd.GeoDataFrame:
    """Cells about random points in a 25 × 15 km rectangle, with a hole in one of them."""
    draw = np.random.default_rng(seed)
    points = draw.uniform((640_000, 385_000), (665_000, 400_000), (count, 2))
    frame = shapely.box(640_000, 385_000, 665_000, 400_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame))
    cells = shapely.intersection(cells, frame)
    middles = shapely.centroid(cells)
    cells[0] = cells[0].difference(middles[0].buffer(300))
    x, y = shapely.get_x(middles), shapely.get_y(middles)
    return area_frame([f"A{i:02d}" for i in range(count)], cells, np.where(x < 652_000, "West", "East"), x, y)


def area_frame(codes: list[str], shapes: Any, localities: Any, x: Any, y: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"area": codes, "name": [f"Ward {code}" for code in codes], "locality": localities, "x": x, "y": y},
        geometry=list(shapes),
        crs=BRITISH_GRID,
    )


def as_points(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas.assign(geometry=shapely.points(areas["x"], areas["y"])).set_crs(BRITISH_GRID, allow_override=True)


def saltmere_areas() -> gpd.GeoDataFrame:
    return gpd.read_file(SALTMERE / "areas.gpkg")


def saltmere_settings() -> gpd.GeoDataFrame:
    rows = pd.read_csv(SALTMERE / "settings.csv", dtype={"setting": str})
    return setting_frame(rows["setting"], rows["name"], rows["type"], rows["x"], rows["y"])


def setting_frame(codes: Any, names: Any, types: Any, x: Any, y: Any) -> gpd.GeoDataFrame:
    shapes = [None if np.isnan(east) else shapely.Point(east, north) for east, north in zip(x, y, strict=True)]
    columns = {"setting": list(codes), "name": list(names), "type": list(types), "in_area": True}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=BRITISH_GRID)


def random_settings(areas: gpd.GeoDataFrame, count: int = 60, seed: int = 11) -> gpd.GeoDataFrame:
    """Settings in the areas, most of them bases; one far away, and two that are on no map."""
    draw = np.random.default_rng(seed)
    types = draw.choice(list(ROLL), count, p=[0.55, 0.15, 0.05, 0.1, 0.1, 0.05])
    home = areas.iloc[draw.integers(0, len(areas), count)]
    x, y = home["x"].to_numpy() + draw.normal(0, 150, count), home["y"].to_numpy() + draw.normal(0, 150, count)
    x[-1], y[-1], types[-1] = x[-1] + 90_000, y[-1] + 40_000, "independent"
    words = (
        "Oak",
        "Harbour",
        "St Aldhelm’s",
        "Meadow View",
        "Longfleet",
        "Winton",
        "Bishop Aldhelm’s Church of England",
    )
    names = [f"{words[i % len(words)]} {'School' if i % 3 else 'Academy'} {i}" for i in range(count)]
    pooled = setting_frame(
        ["P1", "P2"], ["Bespoke packages", "Independent schools elsewhere"], POOLED, [np.nan] * 2, [np.nan] * 2
    )
    mapped = setting_frame([f"9{i:05d}" for i in range(count)], names, types, x, y)
    return gpd.GeoDataFrame(pd.concat([mapped, pooled], ignore_index=True), crs=BRITISH_GRID)


def fake_result(
    areas: gpd.GeoDataFrame | None = None,
    settings: gpd.GeoDataFrame | None = None,
    *,
    years: tuple[int, int] = (2026, 2028),
    children: float = 2400.0,
    seed: int = 3,
    **summary: Any,
) -> Result:
    """A result over `areas` and `settings`, its children placed near home by chance; the same seed gives the same."""
    areas = voronoi_areas() if areas is None else areas
    settings = random_settings(areas, 24) if settings is None else settings
    draw = np.random.default_rng(seed)
    span = list(range(years[0], years[1] + 1))
    placements = _placements(areas, settings, span, children, draw)
    frames = {name: pd.DataFrame({column: [] for column in spec.names}) for name, spec in OUTPUTS.items()}
    occupancy = _occupancy(settings, placements, span, draw)
    frames |= {
        "placements": placements,
        "area_gaps": _area_gaps(placements, draw),
        "occupancy": occupancy,
        "place_values": _place_values(occupancy, draw),
    }
    about: dict[str, Any] = {
        "model": "Saltmere (fictional)",
        "scenario": "base",
        "fictional": True,
        "base_year": years[0] - 1,
        "years": list(years),
        "labels": {"types": dict(SETTING_TYPES), "needs": dict(NEEDS), "phases": dict(PHASE_LABELS)},
    }
    nothing = gpd.GeoDataFrame({"year": []}, geometry=[], crs=BRITISH_GRID)
    return Result(frames, about | summary, areas, settings, nothing)


def _placements(
    areas: Any, settings: Any, years: list[int], children: float, draw: np.random.Generator
) -> pd.DataFrame:
    """Every area sends the children of a few needs and phases to settings drawn by nearness and size."""
    cells = [(need, phase) for need in ("ASD", "SEMH", "SLCN") for phase in ("primary", "secondary")]
    east, north = settings.geometry.x.to_numpy(), settings.geometry.y.to_numpy()
    pull = np.array([np.mean(ROLL.get(code, (10, 30))) for code in settings["type"]])
    size = draw.gamma(3.0, 1.0, (len(areas), len(cells)))
    size *= children / size.sum()
    rows = []
    for i, (code, x, y) in enumerate(zip(areas["area"], areas["x"], areas["y"], strict=True)):
        km = np.nan_to_num(np.hypot(east - x, north - y) / 1000, nan=8.0)
        share = pull * np.exp(-km / 5) + 1e-12
        for j, (need, phase) in enumerate(cells):
            picked = draw.choice(len(settings), min(5, len(settings)), replace=False, p=share / share.sum())
            parts = size[i, j] * share[picked] / share[picked].sum()
            rows += [
                (
                    year,
                    code,
                    need,
                    phase,
                    f"L{settings['setting'].iloc[k]}",
                    settings["setting"].iloc[k],
                    part * 1.03**t,
                    0.0,
                )
                for t, year in enumerate(years)
                for k, part in zip(picked, parts, strict=True)
                if part > 0.05
            ]
    return pd.DataFrame(rows, columns=list(OUTPUTS["placements"].names))


def _occupancy(settings: Any, placements: pd.DataFrame, years: list[int], draw: np.random.Generator) -> pd.DataFrame:
    there = placements.groupby(["year", "setting"])["children"].sum()
    rows = []
    for code, kind in zip(settings["setting"], settings["type"], strict=True):
        places = np.nan if kind in NO_LIMIT else float(draw.integers(*ROLL.get(kind, (10, 30))))
        for year in years:
            taken = float(there.get((year, code), 0.0))
            rows.append(
                (year, f"L{code}", code, kind, places, taken, max(taken - places, 0.0), places - taken, taken / places)
            )
    return pd.DataFrame(rows, columns=list(OUTPUTS["occupancy"].names))


def _area_gaps(placements: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    gaps = placements.groupby(["year", "area", "need", "phase"], as_index=False)["children"].sum()
    gaps = gaps.rename(columns={"children": "demand"})
    short = {area: max(draw.normal(0.15, 0.2), 0.0) for area in sorted(gaps["area"].unique())}
    gaps["shortfall"] = gaps["demand"] * gaps["area"].map(short)
    extra = gaps.drop_duplicates("year").assign(area="unknown", demand=12.0, shortfall=6.0)
    return pd.concat([gaps, extra], ignore_index=True)


def _place_values(occupancy: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    limited = occupancy[occupancy["places"].notna()]
    worth = draw.gamma(2.0, 60_000, len(limited)) * (draw.uniform(size=len(limited)) < 0.75)
    return limited[["year", "line", "setting"]].assign(
        pounds=worth / 5,
        pounds_from=worth,
        net=worth - 10_000,
        how=np.where(worth > 150_000, "dual", "resolved"),
        pounds_a_year=worth / 5,
    )
