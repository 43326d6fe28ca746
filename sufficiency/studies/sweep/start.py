"""What every draw starts from: the case under each combination of scenarios, the paths of demand, and the base plan.

No draw starts from another, so that results do not depend on which worker solved which draw, or in what order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.case import Case
from sufficiency.model import Model
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.options.choices import MayOpen, may_open
from sufficiency.plan.options.fixed import fix_openings
from sufficiency.plan.pricing.column_generation import WarmStart
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.studies.sweep.demand import Paths, along_path, at_level, rows_of_paths
from sufficiency.studies.sweep.future import Future, future
from sufficiency.tables.checks.sweep import type_of_costs

Opens = tuple[str, int, float]
"""An option that opens: its code, the year, and which part of it."""


@dataclass(frozen=True)
class Combination:
    """The case under one combination of scenarios, and the entry of the paths of each row of its demand table."""

    name: str
    case: Case = field(repr=False)
    rows: Ints = field(repr=False)


@dataclass(frozen=True)
class Start:
    """`base`: the base plan's openings, decided. `opens` are what a plain sweep holds fixed in every draw."""

    seed: int
    combinations: tuple[Combination, ...] = field(repr=False)
    paths: Paths | None = field(repr=False)
    warm: WarmStart = field(repr=False)
    opens: tuple[Opens, ...]
    later: int = 0
    """Years by which every option opens later still than its future says."""

    @property
    def case(self) -> Case:
        """The case of the base plan."""
        return self.warm.instance.case

    @property
    def options(self) -> list[str]:
        """The codes of all options."""
        table = self.case.tables.options
        return [] if table is None else table["option"].tolist()

    def future(self, draw: int) -> Future:
        """Draw number `draw`, from 0."""
        count = 0 if self.paths is None else self.paths.count
        drawn = future(self.case.model.sweep, self.seed, draw, count, self.options, len(self.combinations))
        if not self.later:
            return drawn
        return replace(drawn, slips={option: drawn.slips.get(option, 0) + self.later for option in self.options})


def combination(name: str, case: Case, paths: Paths | None) -> Combination:
    """A combination with its paths found."""
    demand = case.tables.demand
    return Combination(name, case, np.full(len(demand), -1) if paths is None else rows_of_paths(paths, demand))


def case_of(start: Start, future: Future) -> Case:
    """The case of a future: children, fees, inflation, and the years in which late options may open."""
    here = start.combinations[future.combination]
    model, tables = here.case.model, here.case.tables
    if start.case.model.sweep.demand == "paths":
        if start.paths is not None:
            demand = along_path(tables.demand, start.paths.factors(future.path), here.rows)
        else:
            demand = at_level(tables.demand, model.base_year, future)
        tables = replace(tables, demand=demand)
    if future.fees:
        factor = type_of_costs(tables).map(future.fees).fillna(1.0)
        tables = replace(tables, costs=tables.costs.assign(per_child=tables.costs["per_child"] * factor))
    if tables.options is not None and future.slips:
        tables = replace(tables, options=_may_open_late(tables.options, future))
    return replace(here.case, model=_model_of(model, future), tables=tables)


def instance_of(start: Start, future: Future) -> tuple[Instance, MayOpen]:
    """The arrays of a future with the openings of the base plan, late where they slip; what would open after the last
    year, or may not open under the scenarios of this future, stays closed.
    """
    case = case_of(start, future)
    base = prepare(case)
    may = may_open(case, base.data)
    return fix_openings(base, may, openings_of(may, base.data, opens_late(start.opens, future))), may


def openings_of(may: MayOpen, data: InstanceData, opens: tuple[Opens, ...]) -> Floats:
    """[Y] openings as columns."""
    y = np.zeros(len(may))
    begins, names = data.years[may.opens], np.array([one.option for one in may.schemes], dtype=object)
    named = names[may.scheme] if len(may) else np.zeros(0, dtype=object)
    for option, year, part in opens:
        at = (named == option) & (begins == year)
        y[at & ~(may.whole & (part < 1))] = part
    return y


def opens_late(opens: tuple[Opens, ...], future: Future) -> tuple[Opens, ...]:
    """The openings with those that slip in their late year."""
    return tuple((option, year + future.slips.get(option, 0), part) for option, year, part in opens)


def _may_open_late(options: pd.DataFrame, future: Future) -> pd.DataFrame:
    late = options["option"].map(future.slips).fillna(0)
    return options.assign(latest=options["latest"] + late)


def _model_of(model: Model, future: Future) -> Model:
    """The model of a future: its inflation at the base discount rate, late options committed to their late year, one
    thread (a draw has one core, and must not depend on how many there are).
    """
    finance, rules = model.finance, model.rules
    if future.inflation:
        update = {"inflation": {**finance.inflation, **future.inflation}, "discount_rate": finance.discount}
        finance = finance.model_copy(update=update)
    if future.slips and rules.committed:
        late = {option.casefold(): years for option, years in future.slips.items()}
        moved = {name: year + late.get(name.casefold(), 0) for name, year in rules.committed.items()}
        committed = {name: year for name, year in moved.items() if year <= model.years[1]}
        rules = rules.model_copy(update={"committed": committed})
    solver = model.solver.model_copy(update={"threads": 1})
    return model.model_copy(update={"finance": finance, "rules": rules, "solver": solver})
