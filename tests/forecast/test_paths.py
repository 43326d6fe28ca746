"""Whole paths of a forecast: they add up to the authority's, and are in the mean what is expected."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sufficiency.forecast.inputs import read_inputs
from sufficiency.forecast.run import course_paths, forecast
from sufficiency.model_file import read_model
from sufficiency.studies.sweep.demand import along_path, rows_of_paths
from tests.forecast.small import fine_history, small_model


def test_a_path_of_the_areas_is_the_path_of_the_authority(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, fine_history())))
    paths = course_paths(inputs)
    assert paths is not None
    assert paths.count == inputs.choice.paths
    for path in (0, 7):
        children = paths.factors(path).reshape(paths.expected.shape) * paths.expected
        there = paths.expected.sum(axis=1) > 0
        assert children.sum(axis=1)[there] == pytest.approx(paths.course[:, path][there])
    assert (paths.factors(3).reshape(paths.expected.shape)[0] == 1).all()  # the base year is known
    some = np.mean([paths.factors(path).reshape(paths.expected.shape) * paths.expected for path in range(200)], axis=0)
    assert some[3].sum() == pytest.approx(paths.expected[3].sum(), rel=0.05)
    # an area keeps its rank: what it has more in a year it mostly has in the next
    apart = np.array([paths.factors(path).reshape(paths.expected.shape)[1:3, 0].max(axis=(1, 2)) for path in range(60)])
    assert np.corrcoef(apart.T)[0, 1] > 0.5


def test_paths_name_the_rows_of_the_demand_table(tmp_path: Path) -> None:
    inputs = read_inputs(read_model(small_model(tmp_path, fine_history())))
    paths, demand = course_paths(inputs), forecast(inputs, quick=True).demand
    assert paths is not None
    demand = demand if "level" in demand else demand.assign(level="")
    rows = rows_of_paths(paths, demand)
    assert (rows >= 0).all()
    assert along_path(demand, np.ones(len(paths.entries())), rows)["children"].tolist() == demand["children"].tolist()
    assert paths.expected.ravel()[rows] == pytest.approx(demand["children"].to_numpy())
