"""Hard rules that no openings keep: how near whole openings come to them, which limits are in the way, what would do.

How near is a search for openings like any other (`benders`), in a case where nothing costs anything but a child whom a
hard rule is missed by. Its bound proves a clash: it holds for all openings, whole or not, and above 0 says that none
keeps the rules. Rules, and limits on openings, are then let go one by one as long as the others still clash.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.options.benders import search_openings, start_search
from sufficiency.plan.options.candidates import with_candidates
from sufficiency.plan.options.choices import MILLION
from sufficiency.plan.options.clash import least_miss_whatever_opens
from sufficiency.plan.options.effects import OptionModel, option_model
from sufficiency.plan.options.fixed import NOTHING, with_openings_fixed
from sufficiency.plan.options.master import Allowed, anything
from sufficiency.plan.options.search import Candidate, Search
from sufficiency.plan.rows.softening import costing_nothing, hard_items, hard_rows, loose
from sufficiency.plan.solve.clash import REMEDIES, with_longer_journeys
from sufficiency.plan.solve.clash_words import JOURNEY_LIMIT, clash_in_words, listed, no_plan_keeps, opening_words
from sufficiency.plan.solve.elastic import A_CHILD, least_miss, none_spared
from sufficiency.plan.tolerances import SMALLEST_MISS
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent

EXACT = 1e-7
"""Relative gap at which the search for the nearest openings, or for the smallest limit, ends."""
YES_OR_NO = 0.5
"""The same where it is only asked whether any openings keep the rules."""
A_POUND = 1.0
"""£ beside `A_CHILD`: openings that differ by less come as near."""
SURE = 1e-3
"""Children between the nearest openings found and what is proven, from which the message says so."""
SPENT = {"nearest": 0.4, "clash": 0.4, "plan": 0.5}
"""Shares of the time left for the nearest openings, for which rules and limits clash, and for the plan to show."""
LIMITS = ("group", "most", "capital")
"""Families of limits on openings that a message names, those first that are let go first."""


@dataclass(frozen=True)
class Nearest:
    """How near openings within the limits come to some hard rules, others let go: `y` [Y] whole openings (options that
    may open in part: any part), None where none were found; `miss`, children by which the nearest plan with them misses
    the rules, all years and rules together; `least`, children by which every plan misses them.
    """

    y: Floats | None = field(repr=False)
    miss: float
    least: float

    @property
    def kept(self) -> bool:
        """Whether a plan with these openings keeps the rules."""
        return self.y is not None and self.miss <= SMALLEST_MISS

    @property
    def clash(self) -> bool:
        """Whether no openings keep the rules: proven."""
        return self.least > SMALLEST_MISS


def nearest(
    found: OptionModel, items: list[int], deadline: Deadline, allowed: Allowed | None = None, gap: float = EXACT
) -> Nearest:
    """The nearest that openings come to the hard rules among `items`, until the `gap` is met or the time is up."""
    allowed = anything(len(found.choices)) if allowed is None else allowed
    rows = found.instance.rows
    free = _costing_nothing(found, A_CHILD)
    counted = hard_rows(rows) & np.isin(rows.item, items)
    missed = loose(free.instance.rows, counted, np.full(len(counted), A_CHILD))
    free = replace(free, instance=replace(free.instance, rows=missed))
    search, outcome = search_openings(start_search(free, deadline), allowed, gap, deadline)
    least = max(outcome.bound, 0.0) / A_CHILD
    if outcome.incumbent is None:
        return Nearest(None, np.inf, least)
    best = outcome.incumbent if gap > EXACT else _fewest(search, outcome.incumbent, allowed, deadline)
    return Nearest(best.y, best.value / A_CHILD, least)


def _costing_nothing(found: OptionModel, dear: float) -> OptionModel:
    """The case in which neither children nor openings cost anything. A weight on waiting in the base year, in which
    nobody is placed, has the search take a miss of a hard row to cost as much as `dear` £ or more.
    """
    instance, nothing = costing_nothing(found.instance), np.zeros(len(found.choices))
    weight, discount = np.zeros_like(instance.data.discount), instance.data.discount.copy()
    weight[0], discount[0] = dear, 1.0
    instance = replace(instance, data=replace(instance.data, awaiting_weight=weight, discount=discount))
    choices = replace(found.choices, cost=nothing)
    preferences = found.preferences.without_cost()
    return replace(found, base=costing_nothing(found.base), instance=instance, choices=choices, preferences=preferences)


def _fewest(search: Search, best: Candidate, allowed: Allowed, deadline: Deadline) -> Candidate:
    """Openings as near as the best, without options that bring it no nearer."""
    scheme = search.found.choices.scheme
    for one in np.unique(scheme[best.y > NOTHING]):
        if deadline.passed:
            break
        fewer = np.where(scheme == one, 0.0, best.y)
        only = replace(allowed, upper=np.minimum(allowed.upper, fewer))
        search = with_candidates(replace(search, tried=()), fewer, only, best.basis)
        if search.tried and search.tried[0].value <= best.value + A_POUND:
            best = search.tried[0]
    return best


def openings_that_keep_hard_rules(found: OptionModel, deadline: Deadline, progress: Progress = silent) -> Floats | None:
    """[Y] whole openings with which a plan keeps all hard rules; None where the time was up before any were found.

    Raises InputError that names the rules, and the limits on openings, that clash where it is proven that none do.
    """
    progress("Choose", "looking for openings that keep the hard rules")
    every = hard_items(found.base)
    near = nearest(found, every, deadline.share(SPENT["nearest"]))
    if near.kept:
        return near.y
    if near.clash or least_miss_whatever_opens(found, every, deadline.share(SPENT["nearest"])).clash:
        raise _clashing(found, near, deadline, progress)
    return None


def rules_no_openings_keep(found: OptionModel, allowed: Allowed, deadline: Deadline) -> list[int]:
    """Hard rules that no openings which are `allowed` keep together, none of which can be spared as far as there was
    time to see; none where it is not proven that they clash.
    """

    def clash(items: list[int]) -> bool:
        return bool(items) and nearest(found, items, deadline, allowed, YES_OR_NO).clash

    every = hard_items(found.base)
    return none_spared(every, clash) if clash(every) else []


def _clashing(found: OptionModel, near: Nearest, deadline: Deadline, progress: Progress) -> InputError:
    clashing, limits = _irreducible(found, deadline.share(SPENT["clash"]), progress)
    if clashing != hard_items(found.base):
        near = nearest(found, clashing, deadline.share(SPENT["nearest"]))
    named = [_limit_words(found, row) for row in limits]
    eased = with_longer_journeys(found.base)
    if eased is not None and nearest(option_model(eased), clashing, deadline.share(SPENT["plan"]), gap=YES_OR_NO).kept:
        named.append(JOURNEY_LIMIT)
    what = _in_words(found, near, clashing, named, deadline.share(SPENT["plan"]))
    remedies = REMEDIES
    for row in limits:
        enough = enough_of(found, row, deadline)
        if enough is not None:
            remedy, sentence = _remedy(found, row, enough)
            what, remedies = f"{what}. {sentence}", f"{remedy}, or {remedies}"
    return InputError([Problem(what, found.base.case.model.path.name, fix=remedies)])


def _irreducible(found: OptionModel, deadline: Deadline, progress: Progress) -> tuple[list[int], list[int]]:
    """Hard rules, and rows of limits on openings, that clash, none of which can be spared as far as there was time to
    see. Limits are let go first: those left are ones without which these rules could be kept.
    """
    family = found.choices.limit_family
    limits = [int(row) for name in LIMITS for row in np.flatnonzero(family == name)]
    rules = hard_items(found.base)

    def clash(parts: list[tuple[str, int]]) -> bool:
        items = [item for kind, item in parts if kind == "rule"]
        some = _without_limits(found, [row for row in limits if ("limit", row) not in parts])
        if not items:
            return False
        return (
            least_miss_whatever_opens(some, items, deadline).clash
            or nearest(some, items, deadline, gap=YES_OR_NO).clash
        )

    parts = [*(("limit", row) for row in limits), *(("rule", item) for item in rules)]
    left = none_spared(parts, clash, progress)
    return [item for kind, item in left if kind == "rule"], [row for kind, row in left if kind == "limit"]


def _without_limits(found: OptionModel, rows: list[int]) -> OptionModel:
    """The case without some rows of limits on openings."""
    choices = found.choices
    kept = ~np.isin(np.arange(len(choices.most)), rows)
    fewer = replace(
        choices,
        limits=choices.limits[kept],
        most=choices.most[kept],
        limit_family=choices.limit_family[kept],
        limit_name=choices.limit_name[kept],
    )
    return replace(found, choices=fewer)


def _in_words(found: OptionModel, near: Nearest, clashing: list[int], limits: list[str], deadline: Deadline) -> str:
    """Which rules and limits clash, and how near a plan with whole openings comes; as far as that was found, or only
    what is proven of all plans.
    """
    opens = "whatever opens, "
    every = f"every plan misses {'it' if len(clashing) == 1 else 'them'} by at least {_children(near.least)} in all"
    bound = f"{every[0].upper()}{every[1:]}" if near.least > SMALLEST_MISS else ""
    if near.y is not None:
        case = with_openings_fixed(found, near.y)
        elastic = least_miss(case, deadline, clashing, costs=False)
        if elastic.priced.solution.optimal:
            comes = f"The nearest one comes, {opening_words(case)}"
            if near.miss - near.least > SURE:
                comes = f"{bound}. The nearest one found comes, {opening_words(case)}".removeprefix(". ")
            return clash_in_words(elastic, clashing, opens=opens, limits=limits, nearest=comes)
    what = no_plan_keeps(found.base, clashing, None, opens=opens, limits=limits)
    return f"{what}. {bound}" if bound else what


def _children(number: float) -> str:
    """Children to a tenth, rounded down: a bound stays one."""
    return f"{np.floor(number * 10 + SMALLEST_MISS) / 10:,.1f}".removesuffix(".0") + " children"


def _limit_words(found: OptionModel, row: int) -> str:
    """A limit on openings by its name in the model file or the options table, with what it is."""
    choices = found.choices
    family, name, most = choices.limit_family[row], choices.limit_name[row], float(choices.most[row])
    if family == "capital":
        return f"finance.capital_budget ({_pounds(most * MILLION)})"
    if family == "most":
        return f"rules.open_at_most ({most:.0f})"
    return f"the group “{name}” of the options table (one of {listed(_options_in(found, row))} may open)"


def _options_in(found: OptionModel, row: int) -> list[str]:
    choices = found.choices
    columns = choices.limits[[row]].indices
    return [choices.schemes[scheme].option for scheme in np.unique(choices.scheme[columns])]


@dataclass(frozen=True)
class Enough:
    """The smallest that a limit on openings may be so that all hard rules can be kept, the other limits as they are:
    `amount`, £ or openings, with openings `y` [Y]; `sure`: proven to be the smallest.
    """

    y: Floats = field(repr=False)
    amount: float
    sure: bool


def enough_of(found: OptionModel, row: int, deadline: Deadline) -> Enough | None:
    """What would be enough of the limit in a `row`; None where nothing was found, or the limit is not too small."""
    choices, everything = found.choices, anything(len(found.choices))
    used = choices.limits[[row]].toarray()[0]
    if not used.any():
        return None
    scale = A_CHILD / used.max()
    free = _costing_nothing(_without_limits(found, [row]), A_CHILD * len(choices))
    free = replace(free, choices=replace(free.choices, cost=used * scale))
    search, outcome = search_openings(start_search(free, deadline), everything, EXACT, deadline)
    if outcome.incumbent is None:
        return None
    best = _fewest(search, outcome.incumbent, everything, deadline)
    wanted = float(used @ best.y)
    if wanted <= choices.most[row] + NOTHING:
        return None
    unit = MILLION if choices.limit_family[row] == "capital" else 1.0
    sure = wanted * scale - outcome.bound <= 2 * max(EXACT * wanted * scale, A_POUND)
    return Enough(best.y, wanted * unit, sure)


def _remedy(found: OptionModel, row: int, enough: Enough) -> tuple[str, str]:
    """What to change about a limit so that it is enough, and a sentence that says what opens then."""
    choices = found.choices
    family, number = choices.limit_family[row], int(np.ceil(enough.amount - 0.01))
    if family == "capital":
        what = f"set finance.capital_budget = {number:_}"
        more = number - float(choices.most[row]) * MILLION
        given = f"With a capital budget of {_pounds(number)} ({_pounds(more)} more)"
    elif family == "most":
        what, given = f"set rules.open_at_most = {number}", f"If {number} options may open"
    else:
        group = f"the group “{choices.limit_name[row]}”"
        what, given = f"let {number} of {group} open", f"If {number} of {group} may open"
    less = "with less they cannot" if enough.sure else "less may do"
    return what, f"{given}, all hard rules can be kept, {opening_words(with_openings_fixed(found, enough.y))}; {less}"


def _pounds(value: float) -> str:
    return f"£{value:,.0f}"
