"""The pooled model with signals: how far each authority's growth over one, two and three years lies from that of the
usual one, as its growth, its ages, its plans per child, its requests for assessment and its region say.

For authority i, band or total b, years ahead h and the last count t, on the log scale:

    plans[i,b,t+h] = plans[i,b,t] + national[b,h] + spread[b,h] · (c[b] · signals[i,b,t] + r[b, region of i])

`signals` are distances from the usual authority in robust standard deviations, cut at ±2.5; what is not known counts as
average. c and r are a ridge regression of what came, as such distances, over authorities, horizons and the last
years. Bands are half this and half the course of year by year (`pooled`); then they are scaled to the total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.forecast import pooled
from sufficiency.forecast.band_history import BANDS, BandHistory
from sufficiency.forecast.pooled import CLIP, ENOUGH, growth_of_all, national_path, pool_of, raw_signals, reconcile
from sufficiency.forecast.signal_tables import SignalTables

SIGNALS = (
    "growth of the total",
    "own growth",
    "band below against this one",
    "growth of the band below",
    "plans per child",
    "plans of the band per child",
    "requests per plan",
    "share of requests refused",
    "undecided requests per plan",
    "plans begun against plans of the band",
)
LONGEST = 3
"""Years ahead over which what came is learnt from."""
LAST_ORIGINS = 6
"""Years of counts from which coefficients are learnt."""
FORGET = 0.85
"""Weight of a count a year further back."""
FORGET_SPREAD = 0.3
"""Weight of an outcome a year further back in how far authorities lie apart: new bands start far apart and settle."""
RIDGE, REGION_RIDGE = 0.3, 1.0
"""Pull of coefficients, and of regions, towards 0, as a share of their information."""
SMALL = 20.0
"""Plans that halve the weight of an authority's band: its growth is half noise."""
SPREAD_POWER = 0.8
"""Power of time by which authorities move apart where that is not known yet: assumption, between a root and a line."""
DIRECT = 0.5
"""Share of this model in a band, the rest being the course of year by year."""


@dataclass(frozen=True)
class Lesson:
    """`coefficients` [band or total, signal], `regions` [band or total, region], `spread` [band or total, years
    ahead].
    """

    coefficients: Floats
    regions: Floats
    spread: Floats


@dataclass(frozen=True)
class SignalModel:
    """A history with its signals [authority, band or total, signal, year] as distances, and its `regions` [authority,
    region].
    """

    history: BandHistory
    distances: Floats
    regions: Floats

    def central(self, position: int, horizon: int) -> Floats:
        """[authority, band or total, horizon] the middle forecast from the count at `position`, by what was known
        then. NaN where nothing is known of an authority.
        """
        then = self.history.until(position)
        lesson = self._lesson(position)
        growth = growth_of_all(np.where(then.known, then.plans, np.nan))
        tilt = np.einsum("ibs,bs->ib", self.distances[..., position], lesson.coefficients)
        tilt += np.einsum("ir,br->ib", self.regions, lesson.regions)
        return forecast_by(then, growth, tilt, lesson.spread, horizon)

    def _lesson(self, position: int) -> Lesson:
        logs = np.where(self.history.known, np.log1p(self.history.plans), np.nan)[..., : position + 1]
        return learn(self.distances[..., : position + 1], self.regions, logs)


def model_of(history: BandHistory, tables: SignalTables) -> SignalModel:
    """The model of a history of many authorities with its tables."""
    raw = raw_over_years(history.plans, tables.requests, tables.children, tables.begun)
    named = sorted(set(tables.region) - {""})
    regions = np.array([[float(name == one) for one in named] for name in tables.region])
    regions = regions.reshape(len(tables.region), len(named))
    return SignalModel(history, np.nan_to_num(distances(raw)), regions)


def raw_over_years(plans: Floats, requests: Floats, children: Floats, begun: Floats) -> Floats:
    """[authority, band or total, signal, year] the signals as they are; NaN where they are not known, or where there
    is none for a band. The first year has no growth.
    """
    logs, total = np.log1p(plans), plans[:, -1] + 1
    raw = np.full((*plans.shape[:2], len(SIGNALS), plans.shape[2]), np.nan)
    for year in range(1, plans.shape[2]):
        raw[:, :, :4, year] = raw_signals(logs[..., year], logs[..., year - 1])
    raw[:, -1, 2:4] = raw[:, 0, 2:4] = np.nan
    raw[:, :, 4] = (logs[:, -1] - np.log(children)[:, None])[:, None]
    raw[:, :-1, 5] = logs[:, :-1] - np.log(children)[:, None, None]
    raw[:, :, 6] = np.log((requests[:, 0] + 0.5) / total)[:, None]
    raw[:, :, 7] = (requests[:, 1] / np.maximum(requests[:, 0], 1))[:, None]
    raw[:, :, 8] = (requests[:, 2] / total)[:, None]
    raw[:, :-1, 9] = np.log(begun[:, :-1] + 0.5) - logs[:, :-1]
    return raw


def distances(raw: Floats) -> Floats:
    """Distances from the median authority in robust standard deviations, cut at CLIP; NaN where fewer than ENOUGH
    authorities are known, or all are alike.
    """
    out = np.full_like(raw, np.nan)
    for at in np.ndindex(raw.shape[1:]):
        values = raw[:, *at]
        there = values[np.isfinite(values)]
        spread = pooled.robust_deviation(there) if len(there) >= ENOUGH else 0.0
        if spread > 0:
            out[:, *at] = np.clip((values - np.median(there)) / spread, -CLIP, CLIP)
    return out


