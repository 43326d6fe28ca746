"""Which options to open and when, exactly: Benders by prices.

Any prices on the coupling rows give a cost that no plan can undercut, whatever opens: a cut, linear in the openings,
over all arcs (planning model, section 6). A small program over the openings alone, the master, finds the openings that
the cuts leave cheapest, and so a bound; the linear program at those openings gives a plan, and the prices of the next
cut. They meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pulp
from scipy import sparse

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.branching import Tree
from sufficiency.plan.certificate import bound_and_values, relative_gap, usable_prices
from sufficiency.plan.coarse import coarse_maps
from sufficiency.plan.effects import Undecided
from sufficiency.plan.highs import solve_problem
from sufficiency.plan.live import Live, coarse_openings, relaxed, solved_between
from sufficiency.plan.program import settled_cost
from sufficiency.plan.togo import open_entries
from sufficiency.progress import Progress, silent, so_far

THOUSAND = 1e3
"""The master counts in £ thousand."""
SMALL = 20_000
"""Arcs up to which the live program holds them all: choosing among them would cost more than it saves."""
COARSE_GAP = 1e-3
"""Gap at which the search on the coarser map ends: it only has to be a good start."""
COARSE_SHARE = 0.1
"""Share of the time that it may take."""
TENTH = 0.1
"""Share of a difference that the gap may be where only the difference is wanted (planning model, section 6)."""
NODES = 6
"""Nodes solved between two solves of the master: fewer solve the master more often, more branch where it would not."""


@dataclass(frozen=True)
class Cut:
    """No plan with openings y costs less than `constant` + `slope` · y (discounted £); `prices` prove it."""

    prices: Floats = field(repr=False)
    constant: float
    slope: Floats = field(repr=False)

    def at(self, y: Floats) -> float:
        """The cost below which no plan with these openings goes, as far as this cut knows."""
        return self.constant + float(self.slope @ y)


@dataclass(frozen=True)
class Tried:
    """Openings that were solved, what the cheapest plan with them costs (discounted £), and who enters where in it
    [T+1, P], beyond those settled, and waits [T+1, C].
    """

    y: Floats = field(repr=False)
    value: float
    entrants: Floats = field(repr=False)
    waiting: Floats = field(repr=False)


@dataclass(frozen=True)
class Allowed:
    """What openings must keep to besides the limits of the case: `rows` · y ≤ `most`, and y ≤ `upper`."""

    upper: Floats
    rows: Floats
    most: Floats

    def holds(self, y: Floats) -> bool:
        """Whether openings keep to it."""
        return bool((y <= self.upper + 1e-9).all() and (self.rows @ y <= self.most + 1e-6).all())


def anything(columns: int) -> Allowed:
    """No further restriction."""
    return Allowed(np.ones(columns), np.zeros((0, columns)), np.zeros(0))


@dataclass(frozen=True)
class Search:
    """What is known so far: the live program, every cut, and every opening tried. Cuts hold under any restriction."""

    live: Live = field(repr=False)
    cuts: tuple[Cut, ...] = field(repr=False)
    tried: tuple[Tried, ...] = field(repr=False)
    constant: float = 0.0

    @property
    def found(self) -> Undecided:
        """The case searched."""
        return self.live.found

    def best(self, allowed: Allowed) -> Tried | None:
        """The cheapest of the openings tried that are allowed."""
        fitting = [one for one in self.tried if allowed.holds(one.y)]
        return min(fitting, key=lambda one: one.value) if fitting else None


@dataclass(frozen=True)
class Outcome:
    """The best openings found and the bound below which no allowed openings can go. `met`: within the gap asked for."""

    best: Tried | None
    bound: float
    gap: float
    met: bool


def cut_of(found: Undecided, prices: Floats) -> Cut:
    """The cut that prices [H] on the coupling rows of the undecided case give."""
    prepared, choices = found.prepared, found.choices
    bound, values = bound_and_values(prepared.data, prepared.settled, prepared.rows, prices)
    used = usable_prices(prepared.rows, prices)
    slope = choices.cost - choices.room.T @ used + choices.returned.T @ values.ravel()
    return Cut(used, bound, np.asarray(slope))


def started(found: Undecided, deadline: Deadline, progress: Progress = silent) -> Search:
    """A search with the cut of the linear relaxation, the strongest single one, with the cuts of a search on a coarser
    map (its prices hold on the real one too) and the openings found there as a first plan. No cut where time ran out.
    """
    prices, earlier = None, None
    if open_entries(found.prepared.data).sum() > SMALL:
        for level, group_of in enumerate(coarse_maps(found.base.case.tables.areas)):
            progress("Choose", f"first on {group_of.nunique()} groups of areas")
            live = relaxed(coarse_openings(found, group_of), prices, deadline)
            if not live.optimal:
                break
            prices = live.prices
            if level == 0:
                until = deadline.share(COARSE_SHARE)
                earlier, _ = searched(_with_relaxation(live), anything(len(found.choices)), COARSE_GAP, until)
    progress("Choose", f"{len(found.choices)} openings of {len(found.choices.schemes)} options")
    if prices is None and deadline.passed:
        prices = np.zeros(len(found.prepared.rows.limit))  # all arcs would take long to write, for nothing
    search = _with_relaxation(relaxed(found, prices, deadline))
    if earlier is None or not search.cuts:
        return search
    search = replace(search, cuts=(*search.cuts, *(cut_of(found, cut.prices) for cut in earlier.cuts)))
    everything = anything(len(found.choices))
    best = earlier.best(everything)
    return search if best is None else with_tried(search, best.y, everything)


def _with_relaxation(live: Live) -> Search:
    found = live.found
    cuts = (cut_of(found, live.prices),) if live.optimal else ()
    return Search(live, cuts, (), settled_cost(found.base.data, found.base.settled))


def searched(
    search: Search,
    allowed: Allowed,
    gap: float,
    deadline: Deadline,
    progress: Progress = silent,
    reference: float = np.inf,
) -> tuple[Search, Outcome]:
    """Search allowed openings until the best is within `gap` (relative) of the bound, or time is up; with a `reference`
    cost, also where it is within a tenth of how much the bound lies above that.
    """
    if search.best(allowed) is None and search.cuts:
        search = with_tried(search, np.zeros_like(allowed.upper), allowed)
    bound, tree = -np.inf, Tree(search.found.choices, allowed.upper)
    while search.cuts:
        y, lowest = cheapest_by_cuts(search, allowed, gap, deadline)
        bound = max(bound, lowest)
        best = search.best(allowed)
        known = _gap(search, best, bound)
        cost = np.nan if best is None else best.value
        progress("Choose", so_far("best plan", cost, bound, search.constant) + f", {len(search.cuts)} cuts")
        near = best is not None and best.value - bound <= TENTH * (bound - reference)
        met = best is not None and (known <= gap or near)
        if met or y is None or deadline.passed:
            return search, Outcome(best, bound, known, met)
        again = any(_same(search.found, one.y, y) for one in search.tried)
        search = with_tried(search, y, allowed)
        if not search.live.optimal:
            break
        cuts = len(search.cuts)
        search = with_branches(search, tree, allowed, gap, deadline)
        if again and len(search.cuts) == cuts:  # the cuts are as exact as the arithmetic is
            break
        if not search.live.optimal and deadline.passed:
            break
    best = search.best(allowed)
    return search, Outcome(best, bound, _gap(search, best, bound), False)


def with_branches(search: Search, tree: Tree, allowed: Allowed, gap: float, deadline: Deadline) -> Search:
    """The search with the cuts of the next few nodes of the tree, and with what is found whole there."""
    for _ in range(NODES):
        best = search.best(allowed)
        enough = np.inf if best is None else best.value - gap * max(abs(best.value - search.constant), 1.0)
        node = tree.next(enough)
        if node is None or deadline.passed:
            break
        live = solved_between(search.live, np.zeros_like(node.upper), node.upper, node.forced)
        search = replace(search, live=live)
        if not live.optimal:  # openings bound to open that the limits do not allow together
            continue
        search = replace(search, cuts=(*search.cuts, cut_of(search.found, live.prices)))
        if not tree.branch(node, live.y, live.objective) and live.keeps_hard_rows and allowed.holds(live.y):
            y = np.where(search.found.choices.whole, np.round(live.y), live.y)
            search = replace(search, tried=(*search.tried, Tried(y, live.objective, *live.placed)))
    return search


def _gap(search: Search, best: Tried | None, bound: float) -> float:
    return relative_gap(best.value, bound, search.constant) if best is not None and np.isfinite(bound) else np.inf


def _same(found: Undecided, one: Floats, other: Floats) -> bool:
    """Whether two openings are one: the same in all that opens whole; parts are solved, not tried."""
    whole = found.choices.whole
    return bool(np.abs(one - other)[whole].max(initial=0.0) < 1e-6) and bool(whole.any() or len(one) == 0)


def with_tried(search: Search, y: Floats, allowed: Allowed) -> Search:
    """The search with openings y solved: those that open whole as they are, those that may open in part freely."""
    whole = search.found.choices.whole
    fixed = np.round(y)
    lower, upper = np.where(whole, fixed, 0.0), np.where(whole, fixed, allowed.upper)
    live = solved_between(search.live, lower, upper)
    if not live.optimal:
        return replace(search, live=live)
    tried = search.tried
    if live.keeps_hard_rows:
        tried = (*tried, Tried(np.where(whole, fixed, live.y), live.objective, *live.placed))
    return replace(search, live=live, tried=tried, cuts=(*search.cuts, cut_of(search.found, live.prices)))


def cheapest_by_cuts(search: Search, allowed: Allowed, gap: float, deadline: Deadline) -> tuple[Floats | None, float]:
    """The master: the openings that the cuts leave cheapest (None where none are allowed or time is up), and the bound
    it proves.
    """
    choices = search.found.choices
    best = search.best(allowed)
    offset = best.value if best is not None else search.cuts[0].constant
    problem = pulp.LpProblem("openings", pulp.LpMinimize)
    y = [
        problem.add_variable(f"y_{column}", 0, float(most), pulp.LpInteger if whole else pulp.LpContinuous)
        for column, (most, whole) in enumerate(zip(allowed.upper, choices.whole, strict=True))
    ]
    cost = problem.add_variable("cost", None, None)
    problem.setObjective(pulp.LpAffineExpression({cost: 1.0}))
    for cut in search.cuts:
        terms = {variable: -value / THOUSAND for variable, value in zip(y, cut.slope.tolist(), strict=True)}
        expression = pulp.LpAffineExpression({cost: 1.0, **terms})
        rhs = (cut.constant - offset) / THOUSAND
        problem.addConstraint(pulp.LpConstraint(expression, pulp.LpConstraintGE, None, rhs))
    rows = sparse.vstack([choices.limits, sparse.csr_matrix(allowed.rows)], format="csr")
    for row, most in enumerate(np.concatenate([choices.most, allowed.most]).tolist()):
        entries = slice(rows.indptr[row], rows.indptr[row + 1])
        pairs = zip(rows.indices[entries].tolist(), rows.data[entries].tolist(), strict=True)
        expression = pulp.LpAffineExpression({y[column]: value for column, value in pairs})
        problem.addConstraint(pulp.LpConstraint(expression, pulp.LpConstraintLE, None, most))
    allowance = gap * max(abs(offset - search.constant), 1.0) / THOUSAND
    solution = solve_problem(
        problem,
        [*y, cost],
        scaled=False,
        seconds=max(deadline.left(), 1.0),
        stop=deadline.stop,
        threads=search.found.base.case.model.solver.threads,
        mip_rel_gap=0.0,
        mip_abs_gap=allowance / 10,
    )
    if solution.status == "Infeasible":
        return None, np.inf
    bound = float(solution.live.getInfo().mip_dual_bound) if choices.whole.any() else solution.objective
    proven = bound * THOUSAND + offset if np.isfinite(bound) else -np.inf
    if len(solution.columns) != len(y) + 1:
        return None, proven
    return np.clip(solution.columns[:-1], 0.0, 1.0), proven
