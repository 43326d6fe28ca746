"""Random small cases in which much is decided already: options committed, places only proposed, lines not filled,
preferences by type, children who could be in an ordinary class. None has bases first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.tables.checks.decided import check_decided
from sufficiency.tables.checks.findings import Inspection
from sufficiency.tables.schemes import brings_line, windows_without_commitments

from .random_cases import richer_case
from .random_options import random_case_with_options, with_random_options

CLASS = "M"


def decided_case(seed: int, **overrides: Any) -> Case:
    """The same case for the same seed. `overrides` are merged over the sections of its model."""
    rng = np.random.default_rng([seed, 11])
    sections: dict[str, Any] = {
        "continuity": {
            "preference_share": _preference(rng),
            "mainstream_eligible": _eligible(rng),
            "through": float(rng.choice([0, 0.7, 1])),
            "by_pattern": [["eotas"], ["eotas", "alternative_provision"], []][rng.integers(0, 3)],
        },
    }
    sections["rules"] = {"bases_first": False}
    for name, more in overrides.items():
        sections[name] = sections.get(name, {}) | more
    if rng.random() < 0.5:
        case = random_case_with_options(seed, **sections)
    else:
        case = with_random_options(seed, richer_case(seed, **sections))
    case = _with_statuses(rng, _with_ordinary_classes(rng, case))
    return with_commitments(rng, _with_enrolment(rng, _with_fills(rng, case)))


def _preference(rng: np.random.Generator) -> Any:
    by_year = {2025: float(rng.random()), 2027: float(rng.random())}
    by_type = {
        "default": by_year if rng.random() < 0.3 else 0.6,
        "independent": float(rng.choice([0, 0.3])),
        "non_maintained": float(rng.choice([0.5, 1])),
    }
    if rng.random() < 0.5:
        by_type["special_school"] = {2026: 0.2, 2028: 1.0}
    return [by_type, by_year, float(rng.choice([0, 1]))][rng.integers(0, 3)]


def _eligible(rng: np.random.Generator) -> Any:
    one = {"primary": float(rng.choice([0.2, 1])), "secondary": float(rng.choice([0, 0.4]))}
    return [{}, {"default": 0.25}, {"ASD": one, "default": 0.1}, {"SEMH": 1.0}][rng.integers(0, 4)]


def _with_ordinary_classes(rng: np.random.Generator, case: Case) -> Case:
    """A line of type `mainstream`, with or without a limit, from now or later, with children in it or not."""
    tables, (first, last) = case.tables, case.model.years
    needs, phases = sorted(set(tables.demand["need"])), [phase.code for phase in case.model.phase_list]
    begins = int(rng.integers(first - 1, last + 1))
    line = {
        "line": "classes",
        "setting": CLASS,
        "type": "mainstream",
        "needs": tuple(needs),
        "phases": tuple(phase for phase in phases if rng.random() < 0.8) or (phases[0],),
        "levels": (),
        "can_meet": (),
        "match": 0.5,
        "from_year": begins,
        "places": float(rng.integers(1, 6)) if rng.random() < 0.3 else np.nan,
        "imported": 0.0,
        "reserved": 0.0,
        "overfill": 0.0,
        "status": "",
    }
    setting = tables.settings.iloc[[0]].assign(
        setting=CLASS, name=CLASS, type="mainstream", school="", physical_places=np.nan, opens=np.nan, closes=np.nan,
        in_area=True, transport_per_child=np.nan, section_41=False,
    )  # fmt: skip
    cost = tables.costs.iloc[[0]].assign(
        type="mainstream", setting="", line="", level="", need="", phase="", per_child=float(rng.integers(3, 12) * 1e3),
        per_place=np.nan, per_empty_place=np.nan, from_year=0,
    )  # fmt: skip
    journeys = case.journeys
    away = rng.uniform(1, 10, len(journeys.areas))[:, None]
    placements = tables.placements
    if placements is not None and begins < first and len(placements) and rng.random() < 0.5:
        here = placements[placements["phase"].isin(line["phases"])].head(2)
        here = here.assign(line="classes", setting=CLASS, level="", children=1.0)
        placements = pd.concat([placements, here.drop_duplicates(["area", "need", "phase"])], ignore_index=True)
    return replace(
        case,
        tables=replace(
            tables,
            settings=gpd.GeoDataFrame(pd.concat([tables.settings, setting], ignore_index=True), crs=27700),
            places=pd.concat([tables.places, pd.DataFrame([line])], ignore_index=True).fillna(
                {"evidence": "", "status": ""}
            ),
            costs=pd.concat([tables.costs, cost], ignore_index=True),
            placements=placements,
        ),
        journeys=replace(
            journeys,
            settings=np.append(journeys.settings, CLASS),
            km=np.hstack([journeys.km, away]),
            minutes=np.hstack([journeys.minutes, 2 * away]),
        ),
    )


def _with_statuses(rng: np.random.Generator, case: Case) -> Case:
    """Some rows of places that come after the base year are only proposed, some said to be committed."""
    places = case.tables.places
    said = rng.choice(["", "proposed", "Committed "], len(places))
    later = (places["from_year"] > case.model.base_year).to_numpy()
    return replace(case, tables=replace(case.tables, places=places.assign(status=np.where(later, said, ""))))


def _with_fills(rng: np.random.Generator, case: Case) -> Case:
    options = case.tables.options
    assert options is not None
    asks = rng.choice([0, 0, 0.6], len(options)) * brings_line(options)
    return replace(case, tables=replace(case.tables, options=options.assign(smallest_fill=asks)))


def _with_enrolment(rng: np.random.Generator, case: Case) -> Case:
    options = case.tables.options
    assert options is not None
    names = [*case.tables.places["line"].unique(), *options["option"][brings_line(options)]]
    given = {str(name).lower(): float(rng.choice([0, 0.6, 0.85])) for name in names if rng.random() < 0.2}
    continuity = case.model.continuity.model_copy(update={"enrolment": given})
    return replace(case, model=case.model.model_copy(update={"continuity": continuity}))


def with_commitments(rng: np.random.Generator, case: Case) -> Case:
    """Up to two options committed, each in one of its years, as far as the checks of input let them stand together."""
    committed: dict[str, int] = {}
    assert case.tables.options is not None
    may_open = windows_without_commitments(case.model, case.tables)
    for name, window in zip(case.tables.options["option"], may_open, strict=True):
        if not len(window) or rng.random() < 0.5:
            continue
        rules = case.model.rules.model_copy(update={"committed": committed | {name.lower(): int(rng.choice(window))}})
        more = replace(case, model=case.model.model_copy(update={"rules": rules}))
        inspection = Inspection(more.model, more.tables)
        check_decided(inspection)
        if not any(problem.severity == "error" for problem in inspection.problems):
            case, committed = more, rules.committed
    return case
