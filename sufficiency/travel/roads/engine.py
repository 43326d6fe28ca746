"""Journeys from OSRM's own engine, in this process: nothing leaves the computer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sufficiency.progress import Progress
from sufficiency.travel.roads.answers import Floats, RoadTable, joined, read_answer
from sufficiency.travel.roads.graph import PROFILES, forget, graph_of

_AT_ONCE = 250
"""Sources asked for at a time: a few seconds' work for a county."""


def table_of_extract(
    extract: Path, profile: str, sources: Floats, destinations: Floats, called: str, progress: Progress
) -> RoadTable:
    """Journeys between points (longitude and latitude, a row each) on the roads of an extract.

    Raises InputError as `graph_of`.
    """
    import osrm

    base = graph_of(extract, profile, called, progress)
    try:
        engine = _opened(base)
    except RuntimeError:  # damaged since it was made
        forget(base)
        engine = _opened(graph_of(extract, profile, called, progress))
    rows = []
    for first in range(0, len(sources), _AT_ONCE):
        some = sources[first : first + _AT_ONCE]
        if len(sources) > _AT_ONCE:
            progress("Roads", f"{called} {PROFILES[profile]}: journeys from {first:,} of {len(sources):,} areas")
        asked = osrm.TableParameters(
            coordinates=[(float(x), float(y)) for x, y in np.vstack([some, destinations])],
            sources=list(range(len(some))),
            destinations=list(range(len(some), len(some) + len(destinations))),
            annotations=["duration", "distance"],
            generate_hints=False,
        )
        rows.append([read_answer(engine.Table(asked), len(some), len(destinations))])
    return joined(rows)


def _opened(base: Path) -> Any:
    import osrm

    return osrm.OSRM(storage_config=str(base), algorithm="MLD", use_shared_memory=False)
