"""Policy rules as rows over cells and pairs: whom each counts, and up to how many.

A row is in children whatever the rule is about, so that `rule_breach` is the price of a child it is missed by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.case import Case
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.model import Model
from sufficiency.phases import phases_named
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.rows.families import OF_RULES, Family
from sufficiency.policy import FairnessRule, JourneyRule, LocalityRule, Rule, ScopedRule, ShareRule


@dataclass(frozen=True)
class Subject:
    """A rule, of one locality where each keeps it for itself."""

    key: str
    rule: Rule
    locality: str = ""

    @property
    def family(self) -> Family:
        """The family of its rows."""
        return OF_RULES[self.key]

    @property
    def name(self) -> str:
        """What outputs call it."""
        return f"{self.rule.name}: {self.locality}" if self.locality else self.rule.name

    @property
    def is_floor(self) -> bool:
        """Whether it asks for at least so many."""
        if isinstance(self.rule, ShareRule):
            return self.rule.at_least is not None or self.rule.at_least_children is not None
        return isinstance(self.rule, LocalityRule)


@dataclass(frozen=True)
class RuleRow:
    """`weights` [P] on children placed and `waiting` [C] on those who wait stay within `limit` [T+1], in children.

    `scope` [C] are the cells it speaks of. A floor has its signs turned.
    """

    subject: Subject
    scope: Flags
    weights: Floats
    waiting: Floats
    limit: Floats


def subjects(case: Case) -> list[Subject]:
    """Every rule of the model, in the order of their rows; one for each locality where localities are held apart."""
    known = sorted(set(case.tables.areas["locality"]) - {"", UNKNOWN_AREA})
    listed: list[Subject] = []
    for key, rule in case.model.rules.listed:
        if isinstance(rule, JourneyRule):
            wanted = {name.casefold() for name in rule.localities} or {name.casefold() for name in known}
            listed += [Subject(key, rule, name) for name in known if name.casefold() in wanted]
        else:
            listed.append(Subject(key, rule))
    return listed


def rule_rows(case: Case, data: InstanceData) -> list[RuleRow]:
    """A row for each of `subjects`. Raises ValueError where κ of the fairness rule is not known yet."""
    return [_row(case.model, data, subject) for subject in subjects(case)]


def _row(model: Model, data: InstanceData, subject: Subject) -> RuleRow:
    rule = subject.rule
    if isinstance(rule, ShareRule):
        scope = in_scope(model, data, rule)
        return _counting(subject, data, scope, _of_types(data, rule.types), _children(data, rule, scope))
    if isinstance(rule, LocalityRule):
        scope = in_scope(model, data, rule)
        there = _of_types(data, rule.types) & within_locality(data)
        return _counting(subject, data, scope, there, rule.at_least * data.demand[:, scope].sum(axis=1))
    if isinstance(rule, JourneyRule):
        scope = in_scope(model, data, rule) & (data.cells["locality"] == subject.locality).to_numpy()
        weights = np.where(scope[data.pair_cell], data.minutes / rule.at_most - 1.0, 0.0)
        waiting = np.where(scope, longest_of_cells(data, rule.at_most) / rule.at_most - 1.0, 0.0)
        return RuleRow(subject, scope, weights, waiting, np.zeros(data.horizon + 1))
    if isinstance(rule, FairnessRule):
        if rule.kappa is None:
            raise ValueError("κ of the fairness rule comes from the plan without it: see plan.fairness.with_kappa")
        weights, one, share = fair_weights(data, rule.kappa, np.array([rule.minutes_in(year) for year in data.years]))
        everyone = np.ones(len(data.cells), dtype=bool)
        return RuleRow(subject, everyone, weights, one * everyone, share * data.demand.sum(axis=1))
    raise TypeError(f"no rows for {type(rule).__name__}")


def _counting(subject: Subject, data: InstanceData, scope: Flags, places: Flags, limit: Floats) -> RuleRow:
    """A row that counts the children of `scope` [C] in `places` [P]."""
    sign = -1.0 if subject.is_floor else 1.0
    counted = (scope[data.pair_cell] & places).astype(float)
    return RuleRow(subject, scope, sign * counted, np.zeros(len(data.cells)), sign * limit)


def _children(data: InstanceData, rule: ShareRule, scope: Flags) -> Floats:
    """[T+1] children a rule allows or asks for: a share of the children forecast in its scope, or a number."""
    share = rule.at_most if rule.at_most is not None else rule.at_least
    if share is not None:
        return np.asarray(share * data.demand[:, scope].sum(axis=1))
    number = rule.at_most_children if rule.at_most_children is not None else rule.at_least_children
    return np.full(data.horizon + 1, float(number or 0.0))


def in_scope(model: Model, data: InstanceData, rule: ScopedRule) -> Flags:
    """[C] cells a rule speaks of."""
    scope = np.ones(len(data.cells), dtype=bool)
    if rule.needs:
        scope &= data.cells["need"].isin(rule.needs).to_numpy()
    if rule.phases:
        named = [code for phase in rule.phases for code in phases_named(phase, model.phase_list) or ()]
        scope &= data.cells["phase"].isin(named).to_numpy()
    if rule.localities:
        wanted = {name.casefold() for name in rule.localities}
        scope &= data.cells["locality"].str.casefold().isin(wanted).to_numpy()
    return scope


def _of_types(data: InstanceData, types: list[str]) -> Flags:
    """[P] pairs whose line is of one of the types; all where none is named."""
    named = data.lines["type"].isin(types).to_numpy() if types else np.ones(len(data.lines), dtype=bool)
    return np.asarray(named[data.pair_line])


def within_locality(data: InstanceData) -> Flags:
    """[P] pairs whose setting is in the locality where the children live; a setting on no map is in none."""
    home = data.cells["locality"].str.casefold().to_numpy()[data.pair_cell]
    return np.asarray(home == data.lines["locality"].str.casefold().to_numpy()[data.pair_line])


def longest_of_cells(data: InstanceData, least: float) -> Floats:
    """[C] minutes of the longest journey that could be chosen for a cell in any year, `least` where that is less."""
    longest = np.full(len(data.cells), least)
    chosen = data.ever_arc
    np.maximum.at(longest, data.pair_cell[chosen], data.minutes[chosen])
    return longest


def fair_weights(data: InstanceData, kappa: float, minutes: Floats) -> tuple[Floats, float, Floats]:
    """Kolm–Pollak: [P] (e^κm − 1) / (e^κM − 1) of each pair, the same of a child who waits (1), and of a journey of
    so many `minutes`, by year; M the longest journey of any arc.

    The children of a year are fixed by the forecast, so Σ (e^κm − e^κE) · stock + Σ (e^κM − e^κE) · w ≤ 0 is the same
    as Σ weight · stock + w ≤ share · N, with E on the right-hand side alone. Limits no plan can reach are left at
    what is longest, so that the row says nothing.
    """
    longest = longest_arc(data)
    if longest <= 0:
        return np.zeros(len(data.minutes)), 0.0, np.zeros_like(minutes)
    weights = _exponential(kappa, data.minutes, longest)
    most = max(float(weights.max(initial=0.0)), 1.0)
    share = _exponential(kappa, np.minimum(minutes, max(longest, float(data.minutes.max()))), longest)
    return weights, 1.0, np.minimum(share, most)


def fair_equivalent(data: InstanceData, kappa: float, share: float) -> float:
    """E: minutes that, if everyone had them, weigh as much as journeys do whose mean weight is `share`."""
    longest = longest_arc(data)
    if longest <= 0:
        return 0.0
    return float(longest + np.log(share + (1 - share) * np.exp(-kappa * longest)) / kappa)


def fair_slope(data: InstanceData, kappa: float, minutes: float) -> float:
    """By how much the weight of a journey of so many minutes grows with a minute more."""
    longest = longest_arc(data)
    return float(kappa * np.exp(kappa * (minutes - longest)) / -np.expm1(-kappa * longest)) if longest > 0 else 0.0


def _exponential(kappa: float, minutes: Floats, longest: float) -> Floats:
    """(e^κm − 1) / (e^κM − 1), without ever raising e to a large power."""
    return np.asarray(np.exp(kappa * (minutes - longest)) * np.expm1(-kappa * minutes) / np.expm1(-kappa * longest))


def longest_arc(data: InstanceData) -> float:
    """M: minutes of the longest journey of any arc in any plan year."""
    return float(data.minutes[data.ever_arc].max(initial=0.0))
