"""Every fault of `tests/broken` gives exactly its one message."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sufficiency.model_file import read_model
from sufficiency.problems import InputError, Problem
from sufficiency.tables.check import check_tables
from sufficiency.tables.read import read_tables
from tests.tables.faults import BROKEN, TOY, broken_model, fault_files, read_fault

if TYPE_CHECKING:
    from pathlib import Path


def problems_of(path: Path) -> list[Problem]:
    try:
        model = read_model(path)
        tables, problems = read_tables(model)
        return problems + check_tables(model, tables)
    except InputError as error:
        return list(error.problems)


def test_the_toy_model_has_no_problem() -> None:
    assert problems_of(TOY / "toy.toml") == []


@pytest.mark.parametrize("path", fault_files(), ids=lambda path: path.stem)
def test_a_fault_gives_its_one_message(path: Path, tmp_path: Path) -> None:
    fault = read_fault(path)
    broken = broken_model(fault, tmp_path / "toy")
    problems = problems_of(broken)
    assert [str(problem).replace(f"{broken.parent}{os.sep}", "") for problem in problems] == [fault["message"]]
    assert problems[0].severity == fault["severity"]


def test_messages_are_one_line_of_plain_words() -> None:
    for path in fault_files():
        message = read_fault(path)["message"]
        assert "\n" not in message
        assert not any(word in message for word in ("Traceback", "Error", "NaN", "dtype", "None", "DataFrame")), message


def test_there_are_enough_faults() -> None:
    assert len(list(BROKEN.glob("*.toml"))) >= 45
