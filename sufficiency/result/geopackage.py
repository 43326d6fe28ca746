"""The layers of a result in one GeoPackage, the same bytes for the same result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pyogrio

from sufficiency.problems import InputError, Problem

BRITISH_GRID = 27700
_DATED = "OGR_CURRENT_DATE"
_NO_DATE = "2000-01-01T00:00:00.000Z"
"""Written as the time of the last change: the true one would make equal results differ."""


def write_layers(layers: dict[str, gpd.GeoDataFrame], file: Path, description: str = "") -> None:
    """Write each frame as a layer with a `description`, which QGIS shows. A row without geometry is written without
    one. Raises OSError where it cannot be written (a full disk).
    """
    with _without_date(), _as_file_errors(file):
        for name, frame in layers.items():
            placed = frame.to_crs(BRITISH_GRID) if frame.crs is not None else frame.set_crs(BRITISH_GRID)
            known = {kind for kind in placed.geometry.geom_type.unique() if kind}
            pyogrio.write_dataframe(
                placed,
                file,
                layer=name,
                driver="GPKG",
                geometry_type=None if known else _when_empty(name),
                append=file.exists(),
                layer_options={"DESCRIPTION": description} if description else None,
            )


def read_layers(file: Path, names: tuple[str, ...]) -> list[gpd.GeoDataFrame]:
    """The layers called `names`. Raises InputError where the file is missing or damaged."""
    try:
        return [pyogrio.read_dataframe(file, layer=name) for name in names]
    except (RuntimeError, ValueError):  # all errors of pyogrio are RuntimeErrors; a shape that is none is a ValueError
        what = "this is not the map of a result as it was saved"
        raise InputError([Problem(what, str(file), fix="plan again, or restore the file")]) from None


@contextmanager
def _as_file_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError) as error:
        raise OSError(f"{file.name}: {error}") from None


def _when_empty(layer: str) -> str:
    return {"areas": "MultiPolygon", "settings": "Point"}.get(layer, "LineString")


@contextmanager
def _without_date() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option(_DATED)
    pyogrio.set_gdal_config_options({_DATED: _NO_DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_DATED: before})
