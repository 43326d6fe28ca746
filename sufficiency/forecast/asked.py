"""What a council's requests for assessment say of its plans to come: more requests a plan than England, fewer refused
and more undecided have meant more plans three years on.
"""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.forecast.cohort import WALK_LEFT, course
from sufficiency.forecast.flows import Rates
from sufficiency.forecast.pooled import CLIP, shipped
from sufficiency.forecast.signals import LONGEST, SIGNALS, raw_over_years
from sufficiency.model.forecast import Forecast
from sufficiency.problems import Problem

FIRST_SIGNAL = SIGNALS.index("requests per plan")
MOST_TIMES = 3.0
"""Times the joining that requests may ask for."""


def asked_in(choice: Forecast, year: int) -> Floats:
    """[requests, refused, undecided] of a calendar year; NaN where it is not given, or not for all its months."""
    return np.array([_whole(counts, year) for counts in (choice.requests, choice.refusals, choice.undecided)])


def requests_used(choice: Forecast, last: int, file: str) -> tuple[Forecast, list[Problem]]:
    """The choice with the requests that a forecast from the count of `last` can use, and a warning where it cannot."""
    if not choice.requests:
        return choice, []
    if choice.reads == "witan" or choice.counts == "specialist":
        what = "requests are not used: they forecast EHC plans, and this demand does not count plans"
        none: dict[str, float] = {}
        without_requests = choice.model_copy(update={"requests": none, "refusals": none, "undecided": none})
        return without_requests, [Problem(what, file, column="forecast.requests", severity="warning")]
    if not np.isnan(asked_in(choice, last)[0]):
        return choice, []
    what = f"requests of {last}, the calendar year before the last count, are incomplete: the forecast ignores them"
    fix = f"add {last}, or all twelve months of it, to forecast.requests"
    return choice, [Problem(what, file, column="forecast.requests", fix=fix, severity="warning")]


def share_refused(choice: Forecast, year: int) -> float:
    """The share of requests refused in the latest whole year up to `year`; England's where they are not given."""
    for earlier in range(year, min((int(key[:4]) for key in choice.requests), default=year + 1) - 1, -1):
        asked, refused, _ = asked_in(choice, earlier)
        if asked > 0 and not np.isnan(refused):
            return float(refused / asked)
    asked, refused, _ = _england(year)[0]
    return float(refused / asked)


def effect_of_requests(asked: Floats, plans: float, year: int) -> float:
    """Logarithm of how many times the plans that are usual for a council asked as England is there will be three years
    after the count of `year`, by the requests of the calendar year before it; 0 where they are not known.

    By the pooled model of 152 authorities (`signals`): in it, plans per child and growth are given.
    """
    figures = shipped()["signals"]
    england, of_plans = _england(year)
    totals, unknown = np.full((2, 6, 1), np.nan), np.full(2, np.nan)
    totals[:, -1, 0] = plans, of_plans
    raw = raw_over_years(totals, np.stack([asked, england])[..., None], unknown, np.full((2, 6, 1), np.nan))
    of_requests = slice(FIRST_SIGNAL, FIRST_SIGNAL + 3)
    apart = np.array(figures["apart"])[-1, of_requests]
    away = np.clip((raw[0] - raw[1])[-1, of_requests, 0] / apart, -CLIP, CLIP)
    tilt = float(np.nan_to_num(away) @ np.array(figures["coefficients"])[-1, of_requests])
    return tilt * float(figures["spread"][-1][LONGEST - 1])


def joining_times(effect: float, start: Floats, rates: Rates, people: Floats, level: Floats, extra: Floats) -> Floats:
    """[year] how many times `level` of joining leads to an effect on plans three years on; after them a year leaves
    WALK_LEFT of it.
    """
    ahead = min(LONGEST, len(level))
    if effect == 0 or not ahead:
        return np.ones(len(level))

    def plans(times: float) -> float:
        return float(course(start, rates, people[:ahead], times * level[:ahead], extra[:ahead])[-1].sum())

    wanted = plans(1.0) * np.exp(effect * ahead / LONGEST)
    low, high = 0.0, MOST_TIMES
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if plans(middle) < wanted else (low, middle)
    fading = WALK_LEFT ** np.maximum(np.arange(1, len(level) + 1) - ahead, 0)
    return np.asarray(np.exp(np.log(max(low, 1e-9)) * fading))


def _whole(counts: dict[str, float], year: int) -> float:
    if str(year) in counts:
        return counts[str(year)]
    months = [counts[key] for key in (f"{year}-{month:02d}" for month in range(1, 13)) if key in counts]
    return float(sum(months)) if len(months) == 12 else np.nan


def _england(year: int) -> tuple[Floats, float]:
    """England's [requests, refused, undecided] and plans, by the latest January published up to that after the
    September of `year`; the first published for years before.
    """
    requests, plans = shipped()["signals"]["requests"], shipped()["england"]
    known = [january for january in requests if january in plans and int(january) <= year + 1] or [min(requests)]
    return np.array(requests[max(known)], dtype=float), float(plans[max(known)][-1])
