"""The base year as the model sees it beside the council's ledger: whether the rates can be believed.

A ledger is kept by financial years. April to August of the base financial year belong to the academic year before the
base year, which is not modelled. What it cost is estimated backwards: fees, journeys and places at one year's
inflation less, and as many children fewer as the forecast has more in the first planned year. The estimate stands
apart in `timing`, so that nobody takes it for a fact.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.codes import AWAITING, RECOUPED
from sufficiency.finance.spend import PLACE
from sufficiency.plan.instance.budget_lines import TRANSPORT, earlier_share_of_rows
from sufficiency.plan.instance.data import InstanceData
from sufficiency.tables.schema.results import OUTPUTS

TOO_FAR = 0.02
"""Share of the ledger above which a difference is reported."""


def reconciliation(case: Case, data: InstanceData, spend: pd.DataFrame) -> pd.DataFrame:
    """`reconciliation.csv`, from academic years' spend with the base year (`spend_by_academic_year`). Empty where no
    ledger is given: no rows of `budget` for the base year.
    """
    columns = list(OUTPUTS["reconciliation"].names)
    tables, base_year = case.tables, case.model.base_year
    if tables.budget is None or base_year not in set(tables.budget["financial_year"]):
        return pd.DataFrame(columns=columns)
    ledger = _by_line(tables.budget[tables.budget["financial_year"] == base_year])
    now = spend[spend["year"] == base_year]
    academic, timing = _by_line(now), _by_line(now.assign(pounds=_timing(case, data, now)))
    if tables.other_spend is not None:
        other = tables.other_spend
        academic = academic.add(_by_line(other[other["financial_year"] == base_year]), fill_value=0.0)  # absent: none
    both = pd.DataFrame({"academic_year": academic, "timing": timing, "ledger": ledger}).fillna(0.0)  # absent: none
    both = both.rename_axis("budget_line").reset_index()
    both["model"] = both["academic_year"] + both["timing"]
    both = both[(both["budget_line"] != RECOUPED) | (both["ledger"] != 0)]  # a ledger is kept after recoupment
    return both.assign(difference=both["model"] - both["ledger"])[columns]


def _timing(case: Case, data: InstanceData, rows: pd.DataFrame) -> pd.Series:
    """£ by which April to August of the year before differ from the base year's share of them."""
    kind = rows["type"].where(rows["what"] != TRANSPORT, "transport").replace(AWAITING, "default")
    inflation = 1 + kind.map({name: case.model.finance.inflation_of(name) for name in kind.unique()}).astype(float)
    growth = float(data.demand[1].sum() / max(data.demand[0].sum(), 1e-9))
    children = np.where(rows["what"] == PLACE, 1.0, growth)
    earlier = earlier_share_of_rows(rows, case.model.finance.month_split)
    timing: pd.Series = rows["pounds"] * earlier * (1 / (inflation * children) - 1)
    return timing


def too_far(table: pd.DataFrame) -> pd.DataFrame:
    """Lines of a reconciliation whose difference is more than 2 % of the ledger, the largest first."""
    far = table[table["difference"].abs() > np.maximum(TOO_FAR * table["ledger"].abs(), 0.5)]
    return far.sort_values("difference", key=abs, ascending=False)


def _by_line(rows: pd.DataFrame) -> pd.Series:
    summed: pd.Series = rows.groupby("budget_line")["pounds"].sum()
    return summed
