"""Journeys on roads of this computer, through OSRM itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sufficiency.api.planning import solve
from sufficiency.api.reading import changed_case, read
from sufficiency.problems import InputError
from sufficiency.report.maps.words import source_words
from sufficiency.report.screens.plan import screen
from sufficiency.travel.roads import by_road
from tests.conftest import Require
from tests.roads import HAS_OSRM, NO_OSRM, TOY, toy_by_road, write_grid

BY_ROAD = 'method = "osrm"\nroads = "grid.osm"'


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(cache: Path, require: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    require("roads", HAS_OSRM, NO_OSRM)
    monkeypatch.setenv("SUFFICIENCY_CACHE", str(cache))


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_grid(tmp_path_factory.mktemp("roads") / "grid.osm").read_bytes()


@pytest.fixture
def model(tmp_path: Path, grid: bytes) -> Path:
    made = toy_by_road(tmp_path, BY_ROAD)
    (made.parent / "grid.osm").write_bytes(grid)
    return made


def _said(error: pytest.ExceptionInfo[InputError]) -> str:
    return str(error.value)


class TestJourneys:
    def test_km_are_along_the_streets(self, model: Path) -> None:
        """Points stand on crossings of a square grid: the way is as long as its two legs."""
        journeys = read(model).journeys
        area, setting = journeys.areas.index("N1"), journeys.settings.index("100002")
        assert journeys.km[area, setting] == pytest.approx(5.5 + 1.0, rel=0.005)  # (402500, 302500) to (408000, 303500)
        assert journeys.walking_km is not None
        assert journeys.walking_km[area, setting] == pytest.approx(6.5, rel=0.005)

    def test_minutes_are_those_of_a_car_in_streets(self, model: Path) -> None:
        """OSRM's car drives 25 km/h in a residential street: 6.5 km take 15.6 minutes, and turns a little."""
        journeys = read(model).journeys
        minutes = journeys.minutes[journeys.areas.index("N1"), journeys.settings.index("100002")]
        assert 15.5 < minutes < 17.5

    def test_slower_roads_take_longer_by_speed_factor(self, model: Path, tmp_path: Path) -> None:
        free = read(model).journeys
        slow = changed_case(read(model), {"set": {"travel": {"speed_factor": 0.8}}}).journeys
        np.testing.assert_allclose(slow.minutes[:, :4], free.minutes[:, :4] / 0.8)
        np.testing.assert_array_equal(slow.km, free.km)

    def test_a_pool_of_settings_keeps_its_own_journey(self, model: Path) -> None:
        journeys = read(model).journeys
        assert set(journeys.km[:, journeys.settings.index("IND")]) == {30.0}

    def test_whom_to_name(self, model: Path) -> None:
        assert read(model).journeys.attribution == "Journeys by road: © OpenStreetMap contributors (ODbL)"
        assert read(TOY / "toy.toml").journeys.attribution == ""

    def test_the_file_of_roads_is_an_input(self, model: Path) -> None:
        assert read(model).tables.files["roads"].name == "grid.osm"

    def test_a_case_without_oddities_has_no_warning(self, model: Path) -> None:
        assert [str(problem) for problem in read(model).warnings if "road" in str(problem)] == []


