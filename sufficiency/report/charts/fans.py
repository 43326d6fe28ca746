"""History and fan: what has been, what is expected, and how wrong it may be, by phase and by need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sufficiency.report.maps.style import DPI, INK, QUIET, WARNING
from sufficiency.tables.origin import standing_of
from sufficiency.tables.schema.forecast import FANS

FAN, EDGE, LINE = "#9fc2dd", "#5b93bf", "#0b4f82"
COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT, HEAD, FOOT = 3.75, 2.5, 0.95, 0.55
MOST_NEEDS = 8
"""Needs drawn; the rarest are left to the tables."""


@dataclass(frozen=True)
class Fan:
    """One panel: years and counts so far, and years with 5th, 50th and 95th percentile to come."""

    title: str
    past: pd.Series
    ahead: pd.DataFrame


def draw_fans(model: Any, history: pd.DataFrame, plans: pd.DataFrame, levels: pd.DataFrame, folder: Path) -> list[Path]:
    """PNG files in `folder`: plans by phase, plans by need, and specialist places by phase. `history`, `plans` and
    `levels` as `forecast` gives them.
    """
    phases = [(phase.code, model.phase_label(phase.code)) for phase in model.phase_list]
    if len(phases) > COLUMNS * 3:
        phases = []  # year groups are too many to draw one by one
    needs = plans[(plans["level"] == "need") & (plans["year"] == model.base_year)]
    common = list(needs.sort_values("mean", ascending=False)["need"])[:MOST_NEEDS]
    of_needs = [(code, model.need_label(code)) for code in common]
    everyone = [_fan("All", history, plans, "authority")]
    pages = (
        (
            "EHC plans by phase",
            everyone + [_fan(words, history, plans, "phase", code) for code, words in phases],
        ),
        (
            "EHC plans by primary need",
            everyone + [_fan(words, history, plans, "need", code) for code, words in of_needs],
        ),
        (
            "Children who need a specialist place, by phase",
            [_fan("All", None, levels, "authority")]
            + [_fan(words, None, levels, "phase", code) for code, words in phases],
        ),
    )
    drawn = zip(FANS, pages, strict=True)
    return [_page(title, fans, model, folder / f"{name}.png") for name, (title, fans) in drawn]


def _fan(title: str, history: pd.DataFrame | None, levels: pd.DataFrame, level: str, code: str = "") -> Fan:
    column = level if level in {"phase", "need"} else ""
    ahead = levels[levels["level"] == level]
    ahead = (ahead[ahead[column] == code] if column else ahead).set_index("year")[["p05", "mean", "p95"]].sort_index()
    if history is None:
        return Fan(title, pd.Series(dtype=float), ahead)
    so_far = history[history["level"] == level]
    so_far = so_far[so_far[column] == code] if column else so_far
    return Fan(title, so_far.set_index("year")["plans"].sort_index(), ahead)


def _page(title: str, fans: Sequence[Fan], model: Any, file: Path) -> Path:
    rows = math.ceil(len(fans) / COLUMNS)
    width, height = PANEL_WIDTH * COLUMNS, PANEL_HEIGHT * rows + HEAD + FOOT
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.02, 1 - 0.22 / height, title, fontsize=15, fontweight="bold", color=INK, va="top")
    outlook = (model.forecast.outlook if model.forecast else "trend").replace("_", " ")
    subtitle = f"{model.name}. Outlook: {outlook}. Line: what is expected; band: nine paths in ten. Academic years."
    figure.text(0.02, 1 - 0.56 / height, subtitle, fontsize=9.5, color=QUIET, va="top")
    standing = standing_of(model)
    if standing:
        figure.text(
            0.98,
            1 - 0.22 / height,
            standing.mark,
            fontsize=11,
            color=WARNING,
            fontweight="bold",
            ha="right",
            va="top",
        )
    for place, fan in enumerate(fans):
        row, column = divmod(place, COLUMNS)
        left, bottom = (column * PANEL_WIDTH + 0.62) / width, (height - HEAD - (row + 1) * PANEL_HEIGHT + 0.42) / height
        axes = figure.add_axes((left, bottom, (PANEL_WIDTH - 0.85) / width, (PANEL_HEIGHT - 0.85) / height))
        _draw(axes, fan)
    note = (
        "Made with sufficiency. A forecast of need, not of places; how wrong it may be: docs/explanation/forecast.md."
    )
    figure.text(0.02, 0.16 / height, note, fontsize=8, color=QUIET)
    figure.savefig(file)
    return file


def _draw(axes: Axes, fan: Fan) -> None:
    years = fan.ahead.index.to_numpy()
    low, middle, high = (fan.ahead[name].to_numpy() for name in ("p05", "mean", "p95"))
    axes.fill_between(years, low, high, color=FAN, alpha=0.75, linewidth=0)
    axes.plot(years, low, color=EDGE, linewidth=0.7)
    axes.plot(years, high, color=EDGE, linewidth=0.7)
    axes.plot(years, middle, color=LINE, linewidth=1.8)
    if len(fan.past):
        axes.plot(fan.past.index, fan.past.to_numpy(), color=INK, linewidth=1.6, marker="o", markersize=2.8)
        axes.axvline(fan.past.index.max(), color=QUIET, linewidth=0.8, linestyle=(0, (3, 3)))
    axes.set_title(fill(fan.title, 34), fontsize=10.5, linespacing=1.0, fontweight="bold", loc="left", color=INK)
    top = max(float(np.nanmax(high)), float(fan.past.max()) if len(fan.past) else 0.0)
    axes.set_ylim(0, top * 1.08 if top > 0 else 1)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{int(year) % 100:02d}/{(int(year) + 1) % 100:02d}"))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.tick_params(labelsize=8, colors=QUIET, length=2)
    axes.grid(axis="y", color="#e3e5e6", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    last = years[-1]
    axes.annotate(
        f"{middle[-1]:,.0f}",
        (last, middle[-1]),
        xytext=(-2, 4),
        textcoords="offset points",
        ha="right",
        fontsize=8,
        color=LINE,
        fontweight="bold",
    )
