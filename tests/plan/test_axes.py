"""The axes that the types of arrays name, against their shapes; and what taking some positions of one leaves."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from sufficiency.plan.instance.axes import Axis, axes_of, take
from sufficiency.plan.rows.instance import Instance, prepare

from ..solved import toy_case


@pytest.fixture(scope="module")
def instance() -> Instance:
    return prepare(toy_case())


def sizes(instance: Instance) -> dict[Axis, int]:
    data = instance.data
    counted = (data.years, data.cells, data.pair_cell, data.lines, data.setting_codes, data.limited, data.floor_line)
    return dict(zip(Axis, map(len, counted), strict=True))


@pytest.mark.parametrize("of", ["data", "settled"])
def test_every_array_runs_over_the_axes_that_its_type_names(instance: Instance, of: str) -> None:
    arrays: Any = getattr(instance, of)
    size = sizes(instance)
    assert len(set(size.values())) == len(size), "axes of one length are not told apart: choose another case"
    arrayed = [one.name for one in fields(arrays) if one.name != "raised"]
    axes = axes_of(type(arrays))
    shapes = {name: getattr(arrays, name).shape[: len(axes[name])] for name in arrayed}
    assert shapes == {name: tuple(size[axis] for axis in axes[name]) for name in arrayed}
    assert all(axes[name] for name in arrayed)


def test_lines_are_taken_in_every_array_that_runs_over_them(instance: Instance) -> None:
    data = instance.data
    twice = take(data, Axis.LINES, np.array([1, 0, 1]))
    assert twice.lines["line"].tolist() == data.lines["line"].iloc[[1, 0, 1]].tolist()
    assert twice.places.tolist() == data.places[:, [1, 0, 1]].tolist()
    assert twice.limited_lines.shape == (len(data.limited), 3)
    assert twice.pair_line is data.pair_line
