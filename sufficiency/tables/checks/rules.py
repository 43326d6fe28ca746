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


def check_rules(seen: Inspection) -> None:
    """Localities, years, children and places that the rules of the model file name."""
    _numbers_by_year(seen)
    for _, rule in seen.model.rules.listed:
        in_force = _years(seen, rule)
        if isinstance(rule, ScopedRule):
            known = _localities(seen, rule)
            if known and in_force:
                _children(seen, rule)
        if isinstance(rule, ShareRule | LocalityRule):
            _types(seen, rule)
        if isinstance(rule, LocalityRule):
            _settings_at_home(seen, rule)


def _numbers_by_year(seen: Inspection) -> None:
    """Numbers by first year that no year of the plan comes to."""
    model, (_, last) = seen.model, seen.model.years
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
            seen.warn(what, _file(seen), "check the years")


def _preferences(share: object) -> Iterator[tuple[str, object]]:
    """A preference share, or each of those by type, with its key."""
    key = "continuity.preference_share"
    if isinstance(share, dict) and types_named(share):
        yield from ((f"{key}.{kind}", value) for kind, value in share.items())
    else:
        yield key, share


def _file(seen: Inspection) -> str:
    return seen.model.path.name


def _years(seen: Inspection, rule: Rule) -> bool:
    """Whether the rule is in force in a year of the plan."""
    first, last = seen.model.years
    if rule.from_year is not None and rule.from_year > last:
        what = f"the rule {rule.name} starts in {rule.from_year}, after the plan has ended in {last}"
        seen.warn(what, _file(seen), "check from_year")
        return False
    if rule.to_year is not None and rule.to_year < first:
        what = f"the rule {rule.name} ends in {rule.to_year}, before the plan starts in {first}"
        seen.warn(what, _file(seen), "check to_year")
        return False
    return True


def _localities(seen: Inspection, rule: ScopedRule) -> bool:
    """Whether all localities the rule names are there."""
    if not seen.sure("areas.locality", "areas.area"):
        return False
    localities = sorted(set(seen.tables.areas["locality"]) - {""})
    folded = {locality.casefold() for locality in localities}
    strange = [locality for locality in rule.localities if locality.casefold() not in folded]
    for locality in strange:
        fix = did_you_mean(locality, localities)
        seen.error(f"the rule {rule.name}: there is no such locality", _file(seen), fix, value=locality)
    return not strange


def _children(seen: Inspection, rule: ScopedRule) -> None:
    """The rule is about some child of the years it holds."""
    if not seen.sure(*(f"demand.{column}" for column in ("area", "need", "phase", "year", "children"))):
        return
    demand = seen.future
    held = [year for year in seen.model.plan_years if rule.holds_in(year)]
    counted = demand["year"].isin(held) & (demand["children"] > 0)
    if rule.needs:
        counted &= demand["need"].isin(rule.needs)
    if rule.phases:
        phases = seen.model.phase_list
        counted &= demand["phase"].isin([code for name in rule.phases for code in phases_named(name, phases) or ()])
    if rule.localities:
        wanted = {locality.casefold() for locality in rule.localities}
        areas = seen.tables.areas
        counted &= demand["area"].isin(areas.loc[areas["locality"].str.casefold().isin(wanted), "area"])
    if not counted.any():
        what = f"the rule {rule.name} is about no child: the demand table has none of its needs, phases and localities"
        seen.warn(what, _file(seen), "check what it names, or take it out")


def _types(seen: Inspection, rule: ShareRule | LocalityRule) -> None:
    """Places of the types the rule counts are there, and chosen by the plan."""
    if not rule.types or not seen.sure("places.type", "settings.type", "places.setting"):
        return
    there = set(seen.lines["type"])
    pattern = set(seen.model.continuity.by_pattern)
    if not there.intersection(rule.types):
        what = f"the rule {rule.name} counts {' and '.join(rule.types)}, and there are no such places"
        seen.warn(what, _file(seen), did_you_mean(rule.types[0], sorted(there)))
    elif pattern.issuperset(rule.types):
        what = f"the rule {rule.name} counts {' and '.join(rule.types)}, which the plan never chooses or avoids"
        seen.warn(what, _file(seen), "change continuity.by_pattern or continuity.pattern_factors instead")


def _settings_at_home(seen: Inspection, rule: LocalityRule) -> None:
    """Some setting stands in a locality where children live."""
    if not seen.sure("areas.locality", "settings.locality"):
        return
    homes = seen.tables.areas["locality"].str.casefold()
    if not np.isin(seen.tables.settings["locality"].str.casefold(), homes[homes != ""]).any():
        what = f"the rule {rule.name}: no setting is in a locality where children live"
        seen.warn(what, _file(seen), "give the settings table a locality, or coordinates")
