"""What the map's scripts show, worked out here: whole children by area for every choice of year, need and phase, and
the settings they go to. A count below five is only ever `fewer than 5`.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sufficiency.report.maps.classes import Classes, count_classes, whole
from sufficiency.report.maps.counts import sites
from sufficiency.report.maps.style import NOTHING, shades
from sufficiency.report.maps.words import SMALL, clean
from sufficiency.report.page.map.outlines import Outlines
from sufficiency.result import Result

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Layer:
    """Children that the map can show: a column of `area_gaps`, what it is in words, and the title of its legend,
    `short` what it is chosen by. `none`: what the legend calls areas that have none; blank: they have no class of their
    own.
    """

    code: str
    words: str
    title: str
    short: str
    none: str = ""


FEW = 1
"""How one to four children are embedded: not how many."""
MOST_CLASSES = 6
IN_AREA = "Children in the area"
AT_POINT = "Children of the area: a circle is an area, which the model gives as a point"
LAYERS: tuple[Layer, ...] = (
    Layer("demand", "Children who need a specialist place", IN_AREA, "Need a place"),
    Layer("shortfall", "Children short of a place", "Children short of a place", "Short of a place", none="None"),
)
NO_LIMIT = -1
HALF = 0.5
"""Children: a journey of fewer is not shown."""


@dataclass(frozen=True)
class Choice:
    """Needs and phases that can be chosen, `` (all) first."""

    needs: tuple[str, ...]
    phases: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every need with every phase, in the order in which counts are embedded."""
        return [(need, phase) for need in self.needs for phase in self.phases]


def choice_of(result: Result) -> Choice:
    """What can be chosen: the needs and phases that a result has, in the order of the model."""
    rows = result.frames["area_gaps"]
    labels = result.summary["labels"]

    def there(column: str, group: str) -> tuple[str, ...]:
        used = {str(code) for code in rows.loc[rows["demand"] > 0, column].unique()} - {""}
        known = [code for code in labels[group] if code in used]
        return ("", *known, *sorted(used - set(known)))

    first, last = result.summary["years"]
    return Choice(there("need", "needs"), there("phase", "phases"), tuple(range(first, last + 1)))


def small_hidden(counts: NDArray[np.float64]) -> Counts:
    """Whole children; one to four are all the same, and so are those that a release does not show (NaN)."""
    rounded = whole(np.nan_to_num(counts)).astype(np.int64)
    return np.where(((rounded > 0) & (rounded < SMALL)) | np.isnan(counts), FEW, rounded)


def cube(result: Result, layer: str, choice: Choice, codes: Sequence[str]) -> NDArray[np.float64]:
    """Children by choice of need and phase, year and area [need × phase, Y, A]."""
    rows = result.frames["area_gaps"]
    if choice.pairs == [("", "")]:  # a release: an area is shown with all needs and phases together
        summed = rows.assign(area=rows["area"].astype(str)).groupby(["year", "area"])[layer].sum(min_count=1)
        every = pd.MultiIndex.from_product([choice.years, list(codes)])
        return summed.reindex(every, fill_value=0.0).to_numpy(float).reshape(1, len(choice.years), len(codes))
    axes = [
        _places_of(rows["need"], choice.needs[1:]),
        _places_of(rows["phase"], choice.phases[1:]),
        pd.Index(choice.years).get_indexer(pd.Index(rows["year"])),
        _places_of(rows["area"], codes),
    ]
    known = np.all([axis >= 0 for axis in axes], axis=0)
    shape = (len(choice.needs) - 1, len(choice.phases) - 1, len(choice.years), len(codes))
    cells = np.zeros(shape)
    np.add.at(cells, tuple(axis[known] for axis in axes), rows[layer].to_numpy(dtype=np.float64)[known])
    return _with_all(cells).reshape(len(choice.pairs), *shape[2:])


def _places_of(names: pd.Series, order: Sequence[str]) -> NDArray[np.intp]:
    """Where each name stands in an order; −1: nowhere (children of area `unknown`)."""
    return np.asarray(pd.Index(list(order), dtype=str).get_indexer(pd.Index(names.astype(str))), dtype=np.intp)


