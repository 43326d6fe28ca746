"""The options table as a planner means it: what each scheme brings from its opening on, and to which line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Floats, Ints, each_row, positions
from sufficiency.case import Case
from sufficiency.codes import STATE_FUNDED
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.supply import enrolment
from sufficiency.rates import inflation_factor, place_rates
from sufficiency.tables.schemes import brings_line, committed_years, windows

CENTRAL = "central"


@dataclass(frozen=True)
class Option:
    """One option. `line` is the position of its own line or of the one it adds to, `closes` of the one it closes (−1:
    none); `years` the positions of the years in which it may open.

    By years since opening, the last one repeating: `ramp`, shares of what it is when full. `places` are those it
    brings, `usable` those of them for the children of the demand table (a reserve is kept free in them too),
    `physical` the rooms. `capital` includes the contingency.
    """

    row: int
    option: str
    name: str
    setting: str
    type: str
    line: int
    adds: bool
    closes: int
    years: Ints
    ramp: Floats
    places: float
    usable: float
    physical: float
    fill: float
    per_year: float
    capital: float
    ours: bool
    scalable: bool
    group: str
    committed: bool

    def share(self, horizon: int, opens: int) -> Floats:
        """[T+1] the share of its full size that is there each year if it opens in year `opens`."""
        since = np.arange(horizon + 1) - opens
        there = self.ramp[np.clip(since, 0, len(self.ramp) - 1)]
        return np.where(since >= 0, there, 0.0)


def schemes(case: Case, data: InstanceData) -> list[Option]:
    """The options that can open in some year of the plan, in the order of their table."""
    options = case.tables.options
    if options is None or options.empty or case.model.rules.open_at_most == 0:
        return []
    model = case.model
    kinds = case.tables.settings.drop_duplicates("setting").set_index("setting")["type"]
    own = brings_line(options)
    line = positions(data.lines["line"], np.where(own, options["option"], options["line"]))
    closes = positions(data.lines["line"], options["closes_line"])
    enrolled, decided = enrolment(case, data.lines), committed_years(model, case.tables)
    found = []
    for row, (option, window) in enumerate(zip(each_row(options), windows(model, case.tables), strict=True)):
        if not len(window):
            continue
        adds = not own[row] and line[row] >= 0
        at = int(line[row])
        kind = str(data.lines["type"].iloc[at]) if at >= 0 else str(kinds[option.setting])
        places = float(option.places) if at >= 0 else 0.0
        reserve = model.rules.reserve if kind in STATE_FUNDED else 0.0
        found.append(
            Option(
                row=row,
                option=option.option,
                name=option.name or option.option,
                setting=option.setting,
                type=kind,
                line=at,
                adds=adds,
                closes=int(closes[row]),
                years=np.array(window) - model.base_year,
                ramp=np.array(option.ramp or (1.0,), dtype=float),
                places=places,
                usable=places * enrolled[at] * (1 - reserve) if at >= 0 else 0.0,
                physical=places if np.isnan(option.physical) else float(option.physical),
                fill=float(option.smallest_fill),
                per_year=float(option.per_year),
                capital=float(option.capital) * (1 + model.finance.capital_contingency),
                ours=option.capital_by.strip().casefold() != CENTRAL,
                scalable=bool(option.scalable) and closes[row] < 0 and row not in decided,
                group=option.group,
                committed=row in decided,
            )
        )
    return found


def empty_place_rates(case: Case, data: InstanceData) -> Floats:
    """[T+1, L] £/place/year of place funding while nobody is in the place."""
    return place_rates(case, data.lines, data.years.tolist()).empty


def running_costs(case: Case, data: InstanceData, scheme: Option, opens: int, empty: Floats) -> tuple[Floats, Floats]:
    """[T+1] £ of the year if the whole scheme opens in year `opens`: place funding of its places, none filled, at the
    rates `empty` [T+1, L], and its fixed cost with the capital charge (mathematics page, objective: the charge is not
    inflated).
    """
    years = data.years.tolist()
    there = np.arange(len(years)) >= opens
    funding = np.zeros(len(years))
    if scheme.line >= 0:
        there &= data.line_open[:, scheme.line]
        funding = empty[:, scheme.line] * scheme.places * scheme.share(data.horizon, opens) * there
    inflated = np.array([inflation_factor(case, scheme.type, year) for year in years])
    charge = scheme.capital * case.model.finance.capital_charge if scheme.ours else 0.0
    return funding, there * (scheme.per_year * inflated + charge)
