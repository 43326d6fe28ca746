"""Children of Saltmere who need a specialist place: the base year's children one by one, and a forecast of
their numbers.

National patterns come from the figures in `published/`; how they fall on Saltmere's areas is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
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
# Growth over ten years by phase: assumed, faster where the large year groups now in primary are heading. The
# national forecast of specialist places rises by 19 % in four years (229,000 to 273,000, DfE School Capacity
# survey, 2024/25 to 2028/29).
GROWTH = {"early_years": 0.06, "primary": 0.10, "secondary": 0.28, "post_16": 0.38, "post_19": 0.30}
DAMPING_YEARS = 4.0
STAY_IN_SPECIALIST = (
    0.985  # a year, up to Year 11: about 2.5 % of plans cease before 16, and few of them specialist places
)
# How much more of a need one standard deviation of deprivation brings (log scale): assumed.
DEPRIVATION_EFFECT = {"SEMH": 0.38, "MLD": 0.30, "SLCN": 0.20, "OTH": 0.10, "ASD": 0.06, "SPLD": -0.08}
TEN_THOUSANDTHS = 10_000


@dataclass(frozen=True)
class Forecast:
    """Expected children by year, small area, need and year group, in ten-thousandths: sums are exact."""

    parts: Ints


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
    profile, weights = specialist_profile(), area_weights(geography)
    rows = []
    for n, need in enumerate(NEEDS):
        # Running totals rounded keep each need's children whole and its year groups close to the profile.
        counts = np.diff(np.rint(np.concatenate([[0.0], np.cumsum(profile[n])]))).astype(int)
        for ncy, count in zip(YEAR_GROUPS, counts, strict=True):
            where = rng.choice(len(weights), count, p=weights[:, n])
            rows += [(int(i), need, ncy) for i in where]
    return pd.DataFrame(rows, columns=["small", "need", "ncy"])


def forecast(children: pd.DataFrame, geography: Geography) -> Forecast:
    """The base year's children grow a year older each year, some leave, and others join.

    Those who join are as many as bring the authority's profile up to its growing target, spread over the
    areas by their young people and deprivation. So a cell never falls faster than its children grow up.
    """
    profile, weights = specialist_profile(), area_weights(geography)
    keep = _keep(profile)
    years = np.arange(BASE_YEAR, LAST_YEAR + 1)
    ten_years = np.array([GROWTH[PHASE_OF[ncy]] for ncy in YEAR_GROUPS])
    stock = np.zeros((len(years), len(weights), len(NEEDS), len(YEAR_GROUPS)))
    index = (children["small"], children["need"].map(NEEDS.index), children["ncy"] - YEAR_GROUPS[0])
    np.add.at(stock[0], tuple(i.to_numpy() for i in index), 1)
    expected = profile
    for t in range(1, len(years)):
        damped = (1 - np.exp(-t / DAMPING_YEARS)) / (1 - np.exp(-10 / DAMPING_YEARS))
        target = profile * (1 + ten_years * damped)
        staying = _grow_up(expected * keep)
        joining = np.maximum(target - staying, 0)
        expected = staying + joining
        stock[t] = _grow_up(stock[t - 1] * keep) + weights[:, :, None] * joining
    return Forecast(np.rint(stock * TEN_THOUSANDTHS).astype(np.int64))


def _keep(profile: Floats) -> Floats:
    """Share of each need and year group still in a specialist place a year later.

    Young adults leave as the national profile thins with age.
    """
    later = np.divide(profile[:, 1:], profile[:, :-1], out=np.zeros_like(profile[:, 1:]), where=profile[:, :-1] > 0)
    keep = np.full_like(profile, STAY_IN_SPECIALIST)
    adult = np.array(YEAR_GROUPS[:-1]) >= 11
    keep[:, :-1][:, adult] = np.minimum(later[:, adult], STAY_IN_SPECIALIST)
    return np.round(keep, 6)


def _grow_up(stock: Floats) -> Floats:
    """Everyone a year group on; the oldest leave."""
    older = np.zeros_like(stock)
    older[..., 1:] = stock[..., :-1]
    return older


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
    """5th and 95th percentile: a normal band, nil at the least, that allows for chance and for the trend."""
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
