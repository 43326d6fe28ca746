"""The tables of a programme: what opens, what each option is worth, what it costs in capital, and what comes next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.finance.by_area import OF_AREA, OF_NEED
from sufficiency.plan.options.appraisal import MORE_CAPITAL, PART, Appraisal, Other, newly_opened
from sufficiency.plan.options.choices import MILLION
from sufficiency.plan.options.effects import floors_by_scheme
from sufficiency.plan.options.fixed import Opened, opened
from sufficiency.plan.options.option import CENTRAL
from sufficiency.plan.options.programme import Programme
from sufficiency.plan.solve.solve import Plan
from sufficiency.result.impact_options import impact_options
from sufficiency.result.options_appraisal import (
    OURS,
    appraisal_table,
    capital_owed,
    flags_of,
    how_decided,
    money_more,
    no_cheaper,
    payer,
)
from sufficiency.tables.schema.results import OUTPUTS

CAPITAL = "capital"
NOBODY = 1e-6
"""Children: a smallest fill missed by less is reached."""


def programme_frames(programme: Programme, appraisal: Appraisal, plan: Plan) -> dict[str, pd.DataFrame]:
    """`programme`, `options_appraisal`, `alternatives`, `capital` and `impact_options`; nothing where the model has no
    options.
    """
    if programme.found.base.case.tables.options is None:
        return {}
    return {
        "programme": programme_table(programme, plan),
        "options_appraisal": appraisal_table(programme, appraisal, plan),
        "alternatives": alternatives_table(programme, appraisal, plan),
        "capital": capital_table(programme),
        "impact_options": impact_options(programme, appraisal, plan),
    }


def programme_table(programme: Programme, plan: Plan) -> pd.DataFrame:
    """`programme.csv`: one row for each option that opens; capital with its contingency."""
    years, flags = programme.found.base.data.years, flags_of(programme)
    missed = _fill_missed(programme, plan)
    rows = [
        _opens(it, years)
        | {"setting": it.scheme.setting, "flags": flags[it.scheme.row], "decided": how_decided(it.scheme)}
        | {"fill_missed": missed.get(it.scheme.row, 0.0)}
        for it in programme.opened
    ]
    return pd.DataFrame(rows, columns=list(OUTPUTS["programme"].names))


def _fill_missed(programme: Programme, plan: Plan) -> dict[int, float]:
    """Row of the options table → children short of its smallest fill in the year it is furthest from it."""
    floors = floors_by_scheme(programme.found.base, programme.found.choices.schemes)
    short = {
        row: plan.slack[(plan.rows.family == "fill") & (plan.rows.item == place)].max(initial=0.0)
        for row, place in floors.items()
    }
    return {row: float(children) for row, children in short.items() if children > NOBODY}


def capital_table(programme: Programme) -> pd.DataFrame:
    """`capital.csv`: capital with contingency in the year an option opens (an assumption: schemes are paid for over the
    years before), by option and by who pays.
    """
    years = programme.found.base.data.years
    rows = [
        {
            "year": int(years[it.opens]),
            "option": it.scheme.option,
            "capital_by": payer(it.scheme),
            "pounds": it.part * it.scheme.capital,
        }
        for it in programme.opened
        if it.scheme.capital > 0
    ]
    return pd.DataFrame(rows, columns=list(OUTPUTS["capital"].names)).sort_values(["year", "option"], ignore_index=True)


def with_capital(tables: dict[str, pd.DataFrame], programme: Programme) -> dict[str, pd.DataFrame]:
    """The tables of spend with the capital of what opens, in the year that starts when it opens; it is no child's."""
    rows = _capital_spend(programme)
    if rows.empty:
        return {}
    parts = {"spend": rows, "spend_financial": rows.rename(columns={"year": "financial_year"})}
    for name, keys in (("spend_by_area", OF_AREA), ("spend_by_need", OF_NEED)):
        parts[name] = rows.assign(**dict.fromkeys(keys, ""))
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


def alternatives_table(programme: Programme, appraisal: Appraisal, plan: Plan) -> pd.DataFrame:
    """`alternatives.csv`: the programmes that come next, one row for each option that opens in them."""
    years = programme.found.base.data.years
    rows: list[dict[str, Any]] = []
    for rank, other in enumerate(appraisal.alternatives, 1):
        named = {"programme": rank, **_costs_more(programme, other, plan)}
        openings = [] if other.y is None else opened(programme.found.choices, other.y)
        rows += [named | _opens(it, years) for it in openings] or [named | {"option": ""}]
    return pd.DataFrame(rows, columns=list(OUTPUTS["alternatives"].names)).astype({"opens": "Int64"})


def _opens(it: Opened, years: Ints) -> dict[str, Any]:
    return {
        "option": it.scheme.option,
        "opens": int(years[it.opens]),
        "places": it.part * it.scheme.places,
        "capital": it.part * it.scheme.capital,
    }


def _costs_more(programme: Programme, other: Other, plan: Plan) -> dict[str, float]:
    """£ discounted more than the plan, with policy weights and in money alone: not known (NaN) but for its limits where
    the search was cut short.
    """
    other = no_cheaper(other)
    money, least_money = money_more(programme, other, plan)
    return {
        "costs_more": other.more if other.sure else np.nan,
        "costs_more_least": other.least,
        "costs_more_most": other.most,
        "costs_more_money": money if other.sure else np.nan,
        "costs_more_money_least": least_money,
    }


