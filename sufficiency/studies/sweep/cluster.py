"""The same work on the workers of a Dask scheduler."""

from __future__ import annotations

import importlib.util
import pickle
import time
from collections.abc import Iterator, Sequence
from typing import Any

from sufficiency.deadline import Stop
from sufficiency.problems import InputError, Problem
from sufficiency.studies.sweep.pool import Pool, Work
from sufficiency.studies.sweep.start import Start

MOST_LOST = 20
"""Times that a task is given out again after its workers were lost: machines of a cluster come and go."""
LOOK_EVERY = 0.1
"""Seconds between two looks at what is done."""
PATIENCE = "30s"
"""How long to wait for a scheduler to answer, the first time and after it was lost."""


def refuse_without_cluster() -> None:
    """Raise InputError where Dask is not installed."""
    if importlib.util.find_spec("distributed") is None:
        what, fix = "--cluster needs the extra cluster, which is not installed", "pip install 'sufficiency[cluster]'"
        raise InputError([Problem(what, fix=fix)])


def on_cluster(address: str) -> Pool:
    """Tasks on the workers of the scheduler at `address`, which may join and leave meanwhile. Raises InputError where
    no scheduler answers, or it goes away: what was finished until then is kept.
    """

    def run(start: Start, work: Work, tasks: Sequence[Any], stop: Stop) -> Iterator[tuple[int, Any]]:
        import dask
        from distributed import Client, KilledWorker

        dask.config.set({"distributed.admin.large-graph-warning-threshold": "10 GB"})
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise _gone(address, f"no scheduler answers ({error})") from None
        with client:
            # a task, not data put there: it is made again where the only worker that has it is lost
            shared = client.submit(pickle.loads, pickle.dumps(start), pure=False)

            def asked(place: int) -> Any:
                return client.submit(_done, work, shared, place, tasks[place], pure=False)

            waiting, lost = {place: asked(place) for place in range(len(tasks))}, 0
            while waiting:
                ended = [place for place, future in waiting.items() if future.status != "pending"]
                for place in ended:
                    future = waiting[place]
                    if future.status == "finished":
                        answer = future.result()
                        del waiting[place]
                        yield answer
                        continue
                    wrong = future.exception() if future.status == "error" else None
                    if wrong is not None and not isinstance(wrong, KilledWorker):
                        raise wrong
                    lost += 1
                    if client.status != "running" or lost > MOST_LOST * len(tasks):
                        raise _gone(address, "the scheduler or its workers have gone away")
                    waiting[place] = asked(place)
                if stop.asked:
                    return
                if client.status != "running":
                    raise _gone(address, "the scheduler has gone away")
                if not ended:
                    time.sleep(LOOK_EVERY)

    return run


def warnings_of(address: str) -> list[Problem]:
    """What is to be said of an address: over plain TCP anyone who reaches the port can run programs on the machines."""
    if address.casefold().startswith("tls://"):
        return []
    what = (
        "this scheduler is reached without TLS: anyone who reaches its port can run programs on it and on its workers"
    )
    fix = "use tls:// with certificates (docs/how-to/sweep.md), or keep it on this machine alone"
    return [Problem(what, value=address, fix=fix, severity="warning")]


def _done(work: Work, start: Start, place: int, task: Any) -> tuple[int, Any]:
    return place, work(start, task)


def _gone(address: str, what: str) -> InputError:
    fix = "start it again, and run the same command: the draws finished so far are kept"
    return InputError([Problem(what, value=address, fix=fix)])
