"""What comes before any answer: only the planner's own page may ask, and not for too much.

A page elsewhere in the same browser can send requests here. It cannot read the token, name this server as its Host
while its name is rebound, or send JSON without asking first; each is refused by itself.
"""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-sufficiency-token"  # noqa: S105
LONGEST_BODY = 256 * 1024
MOST_REQUESTS, PER_SECONDS = 120, 10.0
"""Requests to the interface in some seconds; a person who steps a number quickly makes a tenth of them."""
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
WORDS = {
    401: "the token is missing or wrong: open the address that the command printed",
    403: "this request comes from another site",
    413: "the request is too long",
    415: "send JSON",
    421: "this name is not this server's",
    429: "too many requests: wait a moment",
}
"""What is said with each refusal."""


class Guard:
    """Refuses a foreign Host (421) or Origin (403), a request to the interface without the token (401), a body that is
    no JSON (415) or too long (413), and too many requests (429).
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token, self._recent = app, token.encode(), deque[float]()
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no websockets here
            return
        headers = _single(scope["headers"])
        refused = self._refused(scope, headers)
        guarded = _with_headers(send)
        if refused:
            await JSONResponse({"problems": [{"what": WORDS[refused]}]}, refused)(scope, receive, guarded)
            return
        await self._app(scope, _no_longer_than(receive, LONGEST_BODY), guarded)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> int:
        """The status with which a request is refused; 0: it is not."""
        if headers.get("host", "").lower() not in self._hosts:
            return 421
        if "origin" in headers and headers["origin"].lower() not in self._origins:
            return 403
        if not scope["path"].startswith("/api/"):
            return 0
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token):
            return 401
        if self._too_many():  # after the token: nobody without it can keep the planner out
            return 429
        if scope["method"] == "POST":
            if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
                return 415
            length = headers.get("content-length", "0")
            if not length.isdigit() or int(length[:12]) > LONGEST_BODY:
                return 413
        return 0

    def _too_many(self) -> bool:
        now = time.monotonic()
        while self._recent and self._recent[0] < now - PER_SECONDS:
            self._recent.popleft()
        if len(self._recent) >= MOST_REQUESTS:
            return True
        self._recent.append(now)
        return False


def _single(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; one that is there twice with other words is made unfit for anything."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, words = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = words if found.get(key, words) == words else "\0"
    return found


def _no_longer_than(receive: Receive, most: int) -> Receive:
    so_far = 0

    async def counted() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > most:
            raise HTTPException(413, WORDS[413])  # whatever its headers say
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sent
