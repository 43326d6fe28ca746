"""Proof of what opens, from the options table itself and from prices alone; shares nothing with the plan's own code.

An opening is a row of the options table, the year, and the part of the option that opens (1 unless it may open in
part).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.case import Case
from sufficiency.plan.certificate.types import Labels, Opening
from sufficiency.rates import inflation_factor


def line_of(option: Any) -> str:
    """The line that an option's places are in: the one it adds to, or its own; none where it only closes one."""
    own = option["option"] if option["closes_line"] == "" or option["places"] > 0 else ""
    return str(option["line"] or own)


def window(case: Case, option: Any) -> tuple[float, float]:
    """First year in which an option may open, and the first after it in which it may not: its own years, those of the
    setting where that has other lines, those of the line it adds to.
    """
    (first, last), places = case.model.years, case.tables.places
    setting = case.tables.settings.set_index("setting").loc[option["setting"]]
    begins = [first, option["earliest"]]
    if (places["setting"] == option["setting"]).any():
        begins.append(setting["opens"])
    if option["line"] != "":
        begins.append(places.loc[places["line"] == option["line"], "from_year"].min())
    ends = [last + 1, option["latest"] + 1, setting["closes"]]
    opens, after = float(np.nanmax(begins)), float(np.nanmin(ends))  # a blank is NaN and limits nothing
    year = committed_year(case, option)
    return (opens, after) if year is None else (float(year), float(year) + (opens <= year < after))


def committed_year(case: Case, option: Any) -> int | None:
    """The year in which an option opens whatever else is chosen; None for one that may stay closed."""
    given = {name.upper(): year for name, year in case.model.rules.committed.items()}
    return given.get(option["option"].upper())


@dataclass(frozen=True)
class Open:
    """What opens: its row of the options table, the lines it is in and that it closes (−1: none), the part of it, and
    [T+1] the share of its full size that is there and whether it is open.
    """

    option: Any
    line: int
    closes: int
    first: int
    part: float
    share: Floats
    there: Flags


def opened(case: Case, data: Labels, openings: Sequence[Opening]) -> list[Open]:
    """Openings with their ramps, the last value of which repeats."""
    lines, found = pd.Index(data.lines["line"]), []
    for row, first, part in openings:
        option = case.tables.options.iloc[row]  # type: ignore[union-attr]
        line, closes = (int(lines.get_indexer([name])[0]) for name in (line_of(option), option["closes_line"]))
        ramp = np.array(option["ramp"] or (1.0,), dtype=float)
        there = np.asarray(data.years >= first)
        share = np.where(there, part * ramp[np.clip(data.years - first, 0, len(ramp) - 1)], 0.0)
        found.append(Open(option, line, closes, first, part, share, there))
    return found


def option_costs(case: Case, data: Labels, openings: Sequence[Opening]) -> Floats:
    """[T+1, L] £ of the year: fixed running costs and the capital charge of what opens, at the line it is in or, where
    it only closes one, at that.
    """
    finance, total = case.model.finance, np.zeros((len(data.years), len(data.lines)))
    for one in opened(case, data, openings):
        charge = _our_capital(case, one.option) * finance.capital_charge
        kind = kind_of(case, one.option)
        inflated = np.array([inflation_factor(case, kind, year) for year in data.years.tolist()])
        pays = one.there & (data.years < _paid_until(case, one.option))
        total[:, one.line if one.line >= 0 else one.closes] += (
            pays * one.part * (one.option["per_year"] * inflated + charge)
        )
    return total


def _paid_until(case: Case, option: Any) -> float:
    """First year in which an option that brings places costs nothing more, because its setting has closed."""
    settings = case.tables.settings
    closes = settings.loc[settings["setting"] == option["setting"], "closes"].iloc[0]
    return float(closes) if line_of(option) != "" and not np.isnan(closes) else np.inf


def kind_of(case: Case, option: Any) -> str:
    """Type of the line an option is, or adds to; of its setting where it only closes one."""
    places, settings = case.tables.places, case.tables.settings
    if option["line"] != "":
        return str(places.loc[places["line"] == option["line"], "type"].iloc[0])
    return str(settings.loc[settings["setting"] == option["setting"], "type"].iloc[0])


@dataclass(frozen=True)
class MayOpen:
    """Y columns: a row of the options table and the September in which it opens. Those that are `whole` open whole or
    not at all, the others in part too; `limits` [R, Y] · y ≤ `most` [R], each row in its own unit.
    """

    row: Ints
    year: Ints
    whole: Flags
    limits: sparse.csr_matrix
    most: Floats

    def __len__(self) -> int:
        return len(self.row)

    def with_limit(self, weights: Floats, most: float) -> MayOpen:
        """With a limit more."""
        limits = sparse.csr_matrix(sparse.vstack([self.limits, weights[None, :]]))
        return replace(self, limits=limits, most=np.append(self.most, most))


