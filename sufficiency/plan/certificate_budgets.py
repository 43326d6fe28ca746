"""Budgets as rows, worked out again for the certificate (section 5, row 6): £ thousand by budget line and financial
year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.case import Case
from sufficiency.codes import NOT_GIVEN, RECOUPED, SCHOOL_PHASES
from sufficiency.plan.certificate_money import fee_lines, fees, travel
from sufficiency.plan.certificate_opened import lines_told
from sufficiency.plan.certificate_types import Labels, Recounted
from sufficiency.rates import budget_lines, place_rates

POST_16_TYPES = ("college", "specialist_post_16")
BEFORE_APRIL = (5 / 12, 4 / 12)
"""Share of an academic year in the financial year after its own; that of post-16 money (DfE, high needs funding)."""

Budget = tuple[int, int, Floats, Floats, float]
"""Year, budget line, £ thousand a child of this and of the last academic year [P], and what is left for them."""


def budgets_told(case: Case, data: Labels, told: Recounted) -> list[Budget]:
    """A row for each financial year with a budget and known other spending, and each line that children add to or
    places are paid from.
    """
    budget, other = case.tables.budget, case.tables.other_spend
    if budget is None or other is None or case.model.finance.overspend <= 0:
        return []
    names, found = budget_lines(case), []
    years = set(budget["financial_year"]) & set(other["financial_year"])  # else nobody knows what is left of it
    place_lines = _place_lines(case, data)
    adds = {name: _adds(case, data, told, name, place_lines == name) for name in names}
    of_places = set(place_lines.ravel())
    for t, year in list(enumerate(data.years.tolist()))[1:]:
        for item, name in enumerate(names):
            given = budget[(budget["financial_year"] == year) & (budget["budget_line"] == name)]["pounds"]
            if year not in years or (name == RECOUPED and given.empty):
                continue
            child, filled, place, late, late_line = adds[name]
            of_line = late_line[data.pair_line]
            now = child[t] * (1 - late) + filled[t] * (1 - of_line)
            then = child[t - 1] * late + filled[t - 1] * of_line
            if not (now.any() or then.any() or name in of_places):
                continue
            spent = other[(other["financial_year"] == year) & (other["budget_line"] == name)]["pounds"].sum()
            left = given.sum() - spent - place[t] @ (1 - late_line) - place[t - 1] @ late_line
            found.append((t, item, now / 1000, then / 1000, float(left) / 1000))
    return found


def _place_lines(case: Case, data: Labels) -> Any:
    """[T+1, L] the budget line that places are posted to."""
    rates = place_rates(case, data.lines, data.years.tolist())
    recouped = case.tables.settings.set_index("setting")["recouped"].loc[data.lines["setting"]].to_numpy(dtype=bool)
    return np.where(recouped, RECOUPED, np.where(rates.budget_line == "", NOT_GIVEN, rates.budget_line))


def _adds(case: Case, data: Labels, told: Recounted, name: str, posted: Flags) -> tuple[Floats, ...]:
    """£ of an academic year in a budget line: of a child in each pair, of the place it fills, both [T+1, P], and of
    places whoever fills them [T+1, L]; and the share that falls after March, of a child [P] and of a line's places [L].
    `posted` [T+1, L]: the places that are paid from it.
    """
    asked, pair_line = data.years.tolist(), data.pair_line
    rates = place_rates(case, data.lines, asked)
    there = told["before"]["line_open"] & np.isfinite(told["before"]["commissioned"])
    fee = np.where(fee_lines(case, data, asked) == name, fees(case, data, asked), 0.0)
    journey = travel(case, data, told, asked) * (name == case.model.finance.transport_budget_line)
    filled = np.where(posted & there, rates.filled - rates.empty, 0.0)[:, pair_line]
    late_line = _late_lines(case, data)
    pair_late = _late_cells(case, data)[data.pair_cell] | data.lines["type"].isin(POST_16_TYPES).to_numpy()[pair_line]
    late, places_late = (np.where(after, BEFORE_APRIL[1], BEFORE_APRIL[0]) for after in (pair_late, late_line))
    whoever = np.where(posted, told["place_funding"] + told["option_cost"], 0.0)
    return fee + journey, filled, whoever, late, places_late


def _late_cells(case: Case, data: Labels) -> Flags:
    after = {phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]}
    return np.array([code in after for code in data.cells["phase"].to_numpy(dtype=object)], dtype=bool)


def _late_lines(case: Case, data: Labels) -> Flags:
    after = {phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]}
    phases = lines_told(case).sort_values("from_year", kind="stable").drop_duplicates("line").set_index("line")
    taken = phases["phases"].reindex(data.lines["line"])
    bought = data.lines["type"].isin(POST_16_TYPES).to_numpy()
    return np.asarray(np.array([set(codes) <= after for codes in taken], dtype=bool) | bought)
