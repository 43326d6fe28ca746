"""The programme: which options open and when, with the plan that goes with them, proven together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.certificate.checks import Check
from sufficiency.plan.certificate.cuts import OptionModel as OptionModelByTables
from sufficiency.plan.certificate.cuts import ProgrammeBound
from sufficiency.plan.certificate.cuts import option_model as undecided_by_tables
from sufficiency.plan.certificate.options import may_open
from sufficiency.plan.certificate.proof import CERTIFICATE, SOLVER, gap_of
from sufficiency.plan.options.benders import Outcome, search_openings, start_search
from sufficiency.plan.options.candidates import with_candidates
from sufficiency.plan.options.clash_openings import openings_that_keep_hard_rules
from sufficiency.plan.options.effects import OptionModel, option_model
from sufficiency.plan.options.fixed import Opened, opened, with_openings_fixed
from sufficiency.plan.options.master import anything
from sufficiency.plan.options.openings import with_openings
from sufficiency.plan.options.relaxation import placed_in
from sufficiency.plan.options.saves_nothing import without_what_saves_nothing
from sufficiency.plan.options.search import Search
from sufficiency.plan.pricing.column_generation import deadline_of
from sufficiency.plan.program.highs import solve_problem
from sufficiency.plan.program.lp import program_of_all_arcs, unchanging_cost
from sufficiency.plan.program.pulp_form import in_pulp
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.softening import hard_items
from sufficiency.plan.rows.transitions import flows_of
from sufficiency.plan.solve.solve import INFEASIBLE, Children, Plan, require_answer
from sufficiency.plan.tolerances import GAP_TOLERANCE
from sufficiency.problems import CertificateError
from sufficiency.progress import Progress, silent

SEARCHING = 0.7
"""Share of the solver's seconds that the search for openings may take; the plan at them needs the rest."""
PROVING = 1.0
"""Seconds that the proof of the bound may take at least, however little time is left."""
SAME = 1e-6
"""Relative: the cost of a plan found by the search and that of the plan made at its openings."""


@dataclass(frozen=True)
class Programme:
    """Openings `y` [Y] and what opens at them. `value` and `bound` are discounted £, the bound holds for all openings;
    `search` is None where the program was solved in one piece. `placed`: who enters where beyond those settled, and who
    waits, in the plan that was found with the openings.
    """

    found: OptionModel = field(repr=False)
    y: Floats = field(repr=False)
    value: float
    bound: float
    constant: float
    met: bool
    search: Search | None = field(default=None, repr=False)
    placed: Children | None = field(default=None, repr=False)

    @property
    def opened(self) -> list[Opened]:
        """What opens, in the order of the options table."""
        return opened(self.found.choices, self.y)

    @property
    def instance(self) -> Instance:
        """The case with these openings."""
        return with_openings_fixed(self.found, self.y)

    def children(self, instance: Instance) -> Children | None:
        """Who enters where and who waits in the plan that was found with these openings, `instance`; None where none
        was.
        """
        return None if self.placed is None else (instance.settled.entrants + self.placed[0], self.placed[1])


def programme_by_prices(base: Instance, progress: Progress = silent, until: Deadline | None = None) -> Programme:
    """The best programme, by Benders cuts, less options that save nothing. Nothing opens where time is up before a plan
    was found.

    `base` is the case with nothing opened; a part of the time `until` the end is for the plan at the openings. Raises
    InputError where hard rules are proven to clash whatever opens.
    """
    found = option_model(base)
    solver = base.case.model.solver
    deadline = (until or deadline_of(base)).share(SEARCHING)
    everything = anything(len(found.choices))
    if not len(found.choices):
        return _nothing(found)
    search = start_search(found, deadline, progress)
    clash = search.live.solution.status in INFEASIBLE and bool(hard_items(found.base))
    if not search.cuts and not clash:
        require_answer(search.live.solution)
    found = search.found
    search, outcome = search_openings(search, everything, solver.gap, deadline, progress, priced=True)
    if outcome.incumbent is None and hard_items(found.base) and not deadline.passed:
        y = openings_that_keep_hard_rules(found, deadline, progress)
        if y is not None:
            search = with_candidates(search, y, everything)
            if search.incumbent(everything) is None:
                return replace(_nothing(found), y=y, bound=outcome.bound, met=False, search=search)
            search, outcome = search_openings(search, everything, solver.gap, deadline, progress, priced=True)
    if outcome.incumbent is not None:
        search, best = without_what_saves_nothing(search, outcome.incumbent, deadline)
        outcome = replace(outcome, incumbent=best)
    return _chosen(found, search, outcome)


