"""The forms of a release: page, workbook, paper, maps and map file, from the tables that were written and from what is
public.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sufficiency.model import Model
from sufficiency.report.content.beside import Beside
from sufficiency.report.content.document import Content, content_of
from sufficiency.report.content.figure import Figure
from sufficiency.report.disclosure.as_result import Ground, as_result
from sufficiency.report.disclosure.published import FIGURES, MAP, MAPS, PAGE, PAPER, WORKBOOK, Reading
from sufficiency.result import Result
from sufficiency.result.geopackage import write_layers
from sufficiency.standing import of_summary

MAP_KINDS = ("demand", "settings", "gap")
"""Maps of a release: those of journeys and of place values are left out."""


@dataclass(frozen=True)
class Formed:
    """What forms are made of beside the tables: the model, for each scenario what of its summary is public, places on
    the map, which of page, workbook and paper, and the template of the paper.
    """

    model: Model
    summaries: Mapping[str, Mapping[str, Any]]
    ground: Ground
    files: Sequence[str] = (PAGE, WORKBOOK, PAPER)
    template: bytes | None = None


def write_forms(reading: Reading, formed: Formed, folder: Path) -> None:
    """Write the forms of a release that has been read back into its folder."""
    results = {name: as_result(reading, name, formed.summaries[name], formed.ground) for name in reading.scenarios}
    first, *others = results
    content = content_of(results[first], formed.model, {name: Beside(results[name], name) for name in others})
    for file in formed.files:
        (folder / file).write_bytes(_made(file, content, formed))
    (folder / FIGURES).write_bytes(_figures(content, first))
    _write_map(results[first], folder / MAP)
    from sufficiency.report.maps.draw import draw_maps

    on_map = _on_the_map(results[first])
    shown = {"demand": on_map.frames["area_gaps"]["demand"], "gap": on_map.frames["area_gaps"]["shortfall"]}
    shown |= {"settings": on_map.frames["occupancy"]["children"]}
    (folder / MAPS).mkdir()
    kinds = [kind for kind in MAP_KINDS if shown[kind].notna().all()]  # a map cannot say that a figure is hidden
    if kinds:
        draw_maps(on_map, folder / MAPS, kinds=kinds)


def _on_the_map(result: Result) -> Result:
    """A release without lines whose site is not announced: they have no place."""
    lines = result.frames["occupancy"]
    return replace(result, frames={**result.frames, "occupancy": lines[lines["setting"] != ""]})


def _made(file: str, content: Content, formed: Formed) -> bytes:
    if file == PAGE:
        from sufficiency.report.page.render import page_of

        return page_of(content).encode()
    if file == WORKBOOK:
        from sufficiency.report.content.tables import Planned, published_tables
        from sufficiency.report.workbook import workbook_of

        planned = Planned(content.story.result, formed.model)
        return workbook_of(planned, published_tables(planned), content.finds)
    from sufficiency.report.paper import docx_of

    return docx_of(content, formed.template)


def _figures(content: Content, first: str) -> bytes:
    """Every figure that a form may print, and the cell of a published table that it is."""
    figures = [_of_scenario(one, first) for one in content.story.register]
    figures += [_of_scenario(one, name) for name, story in content.others.items() for one in story.register]
    lines = (json.dumps(asdict(one), ensure_ascii=False, allow_nan=False) for one in figures)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _of_scenario(figure: Figure, scenario: str) -> Figure:
    return replace(figure, table=figure.table.rsplit("/", 1)[-1], row={"scenario": scenario, **figure.row})


def _write_map(result: Result, file: Path) -> None:
    standing = of_summary(result.summary)
    words = " ".join(one for one in (f"{standing.layer}." if standing else "", result.summary["release"]["why"]) if one)
    write_layers({"areas": result.areas, "settings": result.settings}, file, words)
