"""Children of Saltmere who need a specialist place: the base year's children one by one, and the demand table's shape.

National patterns come from the figures in `published/`; how they fall on Saltmere's areas is invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geography import Floats, Geography, Ints

PUBLISHED = Path(__file__).parent / "published"
BASE_YEAR, LAST_YEAR = 2025, 2035
NEEDS = ("SPLD", "MLD", "SLD", "PMLD", "SEMH", "SLCN", "ASD", "HI", "VI", "MSI", "PD", "OTH")
YEAR_GROUPS = tuple(range(-4, 21))
PHASES = {
    "early_years": (-4, -1),
    "primary": (0, 6),
    "secondary": (7, 11),
    "post_16": (12, 14),
    "post_19": (15, 20),
}
PHASE_OF = {ncy: phase for phase, (first, last) in PHASES.items() for ncy in range(first, last + 1)}

EHC_PLANS = 4_300
SPECIALIST_CHILDREN = 2_300
# Further education counts as a specialist place where a college runs a supported programme for the young
# person: assumed.
COLLEGE_SPECIALIST_SHARE = 0.5
# How much more of a need one standard deviation of deprivation brings (log scale): assumed.
DEPRIVATION_EFFECT = {"SEMH": 0.38, "MLD": 0.30, "SLCN": 0.20, "OTH": 0.10, "ASD": 0.06, "SPLD": -0.08}
TEN_THOUSANDTHS = 10_000


def published(name: str, index: str) -> pd.DataFrame:
    """One table of `published/`."""
    return pd.read_csv(PUBLISHED / name, index_col=index)


def specialist_profile() -> Floats:
    """Children in a specialist place by need and year group, scaled to Saltmere's total."""
    plans = published("need_by_year_group.csv", "ncy").reindex(YEAR_GROUPS, fill_value=0)[list(NEEDS)].to_numpy(float).T
    plans *= EHC_PLANS / plans.sum()
    by_age = published("placement_by_year_group.csv", "ncy")
    by_need = published("placement_share_by_need.csv", "need")
    groups = ["base", "state_special", "inmss", "ap", "eotas"]
    # Some places in early-years settings are in the specialist nursery: half of them, assumed.
    special = by_age[groups].sum(axis=1) + COLLEGE_SPECIALIST_SHARE * by_age["fe"] + 0.5 * by_age["early_years"]
    age_share = (special / by_age["plans"]).reindex(YEAR_GROUPS, method="bfill").to_numpy()
    need_share = (by_need[groups].sum(axis=1) + COLLEGE_SPECIALIST_SHARE * by_need["fe"]) / 100
    tilt = _logit(need_share[list(NEEDS)].to_numpy()) - _logit(need_share["ALL"])
    low, high = -3.0, 3.0
    for _ in range(60):  # how much readier than England Saltmere is to use specialist places
        local = (low + high) / 2
        profile = plans * _expit(_logit(age_share)[None, :] + tilt[:, None] + local)
        low, high = (local, high) if profile.sum() < SPECIALIST_CHILDREN else (low, local)
    return np.round(profile, 6)


def _logit(p: Floats | float) -> Floats:
    return np.log(np.asarray(p) / (1 - np.asarray(p)))


def _expit(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def area_weights(geography: Geography) -> Floats:
    """Each small area's share of the children of each need."""
    effect = np.array([DEPRIVATION_EFFECT.get(need, 0.0) for need in NEEDS])
    weight = geography.young_people[:, None] * np.exp(geography.deprivation[:, None] * effect)
    return weight / weight.sum(axis=0)


def draw_children(rng: np.random.Generator, geography: Geography) -> pd.DataFrame:
    """The base year's children, one a row: small area (by position), need and year group."""
    counts, weights = _whole(specialist_profile()), area_weights(geography)
    rows = []
    for n, need in enumerate(NEEDS):
        for ncy, count in zip(YEAR_GROUPS, counts[n], strict=True):
            where = rng.choice(len(weights), count, p=weights[:, n])
            rows += [(int(i), need, ncy) for i in where]
    return pd.DataFrame(rows, columns=["small", "need", "ncy"])


def ordinary_counts() -> Ints:
    """[need, year group] whole children with a plan whom an ordinary class meets."""
    table = published("need_by_year_group.csv", "ncy").reindex(YEAR_GROUPS, fill_value=0)[list(NEEDS)].to_numpy(float).T
    return _whole(np.maximum(table * EHC_PLANS / table.sum() - specialist_profile(), 0.0))


def _whole(expected: Floats) -> Ints:
    """Whole children by need and year group: running totals rounded keep each need's children whole and its year
    groups close to the profile.
    """
    totals = np.cumsum(np.pad(expected, ((0, 0), (1, 0))), axis=1)
    return np.diff(np.rint(totals), axis=1).astype(np.int64)


# ---- tables ------------------------------------------------------------------------------------------------


def demand_table(parts: Ints, areas: list[str], phases: list[str]) -> pd.DataFrame:
    """`area, need, phase, year, children, low, high` of the cells that have children in any year."""
    years = range(BASE_YEAR, LAST_YEAR + 1)
    ever = (parts > 0).any(axis=0)
    a, n, f = np.nonzero(ever)
    cells = parts[:, a, n, f] / TEN_THOUSANDTHS
    low, high = _interval(cells)
    count = len(years)
    return pd.DataFrame({
        "area": np.repeat(np.array(areas, dtype=object)[a], count),
        "need": np.repeat(np.array(NEEDS, dtype=object)[n], count),
        "phase": np.repeat(np.array(phases, dtype=object)[f], count),
        "year": np.tile(np.array(years), len(a)),
        "children": cells.T.ravel(),
        "low": low.T.ravel(),
        "high": high.T.ravel(),
    })  # fmt: skip


def _interval(cells: Floats) -> tuple[Floats, Floats]:
    """5th and 95th percentile: a normal band, never below zero, that allows for chance and for the trend."""
    ahead = np.arange(len(cells))[:, None]
    spread = np.sqrt(cells * np.minimum(1.0, 0.2 * ahead) + (0.018 * ahead * cells) ** 2)
    return np.round(np.maximum(cells - 1.645 * spread, 0), 3), np.round(cells + 1.645 * spread, 3)


def sum_to_phases(parts: Ints) -> Ints:
    """The year groups summed to the school phases."""
    return np.stack([
        parts[..., first - YEAR_GROUPS[0] : last - YEAR_GROUPS[0] + 1].sum(axis=-1)
        for first, last in PHASES.values()
    ], axis=-1)  # fmt: skip


def sum_to_wards(parts: Ints, geography: Geography) -> Ints:
    """The small areas summed to their wards."""
    position = {ward: i for i, ward in enumerate(geography.wards["area"])}
    total = np.zeros((parts.shape[0], len(position), *parts.shape[2:]), dtype=np.int64)
    for small, ward in enumerate(geography.small_areas["ward"]):
        total[:, position[ward]] += parts[:, small]
    return total
