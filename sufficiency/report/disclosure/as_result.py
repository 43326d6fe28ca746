"""A release as a result, so that every form shows it as it shows a result in full: made of published files and of what
is public, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.report.disclosure.catalogue import LEFT_OUT, NOT_ANNOUNCED
from sufficiency.report.disclosure.published import ALWAYS, Claims, Reading
from sufficiency.result import Result

_PUBLIC = (
    *("model", "model_file", "about", "scenario", "scenario_about", "base_year", "years", "labels", "status"),
    *("clean_slate", "fictional", "illustrative", "data", "longer_by_minutes", "versions", "by_pattern_types"),
)
"""Keys of a summary that say nothing of children."""
_AREA = ("area", "name", "locality", "x", "y", "imd_decile")
_SETTING = ("setting", "name", "type", "locality", "in_area", "x", "y")


@dataclass(frozen=True)
class Ground:
    """What is public of places: areas and the settings whose site is announced, with their outlines and points."""

    areas: gpd.GeoDataFrame
    settings: gpd.GeoDataFrame

    @classmethod
    def of(cls, result: Result, announced: frozenset[str]) -> Ground:
        """That of a result, without its figures."""
        settings = result.settings
        settings = settings[settings["setting"].astype(str).isin(announced)].reset_index(drop=True)
        return cls(_only(result.areas, _AREA), _only(settings, _SETTING))


def _only(layer: gpd.GeoDataFrame, names: tuple[str, ...]) -> gpd.GeoDataFrame:
    return layer[[*(name for name in names if name in layer), layer.geometry.name]]


def public_summary(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What of a summary may be published: what was planned, and no figure of it."""
    known = {name: summary[name] for name in _PUBLIC if name in summary}
    names = summary["finance"].get("budget_line_names", {})
    none: dict[str, Any] = {"inputs": {}, "warnings": [], "rules": [], "places_most_worth": []}
    return {**known, **none, "finance": {"budget_line_names": names}}


def why_of(claims: Claims) -> str:
    """Why figures look as they do, in a sentence."""
    if claims.method != "rounding":
        return (
            "Some numbers of children are left blank so that nobody can work out how few children stand behind a small "
            "figure; all figures that are shown add up."
        )
    ends = {5: "end in 0 or 5", 10: "end in 0"}.get(claims.base, f"are multiples of {claims.base}")
    return (
        f"Numbers of children {ends} because each was rounded so that nobody can work out how few children stand "
        "behind a small figure, and so that all tables still add up."
    )


def as_result(reading: Reading, scenario: str, summary: Mapping[str, Any], ground: Ground) -> Result:
    """One scenario of a release as a result. `summary`: what `public_summary` gives; tables that a release does not
    have are absent, and columns too.
    """
    frames = {name: _rows(frame, scenario) for name, frame in reading.tables.items()}
    frames = {name: frame for name, frame in frames.items() if len(frame) or name in ALWAYS}
    frames["area_gaps"] = frames["area_gaps"].assign(need="", phase="")
    released = {
        "method": reading.claims.method,
        "base": reading.claims.base,
        "why": why_of(reading.claims),
        "money_step": reading.claims.money_step,
        "left_out": [list(row) for row in LEFT_OUT],
        "blank": "" if reading.claims.method == "rounding" else "a number of children that is not published",
    }
    shown = {**summary, "release": released, "programme": _programme(frames, ground), "appraisal": "left out"}
    areas, settings = _with_figures(frames, ground, [int(year) for year in summary["years"]])
    return Result(frames, shown, areas, settings, gpd.GeoDataFrame(geometry=[], crs=areas.crs))


def _rows(frame: pd.DataFrame, scenario: str) -> pd.DataFrame:
    return frame[frame["scenario"] == scenario].drop(columns="scenario").reset_index(drop=True)


def _programme(frames: Mapping[str, pd.DataFrame], ground: Ground) -> dict[str, Any]:
    """What opens, named after the setting; a site that is not announced has no name."""
    if "programme" not in frames:
        return {}
    names = dict(zip(ground.settings["setting"].astype(str), ground.settings["name"].astype(str), strict=True))
    rows = [
        {
            "option": str(row["option"]),
            "opens": int(row["opens"]),
            "setting": str(row["setting"]),
            "name": f"{row['option']}, {names.get(str(row['setting']), row['setting'])}"
            if row["setting"]
            else f"Site {row['option']}",
            "type": str(row["type"]),
            "flags": "",
            "part": 1.0,
        }
        for row in frames["programme"].to_dict("records")
    ]
    return {"opened": rows, "appraisal": rows}


def _with_figures(
    frames: Mapping[str, pd.DataFrame], ground: Ground, ends: list[int]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The layers with figures by year: areas with `demand_2026`, `gap_2026` …, settings with `places_2026`,
    `children_2026` …
    """
    years = range(ends[0], ends[1] + 1)
    areas, settings = ground.areas.copy(), ground.settings.copy()
    by_area = frames["area_gaps"]
    by_area = by_area[by_area["area"] != UNKNOWN_AREA]
    lines = frames["occupancy"]
    lines = lines[~lines["line"].str.startswith(NOT_ANNOUNCED)]
    for year in years:
        of_year = by_area[by_area["year"] == year].set_index("area")
        there = lines[lines["year"] == year].groupby("setting")
        for name, column in (("demand", "demand"), ("gap", "shortfall")):
            areas[f"{name}_{year}"] = _figures(of_year[column], areas["area"])
        for column in ("places", "children"):
            # a line without a limit, or one that is hidden, leaves the sum blank; no line at all is 0
            whole = there[column].sum().where(there[column].count() == there[column].size())
            settings[f"{column}_{year}"] = _figures(whole, settings["setting"])
    return areas, settings


def _figures(values: pd.Series[float], codes: pd.Series[str]) -> Floats:
    return np.asarray(values.reindex(codes.astype(str), fill_value=0.0), dtype=np.float64)


def columns_of_map(years: Sequence[int]) -> dict[str, frozenset[str]]:
    """The columns that a published map may have, by layer."""
    return {
        "areas": frozenset({*_AREA, *(f"{name}_{year}" for name in ("demand", "gap") for year in years)}),
        "settings": frozenset({*_SETTING, *(f"{name}_{year}" for name in ("places", "children") for year in years)}),
    }
