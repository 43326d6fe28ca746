"""Random small cases with options: own lines, more places, closures and replacements, ramps, windows, groups, fills."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sufficiency.case import Case

from .random_cases import random_case
from .worked import options_of


def random_case_with_options(seed: int, **overrides: Any) -> Case:
    """The same case for the same seed; few enough openings to try them all."""
    rng = np.random.default_rng(seed + 1_000_000)
    sections = {
        "rules": {"reserve": float(rng.choice([0, 0.1])), "bases_first": bool(rng.random() < 0.2)},
        "finance": {
            "capital_charge": float(rng.choice([0, 0.05])),
            "capital_contingency": float(rng.choice([0, 0.1])),
            "discount_rate": 0.05,
            "tail_years": int(rng.choice([0, 5])),
            "inflation": {"default": 0.03, "independent": 0.06},
            "awaiting_cost": 1_000,
        },
    }
    if rng.random() < 0.4:
        sections["finance"]["capital_budget"] = float(rng.integers(1, 5) * 100_000)
    if rng.random() < 0.3:
        sections["rules"]["open_at_most"] = int(rng.integers(1, 3))
    for name, more in overrides.items():
        sections[name] = sections.get(name, {}) | more
    return _with_options(rng, random_case(seed, **sections))


def with_random_options(seed: int, case: Case) -> Case:
    """A case with options beside its own, the same for the same seed."""
    return _with_options(np.random.default_rng(seed + 1_000_000), case)


def _with_options(rng: np.random.Generator, case: Case) -> Case:
    phases = tuple(phase.code for phase in case.model.phase_list)
    return replace(case, tables=replace(case.tables, options=options_of(_options(rng, case), phases)))


def _options(rng: np.random.Generator, case: Case) -> list[dict[str, Any]]:
    places = case.tables.places
    needs = sorted(set(case.tables.demand["need"]))
    phases = sorted(set(case.tables.demand["phase"]))
    kinds = case.tables.settings.set_index("setting")["type"]
    state = [
        line
        for line in places["line"].unique()
        if kinds[places.set_index("line")["setting"][[line]].iloc[0]] != "eotas"
    ]
    limited = [line for line in state if places.loc[places["line"] == line, "places"].notna().all()]
    at = {line: places.loc[places["line"] == line, "setting"].iloc[0] for line in state}
    first, last = case.model.years
    rows = []
    for number in range(int(rng.integers(1, 4))):
        earliest = int(rng.integers(first - 1, last + 1))
        row: dict[str, Any] = {
            "option": f"O{number}",
            "earliest": earliest,
            "latest": min(last, earliest + int(rng.integers(0, 2))),
            "capital": float(rng.integers(0, 4) * 100_000),
            "per_year": float(rng.integers(0, 3) * 5_000),
            "ramp": ((1.0,), (0.5, 1.0), (0.0, 0.4, 1.0))[rng.integers(0, 3)],
            "group": "g" if rng.random() < 0.3 else "",
            "capital_by": "central" if rng.random() < 0.2 else "ours",
        }
        kind = rng.choice(["own", "own", "adds", "closes", "replaces"])
        line = str(rng.choice(limited if kind == "adds" else state)) if limited else str(state[0])
        if kind in {"own", "replaces"} or not limited:
            row |= {
                "setting": at[line],
                "needs": tuple(need for need in needs if rng.random() < 0.7) or (needs[0],),
                "phases": tuple(phase for phase in phases if rng.random() < 0.8) or (phases[0],),
                "places": float(rng.integers(1, 12)),
                "smallest_fill": float(rng.choice([0, 0, 0.3])),
                "scalable": bool(rng.random() < 0.25),
            }
        if kind == "adds" and limited:
            row |= {
                "setting": at[line],
                "line": line,
                "places": float(rng.integers(1, 8)),
                "physical": float(rng.choice([0, 4, np.nan])),
            }
            row["scalable"] = bool(rng.random() < 0.25)
        if kind in {"closes", "replaces"}:
            row |= {"setting": at[line], "closes_line": line}
        rows.append(row)
    return rows
