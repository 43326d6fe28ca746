"""The figures of one draw, as numbers and text that can be kept in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.finance.budget import deficit, overspend
from sufficiency.finance.spend import financial, spend_by_academic_year
from sufficiency.plan.options.choices import MayOpen
from sufficiency.plan.options.fixed import Opened, opened
from sufficiency.plan.solve.solve import Plan
from sufficiency.rates import years_with_budget
from sufficiency.result.frames import occupancy

FULL = 1e-6
"""Places left, below which a line is full."""
MONEY = ("dsg", "general_fund", "capital")
ROW = ("draw", "status", "gap", "objective", *MONEY, "overspend", "awaiting", "over_places", "mean_minutes", "options")
"""The columns of `draws.parquet`."""


@dataclass(frozen=True)
class Drawn:
    """What is kept of a draw. `row`: its row of `draws.parquet`; `years`: measure → year → figure; `lines`: line, year,
    children, whether it is full (None: no limit); `opens`: option and year. A draw without a plan has no years and
    lines, and `why` says why.
    """

    row: dict[str, Any]
    years: dict[str, dict[int, float]] = field(default_factory=dict)
    lines: list[tuple[str, int, float, bool | None]] = field(default_factory=list)
    opens: list[tuple[str, int]] = field(default_factory=list)
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {"row": self.row, "years": self.years, "lines": self.lines, "opens": self.opens, "why": self.why}

    @classmethod
    def of_json(cls, saved: dict[str, Any]) -> Drawn:
        """What `as_json` gave. Raises KeyError, TypeError or ValueError where it did not."""
        years = {name: {int(year): float(figure) for year, figure in of.items()} for name, of in saved["years"].items()}
        lines = [(str(line), int(year), float(children), full) for line, year, children, full in saved["lines"]]
        opens = [(str(option), int(year)) for option, year in saved["opens"]]
        return cls({name: saved["row"][name] for name in ROW}, years, lines, opens, str(saved["why"]))


def without_plan(draw: int, status: str, why: str) -> Drawn:
    """A draw for which there is no plan: recorded as such."""
    nothing: dict[str, Any] = dict.fromkeys(ROW, float("nan"))
    return Drawn({**nothing, "draw": draw, "status": status, "options": ""}, why=why)


def figures_of(draw: int, plan: Plan, may: MayOpen, y: Floats) -> Drawn:
    """The figures of a plan in one future; money is undiscounted cash but for the objective."""
    case, data, stock = plan.case, plan.data, plan.stock
    years = dict(enumerate(data.years.tolist()))
    some = opened(may, y)
    by_year = _money(case, plan, some, years)
    placed = stock.sum(axis=1)
    minutes = (stock * data.minutes).sum(axis=1)
    lines = occupancy(data, stock)
    over = lines.groupby("year")["over"].sum()
    planned = range(1, data.horizon + 1)
    by_year["children"] = {years[t]: float(data.demand[t].sum()) for t in planned}
    by_year["awaiting"] = {years[t]: float(plan.waiting[t].sum()) for t in planned}
    by_year["over_places"] = {years[t]: float(over.get(years[t], 0.0)) for t in planned}
    by_year["mean_minutes"] = {years[t]: float(minutes[t] / placed[t]) for t in planned if placed[t] > 0}
    full = np.where(lines["places"].isna(), None, (lines["spare"] <= FULL).astype(object))  # type: ignore[call-overload]
    everyone = float(placed[1:].sum())
    row = {
        "draw": draw,
        "status": plan.status,
        "gap": float("nan") if plan.certificate is None else plan.certificate.gap,
        "objective": plan.objective,
        **{fund: sum(by_year[fund].values()) for fund in MONEY},
        "overspend": sum(by_year["overspend"].values()) if "overspend" in by_year else float("nan"),
        "awaiting": sum(by_year["awaiting"].values()),
        "over_places": sum(by_year["over_places"].values()),
        "mean_minutes": float(minutes[1:].sum()) / everyone if everyone > 0 else float("nan"),
        "options": "; ".join(_opening(it, years) for it in some),
    }
    counts = zip(lines["line"], lines["year"].tolist(), lines["children"].tolist(), full.tolist(), strict=True)
    opens = [(it.scheme.option, years[it.opens]) for it in some]
    return Drawn(row, by_year, [(str(line), year, there, is_full) for line, year, there, is_full in counts], opens)


def _money(case: Case, plan: Plan, some: list[Opened], years: dict[int, int]) -> dict[str, dict[int, float]]:
    spend = spend_by_academic_year(case, plan.data, plan.stock, plan.waiting)
    money = {fund: dict.fromkeys(list(years.values())[1:], 0.0) for fund in MONEY}
    for fund in MONEY[:2]:
        summed = spend[(spend["fund"] == fund) & (spend["year"] > case.model.base_year)].groupby("year")["pounds"].sum()
        money[fund] |= {int(year): float(pounds) for year, pounds in summed.items()}  # type: ignore[call-overload]
    for it in some:
        money["capital"][years[it.opens]] += it.part * it.scheme.capital
    if years_with_budget(case):
        cash = financial(spend, case.model.years[0], case.model.finance.month_split)
        over = overspend(case, cash)
        gross = over.assign(over=over["over"].clip(lower=0.0)).groupby("financial_year")["over"].sum()
        money["overspend"] = {int(year): float(pounds) for year, pounds in gross.items()}  # type: ignore[call-overload]
        balance = deficit(case, cash, cash)
        balance = balance[balance["projection"] == "plan"].set_index("financial_year")
        for name in ("in_year", "balance"):
            known = balance[name].dropna()
            money |= {f"dsg_{name}": {int(year): float(pounds) for year, pounds in known.items()}} if len(known) else {}  # type: ignore[call-overload]
    return money


def _opening(it: Opened, years: dict[int, int]) -> str:
    part = "" if it.part >= 1 else f" {it.part:.4g}"
    return f"{it.scheme.option} {years[it.opens]}{part}"
