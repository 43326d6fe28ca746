"""What a model with journeys by road is told before any road is read."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sufficiency.problems import InputError
from sufficiency.tables.checks import roads
from tests.roads import toy_by_road


def _said(model: Path) -> str:
    from sufficiency.api.reading import read

    with pytest.raises(InputError) as error:
        read(model)
    return str(error.value)


def test_an_older_python_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OSRM's package has no build for Python 3.11: the file of roads is looked at all the same, and both are said."""
    monkeypatch.setattr(roads, "NEEDS_PYTHON", (99, 0))
    said = _said(toy_by_road(tmp_path, 'method = "osrm"\nroads = "county.osm.pbf"'))
    assert "travel.roads: journeys by road on this computer need Python 3.12 or newer; this is 3." in said
    assert "install Python 3.12 or newer and sufficiency[roads], or give server or a travel table" in said
    assert "county.osm.pbf: there is no such file" in said


def test_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads, "NEEDS_PYTHON", (3, 11))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = _said(toy_by_road(tmp_path, 'method = "osrm"\nroads = "county.osm.pbf"'))
    assert "need the extra roads, which is not installed → python -m pip install 'sufficiency[roads]'" in said


def test_the_file_beside_is_named(tmp_path: Path) -> None:
    model = toy_by_road(tmp_path, 'method = "osrm"\nroads = "contry.osm.pbf"')
    (model.parent / "county.osm.pbf").write_bytes(b"x")
    assert "contry.osm.pbf: there is no such file → did you mean “county.osm.pbf”?" in _said(model)


def test_an_address_is_no_file(tmp_path: Path) -> None:
    model = toy_by_road(tmp_path, 'method = "osrm"\nroads = "https://example.org/county.osm.pbf"')
    assert "roads are a file, not an address → download it first" in _said(model)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    model = toy_by_road(tmp_path, 'method = "osrm"\nroads = "county.osm.pbf"')
    (model.parent / "county.osm.pbf").mkdir()
    assert "this is a folder, not a file" in _said(model)


@pytest.mark.parametrize(
    "address", ["", "ftp://x", "http://", "http://x:99999", "http://x:0", "http://x/?key=1", "http://x/ y", "http://ü"]
)
def test_addresses_that_are_refused(address: str, tmp_path: Path) -> None:
    assert "travel.server: this is " in _said(toy_by_road(tmp_path, f'method = "osrm"\nserver = "{address}"'))


def test_a_walking_server_alone(tmp_path: Path) -> None:
    said = _said(toy_by_road(tmp_path, 'method = "osrm"\nroads = "x.osm.pbf"\nwalking_server = "http://localhost"'))
    assert "take it out: with roads, walking is worked out from them" in said
