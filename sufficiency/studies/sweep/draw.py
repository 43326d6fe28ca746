"""One draw: its future made, solved from the base plan's prices, and proven."""

from __future__ import annotations

from sufficiency.arrays import on_one_core
from sufficiency.deadline import Deadline
from sufficiency.plan.solve.solve import solve_like
from sufficiency.problems import CertificateError, InputError
from sufficiency.progress import silent
from sufficiency.studies.sweep.figures import Drawn, figures_of, without_plan
from sufficiency.studies.sweep.start import Start, instance_of, openings_of, opens_late

NO_PLAN, NOT_PROVEN = "infeasible", "not_certified"
"""Status of a draw whose hard rules cannot be kept with these openings, and of one whose plan did not pass its
proof.
"""


@on_one_core
def solve_draw(start: Start, draw: int) -> Drawn:
    """The plan of draw number `draw`, from 0."""
    future = start.future(draw)
    try:
        instance, may = instance_of(start, future)
        until = Deadline.after(instance.case.model.solver.seconds)
        plan = solve_like(start.warm, instance, silent, until).plan
    except InputError as error:
        return without_plan(draw, NO_PLAN, str(error))
    except CertificateError as error:
        return without_plan(draw, NOT_PROVEN, str(error))
    y = openings_of(may, plan.data, opens_late(start.opens, future))
    return figures_of(draw, plan, may, y)
