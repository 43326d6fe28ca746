"""What each option that opens saves, in which order to commission, and which other programmes come next.

Everything is a difference of two solved programmes, never a dual. Each search goes on until its gap is under a tenth of
the difference it is to show, or time is up; then the difference is a range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.options.benders import TENTH, Reference, search_openings
from sufficiency.plan.options.candidates import with_candidates
from sufficiency.plan.options.choices import MILLION
from sufficiency.plan.options.clash_openings import rules_no_openings_keep
from sufficiency.plan.options.lanes import Lane, Lanes
from sufficiency.plan.options.master import Allowed, anything
from sufficiency.plan.options.programme import Programme
from sufficiency.plan.options.search import Candidate, Search
from sufficiency.plan.rows.softening import hard_items
from sufficiency.plan.solve.clash_words import rule_names
from sufficiency.progress import Progress, silent

ALTERNATIVES = 3
"""Different programmes shown beside the best one."""
SHARE_OF_DIFFERENCE = TENTH
"""A difference is shown as one figure where the gap is at most this share of it (mathematics page, the proof)."""
MORE_CAPITAL = 1e6
"""£ by which the capital budget is raised to see what more of it is worth."""
DUST = 1e-12
"""Share of what a programme costs by which two sums of the same differ."""
PART = 1e-6
"""Share of an option from which it counts as opened."""
EXACT = 1e-6
"""Gap at which another programme is known, however little it costs more."""


@dataclass(frozen=True)
class Other:
    """Another programme, and what it costs more than the best, discounted £: as found, and the least and the most it
    can be. Where the search found none in time there is none, and only the least is known. `needed_for`: hard rules
    that no programme of this kind keeps, which is proven; then nothing else is known.
    """

    tried: Candidate | None = field(repr=False)
    more: float
    least: float
    most: float
    needed_for: tuple[str, ...] = ()

    @property
    def y(self) -> Floats | None:
        """[Y] its openings."""
        return None if self.tried is None else self.tried.y

    @property
    def sure(self) -> bool:
        """Whether the figure is good to a tenth of itself."""
        return self.most - self.least <= SHARE_OF_DIFFERENCE * abs(self.more) + 1.0


@dataclass(frozen=True)
class Step:
    """One step of commissioning: `scheme` opens beside those before it, and the cost of the cheapest plan falls by
    `saves` (discounted £; negative where it rises). None where that is not known: time was up, or a hard rule cannot be
    kept with what is open by then. `before`: the cheapest plan before it opens.
    """

    scheme: int
    saves: float | None
    before: Candidate | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Appraisal:
    """`without` by scheme that opens: the best programme without it. `order`: in which order to commission those that
    open. `alternatives`: the next-best programmes, best first: those in which other whole options open, and those
    without an option that may open in part. `in_reach`: the cheapest programme with a whole option that the plan leaves
    closed; None where it leaves none, or none was found.
    """

    without: dict[int, Other]
    order: list[Step]
    alternatives: list[Other]
    in_reach: Other | None = None
    more_capital: Other | None = None
    """The best programme with `MORE_CAPITAL` more to spend; None where capital has no limit."""


NO_APPRAISAL = Appraisal({}, [], [])


def appraised(programme: Programme, deadline: Deadline, progress: Progress = silent) -> Appraisal:
    """The appraisal of a programme that was found by search; nothing where it was not, or where there was no option.

    Savings and alternatives choose anew what else opens and when, within the same capital and the same limits. The
    order takes the openings as they are: by opening year, then by saving per pound of our own capital. Options that are
    committed open in all of them, and are not asked about.

    As many questions are asked side by side as the solver may use threads, each with what all before have shown.
    """
    search = programme.search
    if search is None or not search.cuts or search.incumbent(anything(len(programme.y))) is None:
        return NO_APPRAISAL
    choices = programme.found.choices
    opened = sorted({int(scheme) for scheme in choices.scheme[(programme.y > PART) & (choices.committed == 0)]})
    search = replace(search, live=replace(search.live, deadline=deadline.beside()))
    lanes = Lanes(search, min(search.threads, 1 + len(opened)))
    try:
        without = lanes.ask(
            [partial(_best_without, programme=programme, scheme=scheme) for scheme in opened],
            lambda number: progress("Appraise", f"without {choices.schemes[opened[number]].option}"),
        )
        found = dict(zip(opened, without, strict=True))
        order = commissioning_order(programme, found)
        rest: list[Callable[[Lane], Any]] = [
            partial(_next_best, programme=programme),
            partial(_steps_and_capital, programme=programme, order=order),
        ]
        told = lanes.ask(rest, lambda _: progress("Appraise", "alternatives, order, more capital"))
        (alternatives, in_reach), (steps, more_capital) = told
        parts = [other for scheme, other in found.items() if choices.schemes[scheme].scalable]
        return Appraisal(found, steps, best_first([*alternatives, *parts]), in_reach, more_capital)
    finally:
        lanes.close()


def _next_best(lane: Lane, programme: Programme) -> tuple[list[Other], Other | None]:
    alternatives = _alternatives(lane, programme)
    return alternatives, _in_reach(lane, programme, alternatives)


def _steps_and_capital(lane: Lane, programme: Programme, order: list[int]) -> tuple[list[Step], Other | None]:
    return _steps(lane, programme, order), _with_more_capital(lane, programme)


def _alternatives(lane: Lane, programme: Programme) -> list[Other]:
    """The next-best programmes, each with another set of whole options than all found before it. Each search ends
    within a tenth of what it shows, so that a later one may find a cheaper programme.
    """
    alternatives: list[Other] = []
    allowed, last = anything(len(programme.y)), programme.y
    for _ in range(ALTERNATIVES):
        row, most = different_from(programme, last)
        if row is None:
            break
        allowed = Allowed(allowed.upper, np.vstack([allowed.rows, row]), np.append(allowed.most, most))
        other = _other(lane, programme, allowed)
        if other.y is None:
            break
        alternatives.append(other)
        last = other.y
    return alternatives


def newly_opened(programme: Programme, y: Floats) -> list[int]:
    """Whole schemes that openings `y` [Y] open and the programme does not."""
    choices = programme.found.choices
    now, there = (set(choices.scheme[(one > PART) & choices.whole].tolist()) for one in (programme.y, y))
    return sorted(there - now)


def _in_reach(lane: Lane, programme: Programme, alternatives: list[Other]) -> Other | None:
    """The cheapest programme with a whole option that the programme leaves closed: an alternative, else searched."""
    for other in sorted(alternatives, key=lambda one: one.more):
        if other.y is not None and newly_opened(programme, other.y):
            return other
    choices = programme.found.choices
    closed = newly_opened(programme, choices.whole.astype(float))
    if not closed:
        return None
    everything = anything(len(programme.y))
    row = -np.isin(choices.scheme, closed).astype(float)
    other = _other(lane, programme, Allowed(everything.upper, row[None, :], np.array([-1.0])))
    return None if other.y is None else other


def best_first(others: list[Other]) -> list[Other]:
    """The best of other programmes, each once."""
    kept: list[Other] = []
    known: list[Floats] = []
    found = [(other, other.tried.y) for other in others if other.tried is not None]
    for other, y in sorted(found, key=lambda one: one[0].more):
        if all(np.abs(y - one).max(initial=0.0) > PART for one in known):
            kept.append(other)
            known.append(y)
    return kept[:ALTERNATIVES]


def _with_more_capital(lane: Lane, programme: Programme) -> Other | None:
    """The best programme under a larger capital budget; `more` is negative where it costs less, and never above 0.
    Cuts hold whatever the budget is, so that the search goes on from those known. The lane's live program has the
    larger budget afterwards.
    """
    choices, search = programme.found.choices, lane.search
    budget = np.flatnonzero(choices.limit_family == "capital")
    if not len(budget):
        return None
    most = choices.most.copy()
    most[budget] += MORE_CAPITAL / MILLION
    search.live.program.set_option_limit(int(budget[0]), float(most[budget[0]]))
    whole = None if search.whole is None else search.whole.with_limit(int(budget[0]), float(most[budget[0]]))
    richer = replace(search.found, choices=replace(choices, most=most))
    search = replace(search, live=replace(search.live, found=richer), whole=whole)
    everything, deadline = anything(len(programme.y)), search.live.deadline
    lane.search, outcome = search_openings(search, everything, EXACT, deadline, reference=_reference(programme))
    if outcome.incumbent is None:
        return None
    more = min(outcome.incumbent.value - programme.value, 0.0)
    least = min(outcome.bound - programme.value, more)
    return Other(outcome.incumbent, more, least, min(max(outcome.incumbent.value - programme.bound, more), 0.0))


def _without(programme: Programme, scheme: int) -> Allowed:
    everything = anything(len(programme.y))
    closed = programme.found.choices.scheme == scheme
    return Allowed(np.where(closed, 0.0, everything.upper), everything.rows, everything.most)


def _best_without(lane: Lane, programme: Programme, scheme: int) -> Other:
    """The best programme without an option. Where there are hard rules that may need it, this is asked first: of a
    programme that breaks a hard rule no cost is shown.
    """
    allowed, found, deadline = _without(programme, scheme), programme.found, lane.search.live.deadline
    every = hard_items(found.base)
    if every and not deadline.passed and lane.search.incumbent(allowed) is None:
        needed = rules_no_openings_keep(found, allowed, deadline)
        if needed:
            return Other(None, np.nan, np.nan, np.inf, rule_names(found.base, needed))
    other = _other(lane, programme, allowed)
    return replace(other, least=0.0) if every and other.tried is None else other


def different_from(programme: Programme, y: Floats) -> tuple[Floats | None, float]:
    """A row that programmes keep which differ from `y` by at least one option opened or not: Σ of those it opens less
    Σ of the others ≤ how many it opens − 1. Options that may open in part do not count; None where no other is left.
    """
    choices = programme.found.choices
    counted = np.array([not one.scalable for one in choices.schemes], dtype=bool)
    if not counted.any():
        return None, 0.0
    opens = np.zeros(len(choices.schemes), dtype=bool)
    opens[choices.scheme[y > PART]] = True
    sign = np.where(opens, 1.0, -1.0) * counted
    return sign[choices.scheme], float((opens & counted).sum() - 1)


def _reference(programme: Programme) -> Reference:
    return Reference(programme.value, max(programme.value - programme.bound, 0.0))


def _other(lane: Lane, programme: Programme, allowed: Allowed) -> Other:
    deadline = lane.search.live.deadline
    lane.search, outcome = search_openings(lane.search, allowed, EXACT, deadline, reference=_reference(programme))
    least = max(outcome.bound, programme.bound) - programme.value
    if outcome.incumbent is None:
        return Other(None, np.nan, least, np.inf)
    more, most = outcome.incumbent.value - programme.value, outcome.incumbent.value - programme.bound
    dust = DUST * abs(outcome.incumbent.value)
    least = more if least > more - dust else least if abs(least) > dust else 0.0
    return Other(outcome.incumbent, more, least, more if most < more + dust else most)


def commissioning_order(programme: Programme, without: dict[int, Other]) -> list[int]:
    """The schemes that open, in the order to commission them: by the year in which they open; in a year those without
    capital of our own first, by their saving; then by saving per pound of our own capital. Where a saving is a range,
    by the least it can be.
    """
    first: dict[int, tuple[int, float]] = {}
    choices = programme.found.choices
    for column in np.flatnonzero((programme.y > PART) & (choices.committed == 0)):
        scheme, opens, part = int(choices.scheme[column]), int(choices.opens[column]), float(programme.y[column])
        known = first.get(scheme, (opens, 0.0))
        first[scheme] = min(known[0], opens), known[1] + part

    def rank(scheme: int) -> tuple[int, bool, float, int]:
        one, other = choices.schemes[scheme], without[scheme]
        opens, part = first[scheme]
        capital = part * one.capital if one.ours else 0.0
        saving = other.more if other.tried is not None and other.sure else other.least
        return opens, capital > 0, -saving / capital if capital > 0 else -saving, scheme

    return sorted(first, key=rank)


def _steps(lane: Lane, programme: Programme, order: list[int]) -> list[Step]:
    """What each saves when it joins those before it, at the openings of the programme: each the difference of two
    solved plans, so that all of them add up to what the programme saves against opening nothing but what is committed.
    """
    scheme_of, committed = programme.found.choices.scheme, programme.found.choices.committed
    states = [np.where(np.isin(scheme_of, order[:count]), programme.y, committed) for count in range(len(order) + 1)]
    plans = [_cheapest(lane, y) for y in reversed(states)][::-1]  # each but the first is near one that is known
    return [
        Step(scheme, None if before is None or now is None else before.value - now.value, before)
        for scheme, before, now in zip(order, plans[:-1], plans[1:], strict=True)
    ]


def _cheapest(lane: Lane, y: Floats) -> Candidate | None:
    """The cheapest plan with just these openings; None where it was not found in time, or a hard rule cannot be kept
    with them.
    """
    everything = anything(len(y))
    known = [one for one in lane.search.tried if np.abs(one.y - y).max(initial=0.0) < PART]
    if not known:
        lane.search = with_candidates(lane.search, y, replace(everything, upper=np.minimum(everything.upper, y)))
        known = [one for one in lane.search.tried if (one.y <= y + PART).all() and _whole_as(lane.search, one, y)]
    return min(known, key=lambda one: one.value, default=None)


def _whole_as(search: Search, one: Candidate, y: Floats) -> bool:
    whole = search.found.choices.whole
    return bool(np.abs(one.y - y)[whole].max(initial=0.0) < PART)
