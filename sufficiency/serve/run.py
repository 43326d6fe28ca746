"""The server on this machine: a port, a token, and the browser."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from sufficiency.api.reading import read
from sufficiency.problems import InputError, Problem
from sufficiency.result.locked import only_run
from sufficiency.serve.app import application
from sufficiency.serve.desk import Desk

LOOPBACK = "127.0.0.1"


def serve(path: Path, port: int, browser: bool, say: Callable[[str], object]) -> None:
    """Serve the what-ifs of a model until Ctrl-C. `say` is given the address once it answers. `port` 0: any.

    Raises InputError where the model cannot be planned, the port is taken, or another explore has this model open.
    """
    desk = Desk(read(path))
    desk.file.parent.mkdir(parents=True, exist_ok=True)
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with taken, only_run(desk.file.with_name(".explore.lock"), desk.file):
        try:
            taken.bind((LOOPBACK, port))
        except OSError:
            fix = "give another with --port, or leave it out"
            raise InputError([Problem("another program uses this port", value=str(port), fix=fix)]) from None
        server, address = listening(desk, taken)
        say(address)
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
            server.run(sockets=[taken])


def listening(desk: Desk, taken: socket.socket) -> tuple[uvicorn.Server, str]:
    """A server of a desk, to run on a socket that is bound to a port, and the address of its page."""
    port, token = taken.getsockname()[1], secrets.token_urlsafe(24)
    server: list[uvicorn.Server] = []
    app = application(desk, token, port, lambda: bool(server) and server[0].should_exit)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
        limit_concurrency=40,
        ws="none",
    )
    server.append(uvicorn.Server(config))
    taken.listen(64)
    return server[0], f"http://{LOOPBACK}:{port}/#t={token}"
