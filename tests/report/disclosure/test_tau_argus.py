"""Exact suppression against Tau-Argus (`pip install pytauargus`): the same table, rule and cost."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from sufficiency.report.disclosure.suppression import suppress
from tests.conftest import Require
from tests.report.disclosure.test_rounding import crossed


def test_hides_what_tau_argus_hides(require: Require, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it leaves log files where it runs
    require("pytauargus", importlib.util.find_spec("pytauargus") is not None, "pytauargus is not installed")
    import pytauargus

    counts = np.array([[2, 10, 20], [15, 8, 30], [9, 12, 6]])
    people: dict[str, list[object]] = {"R": [], "C": [], "V": []}
    for (row, column), children in np.ndenumerate(counts):
        people["R"] += [str(row)] * children
        people["C"] += [str(column)] * children
        people["V"] += [1] * children
    made = pytauargus.protect(
        people, ["R", "C"], response="V", safety_rules="FREQ(5,100)", suppress="OPT(1)", workdir=str(tmp_path)
    )
    theirs = {
        tuple("" if cell[key] == "Total" else cell[key] for key in ("R", "C"))
        for cell in made.tables[0].rows
        if cell["status"] in ("U", "M")
    }
    system, values = crossed(counts.astype(float))
    found = suppress(system, values, 5, cost=values, gap=0.0)
    assert {cell[4:] for cell, hide in zip(system.cells, found.hidden, strict=True) if hide} == theirs
