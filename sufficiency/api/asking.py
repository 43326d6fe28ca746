"""What-ifs: a solved plan that answers what another would be, from its own prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.api.reading import changed_case
from sufficiency.arrays import Floats, Ints, on_one_core
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Stop
from sufficiency.plan.explain.fairness import with_kappa, with_kappa_of
from sufficiency.plan.explain.rule_prices import rules_missed
from sufficiency.plan.options.choices import MayOpen, may_open
from sufficiency.plan.options.fixed import fix_openings, opened
from sufficiency.plan.options.programme import programme_by_prices
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.solve.solve import Plan, Solved, solve_by_pricing, solve_like
from sufficiency.problems import InputError, Problem, did_you_mean
from sufficiency.progress import Progress, silent
from sufficiency.result import frames


@dataclass(frozen=True)
class Opening:
    """An option that opens, or a part of it: the calendar year in which its first academic year starts, and which share
    of it (1, or less where it may open in part).
    """

    year: int
    part: float = 1.0


@dataclass(frozen=True)
class Session:
    """A case with the openings decided, solved and proven. Ask it `what_if`; the answer is a session too.

    `openings`: option → when it opens, more than once where parts of it open in several years. A what-if keeps them as
    they are unless you give others: what would open differently is a question for `plan`.
    """

    case: Case = field(repr=False)
    openings: dict[str, tuple[Opening, ...]]
    solved: Solved = field(repr=False)

    @property
    def plan(self) -> Plan:
        """The plan with its certificate; its ties are not settled."""
        return self.solved.plan

    @property
    def placements(self) -> pd.DataFrame:
        """Who is where, as in `placements.csv`."""
        return frames.placements(self.plan, self.plan.stock)

    @property
    def rules_missed(self) -> str:
        """The policy rules that the plan misses, and when; blank where it keeps all."""
        return rules_missed(self.plan)

    @on_one_core
    def what_if(
        self,
        changes: Mapping[str, Any] | None = None,
        *,
        openings: Mapping[str, int | None] | None = None,
        progress: Progress = silent,
        stop: Stop | None = None,
    ) -> Session:
        """The plan with `changes`, in the words of a scenario of a model file (`edit`, `add`, `remove`, `set`), and
        with other `openings`: option → the year in which it opens, None where it does not. An option that may no longer
        open when it did stays closed: the answer's own `openings` say so. κ that a fairness rule draws from the plan
        stays what it was.

        Proven over all arcs like any plan; it starts from the prices of this one, moved as they move on the coarsest
        map, and no program is written in PuLP. Raises InputError for changes that cannot be made, that need tables to
        be read anew, or under which hard rules clash; CertificateError where the proof fails.
        """
        until = Deadline.after(self.case.model.solver.seconds, stop)
        _refuse_unreadable(openings)
        weights = self.solved.priced.instance.defaults
        case = self.case if changes is None else with_kappa_of(changed_case(self.case, changes, weights), self.case)
        base = prepare(case)
        may = may_open(case, base.data)
        asked, there = dict(openings or {}), {one.option for one in may.schemes}
        opens = {name: parts for name, parts in self.openings.items() if name in there - set(asked)}
        opens |= {name: (Opening(year),) for name, year in asked.items() if year is not None}
        y = opening_columns(may, base.data.years, opens, set(asked))
        solved = solve_like(self.solved.priced, fix_openings(base, may, y), progress, until)
        return Session(case, _openings(may, base.data.years, y), solved)


@on_one_core
def session_with(
    case: Case, openings: Mapping[str, tuple[Opening, ...]], progress: Progress = silent, stop: Stop | None = None
) -> Session:
    """The plan of a case at openings that are known, proven over all arcs. Raises as `solve`."""
    until = Deadline.after(case.model.solver.seconds, stop)
    base = prepare(with_kappa(case, progress, until))
    may = may_open(base.case, base.data)
    y = opening_columns(may, base.data.years, openings)
    solved = solve_by_pricing(fix_openings(base, may, y), progress, until)
    return Session(base.case, _openings(may, base.data.years, y), solved)


@on_one_core
def session(case: Case, progress: Progress = silent, stop: Stop | None = None) -> Session:
    """Plan a case, options and all, to ask what-ifs of it. Raises as `solve`."""
    until = Deadline.after(case.model.solver.seconds, stop)
    case = with_kappa(case, progress, until)
    programme = programme_by_prices(prepare(case), progress, until)
    instance: Instance = programme.instance
    openings = _openings(programme.found.choices, instance.data.years, programme.y)
    return Session(case, openings, solve_by_pricing(instance, progress, until, programme.children(instance)))


def _refuse_unreadable(openings: object) -> None:
    """Raises InputError for openings that are no mapping of an option to a year."""
    fix = "give a mapping such as {'NB1': 2027}, with None for an option that is not to open"
    if openings is not None and not isinstance(openings, Mapping):
        raise InputError([Problem("openings must be a mapping from options to years", value=repr(openings), fix=fix)])
    problems = []
    for name, year in (openings or {}).items():
        if not isinstance(name, str):
            problems.append(Problem("the name of an option must be text", value=repr(name), fix=fix))
        if isinstance(year, bool) or not (year is None or isinstance(year, Integral)):
            problems.append(Problem(f"option {name} opens in a whole year", value=repr(year), fix=fix))
    if problems:
        raise InputError(problems)


def _openings(choices: MayOpen, years: Ints, y: Floats) -> dict[str, tuple[Opening, ...]]:
    """Option → when it opens, of openings y [Y]."""
    by_option: dict[str, tuple[Opening, ...]] = {}
    for it in opened(choices, y):
        by_option[it.scheme.option] = (*by_option.get(it.scheme.option, ()), Opening(int(years[it.opens]), it.part))
    return by_option


def opening_columns(
    choices: MayOpen, years: Ints, openings: Mapping[str, tuple[Opening, ...]], asked: set[str] | None = None
) -> Floats:
    """[Y] the openings as columns. Raises InputError for an option or a year that is not there; those that nobody
    asked for, and that may no longer open then, stay closed.
    """
    names, asked = [one.option for one in choices.schemes], asked or set()
    problems = [
        Problem("there is no such option", value=name, fix=did_you_mean(name, names))
        for name in sorted(asked - set(names))
    ]
    y = np.zeros(len(choices))
    begins = years[choices.opens]
    for name, parts in openings.items():
        here = np.array([names[scheme] == name for scheme in choices.scheme], dtype=bool)
        for opening in parts:
            at = here & (begins == opening.year)
            y[at & ~(choices.whole & (opening.part < 1))] = opening.part
            if not at.any() and name in asked and name in names:
                what, may = f"option {name} does not open in this year", ", ".join(str(year) for year in begins[here])
                problems.append(Problem(what, value=str(opening.year), fix=f"it may in {may}"))
    over = np.flatnonzero(choices.limits @ y > choices.most + 1e-6)
    for row in over:
        family, limit = choices.limit_family[row], choices.limit_name[row]
        in_it = choices.limits[[row]].indices
        together = dict.fromkeys(names[choices.scheme[column]] for column in in_it if y[column] > 0)
        if family == "committed":
            what, fix = f"option {limit} is committed to open (rules.committed)", "leave it as it is"
            problems.append(Problem(what, value=str(limit), fix=fix))
            continue
        what = f"these options may not open together ({family} {limit})".replace(" )", ")")
        problems.append(Problem(what, value=" ".join(together), fix="leave one of them out: give None for its year"))
    if problems:
        raise InputError(problems)
    return y
