"""Journeys from an OSRM server: many small requests, each tried again, and all of them answered or none used."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sufficiency.problems import Problem, shown
from sufficiency.progress import Progress
from sufficiency.travel.roads.answers import Floats, RoadTable, StrangeAnswerError, joined, read_answer

MOST_COORDINATES = 100
"""Coordinates in a request: the most that an OSRM server takes by default."""
_LARGEST_ANSWER = 20_000_000
"""Bytes; a hundred coordinates come to a hundred thousand."""


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for.

    seconds: for one answer, from the request to its last byte.
    waits: seconds before each further try; as many tries more.
    """

    seconds: float = 30.0
    waits: tuple[float, ...] = (1.0, 3.0)


class ServerError(Exception):
    """The server gives no journeys. `problem`: why, and a likely fix."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)

    def problem(self, key: str, address: str, file: str) -> Problem:
        """As a problem of the key of the model file that names the server."""
        return Problem(f"{key}: {self.what}", file, value=address, fix=self.fix)


class _TooManyError(Exception):
    """The server takes fewer coordinates at a time."""


class _AgainError(Exception):
    """A fault that may pass."""


def table_of_server(
    address: str, sources: Floats, destinations: Floats, progress: Progress, patience: Patience | None = None
) -> RoadTable:
    """Journeys between points (longitude and latitude, a row each) as an OSRM server knows them.

    Raises ServerError where a request stays without a proper answer after every try: what was answered before is not
    used either.
    """
    patience = patience or Patience()
    most = MOST_COORDINATES
    while True:
        try:
            return _in_tiles(address.rstrip("/"), sources, destinations, most, progress, patience)
        except _TooManyError:
            if most <= 2:
                raise ServerError(
                    "the server refuses a request for a single journey", "start it with a greater --max-table-size"
                ) from None
            most //= 2


def _in_tiles(
    address: str, sources: Floats, destinations: Floats, most: int, progress: Progress, patience: Patience
) -> RoadTable:
    side = most // 2
    rows = [sources[first : first + side] for first in range(0, len(sources), side)]
    columns = [destinations[first : first + side] for first in range(0, len(destinations), side)]
    asked, of = 0, len(rows) * len(columns)
    tiles: list[list[RoadTable]] = []
    for some in rows:
        tiles.append([])
        for others in columns:
            progress("Roads", f"request {asked + 1:,} of {of:,} to {urlsplit(address).netloc}")
            try:
                tiles[-1].append(_tile(address, some, others, patience))
            except ServerError as error:
                done = f" (after {asked:,} of {of:,} requests were answered; none of them is used)" if asked else ""
                raise ServerError(error.what + done, error.fix) from None
            asked += 1
    return joined(tiles)


def _tile(address: str, sources: Floats, destinations: Floats, patience: Patience) -> RoadTable:
    points = ";".join(f"{x:.6f},{y:.6f}" for x, y in (*sources.tolist(), *destinations.tolist()))
    first = range(len(sources))
    then = range(len(sources), len(sources) + len(destinations))
    query = f"sources={_listed(first)}&destinations={_listed(then)}&annotations=duration,distance&generate_hints=false"
    answer = _answered(f"{address}/table/v1/driving/{points}?{query}", patience)
    try:
        return read_answer(answer, len(sources), len(destinations))
    except StrangeAnswerError:
        what = "the answer is not that of an OSRM server: journeys or points are missing in it"
        raise ServerError(what, "check the address, and that the server is OSRM 5.22 or newer") from None


def _listed(numbers: range) -> str:
    return ";".join(map(str, numbers))


def _answered(url: str, patience: Patience) -> dict[str, Any]:
    """The JSON that a server gives, tried again where the fault may pass."""
    for wait in (*patience.waits, None):
        try:
            return _asked_once(url, patience.seconds)
        except _AgainError as error:
            if wait is None:
                tries = f" ({len(patience.waits) + 1} tries)" if patience.waits else ""
                fix = "check that the server runs and can be reached from this computer; or give roads in its place"
                raise ServerError(f"{error}{tries}", fix) from None
            time.sleep(wait)
    raise AssertionError("a try is either answered or raises")


def _asked_once(url: str, seconds: float) -> dict[str, Any]:
    until = time.monotonic() + seconds
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "sufficiency"})  # noqa: S310
    try:
        with _OPENER.open(request, timeout=seconds) as reply:
            content = _read(reply.read1, until, seconds)
    except urllib.error.HTTPError as error:
        with error:
            _refused(error, until, seconds)
    except (TimeoutError, http.client.HTTPException, OSError) as error:
        raise _AgainError(_why(error, seconds)) from None
    return _as_json(content)


def _read(read: Callable[[int], bytes], until: float, seconds: float) -> bytes:
    """All of an answer; raises as soon as it takes too long or grows too large."""
    parts, size = [], 0
    while part := read(65_536):
        parts.append(part)
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise ServerError("the answer is far larger than any table of journeys", "check the address")
        if time.monotonic() > until:
            raise TimeoutError
    return b"".join(parts)


def _why(error: Exception, seconds: float) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"the server has not answered within {seconds:g} seconds"
    if isinstance(reason, http.client.IncompleteRead | http.client.RemoteDisconnected | ConnectionResetError):
        return "the server broke off its answer"
    if isinstance(reason, ConnectionRefusedError):
        return "no server answers at this address"
    if isinstance(reason, OSError) and reason.strerror:
        return f"the server cannot be reached: {reason.strerror}"
    return "the server gives no answer that can be read"


def _refused(error: urllib.error.HTTPError, until: float, seconds: float) -> None:
    """Raises what an answer that is no success means."""
    if 300 <= error.code < 400:
        where = error.headers.get("Location", "")
        what = f"the server sends requests on to another address, {shown(where, 80)}: nothing was sent there"
        raise ServerError(what, "if you trust that address, give it in the model file")
    try:
        answer = _as_json(_read(error.read1, until, seconds))
    except (_AgainError, ServerError, OSError, http.client.HTTPException):
        answer = {}
    code = answer.get("code")
    if code == "TooBig":
        raise _TooManyError
    if error.code in {408, 425, 429} or error.code >= 500:
        raise _AgainError(f"the server answers with an error (status {error.code})")
    if code == "NoSegment":
        raise ServerError("the server's map has no road near these areas", "use a server with the roads of your area")
    if code in {"InvalidUrl", "InvalidService", "InvalidVersion", "InvalidQuery", "InvalidOptions", "InvalidValue"}:
        what = f"the server does not understand the request ({code})"
        raise ServerError(what, "check that the address is that of OSRM 5.22 or newer, without /table or a profile")
    what = f"the server refuses the request (status {error.code})"
    raise ServerError(what, "check that the address is that of an OSRM server")


def _as_json(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        if content[:1] == b"{":
            raise _AgainError("the server broke off its answer") from None
        what = "the server answers with something else than journeys"
        raise ServerError(what, "check that the address is that of an OSRM server") from None
    if not isinstance(answer, dict):
        raise ServerError("the server answers with something else than journeys", "check the address")
    return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Coordinates go where the model file says, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Not followed: the answer counts as one that is no success."""


_OPENER = urllib.request.build_opener(_NoRedirect)
