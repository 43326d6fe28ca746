"""The small areas (LSOA 2021) of an authority: boundaries, wards and districts, deprivation."""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from sufficiency.problems import InputError, Problem
from sufficiency.sources.published.cache import cached
from sufficiency.sources.published.districts import current_code
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import Numbers, plain
from sufficiency.sources.published.recognise import LSOA_CODE
from sufficiency.sources.published.text_file import read_text

BRITISH_GRID = 27700
_LAD_CODE = r"((?:lad|ltla)_?(20)?\d\d_?(cd|code)|lad_\d{4}_code|local_authority_district_code\w*|lad_?cd)"
_LAD_NAME = r"((?:lad|ltla)_?(20)?\d\d_?(nm|name)|lad_\d{4}_name|local_authority_district_name\w*|lad_?nm)"
_WARD_NAME = r"wd_?(20)?\d\d_?(nm|name)"
_COUNTY = r"(ctyua|cty|utla)_?(20)?\d\d_?(cd|code)"


@dataclass(frozen=True)
class Lookup:
    """`rows` by LSOA code: `district`, `district_name`, `ward`, `county` (codes and names; blank where not known)."""

    rows: pd.DataFrame
    notes: tuple[Problem, ...] = ()


def column_like(names: list[str], pattern: str) -> str | None:
    """The first column whose plain heading is like `pattern`."""
    return next((name for name in names if re.fullmatch(pattern, name)), None)


def read_lookup(download: Download, wanted: dict[str, str], county: str) -> Lookup:
    """Small areas of the districts `wanted` (or of the county, where the file has counties) of a lookup, the Indices
    of Deprivation or the like.
    """
    asked = ",".join([*sorted(wanted), county])

    def read() -> pd.DataFrame:
        table = read_text(download.path, download.called)
        names = list(table.columns)
        code = column_like(names, LSOA_CODE.pattern)
        district = column_like(names, _LAD_CODE)
        columns = {
            "district": district,
            "district_name": column_like(names, _LAD_NAME),
            "ward": column_like(names, _WARD_NAME),
            "county": column_like(names, _COUNTY),
        }
        blank = pd.Series("", index=table.index, dtype="str")
        frame = pd.DataFrame({key: blank if name is None else table[name].str.strip() for key, name in columns.items()})
        frame.insert(0, "area", table[code].str.strip() if code else blank)
        frame["district"] = frame["district"].map(current_code)
        mine = frame["district"].isin({current_code(one) for one in wanted}) | frame["county"].eq(county)
        return frame[mine].drop_duplicates("area").set_index("area")

    return Lookup(cached(download.sha256, "lookup", asked, read))


def read_localities(download: Download) -> pd.Series[str]:
    """Locality by LSOA code, of a planner's own list. Raises InputError for an area in two of them."""
    table = read_text(download.path, download.called)
    code = column_like(list(table.columns), LSOA_CODE.pattern)
    assert code is not None
    rows = pd.DataFrame({"area": table[code].str.strip(), "locality": table["locality"].str.strip()})
    rows = rows[rows["area"].ne("") & rows["locality"].ne("")].drop_duplicates()
    twice = rows["area"].duplicated(keep=False)
    if twice.any():
        row, area = int(str(rows.index[twice][0])), str(rows["area"][twice].iloc[0])
        what = "this small area is in two localities"
        raise InputError([Problem(what, download.called, row, code, area, "give each one", count=int(twice.sum()))])
    return rows.set_index("area")["locality"]


