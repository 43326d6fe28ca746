"""Made roads for tests: a square grid over the toy, written as OpenStreetMap XML, which OSRM reads as it does PBF."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pyproj import Transformer

TOY = Path(__file__).parent / "toy"
HAS_OSRM = find_spec("osrm") is not None
NO_OSRM = "the extra roads is not installed (it needs Python 3.12)"
SPACING = 500
WEST, SOUTH, EAST, NORTH = 400_000, 295_000, 410_000, 305_000


def write_grid(file: Path, *, bounds: tuple[int, int, int, int] = (WEST, SOUTH, EAST, NORTH), cut_at: int = 0) -> Path:
    """Streets every 500 m (m, British National Grid: west, south, east, north); `cut_at`: no street crosses from this
    y northwards, so that there are two networks.
    """
    west, south, east, north = bounds
    to_degrees = Transformer.from_crs(27700, 4326, always_xy=True)
    columns, rows = range(west, east + 1, SPACING), range(south, north + 1, SPACING)
    number = {(x, y): at for at, (x, y) in enumerate(((x, y) for x in columns for y in rows), start=1)}
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="tests">']
    for (x, y), at in number.items():
        longitude, latitude = to_degrees.transform(x, y)
        lines.append(f'<node id="{at}" version="1" lat="{latitude:.7f}" lon="{longitude:.7f}"/>')
    along = [[(x, y) for x in columns] for y in rows]
    across = [[(x, y) for y in rows if y <= cut_at or not cut_at] for x in columns]
    across += [[(x, y) for y in rows if y > cut_at] for x in columns] if cut_at else []
    for at, street in enumerate([*along, *across], start=1):
        nodes = "".join(f'<nd ref="{number[point]}"/>' for point in street)
        lines.append(f'<way id="{at}" version="1">{nodes}<tag k="highway" v="residential"/></way>')
    file.write_text("\n".join([*lines, "</osm>"]) + "\n", encoding="utf-8")
    return file


def toy_by_road(folder: Path, travel: str, rows: dict[str, Iterable[str]] | None = None) -> Path:
    """A copy of the toy whose `[travel]` is `travel`, without its travel table; `rows` are added to tables by name."""
    made = folder / "toy"
    shutil.copytree(TOY, made)
    model = made / "toy.toml"
    text = model.read_text(encoding="utf-8").replace('travel = "travel.csv"\n', "")
    model.write_text(text.replace('[travel]\nmethod = "matrix"\n', f"[travel]\n{travel}\n"), encoding="utf-8")
    for table, more in (rows or {}).items():
        with (made / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in more)
    return model


def osrm_answer(sources: int, destinations: int, metres: float = 5000.0, seconds: float = 600.0) -> dict[str, Any]:
    """What OSRM's table service answers, every journey alike."""
    point = {"distance": 3.5, "name": "", "location": [-1.9, 52.6]}
    return {
        "code": "Ok",
        "durations": [[seconds] * destinations] * sources,
        "distances": [[metres] * destinations] * sources,
        "sources": [point] * sources,
        "destinations": [point] * destinations,
    }
