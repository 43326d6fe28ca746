"""Checks of policy rules: what they name is there, and they are about somebody in some year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sufficiency.fields import types_named
from sufficiency.phases import phases_named
from sufficiency.policy import LocalityRule, ScopedRule, ShareRule
from sufficiency.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sufficiency.policy import Rule
    from sufficiency.tables.checks.findings import Inspection


def check_rules(inspection: Inspection) -> None:
    """Localities, years, children and places that the rules of the model file name."""
    _numbers_by_year(inspection)
    for _, rule in inspection.model.rules.listed:
        in_force = _years(inspection, rule)
        if isinstance(rule, ScopedRule):
            known = _localities(inspection, rule)
            if known and in_force:
                _children(inspection, rule)
        if isinstance(rule, ShareRule | LocalityRule):
            _types(inspection, rule)
        if isinstance(rule, LocalityRule):
            _settings_at_home(inspection, rule)


def _numbers_by_year(inspection: Inspection) -> None:
    """Numbers by first year that no year of the plan comes to."""
    model, (_, last) = inspection.model, inspection.model.years
    given: dict[str, tuple[object, int]] = {
        "finance.high_needs_block": (model.finance.high_needs_block, last + 1),  # its last financial year
        **{key: (share, last) for key, share in _preferences(model.continuity.preference_share)},
        **{
            f"continuity.pattern_factors.{kind}": (factor, last)
            for kind, factor in model.continuity.pattern_factors.items()
        },
    }
    for key, (numbers, end) in given.items():
        late = [year for year in numbers if year > end] if isinstance(numbers, dict) else []
        if late:
            what = f"{key}: {', '.join(map(str, late))} is after the plan has ended in {last}; it is not used"
            inspection.warn(what, _file(inspection), "check the years")


def _preferences(share: object) -> Iterator[tuple[str, object]]:
    """A preference share, or each of those by type, with its key."""
    key = "continuity.preference_share"
    if isinstance(share, dict) and types_named(share):
        yield from ((f"{key}.{kind}", value) for kind, value in share.items())
    else:
        yield key, share


def _file(inspection: Inspection) -> str:
    return inspection.model.path.name


def _years(inspection: Inspection, rule: Rule) -> bool:
    """Whether the rule is in force in a year of the plan."""
    first, last = inspection.model.years
    if rule.from_year is not None and rule.from_year > last:
        what = f"the rule {rule.name} starts in {rule.from_year}, after the plan has ended in {last}"
        inspection.warn(what, _file(inspection), "check from_year")
        return False
    if rule.to_year is not None and rule.to_year < first:
        what = f"the rule {rule.name} ends in {rule.to_year}, before the plan starts in {first}"
        inspection.warn(what, _file(inspection), "check to_year")
        return False
    return True


def _localities(inspection: Inspection, rule: ScopedRule) -> bool:
    """Whether all localities the rule names are there."""
    if not inspection.sure("areas.locality", "areas.area"):
        return False
    localities = sorted(set(inspection.tables.areas["locality"]) - {""})
    folded = {locality.casefold() for locality in localities}
    strange = [locality for locality in rule.localities if locality.casefold() not in folded]
    for locality in strange:
        fix = did_you_mean(locality, localities)
        inspection.error(f"the rule {rule.name}: there is no such locality", _file(inspection), fix, value=locality)
    return not strange


def _children(inspection: Inspection, rule: ScopedRule) -> None:
    """The rule is about some child of the years it holds."""
    if not inspection.sure(*(f"demand.{column}" for column in ("area", "need", "phase", "year", "children"))):
        return
    demand = inspection.future
    held = [year for year in inspection.model.plan_years if rule.holds_in(year)]
    counted = demand["year"].isin(held) & (demand["children"] > 0)
    if rule.needs:
        counted &= demand["need"].isin(rule.needs)
    if rule.phases:
        phases = inspection.model.phase_list
        counted &= demand["phase"].isin([code for name in rule.phases for code in phases_named(name, phases) or ()])
    if rule.localities:
        wanted = {locality.casefold() for locality in rule.localities}
        areas = inspection.tables.areas
        counted &= demand["area"].isin(areas.loc[areas["locality"].str.casefold().isin(wanted), "area"])
    if not counted.any():
        what = f"the rule {rule.name} applies to no children: no demand row matches its needs, phases and localities"
        inspection.warn(what, _file(inspection), "check what it names, or take it out")


def _types(inspection: Inspection, rule: ShareRule | LocalityRule) -> None:
    """Places of the types the rule counts are there, and chosen by the plan."""
    if not rule.types or not inspection.sure("places.type", "settings.type", "places.setting"):
        return
    there = set(inspection.lines["type"])
    pattern = set(inspection.model.continuity.by_pattern)
    if not there.intersection(rule.types):
        what = f"the rule {rule.name} counts {' and '.join(rule.types)}, and there are no such places"
        inspection.warn(what, _file(inspection), did_you_mean(rule.types[0], sorted(there)))
    elif pattern.issuperset(rule.types):
        what = f"the rule {rule.name} counts {' and '.join(rule.types)}, which the plan never chooses or avoids"
        inspection.warn(what, _file(inspection), "change continuity.by_pattern or continuity.pattern_factors instead")


def _settings_at_home(inspection: Inspection, rule: LocalityRule) -> None:
    """Some setting stands in a locality where children live."""
    if not inspection.sure("areas.locality", "settings.locality"):
        return
    homes = inspection.tables.areas["locality"].str.casefold()
    if not np.isin(inspection.tables.settings["locality"].str.casefold(), homes[homes != ""]).any():
        what = f"the rule {rule.name}: no setting is in a locality where children live"
        inspection.warn(what, _file(inspection), "give the settings table a locality, or coordinates")
