"""The XML of a SEN2 return to the same modules as its CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from sufficiency.sources.sen2_return.modules import MODULES
from sufficiency.sources.sen2_return.text import unusable

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element


def read_xml(path: Path) -> dict[str, pd.DataFrame]:
    """The modules of a return; keys between them are counted, since the XML has none. The index numbers the records.

    Raises InputError where the file is damaged, is another message, or defines entities of its own.
    """
    rows: dict[str, list[dict[str, str]]] = {module: [] for module in MODULES}
    try:
        for _, element in iterparse(path, events=("end",), forbid_dtd=True):
            name = _name(element)
            if name == "referencedate":
                rows["return"].append({name: _text(element)})
            elif name == "person":
                _add_person(element, rows)
                element.clear()
    except DefusedXmlException:
        raise unusable("the file defines entities, which a return never does", path.name, "export it again") from None
    except (ParseError, LookupError, ValueError) as error:  # the last two: an encoding that is not known
        row = getattr(error, "position", (None,))[0]
        raise unusable("the XML is damaged", path.name, "export it again", row) from None
    if not rows["plan"]:
        raise unusable("there is no active plan in this file", path.name, "give the XML of a SEN2 person-level return")
    frames = {
        module: pd.DataFrame(rows[module], columns=list(spec.columns), dtype=str) for module, spec in MODULES.items()
    }
    for frame in frames.values():
        frame.index = pd.RangeIndex(1, len(frame) + 1)
    return {module: frame.fillna("") for module, frame in frames.items()}


def _add_person(person: Element, rows: dict[str, list[dict[str, str]]]) -> None:
    own = {"persontableid": str(len(rows["person"]))}
    rows["person"].append(_fields(person, "person") | own)
    for request in _children(person, "requests", "request"):
        asked = {"requeststableid": str(len(rows["request"])), **own}
        rows["request"].append(asked)
        for plan in _children(request, "activeplans", "activeplan"):
            key = {"activeplanstableid": str(len(rows["plan"]))}
            rows["plan"].append(asked | key)
            for placement in _children(plan, "placementdetail"):
                rows["placement"].append(_fields(placement, "placement") | key)
            for need in _children(plan, "senneed"):
                rows["need"].append(_fields(need, "need") | key)


def _children(element: Element, *names: str) -> list[Element]:
    """Children of these names; a wrapper round records, as `Requests` or `SENneeds` may be, is looked into."""
    elements: list[Element] = []
    for child in element:
        name = _name(child)
        if name in names:
            inside = [one for one in child if _name(one) in names]
            elements += inside or [child]
        elif name.removesuffix("s") in names or name == f"{names[0]}s":
            elements += _children(child, *names)
    return elements


def _fields(element: Element, module: str) -> dict[str, str]:
    columns = MODULES[module].columns
    return {_name(child): _text(child) for child in element if _name(child) in columns}


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1].casefold()


def _text(element: Element) -> str:
    return (element.text or "").strip()
