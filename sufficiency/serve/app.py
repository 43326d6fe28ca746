"""The server's addresses: the page, what it shows, what it does, and how far the planner is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from sufficiency.problems import InputError
from sufficiency.serve.desk import Behind, Desk
from sufficiency.serve.guard import Guard
from sufficiency.serve.page import page
from sufficiency.serve.showing import Showing

LOOKS = 0.05
"""Seconds between two looks at the planner for the progress."""
STILL_HERE = 10.0
"""Seconds after which an empty line says that the server is still there."""


def application(desk: Desk, token: str, port: int, ending: Callable[[], bool] = lambda: False) -> ASGIApp:
    """The server of a desk behind its guard. `ending`: whether it is to end, and streams with it."""
    showing = Showing(desk)

    def shown(make: Callable[[], dict[str, Any]]) -> Callable[[Request], Any]:
        async def answered(request: Request) -> Response:
            return JSONResponse(await run_in_threadpool(make))

        return answered

    async def do(request: Request) -> Response:
        try:
            said = json.loads(await request.body())
        except (ValueError, RecursionError):
            return JSONResponse({"problems": ["this is no JSON"]}, 400)
        if not isinstance(said, dict):
            return JSONResponse({"problems": ["send an object"]}, 400)
        try:
            await run_in_threadpool(desk.do, request.path_params["what"], said)
        except Behind:
            return JSONResponse({"problems": ["something was changed on another page meanwhile: look again"]}, 409)
        except InputError as error:
            return JSONResponse({"problems": [str(problem) for problem in error.problems]}, 422)
        except OSError as error:
            return JSONResponse({"problems": [f"{error.filename or desk.file}: {error.strerror}"]}, 500)
        return JSONResponse(await run_in_threadpool(showing.state))

    async def progress(request: Request) -> Response:
        return StreamingResponse(_lines(desk, request, ending), media_type="application/x-ndjson")

    async def shell(request: Request) -> Response:
        text, policy = page()
        return HTMLResponse(text, headers={"content-security-policy": policy})

    @asynccontextmanager
    async def planning(app: Starlette) -> AsyncIterator[None]:
        desk.start()
        yield
        await run_in_threadpool(desk.planner.close)

    routes = [
        Route("/", shell, methods=["GET"]),
        Route("/api/state", shown(showing.state), methods=["GET"]),
        Route("/api/answer", shown(showing.answer), methods=["GET"]),
        Route("/api/pictures", shown(showing.pictures), methods=["GET"]),
        Route("/api/progress", progress, methods=["GET"]),
        Route("/api/do/{what}", do, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=planning, exception_handlers={Exception: _went_wrong})
    return Guard(app, token, port)


async def _went_wrong(request: Request, error: Exception) -> Response:
    """For the page; the server prints what went wrong where the command runs."""
    said = "something went wrong in the program itself; the terminal says what: please report it"
    return JSONResponse({"problems": [said]}, 500)


async def _lines(desk: Desk, request: Request, ending: Callable[[], bool]) -> AsyncIterator[str]:
    """A line of JSON whenever there is something new."""
    last, quiet = -1, 0.0
    while not ending() and not await request.is_disconnected():
        doing, version = desk.planner.doing, desk.planner.version
        if version != last:
            last, quiet = version, 0.0
            line = {"version": version, "working": doing.of is not None, "step": doing.step, "detail": doing.detail}
            yield json.dumps(line) + "\n"
        elif quiet >= STILL_HERE:
            quiet = 0.0
            yield "{}\n"
        await asyncio.sleep(LOOKS)
        quiet += LOOKS
