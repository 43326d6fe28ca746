"""The map of who is near what: children more than 45 minutes from a suitable place, by the area they live in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.problems import InputError, Problem
from sufficiency.report.content.near import near_places
from sufficiency.report.maps.areas import class_legend, fill_areas
from sufficiency.report.maps.classes import count_classes
from sufficiency.report.maps.draw import FORMATS, save_figure
from sufficiency.report.maps.ground import ground_of_areas
from sufficiency.report.maps.legend import Block, draw_legend
from sufficiency.report.maps.page import new_page, write_foot
from sufficiency.report.maps.style import INK, drawing_style, type_style
from sufficiency.report.maps.words import attributed, clean, model_words
from sufficiency.report.words import academic_year
from sufficiency.result.summary import described
from sufficiency.tables.origin import standing_of

FAR = 45
_SETTING_SIZE = 16.0


def draw_near(case: Case, file: Path) -> list[Path]:
    """Draw the map as PNG or SVG, by the ending of `file`. Raises InputError for another ending."""
    form = file.suffix.removeprefix(".").casefold()
    if form not in FORMATS:
        what = f"a map is drawn as {' or '.join(FORMATS)}"
        raise InputError([Problem(what, value=file.name, fix=f"name it {file.stem}.png")])
    near = near_places(case)
    with drawing_style():
        ground = ground_of_areas(case.tables.areas)
        far = near[near["minutes"] > FAR]
        counts = far.groupby("area")["children"].sum().reindex(list(ground.codes)).fillna(0.0).to_numpy(dtype=float)
        classes = count_classes(counts, none="None")
        year = academic_year(case.model.years[0])
        page = new_page(
            f"Children more than {FAR} minutes from a suitable place, {year}",
            f"{clean(case.model.name)} · all needs and phases · by the area children live in, one way by car",
            [""],
            ground.extent,
            standing_of(case.model),
        )
        axes = page.panels[0]
        fill_areas(page, axes, ground, classes, counts, named=True)
        _draw_settings(axes, case)
        draw_legend(page, [Block("Children too far, or without one", class_legend(ground, page, classes))])
        note = (
            "Suitable: a place designated for the child’s need and phase, full or not, at a setting on the map that is "
            "not independent or non-maintained. Small shapes: settings. Minutes are computed, not timed."
        )
        source = f"{model_words(described(case.model, case.scenario))}, before any plan."
        write_foot(page, [note], f"{source}{attributed(case.journeys.attribution)}")
        file.parent.mkdir(parents=True, exist_ok=True)
        return save_figure(page.figure, file.with_suffix(""), (form,))


def _draw_settings(axes: object, case: Case) -> None:
    settings: pd.DataFrame = case.tables.settings
    there = settings[np.isfinite(settings["x"].to_numpy(dtype=float)) & settings["km"].isna()]
    for kind, rows in there.groupby("type"):
        style = type_style(str(kind))
        axes.scatter(  # type: ignore[attr-defined]
            rows["x"], rows["y"], s=_SETTING_SIZE, c=style.colour, marker=style.marker, edgecolors=INK, linewidths=0.4,
            zorder=6,
        )  # fmt: skip
