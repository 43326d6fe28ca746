"""The frontier drawn: how much fairer journeys can be, and what each step costs."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from sufficiency.report.maps.style import DPI, INK, QUIET, WARNING, drawing_style
from sufficiency.report.words import millions, present_value
from sufficiency.standing import Standing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MONEY, WITH_WEIGHTS = "#106a8c", "#d1541b"
NOTE = (
    "Fair equivalent: the journey that, if every child had it, would be as good as all journeys of the plan; "
    "long journeys count more (Kolm–Pollak)."
)
FORMATS = {"png": {"Software": None}, "svg": {"Date": None, "Creator": "sufficiency"}}


def draw_frontier(
    points: pd.DataFrame, stem: Path, title: str, first_year: int, standing: Standing | None
) -> list[Path]:
    """Draw `points` (columns of `frontier.csv`, the cheapest plan first) as PNG and SVG, and return the files.

    From left to right journeys get fairer; upwards a plan costs more than the cheapest, in pounds of `first_year`.
    """
    from matplotlib.figure import Figure

    with drawing_style():
        figure = Figure(figsize=(7.4, 5.0), dpi=DPI, layout="constrained")
        axes = figure.add_subplot()
        _lines(axes, points, first_year)
        _ends(axes, points)
        axes.set_title(fill(title, 72), loc="left", fontsize=11, fontweight="bold", pad=22)
        words = "Each point is the cheapest plan under its limit"
        axes.text(0, 1.02, words, transform=axes.transAxes, color=QUIET, fontsize=9)
        if standing:
            axes.text(1, 1.02, standing.screen, transform=axes.transAxes, color=WARNING, fontsize=9, ha="right")
        figure.supxlabel(NOTE, fontsize=7, color=QUIET)
        files = []
        for form, metadata in FORMATS.items():
            file = stem.with_name(f"{stem.name}.{form}")
            figure.savefig(file, format=form, dpi=DPI, metadata=metadata)
            files.append(file)
    return files


def _lines(axes: Axes, points: pd.DataFrame, first_year: int) -> None:
    minutes = points["fair_minutes"]
    axes.plot(minutes, points["extra_money"] / 1e6, "o-", color=MONEY, label="Money", linewidth=1.8, markersize=5)
    axes.plot(
        minutes,
        points["extra_objective"] / 1e6,
        "s--",
        color=WITH_WEIGHTS,
        label="Money and policy weights",
        linewidth=1.2,
        markersize=4,
    )
    axes.invert_xaxis()
    axes.margins(x=0.24, y=0.1)
    axes.set_xlabel("Fair equivalent of all journeys, minutes one way (fairer to the right)", fontsize=9)
    axes.set_ylabel(f"More than the cheapest plan, £ million ({present_value(first_year)})", fontsize=9)
    axes.grid(color="#e3e3e3", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8, colors=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="upper left")


def _ends(axes: Axes, points: pd.DataFrame) -> None:
    """The cheapest and the fairest plan in words, beside their points."""
    first, last = points.iloc[0], points.iloc[-1]
    _beside(axes, first, "extra_money", f"Cheapest:\n{first['mean_minutes']:.1f} minutes\non average", INK, left=True)
    money = f"Fairest: {millions(last['extra_money'])},\n{last['mean_minutes']:.1f} minutes\non average"
    _beside(axes, last, "extra_money", money, MONEY)
    _beside(axes, last, "extra_objective", millions(last["extra_objective"]), WITH_WEIGHTS)


def _beside(axes: Axes, point: pd.Series[float], column: str, words: str, colour: str, left: bool = False) -> None:
    axes.annotate(
        words,
        (point["fair_minutes"], point[column] / 1e6),
        xytext=(-9 if left else 9, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        fontsize=8,
        color=colour,
    )
