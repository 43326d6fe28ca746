"""The first Ctrl-C while a command solves: it ends with what there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sufficiency.deadline import Stop, ctrl_c_asks
from sufficiency.progress import Progress
from sufficiency.terminal import progress_shown, say


@contextmanager
def stoppable(quiet: bool, so_far: str = "the best plan so far") -> Iterator[tuple[Progress, Stop]]:
    """Progress as asked for, and the first Ctrl-C while solving an end with what there is."""

    def say_stopping() -> None:
        say(f"stopping with {so_far}; press Ctrl-C again to stop at once without saving")

    with progress_shown(quiet) as progress, ctrl_c_asks(say_stopping) as stop:
        yield progress, stop
