"""Money that would give children away: put together with that of others, so that no sum stands for a few of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.codes import BOUGHT
from sufficiency.report.disclosure.catalogue import BY_FINANCIAL_YEAR, MONEY_MEASURES, PUBLIC_MONEY, SEVERAL

FEW = 4
"""Money of a type with fewer children than this many times the base in any year stands with that of others: divided by
what a child costs it would give their number.
"""
ENOUGH = 12
"""Times the base: the children that a published sum of money must stand for, where there are that many."""


STEPS = (100_000.0, 250_000.0, 500_000.0, 1_000_000.0, 2_500_000.0)
"""£ that money is rounded to where so little is spent on others that it would give the few away in any case."""
_ROOM = 1.5
"""How many times the threshold others must leave open, for the few to be safe beside them."""


@dataclass(frozen=True)
class Together:
    """`lines`: budget lines shown as one; `types`: by budget line the types of settings shown as one; `few`: types
    with few children; `step`: £ that money is rounded to, 0: it is shown as it is.
    """

    lines: frozenset[str]
    types: dict[str, frozenset[str]]
    few: frozenset[str] = frozenset()
    step: float = 0.0

    def renamed(self, line: str, kind: str) -> tuple[str, str]:
        """Budget line and type as they are shown."""
        if line in self.lines:
            return SEVERAL, SEVERAL
        return line, SEVERAL if kind in self.types.get(line, frozenset()) else kind


def put_together(
    spend: pd.DataFrame, provision: pd.DataFrame, occupancy: pd.DataFrame, rates: pd.DataFrame, base: int
) -> Together:
    """What is shown together, for all years and scenarios alike: types with few children, and bought ones with a single
    provider, with the smallest others of their budget line; lines that pay for nothing else, with each other. `rates`:
    what a child costs (`unit_costs`).
    """
    children = provision.groupby(["scenario", "year", "type"])["children"].sum().groupby("type").min()
    few = set(children[children < FEW * base].index)
    providers = occupancy[occupancy["type"].isin(BOUGHT)].groupby("type")["setting"].nunique()
    few |= set(providers[providers < 2].index)
    paid = spend[spend["type"].isin(children.index) & (spend["pounds"] != 0.0)]
    by_line = {str(line): set(part["type"]) for line, part in paid.groupby("budget_line", sort=True)}
    alone = {line for line, types in by_line.items() if types <= few}
    lines = _until_enough(alone, {line: _count(types, children) for line, types in by_line.items()}, base)
    types = {}
    for line, kinds in by_line.items():
        if line not in lines and kinds & few:
            types[line] = frozenset(
                _until_enough(kinds & few, {kind: _count({kind}, children) for kind in kinds}, base)
            )
    groups = [{(line, kind) for line in lines for kind in by_line[line]}]
    groups += [{(line, kind) for kind in kinds} for line, kinds in types.items()]
    step = max((_step(group, few, rates, base) for group in groups), default=0.0)
    return Together(frozenset(lines), types, frozenset(few), step)


def _step(group: set[tuple[str, str]], few: set[str], rates: pd.DataFrame, base: int) -> float:
    """£ to round money to so that `group` of lines and types, shown as one sum, does not give its few children away; 0
    where its other children leave enough open.
    """
    keys = zip(rates["budget_line"], rates["type"], strict=True)
    of_group = rates[np.array([key in group for key in keys], dtype=bool)]
    most = of_group.groupby("type")["high"].max()
    hidden = [kind for kind in most.index if kind in few]
    if not hidden:
        return 0.0
    open_still = 2.0 * base * float(most.drop(hidden).sum())
    needed = 2.0 * base * float(most[hidden].max())
    if 2.0 * open_still >= _ROOM * needed:
        return 0.0
    return next((step for step in STEPS if step >= needed), STEPS[-1])


def rounded(tables: dict[str, pd.DataFrame], together: Together) -> dict[str, pd.DataFrame]:
    """Tables with money rounded to the step of `together`; where there is one, what else would lead to it is left out:
    money by financial year, and measures of money that are not public.
    """
    if not together.step:
        return tables
    left = {name: frame for name, frame in tables.items() if name not in BY_FINANCIAL_YEAR}
    spend, measures = left["spend"], left["measures"]
    left["spend"] = spend.assign(pounds=(spend["pounds"] / together.step).round() * together.step)
    private = measures["measure"].isin(MONEY_MEASURES - PUBLIC_MONEY)
    return left | {"measures": measures[~private].reset_index(drop=True)}


def shown(money: pd.DataFrame, together: Together) -> pd.DataFrame:
    """Money by budget line and type, with what is shown together added up."""
    names = [together.renamed(line, kind) for line, kind in zip(money["budget_line"], money["type"], strict=True)]
    new = money.assign(budget_line=[line for line, _ in names], type=[kind for _, kind in names])
    by = [column for column in money.columns if column != "pounds"]
    return new.groupby(by, as_index=False, sort=True)[["pounds"]].sum()[list(money.columns)]


def lines_shown(overspend: pd.DataFrame, together: Together) -> pd.DataFrame:
    """Budget lines against their budgets, with lines that are shown together added up."""
    new = overspend.assign(budget_line=[together.renamed(line, "")[0] for line in overspend["budget_line"]])
    by = [column for column in overspend.columns if column in {"scenario", "financial_year", "budget_line"}]
    return new.groupby(by, as_index=False, sort=True)[["budget", "spend", "over"]].sum()[list(overspend.columns)]


def _until_enough(few: set[str], sizes: dict[str, float], base: int) -> set[str]:
    """`few` and the smallest others, until there are two at least and they stand for enough children."""
    chosen = set(few)
    others = sorted((name for name in sizes if name not in few), key=lambda name: (sizes[name], name))
    while chosen and others and (len(chosen) < 2 or sum(sizes[name] for name in chosen) < ENOUGH * base):
        chosen.add(others.pop(0))
    return chosen


def _count(types: set[str], children: pd.Series[float]) -> float:
    return float(children.reindex(sorted(types)).fillna(0.0).sum())