def read_deprivation(download: Download, areas: list[str], notes: list[Problem]) -> pd.Series[float]:
    """Decile of the Index of Multiple Deprivation by LSOA code, 1 the most deprived; NaN where it is not known."""

    def read() -> pd.DataFrame:
        table = read_text(download.path, download.called)
        names = list(table.columns)
        code = column_like(names, LSOA_CODE.pattern) or names[0]
        decile = next(name for name in names if "imd_decile" in name)
        rows = pd.DataFrame({decile: table[decile], "area": table[code].str.strip()})
        return rows[rows["area"].isin(areas)].drop_duplicates("area")

    deciles = cached(download.sha256, "deprivation", _asked(areas), read)
    return Numbers(download.called, notes)(deciles.iloc[:, 0]).set_axis(deciles["area"]).reindex(areas)


def read_names(download: Download) -> pd.Series[str]:
    """Name of every small area of the boundaries, by code. Raises InputError where the map cannot be read."""
    code, name = _fields(download)

    def read() -> pd.DataFrame:
        columns = [field for field in (code, name) if field]
        rows = _opened(download, read_geometry=False, columns=columns)
        return pd.DataFrame({"area": rows[code].astype(str), "name": rows[name].astype(str) if name else ""})

    rows = cached(download.sha256, "names", download.part, read)
    return rows.drop_duplicates("area").set_index("area")["name"]


def read_boundaries(download: Download, areas: list[str]) -> gpd.GeoDataFrame:
    """`area, name, geometry` of these small areas, in their order, in the British National Grid.

    Raises InputError where boundaries are missing or the map is damaged.
    """
    code, name = _fields(download)

    def read() -> gpd.GeoDataFrame:
        listed = ",".join(f"'{area}'" for area in areas if area.isalnum())
        rows = _opened(download, where=f'"{code}" IN ({listed})')
        rows = rows.set_crs(BRITISH_GRID) if rows.crs is None else rows.to_crs(BRITISH_GRID)
        rows = gpd.GeoDataFrame(
            {"area": rows[code].astype(str), "name": rows[name].astype(str) if name else rows[code].astype(str)},
            geometry=shapely.make_valid(rows.geometry.to_numpy()),
            crs=BRITISH_GRID,
        )
        return rows.dissolve("area", as_index=False) if rows["area"].duplicated().any() else rows

    rows = cached(download.sha256, "boundaries", download.part + _asked(areas), read)
    missing = sorted(set(areas) - set(rows["area"]))
    if missing:
        what = f"{len(missing)} of {len(areas)} small areas have no boundary here, {missing[0]} the first"
        fix = "download the boundaries of England (or of England and Wales) of 2021 again"
        raise InputError([Problem(what, download.called, fix=fix)])
    return gpd.GeoDataFrame(rows.set_index("area").loc[areas].reset_index(), geometry="geometry", crs=BRITISH_GRID)


def _asked(areas: list[str]) -> str:
    return hashlib.sha256(",".join(areas).encode()).hexdigest()


def _fields(download: Download) -> tuple[str, str | None]:
    """The fields of the code and the name of a small area."""
    info = _opened_info(download)
    fields = {plain(field): str(field) for field in info["fields"]}
    code = next((fields[name] for name in fields if re.fullmatch(r"lsoa_?(20)?21_?(cd|code)", name)), None)
    if code is None:
        what = f"these small areas are not those of 2021: the map has the fields {', '.join(sorted(fields.values()))}"
        raise InputError([Problem(what, download.called, fix="download the boundaries of December 2021")])
    name = next((fields[name] for name in fields if re.fullmatch(r"lsoa_?(20)?21_?(nm|name)", name)), None)
    return code, name


def _opened_info(download: Download) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns of a name that does not end as its kind does
            return dict(pyogrio.read_info(download.path, layer=download.part or None))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise _damaged(download, error) from None


def _opened(download: Download, **asked: Any) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pyogrio.read_dataframe(download.path, layer=download.part or None, use_arrow=True, **asked)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError, OSError) as error:
        raise _damaged(download, error) from None


def _damaged(download: Download, error: Exception) -> InputError:
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    what = f"this map cannot be read: the download was cut short, or it is damaged ({said})"
    return InputError([Problem(what, download.called, fix="download it again")])
