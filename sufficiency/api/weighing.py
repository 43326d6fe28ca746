"""Programmes set beside one another over the futures of a sweep: the robust one, that of the base plan, and others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.api.reading import read_cases
from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Stop
from sufficiency.plan.explain.fairness import with_kappa_of
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.fixed import fix_openings
from sufficiency.plan.options.programme import programme_by_prices
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_like
from sufficiency.problems import CertificateError, InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.studies.sweep.draw import solve_draw
from sufficiency.studies.sweep.pool import Pool
from sufficiency.studies.sweep.robust import Answer, Asked, Robust, ask_draw, cvar, robust_programme
from sufficiency.studies.sweep.start import Opens, Start, openings_of

BASE_PLAN, ROBUST, LATER, NOTHING = "base plan", "robust", "robust, a year later", "nothing opens"
OF_ALL = ["programme", "expected", "cvar", "greatest_regret"]


@dataclass(frozen=True)
class Weighed:
    """`table`: `programmes.csv`. `robust`: the search. `opens`: what opens in each programme. `without`: draws left
    out of all programmes, for in one of them they have no plan.
    """

    table: pd.DataFrame
    robust: Robust
    opens: dict[str, tuple[Opens, ...]] = field(repr=False)
    without: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """For `sweep.json`."""
        one = self.robust
        return {
            "objective": one.objective,
            "bound": one.bound,
            "gap": one.gap,
            "met": one.met,
            "rounds": one.rounds,
            "draws_left_out": self.without,
            "opens": {name: [list(each) for each in opens] for name, opens in self.opens.items()},
        }


def weigh_programmes(
    path: str | Path, start: Start, draws: int, pool: Pool, progress: Progress = silent, stop: Stop | None = None
) -> Weighed | None:
    """The robust programme over the first `draws` draws, and others beside it; None where it was stopped before all
    were known. Costs are those of certified plans. Raises InputError where there are no options, or rules are hard.
    """
    stop = stop or Stop()
    base = start.warm.instance.case
    prepared = prepare(base)
    may = may_open(base, prepared.data)
    if not len(may):
        what = "there is no option to choose, so no robust programme either"
        raise InputError([Problem(what, base.model.path.name, fix="add an options table, or leave --robust out")])
    sweep, solver = base.model.sweep, base.model.solver

    def ask(asked: list[Asked]) -> list[Answer] | None:
        answers = dict(pool(start, ask_draw, asked, stop))
        return [answers[place] for place in range(len(asked))] if len(answers) == len(asked) else None

    first = openings_of(may, prepared.data, start.opens)
    settings = sweep.cvar_level, sweep.cvar_weight, solver.gap
    robust = robust_programme(may, prepared.data.years, first, draws, settings, ask, progress, stop)
    if robust is None or stop.asked:
        return None
    chosen = _opens(robust)
    committed = {name.casefold() for name in base.model.rules.committed}
    opens = {
        BASE_PLAN: start.opens,
        ROBUST: chosen,
        NOTHING: tuple(one for one in start.opens if one[0].casefold() in committed),
    }
    starts = {name: replace(start, opens=what) for name, what in opens.items()}
    starts[LATER] = replace(start, opens=chosen, later=1)
    costs = {}
    for name, one in starts.items():
        progress("Robust", f"{name}: proven plans in every draw")
        drawn = dict(pool(one, solve_draw, list(range(draws)), stop))
        if len(drawn) < draws:
            return None
        costs[name] = np.array([drawn[place].row["objective"] for place in range(draws)])
    _refuse_apart(robust, costs[ROBUST])
    known = np.isfinite(np.array(list(costs.values()))).all(axis=0)
    table = _table({name: of[known] for name, of in costs.items()}, sweep.cvar_level)
    regrets = _regrets(path, start, {name: starts[name].opens for name in opens}, progress)
    for name, regret in regrets.items():
        table[name] = table["programme"].map(regret)
    table["greatest_regret"] = table[list(regrets)].max(axis=1, skipna=False)
    return Weighed(table[[*OF_ALL, *regrets]], robust, opens, int((~known).sum()))


def _opens(robust: Robust) -> tuple[Opens, ...]:
    parts = zip(robust.columns, robust.y.tolist(), strict=True)
    return tuple((option, year, part) for (option, year), part in parts if part > 1e-9)


def _refuse_apart(robust: Robust, proven: Floats) -> None:
    """Raises ValueError where the certified plans of the robust programme do not cost what the search says."""
    there = np.isfinite(proven)
    if not np.allclose(robust.costs[there], proven[there], rtol=1e-6, atol=1.0):
        raise ValueError("the search for a robust programme and the certified plans of it differ")


def _table(costs: dict[str, Floats], level: float) -> pd.DataFrame:
    rows = [(name, float(of.mean()), cvar(of, level)) for name, of in costs.items()]
    return pd.DataFrame(rows, columns=OF_ALL[:3])


def _regrets(
    path: str | Path, start: Start, opens: dict[str, tuple[Opens, ...]], progress: Progress
) -> dict[str, dict[str, float]]:
    """Named future → programme → £ it costs more there than the best programme of that future (to the solver's gap).
    Named futures are the model itself and its scenarios.
    """
    regrets = {}
    for name, read in _named(path, start.case).items():
        progress("Robust", f"regret under {name}")
        base = prepare(read)
        may, until = may_open(read, base.data), Deadline.after(read.model.solver.seconds)
        least = programme_by_prices(base, silent, until).value
        costs = {}
        for programme, what in opens.items():
            instance = fix_openings(base, may, openings_of(may, base.data, what))
            try:
                costs[programme] = solve_like(start.warm, instance, silent, until).plan.objective
            except (InputError, CertificateError):  # it may not open under this scenario: over its capital budget, say
                costs[programme] = float("nan")
        regrets[name] = {programme: cost - least for programme, cost in costs.items()}
    return regrets


def _named(path: str | Path, base: Case) -> dict[str, Case]:
    cases: Sequence[tuple[str, Case]] = list(read_cases(path, None, silent).items())
    return {name: with_kappa_of(case, base) for name, case in cases}
