"""Fit the curve from straight-line km to car minutes, and say how good it is.

    python bench/travel_curve.py ../shared/data/travel           the tables
    python bench/travel_curve.py ../shared/data/travel --toml    the text of reference/travel_curve.toml

The folder holds devon_car_minutes.csv (LSOA × site, minutes), devon_origins.csv and devon_sites.csv. Where
its neighbour `rutland` is there too, the detour by road is measured on the roads of Rutland.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer
from scipy.optimize import least_squares
from scipy.spatial import cKDTree

FARTHEST = 60.0
"""Km of straight line up to which pairs count: about as far as journeys inside one council go."""
EDGES = np.array([0, 2, 5, 10, 15, 20, 30, 40, FARTHEST])
"""Each band counts alike in the fit: pairs are most common far out, journeys to school are not."""
HUBER_MINUTES = 5.0
"""Residuals beyond this count by their size, not its square, so that an estuary does not bend the curve."""
NEARBY = 30.0
"""Km: the pairs by which places are distinguished."""
DETOUR = 1.3
DENSITY_METRES = 3000.0
KNOTS = np.array([0, 5, 15, 30, FARTHEST])

Column = npt.NDArray[Any]
Form = Callable[[Column, "Pairs"], Column]


@dataclass(frozen=True)
class Pairs:
    """One value a pair: straight-line km, real minutes, names, number of LSOAs near both ends."""

    km: Column
    minutes: Column
    site: Column
    district: Column
    origin: Column
    dense_origin: Column
    dense_site: Column

    def where(self, rows: Column) -> Pairs:
        """The pairs that are `kept`."""
        return Pairs(**{name: values[rows] for name, values in vars(self).items()})


def read_pairs(folder: Path) -> Pairs:
    """All pairs of the Devon files; raises where a name has no coordinates."""
    minutes = pd.read_csv(folder / "devon_car_minutes.csv")
    origins = pd.read_csv(folder / "devon_origins.csv").drop(columns="LSOA21CD")
    sites = pd.read_csv(folder / "devon_sites.csv")
    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    sites["sx"], sites["sy"] = to_grid.transform(sites["Longitude"], sites["Latitude"])
    tree = cKDTree(origins[["x", "y"]])
    for table, columns in ((origins, ["x", "y"]), (sites, ["sx", "sy"])):
        table["dense"] = tree.query_ball_point(table[columns], DENSITY_METRES, return_length=True)
    sites = sites.rename(columns={"Facility_Name": "site", "dense": "dense_site"})
    pairs = (
        minutes.melt("lsoa21_name", var_name="site", value_name="minutes")
        .merge(origins, on="lsoa21_name", how="left", validate="many_to_one")
        .merge(sites, on="site", how="left", validate="many_to_one")
    )
    if pairs[["x", "sx", "minutes"]].isna().any(axis=None):
        raise ValueError("an origin or a site has no coordinates, or a pair no minutes")
    return Pairs(
        km=np.hypot(*(pairs[["x", "y"]].to_numpy() - pairs[["sx", "sy"]].to_numpy()).T) / 1000,
        minutes=pairs["minutes"].to_numpy(),
        site=pairs["site"].to_numpy(dtype=object),
        district=pairs["lsoa21_name"].str.slice(stop=-5).to_numpy(dtype=object),
        origin=pairs["lsoa21_name"].to_numpy(dtype=object),
        dense_origin=pairs["dense"].to_numpy(dtype=float),
        dense_site=pairs["dense_site"].to_numpy(dtype=float),
    )


def _piecewise(p: Column, d: Pairs) -> Column:
    minutes: Column = np.interp(d.km, KNOTS, np.cumsum(p))
    return minutes


FORMS: dict[str, tuple[str, Form, list[float]]] = {
    "constant": ("40 km/h on 1.3 × km", lambda p, d: DETOUR * d.km / 40 * 60, []),
    "proportional": ("a·km", lambda p, d: p[0] * d.km, [1.5]),
    "linear": ("a + b·km", lambda p, d: p[0] + p[1] * d.km, [5, 1.5]),
    "power": ("a·km^b", lambda p, d: p[0] * d.km ** p[1], [3, 0.8]),
    "square root": ("a·√km + b·km", lambda p, d: p[0] * np.sqrt(d.km) + p[1] * d.km, [3, 1]),
    "power + constant": ("a + b·km^c", lambda p, d: p[0] + p[1] * d.km ** p[2], [1, 3, 0.8]),
    "rising speed": (
        "60·km ÷ (u + (v − u)·km/(km + h))",
        lambda p, d: 60 * d.km / (p[0] + (p[1] - p[0]) * d.km / (d.km + p[2])),
        [15, 50, 10],
    ),
    "piecewise": ("straight between 0, 5, 15, 30, 60 km", _piecewise, [2, 12, 15, 20, 30]),
    "power, density": (
        "a·km^b·(LSOAs near origin)^c·(near site)^d",
        lambda p, d: p[0] * d.km ** p[1] * d.dense_origin ** p[2] * (1 + d.dense_site) ** p[3],
        [3, 0.8, 0, 0],
    ),
}
CHOSEN = "square root"


def weights(km: Column) -> Column:
    """A weight a pair, mean 1, so that each band of `EDGES` counts alike."""
    band = np.digitize(km, EDGES[1:-1])
    share = 1 / np.bincount(band, minlength=len(EDGES) - 1)[band]
    weight: Column = share / share.mean()
    return weight


def fit(form: Form, start: list[float], data: Pairs, weight: Column) -> Column:
    """The parameters with the least weighted Huber loss of minutes."""
    if not start:
        return np.array([])

    def residuals(p: Column) -> Column:
        size = np.abs(form(p, data) - data.minutes)
        loss = np.where(size <= HUBER_MINUTES, size**2 / 2, HUBER_MINUTES * (size - HUBER_MINUTES / 2))
        root: Column = np.sqrt(2 * weight * loss)
        return root

    found: Column = least_squares(residuals, start, x_scale="jac").x
    return found


def left_out(form: Form, start: list[float], data: Pairs, weight: Column, group: Column) -> Column:
    """The error of each pair when the curve is fitted without its group."""
    error = np.empty(len(data.km))
    for name in np.unique(group):
        out = group == name
        p = fit(form, start, data.where(~out), weight[~out])
        error[out] = form(p, data.where(out)) - data.minutes[out]
    return error


def measures(error: Column, minutes: Column) -> dict[str, float]:
    """How far predicted minutes lie from real ones; error = predicted − real."""
    size = np.abs(error)
    return {
        "mean_absolute_error": float(size.mean()),
        "bias": float(error.mean()),
        "median_percent_error": float(np.median(size / minutes) * 100),
        "percentile_90_error": float(np.quantile(size, 0.9)),
        "r_squared": float(1 - (error**2).sum() / ((minutes - minutes.mean()) ** 2).sum()),
    }


def rounded_chosen(data: Pairs, weight: Column) -> Column:
    """The chosen form's parameters as they are shipped."""
    _, form, start = FORMS[CHOSEN]
    a, b = fit(form, start, data, weight)
    return np.array([round(a, 2), round(b, 3)])


