"""Map layers (whatever GDAL reads) and Parquet."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors

from sufficiency.problems import Problem, did_you_mean
from sufficiency.tables.cells import Cells, text_frame, tidy

if TYPE_CHECKING:
    from sufficiency.tables.locate import Located


def read_layer(located: Located, table: str) -> Cells:
    """The features of a layer: the one named, else the one called like the table, else the first. Raises
    InputError.
    """
    # a GML file may name a schema on the web: reading a table never fetches anything
    options = {"DOWNLOAD_SCHEMA": "NO"} if located.suffix == ".gml" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(located.path)]
            layer, several = _layer_name(located, table, layers)
            frame: Any = pyogrio.read_dataframe(located.path, layer=layer, **options)
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            pyogrio.errors.FeatureError,
            ValueError,
        ):
            raise located.unusable(
                "this file holds no map layer or table that can be read",
                "export it again as GeoPackage or CSV",
            ) from None
    notes: tuple[Problem, ...] = ()
    if several:
        notes = (
            Problem(
                f"the file has several layers; the first, {layer}, is read",
                located.called,
                fix=f"name the layer: {located.path.name}#{layer}",
                severity="warning",
            ),
        )
    return cells_of_frame(frame, table, located.called, notes)


def _layer_name(located: Located, table: str, layers: list[str]) -> tuple[str, bool]:
    wanted = located.part or table
    for name in layers:
        if name.casefold() == wanted.casefold():
            return name, False
    if located.part:
        raise located.unusable("the file has no such layer", did_you_mean(located.part, layers), located.part)
    if not layers:
        raise located.unusable("the file has no layer", "export it again as GeoPackage or CSV")
    return layers[0], len(layers) > 1


def read_parquet(located: Located, table: str) -> Cells:
    """The rows of a Parquet or GeoParquet file. Raises InputError where it is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        spatial = b"geo" in (pq.read_schema(located.path).metadata or {})
        frame: Any = gpd.read_parquet(located.path) if spatial else pd.read_parquet(located.path)
    except (pa.ArrowException, ValueError, OSError):
        raise located.unusable("this Parquet file is damaged", "export the table again") from None
    return cells_of_frame(frame, table, located.called)


def cells_of_frame(frame: pd.DataFrame, table: str, file: str, notes: tuple[Problem, ...] = ()) -> Cells:
    """The cells of a frame in memory; its first row counts as row 2, as in a file with a header."""
    shapes: gpd.GeoSeries | None = None
    rows = pd.RangeIndex(2, len(frame) + 2)
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None:
        shapes = frame.geometry.set_axis(rows)
        frame = pd.DataFrame(frame.drop(columns=[frame.active_geometry_name]))
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    text = text_frame(frame.set_axis(rows, axis=0))
    return tidy(table, file, list(text.columns), text, shapes=shapes, warnings=notes)
