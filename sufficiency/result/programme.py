"""The tables of a programme: what opens, what each option is worth, what it costs in capital, and what comes next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.case import Case
from sufficiency.codes import FUNDS
from sufficiency.finance.spend import spend_by_academic_year
from sufficiency.plan.appraisal import MORE_CAPITAL, Appraisal, Other
from sufficiency.plan.benders import Tried
from sufficiency.plan.cells import PlanData
from sufficiency.plan.decided import Opened, decided, opened
from sufficiency.plan.programme import Programme
from sufficiency.plan.schemes import CENTRAL
from sufficiency.plan.solve import Plan
from sufficiency.plan.stock import stock_of
from sufficiency.tables.schema.results import OUTPUTS
from sufficiency.tables.statutory import statutory_flags

CAPITAL = "capital"
OURS = "ours"


def programme_frames(programme: Programme, appraisal: Appraisal, plan: Plan) -> dict[str, pd.DataFrame]:
    """`programme`, `options_appraisal`, `alternatives` and `capital`; nothing where the model has no options."""
    if programme.found.base.case.tables.options is None:
        return {}
    return {
        "programme": programme_table(programme),
        "options_appraisal": appraisal_table(programme, appraisal, plan),
        "alternatives": alternatives_table(programme, appraisal),
        "capital": capital_table(programme),
    }


def programme_table(programme: Programme) -> pd.DataFrame:
    """`programme.csv`: one row for each option that opens; capital with its contingency."""
    years, flags = programme.found.base.data.years, flags_of(programme)
    rows = [
        _opens(it, years) | {"setting": it.scheme.setting, "flags": flags[it.scheme.row]} for it in programme.opened
    ]
    return pd.DataFrame(rows, columns=list(OUTPUTS["programme"].names))


def flags_of(programme: Programme) -> dict[int, str]:
    """Row of the options table → the statutory thresholds that opening it trips, all that opens taken together."""
    case, years = programme.found.base.case, programme.found.base.data.years
    options = case.tables.options
    if options is None:
        return {}
    rows = dict(enumerate(options.itertuples()))
    together = tuple((rows[it.scheme.row], int(years[it.opens])) for it in programme.opened)
    return {
        it.scheme.row: "; ".join(
            flag.words for flag in statutory_flags(case.tables, rows[it.scheme.row], int(years[it.opens]), together)
        )
        for it in programme.opened
    }


def capital_table(programme: Programme) -> pd.DataFrame:
    """`capital.csv`: capital with contingency in the year an option opens (an assumption: schemes are paid for over the
    years before), by option and by who pays.
    """
    years = programme.found.base.data.years
    rows = [
        {
            "year": int(years[it.opens]),
            "option": it.scheme.option,
            "capital_by": OURS if it.scheme.ours else CENTRAL,
            "pounds": it.part * it.scheme.capital,
        }
        for it in programme.opened
        if it.scheme.capital > 0
    ]
    return pd.DataFrame(rows, columns=list(OUTPUTS["capital"].names)).sort_values(["year", "option"], ignore_index=True)


def with_capital(tables: dict[str, pd.DataFrame], programme: Programme) -> dict[str, pd.DataFrame]:
    """`spend` and `spend_financial` with the capital of what opens, in the year that starts when it opens."""
    rows = _capital_spend(programme)
    if rows.empty:
        return {}
    parts = {"spend": rows, "spend_financial": rows.rename(columns={"year": "financial_year"})}
    return {name: pd.concat([tables[name], part], ignore_index=True) for name, part in parts.items()}


def _capital_spend(programme: Programme) -> pd.DataFrame:
    """Rows of `spend.csv` for capital, undiscounted cash."""
    years = programme.found.base.data.years
    rows = pd.DataFrame(
        [
            {
                "year": int(years[it.opens]),
                "budget_line": CAPITAL,
                "type": it.scheme.type,
                "fund": CAPITAL,
                "pounds": it.part * it.scheme.capital,
            }
            for it in programme.opened
            if it.scheme.capital > 0
        ],
        columns=["year", "budget_line", "type", "fund", "pounds"],
    )
    return rows.groupby(["year", "budget_line", "type", "fund"])["pounds"].sum().reset_index()


def alternatives_table(programme: Programme, appraisal: Appraisal) -> pd.DataFrame:
    """`alternatives.csv`: the programmes that come next, one row for each option that opens in them."""
    years = programme.found.base.data.years
    rows: list[dict[str, Any]] = []
    for rank, other in enumerate(appraisal.alternatives, 1):
        named = {"programme": rank, **_costs_more(other)}
        found = [] if other.y is None else opened(programme.found.choices, other.y)
        rows += [named | _opens(it, years) for it in found] or [named | {"option": ""}]
    return pd.DataFrame(rows, columns=list(OUTPUTS["alternatives"].names)).astype({"opens": "Int64"})


def _opens(it: Opened, years: Ints) -> dict[str, Any]:
    return {
        "option": it.scheme.option,
        "opens": int(years[it.opens]),
        "places": it.part * it.scheme.places,
        "capital": it.part * it.scheme.capital,
    }


def _costs_more(other: Other) -> dict[str, float]:
    """£ discounted more than the plan: not known (NaN) but for its limits where the search was cut short."""
    more = other.more if other.sure else np.nan
    return {"costs_more": more, "costs_more_least": other.least, "costs_more_most": other.most}


def appraisal_table(programme: Programme, appraisal: Appraisal, plan: Plan) -> pd.DataFrame:
    """`options_appraisal.csv`: every option of the table, those that open first in the order to commission them."""
    found, years = programme.found, programme.found.base.data.years
    order = {step.scheme: rank for rank, step in enumerate(appraisal.order, 1)}
    with_it = _by_fund(found.base.case, plan.data, plan.stock, plan.waiting)
    flags = flags_of(programme)
    rows: list[dict[str, Any]] = []
    for place, one in enumerate(found.choices.schemes):
        row: dict[str, Any] = {
            "option": one.option,
            "name": one.name,
            "setting": one.setting,
            "type": one.type,
            "places": one.places,
            "capital": one.capital,
            "capital_by": OURS if one.ours else CENTRAL,
            "capital_a_place": one.capital / one.places if one.places > 0 else np.nan,
        }
        parts = [it for it in programme.opened if it.scheme.row == one.row]
        if parts:
            row |= {
                "opens": int(years[parts[0].opens]),
                "part": sum(it.part for it in parts),
                "order": order.get(place, np.nan),
                "saves_in_order": next((step.saves for step in appraisal.order if step.scheme == place), np.nan),
                "flags": flags[one.row],
            }
            row |= _worth(programme, appraisal.without.get(place), parts, with_it)
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(OUTPUTS["options_appraisal"].names))
    table["part"] = table["part"].fillna(0.0)  # not opened
    table["flags"] = table["flags"].astype(object).fillna("")
    table = table.sort_values(["order", "opens", "option"], ignore_index=True)
    table = table.astype(dict.fromkeys(("opens", "order", "full_year"), "Int64"))
    paid = table["capital"] * table["part"] * (table["capital_by"] == OURS)
    table["capital_so_far"] = paid.cumsum().where(table["order"].notna())
    return table


def _worth(programme: Programme, without: Other | None, parts: list[Opened], with_it: pd.DataFrame) -> dict[str, float]:
    """What an option saves in all, and in its first full year, against the best programme without it; only what it
    saves at the least and at the most where the search did not come to its end.
    """
    if without is None:
        return {}
    most = without.most if np.isfinite(without.most) else np.nan
    told = {"saving_least": without.least, "saving_most": most}
    if without.tried is None or not without.sure:
        return told
    base = programme.found.base
    full = min(parts[0].opens + len(parts[0].scheme.ramp) - 1, base.data.horizon)
    year = int(base.data.years[full])
    less = _spend_of(programme, without.tried).loc[[year]] - with_it.loc[[year]]
    saved = float(less.to_numpy().sum())
    capital = sum(it.part * it.scheme.capital for it in parts)
    return told | {
        "saving": without.more,
        "full_year": year,
        "full_year_saving": saved,
        "full_year_dsg": float(less["dsg"].sum()),
        "payback_years": capital / saved if saved > 0 else np.nan,
    }


def _spend_of(programme: Programme, tried: Tried) -> pd.DataFrame:
    """[year × fund] £ of the year that the cheapest plan with other openings spends."""
    case = decided(programme.found, tried.y)
    stock = stock_of(case.data, case.settled.entrants + tried.entrants)
    return _by_fund(case.case, case.data, stock, tried.waiting)


def _by_fund(case: Case, data: PlanData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    """[year × fund] £ of every year and fund, also where nothing is spent."""
    spend = spend_by_academic_year(case, data, stock, waiting)
    spent = spend.pivot_table(index="year", columns="fund", values="pounds", aggfunc="sum", fill_value=0.0)
    return spent.reindex(index=data.years, columns=list(FUNDS), fill_value=0.0)


def programme_told(programme: Programme, appraisal: Appraisal, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The programme as `summary.json` has it."""
    if "programme" not in tables:
        return {}
    finance = programme.found.base.case.model.finance
    paid = tables["capital"].groupby("capital_by")["pounds"].sum()
    by_year = tables["capital"].groupby("year")["pounds"].sum()
    names = {one.option: one.name for one in programme.found.choices.schemes}
    return {
        "opened": [row | {"name": names[row["option"]]} for row in tables["programme"].to_dict("records")],
        "options": len(programme.found.base.case.tables.options),  # type: ignore[arg-type]
        "appraisal": _records(tables["options_appraisal"]),
        "alternatives": [
            {
                "opens": _first_years(part[part["option"] != ""]),
                **_costs_more(other),
            }
            for other, (_, part) in zip(
                appraisal.alternatives, tables["alternatives"].groupby("programme"), strict=True
            )
        ],
        "capital": {
            "ours": float(paid.get(OURS, 0.0)),
            "central": float(paid.get(CENTRAL, 0.0)),
            "budget": finance.capital_budget,
            "contingency": finance.capital_contingency,
            "charge": finance.capital_charge,
            **_more_capital(programme, appraisal.more_capital),
            "by_year": {str(year): pounds for year, pounds in by_year.items()},
        },
        "cuts": 0 if programme.search is None else len(programme.search.cuts),
    }


def _first_years(rows: pd.DataFrame) -> dict[str, int]:
    """Option → the year in which it, or the first part of it, opens."""
    return {str(option): int(year) for option, year in rows.groupby("option", sort=False)["opens"].min().items()}


def _more_capital(programme: Programme, other: Other | None) -> dict[str, Any]:
    """What more capital would save, discounted £: as found, the least and the most it can be; and how much of it, in £,
    would be spent for that.
    """
    if other is None or other.y is None:
        return {}
    spent = _of_our_own(opened(programme.found.choices, other.y)) - _of_our_own(programme.opened)
    saves = {"saves": max(-other.more, 0.0), "saves_least": max(-other.most, 0.0), "saves_most": max(-other.least, 0.0)}
    return {"more": {"pounds": MORE_CAPITAL, **saves, "spent": spent}}


def _of_our_own(options: list[Opened]) -> float:
    """£ of our own capital, contingency included."""
    return sum(it.part * it.scheme.capital for it in options if it.scheme.ours)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain documents: what is not known is left out."""
    return [{str(key): value for key, value in row.items() if not pd.isna(value)} for row in table.to_dict("records")]
