"""Of the children with a plan, those who need a specialist place: by need and age, as placed now, drifting, and a
lever.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sufficiency.arrays import Floats, Ints
from sufficiency.fields import by_year
from sufficiency.forecast import england
from sufficiency.forecast.england import NEED_CODES, expit, logit
from sufficiency.model.forecast import Forecast
from sufficiency.phases import Phase

PRIOR_PLACED = 10.0
"""Children of a need and phase that the authority's readiness over all of them counts for."""
DRIFT_LEFT = 0.85
"""What a year leaves of the drift: an assumption, so that ten years of it do not empty special schools."""
SHARE_STEP = 0.02
"""Standard deviation a year of the share from path to path, log scale: England's moved by 1 to 3 % about its trend."""


def share_now(plans: Floats, placed: Floats | None, phase_of: Ints, choice: Forecast) -> Floats:
    """[need, NCY] share of plans [need, NCY] that need a specialist place in the base year.

    `placed` [need, phase] are the children placed or waiting; `phase_of` [NCY] is −1 where no phase of the model is.
    """
    if choice.counts == "specialist":
        share = np.ones_like(plans)
    else:
        share = england.specialist_share().copy()
        if placed is not None:
            share = _as_ready(plans, share, float(placed.sum()), phase_of)
        for need, wanted in choice.specialist_share.items():
            row = NEED_CODES.index(need)
            mean = float((plans[row] * share[row]).sum() / max(plans[row].sum(), 1e-9)) or float(share[row].mean())
            share[row] = np.clip(share[row] * wanted / mean, 0.0, 1.0)
    if placed is None:
        return share
    expected = by_phase(plans * share, phase_of, placed.shape[1])
    local = (placed + PRIOR_PLACED) / (expected + PRIOR_PLACED)
    local = np.concatenate([local, np.ones((len(local), 1))], axis=1)
    return np.asarray(share * local[:, phase_of])


def _as_ready(plans: Floats, share: Floats, placed: float, phase_of: Ints) -> Floats:
    """England's shares, moved by one step in log odds for all, so that they come to the children placed."""
    inside = plans * (phase_of >= 0)
    if not 0 < placed < inside.sum():
        return share
    low, high = -6.0, 6.0
    for _ in range(60):
        step = (low + high) / 2
        low, high = (step, high) if (inside * expit(logit(share) + step)).sum() < placed else (low, step)
    return expit(logit(share) + low)


def share_to_come(choice: Forecast, years: Sequence[int], phases: Sequence[Phase], phase_of: Ints) -> Floats:
    """[year, need, NCY] factor on the share of the base year: the drift, and what ordinary classes take on."""
    ahead = np.arange(1, len(years) + 1)
    drift = choice.specialist_drift if choice.counts == "plans" else 0.0
    fading = np.exp(np.log1p(drift) * np.cumsum(DRIFT_LEFT ** (ahead - 1)))
    needs = np.isin(NEED_CODES, choice.inclusion_needs or list(NEED_CODES))
    inside = np.array(
        [not choice.inclusion_phases or _named(phase, choice.inclusion_phases) for phase in phases] + [False]
    )
    scope = needs[:, None] & inside[phase_of][None, :]
    met = np.array([by_year(choice.inclusion, year, 0.0) for year in years])
    return np.asarray(fading[:, None, None] * (1 - met[:, None, None] * scope))


def _named(phase: Phase, codes: Sequence[str]) -> bool:
    return phase.code in codes or phase.school_phase in codes


def by_phase(values: Floats, phase_of: Ints, phases: int) -> Floats:
    """Sums over the year groups of each phase, on the last axis."""
    out = np.zeros((*values.shape[:-1], phases))
    for column, phase in enumerate(phase_of):
        if phase >= 0:
            out[..., phase] += values[..., column]
    return out
