"""What can be said of a what-if before it is planned: a bound that follows from the prices of a plan like it."""

from __future__ import annotations

from sufficiency.report.words import millions
from sufficiency.serve.changes import level_in, places_after
from sufficiency.serve.planner import Answer, Planner
from sufficiency.serve.steps import Fee, Places, Steps


def estimate(planner: Planner, steps: Steps) -> str:
    """What can be said in words, where the last change is one of places or of a fee and the plan without it is known;
    blank: nothing can be said.
    """
    for known in ((), steps[:-1]):
        before = planner.answer(known)
        apart = [step for step in steps if step not in known]
        if before is None or len(apart) != 1 or len(steps) != len(known) + 1:
            continue
        if isinstance(apart[0], Places):
            least = least_of_places(before, apart[0])
            return "" if least is None else _words_of_places(least)
        if isinstance(apart[0], Fee):
            most = most_of_fee(before, apart[0])
            return "" if most is None else f"costs at most {millions(most)} more over all years, and no less than now"
    return ""


def _words_of_places(least: float) -> str:
    aside = "with the weights of policy, over all years, while those who follow today's pattern stay where they are"
    return (
        f"saves at most {millions(-least)}, {aside}" if least < 0 else f"costs at least {millions(least)} more, {aside}"
    )


def least_of_places(before: Answer, step: Places) -> float | None:
    """Discounted £, weights included, that a plan with more places in a line costs more, or more than that; below 0: it
    saves at most that. None where places are fewer, or nothing is known.

    A plan's prices say what one more is worth at most, and more of them are worth no more each: the least cost is
    convex in its limits. Those who follow today's pattern are taken to stay where they are.
    """
    case = before.session.case
    there = level_in(places_after(case, step.line, ()), step.from_year)
    values = before.result.frames["place_values"]
    row = values[(values["line"] == step.line) & (values["year"] == max(step.from_year, case.model.years[0]))]
    if there is None or not step.places > there or row.empty:
        return None
    return -(step.places - there) * float(row["net"].iloc[0])


def most_of_fee(before: Answer, step: Fee) -> float | None:
    """Discounted £ that a plan with a higher fee costs more at most: everybody can stay where they are. None where the
    fee falls, or where budgets are kept, which a plan that costs more may be over.
    """
    plan, spend = before.session.plan, before.result.frames["spend"]
    if step.percent <= 0 or (plan.rows.family == "budget").any() or any(isinstance(one, Fee) for one in before.steps):
        return None
    rows = spend[(spend["type"] == step.type) & (spend["fund"] == "dsg")]
    discount = dict(zip(plan.data.years.tolist(), plan.data.discount.tolist(), strict=True))
    paid = zip(rows["year"].astype(int).tolist(), rows["pounds"].tolist(), strict=True)
    return step.percent / 100 * float(sum(discount.get(year, 0.0) * pounds for year, pounds in paid))
