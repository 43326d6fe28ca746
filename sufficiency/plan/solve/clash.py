"""Hard rules that a program could not keep: the plan that keeps them after all, or a message on which of them clash."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sufficiency.deadline import Interrupted
from sufficiency.plan.pricing.column_generation import Priced, solve_full
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.rows.softening import hard_items, hard_rows
from sufficiency.plan.solve.clash_words import JOURNEY_LIMIT, clash_in_words, opening_words
from sufficiency.plan.solve.elastic import Elastic, Miss, irreducible_subset, least_miss
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.tables.schemes import windows

REMEDIES = "make one of them soft (hard = false), relax its limit, or let it start later"


def keeping_hard_rules(priced: Priced, progress: Progress = silent) -> Priced:
    """A program found infeasible, solved with all its arcs. Raises InputError that names the rules that clash where no
    plan keeps them, or the time was up before that was known.
    """
    progress("Solve", "looking for a plan that keeps the hard rules")
    instance, deadline = priced.instance, priced.deadline

    def miss(case: Instance, items: list[int]) -> Elastic:
        return least_miss(case, deadline, items)

    elastic = miss(instance, hard_items(instance))
    if elastic.kept:
        return _with_tiny_misses(instance, elastic)
    if elastic.clash:
        raise _clashing(instance, *irreducible_subset(instance, elastic, miss, progress), miss)
    if deadline.stopped:
        raise Interrupted("no plan was found yet that keeps the hard rules")
    what, fix = "the time was up before a plan was found that keeps the hard rules", "give solver.seconds more"
    raise InputError([Problem(what, instance.case.model.path.name, fix=fix)])


def _with_tiny_misses(instance: Instance, elastic: Elastic) -> Priced:
    """All arcs, with hard rules that can only be kept but for rounding (a third given as 0.3333333) missed by so much:
    less than the certificate lets pass, and more than HiGHS does.
    """
    rows = instance.rows
    limit = rows.limit + np.where(hard_rows(rows), elastic.slack, 0.0)
    priced = solve_full(replace(instance, rows=replace(rows, limit=limit)), elastic.priced.deadline)
    return replace(priced, instance=instance)


def _clashing(instance: Instance, elastic: Elastic, clashing: list[int], miss: Miss) -> InputError:
    eased, limits = with_longer_journeys(instance), list[str]()
    if eased is not None and miss(instance.reopen(eased), clashing).kept:
        limits = [JOURNEY_LIMIT]
    opens, others = _what_opens(instance)
    what = clash_in_words(elastic, clashing, opens=opens, limits=limits) + others
    return InputError([Problem(what, instance.case.model.path.name, fix=REMEDIES)])


def _what_opens(instance: Instance) -> tuple[str, str]:
    """What a message on a case with openings given says of them, at its beginning and at its end."""
    case = instance.case
    if case.tables.options is None:
        return "", ""
    if case.model.rules.open_at_most != 0 and any(map(len, windows(case.model, case.tables))):
        return f"{opening_words(instance)}, ", ". Other openings may keep what these do not"
    why = "rules.open_at_most is 0" if case.model.rules.open_at_most == 0 else "none may open in these years"
    return f"{opening_words(instance)} ({why}), ", ""


def with_longer_journeys(instance: Instance) -> Instance | None:
    """The case, its options undecided, in which children may travel beyond the journey limit, where that is hard; None
    where it is not.
    """
    model = instance.case.model
    if not model.rules.hard_journey_limit:
        return None
    rules = model.rules.model_copy(update={"hard_journey_limit": False})
    eased = model.model_copy(update={"rules": rules})
    return prepare(replace(instance.case, model=eased, defaults=instance.defaults), instance.tuning)
