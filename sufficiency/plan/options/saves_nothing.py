"""Options that save nothing: closed again wherever the cheapest plan without them costs no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sufficiency.deadline import Deadline
from sufficiency.plan.options.candidates import with_candidates
from sufficiency.plan.options.master import anything
from sufficiency.plan.options.neighbours import KEPT_TO, by_cuts
from sufficiency.plan.options.search import Candidate, Search
from sufficiency.plan.tolerances import CLOSED_GAP


def without_what_saves_nothing(search: Search, best: Candidate, deadline: Deadline) -> tuple[Search, Candidate]:
    """The `best` openings less every option, but those committed, that saves nothing, one after the other; of two of
    which one is enough that stays which comes first in the options table. Those that save something the cuts tell,
    mostly without a plan.
    """
    choices, rounding = search.found.choices, CLOSED_GAP * max(abs(best.value - search.constant), 1.0)
    most = best.value + rounding
    for scheme in reversed(np.unique(choices.scheme[(best.y > 0) & (choices.committed == 0)]).tolist()):
        y = np.where(choices.scheme == scheme, 0.0, best.y)
        fits = (choices.limits @ y <= choices.most + KEPT_TO).all()
        if deadline.passed or not fits or float(by_cuts(search.cuts, y[None, :])[0]) > most:
            continue
        fewer = replace(anything(len(y)), upper=(y > 0).astype(float))
        search = with_candidates(search, y, fewer, best.basis, most + rounding)
        without = [one for one in search.tried if fewer.holds(one.y) and one.value <= most]
        best = min(without, key=lambda one: one.value, default=best)
    return search, best
