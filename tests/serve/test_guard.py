"""What is refused before anything is done: foreign names and sites, no token, no JSON, too long, too much."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("starlette")
pytest.importorskip("tomlkit")

from sufficiency.serve.guard import LONGEST_BODY, MOST_REQUESTS

from .sitting import Served


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/", None, {"Host": "evil.example:{port}"}, 421),
        ("GET", "/", None, {"Host": "127.0.0.1.evil.example:{port}"}, 421),
        ("GET", "/", None, {"Host": "127.0.0.1:1"}, 421),
        ("GET", "/", None, {"Host": "127.0.0.1"}, 421),
        ("GET", "/api/state", None, {"Origin": "https://evil.example"}, 403),
        ("GET", "/api/state", None, {"Origin": "null"}, 403),
        ("GET", "/api/state", None, {"Sec_Fetch_Site": "cross-site"}, 403),
        ("OPTIONS", "/api/do/undo", None, {"Origin": "http://localhost:1"}, 403),
        ("GET", "/api/state", None, {"X_Sufficiency_Token": ""}, 401),
        ("GET", "/api/state", None, {"X_Sufficiency_Token": "guess"}, 401),
        ("GET", "/api/progress", None, {"X_Sufficiency_Token": ""}, 401),
        ("POST", "/api/do/undo", b"{}", {"X_Sufficiency_Token": ""}, 401),
        ("GET", "/api/state?t={token}", None, {"X_Sufficiency_Token": ""}, 401),
        ("POST", "/api/do/undo", b"a=1", {"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ("POST", "/api/do/undo", b"{}", {"Content_Type": "text/plain"}, 415),
        ("POST", "/api/do/undo", b"{}", {"Content_Type": ""}, 415),
        ("POST", "/api/do/undo", b" " * (LONGEST_BODY + 1), {}, 413),
        ("POST", "/api/do/undo", b"{", {}, 400),
        ("POST", "/api/do/undo", b"[" * 100_000, {}, 400),
        ("POST", "/api/do/undo", b"[]", {}, 400),
        ("POST", "/api/do/undo", b"{}", {}, 409),
        ("GET", "/api/do/undo", None, {}, 405),
        ("PUT", "/api/state", None, {}, 405),
        ("GET", "/../../etc/passwd", None, {}, 404),
        ("GET", "/api/nothing", None, {}, 404),
    ],
)
def test_what_is_refused(
    unplanned: Served, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    fill = {"port": unplanned.port, "token": unplanned.token}
    before = unplanned.desk.sitting.revision
    sent = {name: words.format(**fill) for name, words in headers.items()}
    answer, given, _ = unplanned.ask(method, path.format(**fill), body, **sent)
    assert answer == status
    assert "access-control-allow-origin" not in given
    assert given["x-content-type-options"] == "nosniff"
    assert unplanned.desk.sitting.revision == before


def test_a_body_without_a_length_is_counted(unplanned: Served) -> None:
    """Sent in chunks, with no Content-Length at all."""
    import http.client

    line = http.client.HTTPConnection("127.0.0.1", unplanned.port, timeout=20)
    chunks = (b" " * 65_536 for _ in range(8))
    headers = {"X-Sufficiency-Token": unplanned.token, "Content-Type": "application/json"}
    line.request("POST", "/api/do/undo", body=chunks, headers=headers, encode_chunked=True)
    assert line.getresponse().status == 413
    line.close()


def test_the_page_itself_holds_nothing_of_the_model_and_lets_nothing_else_run(unplanned: Served) -> None:
    status, headers, body = unplanned.ask("GET", "/", X_Sufficiency_Token="")
    assert status == 200
    assert b"Toy" not in body
    assert b"Sands" not in body
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert b"http://" not in body.replace(b"http://www.w3.org/2000/svg", b"")


def test_reading_changes_nothing(unplanned: Served) -> None:
    before = unplanned.desk.sitting.document(), unplanned.desk.sitting.revision
    for path in ("/", "/api/state", "/api/answer"):
        assert unplanned.ask("GET", path)[0] == 200
    assert (unplanned.desk.sitting.document(), unplanned.desk.sitting.revision) == before


def test_only_this_machine_can_reach_it(unplanned: Served) -> None:
    assert unplanned.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "said",
    [
        {"step": None},
        {"step": {"kind": "places"}},
        {"step": {"kind": "shell", "line": "SP"}},
        {"step": {"kind": "places", "line": "x" * 300, "from_year": 2026, "places": 1}},
        {"step": {"kind": "places", "line": "SP", "from_year": 2026, "places": -1}},
        {"step": {"kind": "places", "line": "SP", "from_year": 2026, "places": 1e308}},
        {"step": {"kind": "places", "line": "SP", "from_year": "2026; rm", "places": 1}},
        {"step": {"kind": "fee", "type": "independent", "percent": float("nan")}},
        {"step": {"kind": "opens", "option": {"a": 1}, "year": 2026}},
    ],
)
def test_a_change_that_cannot_be_read_is_refused_in_words(unplanned: Served, said: dict[str, Any]) -> None:
    status, answer = unplanned.post("change", **said)
    assert status == 422
    assert answer["problems"]
    assert unplanned.desk.sitting.steps == ()


@pytest.mark.parametrize("what", ["drop", "again", "keep", "show", "forget", "save", "report", "__class__"])
def test_what_cannot_be_done_is_refused(unplanned: Served, what: str) -> None:
    assert unplanned.post(what, number=99, name="")[0] == 422


def test_too_many_requests_are_refused_and_those_without_the_token_do_not_count(unplanned: Served) -> None:
    for _ in range(2 * MOST_REQUESTS):
        assert unplanned.ask("GET", "/api/nothing", X_Sufficiency_Token="no")[0] == 401
    answers = [unplanned.ask("GET", "/api/nothing")[0] for _ in range(MOST_REQUESTS + 5)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_the_token_is_another_each_time_and_only_behind_the_number_sign(unplanned: Served) -> None:
    from .sitting import Desk, listening, socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        _, address = listening(unplanned.desk, other)
    assert address.split("#t=")[1] != unplanned.token
    assert len(unplanned.token) >= 32
    assert json.dumps(unplanned.token) not in json.dumps(unplanned.desk.sitting.document())
    assert isinstance(unplanned.desk, Desk)
