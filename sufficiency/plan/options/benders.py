"""Which options to open and when, exactly: Benders by prices.

Any prices on the coupling rows give a cost that no plan can undercut, whatever opens: a cut, linear in the openings,
over all arcs (mathematics page, options). Openings are parted into regions (`branching`) until the cuts say of each
that no plan in it is cheaper than the best one. Where they do not say enough, the linear program of a region gives
prices for another cut; the openings that the cuts leave cheapest give the plans.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sufficiency.deadline import Deadline
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.options.branching import Tree
from sufficiency.plan.options.candidates import is_new, with_candidates, with_cut, with_whole_openings
from sufficiency.plan.options.cheapest import cheapest_by_cuts
from sufficiency.plan.options.clash import clash_whatever_opens
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.master import Allowed, anything, cut_of
from sufficiency.plan.options.neighbours import by_cuts, neighbours
from sufficiency.plan.options.relaxation import SMALL, relaxed, relaxed_on_coarse_maps, solved_between
from sufficiency.plan.options.ruled_out import without
from sufficiency.plan.options.search import (
    Candidate,
    Search,
    with_linking_rows,
    with_relaxation,
    without_cuts,
)
from sufficiency.plan.options.whole import whole_program
from sufficiency.plan.program.highs import Basis
from sufficiency.progress import Progress, silent, so_far

COARSE_GAP = 1e-3
"""Gap at which the search on the coarser map ends: it only has to be a good start."""
COARSE_REGIONS = 10
"""Regions after which it ends at the latest."""
TENTH = 0.1
"""Share of a difference that the gap may be where only the difference is wanted (mathematics page, options)."""
PROVEN_SHORT = 0.2
"""Share of the gap asked for by which the cut of a region may miss the most that its openings can cost at least."""
TRIED_EVERY = 100
"""Regions priced between two looks for better openings."""
BLIND = 20
"""Openings ruled out, before any that keep the hard rules were found, after which another search has to find some."""
WORTH_A_PLAN = 1.0
"""£ by which openings have to be cheaper, by the cuts, to be tried."""


@dataclass(frozen=True)
class Outcome:
    """The best openings found and the bound below which no allowed openings can go. `met`: within the gap asked for."""

    incumbent: Candidate | None
    bound: float
    gap: float
    met: bool


def start_search(found: OptionModel, deadline: Deadline, progress: Progress = silent) -> Search:
    """A search with the cut of the linear relaxation, the strongest single one, with the cuts of a search on a coarser
    map (its prices hold on the real one too) and the openings found there as a first plan. No cut where time ran out,
    or where hard rules clash whatever opens.
    """
    prices, earlier = None, None
    for level, live in enumerate(relaxed_on_coarse_maps(found, deadline, progress)):
        if clash_whatever_opens(found, live):
            return without_cuts(live)
        if not live.optimal:
            break
        prices = live.prices
        if level == 0:
            everything = anything(len(found.choices))
            earlier, _ = search_openings(
                with_relaxation(live), everything, COARSE_GAP, deadline, regions=COARSE_REGIONS, priced=True
            )
    progress("Choose", f"{len(found.choices)} openings of {len(found.choices.schemes)} options")
    if prices is None and deadline.passed:
        prices = np.zeros(len(found.instance.rows.limit))  # all arcs would take long to write, for nothing
    live = relaxed(found, prices, deadline)
    if clash_whatever_opens(found, live):
        return without_cuts(live)
    search = with_relaxation(live)
    if not search.cuts:
        return search
    search = with_linking_rows(search, deadline, progress)
    search = replace(search, whole=whole_program(search.found, deadline))
    if earlier is None:
        return search
    more = (cut_of(search.found, cut.and_no_price_on(search.live.prices)) for cut in earlier.cuts)
    search = replace(search, cuts=(*search.cuts, *more))
    everything = anything(len(found.choices))
    best = earlier.incumbent(everything)
    return search if best is None else with_candidates(search, best.y, everything)


@dataclass(frozen=True)
class Reference:
    """A programme that others are set beside: only the difference is wanted, to a tenth. It costs `value`, and no more
    than `unsure` less (discounted £).
    """

    value: float
    unsure: float


def search_openings(
    search: Search,
    allowed: Allowed,
    gap: float,
    deadline: Deadline,
    progress: Progress = silent,
    reference: Reference | None = None,
    regions: float = np.inf,
    *,
    priced: bool = False,
) -> tuple[Search, Outcome]:
    """Search allowed openings until the best is within `gap` (relative) of the bound, time is up, or so many `regions`
    were priced; with a `reference`, also where what they cost more is known to a tenth, or as well as the reference
    itself. `priced`: the cuts hold that of the linear program over all the openings allowed.
    """
    if not search.cuts:
        return search, Outcome(search.incumbent(allowed), -np.inf, np.inf, False)
    if search.whole is not None:
        search, told = in_one_piece(search, allowed, gap, deadline, reference)
        if told is not None and reference is not None:
            return search, told
    return _by_regions(search, allowed, gap, deadline, progress, reference, regions, priced=priced)


def _by_regions(
    search: Search,
    allowed: Allowed,
    gap: float,
    deadline: Deadline,
    progress: Progress,
    reference: Reference | None,
    regions: float,
    *,
    priced: bool,
) -> tuple[Search, Outcome]:
    few = search.found.instance.open_arcs.sum() <= SMALL
    tree = Tree(search.found.choices, allowed, search.cuts, search.threads, start=search.start, priced=priced, few=few)
    solved, look, seen, ruled, known_before = 0, True, set[bytes](), 0, len(search.ruled_out)
    if priced:
        search = with_whole_openings(search, allowed, seen)
    while True:
        allowed = _left_out(search, allowed, tree, ruled)
        ruled = len(search.ruled_out)
        best = search.incumbent(allowed)
        cutoff = np.inf if best is None else cutoff_of(best.value, search.constant, gap, reference)
        node = tree.pop(search.cuts, cutoff)
        blind = best is None and ruled - known_before >= BLIND
        if node is None or solved >= regions or deadline.passed or blind:
            if node is not None:
                tree.push(node[0], node[1], priced=node[3])
            bound = tree.bound
            progress("Choose", _told(search, best, bound))
            met = best is not None and bound >= cutoff
            return search, Outcome(best, bound, _gap(search, best, bound), met)
        where, bound, y, known = node
        worth = WORTH_A_PLAN if reference is None or best is None else max(best.value - cutoff, WORTH_A_PLAN)
        if not known:
            if look:
                progress("Choose", _told(search, best, bound))
                search = with_candidate(search, allowed, cutoff, seen, where.start, deadline)
                if reference is None and not _proven(search, allowed, bound, gap):
                    search = with_better_neighbours(search, allowed, seen, deadline)
                if search.incumbent(allowed) is None:
                    search = with_candidates(search, search.found.choices.committed, allowed)
                look = False
                tree.push(where, bound, priced=False)
                continue
            solved += 1
            look = solved % TRIED_EVERY == 0
            none, scale = np.zeros_like(where.upper), max(abs(bound - search.constant), 1.0)
            apart = 0.0 if best is None else best.value - bound
            short = max(PROVEN_SHORT * gap * scale, TENTH * apart)
            live = solved_between(search.live, none, where.upper, where.forced, start=where.start, short=short)
            search = with_cut(replace(search, live=live))
            tree.push(replace(where, start=live.basis) if live.optimal else where, bound, priced=True)
            search = with_whole_openings(search, allowed, seen)
        elif not tree.branch(where, bound, y):
            if is_new(search.found, y, seen):
                search = with_candidates(search, y, allowed, where.start, np.inf if best is None else best.value)
                search = with_better_neighbours(search, allowed, seen, deadline, worth)
                tree.push(where, bound, priced=True)
            else:  # the cuts are as exact as the arithmetic is
                tree.fathom(bound)


def in_one_piece(
    search: Search, allowed: Allowed, gap: float, deadline: Deadline, reference: Reference | None
) -> tuple[Search, Outcome | None]:
    """The search with the openings tried that HiGHS's own search of the small program calls best, and how it ended;
    None where it did not end, or what it says is not borne out by the openings tried.
    """
    whole = search.whole
    assert whole is not None
    near = 0.0 if reference is None else WORTH_A_PLAN
    answer = whole.best(allowed, deadline, near)
    if answer.y is not None:
        search = with_candidates(search, answer.y, allowed)
    best = search.incumbent(allowed)
    if not answer.ended or (best is None) != (answer.y is None):
        return search, None
    if best is None:
        return search, Outcome(None, answer.bound, np.inf, False)
    rounding = WORTH_A_PLAN + gap * max(abs(best.value - search.constant), 1.0)
    if not best.value - near - rounding <= answer.bound <= best.value + rounding:
        return search, None
    return search, Outcome(best, min(answer.bound, best.value), _gap(search, best, answer.bound), True)


def _left_out(search: Search, allowed: Allowed, tree: Tree, known: int) -> Allowed:
    """What openings must keep to, in the tree too, with those left out that were ruled out beyond the first `known`."""
    for one in search.ruled_out[known:]:
        row = one.row(search.found.choices.whole, allowed.upper)
        if row is not None:
            allowed = without(allowed, row)
            tree.envelope.forbid(*row)
    return allowed


def cutoff_of(best: float, constant: float, gap: float, reference: Reference | None) -> float:
    """The bound at which openings that cost `best` are good enough."""
    near = best - gap * max(abs(best - constant), 1e-4 * abs(best), 1.0)
    if reference is None:
        return near
    return min(near, best - max(TENTH * abs(best - reference.value) - reference.unsure, reference.unsure))


def _proven(search: Search, allowed: Allowed, bound: float, gap: float) -> bool:
    """Whether the best openings tried are within the gap of a bound."""
    best = search.incumbent(allowed)
    return best is not None and bound >= cutoff_of(best.value, search.constant, gap, None)


def with_better_neighbours(
    search: Search, allowed: Allowed, seen: set[bytes], deadline: Deadline, worth: float = WORTH_A_PLAN
) -> Search:
    """The search with the best openings bettered by small changes, those first that the cuts leave cheapest, until the
    cuts leave none that is cheaper by more than is `worth` (£) a plan.
    """
    best = search.incumbent(allowed)
    around = None if best is None else neighbours(search.found.choices, allowed, best.y)
    least = np.full(0 if around is None else len(around), -np.inf)
    read = 0
    while best is not None and around is not None and len(around) and not deadline.passed:
        if len(search.cuts) > read:
            least, read = np.maximum(least, by_cuts(search.cuts[read:], around)), len(search.cuts)
        next_one = int(least.argmin())
        if least[next_one] >= best.value - worth:
            break
        y, around, least = around[next_one], np.delete(around, next_one, axis=0), np.delete(least, next_one)
        if not is_new(search.found, y, seen):
            continue
        search = with_candidates(search, y, allowed, best.basis, best.value)
        better = search.incumbent(allowed)
        if better is not None and better.value < best.value:
            best, around = better, neighbours(search.found.choices, allowed, better.y)
            least, read = np.full(len(around), -np.inf), 0
    return search


def with_candidate(
    search: Search, allowed: Allowed, cutoff: float, seen: set[bytes], start: Basis | None, deadline: Deadline
) -> Search:
    """The search with those openings tried that the cuts leave cheapest, as far as a short look says."""
    y = cheapest_by_cuts(search, allowed, deadline)
    if y is not None and max(cut.at(y) for cut in search.cuts) < cutoff and is_new(search.found, y, seen):
        best = search.incumbent(allowed)
        search = with_candidates(search, y, allowed, start, np.inf if best is None else best.value)
    return search


def _gap(search: Search, best: Candidate | None, bound: float) -> float:
    return relative_gap(best.value, bound, search.constant) if best is not None and np.isfinite(bound) else np.inf


def _told(search: Search, best: Candidate | None, bound: float) -> str:
    cost = np.nan if best is None else best.value
    return so_far("best plan", cost, bound, search.constant) + f", {len(search.cuts)} cuts"
