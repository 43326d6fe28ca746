"""A small release made of single children, so that all its tables are of the same children."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from sufficiency.report.disclosure.catalogue import CATALOGUE, WHERE
from sufficiency.report.disclosure.protect import Protected
from sufficiency.report.disclosure.public import UNIT_COSTS, Public
from sufficiency.report.disclosure.published import Claims
from sufficiency.report.disclosure.release import Release, Tables

FEE = {"special_school": 14_000.0, "independent": 60_000.0, "eotas": 40_000.0}
LINE = {"special_school": "1.2.1", "independent": "1.2.3", "eotas": "1.2.7"}
COLUMN = {"special_school": "state_places", "independent": "independent", "eotas": "by_pattern"}


def children(seed: int, each: float = 4.0) -> pd.DataFrame:
    """A row a child: where from, which need and phase, where placed."""
    chance = np.random.default_rng(seed)
    rows = [
        (locality, f"{locality}{chance.integers(2)}", need, phase, kind)
        for locality in ("East", "West", "South")
        for need in ("ASD", "SEMH")
        for phase in ("primary", "secondary")
        for kind in FEE
        for _ in range(chance.poisson(each * (3 if kind == "special_school" else 1)))
    ]
    return pd.DataFrame(rows, columns=["locality", "area", "need", "phase", "type"])


def tables_of(
    people: pd.DataFrame, scenario: str = "base", year: int = 2026, counted: Callable[[float], float] = float
) -> Tables:
    """The tables of a release with these children."""
    people = people.assign(scenario=scenario, year=year, column=people["type"].map(COLUMN))
    by = ["scenario", "year", "locality", "need", "phase"]
    gaps = people.groupby([*by, "column"]).size().unstack(fill_value=0).reindex(columns=list(WHERE), fill_value=0)  # noqa: PD010
    gaps = gaps.assign(demand=gaps.sum(axis=1), shortfall=gaps["independent"]).reset_index().astype({"demand": float})
    area = people.groupby(["scenario", "year", "locality", "area"]).size().rename("demand").reset_index()
    short = people[people["type"] == "independent"].groupby("area").size()
    area = area.assign(shortfall=area["area"].map(short).fillna(0.0))
    provision = people.groupby(["scenario", "year", "type", "need", "phase"]).size().rename("children").reset_index()
    in_type = people.groupby("type").size()
    lines = in_type.rename("children").reset_index().assign(scenario=scenario, year=year, places=np.nan)
    lines = lines.assign(line=lines["type"] + " 1", setting=lines["type"])
    figures = {("children", ""): len(people), ("awaiting", ""): 0} | {("children_in", k): n for k, n in in_type.items()}
    measures = pd.DataFrame(
        [("academic", year, *name, "children", n, n, n) for name, n in figures.items()],
        columns=["period", "year", "measure", "item", "unit", "today", "plan", "unmitigated"],
    ).assign(scenario=scenario)
    spend = pd.DataFrame(
        [(year, LINE[kind], kind, "dsg", FEE[kind] * n) for kind, n in in_type.items()],
        columns=["year", "budget_line", "type", "fund", "pounds"],
    ).assign(scenario=scenario)
    changes = pd.DataFrame(columns=["year", "from_type", "to_type", "children", "scenario"])
    made = {
        "gaps": gaps,
        "area_gaps": area,
        "provision": provision,
        "occupancy": lines,
        "measures": measures,
        "spend": spend,
        "changes": changes,
    }
    return {name: _as_published(name, frame) for name, frame in made.items()}


def _as_published(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    spec = CATALOGUE[name]
    return frame[list(spec.columns)].astype(dict.fromkeys(spec.counts, float))


def release_of(people: pd.DataFrame, years: Sequence[int] = (2026,)) -> Release:
    return Release(tables_of(people), ("base",), tuple(years))


def naive(release: Release, threshold: int = 5, hide: Sequence[str] = ("gaps", "provision", "area_gaps")) -> Protected:
    """Every small figure hidden, and no other: of the tables in `hide`."""
    tables = dict(release.tables)
    for name in hide:
        frame = tables[name].copy()
        for column in CATALOGUE[name].counts:
            small = (frame[column] > 0) & (frame[column] < threshold)
            frame[column] = frame[column].where(~small)
        tables[name] = frame
    return Protected(tables, Claims("suppression", 5, threshold, 1.0, 1.0, 0.0))


def rates() -> Public:
    """What a child costs, exactly."""
    rows = [(2026, LINE[kind], "dsg", kind, fee, fee, 0.0, 0.0) for kind, fee in FEE.items()]
    return Public({}, pd.DataFrame(rows, columns=list(UNIT_COSTS)))
