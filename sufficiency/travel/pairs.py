"""Journeys for area × setting, from a matrix or from the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sufficiency.codes import NOT_PLACED_BY_MAP, UNKNOWN_AREA
from sufficiency.travel.curve import Curve

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

ATTRIBUTION = "Journeys by road: © OpenStreetMap contributors (ODbL)"
"""What the licence of the roads asks to be said wherever they are used."""
METHODS = ("matrix", "straight_line", "osrm")


@dataclass(frozen=True)
class Journeys:
    """One-way journeys of every area (rows) to every setting (columns).

    areas, settings: the codes, in the order of the tables they came from.
    km: by road, shape [areas, settings].
    minutes: by car, the same shape.
    NaN: no journey known, in both arrays at once.
    method: one of `METHODS`.
    walking_km: on foot, the same shape; NaN where not known. None: no walking distance is known.
    attribution: whom to name wherever these journeys are used; blank: nobody.
    """

    areas: tuple[str, ...]
    settings: tuple[str, ...]
    km: Floats
    minutes: Floats
    method: str = "matrix"
    walking_km: Floats | None = None
    attribution: str = ""


@dataclass(frozen=True)
class Roads:
    """Journeys by road as a routing engine knows them, [areas, settings] in the order of the tables; NaN: no way."""

    km: Floats
    minutes: Floats
    walking_km: Floats | None = None

    def with_one_more_area(self) -> Roads:
        """The same with a last area that stands nowhere."""
        nowhere = np.full((1, self.km.shape[1]), np.nan)
        walking = None if self.walking_km is None else np.vstack([self.walking_km, nowhere])
        return Roads(np.vstack([self.km, nowhere]), np.vstack([self.minutes, nowhere]), walking)


def journeys(
    areas: pd.DataFrame,
    settings: pd.DataFrame,
    *,
    method: str,
    matrix: pd.DataFrame | None = None,
    curve: Curve | None = None,
    roads: Roads | None = None,
    weights: pd.Series[float] | None = None,
) -> Journeys:
    """Km and minutes, one way, for every area and setting.

    areas: columns `area`, `x`, `y` (British National Grid, metres); NaN where an area is not on the map.
    settings: columns `setting`, `type`, `x`, `y`, `km`, `minutes`; NaN where not given.
    method: `matrix`, which reads `matrix` (columns `area`, `setting`, `minutes`, `km`) and no coordinates but
        to see whether there are any, and for km where the matrix has none at all (`curve` on straight lines);
        `straight_line`, which puts `curve` (default: the shipped one) on the coordinates and leaves `matrix`
        unread; or `osrm`, which takes `roads` and divides its minutes by the `speed_factor` of `curve`.
    weights: children by area, for the average journey of area `unknown`; an area it does not name has none.

    The rules, from the project's travel page (docs/explanation/travel.md):
    - A setting that is no building (`eotas`, `home_education`) or has no coordinates: its own `km` and
      `minutes` for all areas, 0 where blank; a pair named in the matrix comes first. A setting on the map
      takes no notice of its own `km` and `minutes`.
    - Any other pair missing from the matrix, or with a blank in it, is NaN, as is an area without coordinates
      under `straight_line`, and a pair that `roads` has no way for. Rows of the matrix for areas or settings not
      in the tables are left unread.
    - Area `unknown`: the average over the other areas with a known journey to that setting, weighted by
      `weights` (all alike where these are None or come to 0), unless the matrix names the pair.

    Raises ValueError for a method that is not one of `METHODS`, a missing matrix or `roads`, a code that appears twice
    in `areas`, `settings` or the index of `weights`, and a pair that appears twice in the matrix.
    """
    area_codes = _codes(areas["area"], "area")
    setting_codes = _codes(settings["setting"], "setting")
    shape = (len(area_codes), len(setting_codes))
    fixed = _no_place(settings)
    named = np.zeros(shape, dtype=np.bool_)

    if method == "matrix":
        if matrix is None:
            raise ValueError("method matrix needs a travel table")
        km, minutes = _from_matrix(matrix, area_codes, setting_codes)
        named = ~np.isnan(minutes)
        if len(matrix) and matrix["km"].isna().all():
            straight = (curve or Curve.default()).road_km(_crow_km(areas, settings))
            km, minutes = np.where(named, straight, np.nan), np.where(np.isnan(straight), np.nan, minutes)
            named = ~np.isnan(km)
    elif method == "straight_line":
        crow_km = _crow_km(areas, settings)
        curve = curve or Curve.default()
        km, minutes = curve.road_km(crow_km), curve.minutes(crow_km)
    elif method == "osrm":
        if roads is None:
            raise ValueError("method osrm needs journeys by road")
        km, minutes = roads.km, roads.minutes / (curve or Curve.default()).speed_factor
    else:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method}")

    own = fixed & ~named
    km = np.where(own, _given(settings["km"]), km)
    minutes = np.where(own, _given(settings["minutes"]), minutes)

    unknown = np.asarray(area_codes == UNKNOWN_AREA)
    if unknown.any():
        # A setting whose own figures hold for all areas keeps them to the last digit.
        averaged = unknown[:, None] & ~named & ~(fixed & ~named.any(axis=0))
        share = _shares(km, area_codes, unknown, weights)
        km = np.where(averaged, _mean(km, share), km)
        minutes = np.where(averaged, _mean(minutes, share), minutes)
    codes = tuple(map(str, area_codes)), tuple(map(str, setting_codes))
    if roads is None or method != "osrm":
        return Journeys(*codes, km, minutes, method)
    walking = None if roads.walking_km is None else np.where(fixed, np.nan, roads.walking_km)
    return Journeys(*codes, km, minutes, method, walking, ATTRIBUTION)


def _codes(column: pd.Series[str], what: str) -> pd.Index[str]:
    codes = pd.Index(column.astype(str))
    if not codes.is_unique:
        raise ValueError(f"{what} {codes[codes.duplicated()][0]} appears twice")
    return codes


def _no_place(settings: pd.DataFrame) -> Flags:
    """Settings [settings] that the map cannot say a journey to."""
    no_building = settings["type"].isin(NOT_PLACED_BY_MAP)
    fixed: Flags = (no_building | settings[["x", "y"]].isna().any(axis=1)).to_numpy(dtype=np.bool_)
    return fixed


def _given(column: pd.Series[float]) -> Floats:
    """A setting's own figure; a blank is truly 0: nobody travels to a package that comes home."""
    figures: Floats = np.asarray(column.fillna(0.0), dtype=np.float64)
    return figures


