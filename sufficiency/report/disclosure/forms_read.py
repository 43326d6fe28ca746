"""The forms of a release as anybody reads them, and what in them stands in no published table."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyogrio

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.as_result import columns_of_map
from sufficiency.report.disclosure.catalogue import CATALOGUE
from sufficiency.report.disclosure.published import MAP, PAGE, WORKBOOK

_CLOSE = 1e-6
_LARGE = 1000.0
"""Numbers from which on a figure that is not rounded is money: added up from tables, or in pounds."""
_DATA = re.compile(r'<script[^>]*id="map-data"[^>]*>([^<]*)</script>')


def strange_in_forms(folder: Path, tables: dict[str, pd.DataFrame], unit: int) -> list[str]:
    """Numbers and columns of the workbook, the page and the map file that are not known to be safe: numbers of children
    that are no multiple of `unit`, and others that stand in no published table.
    """
    known = _numbers(tables)
    found: list[str] = []
    if (folder / WORKBOOK).is_file():
        found += _workbook(folder / WORKBOOK, known, unit)
    if (folder / PAGE).is_file():
        found += _page(folder / PAGE, unit)
    if (folder / MAP).is_file():
        found += _map(folder / MAP, sorted(set(tables["gaps"]["year"])), unit)
    return found


def _numbers(tables: dict[str, pd.DataFrame]) -> Floats:
    """Every number of the published tables, sorted; rows are counted too."""
    parts = [np.arange(0.0)]
    for name, frame in tables.items():
        spec = CATALOGUE[name]
        columns = [*spec.counts, *spec.exact, *(column for column, _ in spec.steps), "year", "financial_year", "opens"]
        parts += [frame[column].to_numpy(dtype=float) for column in columns if column in frame]
    every = np.concatenate(parts)
    return np.unique(every[np.isfinite(every)])


def _safe(value: float, known: Floats, unit: int) -> bool:
    if abs(value) >= _LARGE or abs(value / unit - round(value / unit)) < _CLOSE:
        return True
    at = int(np.searchsorted(known, value))
    return any(abs(known[one] - value) < _CLOSE for one in (at - 1, at) if 0 <= one < len(known))


def _workbook(file: Path, known: Floats, unit: int) -> list[str]:
    """Cells of numbers, and the copies of them that charts keep; the first sheet, notes and checks count rows."""
    found = []
    with zipfile.ZipFile(file) as book:
        titles = _sheets(book)
        for name in sorted(book.namelist()):
            if not name.startswith(("xl/worksheets/sheet", "xl/charts/chart")):
                continue
            title = titles.get(name, name)
            if title in _COUNTS_ROWS:
                continue
            for place, value in _cells(book.read(name)):
                if not _safe(value, known, unit):
                    found.append(f"{file.name}, {title}, {place}: {value:g} stands in no published table")
                    break
    return found


_COUNTS_ROWS = ("Contents", "Notes", "Checks")


def _sheets(book: zipfile.ZipFile) -> dict[str, str]:
    every = ET.fromstring(book.read("xl/workbook.xml")).iter()  # noqa: S314
    names = [str(one.get("name")) for one in every if one.tag.endswith("}sheet")]
    return {f"xl/worksheets/sheet{at}.xml": name for at, name in enumerate(names, 1)}


def _cells(text: bytes) -> Iterable[tuple[str, float]]:
    for cell in ET.fromstring(text).iter():  # noqa: S314
        kind = cell.tag.rpartition("}")[2]
        if kind == "c" and cell.get("t") in (None, "n"):
            value = next((one.text for one in cell if one.tag.endswith("}v")), None)
        elif kind == "numCache":
            yield from _cached(cell)
            continue
        else:
            continue
        if value:
            yield str(cell.get("r")), float(value)


def _cached(cache: ET.Element) -> Iterable[tuple[str, float]]:
    for one in cache.iter():
        if one.tag.endswith("}v") and one.text:
            try:
                yield "chart", float(one.text)
            except ValueError:
                continue


def _page(file: Path, unit: int) -> list[str]:
    """The data that the page carries for its map."""
    match = _DATA.search(file.read_text(encoding="utf-8"))
    if match is None:
        return [f"{file.name}: its data cannot be read"]
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(match.group(1))))
    counts = [("areas", layer["counts"]) for layer in data["layers"].values()]
    counts += [("settings", one["children"]) for one in data["settings"]]
    found = [
        f"{file.name}, {what}: {value:g} is not a multiple of {unit}"
        for what, part in counts
        for value in np.unique(np.asarray(part, dtype=float))
        if abs(value / unit - round(value / unit)) > _CLOSE
    ]
    if any(data["flows"]):
        found.append(f"{file.name}: journeys are not published")
    return found


def _map(file: Path, years: list[int], unit: int) -> list[str]:
    found = []
    safe = columns_of_map(years)
    for layer in pyogrio.list_layers(file)[:, 0]:
        if layer not in safe:
            found.append(f"{file.name}: the layer {layer} is not published")
            continue
        frame = pyogrio.read_dataframe(file, layer=layer, read_geometry=False)
        for column in frame:
            if column not in safe[layer]:
                found.append(f"{file.name}, {layer}, column {column}: not known to be safe")
            elif column.startswith(("demand_", "gap_", "children_")):
                values = frame[column].dropna().to_numpy(dtype=float)
                wrong = values[np.abs(values / unit - np.round(values / unit)) > _CLOSE]
                if len(wrong):
                    found.append(f"{file.name}, {layer}, column {column}: {wrong[0]:g} is not a multiple of {unit}")
    return found
