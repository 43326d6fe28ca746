"""Openings tried: the cheapest plan with them, and the cut that its prices give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.plan.options.branching import WHOLE
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.master import Allowed
from sufficiency.plan.options.relaxation import solved_between, with_hard_rows_kept
from sufficiency.plan.options.ruled_out import ruled_out
from sufficiency.plan.options.search import Candidate, Search
from sufficiency.plan.program.highs import Basis


def with_cut(search: Search) -> Search:
    """The search with the cut of its live program."""
    cut = search.live.cut
    return search if cut is None else replace(search, cuts=(*search.cuts, cut))


def is_new(found: OptionModel, y: Floats, seen: set[bytes]) -> bool:
    """Whether what opens whole in y is not among the `seen`; it is then. Parts are solved, not tried."""
    named = np.round(y[found.choices.whole]).astype(np.int8).tobytes()
    known = named in seen
    seen.add(named)
    return not known


def with_whole_openings(search: Search, allowed: Allowed, seen: set[bytes]) -> Search:
    """The search with the openings of its live program tried, where they happen to be whole and may be the best."""
    live, best = search.live, search.incumbent(allowed)
    y = live.y[search.found.choices.whole]
    if not live.optimal or (np.minimum(y, 1 - y) > WHOLE).any() or not allowed.holds(live.y):
        return search
    if (best is not None and live.objective >= best.value) or not is_new(search.found, live.y, seen):
        return search
    return with_candidates(search, live.y, allowed, live.basis, np.inf if best is None else best.value)


def with_candidates(
    search: Search, y: Floats, allowed: Allowed, start: Basis | None = None, cutoff: float = np.inf
) -> Search:
    """The search with openings y solved: those that open whole as they are, those that may open in part freely. `start`
    is a basis to start from where nothing was tried that is more like y. They are given up where a cut proves that they
    cost the `cutoff` or more.
    """
    whole = search.found.choices.whole
    if search.tried:
        start = min(search.tried, key=lambda one: float(np.abs(one.y - y).sum())).basis
    fixed = np.round(y)
    lower, upper = np.where(whole, fixed, 0.0), np.where(whole, fixed, allowed.upper)
    live = solved_between(search.live, lower, upper, start=start, cutoff=cutoff)
    if not live.optimal or (live.cut is not None and live.cut.least(lower, upper) >= cutoff):
        return with_cut(replace(search, live=live))
    tried = search.tried
    if not live.keeps_hard_rows:  # they may be expensive to keep, and can still be kept
        clashing, before = list(search.ruled_out), live.prices

        def clash(now: Floats) -> bool:
            more = ruled_out(search.found, fixed, upper, before, now)
            clashing[len(search.ruled_out) :] = [] if more is None else [more]
            return more is not None

        kept = with_hard_rows_kept(live, clash)
        live = kept if kept.optimal else solved_between(kept, lower, upper, start=start)
        search = replace(search, ruled_out=tuple(clashing))
    if live.optimal and live.keeps_hard_rows:
        tried = (*tried, Candidate(np.where(whole, fixed, live.y), live.objective, *live.placed, live.basis))
    return with_cut(replace(search, live=live, tried=tried))
