"""A programme that holds in many futures: options are chosen once, children are placed in each future anew.

Two stages, on a sample of draws. Of what a programme y costs in each draw, Q_s(y), it makes (1 − ω) · the mean +
ω · CVaR least, CVaR being min over ζ of ζ + Σ_s max(Q_s − ζ, 0) / ((1 − β) · n) (Rockafellar and Uryasev, 2000).
Prices on the rows of a draw give a cut, a cost below which no programme goes in that draw (L-shaped method); the master
takes all cuts of all draws and says which programme could still be the best, and that none is better than its bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Floats, Ints, on_one_core
from sufficiency.deadline import Deadline, Stop
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.options.choices import MayOpen
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.relaxation import relaxed, relaxed_on_coarse_maps, solved_between
from sufficiency.plan.program.lp import unchanging_cost
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.rows.softening import hard_rows
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress
from sufficiency.studies.sweep.start import Start, case_of

THOUSAND = 1e3
"""Costs are counted in £ thousand in the master."""
MOST_ROUNDS = 60

Columns = tuple[tuple[str, int], ...]
"""The columns of a programme: option and year."""


@dataclass(frozen=True)
class Asked:
    """What a draw is asked: what programme y [J] over `columns` costs. `prices` to start from, where it was asked
    before.
    """

    draw: int
    columns: Columns
    y: Floats = field(repr=False)
    prices: Floats | None = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What a draw answers: the cost of the programme (discounted £), what no decision changes in it, and cuts: no
    programme costs less than intercept + coefficients · y.
    """

    cost: float
    constant: float
    intercepts: Floats
    coefficients: Floats
    prices: Floats


@dataclass(frozen=True)
class Robust:
    """The best programme y [J] over `columns` on the sample: its `cost` by draw, the objective and the bound (both as
    weighed, discounted £), and whether they meet.
    """

    columns: Columns
    y: Floats
    costs: Floats
    objective: float
    bound: float
    gap: float
    met: bool
    rounds: int


@on_one_core
def ask_draw(start: Start, asked: Asked) -> Answer:
    """What a programme costs in one draw, proven by the prices of its cut. Raises InputError where the draw has hard
    rules, or time is up.
    """
    future = start.future(asked.draw)
    base = prepare(case_of(start, future))
    found = option_model(base)
    if hard_rows(found.instance.rows).any():
        what = "a robust programme cannot weigh rules that are hard: there may be no plan at all in some future"
        raise InputError([Problem(what, base.case.model.path.name, fix="make the rules soft, or leave --robust out")])
    names, years = [one.option for one in found.choices.schemes], base.data.years
    place = {(names[one], int(years[opens])): at for at, (one, opens) in enumerate(_pairs(found.choices))}
    # where each column of the programme stands in this draw, late where it slips; −1: it opens after the last year
    at = np.array([place.get((option, year + future.slips.get(option, 0)), -1) for option, year in asked.columns])
    y = np.zeros(len(found.choices))
    y[at[at >= 0]] = asked.y[at >= 0]
    until, prices, cuts = Deadline.after(base.case.model.solver.seconds), asked.prices, []
    if prices is None:
        for coarse in relaxed_on_coarse_maps(found, until):
            prices = coarse.prices
    live = relaxed(found, prices, until)
    if asked.prices is None and live.cut is not None:
        cuts.append(live.cut)
    live = solved_between(live, y, y)
    if live.cut is None:
        raise InputError([Problem("a draw was not solved in time", fix="give solver.seconds more")])
    cuts.append(live.cut)
    coefficients = np.array([np.where(at >= 0, cut.coefficients[at], 0.0) for cut in cuts])
    intercepts = np.array([cut.intercept for cut in cuts])
    return Answer(live.objective, unchanging_cost(base), intercepts, coefficients, live.cut.prices)


def _pairs(may: MayOpen) -> list[tuple[int, int]]:
    return list(zip(may.scheme.tolist(), may.opens.tolist(), strict=True))


def columns_of(may: MayOpen, years: Ints) -> Columns:
    """Option and year of each column of the base case."""
    return tuple((may.schemes[one].option, int(years[opens])) for one, opens in _pairs(may))


def cvar(costs: Floats, level: float) -> float:
    """The mean of the costliest 1 − `level` of the costs, each as likely; of one that lies across the edge the part
    beyond it counts.
    """
    beyond = (1 - level) * len(costs)
    costliest = np.sort(costs)[::-1]
    share = np.clip(beyond - np.arange(len(costs)), 0.0, 1.0)
    return float(share @ costliest / beyond)


def weighed(costs: Floats, level: float, weight: float) -> float:
    """(1 − ω) · the mean + ω · CVaR."""
    return (1 - weight) * float(costs.mean()) + weight * cvar(costs, level)