def _with_all(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first two axes with their sums in front."""
    by_need = np.concatenate([cells.sum(axis=0, keepdims=True), cells], axis=0)
    return np.concatenate([by_need.sum(axis=1, keepdims=True), by_need], axis=1)


@cache
def _ramp(count: int) -> tuple[str, ...]:
    """Colours from light to dark, those of the maps."""
    return tuple(shades(count))


def class_document(classes: Classes) -> dict[str, Any]:
    """Classes as the scripts and the legend take them: where each starts, its words, its colour."""
    none = [NOTHING] if classes.has_none else []
    colours = [*none, *_ramp(len(classes.labels) - len(none))]
    return {"starts": list(classes.starts), "labels": list(classes.labels), "colours": colours}


def title_of(layer: Layer, outlines: Outlines) -> str:
    """The title of a layer's legend; it says so where areas are points."""
    return AT_POINT if layer.title == IN_AREA and not any(outlines.paths) else layer.title


def map_data(result: Result, outlines: Outlines, choice: Choice, shown: Sequence[Layer] = LAYERS) -> dict[str, Any]:
    """All that the map's scripts need, as JSON takes it."""
    layers = {}
    for layer in shown:
        counts = cube(result, layer.code, choice, outlines.codes)
        classes = [
            class_document(count_classes(np.nan_to_num(one), none=layer.none, most=MOST_CLASSES)) for one in counts
        ]
        layers[layer.code] = {
            "counts": small_hidden(counts).tolist(),
            "classes": classes,
            "words": layer.words,
            "title": title_of(layer, outlines),
        }
    labels = result.summary["labels"]
    settings = settings_document(result, outlines, choice)
    return {
        "few": "not published" if result.summary.get("release") else f"fewer than {SMALL}",
        "years": list(choice.years),
        "needs": [[code, clean(labels["needs"].get(code, code))] for code in choice.needs[1:]],
        "phases": [[code, clean(labels["phases"].get(code, code))] for code in choice.phases[1:]],
        "areas": [
            [code, name, locality]
            for code, name, locality in zip(outlines.codes, outlines.names, outlines.localities_of, strict=True)
        ],
        "centres": [[_place(x), _place(y)] for x, y in outlines.centres.tolist()],
        "layers": layers,
        "typeNames": {one["type"]: clean(labels["types"].get(one["type"], one["type"])) for one in settings},
        "settings": settings,
        "flows": flows(result, choice, outlines.codes, [one["code"] for one in settings]),
    }


def _place(value: float) -> float | None:
    return round(value, 1) if np.isfinite(value) else None


def settings_document(result: Result, outlines: Outlines, choice: Choice) -> list[dict[str, Any]]:
    """Settings that take children or have places in some year, with both by year; no limit is −1."""
    known = sites(result)
    layer = result.settings
    every_places = layer[[f"places_{year}" for year in choice.years]].to_numpy(dtype=np.float64)
    every_children = layer[[f"children_{year}" for year in choice.years]].to_numpy(dtype=np.float64)
    documents = []
    points = outlines.place(known[["x", "y"]].to_numpy(dtype=np.float64))
    for number, ((code, row), (x, y)) in enumerate(zip(known.iterrows(), points.tolist(), strict=True)):
        places, children = every_places[number], every_children[number]
        if not (np.nan_to_num(places, nan=1.0) > 0).any():
            continue
        documents.append(
            {
                "code": str(code),
                "name": clean(row["name"]),
                "type": str(row["type"]),
                "x": _place(x),
                "y": _place(y),
                "places": [NO_LIMIT if np.isnan(one) else int(whole(one)) for one in places],
                "children": small_hidden(children).tolist(),
            }
        )
    return documents


def flows(result: Result, choice: Choice, areas: Sequence[str], settings: Sequence[str]) -> list[list[int]]:
    """Where children of an area go: for each choice of need and phase a flat list of year, area, setting and whole
    children, all by their place in the order, each year, area and setting less the one before it. Less than half a
    child is left out.
    """
    if "placements" not in result.frames:
        return [[] for _ in choice.pairs]
    rows = result.frames["placements"]
    needs, phases = _places_of(rows["need"], choice.needs[1:]), _places_of(rows["phase"], choice.phases[1:])
    year = pd.Index(choice.years).get_indexer(pd.Index(rows["year"]))
    area, setting = _places_of(rows["area"], areas), _places_of(rows["setting"], settings)
    known = np.all([one >= 0 for one in (needs, phases, year, area, setting)], axis=0)
    key = ((year * len(areas) + area) * len(settings) + setting)[known]
    order = np.argsort(key, kind="stable")
    key, needs, phases = key[order], needs[known][order], phases[known][order]
    children = rows["children"].to_numpy(dtype=np.float64)[known][order]
    documents = []
    for place in range(len(choice.pairs)):
        need, phase = divmod(place, len(choice.phases))
        chosen = np.ones(len(key), dtype=bool)
        if need:
            chosen &= needs == need - 1
        if phase:
            chosen &= phases == phase - 1
        documents.append(_steps(key[chosen], children[chosen], len(areas), len(settings)))
    return documents


def _steps(key: NDArray[np.intp], children: NDArray[np.float64], areas: int, settings: int) -> list[int]:
    """Journeys of sorted keys as a flat list of steps."""
    if not len(key):
        return []
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    summed = np.add.reduceat(children, starts)
    there = summed >= HALF
    homes, setting = np.divmod(key[starts][there], settings)
    year, area = np.divmod(homes, areas)
    table = np.column_stack([year, area, setting, small_hidden(summed[there])]).astype(np.int64)
    table[1:, :2] -= table[:-1, :2].copy()
    return table.ravel().tolist()


def packed(data: Any) -> str:
    """Data as JSON, gzipped, in base64: what a page can carry as text. The same data give the same text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode("ascii")
