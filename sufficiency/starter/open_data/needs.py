"""Need × type of placement × phase: the joint table that no file publishes, fitted to the three that are published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.codes import NEEDS, SCHOOL_PHASES
from sufficiency.sources.published.placements import COLUMNS
from sufficiency.sources.published.plans import Plans
from sufficiency.starter.open_data.fit import fit, whole

GROUPS = tuple(COLUMNS)
NEED_CODES = tuple(NEEDS)
PHASES = tuple(SCHOOL_PHASES)
_REST = len(GROUPS)
_ALMOST_NONE = 1e-7


@dataclass(frozen=True)
class Children:
    """`counts` [group, need, phase] whole children in placements that are demand; `left` the greatest difference that
    is left in age × need, and where; `unequal` groups whose need × type does not add up to the published total.
    """

    counts: Floats
    left: float
    left_where: str
    unequal: tuple[str, ...]


def phase_of(age: int) -> int:
    """Position of the phase of an age at the start of the academic year; the oldest from the last year group on."""
    ncy = age - 4
    for position, (first, last) in enumerate(SCHOOL_PHASES.values()):
        if first <= ncy <= last:
            return position
    return len(PHASES) - 1 if ncy > 0 else 0


def children_of(plans: Plans) -> Children:
    """Whole children by group, need and phase. Totals by group are exact, then need × group; age × need as near as
    these allow.
    """
    ages = sorted(set(plans.total_by_age.index) | set(plans.need_by_age.columns))
    totals = np.asarray(plans.by_type.reindex(list(GROUPS)), dtype=np.float64)
    by_need, unequal = _need_by_group(plans, totals)
    age_need = plans.need_by_age.reindex(index=list(NEED_CODES), columns=ages, fill_value=0.0).to_numpy(dtype=float)
    by_age = plans.by_age.reindex(index=ages, columns=list(GROUPS), fill_value=0.0).to_numpy(dtype=float).T
    everyone = plans.total_by_age.reindex(ages, fill_value=0.0).to_numpy(dtype=float)
    by_age = np.vstack([by_age, np.maximum(everyone - by_age.sum(axis=0), 0.0)])
    rest = np.maximum(age_need.sum(axis=1) - by_need.sum(axis=1), 0.0)
    need_group = np.column_stack([by_need, rest]).T
    by_age = by_age * _ratio(need_group.sum(axis=1), by_age.sum(axis=1))[:, None]
    seed = (by_age[:, None, :] + _ALMOST_NONE) * (age_need[None] + _ALMOST_NONE)
    joint = fit(seed, [((1,), by_age), ((0,), age_need), ((2,), need_group)])
    off = np.abs(joint.sum(axis=0) - age_need)
    need, age = np.unravel_index(int(off.argmax()), off.shape)
    where = f"{NEED_CODES[need]} at age {ages[age]}"
    phases = np.zeros((len(GROUPS), len(NEED_CODES), len(PHASES)))
    for position, one in enumerate(ages):
        phases[..., phase_of(int(one))] += joint[:_REST, :, position]
    counts = np.stack([_whole_group(phases[group], by_need[:, group]) for group in range(len(GROUPS))])
    return Children(counts, float(off.max(initial=0.0)), where, unequal)


def _whole_group(rows: Floats, sums: Floats) -> Floats:
    """[need, phase] in whole children that add up to `sums` [need]."""
    there = rows.sum(axis=1)
    rows = rows * _ratio(sums, there)[:, None]
    return whole(rows)


def _need_by_group(plans: Plans, totals: Floats) -> tuple[Floats, tuple[str, ...]]:
    """[need, group] whole children that add up to the totals; and the groups where the published table does not."""
    table = plans.need_by_type.reindex(index=list(NEED_CODES), columns=list(GROUPS), fill_value=0.0).to_numpy(float)
    unequal = tuple(
        group for position, group in enumerate(GROUPS) if abs(table[:, position].sum() - totals[position]) > 0.5
    )
    fallback = plans.need_by_age.reindex(list(NEED_CODES), fill_value=0.0).sum(axis=1).to_numpy(dtype=float)
    for position, group in enumerate(GROUPS):
        if group in unequal:
            shares = table[:, position] if table[:, position].sum() > 0 else fallback
            row = shares / max(shares.sum(), 1e-9) * totals[position]
            table[:, position] = whole(row[None])[0]
    return table, unequal


def _ratio(asked: Floats, there: Floats) -> Floats:
    return np.divide(asked, there, out=np.zeros_like(asked), where=there > 0)


def totals_by_group(children: Children) -> pd.Series[float]:
    """Children of each group."""
    return pd.Series(children.counts.sum(axis=(1, 2)), index=list(GROUPS))
