"""Settings and their lines of places: schools as Get Information about Schools has them, and pools for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.codes import NEEDS, SCHOOL_PHASES
from sufficiency.sources.published.placements import TYPE_OF
from sufficiency.starter.open_data.needs import GROUPS, NEED_CODES, PHASES, Children

NEAR_NEEDS: dict[str, tuple[str, ...]] = {
    "ASD": ("SLCN",),
    "SLCN": ("ASD", "MLD"),
    "MLD": ("SPLD", "SLCN", "DS"),
    "SPLD": ("MLD",),
    "SLD": ("MLD", "PMLD", "DS"),
    "PMLD": ("SLD", "MSI"),
    "DS": ("MLD", "SLD"),
    "HI": ("VI", "MSI"),
    "VI": ("HI", "MSI"),
    "MSI": ("HI", "VI"),
    "PD": ("MSI",),
}
"""What a place designated for a need can often meet besides: assumptions after the groups that planners use."""
ALWAYS_NEAR = ("OTH", "UNK")
DESIGNATED, CAN_MEET, OTHERWISE = 1.0, 0.3, 0.005
"""How often children are in a line designated for their need, one that can meet it, and any other: assumptions."""
OWN_SHARE: dict[str, float] = {"independent": 0.5, "non_maintained": 0.5}
"""Of these types at most this share of the children on roll at settings in the area were placed by the authority
itself, and at most this share of the children it placed are there: assumptions; 1 for the types not named.
"""
POOLS: dict[str, tuple[str, str, bool, float, float]] = {
    "base": ("BASES-OTHER", "Specialist bases not named here", True, 6.0, 18.0),
    "special": ("SPECIAL-OTHER", "State special schools elsewhere or not named here", False, 16.0, 32.0),
    "independent": ("INDEPENDENT-OTHER", "Independent special schools elsewhere", False, 25.0, 38.0),
    "non_maintained": ("NMSS-OTHER", "Non-maintained special schools elsewhere", False, 40.0, 50.0),
    "ap": ("AP-OTHER", "Alternative provision elsewhere or not named here", False, 12.0, 28.0),
    "college": ("COLLEGES-OTHER", "Colleges elsewhere", False, 12.0, 30.0),
    "specialist_post_16": ("SPI-OTHER", "Specialist post-16 institutions elsewhere", False, 30.0, 42.0),
    "early_years": ("EARLY-YEARS", "Nurseries and other early years settings", True, 3.0, 10.0),
    "eotas": ("EOTAS", "Education otherwise than at school", True, 0.0, 0.0),
    "home_education": ("HOME", "Elective home education", True, 0.0, 0.0),
}
"""Setting, name, whether in the area, km and minutes one way: assumptions, for no file says where these children go."""
GROUP_OF = {
    **{kind: group for group, kind in TYPE_OF.items()},
    "special_free_school": "special",
}
"""Group of placements by type of setting."""
NO_LIMIT = frozenset({"independent", "non_maintained", "college", "specialist_post_16", "eotas", "home_education"})
"""Groups whose pool has no limit."""
_AFTER_SCHOOL = frozenset({"college", "specialist_post_16"})
_ANY_AGE = (0, 26)
YOUNGEST_ADULT_SCHOOL = 21
"""A school takes students past 19 only where its highest age is at least this: 19 and 20 are the end of sixth form."""


@dataclass(frozen=True)
class Lines:
    """One row a line: `line, setting, name, group, type, part, academy, needs, can_meet, phases, capacity, roll,
    load (children of this authority expected there), pool, x, y, km, minutes, in_area, section_41, opens`.
    `takes` [line, need, phase] how readily a child is there (0: the phase is not taken).
    """

    rows: pd.DataFrame
    takes: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]


def lines_of(settings: pd.DataFrame | None, funded: pd.DataFrame | None, children: Children) -> Lines:
    """The lines of an authority: its settings, and for each group of placements a pool of those not named."""
    totals = dict(zip(GROUPS, children.counts.sum(axis=(1, 2)), strict=True))
    named = _named(settings, funded) if settings is not None and len(settings) else pd.DataFrame()
    parts = []
    for group in GROUPS:
        own = named[named["group"] == group] if len(named) else named
        own = own.assign(load=_loads(own, group, totals[group])) if len(own) else own
        parts.append(own)
        if totals[group] > 0 or group in NO_LIMIT:
            parts.append(_pool(group, totals[group] - (own["load"].sum() if len(own) else 0.0)))
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return Lines(rows, _takes(rows))


def _named(settings: pd.DataFrame, funded: pd.DataFrame | None) -> pd.DataFrame:
    """A row for each setting, named by its URN; a school with both kinds of base has a line for each."""
    rows = settings.assign(group=settings["type"].map(GROUP_OF), setting=settings["urn"], pool=False)
    several = rows["urn"].duplicated(keep=False)
    suffix = rows["part"].map({"resourced provision": "-RP", "SEN unit": "-UNIT"}).fillna("")
    rows["line"] = rows["urn"] + suffix.where(several, "")
    rows["capacity"] = _funded(rows, funded)
    rows["in_area"] = rows["in_area"].fillna(True).astype(bool) if "in_area" in rows else True
    rows["can_meet"] = [_can_meet(needs) for needs in rows["needs"]]
    rows["phases"] = [
        _phases(low, high, group) for low, high, group in zip(rows["low"], rows["high"], rows["group"], strict=True)
    ]
    lost = rows["x"].isna() | rows["y"].isna()
    for name, place in (("km", 3), ("minutes", 4)):
        usual = [float(POOLS[group][place]) for group in rows["group"]]
        rows[name] = np.where(lost, usual, np.nan)
    return rows


def _funded(rows: pd.DataFrame, funded: pd.DataFrame | None) -> pd.Series[float]:
    """Places that DfE funds at the school, where a file tells, else the capacity."""
    if funded is None or funded.empty:
        return rows["capacity"]
    part = rows["group"].map({"base": "base", "special": "special", "ap": "ap"}).fillna("")
    known = funded.set_index(["urn", "part"])["places"]
    places = pd.Series(known.reindex(pd.MultiIndex.from_arrays([rows["urn"], part])).to_numpy(), index=rows.index)
    # a school with two kinds of base has one number of places: it is shared out by capacity
    several = rows.groupby(["urn", "group"])["urn"].transform("size") > 1
    return places.where(places.notna() & ~several, rows["capacity"])


def _can_meet(needs: str) -> str:
    there = needs.split()
    if not there:
        return ""
    near = [other for need in there for other in NEAR_NEEDS.get(need, ())]
    return " ".join(need for need in NEEDS if need in {*near, *ALWAYS_NEAR} and need not in there)


def _phases(low: float, high: float, group: str) -> str:
    """Phases that a setting of these ages takes: pupils leave in the year in which they reach the highest age."""
    if group in _AFTER_SCHOOL:
        return "post_16 post_19"
    first, last = _ANY_AGE if not (np.isfinite(low) or np.isfinite(high)) else (low, high)
    first = first if np.isfinite(first) else 4
    last = max(last if np.isfinite(last) else 16, first + 1)
    taken = []
    for phase, (low_ncy, high_ncy) in SCHOOL_PHASES.items():
        if phase == "post_19" and last < YOUNGEST_ADULT_SCHOOL:
            continue
        if first <= high_ncy + 4 and last - 1 >= low_ncy + 4:
            taken.append(phase)
    return " ".join(taken)


def _loads(own: pd.DataFrame, group: str, total: float) -> pd.Series[float]:
    """Children of this authority at each setting: as many as are on roll (of some types a share of them), scaled
    down where they come to more than were placed.
    """
    on_roll = own["roll"].fillna(own["capacity"])
    if group in _AFTER_SCHOOL:
        size = on_roll.fillna(on_roll.median()).fillna(1.0)
        return size / size.sum() * total * (1.0 if group == "college" else 0.5)
    if on_roll.isna().all():
        return pd.Series(total / len(own), index=own.index)
    share = OWN_SHARE.get(group, 1.0)
    there = on_roll.fillna(on_roll.median()).where(own["opens"] == 0, 0.0) * share
    return there * min(1.0, share * total / there.sum()) if there.sum() > 0 else there


def _pool(group: str, load: float) -> pd.DataFrame:
    setting, name, inside, km, minutes = POOLS[group]
    return pd.DataFrame(
        {
            "line": [setting],
            "setting": setting,
            "name": name,
            "group": group,
            "type": TYPE_OF[group],
            "part": "",
            "academy": False,
            "needs": "any",
            "can_meet": "",
            "phases": "post_16 post_19" if group in _AFTER_SCHOOL else " ".join(PHASES),
            "capacity": np.nan,
            "roll": np.nan,
            "load": max(load, 0.0),
            "pool": True,
            "x": np.nan,
            "y": np.nan,
            "km": km,
            "minutes": minutes,
            "in_area": inside,
            "section_41": False,
            "opens": 0,
        }
    )


def _takes(rows: pd.DataFrame) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    out = np.zeros((len(rows), len(NEED_CODES), len(PHASES)))
    for number, row in enumerate(rows.itertuples()):
        needs, near = str(row.needs).split(), str(row.can_meet).split()
        any_need = not needs or needs == ["any"]
        for column, need in enumerate(NEED_CODES):
            fits = DESIGNATED if any_need or need in needs else CAN_MEET if need in near else OTHERWISE
            for place, phase in enumerate(PHASES):
                out[number, column, place] = fits if phase in str(row.phases).split() else 0.0
    return out
