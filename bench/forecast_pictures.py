"""Draw the pictures of docs/explanation/forecast.md from DfE's tables.

    python bench/forecast_pictures.py ../shared/data/dfe        writes docs/images/forecast-*.png

The folder is that of `forecast_error.py`. Every forecast drawn knew nothing of what came after it; the figures that the
page quotes beside them are printed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

sys.path.insert(0, str(Path(__file__).resolve().parent))

from forecast_error import read_signals

from sufficiency.forecast import project
from sufficiency.forecast.band_backtest import POOLED, WITH_SIGNALS, band_outcomes
from sufficiency.forecast.pooled import shipped
from sufficiency.forecast.scores import OURS, scored
from sufficiency.forecast.signals import SIGNALS
from sufficiency.sources.sen2 import read_sen2_age

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
INK, QUIET, LINE, FAN, RIVAL, MISS = "#1c1c1c", "#5f6368", "#0b4f82", "#9fc2dd", "#b9a27a", "#8a1538"
ORIGINS = (2017, 2018, 2019, 2020, 2021)
DPI = 130
METHODS = {
    WITH_SIGNALS: "with requests, children, regions, plans begun",
    OURS: "from past plans alone",
    POOLED: "last count at the growth of all",
    "damped trend": "own trend, damped",
    "last growth": "own last growth, again and again",
    "last value": "as many plans as now",
}


def page(width: float, height: float, title: str, subtitle: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.02, 1 - 0.15 / height, title, fontsize=12.5, fontweight="bold", color=INK, va="top")
    figure.text(0.02, 1 - 0.45 / height, subtitle, fontsize=9, color=QUIET, va="top")
    axes = figure.add_axes((0.09, 0.62 / height, 0.88, 1 - 1.55 / height))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9, colors=INK)
    return figure, axes


def save(figure: Figure, name: str) -> None:
    from PIL import Image

    file = IMAGES / f"forecast-{name}.png"
    figure.savefig(file)
    picture = Image.open(file).convert("RGB").quantize(64)
    picture.save(file, optimize=True)


def draw_misses(rows: pd.DataFrame) -> None:
    """A dot an authority: how far each forecast with signals was from what came, one, two and three years on."""
    ours = rows[(rows["method"] == WITH_SIGNALS) & (rows["level"] == "total") & (rows["actual"] > 0)]
    ours = ours.assign(off=ours["forecast"] / ours["actual"] - 1).dropna(subset=["off"])
    years = f"January {ORIGINS[0]} to {ORIGINS[-1]}"
    caption = f"Each dot is one council's plans in all, forecast in {years}. Dark band: half of them."
    figure, axes = page(8.2, 3.7, "How far forecasts were from what came", caption)
    rng = np.random.default_rng(0)
    for ahead in (1, 2, 3):
        off = ours.loc[ours["ahead"] == ahead, "off"].to_numpy()
        low, first, third, high = np.percentile(off, [5, 25, 75, 95])
        axes.scatter(off, ahead + rng.uniform(-0.22, 0.22, len(off)), s=6, color=LINE, alpha=0.35, linewidths=0)
        axes.barh(ahead, third - first, 0.62, first, color=LINE, alpha=0.25)
        axes.plot([low, high], [ahead - 0.36] * 2, color=INK, lw=1.2)
        usual = np.median(np.abs(off))
        axes.text(0.262, ahead, f"usual error\n{usual:.1%}", va="center", fontsize=9, color=INK)
        print(
            f"{ahead} years: usual error {usual:.1%}, nine in ten between {low:+.1%} and {high:+.1%}, {len(off)} dots"
        )
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_xlim(-0.26, 0.26)
    axes.set_yticks([1, 2, 3], ["1 year on", "2 years on", "3 years on"])
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    gap = " " * 16
    words = f"forecast too low{gap}black line: nine in ten councils{gap}forecast too high"
    axes.set_xlabel(words, fontsize=9, color=QUIET)
    axes.set_position((0.10, 0.17, 0.79, 0.60))
    save(figure, "misses")


def draw_rivals(rows: pd.DataFrame) -> None:
    """The usual error of totals three years on, by method, averaged over origins."""
    three = rows[(rows["level"] == "total") & (rows["ahead"] == 3) & (rows["actual"] > 0)]
    off = three.assign(off=(three["forecast"] / three["actual"] - 1).abs())
    usual = off.groupby(["method", "origin"])["off"].median().groupby("method").mean()
    caption = "Plans in all of some 150 councils, forecast in January 2017, 2018 and 2019 from what was known then."
    figure, axes = page(8.2, 3.2, "Three years on: the usual council's error, beside simpler ways", caption)
    for place, (method, words) in enumerate(METHODS.items()):
        axes.barh(
            place, usual[method], 0.68, color=LINE if method == WITH_SIGNALS else FAN if method == OURS else RIVAL
        )
        axes.text(usual[method] + 0.002, place, f"{usual[method]:.1%}", va="center", fontsize=9, color=INK)
        print(f"{words}: {usual[method]:.1%}")
    axes.set_yticks(range(len(METHODS)), list(METHODS.values()))
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_position((0.40, 0.12, 0.55, 0.66))
    save(figure, "rivals")


def draw_signals() -> None:
    """What one robust deviation more of each signal means for plans three years on, other signals being equal."""
    figures = shipped()["signals"]
    total = {
        name: float(np.expm1(weight * figures["spread"][-1][2]))
        for name, weight in zip(SIGNALS, figures["coefficients"][-1], strict=True)
        if weight
    }
    total["own growth of the last year"] = total.pop("growth of the total") + 0.0
    total["growth of its 5 to 10 year olds"] = total.pop("own growth")
    order = sorted(total, key=lambda name: abs(total[name]), reverse=True)
    words = "A council that has more of it than five in six others, all else equal: plans against the usual council's."
    figure, axes = page(8.2, 3.2, "What a council's figures say of its plans in three years", words)
    for place, name in enumerate(order):
        effect = total[name]
        axes.barh(place, effect, 0.66, color=LINE if effect > 0 else MISS)
        axes.text(effect + (0.0006 if effect > 0 else -0.0006), place, f"{effect:+.1%}", va="center", fontsize=9,
                  ha="left" if effect > 0 else "right", color=INK)  # fmt: skip
        print(f"{name}: {effect:+.1%}")
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(range(len(order)), order)
    axes.invert_yaxis()
    axes.set_xlim(min(total.values()) * 1.45, max(total.values()) * 1.3)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_position((0.31, 0.12, 0.65, 0.66))
    save(figure, "signals")


def draw_england(history: pd.DataFrame, signals: dict[str, pd.DataFrame]) -> None:
    """England's plans, and what the councils' forecasts added up to from every second January."""
    published = {int(year): row[-1] for year, row in shipped()["england"].items()}
    words = "England's plans (line), and what councils' forecasts added up to (dashes), each from what was known then."
    figure, axes = page(8.2, 3.6, "What no method saw: plans up to 25 from 2014", words)
    axes.plot(list(published), list(published.values()), color=INK, lw=2.2)
    year = history["year"]
    for origin in (2013, 2014, 2016, 2018, 2020, 2022):
        known = {"requests": signals["requests"], "children": signals["children"], "regions": signals["regions"],
                 "new_plans": signals["new_plans"]}  # fmt: skip
        ahead = project(history[year <= origin], 3, 0, **known).query("age_band == 'total'")
        sums = ahead.groupby("year")["p50"].sum()
        start = published[origin]
        colour = MISS if origin < 2017 else LINE
        axes.plot([origin, *sums.index], [start, *sums], color=colour, ls="--", lw=1.6, marker="o", ms=3)
        print(f"from {origin}: {sums.iloc[-1] / published[origin + 3] - 1:+.1%} in {origin + 3}")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda plans, _: f"{plans / 1000:,.0f},000" if plans else "0"))
    axes.set_ylim(0, 700_000)
    axes.set_xticks(range(2010, 2026, 3))
    save(figure, "england")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    history, signals = read_sen2_age(folder / "sen2_age_caseload.csv.gz"), read_signals(folder)
    rows = band_outcomes(history, ORIGINS, signals=signals)
    draw_misses(rows)
    draw_rivals(rows)
    draw_signals()
    draw_england(history, signals)
    held = scored(rows[rows["method"] == WITH_SIGNALS])
    print(held[["level", "ahead", "coverage", "series", "origins"]].to_string(index=False))


if __name__ == "__main__":
    main()
