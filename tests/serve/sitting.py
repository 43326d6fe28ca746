"""A copy of the toy served to a test, and what a page would send."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sufficiency.api.reading import read
from sufficiency.serve.desk import Desk
from sufficiency.serve.run import LOOPBACK, listening
from tests.solved import TOY

MORE = {"kind": "places", "line": "SP", "from_year": 2026, "places": 40}


def toy_desk(folder: Path) -> Desk:
    """A desk of a copy of the toy in `folder`, with its session file there."""
    there = folder / "toy"
    if not there.exists():
        shutil.copytree(TOY.parent, there)
    return Desk(read(there / TOY.name), folder / "results" / "toy" / "explore.json")


class Served:
    """A desk served on a port of this machine, and what a page asks of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.socket = socket.socket()
        self.socket.bind((LOOPBACK, 0))
        self.server, self.address = listening(desk, self.socket)
        self.port = self.socket.getsockname()[1]
        self.token = self.address.split("#t=")[1]
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)

    def __enter__(self) -> Served:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *raised: Any) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.socket.close()

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer; the headers are those given and no others. A `None` leaves one out."""
        given = {"Host": f"{LOOPBACK}:{self.port}", "X-Sufficiency-Token": self.token}
        if body is not None:
            given["Content-Type"] = "application/json"
        given |= {name.replace("_", "-"): words for name, words in headers.items()}
        line = HTTPConnection(LOOPBACK, self.port, timeout=60)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, words in given.items():
                if words:
                    line.putheader(name, words)
            if body is not None:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            return answer.status, {name.lower(): words for name, words in answer.getheaders()}, answer.read()
        finally:
            line.close()

    def get(self, what: str) -> dict[str, Any]:
        """What the page reads."""
        status, _, body = self.ask("GET", f"/api/{what}")
        assert status == 200, body
        document: dict[str, Any] = json.loads(body)
        return document

    def post(self, what: str, **said: Any) -> tuple[int, dict[str, Any]]:
        """What the page does, having seen the last thing done."""
        said = {"revision": self.desk.sitting.revision, **said}
        status, _, body = self.ask("POST", f"/api/do/{what}", json.dumps(said).encode())
        return status, json.loads(body)

    def do(self, what: str, **said: Any) -> dict[str, Any]:
        """The same, where it is not refused."""
        status, state = self.post(what, **said)
        assert status == 200, state
        return state

    def settled(self, seconds: float = 120.0) -> dict[str, Any]:
        """The state once there is a certified plan of the changes, or none to come."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            state = self.get("state")
            if state["status"]["kind"] in ("certified", "failed"):
                return state
            time.sleep(0.2)
        raise AssertionError(f"still {state['status']}")
