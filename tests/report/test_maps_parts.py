from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from sufficiency.codes import SETTING_TYPES
from sufficiency.report.maps.classes import count_classes, pound_classes, round_breaks, round_down
from sufficiency.report.maps.counts import by_area, chosen, flows, places_by_setting, value_by_setting
from sufficiency.report.maps.ground import draw_ground, ground_of
from sufficiency.report.maps.journeys import faintness
from sufficiency.report.maps.labels import Label, draw_labels
from sufficiency.report.maps.page import best_grid, new_page, text_width, wrapped
from sufficiency.report.maps.request import MapRequest
from sufficiency.report.maps.settings import legend_sizes, marker_diameter
from sufficiency.report.maps.style import BACKDROP, TYPE_STYLES, drawing_style, lightness, line_colour, shades
from sufficiency.report.maps.words import children_by_year, clean, listed, pounds, years_words
from sufficiency.standing import FICTIONAL

from .fake_result import fake_result, random_settings, voronoi_areas

COMMON = (
    "special_school",
    "independent",
    "special_free_school",
    "alternative_provision",
    "college",
    "resource_base",
    "early_years",
)
ALL = MapRequest(("demand",), (2026,), (), (), ("svg",))


@pytest.mark.parametrize("count", range(1, 8))
def test_shades_get_darker_step_by_step(count: int) -> None:
    light = [lightness(colour) for colour in shades(count)]
    assert len(light) == count
    assert all(high - low > 6 for low, high in zip(light[1:], light, strict=False))
    assert max(light) < 90, "the lowest class must differ from white and from the backdrop"


def test_types_differ_in_marker_and_in_grey() -> None:
    assert set(TYPE_STYLES) == set(SETTING_TYPES)
    assert len({style.marker for style in TYPE_STYLES.values()}) == len(TYPE_STYLES)
    light = [lightness(style.colour) for style in TYPE_STYLES.values()]
    assert light == sorted(light)
    assert min(np.diff(light)) > 1.5
    assert min(np.diff([lightness(TYPE_STYLES[code].colour) for code in COMMON])) > 7
    assert all(lightness(line_colour(code)) <= 55 for code in SETTING_TYPES)


@given(st.lists(st.floats(0, 3000), min_size=1, max_size=80), st.sampled_from(["", "None"]))
def test_count_classes_hold_what_their_labels_say(values: list[float], none: str) -> None:
    classes = count_classes(values, none)
    assert len(classes.labels) == len(classes.starts) <= 6
    assert list(classes.starts) == sorted(set(classes.starts))
    for value, place in zip(values, classes.of(values), strict=True):
        count = np.floor(value + 0.5)
        words = classes.labels[place].replace(",", "").split()
        if words[0] == "None":
            assert count == 0
        elif words[0] == "Under":
            assert count < int(words[1])
        elif words[-1] == "more":
            assert count >= int(words[0])
        else:
            assert int(words[0]) <= count <= int(words[-1])
    starts = [start for start in classes.starts[1:] if start > 1]
    assert all(start >= 5 and start % 5 == 0 for start in starts)


@given(st.lists(st.floats(-5e3, 3e6), min_size=1, max_size=60))
def test_pound_classes_part_those_worth_nothing(values: list[float]) -> None:
    classes = pound_classes(values, "No value")
    assert len(classes.labels) == len(classes.starts) <= 6
    for value, place in zip(values, classes.of(values), strict=True):
        assert (place == 0) == (value < 500)


@given(st.lists(st.floats(0, 1e5), max_size=60), st.integers(0, 5))
def test_breaks_part_the_values(values: list[float], most: int) -> None:
    breaks = round_breaks(values, most)
    assert len(breaks) <= most
    bounds = [min(values, default=0.0), *breaks, np.inf]
    assert bounds == sorted(set(bounds))
    counts = np.histogram(values, bounds)[0] if breaks else np.ones(1)
    assert counts.min() >= 1


def test_classes_read_as_planners_write_them() -> None:
    assert count_classes([0, 3, 6, 9, 12, 18, 25, 33, 48, 70]).labels[0] == "Under 5"
    assert count_classes([60.2, 63, 66, 70, 75, 84, 90, 110]).labels[0].startswith("Under 6")
    assert count_classes([0.0, 0.4], "None").labels == ("None", "Under 5")
    assert count_classes([7.0, 7.0]).labels == ("7 or more",) or count_classes([7.0, 7.0]).labels == ("5 or more",)
    assert pound_classes([0.0, 85_000.0], "None").labels == ("None", "£85k or more")
    assert [round_down(value) for value in (0.3, 1, 4.9, 99, 2400)] == [1, 1, 2, 50, 2000]


def test_values_that_crowd_together_are_parted_all_the_same() -> None:
    """Shortages by ward of the example: half of them 10 or more, the largest 23."""
    few = [3.7, 4.9, 6.2, 6.4, 6.9, 7.0, 7.2, 7.6, 7.7, 8.2, 8.3, 8.3, 8.7, 9.1, 9.4, 9.6]
    values = [*few, 9.6, 10.1, 10.2, 10.8, 11.9, 11.9, 11.9, 12.1, 12.2, 13.0, 14.1, 14.2, 14.3, 14.4, 15.6, 15.8, 22.6]
    assert count_classes(values, "None").labels == ("None", "Under 5", "5 to 9", "10 to 14", "15 or more")


