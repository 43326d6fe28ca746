"""The axes of the arrays of a case, named in their types, so that some lines or pairs are taken in all of them."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import pandas as pd

from sufficiency.arrays import Ints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Arrays = TypeVar("Arrays", bound=DataclassInstance)


class Axis(StrEnum):
    """What an axis of an array runs over. Arrays over years have T + 1 rows, the base year first."""

    YEARS = "years"
    CELLS = "cells"
    PAIRS = "pairs"
    LINES = "lines"
    SETTINGS = "settings"
    BUILDINGS = "buildings"
    FLOORS = "floors"


YEARS, CELLS, PAIRS, LINES = Axis.YEARS, Axis.CELLS, Axis.PAIRS, Axis.LINES
SETTINGS, BUILDINGS, FLOORS = Axis.SETTINGS, Axis.BUILDINGS, Axis.FLOORS


@cache
def axes_of(kind: type) -> dict[str, tuple[Axis, ...]]:
    """The axes of each array of a class, by the name of its field."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: tuple(one for one in get_args(hint) if isinstance(one, Axis)) for name, hint in hints.items()}


def take(arrays: Arrays, axis: Axis, positions: Ints) -> Arrays:
    """The same arrays with some positions of an axis, in that order; one may stand there more than once. What points to
    positions (`pair_line`, `next_pair`) is not changed: those who know the new order do that.
    """
    along = {name: axes.index(axis) for name, axes in axes_of(type(arrays)).items() if axis in axes}
    return replace(arrays, **{name: _taken(getattr(arrays, name), place, positions) for name, place in along.items()})


def _taken(values: Any, place: int, positions: Ints) -> Any:
    if isinstance(values, pd.DataFrame):
        return values.iloc[positions].reset_index(drop=True)
    return values[(slice(None),) * place + (positions,)]