def _crow_km(areas: pd.DataFrame, settings: pd.DataFrame) -> Floats:
    a, s = (table[["x", "y"]].to_numpy(dtype=float) for table in (areas, settings))
    metres: Floats = np.hypot(a[:, None, 0] - s[None, :, 0], a[:, None, 1] - s[None, :, 1])
    return metres / 1000


def _from_matrix(matrix: pd.DataFrame, areas: pd.Index[str], settings: pd.Index[str]) -> tuple[Floats, Floats]:
    """Km and minutes [areas, settings] of the pairs in the matrix; NaN in both where either is not known, unless no km
    are known at all.
    """
    row = _positions(matrix["area"], areas)
    column = _positions(matrix["setting"], settings)
    values = matrix[["km", "minutes"]].to_numpy(dtype=float)
    used = (row >= 0) & (column >= 0)
    row, column, values = row[used], column[used], values[used]

    journey = row * len(settings) + column
    again = pd.Series(journey).duplicated().to_numpy()
    if again.any():
        twice = int(again.argmax())
        raise ValueError(f"area {areas[row[twice]]} to setting {settings[column[twice]]} appears twice in the matrix")

    if not np.isnan(values[:, 0]).all():
        values[np.isnan(values).any(axis=1)] = np.nan
    both = np.full((len(areas), len(settings), 2), np.nan)
    both[row, column] = values
    return both[..., 0], both[..., 1]


def _positions(column: pd.Series[str], codes: pd.Index[str]) -> Whole:
    """Where in `codes` each row's code stands; −1 where it does not."""
    code_of_row, distinct = pd.factorize(column.astype(str), use_na_sentinel=False)
    positions: Whole = codes.get_indexer(pd.Index(distinct))[code_of_row]
    return positions


def _shares(km: Floats, areas: pd.Index[str], unknown: Flags, weights: pd.Series[float] | None) -> Floats:
    """Each known area's share [areas, settings] in the average journey; NaN where no area has a journey."""
    known = ~np.isnan(km) & ~unknown[:, None]
    children = np.zeros(len(areas))
    if weights is not None:
        # An area without children of its own adds nothing to an average over children.
        children = np.nan_to_num(weights.reindex(areas).to_numpy(dtype=float), nan=0.0)
    weighted = known * children[:, None]
    weight = np.where(weighted.sum(axis=0) > 0, weighted, known)
    total = weight.sum(axis=0)
    return weight / np.where(total > 0, total, np.nan)


def _mean(values: Floats, share: Floats) -> Floats:
    """The average [settings] of `values` [areas, settings]; NaN where the shares are."""
    average: Floats = np.where(share == 0, 0.0, values * share).sum(axis=0)
    return average
