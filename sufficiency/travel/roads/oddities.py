"""What is odd about journeys by road: points far from a road, pairs without a way, speeds of another way to travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.travel.roads.answers import Floats, RoadTable

FAR = 500.0
"""Metres from a road from which on a point is named: a wrong coordinate, or the middle of a large field."""
NO_ROAD = 2_000.0
"""Metres from a road beyond which a point has no journey: in no part of England is a road that far; the roads given do
not cover it.
"""
SLOWEST_CAR, FASTEST_WALK = 17.0, 8.0
"""km/h on average, assumptions: OSRM's bicycle comes to 15, its walker to 5, its car in a dense city to 25."""
_LONG_ENOUGH = 1_000.0
"""Metres of a journey from which on its speed says something."""
_NAMED = 10
"""Points or pairs that get a line each; the rest are counted on one more."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ends:
    """The areas and settings that were asked for, a row a point with the table's own row number; what problems call
    their files.
    """

    areas: pd.DataFrame
    settings: pd.DataFrame
    called: dict[str, str]


def profile_fault(table: RoadTable, *, walking: bool) -> tuple[str, str] | None:
    """What is wrong and a fix, where journeys have the speed of another way to travel; None: nothing."""
    some = (table.metres > _LONG_ENOUGH) & (table.seconds > 0)
    if not some.any():
        return None
    speed = float(np.median(table.metres[some] / table.seconds[some])) * 3.6
    if walking and speed > FASTEST_WALK:
        return f"journeys come to {speed:.0f} km/h, which is not on foot", "give a server with the profile foot"
    if not walking and speed < SLOWEST_CAR:
        like = "on foot" if speed <= FASTEST_WALK else "by bicycle"
        return f"journeys come to {speed:.0f} km/h, as {like} and not by car", "give a server with the profile car"
    return None


def oddities(table: RoadTable, ends: Ends, roads: str) -> list[Problem]:
    """Warnings of points far from a road and of pairs without a way by road; `roads`: what problems call the roads.

    Raises InputError where no area, or no setting, is near a road.
    """
    for off, what in ((table.source_off, "areas"), (table.destination_off, "settings")):
        if (off > NO_ROAD).all():
            said = f"the roads do not cover the {what}: the nearest road is {_distance(off.min())} away"
            raise InputError([Problem(said, roads, fix="give an extract with the roads of your area")])
    found = _off_the_road(table.source_off, ends.areas, "area", ends.called.get("areas", "areas"))
    found += _off_the_road(table.destination_off, ends.settings, "setting", ends.called.get("settings", "settings"))
    return [*found, *_no_way(table, ends, roads)]


def _off_the_road(off: Floats, points: pd.DataFrame, kind: str, file: str) -> list[Problem]:
    beyond = _farthest_first(
        off,
        off > NO_ROAD,
        points,
        Problem(
            "no road is near: the nearest is {} away, so this point has no journeys",
            file,
            column=kind,
            fix="give roads that reach it (neighbouring counties too), or check its x and y",
            severity="warning",
        ),
    )
    far = _farthest_first(
        off,
        (off > FAR) & (off <= NO_ROAD),
        points,
        Problem(
            "the nearest road is {} away; journeys are measured from there",
            file,
            column=kind,
            fix="check its x and y" + ("; they may be where its people live" if kind == "area" else ""),
            severity="warning",
        ),
    )
    return [
        *_first(beyond, Problem(f"{{}} more {kind}s have no road near", file, severity="warning")),
        *_first(far, Problem(f"{{}} more {kind}s are more than {FAR:.0f} m from a road", file, severity="warning")),
    ]


def _farthest_first(off: Floats, which: Flags, points: pd.DataFrame, said: Problem) -> list[Problem]:
    """A problem for each point in `which`, as `said` with its distance."""
    order = np.flatnonzero(which)[np.argsort(-off[which], kind="stable")]
    return [
        replace(
            said,
            what=said.what.format(_distance(off[at])),
            row=int(points.index[at]),
            value=_named(points, said.column, at),
        )
        for at in order.tolist()
    ]


def _no_way(table: RoadTable, ends: Ends, roads: str) -> list[Problem]:
    """Pairs of points on a road between which there is no way: all those of a setting or an area on one line."""
    near = (table.source_off <= NO_ROAD)[:, None] & (table.destination_off <= NO_ROAD)
    none = near & np.isnan(table.seconds)
    problems: list[Problem] = []
    fix = "check x and y: an island, or a road with a gate, has no way out by car"
    for axis, kind, points in ((0, "setting", ends.settings), (1, "area", ends.areas)):
        cut_off: Flags = np.asarray(none.any(axis=axis) & (none | ~near).all(axis=axis), dtype=np.bool_)
        file = ends.called.get(f"{kind}s", f"{kind}s")
        what = f"there is no way by road {'to this setting' if kind == 'setting' else 'from this area'}"
        problems += [
            Problem(what, file, int(points.index[at]), kind, _named(points, kind, at), fix, "warning")
            for at in np.flatnonzero(cut_off).tolist()
        ]
        none &= ~cut_off[None, :] if axis == 0 else ~cut_off[:, None]
    pairs = [
        Problem(
            "there is no way by road for this pair: no child can be placed so",
            roads,
            value=f"{_named(ends.areas, 'area', int(area))} to {_named(ends.settings, 'setting', int(setting))}",
            fix=fix,
            severity="warning",
        )
        for area, setting in np.argwhere(none)
    ]
    return problems + _first(pairs, Problem("{} more pairs have no way by road", roads, severity="warning"))


def _first(problems: Sequence[Problem], more: Problem) -> list[Problem]:
    """The first problems; of the rest their number, as `more` says it."""
    rest = len(problems) - _NAMED
    return [*problems[:_NAMED], *([replace(more, what=more.what.format(f"{rest:,}"))] if rest > 0 else [])]


def _named(points: pd.DataFrame, kind: str, at: int) -> str:
    """The code of a point and its name."""
    name = str(points["name"].iloc[at]) if "name" in points else ""
    return f"{points[kind].iloc[at]} {name}".strip()


def _distance(metres: float) -> str:
    return f"{metres / 1000:,.1f} km" if metres >= 1000 else f"{metres:.0f} m"
