"""The table `options_appraisal.csv`: what each option saves, when it breaks even, and in which order to commission."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.case import Case
from sufficiency.codes import FUNDS
from sufficiency.finance.spend import spend_by_academic_year
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.options.appraisal import Appraisal, Other
from sufficiency.plan.options.fixed import Opened, with_openings_fixed
from sufficiency.plan.options.option import CENTRAL, Option
from sufficiency.plan.options.programme import Programme
from sufficiency.plan.options.search import Candidate
from sufficiency.plan.solve.solve import Plan, money_and_weights_by_year, plan_of, slack_needed
from sufficiency.tables.schema.results import OUTPUTS
from sufficiency.tables.statutory import statutory_flags

OURS = "ours"
PENNY = 0.01
"""£: a saving below this is none."""
POUND = 1.0
"""£ by which what is saved up to a year may fall short of the capital and still count as reaching it: two solved plans
are exact to no more.
"""


def payer(scheme: Option) -> str:
    """Who pays the capital: `ours` or `central`."""
    return OURS if scheme.ours else CENTRAL


def how_decided(scheme: Option) -> str:
    """Whether an option that opens is committed, or the plan chose it."""
    return "committed" if scheme.committed else "chosen"


def flags_of(programme: Programme) -> dict[int, str]:
    """Row of the options table → the statutory thresholds that opening it trips, all that opens taken together."""
    case, years = programme.found.base.case, programme.found.base.data.years
    options = case.tables.options
    if options is None:
        return {}
    rows = dict(enumerate(options.itertuples()))
    together = tuple((rows[it.scheme.row], int(years[it.opens])) for it in programme.opened)
    return {
        it.scheme.row: "; ".join(
            flag.words for flag in statutory_flags(case.tables, rows[it.scheme.row], int(years[it.opens]), together)
        )
        for it in programme.opened
    }


def appraisal_table(programme: Programme, appraisal: Appraisal, plan: Plan) -> pd.DataFrame:
    """`options_appraisal.csv`: every option of the table, those that open first in the order to commission them."""
    search, years = programme.found, programme.found.base.data.years
    order = {step.scheme: rank for rank, step in enumerate(appraisal.order, 1)}
    in_money = steps_in_money(programme, appraisal, plan)
    with_it = spent(plan)
    flags = flags_of(programme)
    rows: list[dict[str, Any]] = []
    for place, one in enumerate(search.choices.schemes):
        row: dict[str, Any] = {
            "option": one.option,
            "name": one.name,
            "setting": one.setting,
            "type": one.type,
            "places": one.places,
            "capital": one.capital,
            "capital_by": payer(one),
            "capital_a_place": one.capital / one.places if one.places > 0 else np.nan,
        }
        parts = [it for it in programme.opened if it.scheme.row == one.row]
        if parts:
            row |= {
                "opens": int(years[parts[0].opens]),
                "part": sum(it.part for it in parts),
                "order": order.get(place, np.nan),
                "saves_in_order": next((step.saves for step in appraisal.order if step.scheme == place), np.nan),
                "saves_in_order_money": in_money.get(place, np.nan),
                "capital_present_value": capital_owed(programme, parts),
                "flags": flags[one.row],
                "decided": how_decided(one),
            }
            row |= _worth(programme, appraisal.without.get(place), parts, with_it)
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(OUTPUTS["options_appraisal"].names))
    table["part"] = table["part"].fillna(0.0)  # not opened
    for name in ("flags", "needed_for", "decided"):
        table[name] = table[name].astype(object).fillna("")
    table = table.sort_values(["order", "opens", "option"], ignore_index=True)
    years_and_ranks = ("opens", "order", "break_even", "break_even_money", "full_year")
    table = table.astype(dict.fromkeys(years_and_ranks, "Int64"))
    paid = table["capital"] * table["part"] * (table["capital_by"] == OURS)
    table["capital_so_far"] = paid.cumsum().where(table["order"].notna())
    return table


def capital_owed(programme: Programme, parts: list[Opened]) -> float:
    """£ of our own capital in what opens, contingency included, discounted from the year it opens as savings are."""
    rate = programme.found.base.case.model.finance.discount
    return sum(it.part * it.scheme.capital / (1 + rate) ** (it.opens - 1) for it in parts if it.scheme.ours)


@dataclass(frozen=True)
class Spent:
    """What a plan costs: `by_fund` [year × fund] £ of the year; [T] discounted £ of each plan year, `money` alone and
    `cost`, with policy weights.
    """

    by_fund: pd.DataFrame
    money: Floats
    cost: Floats


def no_cheaper(other: Other) -> Other:
    """The same programme where its openings were open to the plan too: it costs no less than the best there is, though
    a plan that is known but for a gap may seem to cost more.
    """
    more, least, most = (float(np.maximum(one, 0.0)) for one in (other.more, other.least, other.most))
    return replace(other, more=more, least=least, most=most)


def left_open(other: Other) -> float:
    """£ by which a difference may be less than as found."""
    return other.more - other.least


def _worth(programme: Programme, without: Other | None, parts: list[Opened], plan: Spent) -> dict[str, Any]:
    """What an option saves against the best programme without it, and what follows from that. Where the search did not
    come to its end there is the least and the most it saves, and it breaks even by the least: all that is left open is
    taken off from the first year on. Where no programme without it keeps the hard rules, those that need it, and no
    saving.
    """
    if without is None:
        return {}
    if without.needed_for:
        return {"needed_for": "; ".join(without.needed_for)}
    without = no_cheaper(without)
    most = without.most if np.isfinite(without.most) else np.nan
    row: dict[str, Any] = {"saving_least": without.least, "saving_most": most}
    if without.tried is None:
        return row
    base, first = programme.found.base, parts[0].opens
    other = spent_without(programme, without.tried)
    owed = capital_owed(programme, parts)
    owed_yet = 0.0 if base.case.model.finance.capital_charge > 0 else owed
    in_doubt = 0.0 if without.sure else left_open(without)
    saving = without.more if without.more >= PENNY else 0.0
    so_far, so_far_money = (
        (less - of_plan).cumsum() for less, of_plan in ((other.cost, plan.cost), (other.money, plan.money))
    )
    money = float(so_far_money[-1])
    so_far[-1] = saving

    def breaks_even(saved: Floats) -> int | None:
        return break_even(base.data.years[first:], saved[first - 1 :] - in_doubt, owed_yet)

    row |= {
        "saving_money_least": money - left_open(without),
        "break_even": breaks_even(so_far),
        "break_even_money": breaks_even(so_far_money),
    }
    if not without.sure:
        return row
    full = full_year(parts, base.data.horizon)
    year = int(base.data.years[full])
    less = other.by_fund.loc[[year]] - plan.by_fund.loc[[year]]
    return row | {
        "saving": saving,
        "saving_money": money,
        "saving_per_pound": saving / owed if owed > 0 else None,
        "full_year": year,
        "full_year_saving": float(less.to_numpy().sum()),
        "full_year_dsg": float(less["dsg"].sum()),
    }


def full_year(parts: list[Opened], horizon: int) -> int:
    """The position of the first year in which an option has all its places; the last of the plan where that is
    later.
    """
    return min(parts[0].opens + len(parts[0].scheme.ramp) - 1, horizon)


def break_even(years: Ints, so_far: Floats, capital: float) -> int | None:
    """The first of the `years` by which what is saved `so_far` (£ up to each of them) covers the `capital`, discounted
    alike, and goes on covering it to the last; None where it does not at the last.
    """
    if so_far[-1] < capital:
        return None
    short = np.flatnonzero(so_far[:-1] < capital - POUND)
    return int(years[short[-1] + 1 if len(short) else 0])


def spent(plan: Plan) -> Spent:
    """What a plan costs, by year."""
    money, weights = money_and_weights_by_year(
        plan.data, plan.settled, plan.rows, plan.entrants, plan.waiting, plan.slack
    )
    return Spent(_by_fund(plan.case, plan.data, plan.stock, plan.waiting), money[1:], (money + weights)[1:])


def spent_without(programme: Programme, tried: Candidate) -> Spent:
    """What the cheapest plan with other openings costs."""
    return spent(plan_with(programme, tried))


def plan_with(programme: Programme, tried: Candidate) -> Plan:
    """The cheapest plan with other openings, as the search found it; not certified."""
    case = with_openings_fixed(programme.found, tried.y)
    entrants, waiting = case.settled.entrants + tried.entrants, tried.waiting
    return plan_of(case, entrants, waiting, slack_needed(case, entrants, waiting), np.zeros(len(case.rows.limit)))


def steps_in_money(programme: Programme, appraisal: Appraisal, plan: Plan) -> dict[int, float]:
    """Scheme → £ discounted, without policy weights, that it saves when it opens beside those before it in the order.
    Steps whose saving is not known are left out. The last ends at the plan itself.
    """
    before = [None if step.before is None else plan_with(programme, step.before).money for step in appraisal.order]
    ends = zip(appraisal.order, before, [*before[1:], plan.money], strict=True) if before else ()
    return {
        step.scheme: start - end
        for step, start, end in ends
        if step.saves is not None and start is not None and end is not None
    }


def money_more(programme: Programme, other: Other, plan: Plan) -> tuple[float, float]:
    """£ discounted, without policy weights, that another programme costs more than the plan: as found, and the least it
    can be if a cheaper programme of its kind, as far as the search left one open, saves nothing but money.
    """
    if other.tried is None:
        return np.nan, np.nan
    more = plan_with(programme, other.tried).money - plan.money
    return more, more - left_open(other)


def _by_fund(case: Case, data: InstanceData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    """[year × fund] £ of every year and fund, also where nothing is spent."""
    spend = spend_by_academic_year(case, data, stock, waiting)
    spent = spend.pivot_table(index="year", columns="fund", values="pounds", aggfunc="sum", fill_value=0.0)
    return spent.reindex(index=data.years, columns=list(FUNDS), fill_value=0.0)
