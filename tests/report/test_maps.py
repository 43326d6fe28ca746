from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pytest
import shapely
from PIL import Image

from sufficiency.problems import InputError
from sufficiency.report.maps.draw import KINDS, draw_maps
from sufficiency.result import Result

from .fake_result import (
    BRITISH_GRID,
    as_points,
    fake_result,
    random_settings,
    saltmere_areas,
    saltmere_settings,
    voronoi_areas,
)

HOSTILE = r"St $x_1$ & <b>Mary\'s</b> \frac{ ‹Ysgol Tŷ› 100% #{}" + "\x00\x1b\n emoji 🏫"


def svg_text(file: Path) -> str:
    return " ".join(" ".join(ET.parse(file).getroot().itertext()).split())


def draw(result: Result, folder: Path, **asked: object) -> dict[str, str]:
    """The words of each map drawn as SVG, by file name."""
    return {file.name: svg_text(file) for file in draw_maps(result, folder, formats=["svg"], **asked)}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result() -> Result:
    return fake_result()


def test_every_kind_is_drawn_in_every_format(result: Result, tmp_path: Path) -> None:
    steps: list[tuple[str, str]] = []
    files = draw_maps(result, tmp_path / "new" / "maps", progress=lambda step, detail: steps.append((step, detail)))
    assert [file.name for file in files] == [f"{kind}_2026.{form}" for kind in KINDS for form in ("png", "svg")]
    assert steps[0] == ("Maps", "demand, 2026/27")
    for file in files:
        if file.suffix == ".png":
            with Image.open(file) as picture:
                assert picture.width / 11.69 >= 200
                assert picture.width / picture.height == pytest.approx(2**0.5, abs=0.01)


def test_each_map_says_what_whose_when_and_from_where(result: Result, tmp_path: Path) -> None:
    for words in draw(result, tmp_path).values():
        assert "2026/27" in words
        assert "All needs · all phases" in words
        assert "Fictional data" in words
        assert "model “Saltmere (fictional)”" in words
        assert " km" in words
        assert " N " in f" {words} "
    real = fake_result(fictional=False, scenario="free-school-late")
    for words in draw(real, tmp_path, kinds=["settings"]).values():
        assert "Fictional data" not in words
        assert "scenario: free-school-late" in words


def test_the_same_result_gives_the_same_files(result: Result, tmp_path: Path) -> None:
    kinds = ["demand", "settings", "journeys"]
    first, second = (draw_maps(result, tmp_path / name, kinds=kinds) for name in "ab")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_no_map_is_written_through_a_link(result: Result, tmp_path: Path) -> None:
    [drawn] = draw_maps(result, tmp_path / "before", kinds=["gap"], years=[2026], formats=["png"])
    private, folder = tmp_path / "mine.txt", tmp_path / "maps"
    private.write_text("mine", encoding="utf-8")
    folder.mkdir()
    (folder / f".{drawn.name}.part").symlink_to(private)
    draw_maps(result, folder, kinds=["gap"], years=[2026], formats=["png"])
    assert private.read_text(encoding="utf-8") == "mine"


def test_the_users_own_settings_neither_matter_nor_change(result: Result, tmp_path: Path) -> None:
    plain = draw_maps(result, tmp_path / "a", kinds=["settings"], formats=["svg"])
    with mpl.rc_context({"font.size": 30, "text.usetex": True, "svg.fonttype": "path"}):
        odd = draw_maps(result, tmp_path / "b", kinds=["settings"], formats=["svg"])
        assert mpl.rcParams["font.size"] == 30
    assert [file.read_bytes() for file in plain] == [file.read_bytes() for file in odd]


def test_needs_phases_and_years_are_in_the_name_and_the_words(result: Result, tmp_path: Path) -> None:
    words = draw(result, tmp_path, needs=["asd"], phases=["Primary"], years=[2028, 2026], kinds=["demand"])
    assert list(words) == ["demand_ASD_primary_2026-2028.svg"]
    (text,) = words.values()
    assert "Children who need a specialist place, 2026/27 and 2028/29" in text
    assert "Autistic spectrum disorder · Primary" in text
    assert list(draw(result, tmp_path, years=range(2026, 2029), kinds="gap")) == ["gap_2026-2028.svg"]


def test_several_years_share_one_legend(result: Result, tmp_path: Path) -> None:
    (text,) = draw(result, tmp_path, years=[2026, 2027, 2028], kinds=["demand"]).values()
    assert text.count("Children living in the area") == 1
    assert "2026/27 to 2028/29" in text


