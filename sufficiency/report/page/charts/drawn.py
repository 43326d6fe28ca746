"""Which chart shows an exhibit: drawn twice, for a wide page and for a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import Markup

from sufficiency.report.content.exhibit import Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.words import Bare, plain
from sufficiency.report.page.charts.bars import Bar, bars_chart, columns_chart
from sufficiency.report.page.charts.dots import Pair, dots_chart
from sufficiency.report.page.charts.lines import NARROW, WIDE, Frame, Line, lines_chart
from sufficiency.report.page.charts.panels import panels_chart, stacked_panels
from sufficiency.report.page.charts.timeline import Opening, timeline
from sufficiency.report.words import DO_NOTHING_MORE


@dataclass(frozen=True)
class Drawing:
    """One picture of an exhibit, with a title where there are several; `narrow` is for phones."""

    wide: Markup
    narrow: Markup
    title: str = ""


OVER_YEARS = ("demand", "placed", "grant", "funds")
"""Exhibits drawn as lines, which takes two years."""
Drawer = Callable[[Exhibit], list[Drawing]]


def drawings(exhibit: Exhibit) -> list[Drawing]:
    """The pictures of an exhibit; none where its table is the picture."""
    drawer = _DRAWERS.get(exhibit.id)
    if drawer is None or (exhibit.id in OVER_YEARS and len(exhibit.years) < 2):
        return []
    return drawer(exhibit)


def figures_of(exhibit: Exhibit, row: int) -> dict[int, Figure]:
    """The figures of a row by year."""
    cells = zip(exhibit.years, exhibit.rows[row][1:], strict=True)
    return {year: cell for year, cell in cells if isinstance(cell, Figure)}


def _lines_of(exhibit: Exhibit, wanted: list[tuple[int, str, str, bool]]) -> list[Line]:
    lines = [Line(name, style, figures_of(exhibit, row), stepped) for row, name, style, stepped in wanted]
    return [line for line in lines if len(line.figures) > 0]


def _both(exhibit: Exhibit, lines: list[Line], narrow: dict[str, str], *, between: tuple[int, int] | None) -> Drawing:
    label = f"Line chart. {plain(exhibit.finding)}. {exhibit.about}"
    short = [replace(line, name=narrow.get(line.name, line.name)) for line in lines]
    return Drawing(lines_chart(label, lines, WIDE, between=between), lines_chart(label, short, NARROW, between=between))


def _demand(exhibit: Exhibit) -> list[Drawing]:
    lines = _lines_of(
        exhibit,
        [
            (0, "Need a place", "need", False),
            (1, "Placed in state-funded", "plan", False),
            (2, "State-funded places", "limit", True),
        ],
    )
    short = {"Placed in state-funded": "Placed in state", "State-funded places": "State places"}
    return [_both(exhibit, lines, short, between=None)]


def _short(exhibit: Exhibit) -> list[Drawing]:
    figures = figures_of(exhibit, 0)
    label = f"Bar chart. {plain(exhibit.finding)}. {exhibit.about}"
    return [Drawing(columns_chart(label, figures, 760, 210), columns_chart(label, figures, 360, 200))]


def _bars_beside(exhibit: Exhibit) -> list[Drawing]:
    """Small charts, each the plan beside doing nothing more, from rows that come in pairs."""
    drawn = []
    frame = Frame(246, 178, left=44, right=58, top=12, bottom=24)
    for row in range(0, len(exhibit.rows) - 1, 2):
        title = str(exhibit.rows[row][0]).removesuffix(": plan")
        lines = _lines_of(exhibit, [(row + 1, "", "nothing", False), (row, "", "plan", False)])
        if len(lines) < 2:
            continue
        label = f"Line chart, {title}: plan and {DO_NOTHING_MORE}. {exhibit.about}"
        picture = lines_chart(label, lines, frame)
        drawn.append(Drawing(picture, Markup(""), title))
    return drawn


def _grant(exhibit: Exhibit) -> list[Drawing]:
    lines = _lines_of(
        exhibit,
        [
            (2, "Spent: do nothing more", "nothing", False),
            (1, "Spent: plan", "plan", False),
            (0, "Available", "limit", False),
        ],
    )
    return [_both(exhibit, lines, {"Spent: do nothing more": "Nothing more", "Spent: plan": "Plan"}, between=(0, 1))]


def _deficit(exhibit: Exhibit) -> list[Drawing]:
    bars = []
    for row in range(0, len(exhibit.rows), 2):
        plan, nothing = figures_of(exhibit, row), figures_of(exhibit, row + 1)
        name = str(exhibit.rows[row][0]).removesuffix(": plan")
        years = [max(plan)] if row else sorted(plan)
        bars += [
            Bar(f"{name}, 31 March {year + 1}", _under(plan[year]), _under(nothing[year]))
            for year in years
            if year in nothing
        ]
    return _bars(exhibit, bars, 230, 118)


def _under(figure: Figure) -> Figure | Bare:
    """A deficit as a bar to the right."""
    return Bare(figure) if figure.value < 0 else figure


def _budget_lines(exhibit: Exhibit) -> list[Drawing]:
    bars = [Bar(str(row[0]), row[-1]) for row in exhibit.rows if isinstance(row[-1], Figure)]
    return _bars(exhibit, bars, 250, 130)


def _bars(exhibit: Exhibit, bars: list[Bar], names: float, narrow: float, style: str = "plan") -> list[Drawing]:
    label = f"Bar chart. {plain(exhibit.finding)}. {exhibit.about}"
    return [Drawing(bars_chart(label, bars, 760, names, style), bars_chart(label, bars, 360, narrow, style))]


def _opens(exhibit: Exhibit) -> list[Drawing]:
    openings = [
        Opening(str(row[0]), row[1], row[2])
        for row in exhibit.rows
        if isinstance(row[1], Figure) and isinstance(row[2], Figure)
    ]
    label = f"Timeline. {plain(exhibit.finding)}."
    years = range(exhibit.years[0], exhibit.years[-1] + 1)
    return [Drawing(timeline(label, openings, years, 760, 250), timeline(label, openings, years, 360, 130))]


def _values(exhibit: Exhibit) -> list[Drawing]:
    bars = [
        Bar(str(row[0]), row[1], before="at most" if row[-1] == "at most" else "")
        for row in exhibit.rows
        if isinstance(row[1], Figure)
    ]
    return _bars(exhibit, bars, 270, 130)


def _scenarios(exhibit: Exhibit) -> list[Drawing]:
    rows = [(str(row[0]), [cell if isinstance(cell, Figure) else None for cell in row[1:]]) for row in exhibit.rows]
    label = f"Bar charts. {plain(exhibit.finding)}."
    heads = list(exhibit.heads[1:])
    return [Drawing(panels_chart(label, heads, rows, 860, 150), stacked_panels(label, heads, rows, 360, 130))]


def _dots(exhibit: Exhibit) -> list[Drawing]:
    rows = [
        Pair(str(row[0]), row[2], row[3])
        for row in exhibit.rows
        if isinstance(row[2], Figure) and isinstance(row[3], Figure)
    ]
    if not rows or not exhibit.heads[3].startswith("if we"):
        return []
    label = f"Dot chart. {plain(exhibit.finding)}. {exhibit.about}"
    return [Drawing(dots_chart(label, rows, 760, 230), dots_chart(label, rows, 360, 120))]


_DRAWERS: dict[str, Drawer] = {
    "demand": _demand,
    "short": _short,
    "placed": _bars_beside,
    "grant": _grant,
    "deficit": _deficit,
    "lines": _budget_lines,
    "funds": _bars_beside,
    "opens": _opens,
    "values": _values,
    "scenarios": _scenarios,
    **{f"impact-{group}": _dots for group in ("locality", "need", "phase", "imd-quintile", "rural", "type")},
}