def programme_figures(
    programme: Programme, appraisal: Appraisal, plan: Plan, tables: dict[str, pd.DataFrame]
) -> dict[str, Any]:
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
        **_in_all(tables["options_appraisal"]),
        "in_reach": _in_reach(programme, appraisal.in_reach, plan),
        "appraisal": _records(tables["options_appraisal"]),
        "alternatives": [
            {
                "opens": _first_years(part[part["option"] != ""]),
                "in_part": _in_part(programme, other),
                **part.filter(like="costs_more").iloc[0].to_dict(),
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
            "present_value": capital_owed(programme, programme.opened),
            "charge": finance.capital_charge,
            **_more_capital(programme, appraisal.more_capital, plan),
            "by_year": {str(year): pounds for year, pounds in by_year.items()},
        },
        "cuts": 0 if programme.search is None else len(programme.search.cuts),
    }


def _first_years(rows: pd.DataFrame) -> dict[str, int]:
    """Option → the year in which it, or the first part of it, opens."""
    return {str(option): int(year) for option, year in rows.groupby("option", sort=False)["opens"].min().items()}


def _in_part(programme: Programme, other: Other) -> dict[str, dict[str, float]]:
    """Option that opens only in part → the `places` of it that open, when full, and `of` how many."""
    parts: dict[str, dict[str, float]] = {}
    for it in [] if other.y is None else opened(programme.found.choices, other.y):
        if it.scheme.scalable:
            known = parts.setdefault(it.scheme.option, {"places": 0.0, "of": it.scheme.places})
            known["places"] += it.part * it.scheme.places
    return {option: one for option, one in parts.items() if one["places"] < one["of"] * (1 - PART)}


def _in_all(each: pd.DataFrame) -> dict[str, float | None]:
    """£ discounted that the programme saves against opening nothing, and of it money: the steps of the order added up,
    as `options_appraisal.csv` has them. Not known where a step is not.
    """
    steps = each.loc[each["order"].notna(), ["saves_in_order", "saves_in_order_money"]]
    if steps.empty or steps["saves_in_order"].isna().any():
        return {"saves": None, "saves_money": None}
    return {"saves": sum(steps["saves_in_order"].tolist()), "saves_money": sum(steps["saves_in_order_money"].tolist())}


def _in_reach(programme: Programme, other: Other | None, plan: Plan) -> dict[str, Any]:
    """The option, or options, just out of reach: in the cheapest programme that opens any the plan leaves closed, which
    ones open, which others then do not or only in part, what it costs more, and how much capital is lacking to open
    them beside all that the plan opens.
    """
    if other is None or other.y is None:
        return {}
    names = [one.option for one in programme.found.choices.schemes]
    there = {it.scheme.option for it in opened(programme.found.choices, other.y)}
    return {
        "options": [names[scheme] for scheme in newly_opened(programme, other.y)],
        "in_place_of": [it.scheme.option for it in programme.opened if it.scheme.option not in there],
        "in_part": _in_part(programme, other),
        **_costs_more(programme, other, plan),
        **_capital_lacking(programme, other.y),
    }


def _capital_lacking(programme: Programme, y: Floats) -> dict[str, float]:
    """£ of our own capital above the budget if what openings `y` [Y] open anew opened beside all that the plan opens;
    nothing where there is no budget, or another limit forbids it.
    """
    choices = programme.found.choices
    new = np.isin(choices.scheme, newly_opened(programme, y))
    over = choices.limits @ (programme.y + np.where(new, y, 0.0)) - choices.most
    of_capital = choices.limit_family == "capital"
    if not of_capital.any() or (over[~of_capital] > PART).any():
        return {}
    return {"capital_lacking": max(float(over[of_capital][0]), 0.0) * MILLION}


def _more_capital(programme: Programme, other: Other | None, plan: Plan) -> dict[str, Any]:
    """What more capital would save, discounted £: as found, the least and the most it can be, and of it money; how much
    of it, in £, would be spent for that, and on which options that are closed without it.
    """
    if other is None or other.y is None:
        return {}
    names = [programme.found.choices.schemes[scheme].option for scheme in newly_opened(programme, other.y)]
    spent = _of_our_own(opened(programme.found.choices, other.y)) - _of_our_own(programme.opened)
    saves = {"saves": max(-other.more, 0.0), "saves_least": max(-other.most, 0.0), "saves_most": max(-other.least, 0.0)}
    money = -money_more(programme, other, plan)[0] if saves["saves"] > 0 else 0.0
    saves |= {"saves_money": money, "saves_money_least": money - (saves["saves"] - saves["saves_least"])}
    return {"more": {"pounds": MORE_CAPITAL, **saves, "spent": spent, "opens": names}}


def _of_our_own(options: list[Opened]) -> float:
    """£ of our own capital, contingency included."""
    return sum(it.part * it.scheme.capital for it in options if it.scheme.ours)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain documents: what is not known is left out."""
    return [{str(key): value for key, value in row.items() if not pd.isna(value)} for row in table.to_dict("records")]
