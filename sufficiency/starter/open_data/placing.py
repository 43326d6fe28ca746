"""Children in lines and areas: need × phase × line × area fitted to what is known of each, and drawn as whole
children.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.codes import SCHOOL_PHASES
from sufficiency.starter.open_data.fit import fit, systematic, whole
from sufficiency.starter.open_data.lines import OWN_SHARE, Lines
from sufficiency.starter.open_data.needs import GROUPS, NEED_CODES, PHASES, Children

NEARNESS_KM = 8.0
"""Straight km at which a setting of the same size is attended a third as often: an assumption."""
DEPRIVATION = 0.05
"""Plans a child more (as a share) for each decile of deprivation below the middle: an assumption."""
_FIT_ROUNDS = 40
_LEAST = 1e-9
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Placed:
    """`rows`: `area, need, phase, line, children` (whole); `by_line` children of each line in order."""

    rows: pd.DataFrame
    by_line: Floats


def area_shares(areas: gpd.GeoDataFrame, people: pd.DataFrame | None) -> Floats:
    """[phase, area] share of the children with plans of a phase who live in each area: where people of the age live,
    a little more where deprivation is higher. Those past 18 live where those of 16 to 18 do: students are no guide.
    """
    out = np.ones((len(PHASES), len(areas)))
    if people is not None:
        for position, (phase, (first, last)) in enumerate(SCHOOL_PHASES.items()):
            low, high = SCHOOL_PHASES["post_16"] if phase == "post_19" else (first, last)
            out[position] = people.loc[:, low + 4 : high + 4].sum(axis=1).to_numpy(dtype=float) + _LEAST
    decile = areas["imd_decile"].to_numpy(dtype=float)
    out *= 1 + DEPRIVATION * np.where(np.isfinite(decile), 5.5 - decile, 0.0)
    return np.asarray(out / out.sum(axis=1, keepdims=True))


def place(children: Children, lines: Lines, areas: gpd.GeoDataFrame, people: pd.DataFrame | None) -> Placed:
    """Every child in one area and one line. The same files give the same children."""
    shares = area_shares(areas, people)
    closeness = _closeness(lines.rows, areas)
    tables = [
        _group(
            children.counts[number],
            np.flatnonzero(lines.rows["group"] == group),
            lines,
            closeness,
            shares,
            known_rolls=group not in OWN_SHARE,
        )
        for number, group in enumerate(GROUPS)
    ]
    cells = pd.concat([table for table in tables if len(table)], ignore_index=True)
    codes = areas["area"].to_numpy()
    rows = pd.DataFrame(
        {
            "area": codes[cells["area"]],
            "need": np.array(NEED_CODES)[cells["need"]],
            "phase": np.array(PHASES)[cells["phase"]],
            "line": lines.rows["line"].to_numpy()[cells["line"]],
            "children": cells["children"].astype(int),
        }
    )
    by_line = np.bincount(cells["line"], weights=cells["children"], minlength=len(lines.rows))
    order = ["line", "area", "need", "phase"]
    return Placed(rows.sort_values(order, ignore_index=True), np.asarray(by_line))


def _closeness(rows: pd.DataFrame, areas: gpd.GeoDataFrame) -> Floats:
    """[line, area] how readily a setting is attended from an area by its distance, against the mean of areas; 1 for
    pools.
    """
    centres = areas.geometry.representative_point()
    x, y = centres.x.to_numpy(), centres.y.to_numpy()
    km = np.hypot(rows["x"].to_numpy()[:, None] - x, rows["y"].to_numpy()[:, None] - y) / 1000
    readily = np.where(np.isfinite(km), np.exp(-km / NEARNESS_KM), 1.0)
    return np.asarray(readily / readily.mean(axis=1, keepdims=True))


def _group(
    counts: Floats, members: Ints, lines: Lines, closeness: Floats, shares: Floats, *, known_rolls: bool
) -> pd.DataFrame:
    """`line, need, phase, area, children` of one group of placements: children [need, phase] over lines and areas.

    `known_rolls`: lines have as many children as are expected there; else these are only how large they are beside
    each other, and a need that nobody is designated for goes to the pool.
    """
    need, phase = np.nonzero(counts)
    if not len(need):
        return pd.DataFrame()
    total = counts[need, phase]
    takes = lines.takes[members][:, need, phase].T
    load = lines.rows["load"].to_numpy()[members] + _LEAST
    seed = takes[:, :, None] * load[None, :, None] * closeness[members][None]
    homes = total[:, None] * shares[phase]
    margins: list[tuple[tuple[int, ...], Floats]] = [((1,), homes), ((1, 2), total)]
    if known_rolls:
        margins.insert(0, ((0, 2), load / load.sum() * total.sum()))
    joint = fit(seed, margins, _FIT_ROUNDS)
    in_line = whole(joint.sum(axis=2))
    rows: list[pd.DataFrame] = []
    for cell in range(len(need)):
        for place in np.flatnonzero(in_line[cell]):
            number = len(rows) + int(members[0])
            start = (number + 1) * _GOLDEN % 1.0
            homes_of = systematic(joint[cell, place], int(in_line[cell, place]), start)
            where = np.flatnonzero(homes_of)
            rows.append(
                pd.DataFrame(
                    {
                        "line": int(members[place]),
                        "need": need[cell],
                        "phase": phase[cell],
                        "area": where,
                        "children": homes_of[where],
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)