def test_words() -> None:
    assert clean("a\x00b\n c\u202e") == "a b c"
    assert clean("x" * 80) == "x" * 59 + "…"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert years_words([2026]) == "2026/27"
    assert years_words([2026, 2030]) == "2026/27 and 2030/31"
    assert children_by_year([0.2]) == ""
    assert children_by_year([3.0]) == "fewer than 5 children"
    assert children_by_year([2.0, 4.0]) == "fewer than 5 children a year"
    assert children_by_year([2.0, 40.0]) == "up to 40 children a year"
    assert children_by_year([412.0, 530.4]) == "between 412 and 530 children a year"
    assert children_by_year([1412.0]) == "1,412 children"
    assert [pounds(value) for value in (85, 1000, 1250)] == ["£85k", "£1m", "£1.25m"]


def test_counts_tie_to_the_tables() -> None:
    result = fake_result()
    ground = ground_of(result)
    rows = chosen(result, "area_gaps", ALL)
    on_map, elsewhere = by_area(rows, "demand", ground, ALL.years)
    assert on_map.sum() + sum(elsewhere) == pytest.approx(rows["demand"].sum())
    assert sum(elsewhere) == 12.0
    assert flows(result, ALL)["children"].sum() == pytest.approx(chosen(result, "placements", ALL)["children"].sum())
    occupancy = result.frames["occupancy"].query("year == 2026")
    sized = places_by_setting(result, ALL)
    assert sized.loc[sized["is_limited"], "size"].sum() == pytest.approx(occupancy["places"].sum())
    assert set(value_by_setting(result, ALL)["setting"]) == set(occupancy.loc[occupancy["places"].notna(), "setting"])


def test_a_need_keeps_to_the_settings_where_such_children_are() -> None:
    result = fake_result()
    asked = MapRequest(("settings",), (2026,), ("ASD",), ("primary",), ("svg",))
    moves = result.frames["placements"].query("year == 2026 and need == 'ASD' and phase == 'primary'")
    assert set(places_by_setting(result, asked)["setting"]) == set(moves["setting"])


def test_holes_stay_open() -> None:
    result = fake_result()
    ground = ground_of(result)
    shape = result.areas.geometry.iloc[0]
    with drawing_style():
        page = new_page("", "", [""], ground.extent)
        draw_ground(page.panels[0], ground, page.scale, ["#ff0000"] * len(ground.codes))
        page.figure.canvas.draw()
        dots = np.asarray(page.figure.canvas.buffer_rgba())[::-1]  # type: ignore[attr-defined]

    def colour_at(point: shapely.Point) -> str:
        x, y = page.panels[0].transData.transform((point.x, point.y)).astype(int)
        return to_hex(dots[y, x, :3] / 255)

    assert colour_at(shape.interiors[0].centroid) == BACKDROP
    assert colour_at(shape.representative_point()) == "#ff0000"
    assert [locality.name for locality in ground.localities] == ["East", "West"]


def test_names_hide_neither_each_other_nor_markers() -> None:
    with drawing_style():
        ground = ground_of(fake_result())
        page = new_page("Title", "words", [""], ground.extent, FICTIONAL)
        settings = random_settings(voronoi_areas(), 60).iloc[:-3]
        labels = [
            Label(name, point.x, point.y, 6.0, is_important=place < 20)
            for place, (name, point) in enumerate(zip(settings["name"], settings.geometry, strict=True))
        ]
        written = draw_labels(page, page.panels[0], labels, labels, most=30)
        assert len(written) >= 10
        renderer = page.figure.canvas.get_renderer()  # type: ignore[attr-defined]
        boxes = [text.get_window_extent(renderer).extents for text in page.panels[0].texts]
        frame = page.panels[0].get_window_extent().extents
        for place, box in enumerate(boxes):
            assert (box[:2] >= frame[:2] - 2).all()
            assert (box[2:] <= frame[2:] + 2).all()
            for other in boxes[:place]:
                across = min(box[2], other[2]) - max(box[0], other[0])
                up = min(box[3], other[3]) - max(box[1], other[1])
                assert min(across, up) < 2


def test_long_words_fit_the_page() -> None:
    with drawing_style():
        page = new_page("T" * 120, "word " * 60, ["a", "b"], (0.0, 0.0, 1000.0, 1000.0))
        for text in page.figure.texts:
            assert text.get_window_extent().x1 <= page.figure.bbox.x1
        lines = wrapped(page.figure, "some words that are too long for one line", 1.0, 9.0)
        assert len(lines) > 1
        assert all(text_width(page.figure, line, 9.0) <= 1.0 for line in lines)


@pytest.mark.parametrize(
    ("count", "shape", "grid"), [(1, 1.7, (1, 1)), (2, 0.5, (1, 2)), (2, 3.0, (2, 1)), (6, 1.0, (2, 3))]
)
def test_panels_are_laid_out_to_show_the_map_largest(count: int, shape: float, grid: tuple[int, int]) -> None:
    assert best_grid(count, 8.0, 5.8, 0.24, shape) == grid


def test_marker_area_goes_with_places() -> None:
    assert marker_diameter(200, 200, 1.0) == pytest.approx(2 * marker_diameter(50, 200, 1.0))
    assert marker_diameter(1, 10_000, 0.4) > 3
    assert legend_sizes(282) == [10, 50, 200]
    assert legend_sizes(1) == [1]
    assert faintness(10) > faintness(1000) > faintness(10_000) > 0.05
