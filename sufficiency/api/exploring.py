"""A what-if as a result: the tables and figures of a session's plan, without solving it again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sufficiency.api.asking import Opening, Session, opening_columns, session_with
from sufficiency.api.asking import session as start_session
from sufficiency.api.matching import holds_result_of
from sufficiency.api.planning import result_folder
from sufficiency.api.result_tables import result_of
from sufficiency.api.solving import OFF, PATTERN, SolvedCase
from sufficiency.arrays import on_one_core
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model.scenarios import BASE
from sufficiency.plan.explain.place_values import place_values
from sufficiency.plan.options.appraisal import NO_APPRAISAL
from sufficiency.plan.options.effects import option_model
from sufficiency.plan.options.programme import Programme
from sufficiency.plan.program.lp import unchanging_cost
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import with_ties_settled
from sufficiency.progress import Progress, silent
from sufficiency.result import Result
from sufficiency.result.folder import load_tables


@on_one_core
def tabulate(session: Session, towards: pd.DataFrame | None = None, progress: Progress = silent) -> Result:
    """The result of a session's plan, its openings as they are. Ties are settled to the placements `towards` of another
    plan, so that a difference in places is real; None: to today's pattern. Place values come from prices alone: each is
    the most that a place more can save. The least overspend and the appraisal of options are left out.
    """
    base = prepare(session.case)
    found = option_model(base)
    y = opening_columns(found.choices, base.data.years, session.openings)
    value = session.plan.objective
    programme = Programme(found, y, value, -np.inf, unchanging_cost(base), met=True)
    progress("Settle ties", "closest to today's pattern" if towards is None else "closest to the plan")
    plan = with_ties_settled(session.solved, towards)
    values = place_values(replace(session.solved, plan=plan), resolve=0)
    settled_to = PATTERN if towards is None else BASE
    seconds = {"read": session.case.seconds}
    parts = (base, programme, session.solved, values, plan, None, NO_APPRAISAL, settled_to, seconds)
    return result_of(SolvedCase(*parts, [], interrupted=False, appraised=OFF), progress)


def plan_at_hand(case: Case, progress: Progress = silent, stop: Stop | None = None) -> Session:
    """A session of a model's cheapest plan. Where a saved result of the same inputs, made by this version, says what
    opens, that is kept, and options are not chosen again. Raises as `solve`.
    """
    folder = result_folder(case.model.path, case.scenario)
    if not holds_result_of(folder, case):
        return start_session(case, progress, stop)
    known = load_tables(folder, ("programme",)).frames.get("programme")
    return session_with(case, {} if known is None else _openings_of(case, known), progress, stop)


def _openings_of(case: Case, programme: pd.DataFrame) -> dict[str, tuple[Opening, ...]]:
    """The openings that `programme.csv` lists."""
    options = case.tables.options
    if options is None:
        return {}
    whole = dict(zip(options["option"].astype(str), options["places"].astype(float), strict=True))
    openings: dict[str, tuple[Opening, ...]] = {}
    for row in programme.to_dict("records"):
        option, places = str(row["option"]), float(row["places"])
        part = min(places / whole[option], 1.0) if whole[option] else 1.0
        openings[option] = (*openings.get(option, ()), Opening(int(row["opens"]), part))
    return openings
