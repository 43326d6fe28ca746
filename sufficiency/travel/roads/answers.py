"""What an OSRM engine or server says of journeys between points, read into arrays and nothing taken on trust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RoadTable:
    """Journeys from every source (rows) to every destination (columns).

    seconds, metres: [sources, destinations], NaN in both where there is no way.
    source_off, destination_off: metres from each point, in a straight line, to the road it is put on.
    """

    seconds: Floats
    metres: Floats
    source_off: Floats
    destination_off: Floats


class StrangeAnswerError(ValueError):
    """An answer that is not what OSRM's table service gives."""


def read_answer(answer: Any, sources: int, destinations: int) -> RoadTable:
    """The journeys in an answer of OSRM's table service. Raises StrangeAnswerError where it is none, or of another
    size.
    """
    try:
        seconds, metres = (_matrix(answer[name], sources, destinations) for name in ("durations", "distances"))
        off = [
            np.array([float(point["distance"]) for point in answer[name]], dtype=np.float64)
            for name in ("sources", "destinations")
        ]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise StrangeAnswerError(str(error)) from None
    if off[0].shape != (sources,) or off[1].shape != (destinations,) or not all(np.isfinite(one).all() for one in off):
        raise StrangeAnswerError("points are missing")
    nowhere = np.isnan(seconds) | np.isnan(metres)
    return RoadTable(np.where(nowhere, np.nan, seconds), np.where(nowhere, np.nan, metres), off[0], off[1])


def _matrix(rows: Sequence[Sequence[float | None]], sources: int, destinations: int) -> Floats:
    values = np.array([[np.nan if cell is None else float(cell) for cell in row] for row in rows], dtype=np.float64)
    if values.shape != (sources, destinations):
        raise ValueError(f"a table of {values.shape}, not of {(sources, destinations)}")
    if np.isinf(values).any() or (values < 0).any():
        raise ValueError("a journey below 0, or without end")
    return values


def joined(tiles: Sequence[Sequence[RoadTable]]) -> RoadTable:
    """One table of tiles: rows of tiles, each row from the same sources."""
    return RoadTable(
        np.block([[tile.seconds for tile in row] for row in tiles]),
        np.block([[tile.metres for tile in row] for row in tiles]),
        np.concatenate([row[0].source_off for row in tiles]),
        np.concatenate([tile.destination_off for tile in tiles[0]]),
    )
