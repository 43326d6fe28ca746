"""Random small cases: needs, phases, years, closures, late openings, falling places, overfill, physical limits,
rules, pattern types.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from sufficiency.case import Case

from .worked import case_of, model_of

NEEDS = ("ASD", "SEMH", "MLD")
PHASES = ("early_years", "primary", "secondary", "post_16")
TYPES = ("special_school", "resource_base", "alternative_provision", "independent", "eotas", "special_school")


def random_case(seed: int, **overrides: Any) -> Case:
    """The same case for the same seed. `overrides` are merged over the sections of its model."""
    rng = np.random.default_rng(seed)
    horizon = int(rng.integers(1, 5))
    needs, phases = NEEDS[: rng.integers(1, 4)], PHASES[: rng.integers(1, 5)]
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