def toml(data: Pairs, weight: Column) -> str:
    """The text of travel_curve.toml."""
    p = rounded_chosen(data, weight)
    origins, sites = len(np.unique(data.origin)), len(np.unique(data.site))
    error = FORMS[CHOSEN][1](p, data) - data.minutes
    stated = {
        **measures(error, data.minutes),
        "mean_absolute_error_bands_alike": np.average(np.abs(error), weights=weight),
    }
    fit_lines = "\n".join(f"{name} = {value:.3f}" for name, value in stated.items())
    return f'''\
# From straight-line km to km by road and minutes by car, one way. Made by `python bench/travel_curve.py`;
# what the figures mean and how wrong they can be: docs/explanation/travel.md.

[curve]
detour = {DETOUR}               # km by road ÷ straight-line km; an assumption, see [source]
minutes_per_root_km = {p[0]:.2f} # minutes = minutes_per_root_km × √km + minutes_per_km × km, km straight
minutes_per_km = {p[1]:.3f}
speed_factor = 1.0         # 1: a car on free roads; 0.8: speeds 20 % lower

[source]
minutes = "{origins} LSOA centroids to {sites} sites in Devon, by car, up to {FARTHEST:.0f} km"
licence = """minutes computed with Valhalla on OpenStreetMap roads, © OpenStreetMap contributors, ODbL 1.0; \\
centroids: Office for National Statistics, Open Government Licence v3.0"""
detour = """assumption: the low end of the 1.3 to 1.4 in common use; \\
the shortest routes by road in Rutland come to less"""

[fit]                      # error = predicted − real, minutes, all pairs up to {FARTHEST:.0f} km
pairs = {len(data.km)}
{fit_lines}
'''


