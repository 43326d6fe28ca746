"""A forecast in one screen, and its errors in another."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sufficiency.arrays import each_row
from sufficiency.report.words import academic_year, columns_of
from sufficiency.tables.origin import standing_of

OUTLOOKS = {
    "trend": "joining goes on growing, fading after four years",
    "stabilise": "joining stays as it is now",
    "reform": "plans follow the path that DfE expects of its reforms",
}
LEVEL_WORDS = {"authority": "the whole authority", "phase": "phases", "need": "needs", "area": "areas"}


def forecast_screen(model: Any, levels: pd.DataFrame, plans: pd.DataFrame, growth: float, own: float) -> str:
    """Plans and specialist places now and later, with what lies behind them."""
    years = _years(model)
    outlook = model.forecast.outlook if model.forecast else "trend"
    lines = [
        f"{model.name}: forecast from {academic_year(model.base_year)}",
        f"Outlook {outlook}: {OUTLOOKS[outlook]}.",
    ]
    standing = standing_of(model)
    lines += [standing.screen] if standing else []
    if outlook == "trend":
        lines.append(
            f"Joining grows by {growth:.1%} in the first year; {own:.0%} of that is your own trend, the rest England's."
        )
    for title, told in (("EHC plans", plans), ("Children who need a specialist place", levels)):
        if len(told):
            lines += ["", f"{title} (in brackets: nine paths in ten)", *_table(model, told, years)]
    return "\n".join(lines)


def errors_screen(scores: pd.DataFrame, better: pd.DataFrame) -> str:
    """Errors of a back-test, and where a rival did better."""
    lines = ["How wrong it would have been on your own past (MASE: 1 is a usual year's change)"]
    for level, rows in scores.groupby("level", sort=False):
        lines += ["", f"{LEVEL_WORDS.get(str(level), str(level)).capitalize()} ({int(rows['series'].max())} series)"]
        lines.append(
            f"{'':<38}"
            + "".join(f"{f'{ahead} year' + ('s' if ahead > 1 else ''):>20}" for ahead in sorted(rows["ahead"].unique()))
        )
        lines.append(f"{'':<38}" + f"{'MASE   MAPE  cover':>20}" * rows["ahead"].nunique())
        for method, mine in rows.groupby("method", sort=False):
            cells = [_cell(row) for row in each_row(mine.sort_values("ahead"))]
            lines.append(f"{method!s:<38}" + columns_of(cells, 20))
    lines.append("")
    if better.empty:
        lines.append("No rival did better at any level.")
    else:
        lines.append("A rival did better:")
        for row in each_row(better):
            years = f"{row.ahead} year" + ("s" if row.ahead > 1 else "")
            where = LEVEL_WORDS.get(str(row.level), str(row.level))
            lines.append(f"- {where}, {years} ahead: {row.method} (MASE {row.mase:.2f}, ours {row.ours:.2f})")
    lines.append("Few series over few years: what is better by a little is better by chance.")
    return "\n".join(lines)


def _cell(row: Any) -> str:
    cover = "" if pd.isna(row.coverage) else f"{row.coverage:.0%}"
    mase = "–" if pd.isna(row.mase) else f"{row.mase:.2f}"
    return f"{mase} {row.mape:6.1%} {cover:>6}"


def _years(model: Any) -> list[int]:
    first, last = model.years
    return sorted({model.base_year, first, min(first + 2, last), min(first + 4, last), last})


def _table(model: Any, told: pd.DataFrame, years: list[int]) -> list[str]:
    width = 22
    lines = [f"{'':<14}" + "".join(f"{academic_year(year):>{width}}" for year in years)]
    rows = [("All", told[told["level"] == "authority"])]
    if len(model.phase_list) <= 9:
        rows += [
            (model.phase_label(phase.code), told[(told["level"] == "phase") & (told["phase"] == phase.code)])
            for phase in model.phase_list
        ]
    for words, mine in rows:
        by_year = mine.set_index("year")
        cells = []
        for year in years:
            if year not in by_year.index:
                cells.append("–")
                continue
            row = by_year.loc[year]
            interval = "" if year == model.base_year else f" ({row['p05']:,.0f}–{row['p95']:,.0f})"
            cells.append(f"{row['mean']:,.0f}{interval}")
        lines.append(f"{words:<14}" + columns_of(cells, width))
    return lines
