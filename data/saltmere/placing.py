"""Where Saltmere's children are placed in the base year: drawn one by one from national patterns, bent to
local troubles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from children import NEEDS, PHASE_OF, PHASES, YEAR_GROUPS, published
from provision import Line, all_lines, all_settings

if TYPE_CHECKING:
    from geography import Floats, Geography

# A setting's type, the group of the published placement tables it belongs to, its share of that group, and
# how much more Saltmere uses it than England does. The last two are invented.
TYPES = {
    "resource_base": ("base", 1.0, 4.0),
    "special_school": ("state_special", 1.0, 1.25),
    "special_free_school": ("state_special", 0.0, 1.0),
    "alternative_provision": ("ap", 1.0, 9.0),
    "independent": ("inmss", 0.87, 0.9),
    "non_maintained": ("inmss", 0.13, 1.2),
    "eotas": ("eotas", 1.0, 2.7),
    "college": ("fe", 0.88, 0.8),
    "specialist_post_16": ("fe", 0.12, 1.4),
    "early_years": ("early_years", 1.0, 3.0),
}
REACH_METRES = 5_000.0  # how fast the pull of a school fades with distance
POOL_METRES = 7_000.0  # what a pool or a school elsewhere counts as
OFF_DESIGNATION = 0.004  # a handful of children are where their need would not have sent them
AWAITING = {"SEMH": 0.025, "ASD": 0.02}
AWAITING_ELSE = 0.008


def place(rng: np.random.Generator, children: pd.DataFrame, geography: Geography, settings: pd.DataFrame) -> pd.Series:
    """The line of each child, or `awaiting`."""
    lines = all_lines()
    draw = _appeal(lines)
    near = np.exp(-_metres(lines, geography, settings) / REACH_METRES)
    room = np.array([1_000_000 if line.filled is None else line.filled for line in lines])
    placed = ["awaiting"] * len(children)
    rows = list(children[["small", "need", "ncy"]].itertuples(index=False))
    for i in rng.permutation(len(rows)):
        small, need, ncy = rows[i]
        waits = rng.random() < AWAITING.get(need, AWAITING_ELSE) and 0 <= ncy <= 11
        weight = np.cumsum(draw[NEEDS.index(need), ncy - YEAR_GROUPS[0]] * near[small] * (room > 0))
        if not waits and weight[-1] > 0:
            chosen = int(np.searchsorted(weight, rng.random() * weight[-1], side="right"))
            room[chosen] -= 1
            placed[i] = lines[chosen].line
    return pd.Series(placed, index=children.index, name="line")


def placements_table(children: pd.DataFrame, area: str, phase: str) -> pd.DataFrame:
    """`area, need, phase, line, children`, where `area` and `phase` name the columns to count by."""
    table = children[[area, "need", phase, "line"]].set_axis(["area", "need", "phase", "line"], axis=1)
    table = table.assign(
        need=pd.Categorical(table["need"], NEEDS), phase=pd.Categorical(table["phase"], _phase_order(phase))
    )
    table = table.groupby(["area", "need", "phase", "line"], observed=True).size().rename("children").reset_index()
    return table.astype({"need": object, "phase": object})


def _phase_order(phase: str) -> list[str]:
    return [str(ncy) for ncy in YEAR_GROUPS] if phase == "ncy_code" else list(PHASES)


def _appeal(lines: list[Line]) -> Floats:
    """How readily each line takes a child of each need and year group, were all of them equally near."""
    by_age = published("placement_by_year_group.csv", "ncy").reindex(YEAR_GROUPS, method="bfill")
    by_need = published("placement_share_by_need.csv", "need")
    types = {s.setting: s.type for s in all_settings()}
    appeal = np.zeros((len(NEEDS), len(YEAR_GROUPS), len(lines)))
    for i, line in enumerate(lines):
        group, share, local = TYPES[line.type or types[line.setting]]
        age = (by_age[group] / by_age["plans"]).to_numpy()
        tilt = (
            by_need.loc[list(NEEDS), group] / by_need.loc["ALL", group] if group in by_need else pd.Series(1.0, NEEDS)
        )
        suits = np.array([_suits(line, need) for need in NEEDS])
        takes = np.array([PHASE_OF[ncy] in line.phases.split() for ncy in YEAR_GROUPS])
        size = line.pull * (1.0 if line.filled is None else max(line.filled, 1) / 100)
        appeal[:, :, i] = np.outer(tilt.to_numpy() * suits, age * takes) * share * local * size
    return appeal


def _suits(line: Line, need: str) -> float:
    if line.needs == "any" or need in line.needs.split():
        return 1.0
    return line.match * 0.6 if need in line.can_meet.split() else OFF_DESIGNATION


def _metres(lines: list[Line], geography: Geography, settings: pd.DataFrame) -> Floats:
    site = settings.set_index("setting")[["x", "y"]].astype(float).loc[[line.setting for line in lines]].to_numpy()
    home = geography.small_areas[["x", "y"]].to_numpy()
    gap = np.sqrt(((home[:, None, :] - site[None, :, :]) ** 2).sum(axis=2))
    return np.where(np.isnan(gap), POOL_METRES, gap)
