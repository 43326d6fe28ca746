"""Proof of what opens, from the options table itself and from prices alone; shares nothing with the plan's own code.

An opening is a row of the options table, the year, and the part of the option that opens (1 unless it may open in
part).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.rates import inflation_factor

Opening = tuple[int, int, float]
"""Position in the options table, September of the opening year, part."""


def option_costs(case: Case, years: Floats, openings: Sequence[Opening]) -> Floats:
    """[T+1] £ of the year: fixed running costs and the capital charge of what opens."""
    finance, total = case.model.finance, np.zeros(len(years))
    for row, first, part in openings:
        option = case.tables.options.iloc[row]  # type: ignore[union-attr]
        kind = kind_of(case, option)
        capital = 0.0 if option["capital_by"].strip().casefold() == "central" else option["capital"]
        charge = capital * (1 + finance.capital_contingency) * finance.capital_charge
        for place, year in enumerate(years.tolist()):
            if first <= year < _paid_until(case, option):
                total[place] += part * (option["per_year"] * inflation_factor(case, kind, int(year)) + charge)
    return total


def _paid_until(case: Case, option: Any) -> float:
    """First year in which an option that brings places costs nothing more, because its setting has closed."""
    settings = case.tables.settings
    closes = settings.loc[settings["setting"] == option["setting"], "closes"].iloc[0]
    brings_places = option["line"] != "" or option["closes_line"] == "" or option["places"] > 0
    return float(closes) if brings_places and not np.isnan(closes) else np.inf


def kind_of(case: Case, option: Any) -> str:
    """Type of the line an option is, or adds to; of its setting where it only closes one."""
    places, settings = case.tables.places, case.tables.settings
    if option["line"] != "":
        return str(places.loc[places["line"] == option["line"], "type"].iloc[0])
    return str(settings.loc[settings["setting"] == option["setting"], "type"].iloc[0])


def places_opened(case: Case, data: Any, openings: Sequence[Opening]) -> Floats:
    """[T+1, L] places that options bring to each line, as their ramps say."""
    brought = np.zeros((len(data.years), len(data.lines)))
    names = list(data.lines["line"])
    for row, first, part in openings:
        option = case.tables.options.iloc[row]  # type: ignore[union-attr]
        name = option["line"] or option["option"]
        if name not in names or not option["places"] > 0:
            continue
        ramp = list(option["ramp"]) or [1.0]
        for place, year in enumerate(data.years.tolist()):
            if year >= first:
                brought[place, names.index(name)] += part * option["places"] * ramp[min(year - first, len(ramp) - 1)]
    return brought


def broken_limits(case: Case, openings: Sequence[Opening]) -> float:
    """By how much, at most, openings break what they must keep to: windows, wholeness, once, groups, closures,
    `open_at_most` and the capital budget (the last as a share of it).
    """
    options, model = case.tables.options, case.model
    if options is None or not openings:
        return 0.0
    first, last = model.years
    worst = 0.0
    parts: dict[str, float] = {}

    def add(key: str, part: float) -> None:
        parts[key] = parts.get(key, 0.0) + part

    capital = 0.0
    for row, year, part in openings:
        option = options.iloc[row]
        earliest = first if np.isnan(option["earliest"]) else option["earliest"]
        latest = last if np.isnan(option["latest"]) else option["latest"]
        worst = max(worst, earliest - year, year - latest, first - year, year - last, -part, part - 1)
        if not option["scalable"] or option["closes_line"] != "":
            worst = max(worst, abs(part - round(part)))
        add(f"option {option['option']}", part)
        if option["group"] != "":
            add(f"group {option['group']}", part)
        if option["closes_line"] != "":
            add(f"line {option['closes_line']}", part)
        if option["capital_by"].strip().casefold() != "central":
            capital += part * option["capital"] * (1 + model.finance.capital_contingency)
    closing = {key for key in parts if key.startswith("line ")}
    for row, _, part in openings:
        if f"line {options.iloc[row]['line']}" in closing:
            add(f"line {options.iloc[row]['line']}", part)
    worst = max(worst, *(total - 1 for total in parts.values()))
    if model.rules.open_at_most is not None:
        worst = max(worst, sum(part for _, _, part in openings) - model.rules.open_at_most)
    if model.finance.capital_budget is not None:
        worst = max(worst, (capital - model.finance.capital_budget) / max(model.finance.capital_budget, 1.0))
    return float(worst)


def least_by_cuts(constants: Floats, slopes: Floats, choices: Any, scale: float, seconds: float) -> float:
    """£ discounted: the least over all openings that are allowed of the highest cut, by scipy's own mixed-integer
    solver; its proven bound, never its best point. −inf where it proves nothing in the time.
    """
    if not len(constants):
        return -np.inf
    columns, offset = slopes.shape[1], float(np.max(constants))
    cost = np.concatenate([np.zeros(columns), [1.0]])
    above = np.hstack([-slopes / scale, np.ones((len(constants), 1))])
    limits = np.hstack([choices.limits.toarray(), np.zeros((len(choices.most), 1))])
    found = milp(
        cost,
        integrality=np.concatenate([choices.whole.astype(int), [0]]),
        bounds=Bounds(np.concatenate([np.zeros(columns), [-np.inf]]), np.concatenate([np.ones(columns), [np.inf]])),
        constraints=[
            LinearConstraint(above, (constants - offset) / scale, np.inf),
            LinearConstraint(limits, -np.inf, choices.most),
        ],
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    proven = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
    return -np.inf if proven is None else float(proven) * scale + offset