def programme_directly(base: Instance, progress: Progress = silent, until: Deadline | None = None) -> Programme:
    """The best programme from the program of all arcs and openings in one piece: the reference, for small models. The
    bound is the solver's own.
    """
    found, deadline = option_model(base), (until or deadline_of(base)).share(SEARCHING)
    if not len(found.choices):
        return _nothing(found)
    case, solver = found.instance, base.case.model.solver
    progress("Choose", f"{len(found.choices)} openings and all arcs at once")
    flows = flows_of(case.data, case.rows)
    arrays = program_of_all_arcs(case, flows)
    arrays = with_openings(arrays, found, flows)
    if deadline.passed:
        return replace(_nothing(found), met=False, bound=-np.inf)
    written = in_pulp(case, arrays)
    whole = solve_problem(  # unscaled: HiGHS does not scale the bound back
        written.problem,
        written.variables,
        seconds=deadline.left(),
        stop=deadline.stop,
        threads=solver.threads,
        scaled=False,
        mip_rel_gap=solver.gap,
    )
    if whole.status in INFEASIBLE and hard_items(base):
        y = openings_that_keep_hard_rules(found, deadline, progress)
        return replace(_nothing(found) if y is None else replace(_nothing(found), y=y), met=False, bound=-np.inf)
    require_answer(whole)
    constant = unchanging_cost(base)
    if len(whole.columns) != len(written.variables):
        return replace(_nothing(found), met=False, bound=-np.inf)
    y = np.clip(whole.columns[arrays.openings], 0.0, 1.0)
    y = np.where(found.choices.whole, np.round(y), y)
    proven = whole.bound if found.choices.whole.any() else whole.objective
    value, bound = whole.objective + arrays.offset, proven + arrays.offset
    placed = placed_in(found, flows, arrays, whole.columns)
    return Programme(found, y, value, bound, constant, whole.optimal, placed=placed)


def _nothing(found: OptionModel) -> Programme:
    constant = unchanging_cost(found.base)
    return Programme(found, found.choices.committed, np.nan, np.nan, constant, met=True)


def _chosen(found: OptionModel, search: Search, outcome: Outcome) -> Programme:
    best = outcome.incumbent
    if best is None:
        return replace(_nothing(found), bound=outcome.bound, met=False, search=search)
    placed = best.entrants, best.waiting
    return Programme(found, best.y, best.value, outcome.bound, search.constant, outcome.met, search, placed)


def with_programme(plan: Plan, programme: Programme, until: Deadline | None = None) -> Plan:
    """The plan at the programme's openings with the proof that no other openings would be cheaper, but for the gap.

    Raises CertificateError where the proof fails.
    """
    proof = plan.certificate
    if proof is None:
        raise ValueError("the plan has no certificate yet")
    base = programme.found.base
    if not len(programme.found.choices) and not len(may_open(base.case)):
        return plan
    known = undecided_by_tables(base.case, base.data)
    proven = proven_bound(programme, known, until or deadline_of(base))
    gap = gap_of(plan.objective, proven.bound, proven.constant)
    allowed = max(base.case.model.solver.gap, GAP_TOLERANCE)
    checks = {name: check for name, check in proof.checks.items() if name != "no cheaper plan"}
    checks["openings as in the tables"] = Check(proven.strange, "rows of the cuts that are not in the tables", 0)
    if "no cheaper plan" in proof.checks:
        checks["no cheaper plan with these openings"] = proof.checks["no cheaper plan"]
    if np.isfinite(programme.value) and plan.status == "optimal":
        off = abs(plan.objective - programme.value) / max(abs(programme.value - proven.constant), 1.0)
        checks["openings add up"] = Check(off, "the search against the plan", SAME)
    met = programme.met and plan.status == "optimal" and proven.ended
    if met:
        checks["no cheaper programme"] = Check(gap, "objective against the cuts", allowed * (1 + 1e-3))
    checks["programme bound below the objective"] = Check(-gap, "objective against the cuts", GAP_TOLERANCE)
    of_solver = programme.search is None and np.isfinite(programme.bound)
    vouches = SOLVER if of_solver else CERTIFICATE
    proof = replace(proof, checks=checks, bound=proven.bound, gap=gap, bound_from=vouches)
    if not proof.ok:
        raise CertificateError(proof.failures())
    status = "stopped" if not met else "optimal" if gap <= GAP_TOLERANCE else "within_gap"
    return replace(plan, status=status, certificate=proof, constant=programme.constant)


def proven_bound(programme: Programme, known: OptionModelByTables, until: Deadline) -> ProgrammeBound:
    """The cost below which no programme goes, from the tables and the prices of the cuts alone; without any, from
    prices of nothing.

    Where the program was solved in one piece the bound is what the solver says, if it says anything.
    """
    rows, lines = programme.found.instance.rows, programme.found.instance.data.lines["line"].tolist()
    search = programme.search
    prices = [] if search is None else [cut.prices for cut in search.cuts]
    ruling_out = [] if search is None else [(_named(programme, one.y), one.cut.prices) for one in search.ruled_out]
    seconds = max(until.left(), PROVING)
    proven = known.proven(
        rows, lines, prices, ruling_out, claimed=programme.bound, cost=programme.value, seconds=seconds
    )
    if search is None and np.isfinite(programme.bound):
        return replace(proven, bound=programme.bound, ended=True)
    return proven


def _named(programme: Programme, y: Floats) -> list[tuple[int, int]]:
    """Row of the options table and September of what opens whole."""
    years = programme.found.base.data.years
    return [(one.scheme.row, int(years[one.opens])) for one in opened(programme.found.choices, y)]
