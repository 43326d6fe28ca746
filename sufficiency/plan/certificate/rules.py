"""Policy rules as rows, worked out again for the certificate: whom each counts, and up to how many (section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.case import Case
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.phases import phases_named
from sufficiency.plan.certificate.types import Labels, Recounted
from sufficiency.policy import FairnessRule, JourneyRule, LocalityRule, Rule, ScopedRule, ShareRule

FAMILY: dict[type[Rule], str] = {
    ShareRule: "rule",
    LocalityRule: "local",
    JourneyRule: "minutes",
    FairnessRule: "fair",
}


@dataclass(frozen=True)
class Told:
    """One rule (of one locality): weights on children placed [P] and waiting [C], and its limit by year [T+1]."""

    family: str
    rule: Rule
    weights: Floats
    waiting: Floats
    limit: Floats


def rules_told(case: Case, data: Labels, told: Recounted) -> list[Told]:
    """Every rule of the model file in its order; one that each locality keeps for itself stands once for each."""
    homes = _homes(case, data)
    found: list[Told] = []
    for _, rule in case.model.rules.listed:
        if isinstance(rule, JourneyRule):
            known = sorted(set(case.tables.areas["locality"]) - {"", UNKNOWN_AREA})
            wanted = {name.casefold() for name in rule.localities or known}
            found += [_journeys(case, data, told, rule, homes == name) for name in known if name.casefold() in wanted]
        elif isinstance(rule, FairnessRule):
            found.append(_fair(data, told, rule))
        elif isinstance(rule, LocalityRule | ShareRule):
            found.append(_counted(case, data, told, rule, homes))
    return found


def _homes(case: Case, data: Labels) -> Any:
    """[C] the locality each cell's children live in."""
    by_area = dict(zip(case.tables.areas["area"], case.tables.areas["locality"], strict=True))
    areas = data.cells["area"].to_numpy(dtype=object).tolist()
    return np.array([by_area.get(area, UNKNOWN_AREA) for area in areas], dtype=object)


def _scope(case: Case, data: Labels, rule: ScopedRule, homes: Any) -> Flags:
    inside = np.ones(len(data.cells), dtype=bool)
    if rule.needs:
        inside &= data.cells["need"].isin(rule.needs).to_numpy()
    if rule.phases:
        named = {code for phase in rule.phases for code in phases_named(phase, case.model.phase_list) or ()}
        inside &= data.cells["phase"].isin(named).to_numpy()
    if rule.localities:
        localities = {name.casefold() for name in rule.localities}
        inside &= np.array([home.casefold() in localities for home in homes], dtype=bool)
    return inside


def _counted(case: Case, data: Labels, told: Recounted, rule: ShareRule | LocalityRule, homes: Any) -> Told:
    """So many children, or such a share of those forecast, in some types of setting, or near home."""
    scope = _scope(case, data, rule, homes)
    forecast = np.where(scope, told["demand"], 0.0).sum(axis=1)
    counts = scope[data.pair_cell]
    if rule.types:
        counts &= data.lines["type"].isin(rule.types).to_numpy()[data.pair_line]
    if isinstance(rule, LocalityRule):
        there = case.tables.settings.set_index("setting")["locality"].loc[data.lines["setting"]]
        stands = there.str.casefold().to_numpy(dtype=object)[data.pair_line]
        counts &= np.array([home.casefold() for home in homes], dtype=object)[data.pair_cell] == stands
        limit, sign = rule.at_least * forecast, -1.0
    elif rule.at_most is not None or rule.at_most_children is not None:
        sign = 1.0
        limit = forecast * rule.at_most if rule.at_most is not None else 0.0 * forecast + (rule.at_most_children or 0.0)
    else:
        sign = -1.0
        number = 0.0 * forecast + (rule.at_least_children or 0.0)
        limit = forecast * rule.at_least if rule.at_least is not None else number
    weights = np.asarray(sign * counts, dtype=np.float64)
    return Told(FAMILY[type(rule)], rule, weights, np.zeros(len(scope)), sign * limit)


def _journeys(case: Case, data: Labels, told: Recounted, rule: JourneyRule, here: Flags) -> Told:
    """Minutes beyond the limit as shares of it, over a locality's children; who waits has the longest journey."""
    scope = _scope(case, data, rule, _homes(case, data)) & here
    longest = np.full(len(data.cells), rule.at_most)
    chosen = told["ever_arc"]
    np.maximum.at(longest, data.pair_cell[chosen], told["minutes"][chosen])
    placed = np.where(scope[data.pair_cell], told["minutes"] / rule.at_most - 1.0, 0.0)
    none = np.zeros(len(data.years))
    return Told(FAMILY[JourneyRule], rule, placed, scope * (longest / rule.at_most - 1.0), none)


def _fair(data: Labels, told: Recounted, rule: FairnessRule) -> Told:
    """Kolm–Pollak (section 5, row 7), each term by e^κM − 1: a child who waits counts 1."""
    minutes, kappa, forecast = told["minutes"], rule.kappa or 0.0, told["demand"].sum(axis=1)
    longest = float(minutes[told["ever_arc"]].max(initial=0.0))
    if longest <= 0:
        return Told(FAMILY[FairnessRule], rule, np.zeros(len(minutes)), np.zeros(len(data.cells)), 0.0 * forecast)

    def weight(journey: Any) -> Any:
        top = np.exp(kappa * (journey - longest)) - np.exp(-kappa * longest)
        return top / (1.0 - np.exp(-kappa * longest))

    placed = weight(minutes)
    limit = np.array([rule.minutes_in(int(year)) for year in data.years])
    share = np.minimum(weight(np.minimum(limit, max(longest, float(minutes.max())))), max(1.0, float(placed.max())))
    return Told(FAMILY[FairnessRule], rule, placed, np.ones(len(data.cells)), share * forecast)
