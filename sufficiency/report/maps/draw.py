"""Static maps of a result, for print: PNG, and SVG with its text as text."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency.progress import Progress, silent
from sufficiency.report.files import put_all
from sufficiency.report.maps.request import FORMATS, KINDS, MapRequest, map_request
from sufficiency.report.maps.words import years_words
from sufficiency.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from sufficiency.report.maps.ground import Ground

    Drawer = Callable[[Result, Ground, MapRequest], Figure]

__all__ = ["FORMATS", "KINDS", "draw_maps"]


def draw_maps(
    result: Result,
    folder: Path,
    *,
    years: Sequence[int] | None = None,
    needs: Sequence[str] | None = None,
    phases: Sequence[str] | None = None,
    kinds: Sequence[str] = KINDS,
    formats: Sequence[str] = FORMATS,
    progress: Progress = silent,
) -> list[Path]:
    """Draw maps of `result` into `folder` and return the files, one for each kind and format.

    Without `years` it is the first year of the plan; several years are drawn side by side on one page, with the same
    classes. `needs` and `phases` choose whose maps they are: children with any of the needs, in any of the phases. The
    same result gives the same files, byte for byte. Raises InputError that lists everything asked for not known.
    """
    request = map_request(result.summary, years=years, needs=needs, phases=phases, kinds=kinds, formats=formats)
    from sufficiency.report.maps.ground import ground_of
    from sufficiency.report.maps.style import drawing_style

    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with drawing_style():
        ground = ground_of(result)
        drawers = _drawers()
        for kind in request.kinds:
            progress("Maps", f"{kind.replace('_', ' ')}, {years_words(request.years)}")
            figure = drawers[kind](result, ground, request)
            written.extend(save_figure(figure, folder / request.file_name(kind), request.formats))
    return written


def _drawers() -> dict[str, Drawer]:
    from sufficiency.report.maps.areas import demand_map, gap_map
    from sufficiency.report.maps.journeys import journeys_map
    from sufficiency.report.maps.settings import place_value_map, settings_map

    return {
        "demand": demand_map,
        "settings": settings_map,
        "gap": gap_map,
        "journeys": journeys_map,
        "place_value": place_value_map,
    }


def save_figure(figure: Figure, stem: Path, formats: Sequence[str]) -> list[Path]:
    # a year's dot is no suffix, so the name is put together by hand; a date or version would make equal maps differ
    metadata = {"png": {"Software": None}, "svg": {"Date": None, "Creator": "sufficiency"}}
    files = []
    for form in formats:
        file = stem.with_name(f"{stem.name}.{form}")
        drawn = BytesIO()
        figure.savefig(drawn, format=form, dpi=figure.dpi, metadata=metadata[form])
        put_all({file: drawn.getvalue()}, "the map")
        files.append(file)
    return files