def learn(distances: Floats, regions: Floats, logs: Floats) -> Lesson:
    """What the years of `logs` [authority, band or total, year], NaN where not known, teach about signals
    `distances` [authority, band or total, signal, year].
    """
    last, count = logs.shape[2] - 1, distances.shape[2]
    columns = count + regions.shape[1]
    coefficients = np.zeros((logs.shape[1], columns))
    spread, weight = np.zeros((2, logs.shape[1], LONGEST))
    pull = np.repeat([RIDGE, REGION_RIDGE], [count, regions.shape[1]])
    for band in range(logs.shape[1]):
        square, product = np.zeros((columns, columns)), np.zeros(columns)
        for origin in range(max(1, last - LAST_ORIGINS), last):
            signal = np.column_stack([distances[:, band, :, origin], regions])
            for ahead in range(1, min(LONGEST, last - origin) + 1):
                grown = logs[:, band, origin + ahead] - logs[:, band, origin]
                there = np.isfinite(grown)
                apart = pooled.robust_deviation(grown[there]) if there.sum() >= ENOUGH else 0.0
                if apart <= 0:
                    continue
                came = np.clip((grown[there] - np.median(grown[there])) / apart, -CLIP, CLIP)
                worth = FORGET ** (last - 1 - origin) / (1 + SMALL / np.maximum(np.exp(logs[there, band, origin]), 1))
                square += (signal[there] * worth[:, None]).T @ signal[there]
                product += signal[there].T @ (worth * came)
                latest = FORGET_SPREAD ** (last - origin - ahead)
                spread[band, ahead - 1] += latest * apart
                weight[band, ahead - 1] += latest
        coefficients[band] = np.linalg.solve(square + np.diag(pull * np.diag(square) + 1e-9), product)
    return Lesson(coefficients[:, :count], coefficients[:, count:], _whole_spread(spread, weight > 0, weight))


def _whole_spread(sums: Floats, known: Flags, weight: Floats) -> Floats:
    """Mean spreads by years ahead; those not known yet grow from the one before by SPREAD_POWER."""
    spread = np.divide(sums, weight, out=np.zeros_like(sums), where=known)
    for ahead in range(1, LONGEST):
        further = spread[:, ahead - 1] * ((ahead + 1) / ahead) ** SPREAD_POWER
        spread[:, ahead] = np.where(known[:, ahead], spread[:, ahead], further)
    return spread


def spread_over(spread: Floats, horizon: int) -> Floats:
    """[band or total, horizon] the spread, beyond LONGEST by the power it has grown with so far."""
    ratio = np.divide(spread[:, -1], spread[:, 0], out=np.ones(len(spread)), where=spread[:, 0] > 0)
    power = np.clip(np.log(np.maximum(ratio, 1e-9)) / np.log(LONGEST), 0.0, 1.0)
    further = (np.arange(1, horizon + 1)[None] / LONGEST) ** power[:, None] * spread[:, -1:]
    further[:, :LONGEST] = spread[:, : further.shape[1]]
    return np.asarray(further)


def forecast_by(history: BandHistory, growth: Floats, tilt: Floats, spread: Floats, horizon: int) -> Floats:
    """[authority, band or total, horizon] plans of the last year at national growth, bent by `tilt` [authority, band
    or total] spreads; `growth` [band or total, year] is the national growth so far.
    """
    national = np.cumsum(national_path(growth, horizon), axis=1)
    bent = national[None] + tilt[..., None] * spread_over(spread, horizon)[None]
    ahead = np.maximum(np.expm1(np.log1p(history.plans[..., -1])[..., None] + bent), 0.0)
    yearly = pooled.central(history, horizon)
    ahead[:, :-1] = np.expm1(DIRECT * np.log1p(ahead[:, :-1]) + (1 - DIRECT) * np.log1p(yearly[:, :-1]))
    for step in range(horizon):
        reconcile(ahead[..., step])
    ahead[np.isnan(history.plans[..., -1]).all(axis=1)] = np.nan
    return ahead


def central_by_shipped(history: BandHistory, tables: SignalTables, horizon: int) -> Floats:
    """The same for few authorities: with what DfE's tables taught, England in the place of the usual authority."""
    england = pool_of(history).england
    assert england is not None
    figures = pooled.shipped()["signals"]
    last = int(history.years[-1])
    plans = history.plans[..., -2:] if len(history.years) > 1 else np.repeat(history.plans, 2, axis=2)
    requests, begun = tables.requests[..., -1:], tables.begun[..., -1:]
    raw = raw_over_years(
        np.concatenate([plans, england[None, :, -2:]]),
        np.concatenate([requests, _england(figures["requests"], last)[None]]),
        np.append(tables.children, figures["children"]),
        np.concatenate([begun, _england(figures["begun"], last)[None]]),
    )[..., -1]
    if len(history.years) == 1:
        raw[:-1, :, [0, 1, 3]] = np.nan  # no growth is known
    away = np.clip((raw[:-1] - raw[-1]) / np.array(figures["apart"]), -CLIP, CLIP)
    tilt = np.einsum("ibs,bs->ib", np.nan_to_num(away), np.array(figures["coefficients"]))
    regions = figures["regions"]
    for row, name in enumerate(tables.region):
        tilt[row] += np.array(regions.get(name, np.zeros(len(BANDS) + 1)))
    growth = np.diff(np.log1p(england), axis=1)
    return forecast_by(history, growth, tilt, np.array(figures["spread"]), horizon)


def _england(published: dict[str, list[float]], year: int) -> Floats:
    """[kind, 1] England's figures for `year`, or the nearest year before it that is published."""
    known = [one for one in published if int(one) <= year] or [min(published)]
    return np.array(published[max(known)], dtype=float)[:, None]
