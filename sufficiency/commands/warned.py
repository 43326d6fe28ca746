"""The warnings of a run, so many of them and no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sufficiency.problems import Problem
from sufficiency.terminal import quoted, say_problems

MOST_WARNINGS = 12


def say_warnings(warnings: Sequence[Problem], quiet: bool, model: Path, scenario: str) -> None:
    """The warnings of a run to standard error; past `MOST_WARNINGS`, how to see them all."""
    if quiet or not warnings:
        return
    named = "" if scenario == "base" else f" --scenario {scenario}"
    if len(warnings) > MOST_WARNINGS:
        say_problems(warnings, MOST_WARNINGS, f"run `sufficiency check {quoted(model)}{named}`")
    else:
        say_problems(warnings)