Ask = Callable[[list[Asked]], list[Answer] | None]
"""Asks all draws; None where a stop was asked for before all had answered."""


def robust_programme(
    may: MayOpen,
    years: Ints,
    first: Floats,
    draws: int,
    settings: tuple[float, float, float],
    ask: Ask,
    progress: Progress,
    stop: Stop,
) -> Robust | None:
    """The programme whose weighed cost over `draws` draws is least, to the gap. `first` [J]: the programme asked first,
    that of the base plan. `settings`: level β, weight ω, gap. None where it was stopped before one was known.
    """
    level, weight, gap = settings
    columns, master = columns_of(may, years), _Master(may, draws, level, weight)
    best: Robust | None = None
    prices: list[Floats | None] = [None] * draws
    y, asked_before = first, set[bytes]()
    for number in range(1, MOST_ROUNDS + 1):
        asked_before.add(np.round(y, 6).tobytes())
        answers = ask([Asked(draw, columns, y, prices[draw]) for draw in range(draws)])
        if answers is None:
            return best
        prices = [answer.prices for answer in answers]
        costs, constant = (
            np.array([answer.cost for answer in answers]),
            float(np.mean([answer.constant for answer in answers])),
        )
        objective = weighed(costs, level, weight)
        if best is None or objective < best.objective:
            best = Robust(columns, y, costs, objective, -np.inf, np.inf, met=False, rounds=number)
        for draw, answer in enumerate(answers):
            master.take(draw, answer)
        y, bound = master.solve()
        left = relative_gap(best.objective, bound, constant)
        # a programme that was asked already has cuts as exact as the arithmetic is
        met = left <= gap or np.round(y, 6).tobytes() in asked_before
        best = Robust(columns, best.y, best.costs, best.objective, bound, left, met=met, rounds=number)
        progress("Robust", f"round {number}: £{best.objective / 1e6:,.2f}m, none below £{bound / 1e6:,.2f}m")
        if met or stop.asked:
            return best
    return best


class _Master:
    """The cuts of all draws in one program over the openings, with what each draw costs and how far it lies in the
    tail.
    """

    def __init__(self, may: MayOpen, draws: int, level: float, weight: float) -> None:
        self.may, self.count, self.draws = may, len(may), draws
        tail = weight / ((1 - level) * draws)
        each = np.ones(draws)
        self.cost = np.concatenate([np.zeros(self.count), (1 - weight) / draws * each, [weight], tail * each])
        self.base: float | None = None
        self.rows: list[Floats] = []
        self.least: list[float] = []

    def take(self, draw: int, answer: Answer) -> None:
        """The cuts of a draw."""
        if self.base is None:
            self.base = answer.cost
        for intercept, coefficients in zip(answer.intercepts.tolist(), answer.coefficients, strict=True):
            row = np.zeros(len(self.cost))
            row[: self.count], row[self.count + draw] = -coefficients / THOUSAND, 1.0
            self.rows.append(row)
            self.least.append((intercept - self.base) / THOUSAND)

    def solve(self) -> tuple[Floats, float]:
        """The openings [J] where the cuts are lowest, and the bound (discounted £). Raises ValueError where the master
        has no solution, which no limits of a model with a base plan allow.
        """
        n, j = self.draws, self.count
        limits = sparse.hstack([self.may.limits, sparse.csr_matrix((self.may.limits.shape[0], 2 * n + 1))])
        beyond = sparse.hstack([sparse.csr_matrix((n, j)), -sparse.identity(n), np.ones((n, 1)), sparse.identity(n)])
        lower = np.concatenate([np.zeros(j), np.full(n + 1, -np.inf), np.zeros(n)])
        upper = np.concatenate([np.ones(j), np.full(2 * n + 1, np.inf)])
        solution = milp(
            self.cost,
            constraints=[
                LinearConstraint(limits.tocsr(), -np.inf, self.may.most),
                LinearConstraint(sparse.csr_matrix(np.array(self.rows)), np.array(self.least), np.inf),
                LinearConstraint(beyond.tocsr(), 0.0, np.inf),
            ],
            integrality=np.concatenate([self.may.whole.astype(int), np.zeros(2 * n + 1)]),
            bounds=Bounds(lower, upper),
            options={"mip_rel_gap": 0.0},
        )
        if solution.x is None:
            raise ValueError(f"the master of a robust programme was not solved: {solution.message}")
        y = np.clip(solution.x[:j], 0.0, 1.0)
        y = np.where(self.may.whole, np.round(y), y)
        proven = solution.mip_dual_bound if self.may.whole.any() else solution.fun
        return y, float(proven) * THOUSAND + float(self.base or 0.0)
