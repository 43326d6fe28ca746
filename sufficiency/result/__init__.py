"""A result: the frames of the output catalogue, the summary, and the layers of the map."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class Result:
    """A plan's outcome. Tables are attributes by their file's name: `result.placements`, `result.gaps`, …

    `summary` is what `summary.json` holds. `areas`, `settings` and `desire_lines` are the layers of `plan.gpkg`, in
    EPSG:27700: areas with `demand_2026`, `awaiting_2026`, `gap_2026`, …; settings with `places_2026`,
    `children_2026`, `value_2026`, …; desire lines with year, area, setting, type and children.
    """

    frames: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    areas: gpd.GeoDataFrame = field(repr=False)
    settings: gpd.GeoDataFrame = field(repr=False)
    desire_lines: gpd.GeoDataFrame = field(repr=False)

    def save(self, folder: str | Path, *, parquet: bool = False) -> Path:
        """Write the result into `folder`, in place of an earlier one. Raises InputError where it cannot be used."""
        from sufficiency.result.folder import save

        return save(self, Path(folder), parquet=parquet)

    def __getattr__(self, name: str) -> pd.DataFrame:
        frames: dict[str, pd.DataFrame] = self.__dict__.get("frames", {})
        if name in frames:
            return frames[name]
        raise AttributeError(f"a result has no table {name!r}; it has {', '.join(frames)}")