def print_forms(data: Pairs, far: Pairs, weight: Column) -> None:
    """One line a form: parameters, fit, and error where sites or districts were left out."""
    print(
        "| form | minutes = | figures | MAE | MAE, bands alike | same, site left out "
        "| same, district left out | MAE beyond 60 km, not fitted |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, (formula, form, start) in FORMS.items():
        p = fit(form, start, data, weight)
        error = form(p, data) - data.minutes
        alike = [
            np.average(np.abs(e), weights=weight)
            for e in (
                error,
                *(left_out(form, start, data, weight, group) for group in (data.site, data.district)),
            )
        ]
        figures = ", ".join(f"{value:.3f}" for value in p) or "–"
        print(
            f"| {name} | {formula} | {figures} | {np.abs(error).mean():.2f} | "
            + " | ".join(f"{v:.2f}" for v in (*alike, np.abs(form(p, far) - far.minutes).mean()))
            + " |"
        )


def print_measures(near: Pairs, weight: Column) -> None:
    """The chosen curve, as shipped, beside two plain ones, over all pairs within the farthest distance."""
    shipped = rounded_chosen(near, weight)
    print("| curve | MAE | median % error | bias | R² | 90 % of errors below |\n|---|---|---|---|---|---|")
    for name in (CHOSEN, "linear", "constant"):
        _, form, start = FORMS[name]
        p = shipped if name == CHOSEN else fit(form, start, near, weight)
        m = measures(form(p, near) - near.minutes, near.minutes)
        print(
            f"| {name} | {m['mean_absolute_error']:.2f} | {m['median_percent_error']:.1f} % "
            f"| {m['bias']:+.2f} | {m['r_squared']:.3f} | {m['percentile_90_error']:.1f} |"
        )


def print_bands(data: Pairs, p: Column, near: Pairs, weight: Column) -> None:
    """Error by band of distance for the chosen curve, and the MAE of the runner-up and two plain ones."""
    plain = {n: fit(FORMS[n][1], FORMS[n][2], near, weight) for n in ("power", "linear", "constant")}
    print(
        "| straight line, km | pairs | real minutes, mean | MAE | median % error | bias "
        "| 90 % of errors below | MAE power | MAE linear | MAE constant |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    edges = [*EDGES, np.inf]
    for low, high in pairwise(edges):
        some = data.where((data.km > low) & (data.km <= high))
        m = measures(FORMS[CHOSEN][1](p, some) - some.minutes, some.minutes)
        others = [np.abs(FORMS[n][1](q, some) - some.minutes).mean() for n, q in plain.items()]
        label = f"{low:.0f}–{high:.0f}" if np.isfinite(high) else f"over {low:.0f}, not fitted"
        print(
            f"| {label} | {len(some.km):,} | {some.minutes.mean():.1f} | {m['mean_absolute_error']:.1f} "
            f"| {m['median_percent_error']:.0f} % | {m['bias']:+.1f} | {m['percentile_90_error']:.1f} "
            f"| {others[0]:.1f} | {others[1]:.1f} | {others[2]:.1f} |"
        )


def print_outliers(data: Pairs, p: Column) -> None:
    """Pairs whose real journey is more than half as long again as the curve's, by district and site."""
    predicted = FORMS[CHOSEN][1](p, data)
    table = pd.DataFrame(
        {
            "district": data.district,
            "site": data.site,
            "km": data.km,
            "real": data.minutes,
            "curve": predicted,
        }
    )
    slow = table[(table["real"] > 1.5 * table["curve"]) & (table["real"] > table["curve"] + 10)]
    fast = table["real"] < table["curve"] / 1.5
    print(
        f"Real minutes more than 1.5 × the curve's and 10 minutes over: "
        f"{len(slow):,} of {len(table):,} pairs; less than the curve's ÷ 1.5: {int(fast.sum()):,}."
    )
    worst = (
        slow.groupby(["district", "site"]).agg(
            pairs=("km", "size"), km=("km", "mean"), real=("real", "mean"), curve=("curve", "mean")
        )
    ).sort_values("pairs", ascending=False)
    print("| from | to | pairs | km, mean | real minutes, mean | curve, mean |\n|---|---|---|---|---|---|")
    for row in worst.head(8).reset_index().to_dict("records"):
        print(
            f"| {row['district']} | {row['site']} | {row['pairs']:.0f} | {row['km']:.1f} "
            f"| {row['real']:.0f} | {row['curve']:.0f} |"
        )


def print_stability(data: Pairs, weight: Column) -> None:
    """How far the chosen figures move when a site or a district is left out."""
    _, form, start = FORMS[CHOSEN]
    for what, group in (("site", data.site), ("district", data.district)):
        all_p = np.array(
            [fit(form, start, data.where(group != name), weight[group != name]) for name in np.unique(group)]
        )
        low, high = all_p.min(axis=0), all_p.max(axis=0)
        print(
            f"With any one {what} left out: minutes_per_root_km {low[0]:.2f} to {high[0]:.2f}, "
            f"minutes_per_km {low[1]:.3f} to {high[1]:.3f}."
        )


def print_places(data: Pairs, weight: Column) -> None:
    """Mean error of pairs up to 30 km by site and by district, each predicted without its own pairs."""
    _, form, start = FORMS[CHOSEN]
    near = data.km <= NEARBY
    for what, group in (("site", data.site), ("district", data.district)):
        error = pd.Series(left_out(form, start, data, weight, group)[near])
        mean = error.groupby(group[near]).mean().sort_values()
        print(
            f"Mean error of pairs up to {NEARBY:.0f} km, by {what} left out: {mean.iloc[0]:+.1f} "
            f"({mean.index[0]}) to {mean.iloc[-1]:+.1f} "
            f"({mean.index[-1]}); half of them within {mean.abs().median():.1f}."
        )


def print_detour(folder: Path) -> None:
    """Shortest km by road over straight-line km on every road of Rutland, LSOA centroids to schools."""
    import geopandas as gpd
    import shapely
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components, dijkstra

    roads = gpd.read_file(folder / "rutland-latest.osm.pbf", layer="lines", where="highway is not null").to_crs(27700)
    classes = ["motorway", "trunk", "primary", "secondary", "tertiary"]
    driven = [*classes, *(f"{name}_link" for name in classes), "unclassified", "residential", "living_street"]
    roads = roads[roads["highway"].isin(driven)]
    points, road = shapely.get_coordinates(roads.geometry.to_numpy(), return_index=True)
    nodes, node = np.unique(points.round(2), axis=0, return_inverse=True)
    same = road[1:] == road[:-1]
    metres = np.hypot(*(points[1:] - points[:-1])[same].T)
    graph = coo_matrix((metres, (node[:-1][same], node[1:][same])), shape=(len(nodes), len(nodes))).tocsr()
    _, part = connected_components(graph, directed=False)
    joined = np.flatnonzero(part == np.bincount(part).argmax())
    tree = cKDTree(nodes[joined])
    homes = gpd.read_file(folder / "rutland_lsoa21.geojson", ignore_geometry=True)[["x", "y"]].astype(float)
    schools = pd.read_csv(folder / "rutland_schools.csv")[["easting", "northing"]].dropna()
    start, end = (joined[tree.query(table.to_numpy())[1]] for table in (homes, schools))
    by_road = dijkstra(graph, directed=False, indices=start)[:, end] / 1000
    crow = np.hypot(*(nodes[start][:, None] - nodes[end][None]).transpose(2, 0, 1)) / 1000
    for low, high in ((0.5, np.inf), (0.5, 2), (2, 5), (5, 10), (10, np.inf)):
        some = (crow > low) & (crow <= high)
        label = f"{low:g} to {high:g} km" if np.isfinite(high) else f"over {low:g} km"
        print(
            f"Rutland, {label}: {some.sum()} pairs, "
            f"shortest km by road ÷ straight-line km {by_road[some].sum() / crow[some].sum():.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--toml", action="store_true", help="print only what goes into travel_curve.toml")
    options = parser.parse_args()
    data = read_pairs(options.folder)
    near = data.where(data.km <= FARTHEST)
    weight = weights(near.km)
    if options.toml:
        print(toml(near, weight), end="")
        return
    p = rounded_chosen(near, weight)
    print(
        f"{len(data.km):,} pairs, {len(near.km):,} of them up to {FARTHEST:.0f} km. "
        f"Minutes; MAE: mean absolute error; error = predicted − real.\n"
    )
    print_forms(near, data.where(data.km > FARTHEST), weight)
    print(f"\nChosen: {CHOSEN}, minutes = {p[0]:.2f} × √km + {p[1]:.3f} × km of straight line.\n")
    print_stability(near, weight)
    print()
    print_measures(near, weight)
    print()
    print_bands(data, p, near, weight)
    print()
    print_places(near, weight)
    print()
    print_outliers(near, p)
    rutland = options.folder.parent / "rutland"
    if rutland.is_dir():
        print()
        print_detour(rutland)


if __name__ == "__main__":
    main()
