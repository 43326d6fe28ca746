"""Who gains by each option that opens, against the best programme without it."""

from __future__ import annotations

import pandas as pd

from sufficiency.plan.options.appraisal import Appraisal
from sufficiency.plan.options.programme import Programme
from sufficiency.plan.solve.solve import Plan
from sufficiency.result.impact import NOBODY, Groups, Placement, by_group, groups_of
from sufficiency.result.options_appraisal import full_year, plan_with
from sufficiency.tables.schema.results import OUTPUTS

OPENED, LEFT = "opened", "left"


def impact_options(programme: Programme, appraisal: Appraisal, plan: Plan) -> pd.DataFrame:
    """`impact_options.csv`; no rows before the appraisal."""
    groups, choices = groups_of(plan.case, plan.data), programme.found.choices
    parts = [pd.DataFrame(columns=list(OUTPUTS["impact_options"].names))]
    for step in appraisal.order:
        without, one = appraisal.without.get(step.scheme), choices.schemes[step.scheme]
        if without is None or without.tried is None:
            continue
        t = full_year([it for it in programme.opened if it.scheme.row == one.row], plan.data.horizon)
        for state, other in ((OPENED, plan), (LEFT, plan_with(programme, without.tried))):
            rows = _of_year(groups, other, t).assign(option=one.option, state=state)
            parts.append(rows[rows["children"] >= NOBODY])
    return pd.concat(parts, ignore_index=True)[list(OUTPUTS["impact_options"].names)]


def _of_year(groups: Groups, plan: Plan, t: int) -> pd.DataFrame:
    placement = Placement(plan.data, plan.stock, plan.entrants, plan.waiting, plan.settled.pattern)
    return by_group(groups, placement.year(t), plan.data)
