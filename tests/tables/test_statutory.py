"""Statutory thresholds, each worked by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sufficiency.tables.statutory import statutory_flags

SETTINGS = pd.DataFrame(
    [
        {"setting": "SP", "type": "special_school", "school": "", "recouped": False},
        {"setting": "SAT", "type": "special_school", "school": "SP", "recouped": False},
        {"setting": "AC", "type": "special_school", "school": "", "recouped": True},
        {"setting": "NEW", "type": "special_free_school", "school": "", "recouped": False},
        {"setting": "M", "type": "resource_base", "school": "", "recouped": False},
        {"setting": "B", "type": "resource_base", "school": "", "recouped": False},
    ]
)
PLACES = pd.DataFrame(
    [
        {"line": "S1", "setting": "SP", "needs": ("SLD",), "from_year": 2025, "places": 100.0},
        {"line": "S2", "setting": "SAT", "needs": ("SLD",), "from_year": 2025, "places": 50.0},
        {"line": "A1", "setting": "AC", "needs": ("SLD",), "from_year": 2025, "places": 300.0},
        {"line": "B1", "setting": "B", "needs": ("ASD",), "from_year": 2025, "places": 12.0},
    ]
)
TABLES: Any = SimpleNamespace(settings=SETTINGS, places=PLACES)


def option(**given: Any) -> Any:
    return SimpleNamespace(**({"option": "O", "line": "", "closes_line": "", "needs": (), "places": 0.0} | given))


@pytest.mark.parametrize(
    ("places", "trips"),
    [(14.0, False), (15.0, True)],  # 10 % of the school's 150 places, its satellite's among them
)
def test_a_special_school_may_grow_by_less_than_a_tenth(places: float, trips: bool) -> None:
    flags = statutory_flags(TABLES, option(setting="SP", line="S1", places=places), 2027)
    assert bool(flags) == trips
    if flags:
        assert flags[0].words == (
            "+15 on 150 places within 5 years (10 % or 20 pupils): prescribed alteration; "
            "significant change if an academy"
        )


def test_twenty_pupils_are_enough_where_a_tenth_is_more() -> None:
    flags = statutory_flags(TABLES, option(setting="AC", line="A1", places=20.0), 2027)
    assert [flag.words for flag in flags] == [
        "+20 on 300 places within 5 years (10 % or 20 pupils): significant change"
    ]
    assert not statutory_flags(TABLES, option(setting="AC", line="A1", places=19.0), 2027)


def test_increases_of_five_years_add_up() -> None:
    one, other = option(setting="SP", line="S1", places=8.0), option(option="P", setting="SAT", line="S2", places=8.0)
    assert not statutory_flags(TABLES, one, 2031)
    assert statutory_flags(TABLES, one, 2031, ((other, 2027), (one, 2031)))
    assert not statutory_flags(TABLES, one, 2032, ((other, 2027), (one, 2032)))


def test_need_new_provision_and_new_schools() -> None:
    changed = statutory_flags(TABLES, option(setting="SP", needs=("SEMH", "SLD"), places=5.0), 2027)
    assert [flag.words.split(":")[0] for flag in changed] == ["change of type of need (SEMH)"]
    new = statutory_flags(TABLES, option(setting="NEW", needs=("ASD",), places=60.0), 2028)
    assert [flag.kind for flag in new] == ["new school"]
    base = statutory_flags(TABLES, option(setting="M", needs=("ASD",), places=12.0), 2027)
    assert [flag.kind for flag in base] == ["alteration"]
    assert not statutory_flags(TABLES, option(setting="B", line="B1", places=4.0), 2027)
    closed = statutory_flags(TABLES, option(setting="B", closes_line="B1"), 2027)
    assert closed[0].words.startswith("closes provision")