@pytest.mark.parametrize(
    ("asked", "fix"),
    [
        ({"years": [2040]}, "the nearest is 2028"),
        ({"years": ["next"]}, "the plan runs from 2026 (2026/27)"),
        ({"needs": ["ADS"]}, "did you mean “ASD”?"),
        ({"phases": ["primry"]}, "did you mean “primary”?"),
        ({"kinds": ["demnd"]}, "did you mean “demand”?"),
        ({"formats": ["pgn"]}, "did you mean “png”?"),
    ],
)
def test_what_is_not_known_names_the_nearest(
    result: Result, tmp_path: Path, asked: dict[str, list[str]], fix: str
) -> None:
    with pytest.raises(InputError) as caught:
        draw_maps(result, tmp_path / "maps", **asked)  # type: ignore[arg-type]
    assert fix in str(caught.value)
    assert not (tmp_path / "maps").exists()


def test_everything_not_known_is_said_at_once(result: Result, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        draw_maps(result, tmp_path, years=[1066], needs=["X9"], kinds=["globe"])
    assert len(caught.value.problems) == 3


def test_hostile_names_are_drawn_as_they_are(tmp_path: Path) -> None:
    areas, settings = voronoi_areas(), random_settings(voronoi_areas(), 24)
    areas["locality"] = np.where(areas["locality"] == "West", "_W$t & <Co>", "E\\ast ${")
    settings["name"] = [HOSTILE if i % 2 else f"_{i} ${i}$" for i in range(len(settings))]
    labels = {"types": {"resource_base": "_Base <$a_b$>"}, "needs": {"ASD": "A&S$D_"}, "phases": {}}
    odd = fake_result(areas, settings, model=f"{HOSTILE} \udc80", scenario="a_b <c> $d$", labels=labels)
    words = draw(odd, tmp_path, needs=["ASD"])
    assert "_Base <$a_b$>" in words["settings_ASD_2026.svg"]
    assert "St $x_1$ & <b>Mary" in words["settings_ASD_2026.svg"]
    assert "_W$t & <Co>" in words["demand_ASD_2026.svg"]
    assert all("A&S$D_ · all phases" in text and "scenario: a_b <c> $d$" in text for text in words.values())
    assert all("\x1b" not in text and "\x00" not in text for text in words.values())
    draw_maps(odd, tmp_path, formats=["png"], kinds=["settings"])


def test_a_need_nobody_has_says_so(result: Result, tmp_path: Path) -> None:
    for name, words in draw(result, tmp_path, needs=["MSI"]).items():
        assert "No children" in words, name


def test_a_year_of_several_without_children_says_so(result: Result, tmp_path: Path) -> None:
    frames = {name: rows[rows["year"] != 2027] if "year" in rows else rows for name, rows in result.frames.items()}
    for name, words in draw(replace(result, frames=frames), tmp_path, years=[2026, 2027]).items():
        assert words.count("No children") == 1, name


def test_a_result_without_tables_or_areas_still_draws(result: Result, tmp_path: Path) -> None:
    bare = replace(result, frames={"area_gaps": result.frames["area_gaps"].iloc[:0]})
    assert all("No children" in words for words in draw(bare, tmp_path).values())
    no_areas = gpd.GeoDataFrame({"area": [], "name": [], "locality": []}, geometry=[], crs=BRITISH_GRID)
    assert len(draw(replace(result, areas=no_areas), tmp_path, kinds=["gap", "journeys"])) == 2


def test_areas_may_be_points_or_lack_a_shape(tmp_path: Path) -> None:
    points = as_points(voronoi_areas())
    assert "Under" in draw(fake_result(points), tmp_path, kinds=["demand"])["demand_2026.svg"]
    areas = voronoi_areas()
    mixed = areas.drop(columns=["x", "y", "locality"])
    mixed.loc[3, "geometry"] = None
    words = draw(replace(fake_result(areas), areas=mixed), tmp_path, kinds=["demand", "journeys"])
    assert "home area is not known or not on the map" in words["demand_2026.svg"]
    assert "home area is not known or not on the map" in words["journeys_2026.svg"]


def test_crossed_outlines_are_repaired(tmp_path: Path) -> None:
    areas = voronoi_areas()
    areas.loc[0, "geometry"] = shapely.Polygon([(640e3, 385e3), (642e3, 387e3), (642e3, 385e3), (640e3, 387e3)])
    assert draw(replace(fake_result(), areas=areas), tmp_path, kinds=["demand"])


def test_children_who_are_not_shown_are_counted(result: Result, tmp_path: Path) -> None:
    words = draw(result, tmp_path, kinds=["demand", "gap", "settings", "journeys"])
    assert "Not shown: 12 children whose home area is not known or not on the map." in words["demand_2026.svg"]
    assert "Not shown: 6 children whose home area" in words["gap_2026.svg"]
    moves = result.frames["placements"].query("year == 2026")
    pooled = moves.loc[moves["setting"].isin(["P1", "P2"]), "children"].sum()
    assert pooled >= 5
    for kind in ("settings", "journeys"):
        assert f"Not shown: {pooled:,.0f} children in provision that has no place" in words[f"{kind}_2026.svg"]


def test_settings_beyond_the_edge_are_counted(result: Result, tmp_path: Path) -> None:
    settings = result.settings.copy()
    busiest = result.frames["placements"].groupby("setting")["children"].sum().idxmax()
    settings.loc[settings["setting"] == busiest, "geometry"] = shapely.Point(100_000, 100_000)
    moves = result.frames["placements"].query("year == 2026 and setting == @busiest")
    words = draw(replace(result, settings=settings), tmp_path, kinds=["journeys"])["journeys_2026.svg"]
    assert f"1 setting lies beyond the edge of the map, with {moves['children'].sum():,.0f} children." in words


def test_no_tiny_count_is_on_a_map(tmp_path: Path) -> None:
    few = fake_result(children=40.0)
    words = draw(few, tmp_path, kinds=["demand", "journeys"])
    assert "Under 5" in words["demand_2026.svg"]
    assert "fewer than 5 children" in words["journeys_2026.svg"]


def test_a_setting_not_in_the_result_is_an_error(result: Result, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not among its settings"):
        draw_maps(replace(result, settings=result.settings.iloc[1:]), tmp_path, kinds=["journeys"])


@pytest.mark.parametrize("kind", ["gap", "journeys", "place_value"])
def test_saltmere_in_many_years(tmp_path: Path, kind: str) -> None:
    saltmere = fake_result(saltmere_areas(), saltmere_settings(), years=(2026, 2031))
    words = draw(saltmere, tmp_path, kinds=[kind], years=range(2026, 2032))[f"{kind}_2026-2031.svg"]
    assert all(f"{year}/{year - 1999}" in words for year in range(2026, 2032))


@pytest.mark.parametrize(("status", "spare"), [("optimal", True), ("stopped", False)])
def test_a_stopped_plan_does_not_say_that_there_are_places_to_spare(
    result: Result, tmp_path: Path, status: str, spare: bool
) -> None:
    """Where no price was found nothing is known, and no setting is left out of the map for it."""
    none = 0.0 if spare else np.nan
    values = result.frames["place_values"].assign(pounds=none, pounds_from=none, how="dual")
    stopped = replace(
        result, summary={**result.summary, "status": status}, frames={**result.frames, "place_values": values}
    )
    words = draw(stopped, tmp_path, kinds=["place_value"])["place_value_2026.svg"]
    assert ("places to spare" in words) == spare
    assert "an upper bound" not in words
    assert ("before any value was found" in words) == (not spare)
    assert ("No value found yet" in words) == (not spare)


def test_a_bound_is_a_ring_and_says_at_most(result: Result, tmp_path: Path) -> None:
    """Three settings with a limit: £478k as a bound, £120k found, and £0 as a bound, which is nothing."""
    values = result.frames["place_values"].drop_duplicates(["year", "setting"])
    three = values[values["year"] == 2026].head(3)
    three = three.assign(pounds_from=[478_000.0, 120_000.0, 0.0], how=["dual", "resolved", "dual"])
    bounded = replace(result, frames={**result.frames, "place_values": three})
    words = draw(bounded, tmp_path, kinds=["place_value"])["place_value_2026.svg"]
    assert "at most £478k" in words
    assert words.count("at most £") == 1
    assert "Ring: at most so much, an upper bound" in words
    assert "A ring, at 1 setting:" in words
    assert "present value, 2026/27 pounds" in words
    found = three.assign(how="resolved")
    none = draw(replace(bounded, frames={**bounded.frames, "place_values": found}), tmp_path, kinds=["place_value"])
    assert "ring" not in none["place_value_2026.svg"].lower()


def test_matplotlib_is_loaded_only_when_a_map_is_drawn() -> None:
    code = (
        "import sys, sufficiency.report.maps.draw; assert 'matplotlib' not in sys.modules;"
        "import sufficiency.report.maps.areas, sufficiency.report.maps.journeys;"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
