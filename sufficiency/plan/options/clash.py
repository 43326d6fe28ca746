"""Hard rules that cannot be kept together: which they are, and how near a plan comes to them.

Every hard rule is made soft, at a price a child that no plan would pay. If none is missed, they can be kept. Whether
they clash the prices prove, over all arcs: with nothing but rules to keep and nothing that costs anything, a bound
above 0 says that no plan keeps them. (What things really cost stays in the program so that there are few ties; where
it blurs the answer, it is asked again with nothing that costs anything.) Otherwise rules are let go one by one as long
as the others still clash: those left clash, and no smaller set of them does (deletion filter: Chinneck, Feasibility and
Infeasibility in Optimization, 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.deadline import Deadline, Interrupted
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.clash_words import JOURNEY_LIMIT, KEPT, clash_in_words, opening_words
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.fixed import fix_openings
from sufficiency.plan.options.master import Master, anything, cut_of
from sufficiency.plan.options.relaxation import Live, relaxed, relaxed_on_coarse_maps, with_a_price_on_hard_rows
from sufficiency.plan.pricing.column_generation import Priced, generate_columns, solve_full
from sufficiency.plan.program.lp import slack_of
from sufficiency.plan.rows.coupling import Coupling, softened
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent

A_CHILD = 1e6
"""Cost of a miss of one child where nothing else costs anything: far above the £ below which pricing adds no column."""
DEARER = 1e3
"""Times as dear as in the search for openings is a miss here: even a small one stands out from what things cost."""
OF_THE_CLASH = 1e-3
"""Share of the price of a miss from which the price of a row says that it takes part in a clash, and is no mere cost.
"""
REMEDIES = "make one of them soft (hard = false), relax its limit, or let it start later"
Part = TypeVar("Part")


def hard_items(instance: Instance) -> list[int]:
    """The hard rules, by their positions among all."""
    return sorted(set(instance.rows.item[hard_rows(instance.rows)].tolist()))


def hard_rows(rows: Coupling) -> Flags:
    """[H] rows of rules that must hold."""
    return np.asarray(rows.of_rules & (rows.slack_most == 0))


@dataclass(frozen=True)
class Elastic:
    """The least miss of some hard rules, others let go, priced over all arcs: `slack` [H] on the coupling rows, at a
    `price` [H]. `kept`: they can be kept together (where options may open: if they may in parts); `clash`: it is proven
    that they cannot.
    """

    priced: Priced = field(repr=False)
    slack: Floats = field(repr=False)
    price: Floats = field(repr=False)
    kept: bool
    clash: bool

    @property
    def taut(self) -> Flags:
        """[H] rows that are missed, or would be if others were not."""
        return np.asarray((self.slack > KEPT) | (self.priced.prices > OF_THE_CLASH * self.price))


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
        raise _clashing(instance, *irreducible(instance, elastic, miss, progress), miss)
    if deadline.stopped:
        raise Interrupted("no plan was found yet that keeps the hard rules")
    what, mend = "the time was up before a plan was found that keeps the hard rules", "give solver.seconds more"
    raise InputError([Problem(what, instance.case.model.path.name, mend=mend)])


def _with_tiny_misses(instance: Instance, elastic: Elastic) -> Priced:
    """All arcs, with hard rules that can only be kept but for rounding (a third given as 0.3333333) missed by so much:
    less than the certificate lets pass, and more than HiGHS does.
    """
    rows = instance.rows
    limit = rows.limit + np.where(hard_rows(rows), elastic.slack, 0.0)
    priced = solve_full(replace(instance, rows=replace(rows, limit=limit)), elastic.priced.deadline)
    return replace(priced, instance=instance)


def least_miss(instance: Instance, deadline: Deadline, items: list[int], *, costs: bool = True) -> Elastic:
    """The least miss of the hard rules among `items`; asked without costs only where they blur the answer, or where
    `costs` are not to count: then every child missed counts the same.
    """
    rows, nothing = instance.rows, costing_nothing(instance)
    counted = hard_rows(rows) & np.isin(rows.item, items)
    dear = DEARER * with_a_price_on_hard_rows(instance)[0].rows.slack_cost
    for case, price in ((instance, dear), (nothing, np.full(len(counted), A_CHILD)))[0 if costs else 1 :]:
        free = replace(case, rows=loose(case.rows, counted, price))
        priced = generate_columns(free, deadline=deadline, last_in_pulp=False)
        ended = priced.solution.optimal
        slack = slack_of(rows, priced.program, priced.solution.columns) if ended else np.zeros(len(rows.limit))
        kept = ended and float(slack[counted].sum()) <= KEPT
        unpaid = loose(nothing.rows, counted, price)
        proven = price_all_arcs(replace(nothing, rows=unpaid), priced.flows, priced.prices).bound
        clash = ended and proven > KEPT * price[counted].max(initial=0.0)
        found = Elastic(priced, slack, price, kept, clash)
        if kept or clash:
            break
    return found


def clash_whatever_opens(found: OptionModel, live: Live) -> bool:
    """Whether the prices of a live program of `found`, or of a coarser map of it, prove that no openings, in parts or
    whole, let a plan keep the hard rules. False where they prove nothing.
    """
    counted = hard_rows(found.instance.rows)
    if not counted.any() or not live.optimal or live.keeps_hard_rows:
        return False
    return _none_opening_keeps(found, counted, np.where(counted, live.case.rows.slack_cost, 0.0), live.prices)


def _none_opening_keeps(found: OptionModel, counted: Flags, price: Floats, prices: Floats) -> bool:
    """Whether `prices` [H] prove that no openings keep the rules of the rows `counted`, missed at a `price` [H]."""
    nothing = costing_nothing(found.instance)
    nothing = replace(nothing, rows=loose(nothing.rows, counted, price))
    choices = replace(found.choices, cost=np.zeros(len(found.choices)))
    free = replace(found, instance=nothing, choices=choices, preferences=found.preferences.without_cost())
    cut = cut_of(free, prices)
    least = Master(choices, anything(len(choices)), (cut,), 1)
    bound, _ = least.lowest(np.ones(len(choices)), np.zeros(len(choices.schemes), dtype=bool))
    return bool(KEPT * price.max(initial=0.0) < bound < np.inf)


def least_miss_whatever_opens(found: OptionModel, items: list[int], deadline: Deadline) -> Elastic:
    """The least miss of the hard rules among `items`, others let go, with any share of any option open."""
    rows = found.instance.rows
    hard = hard_rows(rows)
    counted = hard & np.isin(rows.item, items)
    free = replace(found, instance=replace(found.instance, rows=softened(rows, hard & ~counted, 0.0)))
    prices = None
    for coarse in relaxed_on_coarse_maps(free, deadline):
        prices = coarse.prices if coarse.optimal else None
    live = relaxed(free, prices, deadline)
    price = np.where(counted, live.case.rows.slack_cost, 0.0)
    columns = live.last.columns if live.optimal else np.zeros(0)
    slack = slack_of(rows, live.last.program, columns) if live.optimal else np.zeros(len(rows.limit))
    prices = live.prices if live.optimal else np.zeros(len(rows.limit))
    kept = live.optimal and live.keeps_hard_rows and float(slack[counted].sum()) <= KEPT
    clash = live.optimal and not kept and _none_opening_keeps(found, counted, price, prices)
    solution = replace(live.solution, columns=columns)
    priced = Priced(found.instance, live.flows, live.last.program, solution, prices, deadline)
    return Elastic(priced, slack, price, kept, clash)


def costing_nothing(instance: Instance) -> Instance:
    """The case with no cost but that of what rows are missed by, and none of that."""
    data, never = instance.data, np.zeros_like(instance.data.awaiting_money)
    nothing, unfunded = np.zeros_like(data.k), np.zeros_like(data.place_funding)
    free = replace(data, k=nothing, policy=nothing, place_funding=unfunded, awaiting_money=never, awaiting_weight=never)
    free = replace(free, option_cost=unfunded, preference_weight=never)
    return replace(instance, data=free, rows=replace(instance.rows, slack_cost=np.zeros_like(instance.rows.slack_cost)))


def loose(rows: Coupling, counted: Flags, price: Floats) -> Coupling:
    """The rows with what is missed of hard rules paid for: those `counted` at the `price` [H], others at nothing."""
    return softened(rows, hard_rows(rows), np.where(counted, price, 0.0))


def none_spared(parts: Sequence[Part], clash: Callable[[list[Part]], bool], progress: Progress = silent) -> list[Part]:
    """Of the `parts` of a clash those that still `clash` when the others are let go, and of which none can be spared,
    as far as `clash` says; those that come first are let go first.
    """
    left = list(parts)
    for one in parts:
        progress("Solve", f"which of {len(left)} hard rules and limits clash")
        others = [other for other in left if other != one]
        if clash(others):
            left = others
    return left


Miss = Callable[[Instance, list[int]], Elastic]
"""The least miss of some hard rules of a case."""


def irreducible(
    instance: Instance, elastic: Elastic, miss: Miss, progress: Progress = silent
) -> tuple[Elastic, list[int]]:
    """Rules that clash and of which none can be left out, as far as there was time to see, with their least miss."""
    every, rows = hard_items(instance), elastic.priced.instance.rows
    taut = elastic.taut & rows.of_rules & np.isin(rows.item, every)
    clashing = sorted(set(rows.item[taut].tolist()))
    if clashing != every and not miss(instance, clashing).clash:
        clashing = every
    clashing = none_spared(clashing, lambda some: bool(some) and miss(instance, some).clash, progress)
    last = miss(instance, clashing)
    return last if last.clash else elastic, clashing


def _clashing(instance: Instance, elastic: Elastic, clashing: list[int], miss: Miss) -> InputError:
    eased, limits = with_longer_journeys(instance), list[str]()
    if eased is not None and miss(_with_openings(eased, instance.openings), clashing).kept:
        limits = [JOURNEY_LIMIT]
    opens, others = _what_opens(instance)
    what = clash_in_words(elastic, clashing, opens=opens, limits=limits) + others
    return InputError([Problem(what, instance.case.model.path.name, mend=REMEDIES)])


def _what_opens(instance: Instance) -> tuple[str, str]:
    """What a message on a case with openings given says of them, at its beginning and at its end."""
    case = instance.case
    if case.tables.options is None:
        return "", ""
    if len(may_open(case, instance.data)):
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
    return prepare(replace(instance.case, model=eased, defaults=instance.defaults))


def _with_openings(undecided: Instance, openings: tuple[tuple[int, int, float], ...]) -> Instance:
    """The case with `openings` (row of the options table, year, part)."""
    may, years = may_open(undecided.case, undecided.data), undecided.data.years.tolist()
    part = {(row, years.index(year)): part for row, year, part in openings}
    pairs = zip(may.scheme.tolist(), may.opens.tolist(), strict=True)
    y = [part.get((may.schemes[scheme].row, year), 0.0) for scheme, year in pairs]
    return fix_openings(undecided, may, np.array(y)) if undecided.case.tables.options is not None else undecided