def may_open(case: Case) -> MayOpen:
    """What may open and when, each option once, and what openings must keep to among themselves: one of a group; one of
    those that close a line or add to it; `open_at_most`; the capital budget, as a share of it; what is committed.
    """
    options = [] if case.tables.options is None else case.tables.options.to_dict("records")
    if case.model.rules.open_at_most == 0:
        options = []
    columns = [(row, year) for row, option in enumerate(options) for year in range(*map(int, window(case, option)))]
    row, year = np.array(columns, dtype=np.int64).reshape(-1, 2).T
    opening = [options[one] for one in row.tolist()]
    limits = _limits(case, opening) if columns else []
    weights = np.array([one for one, _ in limits], dtype=float).reshape(len(limits), len(row))
    return MayOpen(
        row=row,
        year=year,
        whole=np.array([_opens_whole(case, option) for option in opening], dtype=bool),
        limits=sparse.csr_matrix(weights),
        most=np.array([most for _, most in limits], dtype=float),
    )


def _opens_whole(case: Case, option: Any) -> bool:
    return not option["scalable"] or option["closes_line"] != "" or committed_year(case, option) is not None


def _limits(case: Case, options: list[Any]) -> list[tuple[Flags | Floats, float]]:
    """Weights on the columns and the most they may come to. `options`: the option of each column."""
    code, group, closed, added = (
        np.array([option[name] for option in options], dtype=object)
        for name in ("option", "group", "closes_line", "line")
    )
    found: list[tuple[Flags | Floats, float]] = [(code == one, 1.0) for one in np.unique(code)]
    found += [(group == one, 1.0) for one in np.unique(group) if one != ""]
    found += [((closed == one) | (added == one), 1.0) for one in np.unique(closed) if one != ""]
    if case.model.rules.open_at_most is not None:
        found.append((np.ones(len(options)), float(case.model.rules.open_at_most)))
    budget = case.model.finance.capital_budget
    if budget is not None:
        capital = np.array([_our_capital(case, option) for option in options], dtype=float)
        found.append((capital / max(budget, 1.0), budget / max(budget, 1.0)))
    decided = np.array([committed_year(case, option) is not None for option in options])
    return found + [(np.where(code == one, -1.0, 0.0), -1.0) for one in np.unique(code[decided])]


def _our_capital(case: Case, option: Any) -> float:
    """£ of capital, contingency included, that the authority pays."""
    central = option["capital_by"].strip().casefold() == "central"
    return 0.0 if central else float(option["capital"] * (1 + case.model.finance.capital_contingency))


def broken_limits(case: Case, openings: Sequence[Opening]) -> float:
    """By how much, at most, openings break what they must keep to: their years, wholeness, and the limits among
    themselves.
    """
    may, worst = may_open(case), 0.0
    columns = {key: column for column, key in enumerate(zip(may.row.tolist(), may.year.tolist(), strict=True))}
    y = np.zeros(len(may))
    for row, year, part in openings:
        column = columns.get((row, year))
        if column is None:
            return 1.0
        y[column] += part
        apart = abs(part - round(part)) if may.whole[column] else 0.0
        worst = max(worst, -part, part - 1, apart)
    return float(max(worst, np.max(may.limits @ y - may.most, initial=0.0)))


FOUND, NONE_FOUND = 0, 2
"""scipy's numbers for the end of a search that time did not cut short."""
TOLERATED = 1e-5
"""In the solver's units, thousandths of what the plan can change: by how much a cut may lie below the claim."""


class Limited(Protocol):
    """Openings with what they must keep to."""

    @property
    def whole(self) -> Flags:
        """[Y] those that open whole or not at all."""

    @property
    def limits(self) -> sparse.csr_matrix:
        """[R, Y] rows of limits."""

    @property
    def most(self) -> Floats:
        """[R] the most that each may come to."""


def least_by_cuts(
    constants: Floats, slopes: Floats, choices: Limited, scale: float, seconds: float, claimed: float
) -> tuple[float, bool]:
    """£ discounted: `claimed`, where scipy's own mixed-integer solver finds no allowed openings whose highest cut is
    lower; else the bound that it proves, never its best point. And whether it came to an end: in less time it proves
    less, at least what the highest cut comes to with whatever lowers it open.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    apart = float((constants + np.minimum(slopes, 0.0).sum(axis=1)).max())
    columns, offset = slopes.shape[1], float(np.max(constants))
    cost = np.concatenate([np.zeros(columns), [1.0]])
    above = np.hstack([-slopes / scale, np.ones((len(constants), 1))])
    below = (claimed - offset) / scale - TOLERATED if np.isfinite(claimed) else np.inf
    limits = np.hstack([choices.limits.toarray(), np.zeros((len(choices.most), 1))])
    found = milp(
        cost,
        integrality=np.concatenate([choices.whole.astype(int), [0]]),
        bounds=Bounds(np.concatenate([np.zeros(columns), [-np.inf]]), np.concatenate([np.ones(columns), [below]])),
        constraints=[
            LinearConstraint(above, (constants - offset) / scale, np.inf),
            LinearConstraint(limits, -np.inf, choices.most),
        ],
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    if found.status == NONE_FOUND:
        return claimed - TOLERATED * scale, True
    proven = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
    ended = bool(found.status == FOUND)
    return (apart if proven is None else max(float(proven) * scale + offset, apart)), ended
