"""Every child of the returns once: by projection, year, need, year group and type of setting."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sufficiency.report.content.returns.plans import all_plans, by_year_group, history_of, share_neet
from sufficiency.report.content.tables.placed import placed_children
from sufficiency.report.content.tables.planned import Planned

UNMITIGATED, MITIGATED = "unmitigated", "mitigated"
PROJECTIONS = (UNMITIGATED, MITIGATED)
"""Doing nothing more, and the plan."""
NEET, NOT_KNOWN = "neet", "not_known"
"""In place of a type of setting: not in education, employment or training; today, where no placements are given."""
DUST = 1e-7
KEYS = ["projection", "year", "type", "need", "ncy"]
CELL = ["year", "type", "need", "phase"]


@dataclass(frozen=True)
class Counted:
    """`rows`: projection, year, type, need, ncy, children; `placed`: by the plan, or only in the forecast of plans.
    `are_all`: they are all EHC plans; else the children of the demand table, and `why`. `estimated`: phases were split
    over their year groups, `evenly` where no history says how. `beyond`: children of the demand table more than the
    history has plans.
    """

    rows: pd.DataFrame = field(repr=False)
    parts: pd.DataFrame = field(repr=False)
    are_all: bool
    why: str
    estimated: bool
    evenly: bool
    beyond: float

    @property
    def total_words(self) -> str:
        """What the total is."""
        if self.are_all:
            return "The total is all EHC plans: those of the history, and as they are forecast from it."
        who = "the children of the demand table, who need a specialist place, and not all plans"
        return f"The total is {who}: {self.why}."

    @property
    def age_words(self) -> str:
        """How ages were found."""
        if not self.estimated:
            return "Year groups are those of the model."
        how = "evenly" if self.evenly else "in the proportions of the history"
        return f"Estimated: children of a phase are split over its year groups {how}."


def count_children(planned: Planned) -> Counted:
    """The children of a result, as the plan and as doing nothing more place them."""
    case = planned.case
    history = history_of(case)
    parts = by_year_group(case, history)
    placed = in_year_groups(_placed(planned), parts, ["projection"])
    rows, beyond = [placed.assign(placed=True)], 0.0
    if history.are_all:
        plans = all_plans(case, history)
        for projection in PROJECTIONS:
            others, more = _others(plans, placed[placed["projection"] == projection])
            rows.append(others.assign(projection=projection, placed=False))
            beyond = max(beyond, more)
    found = pd.concat(rows, ignore_index=True)
    found = found.groupby([*KEYS, "placed"], as_index=False)[["children"]].sum()
    estimated = any(phase.year_groups > 1 for phase in case.model.phase_list)
    return Counted(found, parts, history.are_all, history.why, estimated, history.plans is None, beyond)


def in_year_groups(rows: pd.DataFrame, parts: pd.DataFrame, beside: list[str]) -> pd.DataFrame:
    """Children by phase as children by year group; a row for each year, type, need and the columns `beside`."""
    split = rows.merge(parts, on=["year", "need", "phase"], how="left", validate="many_to_many")
    split["children"] *= split["part"]
    return pd.DataFrame(split.groupby([*beside, "year", "type", "need", "ncy"], as_index=False)[["children"]].sum())


def _placed(planned: Planned) -> pd.DataFrame:
    """Children by projection, year, type, need and phase; the base year is the same in both."""
    plan = placed_children(planned)
    plan = pd.concat([plan, _unplaced_today(planned, plan)], ignore_index=True)
    changed = planned.rows("changes")
    back = [
        changed.assign(type=changed["from_type"])[[*CELL, "children"]],
        changed.assign(type=changed["to_type"], children=-changed["children"])[[*CELL, "children"]],
    ]
    nothing_more = pd.concat([plan, *back], ignore_index=True)
    both = pd.concat(
        [nothing_more.assign(projection=UNMITIGATED), plan.assign(projection=MITIGATED)], ignore_index=True
    )
    both["children"] = both["children"].astype(float)
    summed = both.groupby(["projection", *CELL], as_index=False)[["children"]].sum()
    return summed[summed["children"] > DUST]


def _unplaced_today(planned: Planned, placed: pd.DataFrame) -> pd.DataFrame:
    """The children of the base year where nothing says where they are."""
    if (placed["year"] == planned.base_year).any():
        return placed.iloc[:0]
    base = planned.demand[planned.demand["year"] == planned.base_year]
    return base.assign(type=NOT_KNOWN)[[*CELL, "children"]]


def _others(plans: pd.DataFrame, placed: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Children with a plan who are not in the plan's places, by what they are in as far as age says; and how many
    children of the demand table are more than there are plans.
    """
    cell = ["year", "need", "ncy"]
    there = placed.groupby(cell)["children"].sum().reindex(pd.MultiIndex.from_frame(plans[cell])).fillna(0.0)
    left = plans["children"].to_numpy() - there.to_numpy()
    rest = plans.assign(children=left.clip(min=0.0))
    young = rest[rest["ncy"] < 0].assign(type="early_years")
    school = rest[rest["ncy"].between(0, 11)].assign(type="mainstream")
    older = rest[rest["ncy"] > 11]
    neet = older["ncy"].map(share_neet())
    colleges = older.assign(type="college", children=older["children"] * (1 - neet))
    without = older.assign(type=NEET, children=older["children"] * neet)
    found = pd.concat([young, school, colleges, without], ignore_index=True)
    return found[found["children"] > DUST], float(-left.clip(max=0.0).sum())
