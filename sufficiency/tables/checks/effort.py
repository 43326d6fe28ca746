"""What is worth knowing before a plan is made: factors without effect, many localities, a model that takes minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sufficiency.arrays import alike, first_of_each
from sufficiency.fields import types_named
from sufficiency.tables.checks.demand import takes_cells
from sufficiency.tables.checks.findings import KIND
from sufficiency.tables.schemes import brings_line

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables.checks.findings import Inspection

MOST_LOCALITIES = 50
"""An authority has 5 to 20 planning areas; more are wards or villages in their place."""
ARCS_A_MINUTE = 2_500_000
"""Years × cells of children × lines that take them; a million take 14 to 27 seconds on two cores (bench/scale.py)."""
MANY_SCHEMES = 25
"""Schemes that open or not; with more than this, the best set is seldom proven within a minute (bench/options.py)."""


def check_effort(inspection: Inspection) -> None:
    """Warnings of what changes nothing or takes long."""
    _factors(inspection)
    _localities(inspection)
    _size(inspection)


def _factors(inspection: Inspection) -> None:
    """Factors on types into which nobody follows today's pattern."""
    if not inspection.sure("placements.line", "placements.children", "places.type", "places.line", "settings.type"):
        return
    file, continuity = inspection.model.path.name, inspection.model.continuity
    there = set(inspection.lines["type"].reindex(inspection.placed["line"]))
    for kind in sorted(types_named(continuity.preference_share) & set(continuity.by_pattern)):
        what = f"continuity.preference_share.{kind} changes nothing: {kind} is never chosen (continuity.by_pattern)"
        inspection.warn(what, file, "leave it out, or take the type out of by_pattern")
    for kind, factor in continuity.pattern_factors.items():
        if not _changes(factor):
            continue
        key = f"continuity.pattern_factors.{kind}"
        if kind not in continuity.by_pattern:
            what = f"{key} changes nothing: {kind} is not one of continuity.by_pattern"
            inspection.warn(what, file, "add it to by_pattern, or leave the factor out")
        elif kind not in there:
            what = f"{key} changes nothing: no child is placed in {kind} today, and twice 0 is 0"
            inspection.warn(what, file, f"place children in {kind}, or change their demand instead")


def _changes(factor: object) -> bool:
    """Whether a factor, one number or one by year, is anything but 1."""
    values = factor.values() if isinstance(factor, dict) else [factor]
    return any(value != 1 for value in values)


def _localities(inspection: Inspection) -> None:
    areas = inspection.tables.areas
    known = set(areas["locality"]) - {""}
    if inspection.sure("areas.locality") and len(known) > MOST_LOCALITIES:
        what = f"there are {len(known):,} localities for {len(areas):,} areas: tables by locality will be as long"
        inspection.warn(
            what, inspection.file("areas"), "give planning areas, of which there are 5 to 20", column="locality"
        )


def _size(inspection: Inspection) -> None:
    """How long the plan will take, where that is minutes."""
    needed = [f"demand.{name}" for name in ("area", "need", "phase", "level", "year")]
    supply = [f"places.{name}" for name in ("needs", "phases", "levels", "can_meet", "match", "line")]
    if not inspection.sure(*needed, *supply):
        return
    arcs, years = number_of_arcs(inspection), len(inspection.model.plan_years)
    if arcs > ARCS_A_MINUTE:
        what = (
            f"the plan weighs {arcs / 1e6:,.1f} million combinations of year, children and places: expect about "
            f"{max(arcs / ARCS_A_MINUTE, 1):,.0f} minutes"
        )
        fix = f"for a first look use larger areas, or fewer than {years} years"
        inspection.warn(what, inspection.model.path.name, fix)
    schemes = _schemes(inspection)
    if schemes > MANY_SCHEMES:
        what = f"{schemes} schemes may open or not: the best set may take minutes to find"
        stop = f"after solver.seconds ({_limit(inspection.model)}) the best so far is given, with its gap"
        inspection.warn(what, inspection.model.path.name, stop)


def number_of_arcs(inspection: Inspection) -> int:
    """Years × cells × lines and options that take them, open or not: an upper bound of what the program holds."""
    (kind,) = alike((inspection.cells,), KIND)
    cells_of = np.bincount(kind)
    distinct = inspection.cells[KIND].iloc[first_of_each(kind)]
    options = inspection.tables.options
    supply = [inspection.lines]
    if options is not None:
        supply.append(options[brings_line(options)].drop(columns="type", errors="ignore"))
    fitting = sum(int((takes_cells(lines, distinct, inspection.model) @ cells_of).sum()) for lines in supply)
    return fitting * len(inspection.model.plan_years)


def _schemes(inspection: Inspection) -> int:
    options = inspection.tables.options
    return 0 if options is None else int((~options["scalable"]).sum())


def _limit(model: Model) -> str:
    return f"{model.solver.seconds:g}"
