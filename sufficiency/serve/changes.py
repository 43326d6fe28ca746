"""Changes made on the page in the words of a scenario, so that what is asked and what is saved are the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sufficiency.case import Case
from sufficiency.policy import Rule
from sufficiency.problems import InputError, Problem, did_you_mean
from sufficiency.serve.steps import ApAtMost, Cash, Delay, Fee, Growth, Help, Inflation, Limit, Opens, Places, Step
from sufficiency.tables.schema.inputs import INPUTS

LIMITS = ("at_most", "at_least", "at_most_children", "at_least_children")
"""Keys of a rule that are its limit."""
RULES = ("share", "in_locality", "locality_minutes")
"""Rules of the model file whose limit can be changed."""


@dataclass
class Change:
    """`document`: a scenario without a name; `openings`: option → the year in which it opens, None: it does not."""

    document: dict[str, Any] = field(default_factory=dict)
    openings: dict[str, int | None] = field(default_factory=dict)

    def set(self, *keys: str, value: Any) -> None:
        """Set a key of the model file."""
        inner = self.document.setdefault("set", {})
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = value

    def put(self, how: str, row: dict[str, Any]) -> None:
        """Add to `edit`, `add` or `remove`."""
        self.document.setdefault(how, []).append(row)


def change_of(steps: Sequence[Step], case: Case) -> Change:
    """The scenario that some changes of a model are. Raises InputError where one names what the model does not have."""
    change, problems = Change(), list[Problem]()
    for line in dict.fromkeys(step.line for step in steps if isinstance(step, Places)):
        levels = [step for step in steps if isinstance(step, Places) and step.line == line]
        problems += _places(change, case, line, levels)
    limits = {step.rule: step.limit for step in steps if isinstance(step, Limit)}
    problems += _limits(change, case, limits)
    for step in steps:
        if isinstance(step, Opens):
            change.openings[step.option] = step.year
        elif isinstance(step, Fee):
            factor = round(1 + step.percent / 100, 6)
            edit = {"table": "costs", "where": {"type": step.type}, "times": {"per_child": factor}}
            change.put("edit", edit)
        elif isinstance(step, Inflation):
            change.set("finance", "inflation", step.of, value=round(step.percent / 100, 6))
        elif isinstance(step, Growth):
            problems += _growth(change, case, step)
        elif isinstance(step, ApAtMost):
            change.document.setdefault("ap_at_most", {})[step.from_year] = step.share
        elif isinstance(step, Delay | Cash | Help):
            change.document[step.kind] = step.lever.model_dump(exclude_unset=True)
    if problems:
        raise InputError(problems)
    return change


def places_by_year(case: Case, line: str) -> dict[int, float]:
    """First year → places of a line, as the places table has them."""
    rows = case.tables.places[case.tables.places["line"] == line].sort_values("from_year")
    return dict(zip(rows["from_year"].astype(int).tolist(), rows["places"].astype(float).tolist(), strict=True))


def level_in(levels: dict[int, float], year: int) -> float | None:
    """The places that hold in a year; None where there are none yet."""
    past = [first for first in levels if first <= year]
    return levels[max(past)] if past else None


def places_after(case: Case, line: str, steps: Iterable[Step]) -> dict[int, float]:
    """First year → places of a line after some changes. Each holds from its year on; a later row of the table keeps its
    distance from the one before it.
    """
    now = places_by_year(case, line)
    mine = [step for step in steps if isinstance(step, Places) and step.line == line]
    for step in sorted(mine, key=lambda step: step.from_year):
        there = level_in(now, step.from_year)
        for year in [year for year in now if year > step.from_year]:
            now[year] = max(now[year] + step.places - (there or 0.0), 0.0)
        now[step.from_year] = step.places
    return now


def _places(change: Change, case: Case, line: str, steps: Sequence[Places]) -> list[Problem]:
    before = places_by_year(case, line)
    if not before:
        fix = did_you_mean(line, sorted(set(case.tables.places["line"])))
        return [Problem("there is no such line of places", value=line, fix=fix)]
    if any(math.isnan(places) for places in before.values()):
        return [Problem(f"line {line} has no limit of places, so there is none to change")]
    if any(level_in(before, step.from_year) is None for step in steps):
        return [Problem(f"line {line} has no places before {min(before)}", fix=f"choose {min(before)} or later")]
    now = places_after(case, line, steps)
    for year in sorted(now):
        if year in before and now[year] != before[year]:
            where = {"line": line, "from_year": year}
            change.put("edit", {"table": "places", "where": where, "set": {"places": _plain(now[year])}})
        elif year not in before:
            change.put("add", {"table": "places", "row": _row_from(case, line, year, now[year])})
    return []


def _row_from(case: Case, line: str, year: int, places: float) -> dict[str, Any]:
    """The row of a line that holds in a year, as one that holds from that year on."""
    frame, spec = case.tables.places, INPUTS["places"]
    rows = frame[(frame["line"] == line) & (frame["from_year"] <= year)].sort_values("from_year")
    label, last = rows.index[-1], rows.iloc[-1]
    filled = case.tables.filled.get("places.type", pd.Index([]))
    row: dict[str, Any] = {}
    for column in spec.columns:
        value = last[column.name]
        if column.name == "from_year":
            row[column.name] = year
        elif column.name == "places":
            row[column.name] = _plain(places)
        elif isinstance(value, tuple):
            row[column.name] = " ".join(str(part) for part in value)
        elif isinstance(value, str):
            row[column.name] = "" if column.name == "type" and label in filled else value
        elif pd.notna(value) and float(value) != 0.0:
            row[column.name] = _plain(float(value))
    usual = {column.name: column.default for column in spec.columns}
    return {name: value for name, value in row.items() if value not in ("", usual[name])}


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else round(float(number), 6)


def _growth(change: Change, case: Case, step: Growth) -> list[Problem]:
    demand, where = case.tables.demand, dict[str, Any]()
    if step.need:
        where["need"] = step.need
    if step.phase:
        where["phase"] = step.phase
    if step.locality:
        areas = case.tables.areas
        there = areas.loc[areas["locality"] == step.locality, "area"].astype(str).tolist()
        if not there:
            fix = did_you_mean(step.locality, sorted(set(areas["locality"].astype(str))))
            return [Problem("there is no such locality", value=step.locality, fix=fix)]
        where["area"] = there
    first, last = case.model.years
    if not first <= step.from_year <= last:
        return [Problem("growth starts in a year of the plan", value=str(step.from_year), fix=f"{first} to {last}")]
    names = ["children", *(name for name in ("low", "high") if name in demand and demand[name].notna().any())]
    for span, factor in _factors(step, last):
        times = dict.fromkeys(names, factor)
        change.put("edit", {"table": "demand", "where": {**where, "year": span}, "times": times})
    return []


def _factors(step: Growth, last: int) -> Iterator[tuple[Any, float]]:
    """Years, and what the children in them are multiplied by."""
    one = 1 + step.percent / 100
    if not step.yearly:
        yield {"from": step.from_year, "to": last}, round(one, 6)
        return
    for year in range(step.from_year, last + 1):
        yield year, round(one ** (year - step.from_year + 1), 6)


def rules_with_limits(case: Case) -> Iterator[tuple[str, Rule, str]]:
    """Rules whose limit can be changed: their key in the model file, the rule, and the key of its limit."""
    for key, rule in case.model.rules.listed:
        limit = next((name for name in LIMITS if getattr(rule, name, None) is not None), None)
        if key in RULES and limit is not None:
            yield key, rule, limit


def _limits(change: Change, case: Case, limits: dict[str, float]) -> list[Problem]:
    """Lists replace in a scenario, so each list of rules is written whole."""
    known = {rule.name: (key, limit) for key, rule, limit in rules_with_limits(case)}
    problems = [
        Problem("there is no such rule", value=name, fix=did_you_mean(name, sorted(known)))
        for name in limits
        if name not in known
    ]
    for kind in dict.fromkeys(known[name][0] for name in limits if name in known):
        rules = []
        for key, rule in case.model.rules.listed:
            if key == kind:
                document = rule.model_dump(exclude_unset=True)
                if rule.name in limits:
                    document[known[rule.name][1]] = _plain(limits[rule.name])
                rules.append(document)
        change.set("rules", kind, value=rules)
    return problems
