"""Places against children as the tables have them, before anything is planned: one screen for `check`."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sufficiency.case import Case
from sufficiency.codes import AWAITING, PHASE_LABELS, SCHOOL_PHASES, STATE_FUNDED
from sufficiency.report.words import academic_year, columns_of
from sufficiency.tables.checks.placements import placed_and_forecast
from sufficiency.tables.origin import standing_of

Floats = NDArray[np.float64]
Row = tuple[Floats, Floats, Floats]
"""Children, those of them elsewhere, and places, by year."""

MOST_NEEDS = 10
WIDE = 110
_LABEL = 24
_WIDTHS = {"need": 6, "other": 6, "places": 7, "spare": 7}
_YEAR_WIDTH = sum(_WIDTHS.values())
_SEEK_A_PLACE = STATE_FUNDED | {"independent", "non_maintained"}
"""Types whose children would take a place of a state-funded setting if there were one for them."""


def supply_screen(case: Case) -> str:
    """Children, state-funded places and the difference by phase and by need; who is placed where today; journeys."""
    supply = _supply(case)
    blocks = [
        _title(case),
        _table("By phase", supply.years, _phase_rows(case, supply), total=True),
        _table(f"By need, the {MOST_NEEDS} largest", supply.years, _need_rows(case, supply), total=False),
        _footnote(),
        _today(case, supply),
        _no_limit(case, supply),
        _journeys(case),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


@dataclass(frozen=True)
class _Supply:
    """`children`, `other` (of them) and `places` have the years as columns and (need, row's phase) as rows.

    `lines` has one row a line, `room` its places by year.
    """

    years: list[int]
    children: pd.DataFrame
    other: pd.DataFrame
    places: pd.DataFrame
    lines: pd.DataFrame
    room: pd.DataFrame


def _supply(case: Case) -> _Supply:
    model = case.model
    years = list(dict.fromkeys([model.base_year, *model.years]))
    phase_of = {phase.code: row_phase(case, phase.code) for phase in model.phase_list}
    demand = case.tables.demand
    demand = demand[demand["year"].isin(years)]
    children = demand.pivot_table(
        index=["need", "phase"], columns="year", values="children", aggfunc="sum", fill_value=0.0
    ).reindex(columns=years, fill_value=0.0)
    lines = case.tables.places.sort_values("from_year", kind="stable").drop_duplicates("line").set_index("line")
    room = pd.DataFrame({year: _room(case, year) for year in years}, index=lines.index)
    state = lines["type"].isin(STATE_FUNDED).to_numpy() & room.notna().all(axis=1).to_numpy()
    places = _shared_out(children, lines[state], room[state])
    by_row = [children.index.get_level_values("need"), children.index.get_level_values("phase").map(phase_of)]
    other = children.mul(_share_elsewhere(case, children.index, lines["type"]), axis=0)
    children, other, places = (frame.groupby(by_row, sort=False).sum() for frame in (children, other, places))
    return _Supply(years, children, other, places, lines, room)


def _share_elsewhere(case: Case, cells: pd.Index[Any], kinds: pd.Series[str]) -> pd.Series[float]:
    """Of the children of each need and phase, the share who are placed today where no place has to be found for them:
    colleges and others without a limit, EOTAS and home education. 0 where nobody is placed.
    """
    placements = case.tables.placements
    if placements is None or not len(placements):
        return pd.Series(0.0, cells)
    placed = placements[placements["line"] != AWAITING]
    elsewhere = placed["children"].where(~placed["line"].map(kinds).isin(_SEEK_A_PLACE), 0.0)
    keys = [placed["need"], placed["phase"]]
    share = elsewhere.groupby(keys).sum() / placed["children"].groupby(keys).sum()
    return share.reindex(cells).fillna(0.0)  # nobody placed: nobody elsewhere


def row_phase(case: Case, code: str) -> str:
    """The row a phase belongs in: itself, or the school phase of a year group."""
    if case.model.phases != "year_groups":
        return code
    return next(name for name, (first, last) in SCHOOL_PHASES.items() if first <= int(code) <= last)


def _room(case: Case, year: int) -> pd.Series[float]:
    """Places by line for the children of the demand table; NaN: no limit.

    There are none before the line starts or while its setting is closed.
    """
    rows = case.tables.places.sort_values("from_year", kind="stable")
    lines = rows["line"].drop_duplicates()
    holding = rows[rows["from_year"] <= year].drop_duplicates("line", keep="last").set_index("line")
    settings = case.tables.settings.set_index("setting").loc[holding["setting"]]
    # blank: open already, and stays open
    is_open = (settings["opens"].fillna(-np.inf) <= year) & (settings["closes"].fillna(np.inf) > year)
    reserve = np.where(holding["type"].isin(STATE_FUNDED), case.model.rules.reserve, 0.0)
    enrolled = [case.model.continuity.enrolled(line) for line in holding.index]
    free = holding["places"] * enrolled * (1 - reserve) - holding["imported"] - holding["reserved"]
    free = free.clip(lower=0.0).where(is_open.to_numpy(), 0.0)
    # a line that has not started has no row yet, so no places
    room: pd.Series[float] = free.reindex(lines).where(lines.isin(holding.index).to_numpy(), 0.0)
    return room


def _shared_out(children: pd.DataFrame, lines: pd.DataFrame, room: pd.DataFrame) -> pd.DataFrame:
    """The places of lines by cell of `children`: a line's are shared over the cells it takes, in proportion.

    A line none of whose cells has children that year is shared evenly.
    """
    needs = children.index.get_level_values("need")
    phases = children.index.get_level_values("phase")
    fits = np.array(
        [needs.isin(taken) & phases.isin(ages) for taken, ages in zip(lines["needs"], lines["phases"], strict=True)],
        dtype=float,
    ).reshape(len(lines), len(children))
    shared = {}
    for year in children.columns:
        weights = fits * children[year].to_numpy(dtype=float)
        nobody = weights.sum(axis=1) == 0
        weights[nobody] = fits[nobody]
        totals = weights.sum(axis=1)
        part: Floats = np.divide(room[year].to_numpy(dtype=float), totals, out=np.zeros(len(lines)), where=totals > 0)
        shared[year] = part @ weights
    return pd.DataFrame(shared, index=children.index)


def _title(case: Case) -> list[str]:
    first, last = case.model.years
    scenario = "" if case.scenario == "base" else f", scenario {case.scenario}"
    lines = [f"{case.model.name}{scenario}: places against children, {academic_year(first)} to {academic_year(last)}"]
    standing = standing_of(case.model)
    return [*lines, standing.screen] if standing else lines


def _table(title: str, years: list[int], rows: dict[str, Row], *, total: bool) -> list[str]:
    head = " " * _LABEL + "".join(f"{academic_year(year):^{_YEAR_WIDTH}}" for year in years)
    names = "".join(f"{name:>{width}}" for _ in years for name, width in _WIDTHS.items())
    lines = [head.rstrip(), f"{title:<{_LABEL}}{names}"]
    for label, row in rows.items():
        lines.append(f"  {_cut(label, _LABEL - 2):<{_LABEL - 2}}{_cells(*row)}")
    if total and rows:
        lines.append(f"  {'All':<{_LABEL - 2}}{_cells(*np.sum(list(rows.values()), axis=0))}")
    return lines


def _cut(label: str, width: int) -> str:
    return label if len(label) <= width else label[: width - 1].rstrip(" ,") + "…"


def _cells(children: Floats, other: Floats, places: Floats) -> str:
    text = ""
    for many, elsewhere, room in zip(children, other, places, strict=True):
        spare = round(room) - (round(many) - round(elsewhere))
        sign = "+" if spare > 0 else "−" if spare < 0 else ""
        figures = (f"{round(many):,}", f"{round(elsewhere):,}", f"{round(room):,}", f"{sign}{abs(spare):,}")
        text += columns_of(figures, list(_WIDTHS.values()))
    return text


def _phase_rows(case: Case, supply: _Supply) -> dict[str, Row]:
    order = dict.fromkeys(row_phase(case, phase.code) for phase in case.model.phase_list)
    frames = _frames(supply, "phase")
    labels = case.model.labels.phases
    return {
        labels.get(code, PHASE_LABELS.get(code, case.model.phase_label(code))): _row(frames, code)
        for code in order
        if code in frames[0].index
    }


def _need_rows(case: Case, supply: _Supply) -> dict[str, Row]:
    frames = _frames(supply, "need")
    largest = frames[0][supply.years[-1]].sort_values(ascending=False, kind="stable").index[:MOST_NEEDS]
    return {f"{code} {case.model.need_label(code)}": _row(frames, code) for code in largest}


def _frames(supply: _Supply, level: str) -> list[pd.DataFrame]:
    return [frame.groupby(level=level).sum() for frame in (supply.children, supply.other, supply.places)]


def _row(frames: list[pd.DataFrame], code: str) -> Row:
    children, other, places = (frame.loc[code].to_numpy(dtype=float) for frame in frames)
    return children, other, places


def _footnote() -> list[str]:
    return [
        "Need: children who need a specialist place. Other: those of them who, placed as today, are in colleges and",
        "others without a limit, in EOTAS or in home education. Places: those of state-funded settings for them,",
        "less what is kept free. Spare: places less the children who are not in other; below 0 are short. A",
        "line of places for several phases or needs is shared over them in proportion to the children.",
    ]


def _today(case: Case, supply: _Supply) -> list[str]:
    """Children placed in the base year by type of setting, and how full that is."""
    placements = case.tables.placements
    if placements is None or not len(placements):
        return ["Where children are today is not given: add the table placements."]
    placed = placements.groupby("line")["children"].sum()
    base = supply.room[supply.years[0]]
    lines = supply.lines.assign(
        room=base,
        # no row in placements: nobody is placed in the line
        placed=placed.reindex(supply.lines.index).fillna(0.0),
    )
    shown = [f"{'Placed today':<36}{'children':>10}{'places':>10}{'full':>8}"]
    by_type = lines.groupby("type")["placed"].sum().sort_values(ascending=False, kind="stable")
    for kind, children in by_type.items():
        room = lines.loc[lines["type"] == kind, "room"]
        if round(float(children)) or room.sum() > 0:
            shown.append(
                f"  {case.model.type_label(str(kind))[:33]:<34}{round(float(children)):>10,}{_full(lines, str(kind))}"
            )
    waiting = float(placed.get(AWAITING, 0.0))
    shown.append(f"  {'Awaiting a place':<34}{round(waiting):>10,}")
    unplaced = _in_no_row(case, placements)
    if unplaced >= 0.5:
        shown.append(f"  {'In demand and in no row: they wait':<34}{round(unplaced):>10,}")
    return shown


def _in_no_row(case: Case, placements: pd.DataFrame) -> float:
    """Children of the base year whom demand has and placements do not: they count as awaiting a place."""
    there, forecast = placed_and_forecast(placements, case.tables.demand, case.model.base_year)
    return float((forecast - there.reindex(forecast.index).fillna(0.0)).clip(lower=0.0).sum())


def _full(lines: pd.DataFrame, kind: str) -> str:
    """Places and how full they are, of the lines of a type that have a limit."""
    of_type = lines[lines["type"] == kind]
    limited = of_type[of_type["room"].notna()]
    places = float(limited["room"].sum())
    if not len(limited):
        return f"{'no limit':>10}"
    share = f"{float(limited['placed'].sum()) / places:.0%}" if places > 0 else "–"
    return columns_of((f"{round(places):,}", share), (10, 8))


def _no_limit(case: Case, supply: _Supply) -> list[str]:
    free = supply.lines[supply.room.isna().any(axis=1)]
    if not len(free):
        return ["Every line of places has a limit."]
    counts = free.groupby("type").size().sort_values(ascending=False, kind="stable")
    unlimited = ", ".join(f"{case.model.type_label(str(kind))} {number}" for kind, number in counts.items())
    return wrap(f"Lines of places without a limit, which “places” and “full” leave out: {unlimited}.", WIDE)


def _journeys(case: Case) -> list[str]:
    method = {
        "straight_line": "straight line, calibrated to roads",
        "matrix": "the travel table",
        "osrm": "by road (OSRM, © OpenStreetMap contributors)",
    }
    words = f"Journeys: {method[case.journeys.method]}"
    placements = case.tables.placements
    if placements is None or not len(placements):
        return [f"{words}."]
    setting = case.tables.places.drop_duplicates("line").set_index("line")["setting"]
    known = placements[placements["line"].isin(setting.index)]
    area = pd.Index(case.journeys.areas).get_indexer(pd.Index(known["area"]))
    site = pd.Index(case.journeys.settings).get_indexer(pd.Index(known["line"].map(setting)))
    there = (area >= 0) & (site >= 0)
    minutes = case.journeys.minutes[area[there], site[there]]
    children = known["children"].to_numpy(dtype=float)[there]
    children, minutes = children[np.isfinite(minutes)], minutes[np.isfinite(minutes)]
    if children.sum() <= 0:
        return [f"{words}."]
    return [
        f"{words}; {np.average(minutes, weights=children):.0f} minutes one way on average for children placed today."
    ]
