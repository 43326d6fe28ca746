"""Makes a broken copy of the toy model from one file of `tests/broken`."""

from __future__ import annotations

import io
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import shapely

TESTS = Path(__file__).parent.parent
TOY = TESTS / "toy"
BROKEN = TESTS / "broken"


def fault_files() -> list[Path]:
    """Every fault, in order."""
    return sorted(BROKEN.glob("*.toml"))


def broken_model(fault: dict[str, Any], folder: Path) -> Path:
    """The toy model in `folder` with the changes of `fault`; the path of its model file."""
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    for change in fault["change"]:
        _make(folder, change)
    return folder / "toy.toml"


def read_fault(path: Path) -> dict[str, Any]:
    """A fault: `about`, a list of `change`, the `severity` and the exact `message`."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _make(folder: Path, change: dict[str, Any]) -> None:
    target = folder / change["file"]
    if "find" in change:
        text = target.read_text(encoding="utf-8")
        assert change["find"] in text, f"{change['find']!r} is not in {target.name}"
        every = change.get("every", False)
        assert every or text.count(change["find"]) == 1, f"{change['find']!r} is in {target.name} more than once"
        target.write_text(text.replace(change["find"], change["put"]), encoding="utf-8")
    elif "append" in change:
        target.write_text(target.read_text(encoding="utf-8") + change["append"], encoding="utf-8")
    elif "content" in change:
        target.write_text(change["content"], encoding="utf-8")
    else:
        _RECIPES[change["make"]](folder, target)


def _workbook(folder: Path, target: Path) -> None:
    """A workbook of three sheets from the CSV tables, none called like a table."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in ("costs", "settings", "places"):
        sheet = book.create_sheet(f"{name} 2025")
        for row in (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines():
            sheet.append([cell or None for cell in row.split(",")])
    buffer = io.BytesIO()
    book.save(buffer)
    target.write_bytes(buffer.getvalue())


def _formulas(folder: Path, target: Path) -> None:
    """Costs in a workbook whose rate is a formula that no program has calculated."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "costs"
    sheet.append(["type", "per_child"])
    sheet.append(["", "=9000*1.03"])
    book.save(target)


def _excel_error(folder: Path, target: Path) -> None:
    frame = pd.read_csv(folder / "costs.csv", dtype=object)
    frame.loc[0, "per_child"] = "#REF!"
    frame.to_excel(target, index=False)


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("demand.csv", "area,need\n")


def _without_crs(folder: Path, target: Path) -> None:
    gpd.read_file(folder / "areas.geojson").to_file(target)
    target.with_suffix(".prj").unlink()


def _two_layers(folder: Path, target: Path) -> None:
    areas = gpd.read_file(folder / "areas.geojson")
    areas.to_file(target, layer="wards")
    areas.to_file(target, layer="parishes")


def _corner_without_a_number(folder: Path, target: Path) -> None:
    areas = gpd.read_file(folder / "areas.geojson")
    points = shapely.get_coordinates(areas.geometry.iloc[1])
    points[1] = np.inf
    areas.loc[1, "geometry"] = shapely.Polygon(points)
    areas.to_file(target)


_RECIPES = {
    "corner without a number": _corner_without_a_number,
    "workbook": _workbook,
    "formulas": _formulas,
    "excel error": _excel_error,
    "zip": _zip,
    "layer without a reference system": _without_crs,
    "two layers": _two_layers,
    "empty": lambda _, target: target.write_bytes(b""),
    "folder": lambda _, target: target.mkdir(),
    "old workbook": lambda _, target: target.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "binary": lambda _, target: target.write_bytes(bytes(range(256)) * 40),
    "missing": lambda _, target: target.unlink(),
}
