"""Work on many draws side by side; where a worker is killed, the others are started again."""

from __future__ import annotations

import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from sufficiency.deadline import Stop
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress
from sufficiency.studies.sweep.start import Start

MOST_RESTARTS = 3
"""Times that workers are started again without one draw more having been finished."""

Work = Callable[[Start, Any], Any]
"""What is done for one draw: a function of what all start from and of the task, at the top of a module."""


class Pool(Protocol):
    """Does `work` for every task in any order, and gives each task's position with its answer as soon as it is done."""

    def __call__(self, start: Start, work: Work, tasks: Sequence[Any], stop: Stop) -> Iterator[tuple[int, Any]]:
        """Ends early where a stop is asked for."""


def in_this_process(start: Start, work: Work, tasks: Sequence[Any], stop: Stop) -> Iterator[tuple[int, Any]]:
    """One task after the other, here."""
    same = pickle.loads(pickle.dumps(start))  # noqa: S301 what a worker would get, to the last bit
    for place, task in enumerate(tasks):
        if stop.asked:
            return
        yield place, work(same, task)


def on_workers(workers: int) -> Pool:
    """Tasks on `workers` processes of this machine."""

    def run(start: Start, work: Work, tasks: Sequence[Any], stop: Stop) -> Iterator[tuple[int, Any]]:
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import BrokenProcessPool

        missing, restarts = dict(enumerate(tasks)), 0
        with tempfile.TemporaryDirectory(prefix="sufficiency-") as private:
            file = Path(private) / "start"
            file.write_bytes(pickle.dumps(start))
            while missing:
                before = len(missing)
                several = Parallel(n_jobs=workers, backend="loky", return_as="generator_unordered", batch_size=1)
                asked = [delayed(_in_worker)(str(file), work, place, task) for place, task in missing.items()]
                try:
                    with closing(several(asked)) as done:
                        for place, answer in done:
                            del missing[place]
                            yield place, answer
                            if stop.asked:
                                return
                except BrokenProcessPool:
                    restarts = 0 if len(missing) < before else restarts + 1
                    if restarts > MOST_RESTARTS:
                        raise _workers_end() from None
                except KeyboardInterrupt:
                    if not stop.asked:
                        raise
                    return

    return run


def _workers_end() -> InputError:
    what = "the workers were ended by the system again and again, perhaps for want of memory"
    return InputError([Problem(what, fix="use fewer --workers; the draws finished so far are kept")])


def _in_worker(file: str, work: Work, place: int, task: Any) -> tuple[int, Any]:
    return place, work(_start_in(file), task)


@lru_cache(maxsize=1)
def _start_in(file: str) -> Start:
    start: Start = pickle.loads(Path(file).read_bytes())  # noqa: S301 written by this very run, in a private folder
    return start


def default_workers() -> int:
    """As many workers as this process may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class TimeLeft:
    """How long the rest takes, at the pace since the first draw was finished: workers take a while to start."""

    def __init__(self, count: int, workers: int) -> None:
        self.count, self.workers, self.done = count, workers, 0
        self.first = self.last = time.monotonic()

    def finished(self) -> None:
        """One more draw is finished."""
        self.done += 1
        self.last = time.monotonic()
        if self.done == 1:
            self.first = self.last

    @property
    def seconds(self) -> float | None:
        """Seconds left; None as long as there is no pace to go by."""
        if self.done <= self.workers:
            return None
        return (self.last - self.first) / (self.done - 1) * (self.count - self.done)


def say_how_far(progress: Progress, done: int, count: int, left: float | None) -> None:
    """`57 of 200 draws, about 3 minutes left`."""
    ahead = "" if left is None or done == count else f", about {_span(left)} left"
    progress("Sweep", f"{done:,} of {count:,} draws{ahead}")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
