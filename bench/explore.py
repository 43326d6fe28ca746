"""How soon the page in the browser is there, how long its what-ifs take, and whether memory stays flat.

    python bench/explore.py                              # the toy, 30 what-ifs
    python bench/explore.py models/saltmere.toml --asked 6
    python bench/explore.py --asked 1000                 # the soak

The command is started as a planner starts it. Seconds by the clock until its address is printed, until the page
answers, until the plan at hand is there; for each what-if (places of a line, another number each time) from the request
until it is answered with an estimate, and until the certified plan is there; and megabytes of the server, early and at
the end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from plan import machine

HERE = Path(__file__).parents[1]
ESTIMATE, STARTED = 0.2, 3.0
"""Targets in seconds."""


class Server:
    """The command, in a folder of its own for results."""

    def __init__(self, model: Path, folder: Path) -> None:
        clock = time.perf_counter()
        command = [sys.executable, "-m", "sufficiency", "explore", str(model.resolve()), "--no-browser"]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(HERE)}
        )
        assert self.process.stdout is not None
        address = urlsplit(self.process.stdout.readline().strip())
        self.printed = time.perf_counter() - clock
        self.port, self.token = int(address.port or 0), address.fragment.removeprefix("t=")
        self.ask("GET", "/")
        self.answered = time.perf_counter() - clock

    def ask(self, method: str, path: str, said: Any = None) -> Any:
        """A request with the token; its answer."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = None if said is None else json.dumps(said)
        headers = {"X-Sufficiency-Token": self.token, "Content-Type": "application/json"}
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read()
        line.close()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text[:300]!r}")
        return json.loads(text) if path.startswith("/api/") else text

    def certified(self, pause: float) -> dict[str, Any]:
        """The state once there is a certified plan, or none to come."""
        while True:
            state = self.ask("GET", "/api/state")
            if state["status"]["kind"] in ("certified", "failed"):
                return dict(state)
            time.sleep(pause)

    def megabytes(self) -> float:
        """Memory of the server."""
        pages = Path(f"/proc/{self.process.pid}/statm")
        return int(pages.read_text().split()[1]) * 4096 / 1e6 if pages.exists() else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=HERE / "tests" / "toy" / "toy.toml")
    parser.add_argument("--asked", type=int, default=30)
    parser.add_argument("--line", default="", help="The line whose places change. Default: SP, or SP1.")
    parser.add_argument("--folder", type=Path, help="Where results are, to start from a plan that is there.")
    asked = parser.parse_args()
    print(machine(), flush=True)
    line = asked.line or ("SP" if "toy" in asked.model.name else "SP1")
    with tempfile.TemporaryDirectory() as made:
        server = Server(asked.model, asked.folder or Path(made))
        try:
            _run(server, line, asked.asked)
        finally:
            server.process.terminate()
            server.process.wait(20)


def _run(server: Server, line: str, many: int) -> None:
    print(f"address {server.printed:.1f} s, page {server.answered:.1f} s (target {STARTED:.0f})", flush=True)
    clock = time.perf_counter()
    state = server.certified(0.25)
    print(f"plan at hand {server.answered + time.perf_counter() - clock:.1f} s", flush=True)
    first, estimates, plans = 0.0, [], []
    for number in range(many):
        step = {"kind": "places", "line": line, "from_year": 2027, "places": 40 + number % 97}
        clock = time.perf_counter()
        server.ask("POST", "/api/do/change", {"revision": state["revision"], "step": step})
        estimates.append(time.perf_counter() - clock)
        state = server.certified(0.1)
        server.ask("GET", "/api/answer")
        plans.append(time.perf_counter() - clock)
        if number == min(9, many - 1):
            first = server.megabytes()
    for words, seconds in (("answered at once", estimates), ("certified, with tables", plans)):
        print(f"{words}: median {np.median(seconds):.2f} s, nine in ten {np.quantile(seconds, 0.9):.2f} s")
    print(f"target at once {ESTIMATE} s; memory {first:.0f} MB early, {server.megabytes():.0f} MB at the end")


if __name__ == "__main__":
    main()
