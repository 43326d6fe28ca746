"""From the authority to its areas: who is there grows older there, who joins is spread as plans are spread.

Expected children of an area are followed year by year and add up to the authority exactly. Paths of an area are drawn
where they are needed and nowhere stored: for one year and need at a time the authority's paths are shared out over
the areas at random (a Dirichlet draw), as widely as newcomers and leavers since the base year allow. Those already
placed are known, so an area's interval is narrow at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sufficiency.arrays import Floats, Ints

AREA_PRIOR = 50.0
"""Children of a need that the authority's spread of all plans over its areas counts for."""
PEOPLE_PRIOR = 20.0
"""Plans in all that the spread of young people counts for: an area without history gets the pooled rate."""
STAY = 0.985
"""A year, of children in a specialist place: some 2.5 % of plans end before 16, few of them in a specialist place."""
PERCENTILES = (5, 50, 95)


def area_weights(counts: Floats, young: Floats | None) -> Floats:
    """[area, need] where children who join live, from counts [area, need] of today and young people [area]."""
    people = np.ones(len(counts)) if young is None or young.sum() <= 0 else young
    everyone = counts.sum(axis=1) + PEOPLE_PRIOR * people / people.sum()
    everyone = everyone / everyone.sum()
    weights = counts + AREA_PRIOR * everyone[:, None]
    return np.asarray(weights / weights.sum(axis=0))


def followed(start: Floats, authority: Floats, weights: Floats, stay: float = STAY) -> tuple[Floats, Floats]:
    """Expected children [year, area, kind, NCY], and of them [year, kind, NCY] those there since the first year.

    `start` [area, kind, NCY]; `authority` [year, kind, NCY] begins with its sum and is met exactly; `weights` [area,
    kind].
    """
    out = np.empty((len(authority), *start.shape))
    since = np.empty(authority.shape)
    out[0], since[0] = start, authority[0]
    for year in range(1, len(authority)):
        grown = np.zeros_like(start)
        grown[..., 1:] = out[year - 1][..., :-1] * stay
        known = np.zeros_like(since[0])
        known[:, 1:] = since[year - 1][:, :-1] * stay
        there = grown.sum(axis=0)
        staying = np.divide(authority[year], there, out=np.zeros_like(there), where=there > 0).clip(max=1.0)
        out[year] = grown * staying + weights[:, :, None] * np.maximum(authority[year] - there * staying, 0.0)
        since[year] = known * staying
    return out, since


def known_as(known: Floats, expected: Floats, years_on: int) -> Floats:
    """How closely the shares of areas are known (the size of a Dirichlet draw), infinite where they are certain: of the
    `expected` children, those `known` were there in the base year, `years_on` years ago.
    """
    variance = known * (1 - STAY**years_on) + np.maximum(expected - known, 0.0)
    return np.divide(expected**2, variance, out=np.full_like(expected, np.inf), where=variance > 0) - 1


def drawn(
    shares: Floats, paths: Floats, known: Floats, expected: Floats, years_on: int, rng: np.random.Generator
) -> Floats:
    """[area, phase, path] children of one kind in one year. `shares` [area, phase] add up to one where there is anyone;
    `paths` [path, phase]; `known` [phase] are the expected children who were there in the base year, of `expected`.
    """
    size = known_as(known, expected, years_on)
    out = np.empty((*shares.shape, len(paths)))
    for phase in range(shares.shape[1]):
        if not np.isfinite(size[phase]):
            out[:, phase] = shares[:, phase, None] * paths[None, :, phase]
            continue
        shape = (shares[:, phase] * max(size[phase], 0.05)).astype(np.float32)
        lot = rng.standard_gamma(shape[:, None], (len(shape), len(paths)), dtype=np.float32)
        sums = lot.sum(axis=0)
        split = np.where(sums > 0, lot / np.where(sums > 0, sums, 1.0), shares[:, phase, None])
        out[:, phase] = split * paths[None, :, phase]
    return out


def percentiles(paths: Floats) -> Floats:
    """[3, …] 5th, 50th and 95th percentile over the last axis: the nearest path, which costs no interpolation."""
    count = paths.shape[-1]
    ranks = [round(share / 100 * (count - 1)) for share in PERCENTILES]
    ordered = np.partition(paths, ranks, axis=-1)
    return np.stack([ordered[..., rank] for rank in ranks])


def streamed(
    expected: Floats, since: Floats, paths: Floats, kinds: Sequence[int], seed: int
) -> Iterator[tuple[int, int, Floats]]:
    """Year, kind and [area, phase, path] children, one at a time: what is not kept is forgotten.

    `expected` [year, area, kind, phase], `since` [year, kind, phase], `paths` [year, path, kind, phase].
    """
    rng = np.random.default_rng([seed, 1])
    for year in range(1, len(paths)):
        for kind in kinds:
            total = expected[year, :, kind].sum(axis=0)
            shares = np.divide(
                expected[year, :, kind], total, out=np.zeros_like(expected[year, :, kind]), where=total > 0
            )
            yield year, kind, drawn(shares, paths[year, :, kind], since[year, kind], total, year, rng)


def phases_of(years: Ints, first_last: Sequence[tuple[int, int]]) -> Ints:
    """[NCY] position of the phase that holds each year group, −1 for none."""
    phases = np.full(len(years), -1, dtype=np.int64)
    for position, (first, last) in enumerate(first_last):
        phases[(years >= first) & (years <= last)] = position
    return phases
