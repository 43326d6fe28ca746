"""What one more place is worth: duals for every line and year, and for the highest the saving found by adding the
place. The place may stand empty, so a later year is never shown as worth more than an earlier one that was solved.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, where_true
from sufficiency.plan.options.option import schemes
from sufficiency.plan.pricing.sensitivity import SensitivityModel, ask_in_parallel
from sufficiency.plan.rows.families import Family
from sufficiency.plan.solve.solve import Plan, Solved
from sufficiency.progress import Progress, silent
from sufficiency.rates import place_rates

WORTH_SHOWING = 0.5
"""£: values below this are none."""


def dual_worth(plan: Plan) -> Floats:
    """[T+1, L] discounted £ saved by one more place that year, gross of place funding: π + max(0, π − δ ·
    over_places) · g.

    g is what one more place does to V, the children who may stand above it. Duals are an upper bound on the true saving
    where they are not unique.
    """
    data, rows = plan.data, plan.rows
    worth = np.zeros((data.horizon + 1, len(data.lines)))
    chosen = rows.family == Family.PLACES
    year, line, price = rows.year[chosen], rows.item[chosen], plan.prices[chosen]
    gain = _with_one_more(plan)[year, line] - plan.settled.allowance[year, line]
    worth[year, line] = price + np.maximum(0.0, price - rows.slack_cost[chosen]) * gain
    return np.maximum(worth, 0.0)


def _with_one_more(plan: Plan) -> Floats:
    """[T+1, L] V, the children who may stand above a line's places, if it had one place more.

    V = max(ω · P, b − P, 0), P without the places of options. Where b − P sets it, a place more leaves V − 1, else ω ·
    P ≥ V − 1: so V at P + 1 is the larger of ω · (P + 1) and V − 1, whatever b is.
    """
    data = plan.data
    places = np.where(np.isfinite(data.places), data.places, 0.0)
    by_row = {one.row: one for one in schemes(plan.case, data)}
    for row, year, part in plan.openings:
        one, opens = by_row[row], int(np.flatnonzero(data.years == year)[0])
        if one.line >= 0:
            places[:, one.line] -= part * one.usable * one.share(data.horizon, opens)
    return np.maximum(np.maximum(data.overfill * (places + 1.0), plan.settled.allowance - 1.0), 0.0)


def cut_by_earlier(single: Floats, lasting: Floats, resolved: Flags) -> tuple[Floats, Floats]:
    """[T+1, L] values of one year and from a year on, none above an earlier `resolved` value from its year on.

    Who follows the pattern, allowances and smallest fills stay as they are, so a place from an earlier year can stand
    empty until the later one: it is worth no less.
    """
    most = np.minimum.accumulate(np.where(resolved, lasting, np.inf), axis=0)
    lasting = np.minimum(lasting, most)
    return np.minimum(single, lasting), lasting


def place_values(solved: Solved, progress: Progress = silent, resolve: int | None = None) -> pd.DataFrame:
    """The table `place_values.csv`, the most valuable first within a year.

    The `resolve` highest values (None: as many as usual) are solved again with the place added, over all arcs, the
    children who follow today's pattern staying where they are; as long as there is time. `pounds_a_year` is
    `pounds_from` ÷ Σ δ from that year to the end.
    """
    plan = solved.plan
    data = plan.data
    worth = dual_worth(plan)
    onward = worth[::-1].cumsum(axis=0)[::-1]
    resolved = np.zeros(worth.shape, dtype=bool)
    most = solved.priced.instance.tuning.valued_places if resolve is None else resolve
    ranked = np.argsort(-onward[1:], axis=None, kind="stable")[:most]
    highest = [(int(t) + 1, int(line)) for t, line in zip(*np.unravel_index(ranked, onward[1:].shape), strict=True)]
    highest = [(t, line) for t, line in highest if onward[t, line] > WORTH_SHOWING] if plan.status == "optimal" else []
    above = _with_one_more(plan)

    def savings(here: SensitivityModel, asked: tuple[int, int]) -> tuple[float | None, float | None]:
        t, line = asked
        to_the_end = list(range(t, data.horizon + 1))
        return _saving(here, plan, above, line, [t]), _saving(here, plan, above, line, to_the_end)

    answers = ask_in_parallel(solved.priced, savings, highest)
    for number, ((t, line), (single, lasting)) in enumerate(zip(highest, answers, strict=False)):
        progress("Value places", f"{number + 1} of {len(highest)}")
        if single is not None and lasting is not None:
            worth[t, line], onward[t, line] = single, lasting
            resolved[t, line] = True
    worth, onward = cut_by_earlier(worth, onward, resolved)
    funding = place_rates(plan.case, data.lines, data.years.tolist()).empty
    lasting_funding = (data.discount[:, None] * funding)[::-1].cumsum(axis=0)[::-1]
    shown = np.isfinite(data.places) & data.line_open
    shown[0] = False
    year, line_index = where_true(shown)
    pounds_from = plan.known(onward[year, line_index])
    table = pd.DataFrame(
        {
            "year": data.years[year],
            "line": data.lines["line"].to_numpy()[line_index],
            "setting": data.lines["setting"].to_numpy()[line_index],
            "pounds": plan.known(worth[year, line_index]),
            "pounds_from": pounds_from,
            "net": pounds_from - lasting_funding[year, line_index],
            "how": np.where(resolved[year, line_index], "resolved", "dual"),
            "pounds_a_year": pounds_from / data.discount[::-1].cumsum()[::-1][year],
        }
    )
    return table.sort_values(["year", "pounds_from", "line"], ascending=[True, False, True], ignore_index=True)


def _saving(here: SensitivityModel, plan: Plan, above: Floats, line: int, years: list[int]) -> float | None:
    """£ saved by one more place in a line in each of the years; None where there is no proven answer. `above` [T+1, L]:
    the children who may then stand above the places.
    """
    rows = plan.rows
    changed = np.flatnonzero((rows.family == Family.PLACES) & (rows.item == line) & np.isin(rows.year, years))
    limit, most = rows.limit.copy(), rows.slack_most.copy()
    limit[changed] += 1.0
    most[changed] = above[rows.year[changed], line]
    cost = here.cost_with(replace(rows, limit=limit, slack_most=most))
    return None if cost is None else max(plan.objective - cost, 0.0)
