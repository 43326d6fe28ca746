"""The data of the map: whole children for every choice, small numbers hidden, neighbours that still touch."""

from __future__ import annotations

import base64
import gzip
import json

import numpy as np
import pandas as pd
import shapely

from sufficiency.report.page.map.data import FEW, choice_of, cube, flows, map_data, packed, small_hidden
from sufficiency.report.page.map.draw import clipped, size_of
from sufficiency.report.page.map.outlines import outlines_of
from sufficiency.report.page.map.shapes import shape_path

from ..solved import toy_result
from .fake_result import fake_result, voronoi_areas


def test_counts_of_every_choice_are_sums_of_the_table() -> None:
    """By need, phase and year, with all of either in front, what `area_gaps` adds up to."""
    result = fake_result()
    choice = choice_of(result)
    outlines = outlines_of(result)
    found = cube(result, "demand", choice, outlines.codes)
    rows = result.frames["area_gaps"]
    for place, (need, phase) in enumerate(choice.pairs):
        chosen = rows[(rows["need"] == need) | (need == "")]
        chosen = chosen[(chosen["phase"] == phase) | (phase == "")]
        summed = pd.DataFrame(chosen).groupby(["year", "area"])["demand"].sum()
        for year in choice.years:
            expected = [float(summed.get((year, code), 0.0)) for code in outlines.codes]
            np.testing.assert_allclose(found[place][choice.years.index(year)], expected)


def test_one_to_four_children_are_all_the_same() -> None:
    assert small_hidden(np.array([0.0, 0.49, 0.5, 1.0, 4.49, 4.5, 5.0, 12.6])).tolist() == [0, 0, 1, 1, 1, 5, 5, 13]


def test_no_small_number_is_embedded() -> None:
    data = map_data(toy_result(), outlines_of(toy_result()), choice_of(toy_result()))
    counts = np.array([np.array(one["counts"]).ravel() for one in data["layers"].values()]).ravel()
    assert set(counts[(counts > 0) & (counts < 5)].tolist()) <= {FEW}
    moved = {one for steps in data["flows"] for one in steps[3::4]}
    assert moved & {2, 3, 4} == set()


def test_journeys_add_up_to_the_children_placed() -> None:
    """Steps from row to row give the years and areas back; half a child or more from an area to a setting is a row."""
    result = toy_result()
    choice, areas = choice_of(result), [str(code) for code in result.areas["area"]]
    settings = [str(code) for code in result.settings["setting"]]
    steps = np.array(flows(result, choice, areas, settings)[0]).reshape(-1, 4)
    years, homes = steps[:, 0].cumsum(), steps[:, 1].cumsum()
    summed = result.placements.groupby(["year", "area", "setting"])["children"].sum()
    expected = summed[summed >= 0.5].rename("children").reset_index()
    keys = {
        (choice.years.index(row.year), areas.index(row.area), settings.index(row.setting))
        for row in expected.itertuples()
    }
    assert set(zip(years.tolist(), homes.tolist(), steps[:, 2].tolist(), strict=True)) == keys


def test_what_is_packed_comes_back() -> None:
    text = packed({"a": [1, 2, "é</script>"]})
    assert json.loads(gzip.decompress(base64.b64decode(text))) == {"a": [1, 2, "é</script>"]}
    assert "<" not in text


def test_outlines_are_on_the_drawing_and_none_is_lost() -> None:
    outlines = outlines_of(fake_result(voronoi_areas()))
    assert all(outlines.paths)
    inside = (outlines.centres >= 0).all() and (outlines.centres <= [outlines.width, outlines.height]).all()
    assert inside


def test_areas_that_overlap_are_drawn_all_the_same() -> None:
    areas = voronoi_areas()
    areas = areas.set_geometry(shapely.buffer(areas.geometry.to_numpy(), 40.0))
    assert all(outlines_of(fake_result(areas)).paths)


def test_a_setting_outside_the_frame_stands_at_its_edge() -> None:
    outlines = outlines_of(fake_result(voronoi_areas()))
    x, y, inside = clipped(outlines, outlines.width * 3, outlines.height / 2)
    assert not inside
    assert outlines.width - 20 < x < outlines.width
    assert y == outlines.height / 2


def test_shapes_are_as_large_as_their_places() -> None:
    assert size_of(100, 100) == 2 * size_of(25, 100)
    assert len({shape_path(code) for code in ("special_school", "independent", "resource_base", "college")}) == 4
