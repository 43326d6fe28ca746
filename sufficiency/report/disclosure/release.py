"""What of a result is to be published: the tables of the catalogue, still with their true figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.codes import UNKNOWN_AREA
from sufficiency.report.disclosure.catalogue import (
    CATALOGUE,
    COUNTED,
    MEAN_STEPS,
    MONEY_MEASURES,
    NOT_ANNOUNCED,
    OTHERS,
    PUBLIC_MEASURES,
    STANDALONE,
    TYPE_GROUPS,
)
from sufficiency.report.disclosure.money import lines_shown, put_together, rounded, shown
from sufficiency.result import Result

Tables = dict[str, pd.DataFrame]
LOOSE = 100_000.0
"""£: what a cheaper plan could save at most is rounded up to multiples of it: weights for each child are in it."""


@dataclass(frozen=True)
class Release:
    """True figures in the shape in which they are published; `years` planned; money is rounded to `money_step` £ (0:
    not rounded).
    """

    tables: Tables
    scenarios: tuple[str, ...]
    years: tuple[int, ...]
    money_step: float = 0.0


def choose(results: Mapping[str, Result], announced: frozenset[str], rates: pd.DataFrame, base: int) -> Release:
    """The tables of results by scenario. `announced`: settings whose site is known to the public; `rates`: what a child
    costs, as the public knows it.
    """
    made = {scenario: _tables(result, announced) for scenario, result in results.items()}
    names = [name for name in CATALOGUE if any(name in tables for tables in made.values())]
    joined = {
        name: pd.concat(
            [tables[name].assign(scenario=scenario) for scenario, tables in made.items() if name in tables],
            ignore_index=True,
        )[list(CATALOGUE[name].columns)]
        for name in names
    }
    together = put_together(joined["spend"], joined["provision"], joined["occupancy"], rates, base)
    for name in ("spend", "spend_financial"):
        joined[name] = shown(joined[name], together)
    if "overspend" in joined:
        joined["overspend"] = lines_shown(joined["overspend"], together)
    joined["journeys"] = joined["journeys"][~joined["journeys"]["type"].isin(together.few)].reset_index(drop=True)
    measures = joined["measures"]
    joined["measures"] = measures[~measures["item"].isin(together.lines)].reset_index(drop=True)
    first = next(iter(results.values()))
    years = range(int(first.summary["years"][0]), int(first.summary["years"][1]) + 1)
    return Release(rounded(joined, together), tuple(results), tuple(years), together.step)


def _tables(result: Result, announced: frozenset[str]) -> Tables:
    frames = result.frames
    gaps = CATALOGUE["gaps"]
    tables: Tables = {
        "gaps": frames["gaps"][[*gaps.keys, *gaps.counts]],
        "area_gaps": _areas(result),
        "provision": frames["provision"][["year", "type", "need", "phase", "children"]],
        "occupancy": _lines(frames["occupancy"], announced),
        "changes": frames["changes"].groupby(["year", "from_type", "to_type"], as_index=False)[["children"]].sum(),
        "journeys": _journeys(frames["journeys"]),
        "measures": _measures(frames["measures"]),
        "spend": frames["spend"][list(CATALOGUE["spend"].columns[1:])],
        "spend_financial": frames["spend_financial"][list(CATALOGUE["spend_financial"].columns[1:])],
    }
    for name in ("overspend", "deficit"):
        if name in frames:
            tables[name] = frames[name]
    if "capital" in frames:
        tables["capital"] = frames["capital"].groupby(["year", "capital_by"], as_index=False)[["pounds"]].sum()
    if "programme" in frames:
        tables["programme"] = _programme(result, announced)
    return tables


def _areas(result: Result) -> pd.DataFrame:
    frame = result.frames["area_gaps"].groupby(["year", "area"], as_index=False)[["demand", "shortfall"]].sum()
    locality = result.areas.set_index("area")["locality"]
    return frame.assign(locality=frame["area"].map(locality).fillna(UNKNOWN_AREA))


def _lines(occupancy: pd.DataFrame, announced: frozenset[str]) -> pd.DataFrame:
    """Places and children by line; lines of sites not announced together."""
    lines = occupancy[["year", "line", "setting", "type", "places", "children"]].copy()
    hidden = ~lines["setting"].isin(announced)
    lines.loc[hidden, "line"] = NOT_ANNOUNCED + " (" + lines.loc[hidden, "type"] + ")"
    lines.loc[hidden, "setting"] = ""
    by = ["year", "line", "setting", "type"]
    grouped = lines.groupby(by, as_index=False, sort=True)
    summed: pd.DataFrame = grouped[["children"]].sum()
    return summed.assign(places=grouped[["places"]].sum(min_count=1)["places"])


def _programme(result: Result, announced: frozenset[str]) -> pd.DataFrame:
    opened = result.frames["programme"]
    types = result.settings.set_index("setting")["type"]
    hidden = ~opened["setting"].isin(announced)
    frame = opened.assign(
        type=opened["setting"].map(types).fillna(""),
        setting=opened["setting"].where(~hidden, ""),
    )
    frame.loc[hidden, "option"] = NOT_ANNOUNCED + " (" + frame.loc[hidden, "type"] + ")"
    by = ["option", "setting", "type", "opens"]
    return frame.groupby(by, as_index=False, sort=True)[["places", "capital"]].sum()


def _journeys(journeys: pd.DataFrame) -> pd.DataFrame:
    total = journeys.assign(minutes=journeys["children"] * journeys["mean_minutes"].fillna(0.0))
    summed = total.groupby(["year", "type"], as_index=False)[["children", "minutes"]].sum()
    mean = summed["minutes"] / summed["children"].where(summed["children"] > 0)
    return summed[["year", "type"]].assign(mean_minutes=mean)


def _measures(measures: pd.DataFrame) -> pd.DataFrame:
    counts = {*COUNTED, *STANDALONE, *TYPE_GROUPS, OTHERS, "children_in"}
    academic = (measures["period"] == "academic") & measures["measure"].isin(counts | set(MEAN_STEPS))
    money = measures["measure"].isin(MONEY_MEASURES | PUBLIC_MEASURES)
    chosen = measures[academic | money].copy()
    chosen["item"] = chosen["item"].fillna("")
    loose = chosen["measure"] == "saves_at_most"
    chosen.loc[loose, "plan"] = np.ceil(chosen.loc[loose, "plan"] / LOOSE) * LOOSE
    return chosen.reset_index(drop=True)


def with_steps(tables: Tables) -> Tables:
    """The tables with means rounded to their steps."""
    done = dict(tables)
    for name, table in CATALOGUE.items():
        for column, step in table.steps if name in done else ():
            done[name] = done[name].assign(**{column: _to_step(done[name][column], step)})
    measures = done["measures"].copy()
    for measure, step in MEAN_STEPS.items():
        rows = measures["measure"] == measure
        for column in ("today", "plan", "unmitigated"):
            measures.loc[rows, column] = _to_step(measures.loc[rows, column], step)
    return done | {"measures": measures}


def _to_step(values: pd.Series[float], step: float) -> pd.Series[float]:
    digits = max(0, -int(np.floor(np.log10(step))))
    return ((values / step).round() * step).round(digits)
