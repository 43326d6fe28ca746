"""When solving has to end: once its time is up, or somebody has had enough and wants the best plan so far."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import TypeVar

Answer = TypeVar("Answer")
MOST_FOR_PROOF = 0.3
"""Share of the time left that is kept for a proof at most."""
HEARD_EVERY = 0.2
"""Seconds between two looks for Ctrl-C while another thread works."""


class Interrupted(KeyboardInterrupt):
    """A stop was asked for before there was any plan; the message says what is missing."""


class Stop:
    """Asked by somebody, heeded by whatever solves: it ends as though its time were up.

    May be asked from another thread, or from within a progress. `solving`: there is something to end, and a plan will
    come of it.
    """

    def __init__(self) -> None:
        self.solving = False
        self.asked = False
        self._at_once = False
        self._within_solver = False

    def ask(self) -> None:
        """End with the best plan so far."""
        self.asked = True

    def at_once(self) -> None:
        """End without a plan: raises KeyboardInterrupt, from within the solver once that has let go."""
        self.asked = self._at_once = True
        if not self._within_solver:
            raise KeyboardInterrupt

    @contextmanager
    def within_solver(self) -> Iterator[None]:
        """While it lasts nothing is raised: no exception may pass through the solver's own code."""
        self._within_solver = True
        try:
            yield
        finally:
            self._within_solver = False
        if self._at_once:
            raise KeyboardInterrupt


@contextmanager
def ctrl_c_asks(say_stopping: Callable[[], object]) -> Iterator[Stop]:
    """While it lasts, Ctrl-C asks the solver for the best plan so far, and `say_stopping` is called; a second one, or
    one before anything is solved, raises KeyboardInterrupt. For the main thread; elsewhere, and where Ctrl-C already
    has another meaning, nothing changes.
    """
    stop = Stop()

    def pressed(number: int, frame: FrameType | None) -> None:
        if stop.solving and not stop.asked:
            stop.ask()
            say_stopping()
        else:
            stop.at_once()

    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield stop
        return
    signal.signal(signal.SIGINT, pressed)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def awaited(coming: Future[Answer]) -> Answer:
    """The answer of another thread. Ctrl-C is heard meanwhile, on Windows too, where a wait without an end is deaf."""
    while not coming.done():
        wait([coming], HEARD_EVERY)
    return coming.result()


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, brought forward to now where a stop is asked for."""

    at: float
    stop: Stop | None = None
    heeded_within: bool = True
    """Whether the solver asks for a stop while it runs, or the caller between two runs only."""

    @classmethod
    def after(cls, seconds: float, stop: Stop | None = None) -> Deadline:
        """The moment `seconds` from now."""
        return cls(time.monotonic() + seconds, stop)

    def left(self) -> float:
        """Seconds left: 0 once the time is up or a stop was asked for."""
        return 0.0 if self.stopped else max(self.at - time.monotonic(), 0.0)

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.left() <= 0

    @property
    def stopped(self) -> bool:
        """Whether a stop was asked for."""
        return self.stop is not None and self.stop.asked

    def beside(self) -> Deadline:
        """The same for a thread beside others: a solver that asks at every iteration would wait there for Python."""
        return replace(self, heeded_within=False)

    def before_proof(self, takes: float) -> Deadline:
        """When work before a proof must end: the proof `takes` these seconds, or the most that may be reserved."""
        return replace(self, at=self.at - min(takes, MOST_FOR_PROOF * self.left()))

    def share(self, part: float) -> Deadline:
        """The end of a part of what is left."""
        return Deadline.after(part * self.left(), self.stop)
