"""What a message makes of the strings of a file."""

from __future__ import annotations

from sufficiency.problems import did_you_mean


def test_names_listed_show_no_control_characters() -> None:
    assert did_you_mean("west", ["0\n0", "x\x1b[31m", "y" * 80]) == f"use one of: 0�0, x�[31m, {'y' * 59}…"
