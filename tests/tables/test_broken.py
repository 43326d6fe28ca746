"""Every fault of `tests/broken` gives exactly its one message."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sufficiency.forecast.inputs import read_inputs
from sufficiency.model_file import read_model
from sufficiency.problems import InputError, Problem
from sufficiency.scenarios import check_scenarios
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.read import read_tables
from tests.tables.faults import BROKEN, READERS, TOY, broken_model, fault_files, in_another_file, read_fault

if TYPE_CHECKING:
    from pathlib import Path


def problems_of(path: Path, command: str = "check") -> list[Problem]:
    try:
        model = read_model(path)
        if command == "forecast":
            return list(read_inputs(model).notes)
        tables, problems = read_tables(model)
        scenarios = check_scenarios(model, tables) if command == "scenarios" else []
        return problems + check_tables(model, tables) + scenarios
    except InputError as error:
        return list(error.problems)


def test_the_toy_model_has_no_problem() -> None:
    assert problems_of(TOY / "toy.toml") == []


@pytest.mark.parametrize("path", fault_files(), ids=lambda path: path.stem)
def test_a_fault_gives_its_one_message(path: Path, tmp_path: Path) -> None:
    fault = read_fault(path)
    broken = broken_model(fault, tmp_path / "toy")
    problems = problems_of(broken, fault.get("command", "check"))
    assert [str(problem).replace(f"{broken.parent}{os.sep}", "") for problem in problems] == [fault["message"]]
    assert problems[0].severity == fault["severity"]


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        pytest.param(path, reader, id=f"{path.stem}-{reader}")
        for path in fault_files()
        for reader in read_fault(path).get("readers", [])
    ],
)
def test_another_reader_says_the_same(path: Path, reader: str, tmp_path: Path) -> None:
    fault = read_fault(path)
    broken = broken_model(fault, tmp_path / "toy")
    in_another_file(broken, fault["table"], reader)
    message = fault["message"].replace(f"{fault['table']}.csv", f"{fault['table']}{READERS[reader]}")
    assert [str(problem) for problem in problems_of(broken)] == [message]


def test_messages_are_one_line_of_plain_words() -> None:
    for path in fault_files():
        message = read_fault(path)["message"]
        assert "\n" not in message
        assert not any(word in message for word in ("Traceback", "Error", "NaN", "dtype", "None", "DataFrame")), message


def test_there_are_enough_faults() -> None:
    assert len(list(BROKEN.glob("*.toml"))) >= 200
