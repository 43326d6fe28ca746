"""A forecast in one screen, and its errors in another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import each_row
from sufficiency.report.words import academic_year, columns_of
from sufficiency.tables.origin import standing_of

OUTLOOKS = {
    "trend": "joining goes on growing, fading after four years",
    "stabilise": "joining stays as it is now",
    "reform": "plans follow the path that DfE expects of its reforms",
    "requests_rise": "as the trend, but requests for assessment rise before the reforms",
    "refusals_fall": "as the trend, but fewer requests for assessment are refused",
}
SHOWN_AHEAD = (1, 3, 5)
WIDTH = 22
LEVEL_WORDS = {"authority": "the whole authority", "phase": "phases", "need": "needs", "area": "areas"}


def forecast_screen(
    model: Any,
    levels: pd.DataFrame,
    plans: pd.DataFrame,
    growth: float,
    own: float,
    outlooks: pd.DataFrame,
    requests_say: float = 0.0,
) -> str:
    """Plans and specialist places now and later, with what lies behind them, and by each outlook. `requests_say` is the
    logarithm of what the council's requests make of its plans three years on.
    """
    years = _years(model)
    outlook = model.forecast.outlook if model.forecast else "trend"
    lines = [
        f"{model.name}: forecast from {academic_year(model.base_year)}",
        f"Outlook {named(outlook)}: {OUTLOOKS[outlook]}.",
    ]
    standing = standing_of(model)
    lines += [standing.screen] if standing else []
    if outlook not in {"stabilise", "reform"}:
        lines.append(
            f"Joining grows by {growth:.1%} in the first year; {own:.0%} of that is your own trend, the rest England's."
        )
        if requests_say:
            direction = "more" if requests_say > 0 else "fewer"
            share = abs(np.expm1(requests_say))
            lines.append(
                f"By your requests for assessment, there will be {share:.1%} {direction} plans in three years."
            )
    for title, table in (("EHC plans", plans), ("Children who need a specialist place", levels)):
        if len(table):
            lines += ["", f"{title} (in brackets: nine paths in ten)", *_table(model, table, years)]
    if len(outlooks):
        lines += [
            "",
            "EHC plans expected by outlook (in brackets: against the trend)",
            *_by_outlook(outlooks, years[1:]),
            "Each outlook is one run of its rates. Above is the mean of many paths, so the trend differs a little.",
        ]
    return "\n".join(lines)


def named(outlook: str) -> str:
    """An outlook as people read it."""
    return outlook.replace("_", " ")


def _by_outlook(outlooks: pd.DataFrame, years: list[int]) -> list[str]:
    lines = [f"{'':<14}" + "".join(f"{academic_year(year):>{WIDTH}}" for year in years)]
    for outlook in OUTLOOKS:
        mine = outlooks[(outlooks["outlook"] == outlook) & outlooks["year"].isin(years)].sort_values("year")
        more = [f" ({count:+,.0f})".replace("-", "−") if outlook != "trend" else "" for count in mine["plans_more"]]
        cells = [f"{plans:,.0f}{against}" for plans, against in zip(mine["plans"], more, strict=True)]
        lines.append(f"{named(outlook):<14}" + columns_of(cells, WIDTH))
    return lines


def errors_screen(scores: pd.DataFrame, better: pd.DataFrame) -> str:
    """Errors of a back-test, one, three and five years ahead, and where a rival did better."""
    lines = ["How wrong it would have been on your own past (MASE: 1 is a usual year's change; lower is better)"]
    shown = [ahead for ahead in SHOWN_AHEAD if ahead in set(scores["ahead"])] or sorted(scores["ahead"].unique())
    for level, ahead in ((level, ahead) for level in dict.fromkeys(scores["level"]) for ahead in shown):
        rows = scores[(scores["level"] == level) & (scores["ahead"] == ahead)]
        ours = rows[rows["method"] == rows["method"].iloc[0]].iloc[0]
        where = f"{LEVEL_WORDS.get(str(level), str(level)).capitalize()}, {_count(int(ahead), 'year')} ahead"
        lines += ["", f"{where} ({_count(int(ours['series']), 'series')}, {_count(int(ours['origins']), 'origin')})"]
        lines.append(f"{'':<38}{'MASE: median':>13}{'mean':>7}{'error':>8}{'WIS':>8}{'cover':>7}")
        lines += [_scores(row) for row in each_row(rows)]
    lines += ["", "Error and WIS (weighted interval score) are shares of all plans; rivals are lent intervals as wide."]
    if better.empty:
        lines.append("No rival did better at any level.")
    else:
        lines.append("A rival did better, by the median or the mean:")
        for row in each_row(better):
            where = LEVEL_WORDS.get(str(row.level), str(row.level))
            chance = "" if row.behind_high < 0 else ", may be chance"
            ours = f"ours {row.our_mase:.2f} and {row.our_mase_mean:.2f}"
            theirs = f"{row.method} (MASE {row.mase:.2f} and {row.mase_mean:.2f}, {ours}{chance})"
            lines.append(f"- {where}, {_count(row.ahead, 'year')} ahead: {theirs}")
    lines.append("Few series over few years: what is better by a little is better by chance.")
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 and not what.endswith("s") else "")


def _scores(row: Any) -> str:
    """A method's line: what is not known is a dash."""
    cells = [
        f"{row.mase:13.2f}",
        f"{row.mase_mean:7.2f}",
        f"{row.error:8.1%}",
        f"{row.wis:8.1%}",
        f"{row.coverage:7.0%}",
    ]
    known = [row.mase, row.mase_mean, row.error, row.wis, row.coverage]
    return f"{row.method!s:<38}" + "".join(
        f"{'–':>{len(cell)}}" if pd.isna(value) else cell for cell, value in zip(cells, known, strict=True)
    )


def _years(model: Any) -> list[int]:
    first, last = model.years
    return sorted({model.base_year, first, min(first + 2, last), min(first + 4, last), last})


def _table(model: Any, table: pd.DataFrame, years: list[int]) -> list[str]:
    lines = [f"{'':<14}" + "".join(f"{academic_year(year):>{WIDTH}}" for year in years)]
    rows = [("All", table[table["level"] == "authority"])]
    if len(model.phase_list) <= 9:
        rows += [
            (model.phase_label(phase.code), table[(table["level"] == "phase") & (table["phase"] == phase.code)])
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
        lines.append(f"{words:<14}" + columns_of(cells, WIDTH))
    return lines