class TestPlan:
    def test_a_plan_names_the_roads_and_says_who_could_walk(self, model: Path) -> None:
        result = solve(read(model))
        assert "OpenStreetMap contributors" in result.summary["attribution"]
        assert result.summary["inputs"]["roads"]["file"] == "grid.osm"
        assert result.summary["longer_by_minutes"] == 5.0
        walking, journeys = result.frames["walking"], result.frames["journeys"]
        np.testing.assert_allclose(walking["children"], journeys["children"])
        assert (walking["over_three_miles"] <= walking["over_two_miles"]).all()
        state = (walking["type"] == "special_school") & (walking["phase"] == "secondary")
        np.testing.assert_array_equal(walking.loc[state, "beyond_least"], walking.loc[state, "over_three_miles"])
        assert "© OpenStreetMap contributors (ODbL)." in source_words(result)
        assert "© OpenStreetMap contributors (ODbL)." in screen(result, detail=True)

    def test_made_again_the_same(self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A graph made again gives the same journeys to the last digit."""
        first = _fresh(model)
        monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "other"))
        assert _fresh(model) == first


class TestCache:
    def test_a_graph_is_made_once(self, model: Path, cache: Path) -> None:
        read(model)
        before = {file: file.stat().st_mtime_ns for file in cache.rglob("*")}
        _fresh(model)
        assert {file: file.stat().st_mtime_ns for file in cache.rglob("*")} == before
        assert {folder.name.partition("-")[0] for folder in (cache / "roads").iterdir()} == {"car", "foot"}

    def test_a_damaged_graph_is_made_again(self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "own"))
        first = _fresh(model)
        for file in (tmp_path / "own" / "roads").glob("*/roads.osrm.geometry"):
            file.write_bytes(file.read_bytes()[:100])
        assert _fresh(model) == first

    def test_a_folder_that_cannot_be_written(
        self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("not a folder")
        monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "file"))
        (model.parent / "grid.osm").write_text((model.parent / "grid.osm").read_text() + "<!-- new -->\n")
        with pytest.raises(InputError) as error:
            read(model)
        assert "the graph of roads cannot be kept in this folder" in _said(error)
        assert "set the environment variable SUFFICIENCY_CACHE" in _said(error)


def _fresh(model: Path) -> tuple[bytes, bytes]:
    """The journeys of a model as a process that has read nothing yet works them out."""
    by_road._answers.clear()
    journeys = read(model).journeys
    return journeys.km.tobytes(), journeys.minutes.tobytes()


class TestOddities:
    def test_points_off_the_roads_are_named(self, tmp_path: Path, grid: bytes) -> None:
        rows = ["200001,Far Field School,special_school,410700,300000,,,,,,true,,"]
        rows += ["200002,School Over the Hills,independent,450000,300000,,,,,,false,,"]
        model = toy_by_road(tmp_path, BY_ROAD, {"settings": rows})
        (model.parent / "grid.osm").write_bytes(grid)
        case = read(model)
        said = "\n".join(map(str, case.warnings))
        assert "settings.csv, row 8, column setting, value “200001 Far Field School”: the nearest road is 70" in said
        assert "value “200002 School Over the Hills”: no road is near: the nearest is 40" in said
        km = case.journeys.km
        assert np.isfinite(km[:, case.journeys.settings.index("200001")]).all()
        assert np.isnan(km[:, case.journeys.settings.index("200002")]).all()

    def test_two_networks(self, tmp_path: Path) -> None:
        """North and South are apart: nobody can go from one to the other, and some do today."""
        model = toy_by_road(tmp_path, BY_ROAD)
        write_grid(model.parent / "grid.osm", cut_at=300_000)
        with pytest.raises(InputError) as error:
            read(model)
        assert "there is no journey between this area and setting, but" in _said(error)
        assert "there is no way by road for this pair: no child can be placed so" in "\n".join(
            str(problem) for problem in error.value.problems
        )

    def test_roads_of_another_place(self, tmp_path: Path) -> None:
        model = toy_by_road(tmp_path, BY_ROAD)
        write_grid(model.parent / "grid.osm", bounds=(500_000, 200_000, 503_000, 203_000))
        with pytest.raises(InputError, match="the roads do not cover the areas: the nearest road is 1") as error:
            read(model)
        assert "give an extract with the roads of your area" in _said(error)


class TestDamagedFiles:
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("roads.osm.pbf", b"", "the file of roads is empty"),
            ("roads.osm.pbf", b"<html>404 not found</html>", "this is not an extract of OpenStreetMap in PBF"),
            ("roads.osm.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7c", "the file of roads is cut short"),
            ("roads.osm", b"<osm version='0.6'></osm>", "there are no roads in this file"),
            ("roads.osm", b"<osm version='0.6'><node", "the file"),
            ("roads.shp", b"x", "this is not a file of OpenStreetMap roads"),
        ],
    )
    def test_what_is_wrong_is_said(self, name: str, content: bytes, said: str, tmp_path: Path, cache: Path) -> None:
        model = toy_by_road(tmp_path, f'method = "osrm"\nroads = "{name}"')
        (model.parent / name).write_bytes(content)
        with pytest.raises(InputError) as error:
            read(model)
        assert said in _said(error)
        assert not list((cache / "roads").glob("unfinished-*"))
