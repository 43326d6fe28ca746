"""How much long journeys weigh (κ of Kolm–Pollak), from the plan that has no rule about it."""

from __future__ import annotations

from dataclasses import replace

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.deadline import Deadline
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.options.fixed import with_nothing_opened
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing
from sufficiency.policy import FairnessRule
from sufficiency.progress import Progress, silent


def kappa_of(data: InstanceData, stock: Floats, aversion: float) -> float:
    """κ = aversion × Σ m / Σ m² per minute, over the child-years of the plan [T+1, P] (Horton et al., arXiv 2401.15452,
    with ε = −aversion for what is better the less there is of it). 1 where nobody travels: then it says nothing.
    """
    children = stock[1:].sum(axis=0)
    squares = float(children @ data.minutes**2)
    return aversion * float(children @ data.minutes) / squares if squares > 0 else 1.0


def with_fairness(case: Case, rule: FairnessRule | None) -> Case:
    """The case with another fairness rule, or none."""
    rules = case.model.rules.model_copy(update={"fairness": rule})
    return replace(case, model=case.model.model_copy(update={"rules": rules}))


def with_kappa_of(case: Case, like: Case) -> Case:
    """The case with κ of its fairness rule as in another case, where it gives none itself."""
    rule, known = case.model.rules.fairness, like.model.rules.fairness
    if rule is None or known is None or rule.kappa is not None:
        return case
    return with_fairness(case, rule.model_copy(update={"kappa": known.kappa}))


def with_kappa(case: Case, progress: Progress = silent, deadline: Deadline | None = None) -> Case:
    """The case with κ of its fairness rule filled in, from the plan without the rule and without options; the
    case itself where it has none to fill. Raises as `solve_by_pricing`.
    """
    rule = case.model.rules.fairness
    if rule is None or rule.kappa is not None:
        return case
    progress("Fair journeys", "the plan without the rule, for its journeys")
    plan = solve_by_pricing(with_nothing_opened(prepare(with_fairness(case, None))), progress, deadline).plan
    return with_fairness(case, rule.model_copy(update={"kappa": kappa_of(plan.data, plan.stock, rule.aversion)}))
