"""The numbers that maps show, summed from the tables of a result for the years, needs and phases asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from sufficiency.report.maps.ground import Ground
from sufficiency.report.maps.request import MapRequest
from sufficiency.result import Result
from sufficiency.tables.schema.results import OUTPUTS

Floats = NDArray[np.float64]


def table(result: Result, name: str) -> pd.DataFrame:
    """A table of the result; empty where the result has none."""
    return result.frames.get(name, pd.DataFrame({column.name: [] for column in OUTPUTS[name].columns}))


def chosen(result: Result, name: str, request: MapRequest) -> pd.DataFrame:
    """The rows of a table for the years asked for, and the needs and phases where it has them."""
    rows = table(result, name)
    keep = rows["year"].isin(request.years)
    if request.needs and "need" in rows:
        keep &= rows["need"].isin(request.needs)
    if request.phases and "phase" in rows:
        keep &= rows["phase"].isin(request.phases)
    return rows[keep]


def by_area(rows: pd.DataFrame, column: str, ground: Ground, years: Sequence[int]) -> tuple[Floats, list[float]]:
    """`column` summed by year and area [Y, A], and what lies in areas that are not on the map [Y]."""
    summed = rows.assign(area=rows["area"].astype(str)).pivot_table(
        index="year", columns="area", values=column, aggfunc="sum"
    )
    known = [code for code in summed.columns if code in ground.position and _has_place(ground, code)]
    on_map = summed.reindex(index=list(years), columns=list(ground.codes)).to_numpy(dtype=np.float64)
    elsewhere = summed.drop(columns=known).reindex(index=list(years)).to_numpy(dtype=np.float64)
    # where there is no row there is nobody of that area and year
    return np.nan_to_num(on_map), [float(total) for total in np.nan_to_num(elsewhere).sum(axis=1)]


def _has_place(ground: Ground, code: str) -> bool:
    place = ground.position[code]
    return ground.outlines[place] is not None or bool(np.isfinite(ground.centres[place]).all())


def sites(result: Result) -> pd.DataFrame:
    """Each setting's name, type and place (x, y; NaN where it is not on the map), by code."""
    settings = result.settings
    middle = shapely.centroid(np.array(settings.geometry.to_numpy(), dtype=object))
    return pd.DataFrame(
        {
            "name": settings["name"].astype(str).to_numpy(),
            "type": settings["type"].astype(str).to_numpy(),
            "x": np.asarray(shapely.get_x(middle), dtype=np.float64),
            "y": np.asarray(shapely.get_y(middle), dtype=np.float64),
        },
        index=pd.Index(settings["setting"].astype(str), name="setting"),
    )


def located(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the name, type and place of their settings; a type that the rows have themselves stays."""
    known = sites(result)
    wanted = known.drop(columns="type") if "type" in rows else known
    codes = rows["setting"].astype(str)
    missing = sorted(set(codes) - set(known.index))
    if missing:
        raise ValueError(f"settings of the result's tables that are not among its settings: {', '.join(missing[:5])}")
    return rows.assign(setting=codes).merge(
        wanted, left_on="setting", right_index=True, how="left", validate="many_to_one"
    )


def lines_used(result: Result, request: MapRequest) -> pd.DataFrame:
    """The year and line of every placement of the children asked for."""
    return chosen(result, "placements", request)[["year", "line"]].drop_duplicates()


def of_these_children(result: Result, rows: pd.DataFrame, request: MapRequest) -> pd.DataFrame:
    """The rows of a table by year and line whose line holds children of the needs and phases asked for."""
    if request.everyone:
        return rows
    return rows.merge(lines_used(result, request), on=["year", "line"], how="inner", validate="one_to_one")


def places_by_setting(result: Result, request: MapRequest) -> pd.DataFrame:
    """Settings by year with their `size`: places, or the children placed where not `is_limited`."""
    lines = of_these_children(result, chosen(result, "occupancy", request), request)
    is_limited = lines["places"].notna()
    lines = lines.assign(size=lines["places"].where(is_limited, lines["children"]), is_limited=is_limited)
    summed = lines.groupby(["year", "setting"], as_index=False).agg({"size": "sum", "is_limited": "all"})
    return located(result, summed.loc[summed["size"] > 0])


def value_by_setting(result: Result, request: MapRequest) -> pd.DataFrame:
    """Settings by year with `pounds_from` of the line where one more place is worth most, and whether it is a bound."""
    lines = of_these_children(result, chosen(result, "place_values", request), request)
    best = (
        lines.fillna({"pounds_from": 0.0})
        .sort_values("pounds_from", ascending=False, kind="stable")
        .drop_duplicates(["year", "setting"])
    )
    best = best.assign(is_bound=best["how"] == "dual")
    columns = ["year", "setting", "pounds_from", "is_bound"]
    return located(result, best.sort_values(["year", "setting"])[columns])


def flows(result: Result, request: MapRequest) -> pd.DataFrame:
    """Children by year, area, setting and type of line, with the setting's place."""
    rows = chosen(result, "placements", request)
    lines = table(result, "occupancy").drop_duplicates("line")[["line", "type"]]
    typed = rows.merge(lines, on="line", how="left", validate="many_to_one")
    of_setting = typed["setting"].astype(str).map(sites(result)["type"])
    typed["type"] = typed["type"].where(typed["type"].notna(), of_setting)  # no open line: the type of its setting
    summed = typed.groupby(["year", "area", "setting", "type"], as_index=False)[["children"]].sum()
    return located(result, summed)


def in_years(rows: pd.DataFrame, column: str, years: Sequence[int]) -> list[float]:
    """The sum of `column` in each of the years."""
    return [float(rows.loc[rows["year"] == year, column].sum()) for year in years]
