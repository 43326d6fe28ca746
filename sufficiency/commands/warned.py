"""The warnings of a run: how many, and the first few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sufficiency.problems import Problem, folded
from sufficiency.terminal import quoted, say

MOST_WARNINGS = 3


def say_warnings(warnings: Sequence[Problem], quiet: bool, model: Path, scenario: str) -> None:
    """The warnings of a run to standard error: the first of each file and column, up to `MOST_WARNINGS`; where that is
    not all, how many each file has, and the command that lists them.
    """
    if quiet or not warnings:
        return
    ordered = folded(warnings)
    firsts = list({(one.file, one.column): one for one in reversed(ordered)}.values())[::-1]
    shown = ordered if len(ordered) <= MOST_WARNINGS else firsts[:MOST_WARNINGS]
    for problem in shown:
        say(f"{problem.severity}: {problem}")
    if len(shown) == len(ordered):
        return
    files = Counter(one.file or "the model" for one in warnings)
    counted = ", ".join(f"{file} {number:,}" for file, number in files.most_common())
    named = "" if scenario == "base" else f" --scenario {scenario}"
    say(f"{len(warnings):,} warnings ({counted}); all: sufficiency check {quoted(model)}{named}")
