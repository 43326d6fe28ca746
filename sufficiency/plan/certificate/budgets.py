"""Budgets as rows, worked out again for the certificate (section 5, row 6): £ thousand by budget line and financial
year.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.case import Case
from sufficiency.codes import NOT_GIVEN, RECOUPED, SCHOOL_PHASES
from sufficiency.plan.certificate.money import fee_lines, fees, travel
from sufficiency.plan.certificate.opened import lines_told
from sufficiency.plan.certificate.types import Labels, Recounted
from sufficiency.rates import budget_lines, place_rates

POST_16_TYPES = ("college", "specialist_post_16")
BEFORE_APRIL = (5 / 12, 4 / 12)
"""Share of an academic year in the financial year after its own; that of post-16 money (DfE, high needs funding)."""

Budget = tuple[int, int, Floats, Floats, float]
"""Year, budget line, £ thousand a child of this and of the last academic year [P], and what is left beside other
spending.
"""


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
    of_places, of_line = set(place_lines.ravel()), _late_lines(case, data)[data.pair_line]
    of_fee, of_journey = _late_children(case, data)
    for t, year in list(enumerate(data.years.tolist()))[1:]:
        for item, name in enumerate(names):
            given = budget[(budget["financial_year"] == year) & (budget["budget_line"] == name)]["pounds"]
            if year not in years or (name == RECOUPED and given.empty):
                continue
            fee, journey, filled = adds[name]
            now = fee[t] * (1 - of_fee) + journey[t] * (1 - of_journey) + filled[t] * (1 - of_line)
            then = fee[t - 1] * of_fee + journey[t - 1] * of_journey + filled[t - 1] * of_line
            if not (now.any() or then.any() or name in of_places):
                continue
            spent = other[(other["financial_year"] == year) & (other["budget_line"] == name)]["pounds"].sum()
            found.append((t, item, now / 1000, then / 1000, float(given.sum() - spent) / 1000))
    return found


def paid_for_places(case: Case, data: Labels, years: Ints, items: Ints) -> sparse.csr_matrix:
    """[rows, (T+1) · L] £ thousand that a row, of a year and a budget line, pays for a pound spent at a line of places
    in an academic year however full it is.
    """
    names, place_lines, late = budget_lines(case), _place_lines(case, data), _late_lines(case, data)
    spent = np.zeros((len(years), len(data.years), len(data.lines)))
    for row, (t, item) in enumerate(zip(years.tolist(), items.tolist(), strict=True)):
        spent[row, t] = (place_lines[t] == names[item]) * (1 - late)
        spent[row, t - 1] = (place_lines[t - 1] == names[item]) * late
    return sparse.csr_matrix(spent.reshape(len(years), len(data.years) * len(data.lines)) / 1000)


def _place_lines(case: Case, data: Labels) -> Any:
    """[T+1, L] the budget line that places are posted to."""
    rates = place_rates(case, data.lines, data.years.tolist())
    recouped = case.tables.settings.set_index("setting")["recouped"].loc[data.lines["setting"]].to_numpy(dtype=bool)
    recouped = recouped & (case.model.finance.budget_basis == "after_deductions")
    return np.where(recouped, RECOUPED, np.where(rates.budget_line == "", NOT_GIVEN, rates.budget_line))


def _adds(case: Case, data: Labels, told: Recounted, name: str, posted: Flags) -> tuple[Floats, Floats, Floats]:
    """[T+1, P] £ of an academic year in a budget line: a child's fee, its journey, and the place it fills. `posted`
    [T+1, L]: the places that are paid from it.
    """
    asked, pair_line = data.years.tolist(), data.pair_line
    rates = place_rates(case, data.lines, asked)
    there = told["before"]["line_open"] & np.isfinite(told["before"]["commissioned"])
    fee = np.where(fee_lines(case, data, asked) == name, fees(case, data, asked), 0.0)
    journey = travel(case, data, told, asked) * (name == case.model.finance.transport_budget_line)
    filled = np.where(posted & there, rates.filled - rates.empty, 0.0)[:, pair_line]
    return fee, journey, filled


def _late_children(case: Case, data: Labels) -> tuple[Floats, Floats]:
    """[P] share of a child's fee, and of its journeys, that falls after March."""
    kinds = data.lines["type"].to_numpy(dtype=object)[data.pair_line]
    after = _late_cells(case, data)[data.pair_cell] | np.isin(kinds.astype(str), POST_16_TYPES)
    usual, given = np.where(after, BEFORE_APRIL[1], BEFORE_APRIL[0]), case.model.finance.month_split
    fee = np.array([given.get(kind, share) for kind, share in zip(kinds, usual, strict=True)], dtype=float)
    return fee, np.full(len(usual), given["transport"]) if "transport" in given else usual


def _late_cells(case: Case, data: Labels) -> Flags:
    after = {phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]}
    return np.array([code in after for code in data.cells["phase"].to_numpy(dtype=object)], dtype=bool)


def _late_lines(case: Case, data: Labels) -> Floats:
    """[L] share of what is paid for a line's places that falls after March."""
    after = {phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]}
    phases = lines_told(case).sort_values("from_year", kind="stable").drop_duplicates("line").set_index("line")
    taken = phases["phases"].reindex(data.lines["line"])
    bought = data.lines["type"].isin(POST_16_TYPES).to_numpy()
    late = np.array([set(codes) <= after for codes in taken], dtype=bool) | bought
    usual, given = np.where(late, BEFORE_APRIL[1], BEFORE_APRIL[0]), case.model.finance.month_split
    kinds = data.lines["type"].to_numpy(dtype=object)
    return np.array([given.get(kind, share) for kind, share in zip(kinds, usual, strict=True)], dtype=float)
