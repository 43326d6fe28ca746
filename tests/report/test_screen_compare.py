"""How the screen of a comparison prints pounds."""

from __future__ import annotations

from typing import Any

from sufficiency.report.screens.compare import _millions


def _summary_of(*pounds: float | None) -> dict[str, Any]:
    first, *others = pounds
    return {"scenarios": [{"unmitigated": {"dsg": first}, "figures": {"dsg": one}} for one in others]}


def test_a_tenth_of_a_million_is_shown_where_sums_are_small() -> None:
    # a small council: a scenario that saves £0.3m of £26m is not to look like the plan
    words = _millions(_summary_of(29e6, 26.35e6, None), "dsg")
    assert (words(26.06e6), words(-0.04e6), words(-2.36e6)) == ("£26.1m", "£0.0m", "−£2.4m")


def test_whole_millions_are_shown_where_one_reaches_a_hundred() -> None:
    words = _millions(_summary_of(834.4e6, 57.6e6), "dsg")
    assert (words(57.6e6), words(-0.4e6)) == ("£58m", "£0m")
