"""Years of a release side by side, each in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Job = TypeVar("Job")
Found = TypeVar("Found")
MANY = 1000
"""Rows of `gaps` from which on it is worth starting processes."""


def each(function: Callable[[Job], Found], jobs: Sequence[Job], workers: int, rows: int) -> Iterator[Found]:
    """What a function of a module gives for each job, in the order of the jobs. `rows`: of `gaps` in all jobs."""
    count = min(workers, len(jobs), os.cpu_count() or 1)
    if rows <= MANY or count < 2:
        yield from map(function, jobs)
        return
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        yield from pool.map(function, jobs)
