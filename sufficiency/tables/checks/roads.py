"""Checks of journeys by road, before any road is read: what the model file gives, and what this computer has."""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sufficiency.tables.locate import missing_file

if TYPE_CHECKING:
    from pathlib import Path

    from sufficiency.model import Model
    from sufficiency.tables.checks.findings import Inspection

NEEDS_PYTHON = (3, 12)
"""The oldest Python that OSRM's own package is built for."""
ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.bz2")
"""Endings of the files of roads that OSRM reads."""
_KEYS = ("roads", "server", "walking_server")


def roads_path(model: Model) -> Path:
    """The file of roads that a model names."""
    return model.path.parent / str(model.travel.roads)


def check_roads(inspection: Inspection) -> None:
    """What `travel.method = "osrm"` needs: one of roads and server, the file, and OSRM itself."""
    travel, file = inspection.model.travel, inspection.model.path.name
    if travel.roads is None and travel.server is None:
        what = 'travel.method is "osrm", but neither roads nor a server is given'
        inspection.error(what, file, 'add roads = "….osm.pbf" (an extract of OpenStreetMap), or server = "http://…"')
    elif travel.roads is not None and travel.server is not None:
        inspection.error("travel: both roads and server are given", file, "keep one of the two")
    elif travel.roads is not None:
        _engine(inspection)
        _extract(inspection)
    for key in ("server", "walking_server"):
        address = getattr(travel, key)
        fault = None if address is None else _address_fault(address)
        if address is not None and fault is not None:
            inspection.error(f"travel.{key}: {fault[0]}", file, fault[1], value=address.rpartition("@")[2])
    if travel.walking_server is not None and travel.server is None:
        what = "travel.walking_server stands beside a server for cars, and there is none"
        from_roads = "take it out: with roads, walking is worked out from them"
        inspection.error(what, file, "add server" if travel.roads is None else from_roads)


def check_roads_unused(inspection: Inspection, method: str) -> None:
    """Roads or a server that are given, and another method is used."""
    for key in _KEYS:
        if getattr(inspection.model.travel, key) is not None:
            what = f'travel.{key} is not used: travel.method is "{method}"'
            inspection.warn(what, inspection.model.path.name, 'set travel.method = "osrm", or take the line out')


def _address_fault(address: str) -> tuple[str, str] | None:
    """What is wrong with the address of a server, and a fix; None: nothing."""
    fix = "write it as http://localhost:5000"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "this is not an address", fix
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "this is not the address of a server", fix
    if parts.username is not None or parts.password is not None:
        what = "an address with a name or a password in it is refused: reports would print it"
        return what, "use a server that needs none"
    if parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", address):
        return "this is more than the address of a server", fix
    return None


def _engine(inspection: Inspection) -> None:
    file = inspection.model.path.name
    otherwise = "or give server or a travel table"
    if sys.version_info < NEEDS_PYTHON:
        what = f"travel.roads: journeys by road on this computer need Python 3.12 or newer; this is {_python()}"
        inspection.error(what, file, f"install Python 3.12 or newer and sufficiency[roads], {otherwise}")
    elif importlib.util.find_spec("osrm") is None:
        what = "travel.roads: journeys by road on this computer need the extra roads, which is not installed"
        inspection.error(what, file, f"python -m pip install 'sufficiency[roads]', {otherwise}")


def _python() -> str:
    return platform.python_version()


def _extract(inspection: Inspection) -> None:
    written = str(inspection.model.travel.roads)
    called = "travel.roads"
    if re.match(r"[a-z][a-z0-9+.-]+://", written, re.IGNORECASE):
        inspection.error("roads are a file, not an address", called, "download it first", value=written)
        return
    if not written.casefold().endswith(ENDINGS):
        inspection.error("this is not a file of OpenStreetMap roads", called, "name a .osm.pbf file", value=written)
        return
    path = roads_path(inspection.model)
    try:
        if not path.exists():
            inspection.problems.append(missing_file(path, written, ENDINGS))
        elif not path.is_file():
            inspection.error("this is a folder, not a file", called, "name the .osm.pbf file in it", value=written)
        else:
            with path.open("rb") as content:
                head = content.read(64)
            if not head:
                inspection.error("the file of roads is empty", path.name, "download it again")
            elif path.suffix.casefold() == ".pbf" and b"OSMHeader" not in head:
                inspection.error("this is not an extract of OpenStreetMap in PBF", path.name, _ANEW)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "this is not a path that can be opened"
        inspection.error(f"the file of roads cannot be read: {why}", called, "check the path", value=written)


_ANEW = "download it again, as .osm.pbf (a page of the web site may have been saved in its place)"
