"""All EHC plans by need and year group as the history of a model says, and how children of a phase fall on its year
groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.codes import FIRST_NCY, LAST_NCY, NEEDS
from sufficiency.forecast.england import placed_by_year_group
from sufficiency.forecast.inputs import read_inputs
from sufficiency.forecast.run import expected_plans
from sufficiency.problems import InputError

YEAR_GROUPS = range(FIRST_NCY, LAST_NCY + 1)
NO_HISTORY = "the model names no history of plans"
NOT_OURS = "demand comes from another forecaster, who gives no plans outside specialist places"
ONLY_SPECIALIST = "the history counts only children in specialist places"


@dataclass(frozen=True)
class History:
    """`plans` [year, need, NCY], base year first: what the history counts, expected in the years to come; None where
    there is none. `are_all`: it counts all plans. `why`: why it does not, or why there is none.
    """

    plans: Floats | None = None
    are_all: bool = False
    why: str = ""


def history_of(case: Case) -> History:
    """What the history of a model says of the base year and the years of the plan. A history that cannot be read is
    none: the checks of the model say why.
    """
    model = case.model
    if model.tables.history is None and model.forecast is None:
        return History(why=NO_HISTORY)
    if model.forecast is not None and model.forecast.reads == "witan":
        return History(why=NOT_OURS)
    try:
        inputs = read_inputs(model)
    except InputError as error:
        return History(why=f"the history cannot be read: {error.problems[0].what}")
    plans = expected_plans(inputs)[model.base_year - inputs.years[-1] :]
    are_all = inputs.choice.counts == "plans"
    return History(plans, are_all, "" if are_all else ONLY_SPECIALIST)


def by_year_group(case: Case, history: History) -> pd.DataFrame:
    """How children of a year, need and phase fall on its year groups: year, need, phase, ncy, `part` (adds up to 1),
    and `plans` (0 without a history). In the proportions of the history; of all needs where it has nobody of the need,
    and evenly where it has nobody of the phase.
    """
    model = case.model
    years = range(model.base_year, model.years[1] + 1)
    rows = []
    for at, year in enumerate(years):
        for row, need in enumerate(NEEDS):
            for phase in model.phase_list:
                inside = slice(phase.first - FIRST_NCY, phase.last + 1 - FIRST_NCY)
                plans = np.zeros(phase.year_groups) if history.plans is None else history.plans[at, row, inside]
                everyone = plans if history.plans is None else history.plans[at, :, inside].sum(axis=0)
                part = next((some for some in (plans, everyone) if some.sum() > 0), np.ones(phase.year_groups))
                for ncy, share, count in zip(range(phase.first, phase.last + 1), part / part.sum(), plans, strict=True):
                    rows.append((year, need, phase.code, ncy, share, count))
    return pd.DataFrame(rows, columns=["year", "need", "phase", "ncy", "part", "plans"])


def all_plans(case: Case, history: History) -> pd.DataFrame:
    """Every plan of the history: year, need, ncy, children."""
    assert history.plans is not None
    years = range(case.model.base_year, case.model.years[1] + 1)
    index = pd.MultiIndex.from_product([years, list(NEEDS), list(YEAR_GROUPS)], names=["year", "need", "ncy"])
    return pd.DataFrame({"children": history.plans.reshape(-1)}, index=index).reset_index()


def share_neet() -> dict[int, float]:
    """NCY from 12 on → of England's young people with a plan in colleges, sixth forms and not in education, employment
    or training, the share of the last (DfE, EHC plans, January 2025).
    """
    table = placed_by_year_group().reindex(range(12, LAST_NCY + 1)).ffill()
    share = table["neet"] / (table["neet"] + table["fe"] + table["mainstream"])
    return dict(zip(map(int, share.index), share.astype(float), strict=True))
