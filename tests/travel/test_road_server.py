"""Journeys from an OSRM server: the real one where it is there, and made ones that fail in every way."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sufficiency.api.reading import read
from sufficiency.problems import InputError
from sufficiency.progress import silent
from sufficiency.travel.roads import by_road
from sufficiency.travel.roads.server import Patience, ServerError, table_of_server
from tests.conftest import Require
from tests.roads import HAS_OSRM, NO_OSRM, osrm_answer, toy_by_road, write_grid

QUICK = Patience(seconds=5, waits=(0.01,))
Answer = Callable[["_Asked"], None]


class _Asked(BaseHTTPRequestHandler):
    """One request; `sources` and `destinations` are the points it asks about."""

    protocol_version = "HTTP/1.0"

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        with suppress(OSError):
            self.server.answer(self)  # type: ignore[attr-defined]

    @property
    def points(self) -> list[tuple[float, float]]:
        listed = self.path.partition("?")[0].rpartition("/")[2].split(";")
        return [(float(one.split(",")[0]), float(one.split(",")[1])) for one in listed]

    @property
    def sources(self) -> list[tuple[float, float]]:
        return self.points[: self._count("sources")]

    @property
    def destinations(self) -> list[tuple[float, float]]:
        return self.points[self._count("sources") :]

    def _count(self, key: str) -> int:
        return len(self.path.partition(f"{key}=")[2].partition("&")[0].split(";"))

    def send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def send_journeys(self, metres: float = 5000.0, seconds: float = 600.0) -> None:
        answer = osrm_answer(len(self.sources), len(self.destinations), metres, seconds)
        self.send(200, json.dumps(answer).encode())


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address of a server that answers as `answer` does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    server.answer = answer  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _points(number: int) -> Any:
    return np.column_stack([np.linspace(-2.0, -1.9, number), np.full(number, 52.5)])


def _refusal(answer: Answer, sources: int = 2, patience: Patience = QUICK) -> str:
    with serving(answer) as address, pytest.raises(ServerError) as error:
        table_of_server(address, _points(sources), _points(2), silent, patience)
    return f"{error.value.what} → {error.value.fix}"


class TestTiles:
    def test_no_request_has_more_than_a_hundred_points_and_tiles_fit_together(self) -> None:
        """120 areas and 60 settings: 3 × 2 requests; metres are the difference of longitudes, so a tile out of place
        would show.
        """
        asked: list[int] = []

        def answer(request: _Asked) -> None:
            asked.append(len(request.points))
            told = osrm_answer(len(request.sources), len(request.destinations))
            told["distances"] = [[1e6 * abs(x - to) for to, _ in request.destinations] for x, _ in request.sources]
            request.send(200, json.dumps(told).encode())

        sources, destinations = _points(120), _points(60)
        with serving(answer) as address:
            table = table_of_server(address, sources, destinations, silent, QUICK)
        assert len(asked) == 6
        assert max(asked) == 100
        expected = 1e6 * np.abs(sources[:, :1] - destinations[:, 0])
        np.testing.assert_allclose(table.metres, expected, atol=1.1)  # six digits of a degree

    def test_a_server_that_takes_fewer_points(self) -> None:
        def answer(request: _Asked) -> None:
            if len(request.points) > 30:
                request.send(400, b'{"code": "TooBig", "message": "Too many table coordinates"}')
            else:
                request.send_journeys()

        with serving(answer) as address:
            assert table_of_server(address, _points(70), _points(3), silent, QUICK).seconds.shape == (70, 3)

    def test_no_way_is_no_journey(self) -> None:
        def answer(request: _Asked) -> None:
            told = osrm_answer(2, 2)
            told["durations"] = [[60.0, None], [60.0, 60.0]]
            request.send(200, json.dumps(told).encode())

        with serving(answer) as address:
            table = table_of_server(address, _points(2), _points(2), silent, QUICK)
        assert np.isnan(table.seconds[0, 1])
        assert np.isnan(table.metres[0, 1])
        assert np.isfinite(table.metres).sum() == 3


class TestFailures:
    def test_nobody_there(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ServerError, match=r"no server answers at this address \(2 tries\)"):
            table_of_server(address, _points(2), _points(2), silent, QUICK)

    def test_too_slow(self) -> None:
        def answer(request: _Asked) -> None:
            time.sleep(0.3)

        patience = Patience(seconds=0.1, waits=())
        assert "the server has not answered within 0.1 seconds" in _refusal(answer, patience=patience)

    def test_drop_by_drop(self) -> None:
        """Each byte is in time, and the whole is not."""

        def answer(request: _Asked) -> None:
            request.send_response(200)
            request.end_headers()
            for _ in range(40):
                request.wfile.write(b" ")
                time.sleep(0.01)

        patience = Patience(seconds=0.1, waits=())
        assert "the server has not answered within 0.1 seconds" in _refusal(answer, patience=patience)

    def test_half_an_answer(self) -> None:
        def answer(request: _Asked) -> None:
            whole = json.dumps(osrm_answer(2, 2)).encode()
            request.send(200, whole[: len(whole) // 2], Content_Length=str(len(whole)))

        assert "the server broke off its answer (2 tries)" in _refusal(answer)

    def test_a_fault_that_passes(self) -> None:
        tries: list[str] = []

        def answer(request: _Asked) -> None:
            tries.append(request.path)
            if len(tries) == 1:
                request.send(503, b"busy")
            else:
                request.send_journeys()

        with serving(answer) as address:
            table = table_of_server(address, _points(2), _points(2), silent, QUICK)
        assert len(tries) == 2
        assert (table.seconds == 600).all()

    def test_the_third_of_four_requests_fails(self) -> None:
        asked: list[str] = []

        def answer(request: _Asked) -> None:
            asked.append(request.path)
            if len(asked) > 2:
                request.send(500, b"")
            else:
                request.send_journeys()

        said = _refusal(answer, sources=200)
        assert "the server answers with an error (status 500) (2 tries) (after 2 of 4 requests were answered" in said
        assert "none of them is used" in said

    def test_nothing_is_sent_to_another_address(self) -> None:
        others: list[str] = []

        def elsewhere(request: _Asked) -> None:
            others.append(request.path)

        with serving(elsewhere) as other:
            said = _refusal(lambda request: request.send(302, b"", Location=f"{other}/route"))
            assert f"the server sends requests on to another address, “{other}/route”" in said
        assert others == []

    @pytest.mark.parametrize(
        ("status", "content", "said"),
        [
            (200, b"<html>Log in</html>", "the server answers with something else than journeys"),
            (200, b"[]", "the server answers with something else than journeys"),
            (200, b'{"code": "Ok"}', "the answer is not that of an OSRM server"),
            (200, b'{"durations": [["x"]]}', "the answer is not that of an OSRM server"),
            (200, b"[" * 100_000, "the server answers with something else than journeys"),
            (404, b"", "the server refuses the request (status 404)"),
            (400, b'{"code": "InvalidUrl"}', "the server does not understand the request (InvalidUrl)"),
            (400, b'{"code": "NoSegment"}', "the server's map has no road near these areas"),
        ],
    )
    def test_another_answer(self, status: int, content: bytes, said: str) -> None:
        assert said in _refusal(lambda request: request.send(status, content))

    def test_a_table_of_another_size(self) -> None:
        def answer(request: _Asked) -> None:
            request.send(200, json.dumps(osrm_answer(2, 1)).encode())

        assert "journeys or points are missing" in _refusal(answer)


class TestModel:
    def test_the_toy_by_a_server(self, tmp_path: Path) -> None:
        with serving(lambda request: request.send_journeys(metres=5000, seconds=600)) as address:
            case = read(toy_by_road(tmp_path, f'method = "osrm"\nserver = "{address}"'))
        journeys = case.journeys
        assert journeys.km[0, :4].tolist() == [5.0] * 4
        assert journeys.minutes[0, :4].tolist() == [10.0] * 4
        assert journeys.walking_km is None
        assert journeys.attribution.endswith("© OpenStreetMap contributors (ODbL)")

    def test_a_server_for_walking_beside_it(self, tmp_path: Path) -> None:
        with (
            serving(lambda request: request.send_journeys()) as car,
            serving(lambda request: request.send_journeys(metres=4000, seconds=2880)) as foot,
        ):
            travel = f'method = "osrm"\nserver = "{car}"\nwalking_server = "{foot}"'
            journeys = read(toy_by_road(tmp_path, travel)).journeys
        assert journeys.walking_km is not None
        assert journeys.walking_km[0, :4].tolist() == [4.0] * 4

    @pytest.mark.parametrize(
        ("car", "foot", "said"),
        [
            (5.0, 5.0, "travel.server: journeys come to 5 km/h, as on foot and not by car"),
            (15.0, 5.0, "travel.server: journeys come to 15 km/h, as by bicycle and not by car"),
            (40.0, 40.0, "travel.walking_server: journeys come to 40 km/h, which is not on foot"),
        ],
    )
    def test_the_wrong_profile(self, car: float, foot: float, said: str, tmp_path: Path) -> None:
        with (
            serving(lambda request: request.send_journeys(metres=5000, seconds=18_000 / car)) as one,
            serving(lambda request: request.send_journeys(metres=5000, seconds=18_000 / foot)) as other,
        ):
            travel = f'method = "osrm"\nserver = "{one}"\nwalking_server = "{other}"'
            with pytest.raises(InputError) as error:
                read(toy_by_road(tmp_path, travel))
        assert said in str(error.value)

    def test_a_server_that_is_down_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Patience, "__init__", lambda self: None)
        monkeypatch.setattr(Patience, "seconds", 5.0)
        monkeypatch.setattr(Patience, "waits", ())
        with pytest.raises(InputError) as error:
            read(toy_by_road(tmp_path, 'method = "osrm"\nserver = "http://127.0.0.1:9"'))
        assert "toy.toml, value “http://127.0.0.1:9”: travel.server: no server answers at this address" in str(
            error.value
        )


class TestRealServer:
    def test_it_answers_as_the_engine_does(
        self, tmp_path: Path, require: Require, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The server that OSRM ships, on the graph that the engine uses: the same journeys to the digit."""
        require("roads", HAS_OSRM, NO_OSRM)
        monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
        model = toy_by_road(tmp_path, 'method = "osrm"\nroads = "grid.osm"')
        write_grid(model.parent / "grid.osm")
        own = read(model).journeys
        graphs = {
            folder.name.partition("-")[0]: folder / "roads.osrm" for folder in (tmp_path / "cache/roads").iterdir()
        }
        with _routed(graphs["car"]) as car, _routed(graphs["foot"]) as foot:
            text = model.read_text(encoding="utf-8")
            asked = f'server = "{car}"\nwalking_server = "{foot}"'
            model.write_text(text.replace('roads = "grid.osm"', asked), encoding="utf-8")
            served = read(model).journeys
            swapped = text.replace('roads = "grid.osm"', f'server = "{foot}"')
            model.write_text(swapped, encoding="utf-8")
            with pytest.raises(InputError, match="as on foot and not by car"):
                read(model)
        np.testing.assert_array_equal(served.km, own.km)
        np.testing.assert_array_equal(served.minutes, own.minutes)
        np.testing.assert_array_equal(served.walking_km, own.walking_km)

    def test_more_points_than_it_takes_at_once(
        self, tmp_path: Path, require: Require, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """240 areas and 100 settings: ten requests, as one of the engine."""
        require("roads", HAS_OSRM, NO_OSRM)
        from sufficiency.travel.roads.engine import table_of_extract
        from sufficiency.travel.roads.graph import graph_of

        monkeypatch.setenv("SUFFICIENCY_CACHE", str(tmp_path / "cache"))
        grid = write_grid(tmp_path / "grid.osm")
        rng = np.random.default_rng(1)
        sources, destinations = (rng.uniform((-1.99, 52.56), (-1.87, 52.64), (size, 2)).round(6) for size in (240, 100))
        own = table_of_extract(grid, "car", sources, destinations, "grid.osm", silent)
        said: list[str] = []
        with _routed(graph_of(grid, "car", "grid.osm", silent)) as address:
            served = table_of_server(address, sources, destinations, lambda _, detail: said.append(detail))
        assert len(said) == 10
        np.testing.assert_array_equal(served.seconds, own.seconds)
        np.testing.assert_array_equal(served.metres, own.metres)


@contextmanager
def _routed(graph: Path) -> Iterator[str]:
    """The address of the server that OSRM ships, on a graph."""
    import osrm

    program = Path(osrm.__file__).parent / "bin" / f"osrm-routed{'.exe' if sys.platform == 'win32' else ''}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "-a", "MLD", "-i", "127.0.0.1", "-p", str(port), "-t", "1", graph]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/nearest/v1/driving/-1.9,52.6"):
                break
            assert running.poll() is None, "the server has ended"
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=30)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    by_road._answers.clear()
