"""`summary.json`: status, proof, money, headline figures, and what they were made from."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sufficiency
from sufficiency.arrays import Floats, totals
from sufficiency.caches import file_hash
from sufficiency.case import Case
from sufficiency.codes import BOUGHT, NEEDS, SETTING_TYPES
from sufficiency.model import Model
from sufficiency.plan.explain.empty_places import EmptyBesideBought
from sufficiency.plan.explain.projection import Projection
from sufficiency.plan.explain.rule_prices import rules_told
from sufficiency.plan.explain.shortfall import Deficit
from sufficiency.plan.explain.waiting import waits
from sufficiency.plan.solve.solve import Plan
from sufficiency.standing import keys
from sufficiency.tables.origin import standing_of

PACKAGES = ("highspy", "pulp", "numpy", "pandas", "geopandas")
MOST_WORTH = 10
DEFICITS_SHOWN = 50


def summary(
    plan: Plan,
    projection: Projection,
    spend: pd.DataFrame,
    unmitigated_spend: pd.DataFrame,
    values: pd.DataFrame,
    by_cell: pd.DataFrame,
    beside: EmptyBesideBought,
    deficits: list[Deficit],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The summary of a plan. `spend` and `unmitigated_spend` are academic years with the base year; `by_cell` is what
    `frames.cell_gaps` gives; `seconds` by step.
    """
    case, proof = plan.case, plan.certificate
    if proof is None:
        raise ValueError("only a plan with a certificate has a summary")
    known = _of_the_plan_alone(plan, by_cell)
    return {
        "status": plan.status,
        "objective": plan.objective,
        "money": plan.money,
        "policy_weights": plan.policy_weights,
        "bound": proof.bound,
        "bound_from": proof.bound_from,
        "gap": proof.gap,
        "certificate": {
            "ok": proof.ok,
            "checks": {
                name: {"error": check.error, "tolerance": check.tolerance, "where": check.where}
                for name, check in proof.checks.items()
            },
        },
        "columns": plan.columns,
        "rows": plan.row_count,
        "seconds": {**seconds, "total": sum(seconds.values())},
        **described(case.model, case.scenario),
        "by_pattern_types": list(case.model.continuity.by_pattern),
        "levers": [{"lever": one.key, "words": one.words, "evidence": one.evidence} for one in case.levers],
        "headline": {
            "plan": {
                year: row | known.get(year, {}) for year, row in _by_year(plan, plan.stock, plan.waiting, spend).items()
            },
            "unmitigated": _by_year(
                replace(plan, data=projection.data), projection.stock, projection.waiting, unmitigated_spend
            ),
            "children_by_type": {
                "plan": _types(plan, plan.stock),
                "unmitigated": _types(plan, projection.stock),
            },
            "discounted_money": {"plan": plan.money, "unmitigated": projection.money},
        },
        "places_most_worth": _most_worth(plan, values),
        "rules": _rules(plan),
        "empty_beside_bought": float(beside.children.sum()),
        "empty_beside_bought_why": _empty_why(beside),
        "awaiting_why": [_deficit_figures(deficit) for deficit in deficits[:DEFICITS_SHOWN]],
        "awaiting_for": _awaiting_for(plan),
        "weights": {  # in the base year, given or by default
            "awaiting_place": float(plan.data.awaiting_weight[0]),
            "rule_breach": float(plan.data.breach_weight[0]),
        },
        "warnings": [str(problem) for problem in case.warnings],
        "attribution": case.journeys.attribution,
        "versions": {"sufficiency": sufficiency.__version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "model_file": model_place(case.model.path),
        "inputs": input_hashes(case),
    }


def described(model: Model, scenario: str) -> dict[str, Any]:
    """What was planned, and the words for it in outputs."""
    return {
        "model": model.name,
        "about": model.about,
        "scenario": scenario,
        "scenario_about": model.scenarios[scenario].about if scenario in model.scenarios else "",
        **keys(standing_of(model)),
        "clean_slate": model.continuity.clean_slate,
        "base_year": model.base_year,
        "years": list(model.years),
        "labels": {
            "types": {code: model.type_label(code) for code in SETTING_TYPES},
            "needs": {code: model.need_label(code) for code in NEEDS},
            "phases": {phase.code: model.phase_label(phase.code) for phase in model.phase_list},
        },
    }


def model_place(path: Path) -> str:
    """Where a model file lies, seen from the folder that `results/` is in: distinguishes files of the same name."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive of Windows
        return path.resolve().as_posix()


def input_hashes(case: Case) -> dict[str, dict[str, str]]:
    """SHA-256 of the model file and of every table read from a file."""
    files = {"model": case.model.path, **case.tables.files}
    return {
        name: {"file": path.name, "sha256": file_hash(path)} for name, path in files.items() if Path(path).is_file()
    }


def _by_year(plan: Plan, stock: Floats, waiting: Floats, spend: pd.DataFrame) -> dict[str, dict[str, float]]:
    data = plan.data
    kinds = data.lines["type"].to_numpy()
    bought, pattern = np.isin(kinds, BOUGHT) & ~data.by_pattern, data.by_pattern
    state = data.lines["funded_by_state"].to_numpy(dtype=bool) & ~pattern
    money = spend.groupby(["year", "fund"])["pounds"].sum()
    figures = {}
    for t, year in enumerate(data.years.tolist()):
        in_line = totals(data.pair_line, stock[t], len(kinds))
        limited = np.isfinite(data.places[t])
        commissioned = limited & state & data.line_open[t]
        above = np.where(limited, np.maximum(in_line - data.places[t], 0.0), 0.0)
        placed = float(in_line.sum())
        figures[str(year)] = {
            "children": float(data.demand[t].sum()),
            "state_funded_places": float(data.places[t][commissioned].sum()),
            "in_state_funded_places": float(in_line[state].sum()),
            "in_colleges_and_others": float(in_line[~state & ~bought & ~pattern].sum()),
            "bought": float(in_line[bought].sum()),
            "by_pattern": float(in_line[pattern].sum()),
            "awaiting": float(waiting[t].sum()),
            "over_places": float(above.sum()),
            "state_funded_places_unfilled": float(np.maximum(data.places[t] - in_line, 0.0)[commissioned].sum()),
            "mean_minutes": float(stock[t] @ data.minutes / placed) if placed else 0.0,
            "mean_km": float(stock[t] @ data.km / placed) if placed else 0.0,
            "over_limit": float(stock[t] @ data.over_limit),
            "dsg_academic_year": float(money.get((year, "dsg"), 0.0)),
            "general_fund_academic_year": float(money.get((year, "general_fund"), 0.0)),
        }
    return figures


def _types(plan: Plan, stock: Floats) -> dict[str, dict[str, float]]:
    kind, kinds = pd.factorize(plan.data.lines["type"], sort=True)
    type_of_arc = kind[plan.data.pair_line]
    there = np.unique(type_of_arc).tolist()
    by_type = {}
    for year, row in zip(plan.data.years.tolist(), stock, strict=True):
        children = totals(type_of_arc, row, len(kinds))
        by_type[str(year)] = {str(kinds[one]): float(children[one]) for one in there}
    return by_type


def _of_the_plan_alone(plan: Plan, by_cell: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Figures by plan year that the projection has none of: who is short, who enters a line and who of them is placed
    otherwise than today's pattern would place the entrants of the same cell, whose preference gives way, and who is
    bought a place beside an empty one.
    """
    data, figures = plan.data, {}
    sums = by_cell.groupby("year")[["shortfall", "preferences_missed", "bought_beside_empty"]].sum()
    for t, year in enumerate(data.years.tolist()):
        if t == 0:
            continue
        entering = totals(data.pair_cell, plan.entrants[t], len(data.cells))
        wanted = entering[data.pair_cell] * plan.settled.pattern[t]
        there = sums.loc[year] if year in sums.index else pd.Series(0.0, index=sums.columns)
        figures[str(year)] = {
            "shortfall": float(there["shortfall"]),
            "free_to_choose": float(entering.sum()),
            "directed_elsewhere": float(np.maximum(wanted - plan.entrants[t], 0.0).sum()),
            "preferences_missed": float(there["preferences_missed"]),
            "empty_beside_bought": float(there["bought_beside_empty"]),
        }
    return figures


def _empty_why(beside: EmptyBesideBought) -> dict[str, float]:
    """Places empty beside a child who is bought one and whom they accept, all years, by reason; those that would cost
    as much as the bought ones, or more, are a reason of their own and not in `empty_beside_bought`.
    """
    return {str(why): float(places) for why, places in beside.why.groupby("why")["children"].sum().items()}


def _most_worth(plan: Plan, values: pd.DataFrame) -> list[dict[str, Any]]:
    first = values[values["year"] == values["year"].min()].nlargest(MOST_WORTH, "pounds_from")
    first = first[first["pounds_from"] >= 1]
    lines = plan.data.lines.set_index("line")
    return [
        {
            "line": row.line,
            "setting": row.setting,
            "name": lines.loc[row.line, "name"],
            "type": lines.loc[row.line, "type"],
            "needs": list(lines.loc[row.line, "needs"]),
            "phases": list(lines.loc[row.line, "phases"]),
            "from_year": int(row.year),
            "pounds_from": float(row.pounds_from),
            "pounds_a_year": float(row.pounds_a_year),
            "net": float(row.net),
            "how": row.how,
        }
        for row in first.itertuples()
    ]


def _rules(plan: Plan) -> list[dict[str, Any]]:
    """Every rule with its years; the rate κ beside the fairness rule, so that it can be given for another plan."""
    fairness = plan.case.model.rules.fairness
    kappa = {"fairness": None if fairness is None else fairness.kappa}
    by_year = ["year", "limit", "value", "pounds", "how", "per_point", "missed"]
    rules: list[dict[str, Any]] = []
    for name, part in rules_told(plan).groupby("rule", sort=False):
        first = part.iloc[0]
        about = {column: first[column] for column in ("key", "unit", "floor", "hard")}
        rules.append(
            {"rule": name, **about, "kappa": kappa.get(first["key"]), "years": part[by_year].to_dict("records")}
        )
    return rules


def _awaiting_for(plan: Plan) -> list[dict[str, Any]]:
    """Who awaits a place and for what, the most children first; a line with the name and type of its setting."""
    lines = plan.data.lines.set_index("line")
    most = sorted(waits(plan), key=lambda wait: -wait.children)[:DEFICITS_SHOWN]
    at = [lines.loc[wait.what] if wait.why == "line" else {"name": "", "type": ""} for wait in most]
    return [
        asdict(wait) | {key: str(line[key]) for key in ("name", "type")} for wait, line in zip(most, at, strict=True)
    ]


def _deficit_figures(deficit: Deficit) -> dict[str, Any]:
    return {
        "year": deficit.year,
        "needs": list(deficit.needs),
        "phases": list(deficit.phases),
        "localities": list(deficit.localities),
        "areas": list(deficit.areas),
        "lines": list(deficit.lines),
        "children": deficit.children,
        "places_they_can_reach": deficit.reach,
        "short": deficit.short,
    }
