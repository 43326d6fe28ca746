"""Random small cases: needs, phases, years, closures, late openings, falling places, overfill, physical limits,
rules, pattern types.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.tables import Tables

from .worked import case_of, model_of

NEEDS = ("ASD", "SEMH", "MLD")
PHASES = ("early_years", "primary", "secondary", "post_16")
YEAR_GROUPS = ("5", "6", "7", "8")
TYPES = ("special_school", "resource_base", "alternative_provision", "independent", "eotas", "special_school")


def random_case(seed: int, year_groups: bool = False, **overrides: Any) -> Case:
    """The same case for the same seed. `overrides` are merged over the sections of its model. `year_groups`: every
    year group its own phase, those about the change of school.
    """
    rng = np.random.default_rng(seed)
    horizon = int(rng.integers(1, 5))
    needs, phases = NEEDS[: rng.integers(1, 4)], (YEAR_GROUPS if year_groups else PHASES)[: rng.integers(1, 5)]
    areas = ("A", "B", "C")[: rng.integers(1, 4)]
    sections: dict[str, Any] = {
        "continuity": {
            "preference_share": float(rng.choice([0, 0.5, 1])),
            "through": float(rng.choice([0, 0.7, 1])),
            "by_pattern": ["eotas"],
        },
        "weights": {
            "awaiting_place": 200_000,
            "over_places": float(rng.choice([0, 3_000])),
            "off_designation": 5_000,
            "hour_travelled": float(rng.choice([0, 5])),
            "over_limit": 100,
        },
        "travel": {"limit_minutes": {"primary": 30}},
        "finance": {
            "discount_rate": 0.05,
            "inflation": {"default": 0.03, "independent": 0.06},
            "tail_years": int(rng.choice([0, 5])),
            "awaiting_cost": 1_000,
        },
        "rules": {"share": _rules(rng, needs, phases), "reserve": float(rng.choice([0, 0.1]))},
    }
    for name, more in overrides.items():
        sections[name] = sections.get(name, {}) | more
    if year_groups:
        sections["phases"] = "year_groups"
    settings, places, costs = _provision(rng, horizon, needs, phases)
    demand = _demand(rng, areas, needs, phases, horizon)
    travel = [
        {"area": a, "setting": f"S{i}", "minutes": float(rng.integers(5, 60)), "km": float(rng.integers(1, 30))}
        for a in areas
        for i in range(len(TYPES))
    ]
    return case_of(
        model_of((2025, 2025 + horizon), **sections),
        demand=demand,
        places=places,
        costs=costs,
        settings=settings,
        placements=_placements(rng, demand, places, settings),
        travel=travel,
        areas=[{"area": a, "locality": "X" if a != "C" else "Y"} for a in areas],
    )


def _rules(rng: np.random.Generator, needs: tuple[str, ...], phases: tuple[str, ...]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if rng.random() < 0.5:
        rules.append({"name": "AP", "types": ["alternative_provision"], "at_most": float(rng.random() * 0.3)})
    if rng.random() < 0.5:
        kinds = ["special_school", "resource_base"]
        share = float(rng.random() * 0.8)
        rules.append({"name": "state", "types": kinds, "at_least": share, "needs": [needs[0]], "from_year": 2027})
    if rng.random() < 0.3:
        most = float(rng.integers(0, 10))
        rules.append({"name": "bought", "types": ["independent"], "at_most_children": most, "phases": [phases[-1]]})
    return rules


def rules_of_every_kind(seed: int, hard: bool = False) -> dict[str, Any]:
    """An override of `rules` with the kinds `_rules` does not draw, for the same seed the same."""
    rng = np.random.default_rng(seed + 1)
    rules: dict[str, Any] = {}
    if rng.random() < 0.7:
        near = {"name": "near home", "at_least": float(rng.random() * 0.7), "hard": hard}
        rules["in_locality"] = [near | ({"localities": ["X"], "from_year": 2027} if rng.random() < 0.5 else {})]
    if rng.random() < 0.7:
        most = float(rng.integers(15, 50))
        rules["locality_minutes"] = {"at_most": most, "hard": hard and bool(rng.random() < 0.5)}
    if rng.random() < 0.7:
        kappa = float(rng.uniform(0.01, 0.1))
        rules["fairness"] = {"at_most": float(rng.integers(15, 50)), "kappa": kappa, "hard": hard}
    return rules


def _provision(rng: np.random.Generator, horizon: int, needs: tuple[str, ...], phases: tuple[str, ...]) -> Any:
    settings, places, costs = [], [], []
    for i, kind in enumerate(TYPES):
        setting: dict[str, Any] = {"setting": f"S{i}", "type": kind, "locality": "XY"[i % 2]}
        setting["section_41"] = kind == "independent" and horizon % 2 == 0
        if kind == "special_school" and rng.random() < 0.5:
            setting["physical_places"] = float(rng.integers(5, 25))
        if rng.random() < 0.25 and kind != "independent":
            setting["closes"] = 2025 + int(rng.integers(1, horizon + 2))
        elif rng.random() < 0.25 and kind != "independent":
            setting["opens"] = 2025 + int(rng.integers(0, horizon + 1))
        settings.append(setting)
        unlimited = kind in {"independent", "eotas"}
        for k in range(int(rng.integers(1, 3))):
            designated = tuple(need for need in needs if rng.random() < 0.7) or (needs[0],)
            line = {
                "line": f"L{i}{k}",
                "setting": f"S{i}",
                "needs": designated,
                "can_meet": tuple(need for need in needs if need not in designated and rng.random() < 0.5),
                "match": 0.5,
                "phases": tuple(phase for phase in phases if rng.random() < 0.8) or (phases[0],),
            }
            year = 2025
            while year <= 2025 + horizon:
                places.append(
                    line
                    | {
                        "from_year": year,
                        "places": np.nan if unlimited else float(rng.integers(0, 20)),
                        "imported": 0.0 if unlimited else float(rng.integers(0, 3)),
                        "overfill": float(rng.choice([0, 0.1])),
                    }
                )
                year += int(rng.integers(1, 4))
        costs.append(
            {
                "setting": f"S{i}",
                "per_child": float(rng.integers(5, 60) * 1_000),
                "per_place": np.nan if kind == "independent" else 10_000.0,
                "per_empty_place": 12_000.0 if kind == "resource_base" else np.nan,
            }
        )
    return settings, places, costs


def _demand(
    rng: np.random.Generator, areas: tuple[str, ...], needs: tuple[str, ...], phases: tuple[str, ...], horizon: int
) -> list[dict[str, Any]]:
    rows = [{"area": "A", "need": needs[0], "phase": phases[0], "year": 2025, "children": 1.0}]
    for area, need, phase in itertools.product(areas, needs, phases):
        first = not (area == "A" and need == needs[0] and phase == phases[0])
        if rng.random() < 0.2 and first:
            continue
        children = float(rng.integers(0, 8))
        for year in range(2025, 2026 + horizon):
            if first or year > 2025:
                rows.append({"area": area, "need": need, "phase": phase, "year": year, "children": children})
            children = max(0.0, children * float(rng.uniform(0.6, 1.5)) + float(rng.choice([0, 0, 1])))
    return rows


def _placements(rng: np.random.Generator, demand: Any, places: Any, settings: Any) -> list[dict[str, Any]]:
    """Children in lines open in the base year: in more places than there are, off designation, beyond the forecast,
    as it comes.
    """
    open_now = {setting["setting"] for setting in settings if setting.get("opens", 0) <= 2025}
    lines = {row["line"]: row for row in places if row["setting"] in open_now}
    cells = sorted({(row["area"], row["need"], row["phase"]) for row in demand})
    return [
        {"area": area, "need": need, "phase": phase, "line": name, "children": float(rng.integers(1, 4))}
        for area, need, phase in cells
        for name, line in lines.items()
        if rng.random() < 0.3 and phase in line["phases"]
    ]


def richer_case(seed: int, year_groups: bool = False, **overrides: Any) -> Case:
    """A random case with what a council's tables may hold besides: levels and stepping down, satellites, settings
    outside the area, actual transport costs, rates by need, phase, level, line and year, journeys not known, children
    known to wait, preferences by year, factors on the pattern, and defaults left to the model.
    """
    rng = np.random.default_rng([seed, 7])
    sections: dict[str, Any] = {
        "continuity": {
            "preference_share": {2026: float(rng.random()), 2028: float(rng.random())} if rng.random() < 0.5 else 0.5,
            "pattern_factors": {"eotas": {2027: float(rng.choice([0, 0.5, 2]))}},
            "step_down": float(rng.choice([0, 0.3])),
        },
        "weights": {"rule_breach": float(rng.choice([1_000, 500_000]))},
        "travel": {"fixed_per_child": 1_000, "pounds_per_km": 2.0},
    }
    if rng.random() < 0.3:
        sections["weights"]["awaiting_place"] = None
    for name, more in overrides.items():
        sections[name] = sections.get(name, {}) | more
    case = random_case(seed, year_groups, **sections)
    tables = _with_levels(rng, _with_odd_settings(rng, case.tables))
    tables = replace(tables, costs=_with_more_rates(rng, tables))
    placed = set() if tables.placements is None else set(zip(*_where_placed(tables), strict=True))
    unknown = rng.random(case.journeys.km.shape) < 0.1
    for a, area in enumerate(case.journeys.areas):
        for s, setting in enumerate(case.journeys.settings):
            unknown[a, s] &= (area, setting) not in placed
    journeys = replace(
        case.journeys,
        km=np.where(unknown, np.nan, case.journeys.km),
        minutes=np.where(unknown, np.nan, case.journeys.minutes),
    )
    return replace(case, tables=tables, journeys=journeys)


def _where_placed(tables: Tables) -> tuple[list[str], list[str]]:
    placements = tables.placements
    setting = tables.places.drop_duplicates("line").set_index("line")["setting"]
    return placements["area"].tolist(), placements["line"].map(setting).fillna("").tolist()


def _with_levels(rng: np.random.Generator, tables: Tables) -> Tables:
    """Some cells split into two levels, lines for some levels only, some children waiting, some placed at a level."""
    key = ["area", "need", "phase"]
    levels = {cell: rng.choice(["", "base", "special", "special complex", "base special"]) for cell in sorted(
        set(tables.demand[key].itertuples(index=False, name=None)))}  # fmt: skip
    parts = []
    for row in tables.demand.to_dict("records"):
        found = levels[tuple(row[name] for name in key)].split() or [""]
        share = 0.25 if len(found) == 2 else 1.0
        parts += [row | {"level": found[0], "children": row["children"] * share}]
        parts += [row | {"level": found[1], "children": row["children"] * 0.75}] if len(found) == 2 else []
    lines = {
        line: [("base",), ("special", "complex"), ()][rng.integers(0, 3)] for line in tables.places["line"].unique()
    }
    placements = []
    for row in tables.placements.to_dict("records"):
        found = levels.get(tuple(row[name] for name in key), "").split()
        level = str(rng.choice(found)) if found and rng.random() < 0.5 else ""
        waits = {"line": "awaiting", "setting": ""} if rng.random() < 0.1 else {}
        placements.append(row | {"level": level} | waits)
    frame = pd.DataFrame(placements, columns=tables.placements.columns)
    return replace(
        tables,
        demand=pd.DataFrame(parts),
        places=tables.places.assign(levels=[lines[line] for line in tables.places["line"]]),
        placements=frame.groupby([*key, "level", "line", "setting"], as_index=False)["children"].sum(),
    )


def _with_odd_settings(rng: np.random.Generator, tables: Tables) -> Tables:
    settings = tables.settings
    codes = settings["setting"].tolist()
    return replace(
        tables,
        settings=settings.assign(
            school=[codes[0] if code != codes[0] and rng.random() < 0.3 else "" for code in codes],
            in_area=rng.random(len(codes)) < 0.8,
            transport_per_child=np.where(rng.random(len(codes)) < 0.2, 2_500.0, np.nan),
            physical_places=settings["physical_places"].mask(rng.random(len(codes)) < 0.2, 12.0),
        ),
    )


def _with_more_rates(rng: np.random.Generator, tables: Tables) -> pd.DataFrame:
    costs = tables.costs.to_dict("records")
    blank = dict.fromkeys(("type", "setting", "line", "level", "need", "phase"), "")
    choices = {
        "type": sorted(set(TYPES)),
        "setting": tables.settings["setting"].tolist(),
        "line": sorted(tables.places["line"].unique()),
        "level": ["base", "special", "complex"],
        "need": sorted(tables.demand["need"].unique()),
        "phase": sorted(tables.demand["phase"].unique()),
    }
    for _ in range(int(rng.integers(0, 8))):
        named = {name: str(rng.choice(known)) for name, known in choices.items() if rng.random() < 0.35}
        amounts = {
            "per_child": float(rng.integers(1, 80) * 1_000) if rng.random() < 0.8 else np.nan,
            "per_place": float(rng.integers(1, 12) * 1_000) if rng.random() < 0.4 else np.nan,
            "per_empty_place": float(rng.integers(1, 12) * 1_000) if rng.random() < 0.4 else np.nan,
        }
        costs.append(costs[0] | blank | named | amounts | {"from_year": int(rng.choice([0, 2026, 2027]))})
    frame = pd.DataFrame(costs)
    return frame.drop_duplicates([*blank, "from_year"])
